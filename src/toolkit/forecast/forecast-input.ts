/**
 * What a forecast is made from: requests, components with their measured speed, instances, and the rules by which both
 * scale. Plain data: whoever has a configuration, a bench or a test writes it. Times in milliseconds since the
 * beginning of the trace.
 */
import type { PlacementRequirement } from '../../decide/placement/placement.js';
import type { ManagedScaling } from '../../decide/scaling/instances/situation.js';
import type { RoutingStrategy } from '../../domain/component.js';
import type { InstanceCapacity } from '../../domain/instance.js';
import type { ServiceProfile } from '../../domain/service-profile.js';

/** One request of a trace, given to a component. */
export interface ForecastRequest {
  readonly atMs: number;
  /** Index into `components`. */
  readonly component: number;
  /** ≥ 0. */
  readonly promptTokens: number;
  /** ≥ 0; a request for none still gets its first token. */
  readonly outputTokens: number;
  /** Prompt tokens that were found computed, as a log says; null = it follows from `prefixBlocks`. */
  readonly cachedTokens: number | null;
  /** Names of the prompt's blocks of `prefixBlockTokens`, from its beginning; null = nothing is known. */
  readonly prefixBlocks: readonly number[] | null;
}

/** Tokens of a block in `prefixBlocks`, as in Mooncake's traces. */
export const prefixBlockTokens = 512;

/** Follows the concurrent requests of a copy, as target tracking by the predefined metric does. */
export interface ForecastTargetTracking {
  readonly kind: 'target-tracking';
  readonly name: string;
  /** `concurrency`: requests open per copy, tens of seconds; `invocations`: requests a minute per copy. */
  readonly metric: 'concurrency' | 'invocations';
  readonly targetValue: number;
  readonly scaleOutCooldownMs: number;
  readonly scaleInCooldownMs: number;
  readonly isScaleInDisabled: boolean;
}

/** Holds an objective for the time to first token. */
export interface ForecastObjective {
  readonly kind: 'slo';
  readonly name: string;
  /** This share of the requests, (0, 1) … */
  readonly share: number;
  /** … has its first token within so many milliseconds. */
  readonly firstTokenMs: number;
  readonly scaleOutCooldownMs: number;
  readonly scaleInCooldownMs: number;
  readonly isScaleInDisabled: boolean;
}

export type ForecastScaling = ForecastTargetTracking | ForecastObjective;

/** Limits that a component's options set on what waits and what is computed. */
export interface ForecastLimits {
  /** Requests that may wait. */
  readonly jobQueueLengthMax: number;
  readonly queueSecondsMax: number;
  readonly predictSecondsMax: number;
  /** Rows of a step, 0 counts as 1. */
  readonly stepTokensMax: number;
  /** A step's time beside answers, milliseconds; 0 = chosen from what was measured. */
  readonly stepMsTarget: number;
}

export interface ForecastComponent {
  readonly name: string;
  /** `key` of the instances it is placed on. */
  readonly pool: string;
  readonly requirements: readonly PlacementRequirement[];
  readonly placement: 'SPREAD' | 'BINPACK';
  readonly zoneBalance: { readonly maxImbalance: number } | null;
  readonly routing: RoutingStrategy;
  /** Of PREFIX_AWARE: a copy with so many requests in flight gets no more while another has fewer. */
  readonly concurrencyThreshold: number;
  readonly copies: { readonly min: number; readonly max: number; readonly initial: number };
  /** Requests that find no copy bring one; false: they are held only while copies are wanted, and refused otherwise. */
  readonly wakes: boolean;
  /** Requests that find no copy are refused, whether or not one is to come: `zero_capacity: refuse`. */
  readonly refusesAtZero?: boolean;
  readonly scaling: readonly ForecastScaling[];
  readonly limits: ForecastLimits;
  readonly profile: ServiceProfile;
  /** 0..100; when room is short, copies of a lower one go first. */
  readonly priority: number;
}

/** A type of instances, in the order in which they are wanted. */
export interface ForecastInstanceType {
  readonly name: string;
  readonly capacity: InstanceCapacity;
  readonly zones: readonly string[];
  /** US dollars. */
  readonly pricePerHour: number;
  readonly countMax: number;
}

/** The instances of one variant. */
export interface ForecastPool {
  readonly key: string;
  /** Of the highest priority first; at least one. */
  readonly types: readonly ForecastInstanceType[];
  readonly initial: number;
  /** From asking for an instance to the moment when copies can start on it. */
  readonly instanceStartMs: number;
  /** Null: there are always as many as at the beginning. */
  readonly managed: ManagedScaling | null;
  /**
   * True: all instances, those of other such pools too, are slices of one machine, and copies that compute at the same time slow each other down
   * whichever instance they are on. False: only those on the same accelerator do.
   */
  readonly isOneMachine: boolean;
  /** With `isOneMachine`: that machine is not the one of the other such pools of the input. */
  readonly isMachineOfItsOwn?: boolean;
  /** Weights are on the machine's disk before the first copy starts; false: a new instance must fetch them. */
  readonly hasFiles: boolean;
}

export interface ForecastInput {
  /** By rising `atMs`. */
  readonly requests: readonly ForecastRequest[];
  readonly components: readonly ForecastComponent[];
  readonly pools: readonly ForecastPool[];
  /** What is counted ends here; at least 1. */
  readonly durationMs: number;
  /** Same seed, same forecast. */
  readonly seed: number;
}
