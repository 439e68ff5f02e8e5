import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefillTokensMin } from './plan-step.js';
import {
  decodeMsOf,
  observeStepTime,
  promptRowsMax,
  type StepTimes,
  unknownStepTimes,
} from './prompt-rows.js';

/** A machine that takes 10 ms for a step, 5 more for each answer and 1 for each row of a prompt. */
function measured(steps: readonly (readonly [decodingRows: number, promptRows: number])[]): StepTimes {
  return steps.reduce(
    (times, [decodingRows, promptRows]) =>
      observeStepTime(times, { decodingRows, promptRows, milliseconds: 10 + 5 * decodingRows + promptRows }),
    unknownStepTimes,
  );
}

describe('promptRowsMax', () => {
  const demand = { decoding: 8, prefilling: 1, msTarget: 0, rowsMax: 2048 };
  const known = measured([[8, 0], ...Array.from({ length: 20 }, () => [0, 500] as const)]);

  it('gives prompts all rows when nobody decodes, and few before anything is known', () => {
    expect(promptRowsMax(known, { ...demand, decoding: 0 })).toBe(Math.floor(2000 / 1.02));
    expect(promptRowsMax(known, { ...demand, decoding: 0, rowsMax: 1024 })).toBe(1024);
    expect(promptRowsMax(unknownStepTimes, demand)).toBe(128);
    expect(promptRowsMax({ decodeMs: [], promptRowMs: 1 }, { ...demand, prefilling: 16 })).toBe(256);
  });

  it('keeps a step of prompts alone within two seconds, but not below 512 rows', () => {
    const slow = { decodeMs: [], promptRowMs: 50 };
    expect(promptRowsMax(slow, { ...demand, decoding: 0 })).toBe(512);
    expect(promptRowsMax({ ...slow, promptRowMs: 2 }, { ...demand, decoding: 0 })).toBe(1000);
    expect(promptRowsMax(unknownStepTimes, { ...demand, decoding: 0 })).toBe(512);
    expect(promptRowsMax(slow, { ...demand, decoding: 0, rowsMax: 64 })).toBe(64);
  });

  it('keeps a step within what is asked, or within seven steps without prompts', () => {
    expect(promptRowsMax(known, { ...demand, msTarget: 200 })).toBe(Math.floor(150 / 1.02));
    expect(promptRowsMax(known, demand)).toBe(Math.floor(300 / 1.02));
    expect(promptRowsMax(known, { ...demand, msTarget: 1 })).toBe(prefillTokensMin);
  });

  it('lets the few who decode wait for the many who have nothing yet', () => {
    expect(promptRowsMax(known, { ...demand, prefilling: 24 })).toBe(Math.floor(900 / 1.02));
  });

  it('lies between the least and the most, and falls as rows get dearer', () => {
    const times = fc.record({
      decodeMs: fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { maxLength: 9 }),
      promptRowMs: fc.double({ min: 0.001, max: 100, noNaN: true }),
    });
    const aDemand = fc.record({
      decoding: fc.integer({ min: 1, max: 256 }),
      prefilling: fc.nat(256),
      msTarget: fc.nat(60_000),
      rowsMax: fc.integer({ min: prefillTokensMin, max: 8192 }),
    });
    fc.assert(
      fc.property(times, aDemand, (known, asked) => {
        const rows = promptRowsMax(known, asked);
        expect(rows).toBeGreaterThanOrEqual(prefillTokensMin);
        expect(rows).toBeLessThanOrEqual(asked.rowsMax);
        const dearer = { ...known, promptRowMs: known.promptRowMs * 2 };
        expect(promptRowsMax(dearer, asked)).toBeLessThanOrEqual(rows);
      }),
    );
  });
});

describe('observeStepTime', () => {
  it('learns what a row of a prompt takes beside answers, too', () => {
    const steps = Array.from({ length: 30 }, () => [8, 100] as const);
    expect(measured([[8, 0], ...steps]).promptRowMs).toBeCloseTo(1, 1);
  });

  it('finds back from a row that seemed to cost nothing', () => {
    const known = measured([[8, 0]]);
    const odd = observeStepTime(known, { decodingRows: 8, promptRows: 100, milliseconds: 20 });
    expect(odd.promptRowMs).toBeCloseTo(20 / 108 / 2, 5);
  });

  it('is not led astray by a step that the machine interrupted', () => {
    const known = observeStepTime(measured([[8, 0]]), { decodingRows: 8, promptRows: 0, milliseconds: 5000 });
    expect(decodeMsOf(known, 8)).toBe(60);
    let slower = known;
    for (let step = 0; step < 60; step++) {
      slower = observeStepTime(slower, { decodingRows: 8, promptRows: 0, milliseconds: 500 });
    }
    expect(decodeMsOf(slower, 8)).toBeCloseTo(500, 0);
  });

  it('takes the time of the nearest number of answers that was measured', () => {
    const known = measured([
      [2, 0],
      [16, 0],
    ]);
    expect(decodeMsOf(known, 3)).toBe(20);
    expect(decodeMsOf(known, 31)).toBe(90);
    expect(decodeMsOf(known, 4)).toBe(20);
    expect(decodeMsOf(known, 200)).toBe(90);
    expect(decodeMsOf(known, 0)).toBe(0);
    expect(decodeMsOf(unknownStepTimes, 5)).toBe(0);
  });
});
