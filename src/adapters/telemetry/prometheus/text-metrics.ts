/**
 * Counters and histograms for what happens per token and per request, with their Prometheus text. Counting is one
 * addition and no hashing of labels, which in prom-client costs more than the rest of a small request;
 * the text is made when somebody asks for it.
 *
 * Format: Prometheus text exposition 0.0.4.
 */

/** Label values are ours: names of components and members of closed sets, which need no escaping but quotes. */
type Labels = Readonly<Record<string, string>>;

/** One number that only grows, per set of labels. */
export class CounterMetric {
  private readonly cells = new Map<string, { labels: Labels; value: number }>();

  constructor(
    readonly name: string,
    private readonly help: string,
  ) {}

  /** The counter of these labels; keep it and add to it. `key` tells label sets apart. */
  cell(key: string, labels: Labels): { value: number } {
    let cell = this.cells.get(key);
    if (cell === undefined) {
      cell = { labels, value: 0 };
      this.cells.set(key, cell);
    }
    return cell;
  }

  drop(key: string): void {
    this.cells.delete(key);
  }

  text(): string {
    const lines = [...this.cells.values()].map(
      ({ labels, value }) => `${this.name}${labelText(labels)} ${value}\n`,
    );
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} counter\n${lines.join('')}`;
  }
}

/** Counts of observations up to each bound, for one set of labels. */
export class HistogramCell {
  sum = 0;
  count = 0;
  /** Observations in each bucket alone; the last one is above all bounds. */
  readonly counts: number[];

  constructor(
    readonly labels: Labels,
    private readonly bounds: readonly number[],
  ) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && value > this.bounds[bucket]!) bucket++;
    this.counts[bucket]!++;
    this.sum += value;
    this.count++;
  }
}

export class HistogramMetric {
  private readonly cells = new Map<string, HistogramCell>();

  /** `bounds` are upper bounds of buckets, ascending. */
  constructor(
    readonly name: string,
    private readonly help: string,
    private readonly bounds: readonly number[],
  ) {}

  cell(key: string, labels: Labels): HistogramCell {
    let cell = this.cells.get(key);
    if (cell === undefined) {
      cell = new HistogramCell(labels, this.bounds);
      this.cells.set(key, cell);
    }
    return cell;
  }

  drop(key: string): void {
    this.cells.delete(key);
  }

  text(): string {
    const parts = [...this.cells.values()].map((cell) => this.cellText(cell));
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} histogram\n${parts.join('')}`;
  }

  private cellText({ labels, counts, sum, count }: HistogramCell): string {
    let below = 0;
    const buckets = [...this.bounds, '+Inf'].map((bound, bucket) => {
      below += counts[bucket]!;
      return `${this.name}_bucket${labelText({ ...labels, le: String(bound) })} ${below}\n`;
    });
    const own = labelText(labels);
    return `${buckets.join('')}${this.name}_sum${own} ${sum}\n${this.name}_count${own} ${count}\n`;
  }
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
