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
const mebibyte = 1024 ** 2;
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

test('what the engine says it allocates for a small model lies below the estimate, and the KV cache is exact', () => {
  const apexTarget = {
    tensorBytes: 9_321_472,
    kvElementsPerToken: 1792,
    embeddingLength: 256,
    feedForwardLength: 512,
    headCount: 4,
    vocabularySize: 2048,
  };
  const estimate = estimateMemory(apexTarget, {
    sequencesMax: 32,
    sequenceTokensMax: 1024,
    stepTokensMax: 512,
  });
  expect(estimate.kvBytes).toBe(112 * mebibyte); // "CPU KV buffer size = 112.00 MiB"
  const compute = estimate.computeBytes - 128 * mebibyte;
  expect(compute).toBeGreaterThan(13.26 * mebibyte); // compute 13.01 MiB without flash attention, output 0.25 MiB
  expect(compute).toBeLessThan(2 * 13.26 * mebibyte);
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
      expect(estimateMemory(sevenBillion, large).totalBytes).toBeGreaterThanOrEqual(before);
    }),
  );
});
