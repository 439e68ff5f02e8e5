/** How many copies compute so much in time: a queue of requests for several copies. */
import type { ServiceModel } from '../../../domain/service-profile.js';

/** A copy is never planned fuller than this. */
const utilizationMax = 0.95;
/** Requests that a copy generates for at once while it is worth its price; sets what a generated token takes of it. */
const batchTypical = 4;
/** Squared coefficient of variation of the time that a request takes: prompts differ as an exponential's values do. */
const serviceVariation = 1;
/** Bounds the search. */
const copiesMax = 10_000;

/** What one request is, on average. */
export interface RequestSize {
  readonly promptTokens: number;
  readonly generatedTokens: number;
}

/** Time of a copy until the first token of a request that waits for nothing, milliseconds. */
export function firstTokenWorkMs(service: ServiceModel, { promptTokens }: RequestSize): number {
  return service.overheadMs + (promptTokens * 1000) / service.promptTokensPerSecond;
}

/** Time of a copy that a request takes in all, milliseconds. */
export function requestWorkMs(service: ServiceModel, size: RequestSize): number {
  const batch = Math.max(1, Math.min(batchTypical, service.sequencesMax));
  const perToken = service.stepMs / batch + service.stepMsPerSequence;
  return (size.promptTokens * 1000) / service.promptTokensPerSecond + size.generatedTokens * perToken;
}

/**
 * The fewest copies with which a request waits longer than `waitMs` with a probability of at most `exceed`: the tail of
 * the wait in M/M/c is `C(c, a) * exp(-(c - a) * t / work)` (Erlang's C formula with the offered load `a`), stretched for
 * uneven arrivals and sizes by `(dispersion + variation) / 2` (Allen and Cunneen's rule, Kingman's for one server). Rates
 * per second, times in milliseconds; 0 when nothing comes.
 */
export function copiesFor(
  rate: number,
  workMs: number,
  waitMs: number,
  exceed: number,
  dispersion: number,
): number {
  const load = (rate * workMs) / 1000;
  if (!(load > 0)) return 0;
  const stretch = (dispersion + serviceVariation) / 2;
  const least = Math.max(1, Math.ceil(load / utilizationMax));
  for (let copies = least; copies < copiesMax; copies++) {
    const tail = Math.exp(-((copies - load) * Math.max(0, waitMs)) / (workMs * stretch));
    if (erlangC(copies, load) * tail <= exceed) return copies;
  }
  return copiesMax;
}

/** The probability that a request has to wait: Erlang's C, from his B by its recursion. `load` < `copies`. */
export function erlangC(copies: number, load: number): number {
  let blocked = 1;
  for (let count = 1; count <= copies; count++) blocked = (load * blocked) / (count + load * blocked);
  const utilization = load / copies;
  return blocked / (1 - utilization * (1 - blocked));
}
