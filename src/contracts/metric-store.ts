/**
 * Where metrics are kept: values of the last hours in tens of seconds, older ones in coarser steps, and nothing beyond
 * that. Bounded in series and rows; what is kept survives a restart but for the last seconds. Losing metrics loses no
 * request and no record. But capacity follows them: without its metric a policy neither adds nor takes copies, and an
 * alarm has no data.
 *
 * When there is no room for a further metric, what was written longest ago goes, and nothing that was written within the
 * last hour; metrics in callers' own namespaces have half of the room, and always give way to Stowage's.
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

/** Metrics of the callers' own namespaces of one account. */
export const callersMetricsMax = 20_000;

export interface MetricPeriod {
  /** Its beginning, wall clock milliseconds, a multiple of the period. */
  readonly at: number;
  readonly values: Distribution;
}

export interface MetricListQuery {
  readonly scope: Scope;
  readonly namespace?: string;
  readonly metricName?: string;
  /** Only those after this one in the order of keys. */
  readonly after?: MetricIdentity;
  /** At most so many, the first of them. */
  readonly countMax?: number;
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
  /** How many more metrics an account may have in namespaces of its own. */
  room(account: string, now: number): number;
  /** What was put is on the disk, as far as there is one. */
  flush(): void;
  close(): void;
}
