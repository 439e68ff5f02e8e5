/** What a decision about the capacity of one scalable target looks at: its bounds, how it is, and what its policies see. */
import type { NotScaledReason, StepScalingConfiguration, SuspendedState } from '../../domain/scaling.js';
import type { SloSituation } from './slo/situation.js';

export interface ScalingSituation {
  /** Wall clock, milliseconds. */
  readonly now: number;
  readonly min: number;
  readonly max: number;
  readonly suspended: SuspendedState;
  /** Wanted now: copies of a component, instances of a variant. */
  readonly capacity: number;
  /** Of them: those that take requests. */
  readonly ready: number;
  /** Requests that wait because no copy takes any; waking a component needs no policy. */
  readonly held: number;
  /** Since the last request ended, milliseconds; 0 while one is open. Left out: only policies know whether any came. */
  readonly idleMs?: number;
  /** When scaling changed the capacity last, wall clock; null = never. */
  readonly lastOutAt: number | null;
  readonly lastInAt: number | null;
  /** The capacity before it was raised last; left out or null = not known. */
  readonly lastOutFrom?: number | null;
  /** It is being deployed: nothing is scaled now. */
  readonly isUnscalable?: boolean;
  /** It failed: no more of it is asked for before somebody mends it, but less may be. */
  readonly isFailed?: boolean;
  readonly policies: readonly PolicySituation[];
}

/** One policy and what it sees. */
export type PolicySituation = TargetTrackingSituation | StepSituation | SloPolicySituation;

export interface TargetTrackingSituation {
  readonly kind: 'target-tracking';
  readonly name: string;
  readonly targetValue: number;
  /** True when the metric falls in proportion as capacity rises (requests per copy); false: it is taken the same way. */
  readonly isPerCapacity: boolean;
  /** The last whole periods, oldest first; null = nothing was measured. */
  readonly points: readonly (number | null)[];
  /** What took requests while each point was measured, as long as `points`; left out = what does now. */
  readonly capacities?: readonly number[];
  /** A point that is missing says that there was no request; false or left out: it says that nobody knows. */
  readonly isMissingNothing?: boolean;
  readonly periodSeconds: number;
  readonly scaleOutCooldownMs: number;
  readonly scaleInCooldownMs: number;
  readonly isScaleInDisabled: boolean;
  /** It never asks for more; left out = it may. */
  readonly isScaleOutDisabled?: boolean;
  /** Names of the alarms that were made for it. */
  readonly alarms?: { readonly high: string; readonly low: string };
}

export interface StepSituation {
  readonly kind: 'step';
  readonly name: string;
  readonly configuration: StepScalingConfiguration;
  /** Alarms that call this policy and ring. */
  readonly ringing: readonly RingingAlarm[];
  /** Alarms that call it and do not ring now. */
  readonly watching?: readonly WatchedAlarm[];
}

export interface RingingAlarm {
  readonly alarm: string;
  /** When it began to ring, wall clock. */
  readonly since: number;
  readonly threshold: number;
  /** It rings when the value is above the threshold; left out = it does. */
  readonly isAbove?: boolean;
  /** The metric's newest value; null = none. */
  readonly value: number | null;
}

export interface WatchedAlarm {
  readonly alarm: string;
  readonly threshold: number;
  /** It rings when the value is above the threshold; at the threshold too. */
  readonly isAbove: boolean;
  readonly isAtThreshold: boolean;
  readonly value: number | null;
  /** The value rises as capacity falls: it is of one copy, or of one instance. */
  readonly isPerCapacity: boolean;
  /** What took requests while the value was measured; left out = what does now. */
  readonly measuredOn?: number;
}

export interface SloPolicySituation {
  readonly kind: 'slo';
  readonly name: string;
  readonly scaleOutCooldownMs: number;
  readonly scaleInCooldownMs: number;
  readonly isScaleInDisabled: boolean;
  readonly slo: SloSituation;
}

export interface CapacityDecision {
  /** From now on; the same as before = nothing is scaled. */
  readonly capacity: number;
  /** Whose wish it is: a policy’s name, `wake`, `bounds`, `idle`; null when nothing is scaled. */
  readonly policy: string | null;
  /** Why, a sentence for people; also when nothing is scaled. */
  readonly cause: string;
  /** The arithmetic behind it, for people; left out = the cause says all. */
  readonly details?: string;
  /** Why less was done than a policy wished. */
  readonly notScaled: readonly NotScaledReason[];
}

/** What one policy has to say. */
export interface PolicyOpinion {
  readonly kind: PolicySituation['kind'] | 'idle';
  readonly policy: string;
  /** The capacity it wants, which may be what there is; null = it asks for nothing. */
  readonly wish: number | null;
  /** The wish is above what there is. */
  readonly isForMore: boolean;
  /** Target tracking lowers capacity only when no policy of that kind objects. */
  readonly objects: boolean;
  /** With less than so much it would ask for more at once. */
  readonly floor: number;
  /** It lets the last one go only when no request came for so long, and nothing was raised for so long, milliseconds. */
  readonly idleMs: number;
  readonly warmMs: number;
  readonly cause: string;
  readonly details: string;
}
