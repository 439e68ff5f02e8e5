/**
 * What serving said last of each workload, and what came lately in stretches of ten seconds: what scaling looks at. In
 * memory; after a restart of control nothing is known for a second, and nothing is idle before it has been watched.
 */
import type { LoadReport, LoadReports, LoadSeries } from '../../contracts/load-reports.js';
import type { LoadPoint } from '../../decide/scaling/slo/situation.js';
import { componentKey, WorkloadKind } from '../../domain/component.js';

/** Length of a point, seconds. */
export const pointSeconds = 10;
/** Points kept of each workload: an hour. */
const pointsMax = 360;
/** A workload that nothing was said of for so long has nothing open, milliseconds: reports come each second. */
const staleMs = 3_000;
/** Workloads that are remembered; the one that was silent longest goes first. */
const workloadsMax = 20_000;

/** How a workload is now. */
export interface WorkloadLoad {
  readonly inFlight: number;
  readonly queued: number;
  readonly held: number;
  /** Since when nothing is open, wall clock; null = something is. */
  readonly idleSince: number | null;
  /** Oldest first; the newest may be of a stretch that has not ended. */
  readonly points: readonly LoadPoint[];
}

interface Entry {
  inFlight: number;
  queued: number;
  held: number;
  reportedAt: number;
  busyAt: number;
  points: LoadPoint[];
}

export class LoadBoard {
  /** By `componentKey`, the one heard of last at the end. */
  private readonly entries = new Map<string, Entry>();
  readonly close: () => void;

  /** `onHeld` is called when requests wait for a workload without copies. `startedAt`: wall clock. */
  constructor(
    reports: LoadReports,
    private readonly startedAt: number,
    private readonly onHeld: (component: string) => void,
  ) {
    this.close = reports.onReport((report) => this.take(report));
  }

  /** `now`: wall clock. */
  of(component: string, now: number): WorkloadLoad {
    const entry = this.entries.get(component);
    if (entry === undefined) {
      return { inFlight: 0, queued: 0, held: 0, idleSince: this.startedAt, points: [] };
    }
    const { inFlight, queued, held, reportedAt, busyAt, points } = entry;
    const isStale = now - reportedAt > staleMs;
    if (isStale) return { inFlight: 0, queued: 0, held: 0, idleSince: busyAt, points };
    const isOpen = inFlight + queued + held > 0;
    return { inFlight, queued, held, idleSince: isOpen ? null : busyAt, points };
  }

  private take(report: LoadReport): void {
    for (const series of report.series) this.add(series, report.at);
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
    const points = this.entries.get(key)?.points ?? [];
    this.entries.delete(key);
    addPoint(points, series, at);
    this.entries.set(key, { inFlight, queued, held, reportedAt: at, busyAt: at, points });
    if (held > 0) this.onHeld(key);
  }
}

function addPoint(points: LoadPoint[], series: LoadSeries, at: number): void {
  const end = (Math.floor(at / (pointSeconds * 1000)) + 1) * pointSeconds * 1000;
  const last = points.at(-1);
  const isSame = last?.at === end;
  const before = isSame ? last : { arrivals: 0, promptTokens: 0, generatedTokens: 0, concurrencyMax: 0 };
  const point: LoadPoint = {
    at: end,
    arrivals: before.arrivals + series.invocations,
    promptTokens: before.promptTokens + series.promptTokens,
    generatedTokens: before.generatedTokens + series.generatedTokens,
    firstTokenP95Ms: null,
    concurrencyMax: Math.max(before.concurrencyMax, series.concurrencyMax),
  };
  if (isSame) points[points.length - 1] = point;
  else points.push(point);
  if (points.length > pointsMax) points.shift();
}
