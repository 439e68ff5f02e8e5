import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateMemory } from './model-memory.js';

const sevenBillion = {
  tensorBytes: 4_080_000_000,
  kvElementsPerToken: 32 * 8 * (128 + 128),
  embeddingLength: 4096,
  feedForwardLength: 14_336,
  headCount: 32,
  vocabularySize: 32_000,
};
const gibibyte = 1024 ** 3;

test('a 7B model at four bits with 8 sequences of 4,096 tokens needs its weights, 4 GiB of KV cache and less than 1 GiB more', () => {
  const estimate = estimateMemory(sevenBillion, {
    sequencesMax: 8,
    sequenceTokensMax: 4096,
    stepTokensMax: 512,
  });
  expect(estimate.kvBytes).toBe(4 * gibibyte);
  expect(estimate.weightsBytes).toBe(4_080_000_000);
  expect(estimate.computeBytes).toBeGreaterThan(0.2 * gibibyte);
  expect(estimate.computeBytes).toBeLessThan(gibibyte);
  expect(estimate.totalBytes).toBe(estimate.weightsBytes + estimate.kvBytes + estimate.computeBytes);
});

test('more of anything never needs less', () => {
  const batch = fc.record({
    sequencesMax: fc.integer({ min: 1, max: 256 }),
    sequenceTokensMax: fc.integer({ min: 16, max: 131_072 }),
    stepTokensMax: fc.integer({ min: 16, max: 8192 }),
  });
  const grown = fc.constantFrom('sequencesMax', 'sequenceTokensMax', 'stepTokensMax');
  fc.assert(
    fc.property(batch, grown, (small, part) => {
      const large = { ...small, [part]: small[part] * 2 };
      const before = estimateMemory(sevenBillion, small).totalBytes;
      expect(estimateMemory(sevenBillion, large).totalBytes).toBeGreaterThan(before);
    }),
  );
});
