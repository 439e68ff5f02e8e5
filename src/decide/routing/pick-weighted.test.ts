import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickWeighted } from './pick-weighted.js';

const weights = fc.array(fc.record({ weight: fc.nat(20) }), { minLength: 1, maxLength: 6 });
const chances = Array.from({ length: 10_000 }, (_, index) => index / 10_000);

describe('pickWeighted', () => {
  it('gives each its weight over the sum of all', () => {
    fc.assert(
      fc.property(weights, (items) => {
        const sum = items.reduce((total, { weight }) => total + weight, 0);
        fc.pre(sum > 0);
        const counts = items.map(() => 0);
        for (const chance of chances) counts[pickWeighted(items, chance)]! += 1;
        for (const [index, { weight }] of items.entries()) {
          expect(Math.abs(counts[index]! / chances.length - weight / sum)).toBeLessThan(0.001);
          if (weight === 0) expect(counts[index]).toBe(0);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('treats weights that are all zero as equal, and finds nothing in nothing', () => {
    const zeros = [{ weight: 0 }, { weight: 0 }];
    expect([0, 0.49, 0.5, 0.99].map((chance) => pickWeighted(zeros, chance))).toEqual([0, 0, 1, 1]);
    expect(pickWeighted([{ weight: 0 }], 0.7)).toBe(0);
    expect(pickWeighted([], 0.5)).toBe(-1);
  });
});
