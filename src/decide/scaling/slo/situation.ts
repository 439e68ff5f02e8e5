/**
 * What the policy that holds an objective for the time to first token looks at. It is not a metric against a number but
 * the load that came, the load that waits, what one copy was measured to do, and how long a new one takes.
 */
import type { ServiceModel } from '../../../domain/service-profile.js';

/** What came in one stretch of time. */
export interface LoadPoint {
  /** Its end, wall clock. */
  readonly at: number;
  readonly arrivals: number;
  readonly promptTokens: number;
  readonly generatedTokens: number;
  /** Of the answers that began in it; null = none did. */
  readonly firstTokenP95Ms: number | null;
  readonly concurrencyMax: number;
}

export interface SloSituation {
  readonly now: number;
  readonly min: number;
  readonly max: number;
  readonly copies: number;
  readonly ready: number;
  /** Objective: this share of the requests, (0, 1), has its first token within so many milliseconds. */
  readonly share: number;
  readonly firstTokenMs: number;
  /** Oldest first, one for each `pointSeconds`, at most an hour. */
  readonly points: readonly LoadPoint[];
  readonly pointSeconds: number;
  readonly inFlight: number;
  readonly queued: number;
  readonly held: number;
  readonly service: ServiceModel;
  /** From the decision to the first request served by a new copy. */
  readonly coldStartMs: number;
  /** Since the last request ended; 0 while one is open. */
  readonly idleMs: number;
  /**
   * What an idle copy costs, as a part (0..1) of what its start costs in the same time: 1 = an accelerator is kept for
   * it alone; 0 = nobody else wants the memory that it holds. Absent = 1.
   */
  readonly idleCostShare?: number;
}

export interface CapacityWish {
  readonly capacity: number;
  /** A sentence for people. */
  readonly reason: string;
}
