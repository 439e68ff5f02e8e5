import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ZoneParts } from './zones.js';

const names = ['a', 'b', 'c', 'd'];
const anyCounts = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: names.length })
  .map((counts) => new Map(counts.map((count, index) => [names[index]!, count])));

function spreadOf(counts: ReadonlyMap<string, number>): number {
  return Math.max(...counts.values()) - Math.min(...counts.values());
}

/** As even as so many more copies can make it. */
function evened(counts: ReadonlyMap<string, number>, added: number): ReadonlyMap<string, number> {
  const even = new Map(counts);
  for (let copy = 0; copy < added; copy++) {
    const [emptiest] = [...even].sort(([, a], [, b]) => a - b);
    even.set(emptiest![0], emptiest![1] + 1);
  }
  return even;
}

it('zones that take their parts in any order take all copies, and are as even as was asked for or as can be', () => {
  fc.assert(
    fc.property(
      anyCounts,
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 0, max: 4 }),
      fc.infiniteStream(fc.nat()),
      (counts, added, maxImbalance, picks) => {
        const parts = new ZoneParts(new Map(counts), added, maxImbalance);
        const after = new Map(counts);
        for (let left = added; left > 0; left--) {
          const open = [...counts.keys()].filter((zone) => parts.openIn(zone, left) > 0);
          expect(open).not.toEqual([]);
          const zone = open[picks.next().value! % open.length]!;
          parts.add(zone);
          after.set(zone, after.get(zone)! + 1);
        }
        expect(names.map((zone) => parts.openIn(zone, 0))).toEqual([0, 0, 0, 0]);
        expect(spreadOf(after)).toBeLessThanOrEqual(Math.max(maxImbalance, spreadOf(evened(counts, added))));
      },
    ),
    { numRuns: 1000 },
  );
});

it('a zone may have as many more as is allowed when the others are still given theirs', () => {
  const parts = new ZoneParts(new Map([['a', 0], ['b', 0], ['c', 0]]), 20, 3); // prettier-ignore
  expect(parts.most).toBe(7);
  expect(parts.openIn('a', 20)).toBe(7);
  expect(parts.openIn('elsewhere', 20)).toBe(0);
});
