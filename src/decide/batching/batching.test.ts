import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasRoom } from './admit.js';
import { planStep, prefillTokensMin, stepRowsMax } from './plan-step.js';

const sequences = fc.array(fc.record({ prefillRemaining: fc.nat(3000), proposed: fc.constant(0) }), {
  maxLength: 64,
});

describe('planStep', () => {
  it('takes every decoding sequence, keeps to its rows, and moves the oldest prompt', () => {
    fc.assert(
      fc.property(
        sequences,
        fc.integer({ min: 16, max: 1024 }),
        fc.integer({ min: 16, max: 1024 }),
        (list, budget, promptRows) => {
          const taken = planStep(list, budget, promptRows);
          const ofPrompts = taken.filter((_, index) => list[index]!.prefillRemaining > 0);
          expect(ofPrompts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(promptRows);
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
        },
      ),
    );
  });

  it('gives prompts the budget in order of admission', () => {
    const list = [300, 0, 300, 300].map((prefillRemaining) => ({ prefillRemaining, proposed: 0 }));
    expect(planStep(list, 512, 512)).toEqual([300, 1, 211, 0]);
    expect(planStep(list, 512, 310)).toEqual([300, 1, 10, 0]);
  });
});

describe('hasRoom', () => {
  it('wants a free sequence and cells for all that a request may come to', () => {
    expect(hasRoom(10, { sequencesFree: 1, cellsFree: 10 })).toBe(true);
    expect(hasRoom(10, { sequencesFree: 1, cellsFree: 9 })).toBe(false);
    expect(hasRoom(10, { sequencesFree: 0, cellsFree: 99 })).toBe(false);
  });
});
