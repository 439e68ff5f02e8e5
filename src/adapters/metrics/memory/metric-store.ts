/**
 * Metrics in memory, each resolution by itself: for tests and simulations, and where a server has no folder. Time is
 * that of the newest point.
 */
import {
  type KnownMetric,
  type MetricListQuery,
  type MetricPeriod,
  metricResolutions,
  type MetricStore,
} from '../../../contracts/metric-store.js';
import {
  addDistributions,
  type Distribution,
  type MetricIdentity,
  metricKey,
  type MetricPoint,
  type MetricUnit,
} from '../../../domain/metric.js';
import { sameScope } from '../../../domain/scope.js';

/** Metrics kept at once; values of further ones are dropped. */
const seriesMax = 100_000;
/** Points that are older than this are dropped, and metrics that were not written for so long are not listed, milliseconds. */
const lateMsMax = 14 * 86_400_000;

interface Series {
  readonly metric: MetricIdentity;
  readonly unit: MetricUnit;
  lastAt: number;
  /** By resolution, as in `metricResolutions`: by the period's beginning. */
  readonly periods: readonly Map<number, Distribution>[];
}

export function createMemoryMetricStore(): MetricStore {
  return new MemoryMetricStore();
}

class MemoryMetricStore implements MetricStore {
  private readonly series = new Map<string, Series>();
  private newestAt = -Infinity;

  put(points: readonly MetricPoint[]): void {
    for (const point of points) this.add(point);
  }

  read(metric: MetricIdentity, from: number, to: number, periodSeconds: number): readonly MetricPeriod[] {
    const resolution = resolutionOf(periodSeconds);
    const oldest = this.newestAt - metricResolutions[resolution]!.keptSeconds * 1000;
    const periods =
      this.series.get(metricKey(metric))?.periods[resolution] ?? new Map<number, Distribution>();
    const found = new Map<number, Distribution>();
    for (const [at, values] of periods) {
      const begin = Math.floor(at / (periodSeconds * 1000)) * periodSeconds * 1000;
      if (begin < from || begin >= to || at < oldest) continue;
      const before = found.get(begin);
      found.set(begin, before === undefined ? values : addDistributions(before, values));
    }
    return [...found].map(([at, values]) => ({ at, values })).sort((a, b) => a.at - b.at);
  }

  list({ scope, namespace, metricName }: MetricListQuery, now: number): readonly KnownMetric[] {
    return [...this.series]
      .filter(
        ([, { metric, lastAt }]) =>
          sameScope(metric.scope, scope) &&
          (namespace === undefined || metric.namespace === namespace) &&
          (metricName === undefined || metric.metricName === metricName) &&
          lastAt >= now - lateMsMax,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { metric, unit, lastAt }]) => ({ metric, unit, lastAt }));
  }

  find(metric: MetricIdentity): KnownMetric | null {
    const series = this.series.get(metricKey(metric));
    if (series === undefined || series.lastAt < this.newestAt - lateMsMax) return null;
    return { metric: series.metric, unit: series.unit, lastAt: series.lastAt };
  }

  flush(): void {}

  close(): void {}

  private add({ metric, at, unit, values }: MetricPoint): void {
    this.newestAt = Math.max(this.newestAt, at);
    if (at < this.newestAt - lateMsMax) return;
    const key = metricKey(metric);
    let series = this.series.get(key);
    if (series === undefined) {
      if (this.series.size >= seriesMax) return;
      const periods = metricResolutions.map(() => new Map<number, Distribution>());
      this.series.set(key, (series = { metric, unit, lastAt: at, periods }));
    }
    series.lastAt = Math.max(series.lastAt, at);
    for (const [index, { periodSeconds, keptSeconds }] of metricResolutions.entries()) {
      const periodMs = periodSeconds * 1000;
      const begin = Math.floor(at / periodMs) * periodMs;
      const oldest = this.newestAt - keptSeconds * 1000;
      const periods = series.periods[index]!;
      if (begin >= oldest) {
        const before = periods.get(begin);
        periods.set(begin, before === undefined ? values : addDistributions(before, values));
      }
      for (const old of periods.keys()) {
        if (old >= oldest) break;
        periods.delete(old);
      }
    }
  }
}

/** The coarsest one whose periods make up the wished one. */
function resolutionOf(periodSeconds: number): number {
  return metricResolutions.findLastIndex((one) => periodSeconds % one.periodSeconds === 0);
}
