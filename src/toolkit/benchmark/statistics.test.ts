import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributionOf, percentile } from './statistics.js';

const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('a percentile', () => {
  it.each([
    [[7], 0.99, 7],
    [[1, 2], 0.5, 1.5],
    [[1, 2, 3, 4], 0.25, 1.75],
    [[1, 2, 3, 4, 5], 0.9, 4.6],
    [[0, 10], 1, 10],
    [[0, 10], 0, 0],
  ])('of %j at %d is %d, as NumPy says', (sorted, p, expected) => {
    expect(percentile(sorted, p)).toBeCloseTo(expected, 12);
  });
});

describe('a distribution', () => {
  it('is ordered, lies within its values, and counts them all', () => {
    fc.assert(
      fc.property(values, (numbers) => {
        const found = distributionOf(numbers);
        if (found === null) return expect.unreachable();
        const { min, p50, p90, p95, p99, max } = found;
        const steps = [min, p50, p90, p95, p99, max];
        // Straight lines between two equal numbers may round.
        for (const [index, step] of steps.entries()) {
          expect(step).toBeGreaterThanOrEqual((steps[index - 1] ?? min) - 1e-6);
        }
        expect([found.count, min, max]).toEqual([numbers.length, Math.min(...numbers), Math.max(...numbers)]);
        expect(found.mean).toBeGreaterThanOrEqual(min - 1e-6);
        expect(found.mean).toBeLessThanOrEqual(max + 1e-6);
      }),
    );
  });

  it('does not depend on the order, and leaves its argument alone', () => {
    fc.assert(
      fc.property(values, (numbers) => {
        const before = [...numbers];
        const found = distributionOf(numbers);
        expect(numbers).toEqual(before);
        const reversed = distributionOf(before.reverse());
        expect(reversed?.p90).toBe(found?.p90);
        expect(reversed?.p50).toBe(found?.p50);
      }),
    );
  });

  it('of nothing is none', () => {
    expect(distributionOf([])).toBeNull();
  });
});
