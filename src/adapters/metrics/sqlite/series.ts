/** One metric: its values in each resolution, and how values come into the coarser ones. */
import { metricResolutions } from '../../../contracts/metric-store.js';
import type { Distribution, MetricIdentity, MetricUnit } from '../../../domain/metric.js';
import { type Run, timesOver, Track } from './track.js';

/** Values are added up into coarser periods in steps of this, milliseconds: a multiple of the first two of those. */
const rollMs = 300_000;
/** What comes so late is still added with the others, milliseconds. */
const lateMs = 60_000;
/** Metrics are added up at different times, so that no moment has all of them: steps, and one's length, milliseconds. */
const phases = 30;
const phaseMs = 10_000;
/** A metric that nothing came to for so long is added up to its end, milliseconds. */
const silentMs = 1_200_000;
/** Metrics that are settled at once: all there can be within two hours, before the finest of them is dropped. */
const settlesMax = 2_000;
/** How far back memory has values, milliseconds. */
const hotMs = 3 * 3_600_000;

export interface Series {
  readonly id: number;
  readonly metric: MetricIdentity;
  readonly unit: MetricUnit;
  lastAt: number;
  /** Until then everything is in all resolutions; from then on in the finest only. A multiple of `rollMs`. */
  rolledTo: number;
  /** It was forgotten: nothing more may be put to it. */
  isGone: boolean;
  /** The file has a row of it. */
  isStored: boolean;
  /** As in `metricResolutions`. */
  readonly tracks: readonly Track[];
}

/** Where the values are that memory has no more. */
export interface OlderRuns {
  storedRuns(
    series: Series,
    resolution: number,
    from: number,
    to: number,
  ): readonly Pick<Run, 'at' | 'periods' | 'values'>[];
}

/** One that the file has nothing of. */
export function newSeries(id: number, metric: MetricIdentity, unit: MetricUnit, at: number): Series {
  const tracks = metricResolutions.map(({ periodSeconds }) => new Track(periodSeconds * 1000, -Infinity));
  return {
    id,
    metric,
    unit,
    lastAt: at,
    rolledTo: floorTo(at, rollMs),
    isGone: false,
    isStored: false,
    tracks,
  };
}

/** One that the file has; what the finest resolution has from `rolledTo` on is yet to be restored. */
export function storedSeries(row: Pick<Series, 'id' | 'metric' | 'unit' | 'lastAt' | 'rolledTo'>): Series {
  const tracks = metricResolutions.map(({ periodSeconds }) => {
    const periodMs = periodSeconds * 1000;
    return new Track(periodMs, Math.ceil(row.rolledTo / periodMs) * periodMs);
  });
  return { ...row, isGone: false, isStored: true, tracks };
}

/** Adds up all there is of a series that nothing comes to any more, before the finest of it is dropped. */
function settle(series: Series, now: number, older: OlderRuns): boolean {
  const isOpen = series.rolledTo <= series.lastAt;
  if (!isOpen || series.lastAt > now - silentMs) return false;
  rollUp(series, floorTo(series.lastAt, rollMs) + rollMs, older);
  return true;
}

/** Of all, a bounded number that were due to be settled, and are. */
export function settleSome(
  all: Iterable<readonly [string, Series]>,
  now: number,
  older: OlderRuns,
): readonly Series[] {
  const settled: Series[] = [];
  for (const [, series] of all) {
    if (settled.length >= settlesMax) break;
    if (settle(series, now, older)) settled.push(series);
  }
  return settled;
}

/** True when something changed that is not the going on of what was. */
export function addTo(
  series: Series,
  at: number,
  values: Distribution,
  now: number,
  older: OlderRuns,
): boolean {
  series.lastAt = Math.max(series.lastAt, at);
  const phase = (series.id % phases) * phaseMs;
  let isNews = false;
  if (at >= series.rolledTo + rollMs + lateMs + phase) {
    rollUp(series, floorTo(at - lateMs, rollMs), older);
    isNews = true;
  }
  // What is not late comes into the coarser ones when it is added up.
  const resolutions = at < series.rolledTo ? metricResolutions.length : 1;
  for (let resolution = 0; resolution < resolutions; resolution++) {
    if (at < now - metricResolutions[resolution]!.keptSeconds * 1000) continue;
    if (addToTrack(series, resolution, at, values, older)) isNews = true;
  }
  return isNews;
}

