/**
 * How many copies hold the objective at least cost. Out: as soon as the load that is expected by the time a new copy is
 * there, or the requests that will still wait then, need one more. In: only when no moment of the time that a start is
 * worth needed what is there. To zero: after the time that `keepAliveMs` says.
 */
import { copiesFor, firstTokenWorkMs, requestWorkMs, type RequestSize } from './copies-for.js';
import { keepAliveMs } from './keep-alive.js';
import { forecastRate } from './rate.js';
import type { CapacityWish, LoadPoint, SloSituation } from './situation.js';

/** From one look to the next; a copy that is asked for takes that and its cold start. */
const lookMs = 10_000;
/** Of the objective: the wait that copies are planned for. The rest is for prompts longer than the average. */
const waitShare = 0.5;
/** Copies stay at least so long after they were needed; at most. */
export const stayMsMin = 20_000;
const stayMsMax = 600_000;
/** A start is worth so many times its own length. */
const stayFactor = 2;
/** The model is believed within this factor of what is measured: neighbours on the same accelerator slow a copy down. */
const correctionMax = 4;
/** Answers of the last so many milliseconds say whether the model is right. */
const correctionWindowMs = 30_000;
/** What is asked of a workload of which no request has ended. */
const sizeUnknown: RequestSize = { promptTokens: 512, generatedTokens: 64 };

export function sloWish(situation: SloSituation): CapacityWish {
  const { copies, ready, inFlight, queued, held, idleMs, service } = situation;
  const open = inFlight + queued + held;
  // What came before says that more will come, and not when: from zero, requests bring the first copy.
  if (open === 0 && copies === 0) return { capacity: 0, reason: 'nothing asks for a copy' };
  const size = meanSize(situation.points);
  if (open === 0 && copies > 0) {
    const gone = leave(situation, size);
    if (gone !== null) return gone;
  }
  const need = neededNow(situation, size);
  if (need > copies) {
    return {
      capacity: need,
      reason: `${open} requests are open on ${ready} copies and ${rateText(situation)}: ${need} copies hold ${situation.firstTokenMs} ms`,
    };
  }
  const least = Math.max(1, need);
  if (least >= copies) return { capacity: copies, reason: `${copies} copies hold the objective` };
  const stay = stayMs(situation);
  const recent = neededLately(situation, size, stay);
  const capacity = Math.min(copies, Math.max(least, recent));
  if (capacity === copies) return { capacity, reason: `${copies} copies were needed within ${stay} ms` };
  const idle = idleMs > 0 ? `, idle for ${idleMs} ms` : '';
  return {
    capacity,
    reason: `${capacity} of ${copies} copies were enough for ${stay} ms (${service.sequencesMax} sequences each)${idle}`,
  };
}

/** Null: it stays. */
function leave(situation: SloSituation, size: RequestSize): CapacityWish | null {
  const { min, points, pointSeconds, coldStartMs, share, firstTokenMs, service, idleMs } = situation;
  const { idleCostShare = 1 } = situation;
  if (min > 0) return null;
  const isColdMissed = coldStartMs + firstTokenWorkMs(service, size) > firstTokenMs;
  const keep = keepAliveMs({ points, pointSeconds, coldStartMs, idleCostShare, share, isColdMissed });
  if (idleMs < keep) return null;
  return { capacity: 0, reason: `idle for ${idleMs} ms; a copy is worth keeping for ${keep} ms` };
}

function neededNow(situation: SloSituation, size: RequestSize): number {
  const { now, points, ready, queued, held, service, coldStartMs, firstTokenMs } = situation;
  const byRate = neededAt(situation, points, now, size);
  const { mean } = forecastRate(points, situation.pointSeconds, now, coldStartMs + lookMs, situation.share);
  const backlog = queued + held + unbegun(situation, size, mean);
  if (backlog === 0) return byRate;
  const workMs = firstTokenWorkMs(service, size) * correction(situation, size);
  const load = (mean * requestWorkMs(service, size)) / 1000;
  // What is there works on it until a new copy could: more of them help only with what is left then.
  const left = Math.max(0, backlog * workMs + (load - ready) * coldStartMs);
  // Who waits now has waited for the start by then. Where a start takes longer than the objective allows they are late
  // whatever is done: copies for them are worth no more than a start's own time.
  const catchUpMs = Math.max(workMs, coldStartMs, (firstTokenMs - coldStartMs) * waitShare);
  const catchUp = Math.ceil(load + left / catchUpMs);
  return Math.max(byRate, left > 0 || ready === 0 ? catchUp : 0, 1);
}

