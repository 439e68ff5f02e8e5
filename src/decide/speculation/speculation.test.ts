import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOf, componentPrior, noteTrials } from './acceptance.js';
import { earn, firstAllowance, isFull, settle } from './allowance.js';
import { type Candidate, chooseDepths, estimatedSpeed, mayPay, type StepPrices } from './choose-depths.js';
import { isDraftWorthIt } from './draft-worth.js';
import { StepCost } from './step-cost.js';
import { matchMax, matchMin, TokenLookup } from './token-lookup.js';

function lookupOf(tokens: readonly number[]): TokenLookup {
  const lookup = new TokenLookup();
  for (const token of tokens) lookup.push(token);
  return lookup;
}

describe('a look-up', () => {
  it.each([
    ['nothing in a text without repetition', [1, 2, 3, 4], null],
    ['nothing after a single equal token', [1, 2, 3, 1], null],
    ['what followed before', [1, 2, 3, 4, 1, 2], [3, 4, 1, 2, 3]],
    ['the longest match, not the latest', [9, 1, 2, 7, 8, 1, 2, 5, 9, 1, 2], [7, 8, 1, 2, 5]],
    ['of equal matches the latest', [8, 1, 2, 7, 6, 1, 2, 5, 4, 1, 2], [5, 4, 1, 2, 5]],
    ['repetition itself', [3, 3, 3], [3, 3, 3, 3, 3]],
  ])('finds %s', (_, tokens, expected) => {
    const lookup = lookupOf(tokens);
    const match = lookup.find();
    expect(match === null ? null : lookup.continuation(match, 5)).toEqual(expected);
  });

  it('proposes only what stood after the same tokens', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 400 }), (tokens) => {
        const lookup = lookupOf(tokens);
        const match = lookup.find();
        if (match === null) return;
        expect(match.length).toBeGreaterThanOrEqual(matchMin);
        expect(match.length).toBeLessThanOrEqual(matchMax);
        const before = (end: number) => tokens.slice(end - match.length, end);
        expect(before(match.position)).toEqual(before(tokens.length));
        expect(match.position).toBeLessThan(tokens.length);
      }),
    );
  });
});

const someRows = fc.integer({ min: 1, max: 600 });
const someSteps = fc.array(
  fc.record({ rows: someRows, milliseconds: fc.double({ min: 0, max: 50, noNaN: true }) }),
);

