/**
 * How the copies of one workload lie over zones, looked at after every step (`ZoneBalance`) or for many copies together
 * (`ZoneParts`).
 */

/**
 * A step is even when afterwards the fullest zone has at most `maxImbalance` copies more than the emptiest, or when it
 * makes that difference smaller.
 */
export class ZoneBalance {
  private readonly counts: Map<string, number>;

  /** `counts` has every zone that could take a copy, those with none too. */
  constructor(
    counts: ReadonlyMap<string, number>,
    private readonly maxImbalance: number,
  ) {
    this.counts = new Map(counts);
  }

  countOf(zone: string): number {
    return this.counts.get(zone) ?? 0;
  }

  isEven(zone: string): boolean {
    const before = [...this.counts.values()];
    const after = [...this.counts].map(([name, count]) => count + (name === zone ? 1 : 0));
    const imbalance = spread(after);
    return imbalance <= this.maxImbalance || imbalance < spread(before);
  }

  add(zone: string): void {
    this.counts.set(zone, this.countOf(zone) + 1);
  }
}

/**
 * Divides copies before they are placed: every zone is owed so many and may have so many, and whichever of them it gets,
 * the zones are even in the end. Copies that no zone is owed go where they pack best.
 */
export class ZoneParts {
  /** Copies that a zone may have at most, and is owed at least. */
  readonly most: number;
  private readonly least: number;
  /** What all zones are still owed. */
  private owed = 0;

  /** `counts` has every zone that could take a copy, those with none too, and is kept; `added` copies come to them. */
  constructor(
    private readonly counts: Map<string, number>,
    added: number,
    maxImbalance: number,
  ) {
    let total = added;
    for (const count of counts.values()) total += count;
    let low = Math.floor(total / counts.size);
    while (this.filledTo(low) > total) low -= 1; // zones that have more keep it
    this.most = this.filledTo(low) === total ? low : low + 1;
    const highest = Math.max(this.most, ...counts.values());
    this.least = Math.max(0, Math.min(low, highest - maxImbalance));
    for (const count of counts.values()) this.owed += Math.max(0, this.least - count);
  }

  /** How many of the `left` copies the zone may take now. */
  openIn(zone: string, left: number): number {
    const count = this.counts.get(zone);
    if (count === undefined) return 0;
    const owedElsewhere = this.owed - Math.max(0, this.least - count);
    return Math.max(0, Math.min(left - owedElsewhere, this.most - count));
  }

  add(zone: string): void {
    const count = this.counts.get(zone) ?? 0;
    if (count < this.least) this.owed -= 1;
    this.counts.set(zone, count + 1);
  }

  /** Copies when every zone has `level` or what it has already, if that is more. */
  private filledTo(level: number): number {
    let sum = 0;
    for (const count of this.counts.values()) sum += Math.max(count, level);
    return sum;
  }
}

function spread(counts: readonly number[]): number {
  return Math.max(...counts) - Math.min(...counts);
}
