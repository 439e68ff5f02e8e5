/**
 * The machine's clock for delays that are counted in microseconds. Node's timers go by whole milliseconds and come up to
 * one late; the last bit of a delay is therefore watched, turn by turn of the event loop. That costs processor time: at
 * most `watchedMs` for each delay, and less where other work fills the turns.
 */
import type { Clock } from '../../contracts/clock.js';
import { systemClock } from './system.js';

/** How much of a delay is watched, milliseconds. */
const watchedMs = 1.2;

export const preciseClock: Clock = {
  ...systemClock,
  after: (delayMs, task) => {
    const dueAt = systemClock.now() + delayMs;
    let stop = systemClock.after(delayMs - watchedMs, look);
    function look(): void {
      if (systemClock.now() >= dueAt) task();
      else stop = systemClock.after(0, look);
    }
    return () => stop();
  },
};
