/** What is counted while a replay runs: levels over time, and times of requests. Nothing counts after the end. */
import type { Percentiles } from '../forecast-result.js';

/** Points of a series at most. */
const pointsMax = 180;
const pointMsMin = 1_000;

/** The stretches that a trace is cut into. */
export interface Grid {
  readonly endMs: number;
  readonly pointMs: number;
  readonly count: number;
}

export function gridOf(endMs: number): Grid {
  const pointMs = Math.max(pointMsMin, Math.ceil(endMs / pointsMax / 1000) * 1000);
  return { endMs, pointMs, count: Math.max(1, Math.ceil(endMs / pointMs)) };
}

/** A number that has a level at every time: copies, instances, accelerators. */
export class Level {
  private value = 0;
  private since = 0;
  /** Level times milliseconds, by stretch. */
  private readonly sums: Float64Array;
  private most = 0;

  constructor(private readonly grid: Grid) {
    this.sums = new Float64Array(grid.count);
  }

  add(now: number, change: number): void {
    this.settle(now);
    this.value += change;
    this.most = Math.max(this.most, this.value);
  }

  get now(): number {
    return this.value;
  }

  get max(): number {
    return this.most;
  }

  /** Level times milliseconds of the whole; to be asked after the end. */
  total(): number {
    this.settle(this.grid.endMs);
    return this.sums.reduce((sum, one) => sum + one, 0);
  }

  /** The mean level of each stretch. */
  means(): readonly number[] {
    this.settle(this.grid.endMs);
    const { endMs, pointMs } = this.grid;
    return [...this.sums].map((sum, index) => sum / Math.max(1, Math.min(pointMs, endMs - index * pointMs)));
  }

  private settle(at: number): void {
    const { endMs, pointMs, count } = this.grid;
    const until = Math.min(at, endMs);
    while (this.since < until) {
      const point = Math.min(count - 1, Math.floor(this.since / pointMs));
      const end = point === count - 1 ? until : Math.min(until, (point + 1) * pointMs);
      this.sums[point]! += this.value * (end - this.since);
      this.since = end;
    }
  }
}

/** Null of nothing; `values` are sorted in place. */
export function percentilesOf(values: Float64Array): Percentiles | null {
  if (values.length === 0) return null;
  values.sort();
  return { p50: at(values, 0.5), p95: at(values, 0.95), p99: at(values, 0.99) };
}

/** The smallest value that so large a share of all does not exceed. */
function at(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

/** What the requests of one component came to. */
export class RequestMeter {
  arrivals = 0;
  completed = 0;
  held = 0;
  coldStarts = 0;
  promptTokens = 0;
  cachedTokens = 0;
  generatedTokens = 0;
  readonly rejected = new Map<string, number>();
  readonly firstTokenMs: number[] = [];
  readonly totalMs: number[] = [];

  reject(code: string): void {
    this.rejected.set(code, (this.rejected.get(code) ?? 0) + 1);
  }
}
