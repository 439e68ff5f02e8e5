import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RoutingStrategy } from '../../domain/component.js';
import {
  pickCopy as pick,
  pickFromGroups,
  type RoutableCopy,
  type RoutableGroup,
  type RoutingAsk,
} from './pick-copy.js';

function askWith(random: number): RoutingAsk {
  return { chance: random, prefixKey: 17, concurrencyThreshold: 4 };
}

function pickCopy(list: readonly RoutableCopy[], strategy: RoutingStrategy, random: number): number {
  return pick(list, strategy, random, askWith(random));
}

const copies = fc.array(fc.record({ id: fc.string(), outstanding: fc.nat(10), capacity: fc.nat(10) }), {
  maxLength: 12,
});
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const strategies = Object.values(RoutingStrategy);
const chances = Array.from({ length: 400 }, (_, index) => index / 400);

function withRoom(list: readonly RoutableCopy[]): readonly RoutableCopy[] {
  return list.filter((copy) => copy.outstanding < copy.capacity);
}

describe('pickCopy', () => {
  it.each(strategies)('%s picks a copy with room, or none if none has', (strategy) => {
    fc.assert(
      fc.property(copies, chance, (list, random) => {
        const picked = pickCopy(list, strategy, random);
        if (withRoom(list).length === 0) expect(picked).toBe(-1);
        else expect(withRoom(list)).toContain(list[picked]);
      }),
    );
  });

  it('LEAST_OUTSTANDING_REQUESTS picks the fewest, ties by id', () => {
    const of = (id: string, outstanding: number) => ({ id, outstanding, capacity: 8 });
    const list = [of('c', 2), of('b', 1), of('a', 1)];
    expect(pickCopy(list, RoutingStrategy.LeastOutstandingRequests, 0)).toBe(2);
  });

  it('RANDOM reaches every copy with room', () => {
    const list = ['a', 'b', 'c'].map((id) => ({ id, outstanding: id === 'b' ? 4 : 0, capacity: 4 }));
    const picked = [0, 0.49, 0.5, 0.99].map((random) => pickCopy(list, RoutingStrategy.Random, random));
    expect(picked).toEqual([0, 0, 2, 2]);
  });
});

describe('pickFromGroups', () => {
  const groups = fc.array(fc.record({ percent: fc.nat(100), copies }), { maxLength: 4 });

  it.each(strategies)('%s shares by percent among groups that have a copy with room', (strategy) => {
    fc.assert(
      fc.property(groups, (list) => {
        const shared = list.filter((group) => group.percent > 0 && withRoom(group.copies).length > 0);
        fc.pre(shared.length > 0);
        const sum = shared.reduce((total, group) => total + group.percent, 0);
        const counts = new Map<RoutableGroup<RoutableCopy>, number>();
        for (const random of chances) {
          const picked = pickFromGroups(list, strategy, askWith(random))!;
          const group = list.find((one) => one.copies.includes(picked))!;
          expect(withRoom(group.copies)).toContain(picked);
          counts.set(group, (counts.get(group) ?? 0) + 1);
        }
        for (const group of list) {
          const share = shared.includes(group) ? group.percent / sum : 0;
          expect(Math.abs((counts.get(group) ?? 0) / chances.length - share)).toBeLessThan(0.015);
        }
      }),
      { numRuns: 50 },
    );
  });

  const idle = { id: 'a', outstanding: 0, capacity: 1 };
  const full = { id: 'b', outstanding: 1, capacity: 1 };

  it.each([
    [
      'a group without a copy gives its part to the others',
      [
        [10, [idle]],
        [90, []],
      ],
      0.99,
      'a',
    ],
    [
      'so does one whose copies are full',
      [
        [10, [idle]],
        [90, [full]],
      ],
      0.99,
      'a',
    ],
    [
      'a group of 0 percent answers when the others have no copy',
      [
        [100, []],
        [0, [idle]],
      ],
      0.5,
      'a',
    ],
    [
      'but not when they have one that is full',
      [
        [100, [full]],
        [0, [idle]],
      ],
      0.5,
      null,
    ],
    ['the only group answers whatever its percent', [[0, [idle]]], 0.5, 'a'],
    ['no group at all answers nothing', [], 0.5, null],
  ] as const)('%s', (_, list, random, expected) => {
    const routable = list.map(([percent, members]) => ({ percent, copies: members }));
    const picked = pickFromGroups<RoutableCopy>(routable, RoutingStrategy.Random, askWith(random));
    expect(picked?.id ?? null).toBe(expected);
  });
});
