/** How many requests will come: an upper estimate from what came lately, and how unevenly it came. */
import type { LoadPoint } from './situation.js';

/** Windows that the rate is taken over, milliseconds: what rises is seen in the short one, what lasts in the long one. */
const shortWindowMs = 30_000;
const longWindowMs = 300_000;
/** A rise is not believed to go on beyond this factor of what is there. */
const riseMax = 2;
/** Arrivals of a point in a burst are not without bound for the estimate: variance over mean. */
const dispersionMax = 16;

export interface RateForecast {
  /** Requests a second that are expected: the larger of the two windows' means. */
  readonly mean: number;
  /** Requests a second over the time ahead that are exceeded with probability `1 - share` only. */
  readonly upper: number;
  /** Variance of the arrivals of a point over their mean, ≥ 1: 1 = Poisson. */
  readonly dispersion: number;
}

/**
 * Arrivals of one point's length have mean `m = rate * length` and variance `dispersion * m`; the upper estimate is the
 * normal quantile of that. What rises is taken to rise on, as far as the last 30 s exceed the 30 s before by more than
 * chance would. Points that are missing had no arrival. `now` may be in the middle of the newest point.
 */
export function forecastRate(
  points: readonly LoadPoint[],
  pointSeconds: number,
  now: number,
  aheadMs: number,
  share: number,
): RateForecast {
  const pointMs = pointSeconds * 1000;
  const short = meanRate(points, pointMs, now, shortWindowMs);
  const long = meanRate(points, pointMs, now, longWindowMs);
  const dispersion = dispersionOf(points, pointMs, now, longWindowMs);
  const seconds = shortWindowMs / 1000;
  const before = Math.max(0, 2 * meanRate(points, pointMs, now, 2 * shortWindowMs) - short);
  const chance = normalQuantile(share) * Math.sqrt((dispersion * (short + before)) / seconds);
  const rise = Math.max(0, short - before - chance) * (aheadMs / shortWindowMs);
  const mean = Math.max(short + Math.min(rise, short * (riseMax - 1)), long);
  const upper = mean + normalQuantile(share) * Math.sqrt((dispersion * mean) / pointSeconds);
  return { mean, upper, dispersion };
}

/** Requests a second over the last `windowMs`; the window begins with the first point when that is younger. */
function meanRate(points: readonly LoadPoint[], pointMs: number, now: number, windowMs: number): number {
  const from = now - windowMs;
  let arrivals = 0;
  for (let index = points.length - 1; index >= 0; index--) {
    const { at, arrivals: count } = points[index]!;
    if (at <= from) break;
    // Of the point that the window begins in, only the part within.
    arrivals += count * Math.min(1, (at - from) / pointMs);
  }
  const first = points[0];
  const known = first === undefined ? windowMs : now - (first.at - pointMs);
  return arrivals / (Math.max(pointMs, Math.min(windowMs, known)) / 1000);
}

function dispersionOf(points: readonly LoadPoint[], pointMs: number, now: number, windowMs: number): number {
  const from = now - windowMs;
  let sum = 0;
  let squares = 0;
  for (let index = points.length - 1; index >= 0; index--) {
    const { at, arrivals } = points[index]!;
    if (at <= from || at > now) {
      if (at <= from) break;
      continue; // it has not ended
    }
    sum += arrivals;
    squares += arrivals * arrivals;
  }
  const count = Math.max(1, Math.floor(windowMs / pointMs));
  const mean = sum / count;
  if (mean === 0) return 1;
  return Math.min(dispersionMax, Math.max(1, (squares / count - mean * mean) / mean));
}

/**
 * The standard normal quantile for (0.5, 1): Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23; off by
 * at most 0.00045. Below one half: 0.
 */
export function normalQuantile(share: number): number {
  if (share <= 0.5) return 0;
  const t = Math.sqrt(-2 * Math.log(Math.max(1e-9, 1 - share)));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  return t - above / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}
