/**
 * Metrics in a file of their own, and the last hours of them in memory. Values go into tens of seconds; every five
 * minutes they are added up into the coarser periods. Runs of equal periods are one row, so thousands of metrics that
 * stand still cost next to nothing.
 *
 * Writing is spread over time: what changed is written within ten seconds, what only went on within two minutes, a bounded
 * number of metrics each second. A file that cannot be read is put aside and begun anew; one that cannot be written now
 * is written later. No call throws for the file's sake.
 *
 * Never: a value counted twice, also when the process is killed between two writes.
 */
import { renameSync, rmSync } from 'node:fs';
import type { Clock } from '../../../contracts/clock.js';
import {
  callersMetricsMax,
  type KnownMetric,
  type MetricListQuery,
  type MetricPeriod,
  metricResolutions,
  type MetricStore,
} from '../../../contracts/metric-store.js';
import type { Log } from '../../../contracts/telemetry.js';
import {
  addDistributions,
  type Distribution,
  type MetricIdentity,
  metricKey,
  type MetricPoint,
} from '../../../domain/metric.js';
import { MetricRegister } from '../../../domain/metric-register.js';
import { MetricFile } from './metric-file.js';
import { addTo, newSeries, readSeries, type Series, settleSome, storedSeries, trimSeries } from './series.js';
import { runPeriodsMax } from './track.js';

/**
 * Metrics kept at once; a further one takes the room of the longest silent. Where none is silent its values are dropped,
 * and a line of the log says so.
 */
const seriesMaxDefault = 200_000;
/** Rows of the file, about 100 bytes each. */
const rowsMaxDefault = 3_000_000;
/** Runs in memory, of all metrics together; each has a few in any case. */
const runsMax = 400_000;
/** Between two looks at what has to be written, milliseconds. */
const writeMs = 1_000;
/** What changed is written after so long, and what only went on, milliseconds. */
const changedMsMax = 10_000;
const wentOnMsMax = 120_000;
/** Metrics taken out of the file at once because they gave way. */
const dropsMax = 100;
/** Metrics written at once. */
const writesMax = 1_000;
/** Between two looks for what is kept no longer, milliseconds. */
const pruneMs = 60_000;
/** Points that are older than this are dropped; metrics that are silent for so long are not listed, milliseconds. */
const lateMsMax = 14 * 86_400_000;
/** Points may be so far ahead, milliseconds. */
const earlyMsMax = 3 * 3_600_000;

/** How far a run may reach, by resolution, milliseconds. */
const reachMs = metricResolutions.map(({ periodSeconds }) => runPeriodsMax * periodSeconds * 1000);
const keptMsMax = Math.max(...metricResolutions.map(({ keptSeconds }) => keptSeconds * 1000));

export interface SqliteMetricStoreParts {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly seriesMax?: number;
  readonly seriesPerAccountMax?: number;
  readonly rowsMax?: number;
}

export function createSqliteMetricStore(parts: SqliteMetricStoreParts): MetricStore {
  return new SqliteMetricStore(parts);
}

class SqliteMetricStore implements MetricStore {
  private file: MetricFile | null;
  private readonly series: MetricRegister<Series>;
  private readonly known = new WeakMap<MetricIdentity, Series>();
  /** Metrics that have to be written, by when; the longest waiting first. */
  private readonly changed = new Map<Series, number>();
  private readonly wentOn = new Map<Series, number>();
  /** Metrics that gave way to others and that the file still has. */
  private dropped: number[] = [];
  private lastId = 0;
  private prunedAt: number;
  private isFull = false;
  private isFailing = false;
  private stop: () => void = () => undefined;

  constructor(private readonly parts: SqliteMetricStoreParts) {
    this.prunedAt = parts.clock.wallNow();
    const { seriesMax: max = seriesMaxDefault, seriesPerAccountMax: perAccountMax = callersMetricsMax } =
      parts;
    this.series = new MetricRegister({ max, perAccountMax });
    this.file = this.open() ?? this.startAnew();
    this.writeLater();
  }

