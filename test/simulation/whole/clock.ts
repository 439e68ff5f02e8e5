/** Time of the simulated world: a wall clock that may be set, and timers that end with the process they belong to. */
import type { Clock } from '../../../src/contracts/clock.js';
import { VirtualClock } from '../virtual-clock.js';

export class WorldClock extends VirtualClock {
  private skewMs = 0;

  override wallNow(): number {
    return super.wallNow() + this.skewMs;
  }

  /** Somebody sets the wall clock. */
  jump(ms: number): void {
    this.skewMs += ms;
  }

  /** Lets everything that is due next happen, and what promises make of it. */
  async step(): Promise<void> {
    await this.pass(Math.max(0, (this.nextDueAt() ?? this.now()) - this.now()));
  }
}

/** The time of one process: when the process is killed, none of its timers comes any more. */
export class Life implements Clock {
  isOver = false;
  private readonly timers = new Set<() => void>();

  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now();
  }

  wallNow(): number {
    return this.clock.wallNow();
  }

  after(delayMs: number, task: () => void): () => void {
    if (this.isOver) return () => undefined;
    const cancel = this.clock.after(delayMs, () => {
      this.timers.delete(stop);
      task();
    });
    const stop = () => {
      this.timers.delete(stop);
      cancel();
    };
    this.timers.add(stop);
    return stop;
  }

  end(): void {
    this.isOver = true;
    for (const stop of [...this.timers]) stop();
  }
}
