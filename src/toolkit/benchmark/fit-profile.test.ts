import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitServiceModel, type ProfileSample } from './fit-profile.js';

it('finds the copy that made the times, though every seventh call was disturbed', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 100, max: 50_000, noNaN: true }),
      fc.double({ min: 0, max: 50, noNaN: true }),
      fc.double({ min: 1, max: 40, noNaN: true }),
      fc.double({ min: 0.1, max: 5, noNaN: true }),
      (promptTokensPerSecond, overheadMs, stepMs, stepMsPerSequence) => {
        const samples = Array.from({ length: 63 }, (_, index): ProfileSample => {
          const sequences = index < 30 ? 1 : 2 ** (1 + (index % 3));
          const promptTokens = 32 * 2 ** (index % 5);
          const disturbed = index % 7 === 6 ? 3 : 1;
          return {
            sequences,
            promptTokens,
            firstTokenMs: (overheadMs + (promptTokens * 1000) / promptTokensPerSecond) * disturbed,
            tokenMs: (stepMs + sequences * stepMsPerSequence) * disturbed,
          };
        });
        const model = fitServiceModel(samples, 8);
        expect(model.sequencesMax).toBe(8);
        const prompt = (one: typeof model) => one.overheadMs + 512_000 / one.promptTokensPerSecond;
        const step = (one: typeof model) => one.stepMs + 6 * one.stepMsPerSequence;
        const real = { ...model, promptTokensPerSecond, overheadMs, stepMs, stepMsPerSequence };
        expect(prompt(model) / prompt(real)).toBeCloseTo(1, 1);
        expect(step(model) / step(real)).toBeCloseTo(1, 1);
      },
    ),
  );
});

it('says nothing that is not a number where nothing was measured', () => {
  expect(fitServiceModel([], 4)).toMatchObject({ overheadMs: 0, stepMs: 0, stepMsPerSequence: 0 });
});