  put(points: readonly MetricPoint[]): void {
    const now = this.parts.clock.wallNow();
    for (const point of points) {
      if (point.at < now - lateMsMax || point.at > now + earlyMsMax || point.values.count <= 0) continue;
      const series = this.seriesOf(point, now);
      if (series === null) continue;
      const isNews = addTo(series, point.at, point.values, now, this);
      if (isNews && !this.changed.has(series)) this.changed.set(series, now);
      if (!isNews && !this.wentOn.has(series)) this.wentOn.set(series, now);
    }
  }

  read(metric: MetricIdentity, from: number, to: number, periodSeconds: number): readonly MetricPeriod[] {
    const series = this.find_(metric);
    if (series === undefined) return [];
    const resolution = metricResolutions.findLastIndex((one) => periodSeconds % one.periodSeconds === 0);
    const { keptSeconds } = metricResolutions[resolution]!;
    const periodMs = periodSeconds * 1000;
    const oldest = Math.ceil((this.parts.clock.wallNow() - keptSeconds * 1000) / periodMs) * periodMs;
    const found = new Map<number, Distribution>();
    readSeries(series, resolution, Math.max(from, oldest), to, periodMs, this, (at, values) => {
      if (at < from) return;
      const before = found.get(at);
      found.set(at, before === undefined ? values : addDistributions(before, values));
    });
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
    const series = this.find_(metric);
    if (series === undefined || series.lastAt < this.parts.clock.wallNow() - lateMsMax) return null;
    return { metric: series.metric, unit: series.unit, lastAt: series.lastAt };
  }

  flush(): void {
    this.dropSome(Infinity);
    this.write(new Set([...this.changed.keys(), ...this.wentOn.keys()]));
  }

  close(): void {
    this.stop();
    this.flush();
    this.file?.close();
    this.file = null;
  }

  /** Runs of one series as the file has them, with what is yet to be written of it. */
  storedRuns(series: Series, resolution: number, from: number, to: number) {
    this.write(new Set([series]));
    const reach = reachMs[resolution]!;
    return this.guarded((file) => file.runs(series.id, resolution, from - reach, to)) ?? [];
  }

  private find_(metric: MetricIdentity): Series | undefined {
    const known = this.known.get(metric);
    if (known?.isGone === false) return known;
    const found = this.series.get(metricKey(metric));
    if (found !== undefined) this.known.set(metric, found);
    return found;
  }

  private seriesOf({ metric, unit, at }: MetricPoint, now: number): Series | null {
    const known = this.find_(metric);
    if (known !== undefined) return known;
    const gone = this.series.makeRoom(metric, now);
    for (const one of gone ?? []) {
      this.forget(one);
      if (one.isStored) this.dropped.push(one.id);
    }
    if (gone === null) {
      if (!this.isFull) {
        this.parts.log.warn(
          { metrics: this.series.size },
          'there is no room for further metrics; they are dropped',
        );
      }
      this.isFull = true;
      return null;
    }
    const series = newSeries(++this.lastId, metric, unit, at);
    this.series.add(metricKey(metric), series);
    this.known.set(metric, series);
    return series;
  }

  private forget(series: Series): void {
    series.isGone = true;
    this.changed.delete(series);
    this.wentOn.delete(series);
  }

  /** Takes what gave way out of the file: as much of it at once as holds nobody up. */
  private dropSome(countMax: number): void {
    const now = this.dropped.slice(0, countMax);
    if (now.length === 0) return;
    const isDone = this.guarded((file) => {
      file.dropSeries(now);
      return true;
    });
    if (isDone === true) this.dropped = this.dropped.slice(now.length);
  }

  private open(): MetricFile | null {
    const { path, log } = this.parts;
    try {
      const file = new MetricFile(path);
      this.restore(file);
      return file;
    } catch (err) {
      log.warn({ err, path }, 'the file of metrics cannot be read; it is put aside and begun anew');
      this.series.clear();
      return null;
    }
  }

  private restore(file: MetricFile): void {
    const byId = new Map<number, Series>();
    for (const row of file.series()) {
      const series = storedSeries(row);
      this.series.add(row.key, series);
      byId.set(row.id, series);
      this.lastId = Math.max(this.lastId, row.id);
    }
    for (const { series, at, periods, values } of file.openRuns(reachMs[0]!)) {
      byId.get(series)?.tracks[0]!.restore(at, periods, values);
    }
  }

