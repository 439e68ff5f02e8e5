/**
 * The least accelerator time with which the objective could have been held by somebody who knew the whole trace: a
 * bound that no policy can beat, not a policy.
 *
 * What it may do that nobody else can: it knows each request beforehand, so accelerators are ready when they are needed
 * (their starts are paid, not waited for); each model is on each accelerator, without memory or cold starts; work is
 * fluid, so that a request is computed by all accelerators at once; answers are generated in full batches. What binds
 * it: requests are computed in the order in which they came; whole accelerators; a start is paid as everybody pays it;
 * everything is computed in the end; at most 5 % of the first tokens are later than the objective.
 *
 * Dynamic programming over seconds with the state (accelerators, work that waits); lateness has a price, and of all
 * prices the one with the largest bound counts (Lagrange: for any price >= 0, the least of `time + price * (late -
 * allowed)` is at most the least time with `late <= allowed`). Work is counted in quarters of an accelerator's second.
 */
import type { ServiceModel } from '../../src/domain/service-profile.js';
import type { ForecastRequest } from '../../src/toolkit/forecast/forecast-input.js';

const quantaPerSecond = 4;
/** More than this never waits in a good schedule: accelerator-seconds. */
const backlogSecondsMax = 60;
const acceleratorsMax = 10;
const priceRounds = 14;

export interface OracleBound {
  /** No schedule needs less. */
  readonly hoursMin: number;
  /** The best schedule that was found for the relaxed problem, and the share of its late requests. */
  readonly hoursFound: number;
  readonly lateShare: number;
}

export interface OracleQuestion {
  readonly requests: readonly ForecastRequest[];
  readonly durationMs: number;
  readonly service: ServiceModel;
  readonly firstTokenMs: number;
  readonly share: number;
  readonly instanceStartMs: number;
}

export function oracleBound(question: OracleQuestion): OracleBound {
  const { requests, durationMs, share, firstTokenMs } = question;
  const seconds = Math.ceil(durationMs / 1000) + 1;
  const counts = new Float64Array(seconds);
  for (const { atMs } of requests) counts[Math.floor(atMs / 1000)]!++;
  const problem: Problem = {
    seconds,
    counts,
    work: workOf(question, seconds),
    waitSeconds: Math.ceil(firstTokenMs / 1000),
    startSeconds: question.instanceStartMs / 1000,
  };
  const allowed = requests.length * (1 - share);
  let low = 0;
  let high = 1_000;
  let hoursMin = 0;
  let found = { seconds: Infinity, late: 0 };
  for (let round = 0; round < priceRounds; round++) {
    const price = round === 0 ? high : Math.sqrt(Math.max(1e-3, low) * high);
    const best = schedule(problem, price);
    hoursMin = Math.max(hoursMin, best.seconds + price * (best.late - allowed));
    if (best.late > allowed) low = price;
    else {
      high = price;
      if (best.seconds < found.seconds) found = best;
    }
  }
  return {
    hoursMin: hoursMin / 3600,
    hoursFound: found.seconds / 3600,
    lateShare: found.late / requests.length,
  };
}

interface Problem {
  readonly seconds: number;
  /** Requests, and quanta of work, by second of arrival. */
  readonly counts: Float64Array;
  readonly work: Int32Array;
  readonly waitSeconds: number;
  readonly startSeconds: number;
}

/** Whole quanta: what is rounded off one second is carried into the next. */
function workOf({ requests, service }: OracleQuestion, seconds: number): Int32Array {
  const exact = new Float64Array(seconds);
  const perToken = service.stepMs / service.sequencesMax + service.stepMsPerSequence;
  for (const { atMs, promptTokens, outputTokens } of requests) {
    const ms = (promptTokens * 1000) / service.promptTokensPerSecond + outputTokens * perToken;
    exact[Math.floor(atMs / 1000)]! += (ms / 1000) * quantaPerSecond;
  }
  const work = new Int32Array(seconds);
  let carry = 0;
  for (let second = 0; second < seconds; second++) {
    carry += exact[second]!;
    work[second] = Math.floor(carry);
    carry -= work[second]!;
  }
  return work;
}

/** The least of time + price * late, and what of both it consists of. */
function schedule(problem: Problem, price: number): { readonly seconds: number; readonly late: number } {
  const { seconds, counts, work, waitSeconds, startSeconds } = problem;
  const levels = backlogSecondsMax * quantaPerSecond + 1;
  const states = (acceleratorsMax + 1) * levels;
  let cost = new Float64Array(states).fill(Infinity);
  let late = new Float64Array(states);
  cost[0] = 0;
  const came = new Float64Array(seconds + 1);
  for (let second = 0; second < seconds; second++) came[second + 1] = came[second]! + work[second]!;
  for (let second = 0; second < seconds; second++) {
    const next = new Float64Array(states).fill(Infinity);
    const nextLate = new Float64Array(states);
    const due = second - waitSeconds;
    // Work that came after those that are due now: what waits beyond that is theirs, and late.
    const younger = came[second + 1]! - came[Math.max(0, due + 1)]!;
    const dueWork = due < 0 ? 0 : work[due]!;
    const dueCount = due < 0 ? 0 : counts[due]!;
    for (let level = 0; level < levels; level++) {
      const all = level + work[second]!;
      for (let to = 0; to <= acceleratorsMax; to++) {
        const left = Math.max(0, all - to * quantaPerSecond);
        if (left >= levels) continue;
        let best = Infinity;
        let from = 0;
        for (let count = 0; count <= acceleratorsMax; count++) {
          const value = cost[count * levels + level]! + Math.max(0, to - count) * startSeconds;
          if (value < best) [best, from] = [value, count];
        }
        if (best === Infinity) continue;
        const over = dueCount === 0 ? 0 : Math.min(1, Math.max(0, (left - younger) / Math.max(1, dueWork)));
        const value = best + to + price * over * dueCount;
        const state = to * levels + left;
        if (value >= next[state]!) continue;
        next[state] = value;
        nextLate[state] = late[from * levels + level]! + over * dueCount;
      }
    }
    cost = next;
    late = nextLate;
  }
  let best = { total: Infinity, late: 0 };
  for (let state = 0; state < states; state++) {
    const total = cost[state]! + (state % levels) / quantaPerSecond;
    if (total < best.total) best = { total, late: late[state]! };
  }
  return { seconds: best.total - price * best.late, late: best.late };
}
