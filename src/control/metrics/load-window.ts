/**
 * What serving counted lately, in buckets of ten seconds, for as long as an alarm may look back. In memory: a control
 * plane that restarts begins to count anew, and its alarms keep their states meanwhile.
 */
import type { LatencyCounts, LoadReport, LoadSeries } from '../../contracts/load-reports.js';
import type { LoadCounts } from '../../decide/alarms/datapoint.js';
import { type Scope, scopeKey } from '../../domain/scope.js';

/** Length of a bucket, milliseconds. */
export const bucketMs = 10_000;
/** How far back anybody may look, milliseconds: three hours. */
export const windowMs = 3 * 3600 * 1000;
/** Series kept at once; the one that was silent longest goes first. */
const seriesMax = 20_000;
/** Buckets kept of all series together, about: with many series each reaches back less far. */
const bucketsMax = 400_000;
/** Buckets that each series may have in any case. */
const seriesBucketsMin = 36;
/** Buckets further ahead are of a clock that was set back, milliseconds. */
const aheadMsMax = 60_000;

const noLatency: LatencyCounts = {
  count: 0,
  sumMicroseconds: 0,
  minMicroseconds: Infinity,
  maxMicroseconds: 0,
  buckets: [],
};

export const noLoad: LoadCounts = {
  invocations: 0,
  errors4xx: 0,
  errors5xx: 0,
  modelErrors: 0,
  noCapacity: 0,
  modelLatency: noLatency,
  overheadLatency: noLatency,
  concurrencyMin: 0,
  concurrencyMax: 0,
};

type Buckets = Map<number, LoadCounts>;

export class LoadWindow {
  /** By series key, the one heard of last at the end. */
  private readonly series = new Map<string, Buckets>();

  /** Takes in one report; counts of one moment add up. */
  take(report: LoadReport): void {
    const bucket = Math.floor(report.at / bucketMs);
    for (const one of report.series) {
      this.add(variantKey(one.scope, one.endpoint, one.variant), bucket, one);
      if (one.component !== null) this.add(componentSeriesKey(one.scope, one.component), bucket, one);
    }
  }

  /** What was counted under a key from `from` (inclusive) to `to` (exclusive), wall clock; null = nothing at all. */
  between(key: string, from: number, to: number): LoadCounts | null {
    const buckets = this.series.get(key);
    if (buckets === undefined) return null;
    let sum: LoadCounts | null = null;
    for (let index = Math.floor(from / bucketMs); index * bucketMs < to; index++) {
      const counts = buckets.get(index);
      if (counts !== undefined) sum = sum === null ? counts : added(sum, counts);
    }
    return sum;
  }

  private add(key: string, bucket: number, counts: LoadSeries): void {
    const buckets: Buckets = this.series.get(key) ?? new Map<number, LoadCounts>();
    const before = buckets.get(bucket);
    buckets.set(bucket, before === undefined ? countsOf(counts) : added(before, counts));
    const sizeMax = Math.max(seriesBucketsMin, Math.floor(bucketsMax / (this.series.size + 1)));
    for (const old of buckets.keys()) {
      const isInWindow = old >= bucket - windowMs / bucketMs && old <= bucket + aheadMsMax / bucketMs;
      if (isInWindow && buckets.size <= sizeMax) break; // in order of time: the first that may stay ends it
      buckets.delete(old);
    }
    this.series.delete(key);
    this.series.set(key, buckets);
    if (this.series.size <= seriesMax) return;
    for (const silent of this.series.keys()) {
      this.series.delete(silent);
      return;
    }
  }
}

/** The key of all that a variant answered. */
export function variantKey(scope: Scope, endpoint: string, variant: string): string {
  return `${scopeKey(scope)}/${endpoint}/${variant}`;
}

/** The key of all that an inference component answered. */
export function componentSeriesKey(scope: Scope, component: string): string {
  return `${scopeKey(scope)}//${component}`;
}

function countsOf(series: LoadSeries): LoadCounts {
  return added(noLoad, series);
}

function added(a: LoadCounts, b: LoadCounts): LoadCounts {
  return {
    invocations: a.invocations + b.invocations,
    errors4xx: a.errors4xx + b.errors4xx,
    errors5xx: a.errors5xx + b.errors5xx,
    modelErrors: a.modelErrors + b.modelErrors,
    noCapacity: a.noCapacity + b.noCapacity,
    modelLatency: addedLatency(a.modelLatency, b.modelLatency),
    overheadLatency: addedLatency(a.overheadLatency, b.overheadLatency),
    concurrencyMin: a === noLoad ? b.concurrencyMin : Math.min(a.concurrencyMin, b.concurrencyMin),
    concurrencyMax: Math.max(a.concurrencyMax, b.concurrencyMax),
  };
}

function addedLatency(a: LatencyCounts, b: LatencyCounts): LatencyCounts {
  if (b.count === 0) return a;
  const length = Math.max(a.buckets.length, b.buckets.length);
  return {
    count: a.count + b.count,
    sumMicroseconds: a.sumMicroseconds + b.sumMicroseconds,
    minMicroseconds: Math.min(a.count === 0 ? Infinity : a.minMicroseconds, b.minMicroseconds),
    maxMicroseconds: Math.max(a.maxMicroseconds, b.maxMicroseconds),
    buckets: Array.from({ length }, (_, index) => (a.buckets[index] ?? 0) + (b.buckets[index] ?? 0)),
  };
}
