import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDistributions, binOf, binsMax, constantValue, type Distribution, valueOfBin } from './metric.js';

const empty: Distribution = { count: 0, sum: 0, min: 0, max: 0, bins: [] };

it('values however far apart come in a bounded number of bins, in order, and none is lost', () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, min: -1e108, max: 1e108 }),
    fc.tuple(fc.integer({ min: -27_000, max: 27_000 })).map(([bin]) => valueOfBin(bin)),
  );
  fc.assert(
    fc.property(fc.array(fc.array(value, { maxLength: 400 }), { maxLength: 6 }), (batches) => {
      const all = batches.flat();
      const together = batches
        .map((batch) => batch.map((one) => constantValue(one)).reduce(addDistributions, empty))
        .reduce(addDistributions, empty);
      expect(together.bins.length).toBeLessThanOrEqual(binsMax);
      expect(together.bins.reduce((sum, [, count]) => sum + count, 0)).toBe(all.length);
      const bins = together.bins.map(([bin]) => bin);
      expect(bins).toEqual([...new Set(bins)].sort((a, b) => a - b));
    }),
    { numRuns: 30 },
  );
});

it('27,000 bins are 256, and joined ones stay near their values', () => {
  let all = empty;
  for (let bin = -13_500; bin <= 13_500; bin++) all = addDistributions(all, constantValue(valueOfBin(bin)));
  expect(all.count).toBe(27_001);
  expect(all.bins.length).toBeLessThanOrEqual(binsMax);
  expect(Buffer.byteLength(JSON.stringify(all.bins))).toBeLessThan(8_192);
  // Three decades, as latencies have: 349 bins, joined two by two.
  let latencies = empty;
  for (let index = 0; index < 349; index++) {
    latencies = addDistributions(latencies, constantValue(1.02 ** index));
  }
  expect(latencies.bins.length).toBeGreaterThan(100);
  let seen = 0;
  for (const [bin, count] of latencies.bins) {
    seen += count;
    expect(Math.abs(bin - binOf(1.02 ** (seen - 1)))).toBeLessThanOrEqual(2);
  }
});
