/**
 * Metrics in memory, each resolution by itself: for tests and simulations, and where a server has no folder. Time is
 * that of the newest point.
 */
import {
  callersMetricsMax,
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
import { MetricRegister } from '../../../domain/metric-register.js';

/** Metrics kept at once; a further one takes the room of the longest silent, or its values are dropped. */
const seriesMaxDefault = 100_000;
/** Points that are older than this are dropped, and metrics that were not written for so long are not listed, milliseconds. */
const lateMsMax = 14 * 86_400_000;

interface Series {
  readonly metric: MetricIdentity;
  readonly unit: MetricUnit;
  lastAt: number;
  /** By resolution, as in `metricResolutions`: by the period's beginning. */
  readonly periods: readonly Map<number, Distribution>[];
}

export interface MemoryMetricStoreParts {
  readonly seriesMax?: number;
  readonly seriesPerAccountMax?: number;
}

export function createMemoryMetricStore(parts: MemoryMetricStoreParts = {}): MetricStore {
  return new MemoryMetricStore(parts);
}

class MemoryMetricStore implements MetricStore {
  private readonly series: MetricRegister<Series>;
  private newestAt = -Infinity;

  constructor(parts: MemoryMetricStoreParts) {
    const { seriesMax: max = seriesMaxDefault, seriesPerAccountMax: perAccountMax = callersMetricsMax } =
      parts;
    this.series = new MetricRegister({ max, perAccountMax });
  }

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

  list({ after, countMax = Infinity, ...query }: MetricListQuery, now: number): readonly KnownMetric[] {
    const found: KnownMetric[] = [];
    if (countMax <= 0) return found;
    const walk = { ...query, after: after === undefined ? undefined : metricKey(after) };
    for (const [, { metric, unit, lastAt }] of this.series.walk(walk)) {
      if (lastAt >= now - lateMsMax && found.push({ metric, unit, lastAt }) >= countMax) break;
    }
    return found;
  }

  room(account: string, now: number): number {
    return this.series.roomOf(account, now);
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
      if (this.series.makeRoom(metric, this.newestAt) === null) return;
      const periods = metricResolutions.map(() => new Map<number, Distribution>());
      this.series.add(key, (series = { metric, unit, lastAt: at, periods }));
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