  /** An empty file, with all that is in memory to be written; null when not even that can be made. */
  private startAnew(): MetricFile | null {
    const { path, log } = this.parts;
    try {
      for (const end of ['', '-wal', '-shm']) rmSync(`${path}.broken${end}`, { force: true });
      for (const end of ['', '-wal', '-shm']) moveAside(`${path}${end}`, `${path}.broken${end}`);
      const file = new MetricFile(path);
      const now = this.parts.clock.wallNow();
      this.dropped = [];
      for (const [, series] of this.series.all()) {
        series.isStored = false;
        for (const track of series.tracks) track.forgetFile();
        this.changed.set(series, now);
      }
      return file;
    } catch (err) {
      log.error({ err, path }, 'no file of metrics can be made; metrics are kept in memory only');
      return null;
    }
  }

  private writeLater(): void {
    this.stop = this.parts.clock.after(writeMs, () => {
      this.writeSome();
      this.writeLater();
    });
  }

  private writeSome(): void {
    const now = this.parts.clock.wallNow();
    const due = new Set<Series>();
    for (const [waiting, msMax] of [
      [this.changed, changedMsMax],
      [this.wentOn, wentOnMsMax],
    ] as const) {
      for (const [series, since] of waiting) {
        if (due.size >= writesMax || (since > now - msMax && since <= now)) break;
        due.add(series);
      }
    }
    this.dropSome(dropsMax);
    if (due.size > 0) this.write(due);
    if (now - this.prunedAt >= pruneMs || now < this.prunedAt) this.prune(now);
  }

  private write(all: ReadonlySet<Series>): void {
    const due = [...all].filter((series) => this.changed.has(series) || this.wentOn.has(series));
    if (due.length === 0) return;
    const now = this.parts.clock.wallNow();
    const isWritten = this.guarded((file) => {
      file.atOnce(() => due.forEach((series) => writeSeries(file, series)));
      return true;
    });
    const countMax = Math.max(12, Math.floor(runsMax / this.series.size));
    for (const series of due) {
      this.changed.delete(series);
      this.wentOn.delete(series);
      if (isWritten !== true) this.changed.set(series, now);
      else {
        series.isStored = true;
        for (const track of series.tracks) track.written();
      }
      trimSeries(series, countMax, now);
    }
  }

  private prune(now: number): void {
    this.prunedAt = now;
    this.isFull = false;
    const silentSince = now - keptMsMax;
    for (const series of settleSome(this.series.all(), now, this)) this.changed.set(series, now);
    for (const [key, series] of this.series.all()) {
      if (series.lastAt >= silentSince) continue;
      this.series.delete(key);
      this.forget(series);
    }
    this.guarded((file) => {
      file.prune(now, reachMs, this.parts.rowsMax ?? rowsMaxDefault);
      file.dropSilent(silentSince);
    });
  }

  /** What the file gives, or null when it cannot be used now. A broken one is begun anew. */
  private guarded<Result>(use: (file: MetricFile) => Result): Result | null {
    if (this.file === null) return null;
    try {
      const result = use(this.file);
      this.isFailing = false;
      return result;
    } catch (err) {
      const { code } = err as { code?: unknown };
      const isBroken = typeof code === 'string' && /CORRUPT|NOTADB/.test(code);
      if (!this.isFailing || isBroken) {
        this.parts.log.warn(
          { err, path: this.parts.path },
          'metrics could not be written or read; it is tried again',
        );
      }
      this.isFailing = true;
      if (isBroken) {
        this.file.close();
        this.file = this.startAnew();
      }
      return null;
    }
  }
}

function writeSeries(file: MetricFile, series: Series): void {
  const { id, metric, unit, lastAt, rolledTo, isStored } = series;
  if (isStored) file.changeSeries(id, lastAt, rolledTo);
  else file.putSeries({ id, key: metricKey(metric), metric, unit, lastAt, rolledTo });
  series.tracks.forEach((track, resolution) => {
    const { rows, gone } = track.changes();
    for (const at of gone) file.dropRun(id, resolution, at);
    for (const row of rows) file.putRun(id, resolution, row);
  });
}

function moveAside(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (err) {
    if ((err as { code?: string }).code !== 'ENOENT') throw err;
  }
}
