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
}

export interface LoadReport {
  /** Wall clock at its end, milliseconds. */
  readonly at: number;
  readonly series: readonly LoadSeries[];
}

export interface LoadReports {
  /** Calls back for each report; the result unsubscribes. */
  onReport(listener: (report: LoadReport) => void): () => void;
}
