import { describe, expect, it } from 'vitest';
import { areaUnderCurve, rankedShare } from './text-eval-figures.js';

describe('the area under the curve', () => {
  it('is the share of couples of which the right one is above, equal ones counting half', () => {
    const [positives, negatives] = [
      [0.9, 0.4, 0.4, 0.7],
      [0.4, 0.1, 0.8],
    ];
    let above = 0;
    for (const right of positives) {
      for (const wrong of negatives) above += right > wrong ? 1 : right === wrong ? 0.5 : 0;
    }
    expect(areaUnderCurve(positives, negatives)).toBeCloseTo(above / 12, 10);
  });

  it('is 1 where all right ones are above, and 0 where none is', () => {
    expect(areaUnderCurve([3, 4], [1, 2])).toBe(1);
    expect(areaUnderCurve([1, 2], [3, 4])).toBe(0);
  });
});

it('counts the wrong ones below their own right one; those without one are left out', () => {
  const couples = [
    { right: 0.5, wrong: 0.4 },
    { right: 0.2, wrong: 0.4 },
    { right: 0.4, wrong: 0.4 },
    { right: undefined, wrong: 0 },
  ];
  expect(rankedShare(couples)).toBeCloseTo(1 / 3, 10);
});