/** Requests in flight whose prompts wait inside their copy: all but those that generate, by Little's law, and one a copy. */
function unbegun({ inFlight, ready, service }: SloSituation, size: RequestSize, rate: number): number {
  const perCopy = Math.min(service.sequencesMax, inFlight / Math.max(1, ready));
  const generationMs = size.generatedTokens * (service.stepMs + perCopy * service.stepMsPerSequence);
  return Math.max(0, inFlight - ready - (rate * generationMs) / 1000);
}

/**
 * How much slower copies are than the model says, 1..4, from the first tokens of the last answers: what shares an
 * accelerator with others is slower than it was measured. A cold start explains what it takes.
 */
function correction(situation: SloSituation, size: RequestSize): number {
  const { now, points, copies, ready, firstTokenMs, coldStartMs, service } = situation;
  if (ready < copies) return 1;
  const explained = Math.max(firstTokenMs, coldStartMs + firstTokenWorkMs(service, size));
  let worst = 0;
  for (let index = points.length - 1; index >= 0; index--) {
    const { at, firstTokenP95Ms } = points[index]!;
    if (at <= now - correctionWindowMs) break;
    worst = Math.max(worst, firstTokenP95Ms ?? 0);
  }
  return Math.min(correctionMax, Math.max(1, worst / explained));
}

/** By the rate as it was known at `at`. */
function neededAt(
  situation: SloSituation,
  points: readonly LoadPoint[],
  at: number,
  size: RequestSize,
): number {
  const { pointSeconds, coldStartMs, share, firstTokenMs, service } = situation;
  const { mean, dispersion } = forecastRate(points, pointSeconds, at, coldStartMs + lookMs, share);
  const slower = at === situation.now ? correction(situation, size) : 1;
  const waitMs = Math.max(0, firstTokenMs - firstTokenWorkMs(service, size) * slower) * waitShare;
  return copiesFor(mean, requestWorkMs(service, size) * slower, waitMs, 1 - share, dispersion);
}

/** The most that was needed at the end of any point of the last `stay` milliseconds. */
function neededLately(situation: SloSituation, size: RequestSize, stay: number): number {
  const { points, now } = situation;
  let most = 0;
  for (let end = points.length; end > 0 && points[end - 1]!.at > now - stay; end--) {
    const at = Math.min(now, points[end - 1]!.at);
    most = Math.max(most, neededAt(situation, points.slice(0, end), at, size));
  }
  return most;
}

/** How long a copy stays that is not needed: as long as a start costs, more where its idling costs little. */
function stayMs({ coldStartMs, idleCostShare = 1 }: SloSituation): number {
  const worth = (coldStartMs * stayFactor) / Math.max(0.01, idleCostShare);
  return Math.round(Math.min(stayMsMax, Math.max(stayMsMin, worth)));
}

/** Of the requests that ended. */
function meanSize(points: readonly LoadPoint[]): RequestSize {
  let arrivals = 0;
  let promptTokens = 0;
  let generatedTokens = 0;
  for (const point of points) {
    arrivals += point.arrivals;
    promptTokens += point.promptTokens;
    generatedTokens += point.generatedTokens;
  }
  if (arrivals === 0 || promptTokens + generatedTokens === 0) return sizeUnknown;
  return { promptTokens: promptTokens / arrivals, generatedTokens: generatedTokens / arrivals };
}

function rateText({ points, pointSeconds, now, coldStartMs, share }: SloSituation): string {
  const { mean, upper } = forecastRate(points, pointSeconds, now, coldStartMs + lookMs, share);
  return `${mean.toFixed(2)} a second come (at most ${upper.toFixed(2)})`;
}
