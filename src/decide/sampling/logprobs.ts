/** Natural logarithms of probabilities under the model's own distribution. */
import { largest } from './largest.js';

export interface LogprobEntry {
  readonly token: number;
  readonly logprob: number;
}

export interface Logprobs {
  /** ln of the sum of all weights: a token's log-probability is its logit less this. */
  readonly normalizer: number;
  /** The likeliest tokens, likeliest first. */
  readonly top: readonly LogprobEntry[];
}

/** Reads log-probabilities off logits that nothing has adjusted yet. `topCount` 0..vocabulary. */
export function readLogprobs(logits: Float32Array, topCount: number): Logprobs {
  let peak = -Infinity;
  for (const logit of logits) if (logit > peak) peak = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - peak);
  const normalizer = peak + Math.log(sum);
  const likeliest = topCount === 0 ? [] : largest(logits, topCount);
  return { normalizer, top: likeliest.map((token) => ({ token, logprob: logits[token]! - normalizer })) };
}
