/**
 * Milliseconds of a model's step by its rows: measured at a few sizes first, corrected by every step after. News of a
 * size that was seldom computed corrects that size, and larger ones as far as they are known from the same measuring only: what
 * was measured before was another history, other caches, or a machine that loaded other models. News of a size that is known
 * well is the machine's, which became slower or faster, and moves all sizes.
 *
 * A step of as many rows as the one before is cheaper, as the library keeps what it prepared for it; that difference
 * is measured once, and taken off where it was paid.
 *
 * Whatever else runs on the machine makes steps longer, never shorter. So where a step took less than half of what was
 * believed of it that is cut at once, and with it what was measured of larger ones. Rows are taken to cost no more
 * together than apart; a library whose single rows are far quicker than two at once is not believed to be that slow.
 *
 * Never: a step of more rows that is believed to be shorter.
 */

export interface MeasuredStep {
  readonly rows: number;
  readonly milliseconds: number;
}

/** Rows that are kept apart; between them it is interpolated, beyond the last extrapolated. */
const sizes = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];
/** How far one step's news moves all sizes, and its own, as exponents of observed / believed. */
const rates = { all: 0.05, own: 0.15 } as const;
/** So many steps what was measured first, or interpolated, is worth. */
const measuredWeight = 2;
/** Steps after which a size is known well. */
const knownWellMin = 16;
/**
 * One step's news counts at most so many times more or less than believed: a pause is no cost of rows. And what
 * is believed is cut to so many times the news.
 */
const surpriseMax = 2;
/** A change of rows costs at most this share of a step of one row: more is chance. */
const switchShareMax = 0.5;
/** Growth per row where only one size was measured, as a share of the first row. */
const growthUnknown = 0.05;
const millisecondsMin = 0.001;

export class StepCost {
  /** Rows of the step before; 0 = unlike any other. */
  lastRows = 0;
  private readonly values: number[];
  /** Steps that each size was corrected by; one between two sizes counts for both in parts. */
  private readonly seen = sizes.map(() => 0);

  /**
   * `measured` has at least one entry, in ascending order of rows, the first of one row; `switchMsMeasured` is what a
   * step of other rows than the one before cost more, milliseconds ≥ 0.
   */
  constructor(
    measured: readonly MeasuredStep[],
    private readonly switchMsMeasured: number,
  ) {
    this.values = withoutOthers(sizes.map((rows) => Math.max(millisecondsMin, extend(measured, rows))));
  }

  /** What a step of other rows than the one before costs more, milliseconds; at most half of a step of one row. */
  get switchMs(): number {
    return Math.min(this.switchMsMeasured, switchShareMax * this.values[0]!);
  }

  /** Milliseconds of a step of so many rows, ≥ 1. */
  at(rows: number): number {
    const index = indexBelow(rows);
    const next = Math.min(index + 1, sizes.length - 1);
    const from = next === index ? index - 1 : index;
    const slope = (this.values[from + 1]! - this.values[from]!) / (sizes[from + 1]! - sizes[from]!);
    return this.values[index]! + slope * (rows - sizes[index]!);
  }

  observe({ rows, milliseconds }: MeasuredStep): void {
    this.cap(rows, surpriseMax * Math.max(milliseconds, millisecondsMin));
    const believed = this.at(rows) + (rows === this.lastRows ? 0 : this.switchMs);
    this.lastRows = rows;
    const ratio = Math.max(1 / surpriseMax, withoutPause(milliseconds, believed) / believed);
    const index = indexBelow(rows);
    const next = Math.min(index + 1, sizes.length - 1);
    const closeness = next === index ? 0 : (rows - sizes[index]!) / (sizes[next]! - sizes[index]!);
    const seen = this.seen[index]! * (1 - closeness) + this.seen[next]! * closeness;
    if (seen >= knownWellMin) {
      for (let size = 0; size < sizes.length; size++) this.values[size]! *= ratio ** rates.all;
    }
    const rate = Math.max(rates.own, 1 / (1 + measuredWeight + seen));
    // Both neighbours together move what is between them by `rate`.
    const together = (1 - closeness) ** 2 + closeness ** 2;
    this.values[index]! *= ratio ** ((rate * (1 - closeness)) / together);
    this.values[next]! *= ratio ** ((rate * closeness) / together);
    for (let size = index + 1; size < sizes.length; size++) {
      if (size === next && closeness > 0) continue;
      this.values[size]! *= ratio ** (rate * this.unseen(size));
    }
    this.seen[index]! += 1 - closeness;
    this.seen[next]! += closeness;
    ascending(this.values);
  }

  /** What a step of so many rows is believed to take is cut to this, and larger steps with it. */
  private cap(rows: number, milliseconds: number): void {
    const factor = milliseconds / this.at(rows);
    if (factor >= 1) return;
    const least = indexBelow(rows);
    for (let size = least; size < sizes.length; size++) {
      this.values[size]! *= size === least ? factor : factor ** this.unseen(size);
    }
    withoutOthers(this.values);
  }

  /** How far a size is known from the first measuring only, in (0, 1]. */
  private unseen(size: number): number {
    return measuredWeight / (measuredWeight + this.seen[size]!);
  }
}

/** What counts of `milliseconds` where so many were `believed`: beyond twice that it was a pause of the machine, no work. */
export function withoutPause(milliseconds: number, believed: number): number {
  return Math.min(surpriseMax * believed, Math.max(milliseconds, millisecondsMin));
}

/** The last size that is not above `rows`. */
function indexBelow(rows: number): number {
  let index = 0;
  while (index + 1 < sizes.length && sizes[index + 1]! <= rows) index++;
  return index;
}

function extend(measured: readonly MeasuredStep[], rows: number): number {
  const first = measured[0]!;
  const after = measured.findIndex((entry) => entry.rows >= rows);
  if (after >= 0 && measured[after]!.rows === rows) return measured[after]!.milliseconds;
  const to = after > 0 ? after : measured.length - 1;
  if (to === 0) return first.milliseconds * (1 + growthUnknown * (rows - first.rows));
  const [low, high] = [measured[to - 1]!, measured[to]!];
  const slope = Math.max(0, (high.milliseconds - low.milliseconds) / (high.rows - low.rows));
  return low.milliseconds + slope * (rows - low.rows);
}

/**
 * What others of the machine cost a measurement is taken off where another size shows it: no size costs more
 * than a larger one, nor than the same rows in several steps. In place.
 */
function withoutOthers(values: number[]): number[] {
  for (let index = sizes.length - 2; index >= 0; index--) {
    values[index] = Math.min(values[index]!, values[index + 1]!);
  }
  for (const [index, rows] of sizes.entries()) {
    for (let piece = 0; piece < index; piece++) {
      values[index] = Math.min(values[index]!, Math.ceil(rows / sizes[piece]!) * values[piece]!);
    }
  }
  return values;
}

/** Neighbours that fall become their mean (pool adjacent violators); in place. */
function ascending(values: number[]): number[] {
  const pools: { sum: number; count: number }[] = [];
  for (const value of values) {
    let pool = { sum: value, count: 1 };
    for (
      let last = pools.at(-1);
      last !== undefined && last.sum / last.count > pool.sum / pool.count;
      last = pools.at(-1)
    ) {
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
      pools.pop();
    }
    pools.push(pool);
  }
  let index = 0;
  for (const { sum, count } of pools) for (let each = 0; each < count; each++) values[index++] = sum / count;
  return values;
}
