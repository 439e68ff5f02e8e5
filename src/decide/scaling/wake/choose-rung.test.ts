import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseRung, Rung, type RungFacts, rungPrices, type RungSituation } from './choose-rung.js';

const mebibyte = 1024 ** 2;
const rungs: readonly RungFacts[] = [
  { rung: Rung.Awake, wakeMs: 0, heldBytes: 700 * mebibyte },
  { rung: Rung.Asleep, wakeMs: 70, heldBytes: 550 * mebibyte },
  { rung: Rung.PageCache, wakeMs: 900, heldBytes: 0 },
  { rung: Rung.Disk, wakeMs: 3_000, heldBytes: 0 },
];

function rungOf(change: Partial<RungSituation>): Rung {
  return chooseRung({
    rungs,
    expectedMs: 60_000,
    idleMs: 10_000,
    pressure: 0.5,
    objectiveMs: 500,
    prices: rungPrices,
    ...change,
  }).rung;
}

it.each([
  ['used every second', { expectedMs: 1_000 }, Rung.Awake],
  ['used every minute', {}, Rung.Asleep],
  ['used every hour', { expectedMs: 3_600_000 }, Rung.PageCache],
  ['used every minute where memory is gone', { pressure: 0.9 }, Rung.Asleep],
  ['used every ten minutes where memory is gone', { pressure: 1, expectedMs: 600_000 }, Rung.PageCache],
  ['used every ten minutes where memory is plenty', { pressure: 0, expectedMs: 600_000 }, Rung.Asleep],
  ['idle for long, and nobody knows', { expectedMs: null, idleMs: 3_600_000 }, Rung.PageCache],
  ['allowed to be late', { objectiveMs: 5_000, expectedMs: 300_000 }, Rung.PageCache],
] as const)('a copy that is %s stands on the rung that is cheapest for that', (_name, change, rung) => {
  expect(rungOf(change)).toBe(rung);
});

it('goes only down as the next use is farther away', () => {
  const order = rungs.map(({ rung }) => rung);
  const place = (expectedMs: number, pressure: number) => order.indexOf(rungOf({ expectedMs, pressure }));
  fc.assert(
    fc.property(
      fc.nat(86_400_000),
      fc.nat(86_400_000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (a, b, pressure) => {
        expect(place(Math.min(a, b), pressure)).toBeLessThanOrEqual(place(Math.max(a, b), pressure));
      },
    ),
  );
});
