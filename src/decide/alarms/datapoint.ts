/**
 * One number out of what was counted: the statistic of a metric over a period. Metrics are those of CloudWatch's
 * namespace `AWS/SageMaker`; each request is one sample of the counting ones, with the value 0 or 1.
 */
import type { AlarmDefinition } from '../../domain/alarm.js';

/** What was counted in a stretch of time, over whatever the alarm's dimensions name. */
export interface LoadCounts {
  readonly invocations: number;
  readonly errors4xx: number;
  readonly errors5xx: number;
  readonly modelErrors: number;
  readonly noCapacity: number;
  readonly modelLatency: LatencySamples;
  readonly overheadLatency: LatencySamples;
  /** Requests in flight and queued. */
  readonly concurrencyMin: number;
  readonly concurrencyMax: number;
}

export interface LatencySamples {
  readonly count: number;
  readonly sumMicroseconds: number;
  readonly minMicroseconds: number;
  readonly maxMicroseconds: number;
  /** Samples by bucket; `bounds` has the buckets' upper bounds. */
  readonly buckets: readonly number[];
}

/** The metrics that are counted here. */
export const countedMetrics = [
  'Invocations',
  'InvocationsPerInstance',
  'InvocationsPerCopy',
  'Invocation4XXErrors',
  'Invocation5XXErrors',
  'InvocationModelErrors',
  'NoCapacityInvocationFailures',
  'ModelLatency',
  'OverheadLatency',
  'ConcurrentRequestsPerModel',
  'ConcurrentRequestsPerCopy',
] as const;
export type CountedMetric = (typeof countedMetrics)[number];

export type Statistic = Pick<AlarmDefinition, 'statistic' | 'extendedStatistic'>;

/** What a metric is divided by, each ≥ 1. */
export interface Divisors {
  readonly copies: number;
  readonly instances: number;
}

/**
 * The statistic, or null where there is no sample. Latencies in microseconds; percentiles are read off the buckets,
 * at most a bucket's width (25 %) too high. `bounds`: upper bounds of the latency buckets.
 */
export function datapoint(
  metric: CountedMetric,
  statistic: Statistic,
  counts: LoadCounts,
  divisors: Divisors,
  bounds: readonly number[],
): number | null {
  const { invocations } = counts;
  switch (metric) {
    case 'Invocations':
      return ofSamples(statistic, invocations, invocations, 1);
    case 'InvocationsPerInstance':
      return ofSamples(statistic, invocations, invocations, divisors.instances);
    case 'InvocationsPerCopy':
      return ofSamples(statistic, invocations, invocations, divisors.copies);
    case 'Invocation4XXErrors':
      return ofSamples(statistic, counts.errors4xx, invocations, 1);
    case 'Invocation5XXErrors':
      return ofSamples(statistic, counts.errors5xx, invocations, 1);
    case 'InvocationModelErrors':
      return ofSamples(statistic, counts.modelErrors, invocations, 1);
    case 'NoCapacityInvocationFailures':
      return ofSamples(statistic, counts.noCapacity, counts.noCapacity, 1);
    case 'ModelLatency':
      return ofLatency(statistic, counts.modelLatency, bounds);
    case 'OverheadLatency':
      return ofLatency(statistic, counts.overheadLatency, bounds);
    case 'ConcurrentRequestsPerModel':
      return ofConcurrency(statistic, counts, 1);
    case 'ConcurrentRequestsPerCopy':
      return ofConcurrency(statistic, counts, divisors.copies);
    default:
      return metric satisfies never;
  }
}

/** `samples` of which `ones` are 1 and the others 0, all divided by `divisor`. */
function ofSamples(statistic: Statistic, ones: number, samples: number, divisor: number): number | null {
  if (samples === 0) return null;
  switch (statistic.statistic) {
    case 'Sum':
      return ones / divisor;
    case 'SampleCount':
      return samples;
    case 'Average':
      return ones / samples / divisor;
    case 'Minimum':
      return (ones === samples ? 1 : 0) / divisor;
    case 'Maximum':
      return (ones > 0 ? 1 : 0) / divisor;
    case undefined: {
      const rank = rankOf(statistic.extendedStatistic);
      return rank === null ? null : (rank > (samples - ones) / samples ? 1 : 0) / divisor;
    }
    default:
      return statistic.statistic satisfies never;
  }
}

function ofLatency(statistic: Statistic, samples: LatencySamples, bounds: readonly number[]): number | null {
  if (samples.count === 0) return null;
  switch (statistic.statistic) {
    case 'Sum':
      return samples.sumMicroseconds;
    case 'SampleCount':
      return samples.count;
    case 'Average':
      return samples.sumMicroseconds / samples.count;
    case 'Minimum':
      return samples.minMicroseconds;
    case 'Maximum':
      return samples.maxMicroseconds;
    case undefined: {
      const rank = rankOf(statistic.extendedStatistic);
      return rank === null ? null : percentile(samples, rank, bounds);
    }
    default:
      return statistic.statistic satisfies never;
  }
}

function ofConcurrency(statistic: Statistic, counts: LoadCounts, divisor: number): number | null {
  const { concurrencyMin, concurrencyMax } = counts;
  if (statistic.statistic === 'Minimum') return concurrencyMin / divisor;
  if (statistic.statistic === 'Average') return (concurrencyMin + concurrencyMax) / 2 / divisor;
  return statistic.statistic === 'SampleCount' ? 1 : concurrencyMax / divisor;
}

function percentile(samples: LatencySamples, rank: number, bounds: readonly number[]): number {
  let remaining = Math.max(1, Math.ceil(rank * samples.count));
  for (const [index, count] of samples.buckets.entries()) {
    remaining -= count;
    if (remaining <= 0) return Math.min(bounds[index] ?? Infinity, samples.maxMicroseconds);
  }
  return samples.maxMicroseconds;
}

/** `p99.9` as 0.999; null for what is no percentile. */
function rankOf(extended: string | undefined): number | null {
  const match = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(extended ?? '');
  return match === null ? null : Number(match[1]) / 100;
}
