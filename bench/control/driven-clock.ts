/** A clock that stands still until it is driven: what the loop does at a moment can be timed alone. */
import type { Clock } from '../../src/contracts/clock.js';

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/** An arbitrary date to begin at, wall clock. */
const startedAt = Date.UTC(2026, 0, 1);

export class DrivenClock implements Clock {
  private time = 0;
  private readonly timers = new Set<Timer>();

  now(): number {
    return this.time;
  }

  wallNow(): number {
    return startedAt + this.time;
  }

  after(delayMs: number, task: () => void): () => void {
    const timer: Timer = { at: this.time + Math.max(0, delayMs), task };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Moves to the next timer and runs it; gives the milliseconds of computing it took, null when there is none. */
  step(): number | null {
    let next: Timer | null = null;
    for (const timer of this.timers) if (next === null || timer.at < next.at) next = timer;
    if (next === null) return null;
    this.timers.delete(next);
    this.time = Math.max(this.time, next.at);
    const begin = performance.now();
    next.task();
    return performance.now() - begin;
  }
}
