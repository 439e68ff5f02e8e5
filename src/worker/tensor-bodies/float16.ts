/** Half-precision numbers (IEEE 754 binary16) as their 16 bits. */

/** The bits of the nearest one; ties go to the even one, what is too large becomes an infinity. */
export function toFloat16Bits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  if (Number.isNaN(value)) return 0x7e00;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  // Below 2^-14 numbers are 2^-24 apart.
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  let fraction = roundToEven(size / 2 ** (exponent - 10));
  let biased = exponent + 15;
  if (size < 2 ** -14) biased = 1;
  if (fraction < 1024) return sign | fraction; // subnormal
  if (fraction === 2048) {
    fraction = 1024;
    biased += 1;
  }
  return sign | (biased << 10) | (fraction - 1024);
}

export function fromFloat16Bits(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const biased = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (biased === 0) return sign * fraction * 2 ** -24;
  if (biased === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (biased - 25);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
