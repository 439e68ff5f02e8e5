/**
 * The values of one metric in periods of one length, as runs: periods in a row that saw the same are one run, so that
 * what stands still costs nothing however long it does.
 */
import { addDistributions, type Distribution } from '../../../domain/metric.js';

/** Periods of one run, so that old ones can go: an hour of tens of seconds. */
export const runPeriodsMax = 360;
/** Bins that make a run count as one more. */
const binsPerRun = 32;

export interface Run {
  /** The beginning of its first period, wall clock, milliseconds. */
  readonly at: number;
  periods: number;
  /** Of each of its periods. */
  values: Distribution;
  /** The file has a row with this beginning. */
  isStored: boolean;
  /** The file does not have it as it is. */
  isDirty: boolean;
}

export class Track {
  /** In order of time, without overlaps. */
  private runs: Run[] = [];
  /** Beginnings of rows that the file has and should not. */
  private gone: number[] = [];

  /** `completeFrom`: before it there may be values that are in the file only; wall clock. */
  constructor(
    readonly periodMs: number,
    public completeFrom: number,
  ) {}

  get length(): number {
    return this.runs.length;
  }

  /** Puts in what the file has. Runs come in order of time, later than all that is here, or where nothing is yet. */
  restore(at: number, periods: number, values: Distribution): void {
    this.runs.splice(this.placeOf(at), 0, { at, periods, values, isStored: true, isDirty: false });
  }

  has(at: number): boolean {
    return this.runAt(at) !== null;
  }

  /** Adds values to one period; true when a run came or changed its values, false when one only became longer. */
  add(at: number, values: Distribution): boolean {
    const { runs } = this;
    const last = runs.at(-1);
    if (last === undefined || at >= this.endOf(last)) {
      if (last !== undefined && this.canTake(last, at, values)) {
        last.periods++;
        last.isDirty = true;
        return false;
      }
      runs.push({ at, periods: 1, values, isStored: false, isDirty: true });
      return true;
    }
    const index = this.isolate(at);
    const run = runs[index];
    if (run?.at === at) {
      run.values = addDistributions(run.values, values);
      run.isDirty = true;
    } else {
      runs.splice(index, 0, { at, periods: 1, values, isStored: false, isDirty: true });
    }
    this.joinBefore(index);
    return true;
  }

  /** Runs that have a period in the stretch, oldest first. */
  *between(from: number, to: number): Iterable<Run> {
    for (let index = this.firstEndingAfter(from); index < this.runs.length; index++) {
      const run = this.runs[index]!;
      if (run.at >= to) return;
      yield run;
    }
  }

  /** What has to be written, and the beginnings of rows that have to go first. */
  changes(): { readonly rows: readonly Run[]; readonly gone: readonly number[] } {
    return { rows: this.runs.filter((run) => run.isDirty), gone: this.gone };
  }

  /** The file has all changes. */
  written(): void {
    this.gone = [];
    for (const run of this.runs) {
      run.isDirty = false;
      run.isStored = true;
    }
  }

  /** Everything is to be written anew: the file is another one. */
  forgetFile(): void {
    this.gone = [];
    for (const run of this.runs) {
      run.isDirty = true;
      run.isStored = false;
    }
  }

  /**
   * Forgets what is written and old: more than `countMax` runs (where they are weighed, one of many bins counts as
   * several), what ended before `oldest`, and what was fetched from before `completeFrom`. What is not written stays,
   * up to twice as many.
   */
  trim(countMax: number, oldest: number, isWeighed = false): void {
    const weightOf = ({ values }: Run) => (isWeighed ? 1 + Math.floor(values.bins.length / binsPerRun) : 1);
    let left = this.runs.reduce((sum, run) => sum + weightOf(run), 0);
    let count = 0;
    for (const run of this.runs) {
      const isOld = this.endOf(run) <= Math.max(oldest, this.completeFrom);
      const isTooMany = run.isDirty ? this.runs.length - count > 2 * countMax : left > countMax;
      if (!isTooMany && (!isOld || run.isDirty)) break;
      count++;
      left -= weightOf(run);
      this.completeFrom = Math.max(this.completeFrom, this.endOf(run));
    }
    if (count > 0) this.runs = this.runs.slice(count);
  }

  endOf(run: Run): number {
    return run.at + run.periods * this.periodMs;
  }

  private canTake(run: Run, at: number, values: Distribution): boolean {
    return this.endOf(run) === at && run.periods < runPeriodsMax && sameDistribution(run.values, values);
  }

  /** Makes the period a run of its own if it is within a longer one; the index where it is, or would be. */
  private isolate(at: number): number {
    const index = this.firstEndingAfter(at);
    const run = this.runs[index];
    if (run === undefined || run.at > at || run.periods === 1) return index;
    const before = (at - run.at) / this.periodMs;
    const after = run.periods - before - 1;
    const part = (begin: number, periods: number): Run => ({ ...run, at: begin, periods, isDirty: true });
    const parts: Run[] = [];
    if (before > 0) parts.push(part(run.at, before));
    parts.push({ ...part(at, 1), isStored: run.isStored && before === 0 });
    if (after > 0) parts.push({ ...part(at + this.periodMs, after), isStored: false });
    this.runs.splice(index, 1, ...parts);
    return before > 0 ? index + 1 : index;
  }

  /** Joins a run with the one before it when they saw the same. */
  private joinBefore(index: number): void {
    const [before, run] = [this.runs[index - 1], this.runs[index]];
    if (before === undefined || run?.periods !== 1 || !this.canTake(before, run.at, run.values)) return;
    before.periods++;
    before.isDirty = true;
    if (run.isStored) this.gone.push(run.at);
    this.runs.splice(index, 1);
  }

  private runAt(at: number): Run | null {
    const run = this.runs[this.firstEndingAfter(at)];
    return run !== undefined && run.at <= at ? run : null;
  }

  private firstEndingAfter(at: number): number {
    let low = 0;
    let high = this.runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.endOf(this.runs[middle]!) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private placeOf(at: number): number {
    return this.firstEndingAfter(at);
  }
}

function sameDistribution(a: Distribution, b: Distribution): boolean {
  if (a === b) return true;
  if (a.count !== b.count || a.sum !== b.sum || a.min !== b.min || a.max !== b.max) return false;
  if (a.bins.length !== b.bins.length) return false;
  return a.bins.every(([bin, count], index) => bin === b.bins[index]![0] && count === b.bins[index]![1]);
}

/** What `count` periods of the same values saw together. */
export function timesOver(values: Distribution, count: number): Distribution {
  if (count === 1) return values;
  const bins = values.bins.map(([bin, inBin]) => [bin, inBin * count] as const);
  return { ...values, count: values.count * count, sum: values.sum * count, bins };
}
