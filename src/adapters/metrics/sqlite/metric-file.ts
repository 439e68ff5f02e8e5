/**
 * The file: one row for each metric, one for each run of its periods. WAL without a sync for each commit: what was
 * written in the last moments before the machine loses power is lost, the file is not.
 */
import { chmodSync } from 'node:fs';
import Database from 'libsql';
import { metricResolutions } from '../../../contracts/metric-store.js';
import {
  boundedBins,
  type Distribution,
  type MetricIdentity,
  type MetricUnit,
} from '../../../domain/metric.js';
import type { Run } from './track.js';

/** Rises when a table changes its meaning; a file of another version is begun anew. */
const version = 1;
/** Another process' lock is waited for so long, milliseconds. */
const lockMsMax = 1_000;

const tables = `
  CREATE TABLE series (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, metric TEXT NOT NULL, unit TEXT NOT NULL,
    last_at INTEGER NOT NULL, rolled_to INTEGER NOT NULL
  );
  CREATE TABLE run (
    series INTEGER NOT NULL, resolution INTEGER NOT NULL, at INTEGER NOT NULL, periods INTEGER NOT NULL,
    value TEXT NOT NULL, PRIMARY KEY (series, resolution, at)
  ) WITHOUT ROWID;
  CREATE INDEX run_by_time ON run (resolution, at);
  PRAGMA user_version = ${version};`;

export interface SeriesRow {
  readonly id: number;
  readonly key: string;
  readonly metric: MetricIdentity;
  readonly unit: MetricUnit;
  readonly lastAt: number;
  readonly rolledTo: number;
}

/** A run as the file has it. */
export type StoredRun = Pick<Run, 'at' | 'periods' | 'values'>;

interface RunRow {
  readonly at: number;
  readonly periods: number;
  readonly value: string;
}

interface SeriesColumns {
  readonly id: number;
  readonly key: string;
  readonly metric: string;
  readonly unit: string;
  readonly last_at: number;
  readonly rolled_to: number;
}

export class MetricFile {
  private readonly database: Database.Database;
  private readonly statements: ReturnType<typeof prepareAll>;
  /** Rows of runs, at most. */
  private rowCount: number;

  /** Throws what SQLite throws, and for a file of another version. */
  constructor(path: string) {
    this.database = new Database(path);
    try {
      chmodSync(path, 0o600);
      this.database.pragma('journal_mode = WAL');
      this.database.pragma('synchronous = NORMAL');
      this.database.pragma(`busy_timeout = ${lockMsMax}`);
      const found = (this.database.prepare('PRAGMA user_version').get() as { user_version: number })
        .user_version;
      if (found === 0) this.database.exec(tables);
      else if (found !== version) throw new Error(`the file is of version ${found}`);
      this.statements = prepareAll(this.database);
      this.rowCount = this.countRows();
    } catch (error) {
      this.database.close();
      throw error;
    }
  }

  series(): readonly SeriesRow[] {
    return (this.statements.series.all() as SeriesColumns[]).map((row) => ({
      id: row.id,
      key: row.key,
      metric: JSON.parse(row.metric) as MetricIdentity,
      unit: row.unit as MetricUnit,
      lastAt: row.last_at,
      rolledTo: row.rolled_to,
    }));
  }

  /** Of each series: the runs of the finest resolution that may reach beyond its `rolledTo`. */
  *openRuns(reachMs: number): Iterable<StoredRun & { readonly series: number }> {
    for (const row of this.statements.openRuns.iterate(reachMs) as Iterable<RunRow & { series: number }>) {
      yield { series: row.series, ...storedRun(row) };
    }
  }

  /** Runs of one series that begin in the stretch, oldest first. */
  runs(series: number, resolution: number, from: number, to: number): readonly StoredRun[] {
    return (this.statements.runs.all(series, resolution, from, to) as RunRow[]).map(storedRun);
  }

  /** All that the callback writes, at once or not at all. */
  atOnce(write: () => void): void {
    this.database.transaction(write)();
  }

  putSeries({ id, key, metric, unit, lastAt, rolledTo }: SeriesRow): void {
    this.statements.putSeries.run(id, key, JSON.stringify(metric), unit, lastAt, rolledTo);
  }

  changeSeries(id: number, lastAt: number, rolledTo: number): void {
    this.statements.changeSeries.run(lastAt, rolledTo, id);
  }

