import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchSize, fairPercent, oldCountBackward, oldCountForward, sizePercent } from './batches.js';

describe('a size', () => {
  it.each([
    ['CAPACITY_PERCENT', 10, 25, 3],
    ['CAPACITY_PERCENT', 5, 2, 1],
    ['CAPACITY_PERCENT', 50, 7, 4],
    ['CAPACITY_PERCENT', 100, 7, 7],
    ['INSTANCE_COUNT', 3, 7, 3],
    ['INSTANCE_COUNT', 9, 7, 7],
    ['COPY_COUNT', 2, 0, 1],
  ] as const)('of %s %i is of %i units %i', (type, value, total, units) => {
    expect(batchSize({ type, value }, total)).toBe(units);
  });

  it('that nobody gave is everything', () => {
    expect(batchSize(undefined, 7)).toBe(7);
    expect(sizePercent(undefined, 7)).toBe(100);
  });

  it.each([
    ['CAPACITY_PERCENT', 10, 25, 10],
    ['INSTANCE_COUNT', 1, 3, 34],
    ['INSTANCE_COUNT', 5, 3, 100],
    ['INSTANCE_COUNT', 1, 0, 100],
    ['INSTANCE_COUNT', 1, 1000, 1],
  ] as const)('of %s %i is of %i units %i percent', (type, value, total, percent) => {
    expect(sizePercent({ type, value }, total)).toBe(percent);
  });
});

it('both sides together never have less than the smaller side, forward or back', () => {
  const total = fc.integer({ min: 0, max: 50 });
  fc.assert(
    fc.property(total, total, fc.integer({ min: 1, max: 50 }), (oldTotal, newTotal, batch) => {
      for (let step = 0; step * batch < newTotal + batch; step++) {
        const baked = Math.min(newTotal, step * batch);
        const enough = Math.min(oldTotal, newTotal);
        expect(oldCountForward(oldTotal, newTotal, baked) + baked).toBeGreaterThanOrEqual(enough);
        expect(oldCountBackward(oldTotal, baked, batch) + baked).toBeGreaterThanOrEqual(oldTotal);
        // Turning round takes away nothing that was there.
        if (baked < newTotal) {
          expect(oldCountBackward(oldTotal, baked, batch)).toBeGreaterThanOrEqual(
            oldCountForward(oldTotal, newTotal, baked),
          );
        }
        // One batch back is covered by the old ones that came before it.
        const less = Math.max(0, baked - batch);
        if (baked > 0) {
          expect(oldCountBackward(oldTotal, baked, batch) + less).toBeGreaterThanOrEqual(oldTotal);
        }
      }
    }),
  );
});

it('traffic is fair', () => {
  expect(fairPercent(1, 3)).toBe(25);
  expect(fairPercent(0, 3)).toBe(0);
  expect(fairPercent(0, 0)).toBe(100);
});
