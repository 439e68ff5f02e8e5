/** Embeddings and scores, for models that are made for them. */
import type { LlamaModel } from '../../adapters/engine/llama-cpp/model.js';
import type { Runner } from '../../worker/runner.js';
import type { Making } from './making.js';

/** Null when the model generates text. */
export async function makeEmbeddingRunner(_making: Making, _model: LlamaModel): Promise<Runner | null> {
  return null;
}
