/** How long texts for embeddings and rankings may be, and what is done with longer ones. */
import type { Fields } from '../json-body/fields.js';
import { tokenIdMax } from '../json-body/sampling.js';

/** As many tokens as the model takes. */
const asManyAsFit = -1;

/**
 * `truncate_prompt_tokens` as vLLM has it (-1 = as many as fit) and `truncate: true` as text-embeddings-inference has
 * it: a longer text loses its end. Null: longer texts are refused. Throws REQ-210.
 */
export function textTokensMaxOf(body: Fields): number | null {
  const tokens = body.integer('truncate_prompt_tokens', asManyAsFit, tokenIdMax);
  if (tokens === 0) throw body.bad('truncate_prompt_tokens', 'must be -1 or at least 1');
  if (tokens !== null) return tokens === asManyAsFit ? tokenIdMax : tokens;
  return body.boolean('truncate') === true ? tokenIdMax : null;
}
