/**
 * How long the last copy stays without a request. Renting or buying: keeping it costs its memory all the time, letting
 * it go costs a cold start when the next request comes, and that request may miss the objective. With few gaps known the
 * copy stays as long as a start would have cost (never more than twice what knowing the future would cost: Karlin,
 * Manasse, Rudolph and Sleator 1988, "Competitive snoopy caching"); with enough of them it stays as long as was cheapest
 * for the gaps of the last hour (after Shahrad et al. 2020, "Serverless in the Wild").
 */
import type { LoadPoint } from './situation.js';

/** Fewer gaps say nothing. */
const gapsMin = 8;
/** No copy is kept longer than this, unless its objective forbids to let it go. */
const keepMsMax = 3_600_000;
/** Nor let go earlier: requests that follow each other must not meet a start each. */
const keepMsMin = 5_000;
/** A start costs more than its time: it takes memory bandwidth and disk from others. */
const startCostFactor = 2;
/** Of the requests that may miss the objective, so many may do so because of a cold start. */
const coldPart = 0.5;
/** Candidates beside the gaps themselves, milliseconds. */
const keepChoices = [
  5_000,
  10_000,
  20_000,
  30_000,
  60_000,
  120_000,
  300_000,
  600_000,
  1_200_000,
  2_400_000,
  keepMsMax,
];

export interface KeepAliveQuestion {
  readonly points: readonly LoadPoint[];
  readonly pointSeconds: number;
  readonly coldStartMs: number;
  /** 0..1, see `SloSituation.idleCostShare`. */
  readonly idleCostShare: number;
  /** The objective's share. */
  readonly share: number;
  /** A request that waits for a cold start misses the objective. */
  readonly isColdMissed: boolean;
}

/** Milliseconds; Infinity = letting it go would break the objective. */
export function keepAliveMs(question: KeepAliveQuestion): number {
  const { points, pointSeconds, coldStartMs, idleCostShare } = question;
  const startCost = coldStartMs * startCostFactor;
  const breakEven = clamp(idleCostShare > 0 ? startCost / idleCostShare : keepMsMax);
  const gaps = gapsOf(points, pointSeconds * 1000);
  if (gaps.length < gapsMin) return question.isColdMissed ? Math.max(breakEven, keepUnknownMs) : breakEven;
  // Gaps within a point are not seen, so that what they would cost is not known: never below what is right without them.
  const least = Math.min(breakEven, startCost);
  const allowed = keepChoices.filter((keep) => keep >= least && isWithinBudget(gaps, keep, question));
  if (allowed.length === 0) return question.isColdMissed ? Infinity : breakEven;
  let best = allowed[0]!;
  let bestCost = Infinity;
  for (const keep of allowed) {
    const cost = costOf(gaps, keep, idleCostShare, startCost);
    if (cost < bestCost) [best, bestCost] = [keep, cost];
  }
  return best;
}

/** While its gaps are not known, a copy whose cold start would miss the objective stays at least so long. */
const keepUnknownMs = 300_000;

interface Gap {
  readonly ms: number;
  /** Requests that came in the point that ended it, and that point's length. */
  readonly arrivals: number;
  readonly pointMs: number;
}

/** Stretches without a request between points that had some; a gap is known to within a point. */
function gapsOf(points: readonly LoadPoint[], pointMs: number): Gap[] {
  const gaps: Gap[] = [];
  let last: number | null = null;
  for (const { at, arrivals } of points) {
    if (arrivals === 0) continue;
    const ms = last === null ? 0 : at - last - pointMs;
    if (ms > 0) gaps.push({ ms, arrivals, pointMs });
    last = at;
  }
  return gaps;
}

/** What keeping it so long would have cost over these gaps, in milliseconds of a copy. */
function costOf(gaps: readonly Gap[], keepMs: number, idleCostShare: number, startCost: number): number {
  let cost = 0;
  for (const { ms } of gaps) cost += Math.min(ms, keepMs) * idleCostShare + (ms > keepMs ? startCost : 0);
  return cost;
}

/** The requests that would have met a cold start are few enough. */
function isWithinBudget(
  gaps: readonly Gap[],
  keepMs: number,
  { points, coldStartMs, share, isColdMissed }: KeepAliveQuestion,
): boolean {
  if (!isColdMissed) return true;
  const total = points.reduce((sum, { arrivals }) => sum + arrivals, 0);
  let cold = 0;
  for (const { ms, arrivals, pointMs } of gaps) {
    if (ms > keepMs) cold += Math.max(1, arrivals * Math.min(1, coldStartMs / pointMs));
  }
  return cold <= total * (1 - share) * coldPart;
}

function clamp(ms: number): number {
  return Math.min(keepMsMax, Math.max(keepMsMin, ms));
}
