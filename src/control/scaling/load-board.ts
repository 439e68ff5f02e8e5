/**
 * What serving said last of each workload, and what came lately in stretches of ten seconds: what scaling looks at. In
 * memory; after a restart of control nothing is known for a second, and nothing is idle before it has been watched.
 *
 * Reports are dated when they come, by the clock that reads them: serving's own may be set, and is another one.
 *
 * Never: a request that was open before its component was set to zero counted as one that asks for a copy since then.
 */
import {
  latencyBoundsMicroseconds,
  type LoadReport,
  type LoadReports,
  type LoadSeries,
} from '../../contracts/load-reports.js';
import type { LoadPoint } from '../../decide/scaling/slo/situation.js';
import { componentKey, WorkloadKind } from '../../domain/component.js';

/** Length of a point, seconds. */
export const pointSeconds = 10;
/** Points are kept for an hour, milliseconds. */
const pointsMs = 3_600_000;
/** A workload that nothing was said of for so long has nothing open, milliseconds: reports come each second. */
const staleMs = 3_000;
/** Workloads that are remembered; the one that was silent longest goes first. */
const workloadsMax = 20_000;

/** How a workload is now. */
export interface WorkloadLoad {
  readonly inFlight: number;
  readonly queued: number;
  readonly held: number;
  /** Since when nothing is open, wall clock; null = something is, or may be. */
  readonly idleSince: number | null;
  /** Oldest first; the newest may be of a stretch that has not ended. */
  readonly points: readonly LoadPoint[];
  /** The least time that a request took beside its copy's, of those that were counted, milliseconds; null = none was. */
  readonly overheadMs: number | null;
}

interface Entry {
  inFlight: number;
  queued: number;
  held: number;
  reportedAt: number;
  busyAt: number;
  /** Its component was set to zero since: what was open then may have ended. */
  isOutdated: boolean;
  points: LoadPoint[];
  overheadMs: number | null;
  /** First tokens of the newest point, by bucket. */
  firstTokens: number[];
}

export class LoadBoard {
  /** By `componentKey`, the one heard of last at the end. */
  private readonly entries = new Map<string, Entry>();
  readonly close: () => void;

  private readonly startedAt: number;
  private observedSince: number;

  /**
   * `onHeld` is called when requests wait for a workload without copies. `time`: milliseconds since 1970, the same that
   * the board is asked with.
   */
  constructor(
    reports: LoadReports,
    private readonly time: () => number,
    private readonly onHeld: (component: string) => void,
  ) {
    this.startedAt = this.observedSince = time();
    this.close = reports.onReport((report) => this.take(report));
  }

  /** Nothing could be heard until now: silence before counts for nothing. */
  stoodStill(): void {
    this.observedSince = this.time();
  }

  /** It is gone. */
  forget(component: string): void {
    this.entries.delete(component);
  }

  /**
   * It was set to zero: what was open at its last report asks for no copy any more. What still does is in the next report,
   * which comes within a second.
   */
  outdate(component: string): void {
    const entry = this.entries.get(component);
    if (entry !== undefined) entry.isOutdated = true;
  }

  /** `now`: as `time`. */
  of(component: string, now: number): WorkloadLoad {
    const entry = this.entries.get(component);
    if (entry === undefined) {
      return { inFlight: 0, queued: 0, held: 0, idleSince: this.startedAt, points: [], overheadMs: null };
    }
    const { inFlight, queued, held, reportedAt, busyAt, isOutdated, points, overheadMs } = entry;
    dropOld(points, now);
    const isStale = now - Math.max(reportedAt, this.observedSince) > staleMs;
    if (isStale) return { inFlight: 0, queued: 0, held: 0, idleSince: busyAt, points, overheadMs };
    const idleSince = inFlight + queued + held > 0 ? null : busyAt;
    if (isOutdated) return { inFlight: 0, queued: 0, held: 0, idleSince, points, overheadMs };
    return { inFlight, queued, held, idleSince, points, overheadMs };
  }

  private take(report: LoadReport): void {
    const at = this.time();
    for (const series of report.series) this.add(series, at);
    if (this.entries.size <= workloadsMax) return;
    for (const key of this.entries.keys()) {
      if (this.entries.size <= workloadsMax) break;
      this.entries.delete(key);
    }
  }

  private add(series: LoadSeries, at: number): void {
    const { scope, endpoint, variant, component, inFlight, queued, held } = series;
    const key =
      component === null
        ? componentKey({ scope, endpoint, name: variant, kind: WorkloadKind.Variant })
        : componentKey({ scope, endpoint, name: component, kind: WorkloadKind.Component });
    const { points = [], overheadMs = null, firstTokens = [] } = this.entries.get(key) ?? {};
    this.entries.delete(key);
    addPoint(points, firstTokens, series, at);
    this.entries.set(key, {
      inFlight,
      queued,
      held,
      reportedAt: at,
      busyAt: at,
      isOutdated: false,
      points,
      overheadMs: leastOverhead(overheadMs, series),
      firstTokens,
    });
    if (held > 0) this.onHeld(key);
  }
}

/** Times beside the copy's have the wait in them; the least of them has not. */
function leastOverhead(before: number | null, { overheadLatency }: LoadSeries): number | null {
  if (overheadLatency.count === 0) return before;
  const least = overheadLatency.minMicroseconds / 1000;
  return before === null ? least : Math.min(before, least);
}

function addPoint(points: LoadPoint[], firstTokens: number[], series: LoadSeries, at: number): void {
  const end = (Math.floor(at / (pointSeconds * 1000)) + 1) * pointSeconds * 1000;
  const last = points.at(-1);
  const isSame = last?.at === end;
  const before = isSame ? last : { arrivals: 0, promptTokens: 0, generatedTokens: 0, concurrencyMax: 0 };
  if (!isSame) firstTokens.length = 0;
  for (const [bucket, count] of series.firstTokenLatency.buckets.entries()) {
    firstTokens[bucket] = (firstTokens[bucket] ?? 0) + count;
  }
  const point: LoadPoint = {
    at: end,
    arrivals: before.arrivals + series.invocations,
    promptTokens: before.promptTokens + series.promptTokens,
    generatedTokens: before.generatedTokens + series.generatedTokens,
    firstTokenP95Ms: upperMs(firstTokens, 0.95),
    concurrencyMax: Math.max(before.concurrencyMax, series.concurrencyMax),
  };
  if (isSame) points[points.length - 1] = point;
  else points.push(point);
  dropOld(points, at);
}

function dropOld(points: LoadPoint[], now: number): void {
  const kept = points.findIndex(({ at }) => at > now - pointsMs);
  if (kept !== 0) points.splice(0, kept < 0 ? points.length : kept);
}

/** The upper bound of the bucket in which that share of the values is reached, milliseconds; null = there is none. */
function upperMs(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [bucket, count] of counts.entries()) {
    seen += count;
    if (seen < total * share) continue;
    return latencyBoundsMicroseconds[Math.min(bucket, latencyBoundsMicroseconds.length - 1)]! / 1000;
  }
  return null;
}
