/** Chance from a seed: the same seed gives the same run, so a failing run is a number. */
import type { Random } from '../../src/contracts/random.js';
import { uniformAt } from '../../src/decide/sampling/uniform.js';

export class SeededRandom implements Random {
  private drawn = 0;

  constructor(private readonly seed: number) {}

  next(): number {
    return uniformAt(this.seed, this.drawn++);
  }

  id(): string {
    return `id-${this.drawn++}`;
  }

  /** A whole number, 0 ≤ n < `count`. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return this.next() < probability;
  }
}
