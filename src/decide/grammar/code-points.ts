/** Characters as expressions over the bytes of their UTF-8. */
import { type ByteRange, choice, empty, type Expression, sequence, sequenceOf } from './expression.js';

export type CodePointRange = readonly [low: number, high: number];

export const codePointMax = 0x10ffff;

/** The ranges where UTF-8 takes 1, 2, 3 (without surrogates) and 4 bytes. */
const lengths: readonly CodePointRange[] = [
  [0, 0x7f],
  [0x80, 0x7ff],
  [0x800, 0xd7ff],
  [0xe000, 0xffff],
  [0x10000, codePointMax],
];

/** The bytes of one code point. */
export function utf8Bytes(codePoint: number): readonly number[] {
  const tail = (shift: number): number => 0x80 | ((codePoint >> shift) & 0x3f);
  if (codePoint < 0x80) return [codePoint];
  if (codePoint < 0x800) return [0xc0 | (codePoint >> 6), tail(0)];
  if (codePoint < 0x10000) return [0xe0 | (codePoint >> 12), tail(6), tail(0)];
  return [0xf0 | (codePoint >> 18), tail(12), tail(6), tail(0)];
}

/** Exactly this text. Lone surrogates become U+FFFD. */
export function literal(text: string): Expression {
  const bytes = [...text].flatMap((character) => utf8Bytes(wellFormed(character.codePointAt(0)!)));
  return sequenceOf(bytes.map((byte) => byteOf(byte, byte)));
}

function wellFormed(codePoint: number): number {
  return codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint;
}

/** One character of the ranges, as UTF-8; surrogates are no characters. */
export function oneOf(ranges: readonly CodePointRange[]): Expression {
  const single: ByteRange[] = [];
  const options: Expression[] = [];
  for (const [low, high] of ranges) {
    for (const [from, to] of lengths) {
      const first = Math.max(low, from);
      const last = Math.min(high, to);
      if (first > last) continue;
      if (to === 0x7f) single.push([first, last]);
      else options.push(...between(utf8Bytes(first), utf8Bytes(last)));
    }
  }
  if (single.length > 0) options.unshift({ kind: 'bytes', ranges: single });
  return choice(options);
}

/** How one character of a set is written. */
export type CharacterWriter = (ranges: readonly CodePointRange[]) => Expression;

/** Writes each set of characters once: a pattern may have the same one ten thousand times. */
export class ExpressionOnce {
  private readonly written = new Map<string, Expression>();

  constructor(private readonly write: CharacterWriter) {}

  of(ranges: readonly CodePointRange[]): Expression {
    const name = ranges.join(' ');
    let expression = this.written.get(name);
    if (expression === undefined) {
      expression = this.write(ranges);
      this.written.set(name, expression);
    }
    return expression;
  }
}

/** Ranges in order, without overlaps. */
export function normalized(ranges: readonly CodePointRange[]): readonly CodePointRange[] {
  const inOrder = [...ranges].sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [low, high] of inOrder) {
    const last = merged.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else merged.push([low, high]);
  }
  return merged;
}

/** All characters but these. */
export function complement(ranges: readonly CodePointRange[]): readonly CodePointRange[] {
  const rest: CodePointRange[] = [];
  let next = 0;
  for (const [low, high] of normalized(ranges)) {
    if (low > next) rest.push([next, low - 1]);
    next = high + 1;
  }
  if (next <= codePointMax) rest.push([next, codePointMax]);
  return rest;
}

/** The characters that both have. */
export function intersection(
  a: readonly CodePointRange[],
  b: readonly CodePointRange[],
): readonly CodePointRange[] {
  return complement([...complement(a), ...complement(b)]);
}

function byteOf(low: number, high: number): Expression {
  return { kind: 'bytes', ranges: [[low, high]] };
}

/** Sequences of bytes of one length between two of them, in the order of UTF-8, which is that of the characters. */
function between(low: readonly number[], high: readonly number[]): Expression[] {
  const [first, ...lowRest] = low;
  const [last, ...highRest] = high;
  if (first === undefined || last === undefined) return [empty];
  if (lowRest.length === 0) return [byteOf(first, last)];
  if (first === last) {
    return between(lowRest, highRest).map((rest) => sequence(byteOf(first, first), rest));
  }
  const lowest = lowRest.map(() => 0x80);
  const highest = lowRest.map(() => 0xbf);
  const options: Expression[] = [];
  const startsInside = lowRest.some((byte) => byte !== 0x80);
  const endsInside = highRest.some((byte) => byte !== 0xbf);
  if (startsInside) {
    options.push(...between(lowRest, highest).map((rest) => sequence(byteOf(first, first), rest)));
  }
  const from = startsInside ? first + 1 : first;
  const to = endsInside ? last - 1 : last;
  if (from <= to) {
    const rest = lowest.map((byte, index) => byteOf(byte, highest[index]!));
    options.push(sequence(byteOf(from, to), ...rest));
  }
  if (endsInside) {
    options.push(...between(lowest, highRest).map((rest) => sequence(byteOf(last, last), rest)));
  }
  return options;
}
