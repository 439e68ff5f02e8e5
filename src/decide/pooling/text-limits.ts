/** How long a text for an embedding or a ranking may be, and how many tokens one batch of texts may have. */
import type { ComponentOptions } from '../../domain/component-options.js';

/**
 * Tokens of a text where `max_model_len` does not say. A whole batch is computed at once, and the library reserves
 * memory for the longest that may come: of a model with a vocabulary of 150,000 more than a gigabyte for these.
 */
const textTokensDefault = 2048;

export interface TextLimits {
  /** Tokens of one text. */
  readonly textTokensMax: number;
  /** Tokens of a batch, of which a text may take all. */
  readonly batchTokensMax: number;
}

/** `trainedTokens`: as many as the model was trained for; beyond them it has no positions. */
export function textLimits(
  { modelTokensMax, stepTokensMax }: Pick<ComponentOptions, 'modelTokensMax' | 'stepTokensMax'>,
  trainedTokens: number,
): TextLimits {
  const wanted = modelTokensMax === 0 ? textTokensDefault : modelTokensMax;
  const textTokensMax = Math.min(wanted, trainedTokens);
  return { textTokensMax, batchTokensMax: Math.max(stepTokensMax, textTokensMax) };
}
