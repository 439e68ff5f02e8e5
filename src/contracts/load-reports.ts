/**
 * What serving counted since its last report, for alarms and scaling: one report a second while there is anything to
 * say. Counts are differences, so that a lost report loses a second and nothing else.
 */
import type { Scope } from '../domain/scope.js';

/** Upper bounds of latency buckets, microseconds: 1.25 times the one before, from 100 µs; the last is open. */
export const latencyBoundsMicroseconds: readonly number[] = Array.from({ length: 72 }, (_, index) =>
  Math.round(100 * 1.25 ** index),
);

export interface LatencyCounts {
  readonly count: number;
  readonly sumMicroseconds: number;
  readonly minMicroseconds: number;
  readonly maxMicroseconds: number;
  /** By bucket of `latencyBoundsMicroseconds`, one more for what is above the last; trailing zeros left out. */
  readonly buckets: readonly number[];
  /** The same values finer: microseconds by `binOf`, bins in rising order; absent = the buckets are all that is known. */
  readonly bins?: readonly (readonly [bin: number, count: number])[];
}

/** What the requests of one key came to. */
export interface CallerLoad {
  readonly account: string;
  /** The key's public id. */
  readonly key: string;
  /** Requests that ended. */
  readonly requests: number;
  /** Tokens of those that ended. */
  readonly promptTokens: number;
  readonly generatedTokens: number;
  /** Time that copies had requests of it, added up over the requests, milliseconds. */
  readonly copyMs: number;
}

/** One variant, or one inference component on it. */
export interface LoadSeries {
  readonly scope: Scope;
  readonly endpoint: string;
  readonly variant: string;
  /** The inference component's name; null = a variant's own model. */
  readonly component: string | null;
  readonly invocations: number;
  /** Answers by status, of every dialect; model errors are those whose fault is the model's. */
  readonly errors4xx: number;
  readonly errors5xx: number;
  readonly modelErrors: number;
  /** Refused because there was no copy. */
  readonly noCapacity: number;
  /** From the hand-over to a copy to the end of the answer; and the rest of the request's time. */
  readonly modelLatency: LatencyCounts;
  readonly overheadLatency: LatencyCounts;
  /** Requests in flight and queued, least and most since the last report. */
  readonly concurrencyMin: number;
  readonly concurrencyMax: number;
  /** At the end: requests that copies have, that wait for room in one, and that wait because no copy takes any. */
  readonly inFlight: number;
  readonly queued: number;
  readonly held: number;
  /** Of the requests that ended: their tokens, and of the prompts those that were cached. */
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly generatedTokens: number;
  /** From a request's arrival to its first token. */
  readonly firstTokenLatency: LatencyCounts;
  /** By key; one that did nothing is left out. At most `callersMax`, the rest together under an empty key. */
  readonly callers: readonly CallerLoad[];
}

/** Keys told apart in one series. */
export const callersMax = 1_000;

export interface LoadReport {
  /** Wall clock at its end, milliseconds. */
  readonly at: number;
  readonly series: readonly LoadSeries[];
  /** It came between two, because requests began to wait for a component without a copy. */
  readonly isUrgent?: boolean;
}

export interface LoadReports {
  /** Calls back for each report; the result unsubscribes. */
  onReport(listener: (report: LoadReport) => void): () => void;
}
