import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RoutingStrategy } from '../../domain/component.js';
import { pickCopy } from './pick-copy.js';

const copies = fc.array(fc.record({ id: fc.string(), outstanding: fc.nat(10), capacity: fc.nat(10) }), {
  maxLength: 12,
});
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('pickCopy', () => {
  it.each(Object.values(RoutingStrategy))('%s picks a copy with room, or none if none has', (strategy) => {
    fc.assert(
      fc.property(copies, chance, (list, random) => {
        const picked = pickCopy(list, strategy, random);
        const withRoom = list.filter((copy) => copy.outstanding < copy.capacity);
        if (withRoom.length === 0) expect(picked).toBe(-1);
        else expect(withRoom).toContain(list[picked]);
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
