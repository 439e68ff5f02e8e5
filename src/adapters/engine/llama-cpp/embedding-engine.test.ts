/** Against the library itself, with small models of random weights. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type BertPooling, ensureRandomBert } from '../../../../bench/models/random-bert.js';
import { Ability } from '../../../contracts/engine.js';
import { PoolingType } from '../../../decide/pooling/choose-task.js';
import { defaultComponentOptions, FlashAttention } from '../../../domain/component-options.js';
import { createEmbeddingEngine, type LlamaEmbeddingOptions } from './embedding-engine.js';
import { loadLlamaModel } from './model.js';

const folder = mkdtempSync(path.join(tmpdir(), 'stowage-embed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const causalModel = path.resolve(import.meta.dirname, '../../../../models/apex-draft-f16.gguf');
/** Words of every length that the vocabulary has, and a few it has not. */
const texts = [
  'list the accounts',
  'a',
  'insert the contact, then update the opportunity: if it fails, roll back!',
  'word '.repeat(60).trim(),
  'trigger AccountTrigger on Account (before insert)',
  'Ünïcödé and 漢字',
  'select id from contact where name = 12345',
];

async function engineOf(modelPath: string, changes: Partial<LlamaEmbeddingOptions>) {
  // With it the library takes another kernel for batches of 64 rows and more, which rounds otherwise.
  const options = { ...defaultComponentOptions, flashAttention: FlashAttention.Off };
  const model = await loadLlamaModel({
    modelPath,
    modelLabel: 'model',
    adapters: [],
    options,
    log: () => {},
    onLoading: () => {},
  });
  return createEmbeddingEngine(model, {
    ability: Ability.Embed,
    poolingType: PoolingType.Mean,
    textsMax: 8,
    textTokensMax: 256,
    batchTokensMax: 512,
    threads: 2,
    threadsMax: 2,
    options,
    ...changes,
  });
}

const bert = (pooling: BertPooling) => ensureRandomBert(folder, '2m', pooling);

/**
 * Of a vector's length: what rounding may change. Trained weights have some channels far larger than the rest, whose f16
 * products round coarsely; what another text would change is of the order of the length itself.
 */
const roundingOf = { random: 1e-5, trained: 1e-4 } as const;

const cases: readonly (readonly [string, string, Partial<LlamaEmbeddingOptions>])[] = [
  ['an encoder, mean of its tokens', bert('mean'), { poolingType: PoolingType.Mean }],
  ['an encoder, first token', bert('cls'), { poolingType: PoolingType.Cls }],
  [
    'an encoder with a ranking head',
    bert('rank'),
    { poolingType: PoolingType.Rank, ability: Ability.Rerank },
  ],
  ['a causal model, last token', causalModel, { poolingType: PoolingType.Last }],
  ['a causal model, mean of its tokens', causalModel, { poolingType: PoolingType.Mean }],
];

describe.each(cases)('vectors of %s', (_, file, changes) => {
  it('are the same in company as alone, and again after a sleep', async () => {
    const engine = await engineOf(file, changes);
    const rounding = file === causalModel ? roundingOf.trained : roundingOf.random;
    const { before, after } = engine.textFrame;
    const framed = texts.map((text) => [...before, ...engine.tokenize(text), ...after]);
    const together = await engine.compute(framed);
    await engine.sleep();
    await engine.wake();
    for (const [index, tokens] of framed.entries()) {
      const [alone] = await engine.compute([tokens]);
      expect(together[index]).toHaveLength(engine.width);
      expect(largestDifference(together[index]!, alone!)).toBeLessThan(rounding * lengthOf(alone!));
    }
    expect(new Set(together.map((vector) => vector.join())).size).toBe(texts.length);
    engine.close();
  });
});

describe('the form of texts', () => {
  it('is [CLS] text [SEP], and [CLS] query [SEP] document for BERT, as llama.cpp’s server has it', async () => {
    const engine = await engineOf(bert('rank'), { poolingType: PoolingType.Rank, ability: Ability.Rerank });
    const [cls, sep] = [engine.specialTokens.get('[CLS]'), engine.specialTokens.get('[SEP]')];
    expect(engine.textFrame).toEqual({ before: [cls], after: [sep] });
    expect(engine.pairForm).toEqual({ kind: 'joined', before: [cls], between: [sep], after: [] });
    expect(engine.tokenize('[CLS] a')).not.toContain(cls);
    engine.close();
  });
});

function lengthOf(vector: Float32Array): number {
  return Math.hypot(...vector);
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index]!)), 0);
}
