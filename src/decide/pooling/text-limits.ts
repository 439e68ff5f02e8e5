/** How long a text for an embedding or a ranking may be, and how many tokens one batch of texts may have. */
import type { ComponentOptions } from '../../domain/component-options.js';

/**
 * Tokens of a text where `max_model_len` does not say. A whole batch is computed at once, and the library reserves
 * memory for the longest that may come: of a model with a vocabulary of 150,000 more than a gigabyte for these.
 */
const textTokensDefault = 2048;

/**
 * More in a batch does not pay: encoders compute attention over the whole batch and mask what belongs to other texts
 * (22 million parameters, texts of 58 tokens: 512 was 1.1 and 1.8 times as fast as 2,048).
 */
const packedTokensAim = 512;

/** Tokens up to which short texts are put together. */
export function packedTokensMax({ stepTokensMax }: Pick<ComponentOptions, 'stepTokensMax'>): number {
  return Math.min(stepTokensMax, packedTokensAim);
}

export interface TextLimits {
  /** Tokens of one text. */
  readonly textTokensMax: number;
  /** Tokens of a batch, of which a text may take all. */
  readonly batchTokensMax: number;
}

/** `trainedTokens`: as many as the model was trained for; beyond them it has no positions. */
export function textLimits(
  options: Pick<ComponentOptions, 'modelTokensMax' | 'stepTokensMax'>,
  trainedTokens: number,
): TextLimits {
  const wanted = options.modelTokensMax === 0 ? textTokensDefault : options.modelTokensMax;
  const textTokensMax = Math.min(wanted, trainedTokens);
  return { textTokensMax, batchTokensMax: Math.max(packedTokensMax(options), textTokensMax) };
}
