import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admitCount } from './admit.js';
import { planStep, prefillTokensMin, stepRowsMax } from './plan-step.js';

const sequences = fc.array(fc.record({ prefillRemaining: fc.nat(3000), proposed: fc.constant(0) }), {
  maxLength: 64,
});

describe('planStep', () => {
  it('takes every decoding sequence, keeps to its rows, and moves the oldest prompt', () => {
    fc.assert(
      fc.property(sequences, fc.integer({ min: 16, max: 1024 }), (list, budget) => {
        const taken = planStep(list, budget);
        list.forEach((sequence, index) => {
          if (sequence.prefillRemaining === 0) expect(taken[index]).toBe(1);
          else expect(taken[index]).toBeLessThanOrEqual(sequence.prefillRemaining);
        });
        const rows = taken.reduce((sum, count) => sum + count, 0);
        expect(rows).toBeLessThanOrEqual(stepRowsMax(budget, list.length));
        const oldest = list.findIndex((sequence) => sequence.prefillRemaining > 0);
        if (oldest >= 0) {
          const enough = Math.min(list[oldest]!.prefillRemaining, prefillTokensMin);
          expect(taken[oldest]).toBeGreaterThanOrEqual(enough);
        }
      }),
    );
  });

  it('gives prompts the budget in order of admission', () => {
    const list = [300, 0, 300, 300].map((prefillRemaining) => ({ prefillRemaining, proposed: 0 }));
    expect(planStep(list, 512)).toEqual([300, 1, 211, 0]);
  });
});

describe('admitCount', () => {
  it('admits in order and stops at the first that does not fit', () => {
    expect(admitCount([10, 90, 5], { sequencesFree: 3, cellsFree: 99 })).toBe(1);
    expect(admitCount([10, 80, 5], { sequencesFree: 3, cellsFree: 99 })).toBe(3);
    expect(admitCount([10, 10], { sequencesFree: 1, cellsFree: 99 })).toBe(1);
  });
});
