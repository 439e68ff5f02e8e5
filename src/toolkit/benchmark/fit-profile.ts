/**
 * What one copy does, from calls of known sizes that a client timed. Straight lines by Theil and Sen's estimator, the
 * median of the slopes of all pairs: a call that the machine disturbed does not move it. Pure.
 */
import type { ServiceModel } from '../../domain/service-profile.js';

export interface ProfileSample {
  /** Calls that were open at the same time, this one included. */
  readonly sequences: number;
  readonly promptTokens: number;
  readonly firstTokenMs: number;
  /** Between two tokens after the first; null = there were no two. */
  readonly tokenMs: number | null;
}

/** Samples to fit by; more are not looked at. */
const samplesMax = 500;
/** What is not to be told from nothing, so that rates stay finite. */
const promptTokenMsMin = 1e-4;

/** `sequencesMax`: as many calls as were open at most. Throws nothing; without samples all times are 0. */
export function fitServiceModel(samples: readonly ProfileSample[], sequencesMax: number): ServiceModel {
  const some = samples.slice(0, samplesMax);
  const alone = some.filter(({ sequences }) => sequences === 1);
  const prompts = line(alone.map(({ promptTokens, firstTokenMs }) => [promptTokens, firstTokenMs]));
  const steps = line(
    some.flatMap(({ sequences, tokenMs }) => (tokenMs === null ? [] : [[sequences, tokenMs] as const])),
  );
  return {
    sequencesMax,
    overheadMs: Math.max(0, prompts.at),
    promptTokensPerSecond: 1000 / Math.max(promptTokenMsMin, prompts.slope),
    stepMs: Math.max(0, steps.at),
    stepMsPerSequence: Math.max(0, steps.slope),
  };
}

/** The value at zero and the slope. */
function line(points: readonly (readonly [number, number])[]): {
  readonly at: number;
  readonly slope: number;
} {
  const slopes: number[] = [];
  for (const [index, [x, y]] of points.entries()) {
    for (const [otherX, otherY] of points.slice(index + 1)) {
      if (otherX !== x) slopes.push((otherY - y) / (otherX - x));
    }
  }
  const slope = Math.max(0, median(slopes));
  return { at: median(points.map(([x, y]) => y - slope * x)), slope };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
