/** How fast requests complete, for the Retry-After of a refusal: an exponentially fading count. */
import type { Clock } from '../contracts/clock.js';

/** The count halves every this many milliseconds. */
const halfLifeMs = 10_000;
/** Bounds of an estimate, seconds. */
const secondsMin = 1;
const secondsMax = 60;

export class CompletionRate {
  private weight = 0;
  private countedAt: number;

  constructor(private readonly clock: Clock) {
    this.countedAt = clock.now();
  }

  count(): void {
    this.fade();
    this.weight++;
  }

  /** Seconds until `waiting` requests are through at the recent rate, 1..60. */
  secondsFor(waiting: number): number {
    this.fade();
    const perSecond = (this.weight * Math.LN2 * 1000) / halfLifeMs;
    if (perSecond === 0) return secondsMax / 2;
    return Math.min(secondsMax, Math.max(secondsMin, Math.ceil(waiting / perSecond)));
  }

  private fade(): void {
    const now = this.clock.now();
    this.weight *= 0.5 ** ((now - this.countedAt) / halfLifeMs);
    this.countedAt = now;
  }
}
