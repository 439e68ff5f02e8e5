import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseRemovals, type RemovableCopy } from './choose-removals.js';

function copy(id: string, instance: string, zone: string, isReady = true): RemovableCopy {
  return { id, instance, zone, isReady };
}

describe('removals', () => {
  it('take from the fullest zone, and there from the fullest instance', () => {
    const copies = [
      copy('c-0', 'a1', 'a'),
      copy('c-1', 'a1', 'a'),
      copy('c-2', 'a2', 'a'),
      copy('c-3', 'b1', 'b'),
    ];
    expect(chooseRemovals(copies, 2)).toEqual(['c-1', 'c-2']);
  });

  it('take what is not ready first', () => {
    const copies = [copy('c-0', 'a1', 'a'), copy('c-1', 'a1', 'a'), copy('c-2', 'b1', 'b', false)];
    expect(chooseRemovals(copies, 2)).toEqual(['c-2', 'c-1']);
  });

  it('take the youngest of equals', () => {
    const copies = ['c-2', 'c-10', 'c-9'].map((id) => copy(id, id, 'a'));
    expect(chooseRemovals(copies, 3)).toEqual(['c-10', 'c-9', 'c-2']);
  });

  it('are all there are when more are asked for, and none for none', () => {
    expect(chooseRemovals([copy('c-0', 'a1', 'a')], 5)).toEqual(['c-0']);
    expect(chooseRemovals([copy('c-0', 'a1', 'a')], 0)).toEqual([]);
    expect(chooseRemovals([copy('c-0', 'a1', 'a')], -1)).toEqual([]);
  });

  it('leave what was even as even, in any order of the copies', () => {
    const any = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 3 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(any, fc.nat(40), (places, count) => {
        const copies = places.map(([zone, one], index) => copy(`c-${index}`, `${zone}${one}`, zone));
        const gone = chooseRemovals(copies, count);
        expect(chooseRemovals([...copies].reverse(), count)).toEqual(gone);
        expect(new Set(gone).size).toBe(Math.min(count, copies.length));
        const spread = (of: readonly RemovableCopy[], keyOf: (one: RemovableCopy) => string) => {
          const counts = new Map<string, number>(copies.map((one) => [keyOf(one), 0]));
          for (const one of of) counts.set(keyOf(one), counts.get(keyOf(one))! + 1);
          return counts.size === 0 ? 0 : Math.max(...counts.values()) - Math.min(...counts.values());
        };
        const left = copies.filter(({ id }) => !gone.includes(id));
        const zoneOf = ({ zone }: RemovableCopy) => zone;
        expect(spread(left, zoneOf)).toBeLessThanOrEqual(Math.max(1, spread(copies, zoneOf)));
      }),
    );
  });
});
