import { describe, expect, it } from 'vitest';
import { afterAnswer, afterProposals, afterStep, firstRhythm, type Rhythm, turnOf } from './rhythm.js';

const plain = { hasProposed: false, hasTried: false };
const proposing = { hasProposed: true, hasTried: false };
const tried = { hasProposed: true, hasTried: true };
const inVain = { hasProposed: false, hasTried: true };

const after = (rhythm: Rhythm, step: Parameters<typeof afterStep>[1], times: number): Rhythm => {
  let now = rhythm;
  for (let each = 0; each < times; each++) now = afterStep(now, step);
  return now;
};
const usual = { proposes: true, tries: false };
const due = { proposes: true, tries: true };
const quiet = after(firstRhythm, plain, 8);
const busy = after(firstRhythm, proposing, 1);

describe('a step', () => {
  it.each([
    ['proposes what pays at first', firstRhythm, usual],
    ['does so for eight steps', after(firstRhythm, plain, 7), usual],
    ['tries then, where nothing pays', quiet, due],
    ['tries until it can', after(quiet, plain, 5), due],
    ['tries until there is something to propose', after(quiet, inVain, 5), due],
    ['does not try next', after(quiet, tried, 1), usual],
    ['does not try for 63 steps', after(after(quiet, tried, 1), plain, 62), usual],
    ['tries in the 64th', after(after(quiet, tried, 1), plain, 63), due],
    ['proposes 64 times', after(busy, proposing, 62), usual],
    ['is plain then', after(busy, proposing, 63), { proposes: false, tries: false }],
    ['proposes again after it', after(after(busy, proposing, 63), plain, 1), usual],
    [
      'counts plain steps anew where nothing pays any more',
      after(after(busy, proposing, 40), plain, 60),
      usual,
    ],
  ])('%s', (_, rhythm, turn) => {
    expect(turnOf(rhythm)).toEqual(turn);
  });

  it('counts those with proposals in a row', () => {
    expect([busy, after(busy, proposing, 3), after(busy, plain, 1)].map(({ run }) => run)).toEqual([1, 4, 0]);
  });
});

describe('a run of trials', () => {
  const step = (proposed: number, kept: number, saved: number, hasTried = true) => {
    return { hasTried, proposed, kept, saved };
  };
  const begun = afterProposals(after(quiet, tried, 1), step(4, 4, -3));

  it.each([
    ['begins with one of which all was kept, whatever it cost', begun, 1],
    ['does not begin with one of which a part was kept', afterProposals(quiet, step(4, 3, 2)), 0],
    ['does not begin with one that proposed nothing', afterProposals(quiet, step(0, 0, -1)), 0],
    ['does not begin with what was believed to pay', afterProposals(quiet, step(4, 4, 2, false)), 0],
    ['goes on while they save time', afterProposals(begun, step(4, 2, 0.1)), 2],
    ['goes on over what is believed to pay, and does', afterProposals(begun, step(4, 2, 0.1, false)), 1],
    ['ends with one that costs', afterProposals(begun, step(4, 4, -0.1)), 0],
    ['ends with the answer', afterAnswer(begun), 0],
  ])('%s', (_, rhythm, trials) => {
    expect(rhythm.trials).toBe(trials);
    expect(turnOf({ ...rhythm, stepsAlike: 0 }).tries).toBe(trials > 0);
  });
});
