/**
 * What goes wrong with simulated processes and with what is said to their fleet, and when: by a script that is a
 * function of the seed.
 */
import type { Random } from '../../../contracts/random.js';
import type { CopyRef } from '../../../domain/copy.js';

/** The fate of one process, drawn when it is started. Times in milliseconds. */
export interface Fault {
  /** From `apply` to the first instruction. */
  readonly startDelayMs: number;
  /** It ends instead of starting. */
  readonly isStartFailing: boolean;
  /** It ends so long after it started; null = it does not. */
  readonly crashAfterMs: number | null;
  /** It stands still so long after it started; null = it does not. */
  readonly hangAfterMs: number | null;
}

export type FaultScript = (copy: CopyRef) => Fault;

const none: Fault = { startDelayMs: 0, isStartFailing: false, crashAfterMs: null, hangAfterMs: null };

/** Everything starts at once and lives until it is told to end. */
export const faultless: FaultScript = () => none;

export interface FaultRates {
  readonly startDelayMsMax: number;
  /** Probabilities of each process' fate, 0..1. */
  readonly startFailing: number;
  readonly crashing: number;
  readonly hanging: number;
  /** Crashes and hangs come within this time after the start. */
  readonly lifeMsMax: number;
}

/** Draws the fate of each process from `random`. */
export function drawnFaults(random: Random, rates: FaultRates): FaultScript {
  return () => ({
    startDelayMs: random.next() * rates.startDelayMsMax,
    isStartFailing: random.next() < rates.startFailing,
    crashAfterMs: random.next() < rates.crashing ? random.next() * rates.lifeMsMax : null,
    hangAfterMs: random.next() < rates.hanging ? random.next() * rates.lifeMsMax : null,
  });
}

/** What becomes of one call of `apply`, `drain`, `remove` or `setThreads`. */
export const CallFate = {
  /** It is carried out. */
  Done: 'done',
  /** It never arrives; the caller has to say it again. */
  Lost: 'lost',
  /** It arrives, and a moment later once more. */
  Doubled: 'doubled',
} as const;
export type CallFate = (typeof CallFate)[keyof typeof CallFate];

export type CallScript = () => CallFate;

export const everyCallDone: CallScript = () => CallFate.Done;

/** Loses and doubles calls with these probabilities, 0..1. */
export function drawnCalls(random: Random, rates: { lost: number; doubled: number }): CallScript {
  return () => {
    const drawn = random.next();
    if (drawn < rates.lost) return CallFate.Lost;
    return drawn < rates.lost + rates.doubled ? CallFate.Doubled : CallFate.Done;
  };
}
