/**
 * How the copies of one workload lie over zones. A step is even when afterwards the fullest zone has at most
 * `maxImbalance` copies more than the emptiest, or when it makes that difference smaller.
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

function spread(counts: readonly number[]): number {
  return Math.max(...counts) - Math.min(...counts);
}