  putRun(series: number, resolution: number, { at, periods, values }: StoredRun): void {
    this.rowCount++;
    this.statements.putRun.run(series, resolution, at, periods, textOf(values));
  }

  dropRun(series: number, resolution: number, at: number): void {
    this.statements.dropRun.run(series, resolution, at);
  }

  /** Drops what is kept no longer; and the oldest of the finest, when there are more than `rowsMax` rows. */
  prune(now: number, reachMs: readonly number[], rowsMax: number): void {
    metricResolutions.forEach(({ keptSeconds }, resolution) => {
      this.dropBefore(resolution, now - keptSeconds * 1000 - reachMs[resolution]!);
    });
    // Rows that were written again were counted again: what seems too much is counted anew.
    if (this.rowCount > rowsMax) this.rowCount = this.countRows();
    let excess = this.rowCount - rowsMax;
    for (let resolution = 0; resolution < metricResolutions.length && excess > 0; resolution++) {
      const row = this.statements.nthOldest.get(resolution, excess) as { at: number } | undefined;
      excess -= this.dropBefore(resolution, row?.at ?? now);
    }
  }

  /** How many there were. */
  private dropBefore(resolution: number, at: number): number {
    const { changes } = this.statements.dropBefore.run(resolution, at);
    this.rowCount -= changes;
    return changes;
  }

  private countRows(): number {
    return (this.statements.count.get() as { count: number }).count;
  }

  /** Metrics that were not written since then, with all that is left of them. */
  dropSilent(before: number): void {
    this.atOnce(() => {
      this.statements.dropSilentRuns.run(before);
      this.statements.dropSilent.run(before);
    });
  }

  /** With all that is left of them. */
  dropSeries(ids: readonly number[]): void {
    this.atOnce(() => {
      for (const id of ids) {
        this.statements.dropRuns.run(id);
        this.statements.dropOne.run(id);
      }
    });
  }

  close(): void {
    this.database.close();
  }
}

function prepareAll(database: Database.Database) {
  return {
    series: database.prepare('SELECT id, key, metric, unit, last_at, rolled_to FROM series'),
    openRuns: database.prepare(
      `SELECT run.series, run.at, run.periods, run.value FROM series JOIN run ON run.series = series.id
       WHERE run.resolution = 0 AND run.at >= series.rolled_to - ? ORDER BY run.series, run.at`,
    ),
    runs: database.prepare(
      'SELECT at, periods, value FROM run WHERE series = ? AND resolution = ? AND at >= ? AND at < ? ORDER BY at',
    ),
    putSeries: database.prepare(
      'INSERT OR REPLACE INTO series (id, key, metric, unit, last_at, rolled_to) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    changeSeries: database.prepare('UPDATE series SET last_at = ?, rolled_to = ? WHERE id = ?'),
    putRun: database.prepare(
      'INSERT OR REPLACE INTO run (series, resolution, at, periods, value) VALUES (?, ?, ?, ?, ?)',
    ),
    dropRun: database.prepare('DELETE FROM run WHERE series = ? AND resolution = ? AND at = ?'),
    dropBefore: database.prepare('DELETE FROM run WHERE resolution = ? AND at < ?'),
    count: database.prepare('SELECT count(*) AS count FROM run'),
    nthOldest: database.prepare('SELECT at FROM run WHERE resolution = ? ORDER BY at LIMIT 1 OFFSET ?'),
    dropRuns: database.prepare('DELETE FROM run WHERE series = ?'),
    dropOne: database.prepare('DELETE FROM series WHERE id = ?'),
    dropSilentRuns: database.prepare(
      'DELETE FROM run WHERE series IN (SELECT id FROM series WHERE last_at < ?)',
    ),
    dropSilent: database.prepare('DELETE FROM series WHERE last_at < ?'),
  };
}

/** `[count, sum, min, max, bin, count, bin, count, …]`: with `binsMax` bins some kilobytes at most. */
function textOf({ count, sum, min, max, bins }: Distribution): string {
  return JSON.stringify([count, sum, min, max, ...bins.flat()]);
}

function storedRun({ at, periods, value }: RunRow): StoredRun {
  const [count = 0, sum = 0, min = 0, max = 0, ...flat] = JSON.parse(value) as number[];
  const bins: (readonly [number, number])[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) bins.push([flat[index]!, flat[index + 1]!]);
  return { at, periods, values: { count, sum, min, max, bins: boundedBins(bins) } };
}