describe('the cost of steps', () => {
  it('never falls with rows and stays positive, whatever was observed', () => {
    fc.assert(
      fc.property(someSteps, someRows, someRows, (steps, a, b) => {
        const cost = new StepCost(
          [
            { rows: 1, milliseconds: 0.3 },
            { rows: 8, milliseconds: 1 },
          ],
          0.1,
        );
        for (const step of steps) cost.observe(step);
        expect(cost.at(1)).toBeGreaterThan(0);
        expect(cost.at(Math.max(a, b))).toBeGreaterThanOrEqual(cost.at(Math.min(a, b)) - 1e-9);
      }),
    );
  });

  it('comes to what is observed', () => {
    const cost = new StepCost([{ rows: 1, milliseconds: 1 }], 0);
    for (let round = 0; round < 300; round++) {
      cost.observe({ rows: 1, milliseconds: 0.4 });
      cost.observe({ rows: 4, milliseconds: 2 });
    }
    expect(cost.at(1)).toBeCloseTo(0.4, 1);
    expect(cost.at(4)).toBeCloseTo(2, 0);
  });

  const measured = [
    { rows: 1, milliseconds: 0.5 },
    { rows: 8, milliseconds: 1 },
    { rows: 16, milliseconds: 1.5 },
  ];

  it('leaves one row as it was where many rows cost more than was measured', () => {
    const cost = new StepCost(measured, 0);
    for (let step = 0; step < 200; step++) {
      const rows = 6 + ((step * 7) % 11);
      cost.observe({ rows, milliseconds: 2 * (0.5 + rows / 16) });
    }
    expect(cost.at(12)).toBeCloseTo(2 * (0.5 + 12 / 16), 0);
    expect(cost.at(1)).toBeGreaterThan(0.45);
    expect(cost.at(1)).toBeLessThan(0.55);
  });

  it('corrects by single rows what was measured of many while the machine was busy', () => {
    const busy = measured.map(({ rows, milliseconds }) => ({ rows, milliseconds: 3 * milliseconds }));
    const cost = new StepCost(busy, 0);
    for (let step = 0; step < 40; step++) cost.observe({ rows: 1, milliseconds: 0.5 });
    expect(cost.at(8)).toBeLessThan(1.2);
    expect(cost.at(16)).toBeLessThan(1.8);
    expect(cost.at(8)).toBeGreaterThan(0.8);
  });

  it('comes to what is observed as quickly between two sizes as at one', () => {
    for (const rows of [4, 5, 6, 7]) {
      const cost = new StepCost(measured, 0);
      const before = cost.at(rows);
      for (let step = 0; step < 4; step++) cost.observe({ rows, milliseconds: 2 * before });
      expect(cost.at(rows) / before).toBeGreaterThan(1.55);
      expect(cost.at(rows) / before).toBeLessThan(2);
    }
  });

  it('does not believe that rows cost more together than apart', () => {
    const busy = [
      { rows: 1, milliseconds: 0.5 },
      { rows: 4, milliseconds: 9 },
      { rows: 16, milliseconds: 3 },
    ];
    const cost = new StepCost(busy, 0);
    expect(cost.at(2)).toBeLessThanOrEqual(1);
    expect(cost.at(4)).toBeLessThanOrEqual(2);
    expect(cost.at(16)).toBeCloseTo(3, 5);
    expect(cost.at(64)).toBeLessThanOrEqual(12);
  });

  it('takes a step at its word that is far quicker than was measured on a busy machine', () => {
    const busy = measured.map(({ rows, milliseconds }) => ({ rows, milliseconds: 1000 * milliseconds }));
    const cost = new StepCost(busy, 0);
    cost.observe({ rows: 1, milliseconds: 0.5 });
    for (const rows of [1, 2, 8, 40]) expect(cost.at(rows)).toBeLessThanOrEqual(rows);
    cost.observe({ rows: 40, milliseconds: 3 });
    expect(cost.at(32)).toBeLessThanOrEqual(6);
    expect(cost.at(48)).toBeLessThanOrEqual(12);
    expect(cost.at(1)).toBeGreaterThan(0.4);
  });

  it('takes it for larger steps that are known well, too', () => {
    const cost = new StepCost(measured, 0);
    for (let step = 0; step < 40; step++) {
      cost.observe({ rows: 2, milliseconds: 60 });
      cost.observe({ rows: 8, milliseconds: 100 });
    }
    expect(cost.at(8)).toBeGreaterThan(80);
    cost.observe({ rows: 2, milliseconds: 1 });
    expect(cost.at(8)).toBeLessThanOrEqual(8);
  });

  it('comes to what is observed where a change of rows was measured on a busy machine', () => {
    const cost = new StepCost([{ rows: 1, milliseconds: 5 }], 2.5);
    for (let round = 0; round < 400; round++) {
      for (const rows of [2, 1, 1, 1]) cost.observe({ rows, milliseconds: rows === 2 ? 0.9 : 0.6 });
    }
    expect(cost.at(1)).toBeGreaterThan(0.4);
    expect(cost.at(1)).toBeLessThan(0.65);
  });

  it('moves all sizes with the machine', () => {
    const cost = new StepCost(measured, 0);
    for (let step = 0; step < 20; step++) cost.observe({ rows: 8, milliseconds: 1 });
    for (let step = 0; step < 200; step++) cost.observe({ rows: 8, milliseconds: 1.8 });
    expect(cost.at(8)).toBeCloseTo(1.8, 1);
    expect(cost.at(1)).toBeGreaterThan(0.55);
  });
});

const somePrices = fc
  .record({
    base: fc.double({ min: 0.01, max: 20, noNaN: true }),
    row: fc.double({ min: 0, max: 5, noNaN: true }),
    draft: fc.double({ min: 0, max: 5, noNaN: true }),
  })
  .map(({ base, row, draft }): StepPrices => ({
    checking: (rows) => base + row * rows,
    drafting: (rows) => draft * (1 + rows / 4),
  }));
const someCandidates = fc.array(
  fc
    .record({
      chance: fc.double({ min: 0, max: 1, noNaN: true }),
      depth: fc.nat(12),
      isDrafted: fc.boolean(),
    })
    .map(({ chance, depth, isDrafted }): Candidate => ({
      chances: Array.from({ length: depth }, (_, level) => chance ** (level + 1)),
      isDrafted,
    })),
  { minLength: 1, maxLength: 20 },
);

