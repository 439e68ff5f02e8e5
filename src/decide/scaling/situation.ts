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
  /** When scaling changed the capacity last, wall clock; null = never. */
  readonly lastOutAt: number | null;
  readonly lastInAt: number | null;
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
  readonly periodSeconds: number;
  readonly scaleOutCooldownMs: number;
  readonly scaleInCooldownMs: number;
  readonly isScaleInDisabled: boolean;
}

export interface StepSituation {
  readonly kind: 'step';
  readonly name: string;
  readonly configuration: StepScalingConfiguration;
  /** Alarms that call this policy and ring. */
  readonly ringing: readonly {
    readonly alarm: string;
    /** When it began to ring, wall clock. */
    readonly since: number;
    readonly threshold: number;
    /** The metric's newest value; null = none. */
    readonly value: number | null;
  }[];
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
  /** Whose wish it is: a policy’s name, `wake`, `bounds`; null when nothing is scaled. */
  readonly policy: string | null;
  /** Why, a sentence for people; also when nothing is scaled. */
  readonly cause: string;
  /** Why less was done than a policy wished. */
  readonly notScaled: readonly NotScaledReason[];
}
