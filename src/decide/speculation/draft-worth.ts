/** Whether a draft model shall catch up with a sequence: what it saves must be more than what that costs. */
import type { StepPrices } from './choose-depths.js';

export interface DraftSituation {
  /** The chance that a drafted token is kept, in (0, 1). */
  readonly chance: number;
  /** Sequences that decode together. */
  readonly decoding: number;
  /** Tokens that may be drafted at once, ≥ 1. */
  readonly depthMax: number;
  /** Tokens that the answer is likely to have left. */
  readonly tokensLeft: number;
  /** Rows the draft model must compute first, ≥ 1. */
  readonly lag: number;
}

/** The saving must be so many times the cost of catching up. */
const marginMin = 1.2;
/** Rows behind that are no catching up: the tokens of the last step. */
const lagUsual = 2;

export function isDraftWorthIt(situation: DraftSituation, prices: StepPrices): boolean {
  const { chance, decoding, depthMax, tokensLeft, lag } = situation;
  const rowMs = prices.checking(decoding) / decoding;
  let best = 0;
  let kept = 0;
  for (let depth = 1; depth <= depthMax; depth++) {
    kept += chance ** depth;
    const checkMs = prices.checking(decoding + depth) - prices.checking(decoding);
    const savedMs = kept * rowMs - checkMs - depth * prices.drafting(1);
    best = Math.max(best, savedMs / (1 + kept));
  }
  const catchUpMs = lag <= lagUsual ? 0 : prices.drafting(lag);
  return best > 0 && best * tokensLeft > marginMin * catchUpMs;
}
