import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packTexts, takeTurns } from './pack-texts.js';

const counts = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 80 });

describe('packTexts', () => {
  it('always takes the first, keeps to the room, and leaves nothing that fits', () => {
    fc.assert(
      fc.property(
        counts,
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 1, max: 40 }),
        (list, tokensMax, textsMax) => {
          const packed = packTexts(list, { tokensMax, textsMax });
          const tokens = packed.reduce((sum, index) => sum + list[index]!, 0);
          expect(packed[0]).toBe(0);
          expect(packed).toEqual([...new Set(packed)].sort((a, b) => a - b));
          expect(packed.length).toBeLessThanOrEqual(textsMax);
          expect(tokens).toBeLessThanOrEqual(Math.max(tokensMax, list[0]!));
          if (packed.length === textsMax) return;
          const left = list.filter((_, index) => !packed.includes(index));
          for (const count of left) expect(tokens + count).toBeGreaterThan(tokensMax);
        },
      ),
    );
  });

  it('fills what a long text leaves with short ones behind it', () => {
    expect(packTexts([300, 400, 100, 200, 50], { tokensMax: 512, textsMax: 8 })).toEqual([0, 2, 4]);
  });

  it('takes a text alone that is longer than a batch', () => {
    expect(packTexts([900, 10], { tokensMax: 512, textsMax: 8 })).toEqual([0]);
  });
});

describe('takeTurns', () => {
  it.each([
    [[3, 1, 2], 10, [0, 1, 2, 0, 2, 0]],
    [[2000, 1], 4, [0, 1, 0, 0]],
    [[], 4, []],
    [[0, 2], 4, [1, 1]],
  ])('of %j with %i places', (textsLeft, placesMax, turns) => {
    expect(takeTurns(textsLeft, placesMax)).toEqual(turns);
  });

  it('gives every request its next text within one round, and none more than it has', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { maxLength: 20 }),
        fc.integer({ min: 20, max: 200 }),
        (left, placesMax) => {
          const turns = takeTurns(left, placesMax);
          const wanted = left.reduce((sum, count) => sum + count, 0);
          expect(turns.length).toBe(Math.min(wanted, placesMax));
          for (const [request, count] of left.entries()) {
            const given = turns.filter((turn) => turn === request).length;
            expect(given).toBeLessThanOrEqual(count);
            if (count > 0) expect(given).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});
