/** What a run of load measured, from the records of its calls. Pure. */
import { distributionOf } from './statistics.js';
import type { Distribution } from './statistics.js';

/** One call as it went. Milliseconds; times are measured from one fixed moment. */
export interface CallRecord {
  readonly startedAt: number;
  readonly endedAt: number;
  /** When each piece of the answer arrived, ascending; empty when none did. */
  readonly arrivals: readonly number[];
  readonly promptTokens: number | null;
  /** Tokens of the answer: what the server counted, or the number of pieces. */
  readonly outputTokens: number;
  /** Short and closed, fit to count by: an error code, `HTTP 503`, `ECONNRESET`; null = completed. */
  readonly failure: string | null;
}

export interface LoadReport {
  readonly requests: {
    readonly completed: number;
    readonly failed: number;
    /** Of the failed ones, how many by each reason, most frequent first. */
    readonly failures: Readonly<Record<string, number>>;
    /** Arrivals of a trace that were not sent because too many calls were open. */
    readonly skipped: number;
  };
  /** From the first call's start to the last one's end. */
  readonly seconds: number;
  readonly requestsPerSecond: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly outputTokensPerSecond: number;
  /** Milliseconds, of completed calls; null when nothing was measured. */
  readonly timeToFirstTokenMs: Distribution | null;
  /** Milliseconds between two arrivals of one answer. */
  readonly interTokenMs: Distribution | null;
  /** Milliseconds per token after the first, one value per call. */
  readonly timePerOutputTokenMs: Distribution | null;
  readonly latencyMs: Distribution | null;
}

/** Adds up the records of one run. Failed calls count as failures only; their tokens are not throughput. */
export function reportOf(records: readonly CallRecord[], skipped = 0): LoadReport {
  const completed = records.filter((record) => record.failure === null);
  const startedAt = records.reduce((least, record) => Math.min(least, record.startedAt), Infinity);
  const endedAt = records.reduce((most, record) => Math.max(most, record.endedAt), -Infinity);
  const seconds = records.length === 0 ? 0 : (endedAt - startedAt) / 1000;
  const outputTokens = completed.reduce((sum, record) => sum + record.outputTokens, 0);
  return {
    requests: {
      completed: completed.length,
      failed: records.length - completed.length,
      failures: countByFailure(records),
      skipped,
    },
    seconds,
    requestsPerSecond: perSecond(completed.length, seconds),
    promptTokens: completed.reduce((sum, record) => sum + (record.promptTokens ?? 0), 0),
    outputTokens,
    outputTokensPerSecond: perSecond(outputTokens, seconds),
    timeToFirstTokenMs: distributionOf(completed.flatMap(timeToFirstToken)),
    interTokenMs: distributionOf(completed.flatMap(gaps)),
    timePerOutputTokenMs: distributionOf(completed.flatMap(timePerOutputToken)),
    latencyMs: distributionOf(completed.map((record) => record.endedAt - record.startedAt)),
  };
}

function countByFailure(records: readonly CallRecord[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { failure } of records) {
    if (failure !== null) counts.set(failure, (counts.get(failure) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

function timeToFirstToken({ startedAt, arrivals }: CallRecord): number[] {
  const first = arrivals[0];
  return first === undefined ? [] : [first - startedAt];
}

function gaps({ arrivals }: CallRecord): number[] {
  return arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? at));
}

function timePerOutputToken({ arrivals, outputTokens }: CallRecord): number[] {
  const first = arrivals[0];
  const last = arrivals.at(-1);
  if (first === undefined || last === undefined || outputTokens < 2 || arrivals.length < 2) return [];
  return [(last - first) / (outputTokens - 1)];
}

function perSecond(count: number, seconds: number): number {
  return seconds > 0 ? count / seconds : 0;
}