describe('the depths', () => {
  it('never make a step that is believed to be slower than without, nor one with too many rows', () => {
    fc.assert(
      fc.property(someCandidates, fc.nat(60), somePrices, (candidates, rowsMax, prices) => {
        const depths = chooseDepths(candidates, rowsMax, prices);
        const none = candidates.map(() => 0);
        expect(depths.reduce((sum, depth) => sum + depth, 0)).toBeLessThanOrEqual(rowsMax);
        depths.forEach((depth, index) => {
          expect(depth).toBeLessThanOrEqual(candidates[index]!.chances.length);
        });
        const plain = estimatedSpeed(candidates, none, prices);
        expect(estimatedSpeed(candidates, depths, prices)).toBeGreaterThanOrEqual(plain * (1 - 1e-9));
        expect(chooseDepths(candidates, rowsMax, prices)).toEqual(depths);
      }),
    );
  });

  it('are nothing where the quick question says that nothing may pay', () => {
    fc.assert(
      fc.property(someCandidates, fc.nat(60), somePrices, (candidates, rowsMax, prices) => {
        if (mayPay(candidates.length, rowsMax, prices)) return;
        expect(chooseDepths(candidates, rowsMax, prices)).toEqual(candidates.map(() => 0));
      }),
    );
  });

  const free = (chance: number, depth: number): Candidate => ({
    chances: Array.from({ length: depth }, (_, level) => chance ** (level + 1)),
    isDrafted: false,
  });
  it.each([
    ['all of a sure proposal where rows are nearly free', [free(1, 8)], 0.02, [8]],
    ['none of it where each row costs a step', [free(0.9, 8)], 1, [0]],
    ['few of a doubtful one', [free(0.5, 8)], 0.1, [2]],
    ['more of the surer one', [free(0.95, 4), free(0.2, 4)], 0.1, [4, 0]],
  ])('take %s', (_, candidates, row, expected) => {
    const prices = { checking: (rows: number) => 1 + row * (rows - 1), drafting: () => 0 };
    expect(chooseDepths(candidates, 100, prices)).toEqual(expected);
  });
});

describe('a draft model', () => {
  const prices = { checking: (rows: number) => 1 + 0.1 * rows, drafting: (rows: number) => 0.05 * rows };
  const situation = { chance: 0.9, decoding: 1, depthMax: 8, tokensLeft: 100, lag: 2 };
  it.each([
    ['where it is right and has caught up', {}, true],
    ['where much is left of the answer', { lag: 300 }, true],
    ['not where little is left of it', { lag: 300, tokensLeft: 10 }, false],
    ['not where it is mostly wrong', { chance: 0.05 }, false],
    ['not where the batch is full', { decoding: 200 }, false],
  ])('is worth it %s', (_, change, expected) => {
    expect(isDraftWorthIt({ ...situation, ...change }, prices)).toBe(expected);
  });
});

describe('what is believed of proposals', () => {
  it('comes to the rate that is seen', () => {
    let trials = componentPrior;
    for (let round = 0; round < 2000; round++) trials = noteTrials(trials, 3, true, 'component');
    expect(chanceOf(trials, { kept: 0, refused: 0 })).toBeCloseTo(0.75, 1);
  });
});

describe('the allowance', () => {
  it('loses no more than a hundredth of the time and what it began with, whatever proposals cost', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 500 }), (losses) => {
        let allowance = firstAllowance(1);
        const first = allowance.left;
        let lost = 0;
        let earned = 0;
        for (const loss of losses) {
          if (allowance.isSpent) {
            allowance = earn(allowance, 1, 1);
            earned += 0.01;
          } else {
            allowance = settle(allowance, -loss, 1);
            lost += loss;
          }
        }
        expect(lost).toBeLessThanOrEqual(first + earned + 1 + 1e-6);
      }),
    );
  });

  it('saves up to a limit', () => {
    let allowance = firstAllowance(1);
    for (let step = 0; step < 10_000; step++) allowance = earn(allowance, 1, 1);
    expect(isFull(allowance, 1)).toBe(true);
    expect(allowance.left).toBeLessThanOrEqual(64);
  });

  it('bears two deep proposals that were refused at once', () => {
    const deep = -8;
    expect(settle(settle(firstAllowance(1), deep, 1), deep, 1).isSpent).toBe(false);
  });
});
