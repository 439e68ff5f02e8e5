/**
 * What the policy that holds an objective for the time to first token looks at. It is not a metric against a number but
 * the load that came, the load that waits, what one copy was measured to do, and how long a new one takes.
 */

/** What one copy does, as measured on it; times in milliseconds, rates per second. */
export interface ServiceModel {
  /** Requests computed at once. */
  readonly sequencesMax: number;
  /** Fixed time of a request before its first token: hand-over, template, tokenizing. */
  readonly overheadMs: number;
  /** Prompt tokens computed a second by one copy. */
  readonly promptTokensPerSecond: number;
  /** A step that generates for `n` requests takes `stepMs + n * stepMsPerSequence`. */
  readonly stepMs: number;
  readonly stepMsPerSequence: number;
}

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
}

export interface CapacityWish {
  readonly capacity: number;
  /** A sentence for people. */
  readonly reason: string;
}
