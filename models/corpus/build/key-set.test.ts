import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeySet } from './key-set.js';

describe('a set of keys', () => {
  it('knows what a set knows', () => {
    // Few low bits, so that keys meet at the same place.
    const key = fc.tuple(fc.bigInt(0n, 3n), fc.bigInt(0n, 5n)).map(([high, low]) => (high << 40n) | low);
    fc.assert(
      fc.property(fc.array(key, { maxLength: 24 }), (keys) => {
        const [set, expected] = [new KeySet(24), new Set<bigint>()];
        for (const one of keys) {
          expect(set.add(one)).toBe(!expected.has(one));
          expected.add(one);
        }
        for (let high = 0n; high < 4n; high++) {
          for (let low = 0n; low < 6n; low++) {
            expect(set.has((high << 40n) | low)).toBe(expected.has((high << 40n) | low));
          }
        }
      }),
    );
  });

  it('refuses more keys than it was made for', () => {
    const set = new KeySet(2);
    set.add(1n);
    set.add(2n);
    expect(() => set.add(3n)).toThrow(/more than 2 keys/);
  });
});
