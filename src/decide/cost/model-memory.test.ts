import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FlashAttention, KvCacheType } from '../../domain/component-options.js';
import { estimateMemory, prefixRamBytes, type BatchShape } from './model-memory.js';

const plain = { hasMatrixTiles: false };
const tiled = { hasMatrixTiles: true };
const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

const sevenBillion = {
  tensorBytes: 4_080_000_000,
  embeddingBytes: 73_728_000,
  isOutputTied: false,
  eightBitBytes: 0,
  kvElementsPerToken: 32 * 8 * (128 + 128),
  blockCount: 32,
  embeddingLength: 4096,
  feedForwardLength: 14_336,
  headCount: 32,
  vocabularySize: 32_000,
  contextLength: 32_768,
};
/** The bench's model of 150 million parameters, f16. */
const random150m = {
  tensorBytes: 299_630_592,
  embeddingBytes: 49_152_000,
  isOutputTied: false,
  eightBitBytes: 0,
  kvElementsPerToken: 16 * 4 * (64 + 64),
  blockCount: 16,
  embeddingLength: 768,
  feedForwardLength: 2048,
  headCount: 12,
  vocabularySize: 32_000,
  contextLength: 4096,
};
const batch: BatchShape = {
  sequencesMax: 16,
  sequenceTokensMax: 512,
  stepTokensMax: 512,
  outputRowsMax: 16,
  kvCacheType: KvCacheType.F16,
  flashAttention: FlashAttention.Auto,
  prefixCacheBytesMax: 0,
};

test('a 7B model at four bits with 8 sequences of 4,096 tokens needs its weights, 4 GiB of KV cache and half a GiB more', () => {
  const estimate = estimateMemory(
    sevenBillion,
    { ...batch, sequencesMax: 8, sequenceTokensMax: 4096, outputRowsMax: 8 },
    plain,
  );
  expect(estimate.kvBytes).toBe(4 * gibibyte);
  expect(estimate.weightsBytes).toBe(4_080_000_000);
  const more = estimate.totalBytes - estimate.kvBytes - estimate.weightsBytes;
  expect(more).toBe(estimate.computeBytes + estimate.processBytes);
  expect(more).toBeGreaterThan(0.15 * gibibyte);
  expect(more).toBeLessThan(0.5 * gibibyte);
});

/** "KV buffer size", "output buffer size" and "compute buffer size" in llama.cpp's log, MiB. */
test.each<readonly [string, Partial<BatchShape>, { kv: number; output: number; compute: number }]>([
  ['16 sequences of 512 tokens', {}, { kv: 128, output: 1.95, compute: 18.51 }],
  ['one sequence', { sequencesMax: 1, outputRowsMax: 1 }, { kv: 8, output: 0.12, compute: 18.51 }],
  ['64 sequences', { sequencesMax: 64, outputRowsMax: 64 }, { kv: 512, output: 7.81, compute: 18.51 }],
  ['steps of 2,048 rows', { stepTokensMax: 2048 }, { kv: 128, output: 1.95, compute: 74.05 }],
  ['2,048 tokens each', { sequenceTokensMax: 2048 }, { kv: 512, output: 1.95, compute: 20.01 }],
  ['KV in 8 bits', { kvCacheType: KvCacheType.Q8 }, { kv: 68, output: 1.95, compute: 17.04 }],
  ['KV in 4 bits', { kvCacheType: KvCacheType.Q4 }, { kv: 36, output: 1.95, compute: 17.04 }],
  [
    'without flash attention',
    { flashAttention: FlashAttention.Off },
    { kv: 128, output: 1.95, compute: 21.51 },
  ],
  [
    '2,048 tokens each without flash attention',
    { flashAttention: FlashAttention.Off, sequenceTokensMax: 2048 },
    { kv: 512, output: 1.95, compute: 60.51 },
  ],
])('what the engine allocates is known before: %s', (_, change, said) => {
  const estimate = estimateMemory(random150m, { ...batch, ...change }, plain);
  expect(estimate.kvBytes / mebibyte).toBe(said.kv);
  const compute = estimate.computeBytes / mebibyte - said.output;
  expect(Math.abs(compute - said.compute)).toBeLessThan(1.6);
});

test('cells come in blocks of 256, and a length of 0 is the model’s own', () => {
  const kvOf = (change: Partial<BatchShape>) =>
    estimateMemory(random150m, { ...batch, ...change }, plain).kvBytes;
  expect(kvOf({ sequencesMax: 3, sequenceTokensMax: 300 })).toBe(
    kvOf({ sequencesMax: 3, sequenceTokensMax: 512 }),
  );
  expect(kvOf({ sequenceTokensMax: 0 })).toBe(kvOf({ sequenceTokensMax: 4096 }));
});

test('matrix tiles copy an output matrix that is the embeddings’, and make 8-bit weights grow by 4 bytes in 34', () => {
  const weightsOf = (change: Partial<typeof random150m>, machine: typeof plain) =>
    estimateMemory({ ...random150m, ...change }, batch, machine).weightsBytes;
  const { tensorBytes, embeddingBytes } = random150m;
  expect(weightsOf({}, tiled)).toBe(tensorBytes);
  expect(weightsOf({ isOutputTied: true }, plain)).toBe(tensorBytes);
  expect(weightsOf({ isOutputTied: true }, tiled)).toBe(tensorBytes + embeddingBytes);
  expect(weightsOf({ eightBitBytes: 34_000 }, tiled)).toBe(tensorBytes + 4000);
});

test('more of anything never needs less', () => {
  const shapes = fc.record({
    sequencesMax: fc.integer({ min: 1, max: 256 }),
    sequenceTokensMax: fc.integer({ min: 16, max: 131_072 }),
    stepTokensMax: fc.integer({ min: 16, max: 8192 }),
    outputRowsMax: fc.integer({ min: 1, max: 1024 }),
    prefixCacheBytesMax: fc.nat(2 ** 32),
  });
  const grown = fc.constantFrom('sequenceTokensMax', 'stepTokensMax', 'outputRowsMax', 'prefixCacheBytesMax');
  const flashAttention = fc.constantFrom(FlashAttention.Auto, FlashAttention.Off);
  fc.assert(
    fc.property(shapes, grown, flashAttention, (shape, part, attention) => {
      const small = { ...batch, ...shape, flashAttention: attention };
      const large = { ...small, [part]: small[part] * 2 };
      const before = estimateMemory(sevenBillion, small, tiled).totalBytes;
      expect(estimateMemory(sevenBillion, large, tiled).totalBytes).toBeGreaterThanOrEqual(before);
    }),
  );
});

test('prefixes get what is left of the limit, less a tenth and one sequence’s image, and never less than nothing', () => {
  const room = { limitBytes: 1000, neededBytes: 500, imageBytes: 50 };
  expect(prefixRamBytes(room)).toBe(350);
  expect(prefixRamBytes({ ...room, neededBytes: 870 })).toBe(0);
});