/** Adds up what the finest resolution has until `to` into the others. */
function rollUp(series: Series, to: number, older: OlderRuns): void {
  const from = series.rolledTo;
  const finest = series.tracks[0]!;
  const runs = [...finest.between(from, to)];
  for (let resolution = 1; resolution < metricResolutions.length; resolution++) {
    const { periodMs } = series.tracks[resolution]!;
    for (const run of runs) {
      eachPeriod(run, finest.periodMs, from, to, periodMs, (at, values) => {
        addToTrack(series, resolution, at, values, older);
      });
    }
  }
  series.rolledTo = to;
}

function addToTrack(
  series: Series,
  resolution: number,
  at: number,
  values: Distribution,
  older: OlderRuns,
): boolean {
  const track = series.tracks[resolution]!;
  const begin = floorTo(at, track.periodMs);
  if (begin < track.completeFrom && !track.has(begin)) fetch(series, resolution, begin, older);
  return track.add(begin, values);
}

/** The run that has this period, if the file has one. */
function fetch(series: Series, resolution: number, begin: number, older: OlderRuns): void {
  const track = series.tracks[resolution]!;
  for (const { at, periods, values } of older.storedRuns(series, resolution, begin, begin + track.periodMs)) {
    const isThere = at <= begin && at + periods * track.periodMs > begin;
    if (isThere && !track.has(begin)) track.restore(at, periods, values);
  }
}

/** Calls `take` for what was seen in each wished period, in parts; `from` is the beginning of one. */
export function readSeries(
  series: Series,
  resolution: number,
  from: number,
  to: number,
  periodMs: number,
  older: OlderRuns,
  take: (at: number, values: Distribution) => void,
): void {
  const track = series.tracks[resolution]!;
  // A period at the end is whole, however far the caller asks.
  const end = Math.ceil(to / periodMs) * periodMs;
  // Asking for older runs writes what is here, and may let some of it go: only then is it known where memory begins.
  const stored = from < track.completeFrom ? older.storedRuns(series, resolution, from, end) : [];
  const known = Math.max(from, track.completeFrom);
  const within = (at: number, values: Distribution) => {
    if (at < to) take(at, values);
  };
  for (const run of stored) eachPeriod(run, track.periodMs, from, Math.min(end, known), periodMs, within);
  for (const run of track.between(known, end)) {
    eachPeriod(run, track.periodMs, known, end, periodMs, within);
  }
  if (resolution === 0) return;
  const finest = series.tracks[0]!;
  const open = Math.max(from, series.rolledTo);
  for (const run of finest.between(open, end)) eachPeriod(run, finest.periodMs, open, end, periodMs, within);
}

/** A run cut to a stretch, as coarser periods: what each of them saw of it. */
function eachPeriod(
  run: Pick<Run, 'at' | 'periods' | 'values'>,
  runPeriodMs: number,
  from: number,
  to: number,
  periodMs: number,
  take: (at: number, values: Distribution) => void,
): void {
  let at = Math.max(run.at, from);
  const end = Math.min(run.at + run.periods * runPeriodMs, to);
  while (at < end) {
    const begin = floorTo(at, periodMs);
    const next = Math.min(begin + periodMs, end);
    take(begin, timesOver(run.values, (next - at) / runPeriodMs));
    at = next;
  }
}

/** Lets go what is old and written. What is not added up yet stays. */
export function trimSeries(series: Series, countMax: number, now: number): void {
  const oldest = Math.min(now - hotMs, series.rolledTo);
  for (const [resolution, track] of series.tracks.entries()) {
    // The finest holds what is not added up yet, at most some minutes of it.
    const open = resolution === 0 ? Math.ceil((now - series.rolledTo) / track.periodMs) : 0;
    // Of the others the file has all that is written, so that what is large may go sooner.
    track.trim(Math.max(countMax, Math.min(open, 120)), oldest, resolution > 0);
  }
}

function floorTo(time: number, stepMs: number): number {
  return Math.floor(time / stepMs) * stepMs;
}
