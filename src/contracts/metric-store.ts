/**
 * Where metrics are kept: values of the last hours in tens of seconds, older ones in coarser steps, and nothing beyond
 * that. Bounded in series and rows; what is kept survives a restart but for the last seconds. Losing metrics loses no
 * promise: they are for looking, for alarms and for scaling.
 */
import type { Distribution, MetricIdentity, MetricPoint, MetricUnit } from '../domain/metric.js';
import type { Scope } from '../domain/scope.js';

/** How fine values are kept, and for how long: as CloudWatch's retention. */
export const metricResolutions = [
  { periodSeconds: 10, keptSeconds: 3 * 3600 },
  { periodSeconds: 60, keptSeconds: 15 * 86_400 },
  { periodSeconds: 300, keptSeconds: 63 * 86_400 },
  { periodSeconds: 3600, keptSeconds: 455 * 86_400 },
] as const;

export interface MetricPeriod {
  /** Its beginning, wall clock milliseconds, a multiple of the period. */
  readonly at: number;
  readonly values: Distribution;
}

export interface MetricListQuery {
  readonly scope: Scope;
  readonly namespace?: string;
  readonly metricName?: string;
}

export interface KnownMetric {
  readonly metric: MetricIdentity;
  readonly unit: MetricUnit;
  /** When it was written last, wall clock. */
  readonly lastAt: number;
}

export interface MetricStore {
  /** Adds values; those of one metric and one period are one distribution. Points may come late, by two weeks at most. */
  put(points: readonly MetricPoint[]): void;
  /**
   * What was seen from `from` (inclusive) to `to` (exclusive), in periods that begin at multiples of `periodSeconds`
   * (a multiple of 10); periods without a value are left out, oldest first.
   */
  read(metric: MetricIdentity, from: number, to: number, periodSeconds: number): readonly MetricPeriod[];
  /** Metrics that were written within the last two weeks, in the order of their keys. */
  list(query: MetricListQuery, now: number): readonly KnownMetric[];
  /** One metric; null = it was never written, or not within the last two weeks, or there was no room for it. */
  find(metric: MetricIdentity): KnownMetric | null;
  /** What was put is on the disk, as far as there is one. */
  flush(): void;
  close(): void;
}
