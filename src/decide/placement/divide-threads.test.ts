import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ThreadUser } from './divide-threads.js';
import { divideThreads } from './divide-threads.js';

const busy = (id: string, weight = 1): ThreadUser => ({ id, weight, isBusy: true });
const idle = (id: string, weight = 1): ThreadUser => ({ id, weight, isBusy: false });

const anyUsers = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-d]{1,3}$/),
    weight: fc.oneof(fc.constantFrom(0.25, 1, 2, 8), fc.double({ min: 0.25, max: 256, noNaN: true })),
    isBusy: fc.boolean(),
  }),
  { selector: (user) => user.id, maxLength: 20 },
);
const anyCores = fc.integer({ min: 1, max: 192 });
const busyOf = (users: readonly ThreadUser[]) => users.filter((user) => user.isBusy);

describe('divideThreads', () => {
  it.each([
    ['one busy copy has the whole machine', [busy('a'), idle('b')], 8, { a: 8, b: 4 }],
    ['weights decide', [busy('a', 3), busy('b', 1)], 8, { a: 6, b: 2 }],
    [
      'the largest fraction gets the rest',
      [busy('a', 1), busy('b', 1), busy('c', 2)],
      5,
      { a: 1, b: 1, c: 3 },
    ],
    ['equal fractions go by id', [busy('b'), busy('a')], 3, { a: 2, b: 1 }],
    ['a tiny weight still has one', [busy('a', 0.25), busy('b', 64)], 4, { a: 1, b: 3 }],
    ['more copies than cores have one each', [busy('a'), busy('b'), busy('c')], 2, { a: 1, b: 1, c: 1 }],
    ['idle copies each see the machine empty', [idle('a'), idle('b')], 2, { a: 2, b: 2 }],
  ])('%s', (_name, users, cores, expected) => {
    expect(Object.fromEntries(divideThreads(users, cores))).toEqual(expected);
  });

  it('gives every copy at least one thread and never more than the machine has', () => {
    fc.assert(
      fc.property(anyUsers, anyCores, (users, cores) => {
        const shares = divideThreads(users, cores);
        expect([...shares.keys()].sort()).toEqual(users.map((user) => user.id).sort());
        for (const share of shares.values()) {
          expect(Number.isInteger(share)).toBe(true);
          expect(share).toBeGreaterThanOrEqual(1);
          expect(share).toBeLessThanOrEqual(cores);
        }
      }),
    );
  });

  it('uses every core exactly once while there are no more busy copies than cores', () => {
    fc.assert(
      fc.property(anyUsers, anyCores, (users, cores) => {
        const shares = divideThreads(users, cores);
        const sum = busyOf(users).reduce((total, user) => total + shares.get(user.id)!, 0);
        expect(sum).toBe(busyOf(users).length === 0 ? 0 : Math.max(cores, busyOf(users).length));
      }),
    );
  });

  it('never gives a heavier busy copy less than a lighter one', () => {
    fc.assert(
      fc.property(anyUsers, anyCores, (users, cores) => {
        const shares = divideThreads(users, cores);
        for (const a of busyOf(users)) {
          for (const b of busyOf(users)) {
            if (a.weight > b.weight) expect(shares.get(a.id)).toBeGreaterThanOrEqual(shares.get(b.id)!);
          }
        }
      }),
    );
  });

  it('gives an idle copy what it will have when it becomes busy', () => {
    fc.assert(
      fc.property(anyUsers, anyCores, (users, cores) => {
        const shares = divideThreads(users, cores);
        for (const woken of users.filter((user) => !user.isBusy)) {
          const then = users.map((user) => (user === woken ? { ...user, isBusy: true } : user));
          expect(divideThreads(then, cores).get(woken.id)).toBe(shares.get(woken.id));
        }
      }),
    );
  });

  it('does not depend on the order of its input', () => {
    fc.assert(
      fc.property(anyUsers, anyCores, (users, cores) => {
        const one = [...divideThreads(users, cores)].sort();
        expect([...divideThreads([...users].reverse(), cores)].sort()).toEqual(one);
      }),
    );
  });
});
