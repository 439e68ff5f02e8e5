import { expect, it } from 'vitest';
import { fromFloat16Bits, toFloat16Bits } from './float16.js';

it('gives all 65,536 half-precision numbers back', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = fromFloat16Bits(bits);
    if (Number.isNaN(value)) expect(Number.isNaN(fromFloat16Bits(toFloat16Bits(value)))).toBe(true);
    else if (toFloat16Bits(value) !== bits) throw new Error(`${bits} became ${toFloat16Bits(value)}`);
  }
});

it('rounds what lies between two neighbours to the nearer one, and to the even one from the middle', () => {
  for (let bits = 0; bits < 0x7bff; bits++) {
    const [low, high] = [fromFloat16Bits(bits), fromFloat16Bits(bits + 1)];
    const step = high - low;
    const even = bits % 2 === 0 ? bits : bits + 1;
    const rounded = [low + step / 4, low + step / 2, low + (3 * step) / 4].map(toFloat16Bits);
    if (rounded[0] !== bits || rounded[1] !== even || rounded[2] !== bits + 1) {
      throw new Error(`between ${low} and ${high}: ${rounded.join(', ')}`);
    }
  }
});

it.each([
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [65519.99, 0x7bff],
  [65520, 0x7c00],
  [-Infinity, 0xfc00],
  [2 ** -24, 0x0001],
  [2 ** -26, 0x0000],
  [-0, 0x8000],
])('writes %d as IEEE 754 does', (value, bits) => {
  expect(toFloat16Bits(value)).toBe(bits);
});
