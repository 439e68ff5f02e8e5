/**
 * How long a request's first token would take on a copy, from what serving has measured of that copy. The model is that
 * of a prefill queue: what was given before is computed first, then the part of the prompt that the copy does not have,
 * then one step; a request for which there is no place waits until others end.
 */

/** What is known of one copy when a request is to be routed. One object for each copy, written anew for each request. */
export interface FirstTokenTerms {
  /** Prompt tokens of this request that the copy has to compute, ≥ 0. */
  newTokens: number;
  /** Prompt tokens given to it before whose first token has not come, ≥ 0. */
  tokensAhead: number;
  /** Milliseconds for one prompt token, > 0. */
  msPerToken: number;
  /** Milliseconds of one step, ≥ 0. */
  stepMs: number;
  /** Requests that it computes at once, ≥ 1. */
  places: number;
  /** Milliseconds from a request's hand-over to its end, ≥ 0. */
  requestMs: number;
}

/** Milliseconds; `outstanding`: requests that the copy has. */
export function expectedFirstTokenMs(terms: FirstTokenTerms, outstanding: number): number {
  const { newTokens, tokensAhead, msPerToken, stepMs, places, requestMs } = terms;
  const before = Math.max(0, outstanding - places + 1);
  // A step takes the longer the more sequences are in it; at most twice as long when all places are taken.
  const step = stepMs * (1 + Math.min(1, outstanding / places));
  return (tokensAhead + newTokens) * msPerToken + step + (before * requestMs) / places;
}

/** Half the score is lost at this, milliseconds. */
const halfScoreMs = 1000;

/** (0, 1]: 1 at once, less the longer it takes. */
export function firstTokenScore(terms: FirstTokenTerms, outstanding: number): number {
  return halfScoreMs / (halfScoreMs + expectedFirstTokenMs(terms, outstanding));
}
