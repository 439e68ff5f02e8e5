/**
 * The time that decisions are dated with. It follows the wall clock while that goes evenly, never goes back, and does
 * not jump when somebody sets the clock: waits that were decided on neither end at once nor never end.
 */
import type { Clock } from '../contracts/clock.js';

/** A difference to the wall clock is made up by so much of the time that passes. */
const slewMax = 0.1;

export class SteadyTime {
  private time: number;
  private readAt: number;

  /** `notBefore`: the last date that was written down. */
  constructor(
    private readonly clock: Clock,
    notBefore: number,
  ) {
    this.time = Math.max(clock.wallNow(), notBefore);
    this.readAt = clock.now();
  }

  /** Milliseconds since 1970. */
  now(): number {
    const elapsed = Math.max(0, this.clock.now() - this.readAt);
    this.readAt += elapsed;
    const even = this.time + elapsed;
    const behind = this.clock.wallNow() - even;
    this.time = even + Math.max(-slewMax * elapsed, Math.min(slewMax * elapsed, behind));
    return Math.round(this.time);
  }
}
