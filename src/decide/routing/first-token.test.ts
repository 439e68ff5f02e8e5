import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RoutingStrategy } from '../../domain/component.js';
import { filterOf, RouteFilter, scoreOf } from './explain-pick.js';
import { expectedFirstTokenMs, type FirstTokenTerms } from './first-token.js';
import { pickCopy, type RoutableCopy, type RoutingAsk } from './pick-copy.js';

const idle: FirstTokenTerms = {
  newTokens: 1000,
  tokensAhead: 0,
  msPerToken: 1,
  stepMs: 20,
  places: 8,
  requestMs: 2000,
};

it.each([
  ['the prompt and one step', {}, 0, 1020],
  ['what of the prompt is not there', { newTokens: 100 }, 0, 120],
  ['what was given before', { tokensAhead: 500 }, 1, 1522.5],
  ['its speed', { msPerToken: 0.5 }, 0, 520],
  ['a place that becomes free when all are taken', {}, 9, 1540],
])('counts %s', (_, changes, outstanding, ms) => {
  expect(expectedFirstTokenMs({ ...idle, ...changes }, outstanding)).toBeCloseTo(ms);
});

const terms = fc.record({
  newTokens: fc.nat(5000),
  tokensAhead: fc.nat(5000),
  msPerToken: fc.double({ min: 0.01, max: 50, noNaN: true }),
  stepMs: fc.nat(200),
  places: fc.integer({ min: 1, max: 32 }),
  requestMs: fc.nat(20_000),
});
const copies = fc.uniqueArray(
  fc.record({
    id: fc.string({ maxLength: 8 }),
    outstanding: fc.nat(9),
    capacity: fc.nat(9),
    firstToken: terms,
  }),
  { minLength: 1, maxLength: 10, selector: ({ id }) => id },
);
const asks: fc.Arbitrary<RoutingAsk> = fc.record({
  chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  prefixKey: fc.nat(),
  concurrencyThreshold: fc.integer({ min: 1, max: 10 }),
});

it('the copy with room whose first token comes soonest is chosen', () => {
  fc.assert(
    fc.property(copies, asks, (list, ask) => {
      const picked = list[pickCopy(list, RoutingStrategy.FastestFirstToken, 0, ask)];
      const open = list.filter(({ outstanding, capacity }) => outstanding < capacity);
      expect(picked === undefined).toBe(open.length === 0);
      if (picked === undefined) return;
      const msOf = (copy: (typeof list)[number]) => expectedFirstTokenMs(copy.firstToken, copy.outstanding);
      expect(msOf(picked)).toBeCloseTo(Math.min(...open.map(msOf)), 6);
    }),
  );
});

it.each(Object.values(RoutingStrategy))('of %s the explanation names the copy that is chosen', (strategy) => {
  fc.assert(
    fc.property(copies, asks, (list: readonly RoutableCopy[], ask) => {
      const picked = list[pickCopy(list, strategy, ask.chance, ask)];
      const left = list.filter((copy) => filterOf(copy, strategy, ask, list) === null);
      if (picked === undefined) {
        expect(left).toEqual([]);
        return;
      }
      expect(left).toContain(picked);
      const scores = left.map((copy) => scoreOf(copy, strategy, ask).score!);
      for (const score of scores) expect(score >= 0 && score <= 1).toBe(true);
      expect(scoreOf(picked, strategy, ask).score).toBe(Math.max(...scores));
      for (const copy of list) {
        const isFull = copy.outstanding >= copy.capacity;
        expect(filterOf(copy, strategy, ask, list) === RouteFilter.Full).toBe(isFull);
      }
    }),
  );
});
