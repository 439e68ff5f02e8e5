import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StowageError } from '../../domain/errors.js';
import { CborTime, decodeCbor, encodeCbor } from './cbor.js';

/** Examples of RFC 8949, appendix A. */
it.each<[string, unknown]>([
  ['00', 0],
  ['17', 23],
  ['1818', 24],
  ['1903e8', 1000],
  ['1a000f4240', 1_000_000],
  ['1b000000e8d4a51000', 1_000_000_000_000],
  ['20', -1],
  ['3903e7', -1000],
  ['f93c00', 1],
  ['f93e00', 1.5],
  ['f90001', 5.960464477539063e-8],
  ['f97c00', Infinity],
  ['fa47c35000', 100_000],
  ['fbc010666666666666', -4.1],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['f7', null],
  ['c11a514b67b0', 1_363_896_240],
  ['c1fb41d452d9e8', StowageError],
  ['c1fb41d452d9ec200000', 1_363_896_240.5],
  ['4401020304', Buffer.from([1, 2, 3, 4])],
  ['6449455446', 'IETF'],
  ['62c3bc', 'ü'],
  ['83010203', [1, 2, 3]],
  ['a26161016162820203', { a: 1, b: [2, 3] }],
  ['5f42010243030405ff', Buffer.from([1, 2, 3, 4, 5])],
  ['7f657374726561646d696e67ff', 'streaming'],
  ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
  ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
  ['', StowageError],
  ['18', StowageError],
  ['1c', StowageError],
  ['0000', StowageError],
  ['ff', StowageError],
  ['a10102', StowageError],
  ['c249010000000000000000', StowageError],
  ['9f01', StowageError],
  ['5f01ff', StowageError],
  ['9b7fffffffffffffff', StowageError],
  ['bb7fffffffffffffff', StowageError],
  ['5b7fffffffffffffff00', StowageError],
  ['81'.repeat(40) + '00', StowageError],
  ['c1'.repeat(40) + '00', StowageError],
])('%s', (hex, expected) => {
  const read = (): unknown => decodeCbor(Buffer.from(hex, 'hex'));
  if (expected === StowageError) expect(read).toThrow(StowageError);
  else expect(read()).toEqual(expected);
});

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).filter((number) => !Object.is(number, -0)),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 300 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value'), { noNullPrototype: true }),
  ),
})).value;

it('what is written is read as it was', () => {
  fc.assert(
    fc.property(plain, (value) => {
      expect(decodeCbor(encodeCbor(value))).toEqual(value);
    }),
  );
  expect(decodeCbor(encodeCbor(new CborTime(1.5)))).toBe(1.5);
});

it('any bytes are read, or are refused by a row of the table', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodeCbor(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(StowageError);
      }
    }),
    { numRuns: 2000 },
  );
});
