/**
 * CBOR (RFC 8949) as far as Smithy's RPC protocol needs it: null, booleans, numbers, texts, bytes, lists, maps with text
 * keys, and times as tag 1. Reads bytes of any origin: nesting and lengths are bounded, and what is not CBOR is REQ-210.
 */
import { StowageError } from '../../domain/errors.js';

/** Nesting of lists and maps; the model's deepest input has a third of it. */
const depthMax = 32;
const indefinite = -1;
const breakByte = 0xff;

/** A time, seconds since 1970; written with tag 1. Read, it is the number alone. */
export class CborTime {
  constructor(readonly seconds: number) {}
}

/** The one value of `bytes`. Throws REQ-210. */
export function decodeCbor(bytes: Uint8Array): unknown {
  const reader = new CborReader(bytes);
  const value = reader.value(0);
  reader.finish();
  return value;
}

function notCbor(problem: string): StowageError {
  return StowageError.of('REQ-210', { problem: `the body is not CBOR: ${problem}`, field: 'body' });
}

class CborReader {
  private at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  finish(): void {
    if (this.at !== this.bytes.length) throw notCbor('something follows its value');
  }

  value(depth: number): unknown {
    if (depth > depthMax) throw notCbor(`it is nested deeper than ${depthMax}`);
    const initial = this.byte();
    const major = initial >> 5;
    const extra = initial & 31;
    switch (major) {
      case 0:
        return this.argument(extra);
      case 1:
        return -1 - this.argument(extra);
      case 2:
        return this.chunks(major, extra);
      case 3:
        return new TextDecoder().decode(this.chunks(major, extra));
      case 4:
        return this.list(this.length(extra), depth);
      case 5:
        return this.map(this.length(extra), depth);
      case 6:
        return this.tagged(this.argument(extra), depth);
      default:
        return this.simple(extra);
    }
  }

  private take(count: number): number {
    const start = this.at;
    if (count > this.bytes.length - start) throw notCbor('it ends early');
    this.at += count;
    return start;
  }

  private byte(): number {
    return this.view.getUint8(this.take(1));
  }

  private argument(extra: number): number {
    if (extra < 24) return extra;
    switch (extra) {
      case 24:
        return this.byte();
      case 25:
        return this.view.getUint16(this.take(2));
      case 26:
        return this.view.getUint32(this.take(4));
      case 27:
        return Number(this.view.getBigUint64(this.take(8)));
      default:
        throw notCbor('a length is malformed');
    }
  }

  private length(extra: number): number {
    return extra === 31 ? indefinite : this.argument(extra);
  }

  /** Bytes or text in one piece, or in chunks of the same type up to a break. */
  private chunks(major: number, extra: number): Uint8Array {
    const length = this.length(extra);
    if (length !== indefinite) {
      const start = this.take(length);
      return this.bytes.slice(start, start + length);
    }
    const parts: Uint8Array[] = [];
    while (!this.atBreak()) {
      const initial = this.byte();
      if (initial >> 5 !== major || (initial & 31) === 31) throw notCbor('a chunk is of another type');
      const partLength = this.argument(initial & 31);
      const start = this.take(partLength);
      parts.push(this.bytes.slice(start, start + partLength));
    }
    return Buffer.concat(parts);
  }

  private list(length: number, depth: number): readonly unknown[] {
    const values: unknown[] = [];
    while (length === indefinite ? !this.atBreak() : values.length < length)
      values.push(this.value(depth + 1));
    return values;
  }

  private map(length: number, depth: number): object {
    const entries: [string, unknown][] = [];
    while (length === indefinite ? !this.atBreak() : entries.length < length) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string') throw notCbor('a key is not a text');
      entries.push([key, this.value(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  private atBreak(): boolean {
    if (this.view.byteLength <= this.at) throw notCbor('it ends early');
    if (this.bytes[this.at] !== breakByte) return false;
    this.at += 1;
    return true;
  }

  private tagged(tag: number, depth: number): unknown {
    if (tag !== 1) throw notCbor(`tag ${tag} is not known`);
    return this.value(depth + 1);
  }

  private simple(extra: number): unknown {
    switch (extra) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
      case 23:
        return null;
      case 25:
        return halfFloat(this.view.getUint16(this.take(2)));
      case 26:
        return this.view.getFloat32(this.take(4));
      case 27:
        return this.view.getFloat64(this.take(8));
      default:
        throw notCbor('a simple value is not known');
    }
  }
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Plain values as CBOR; members that are undefined must have been left out. */
export function encodeCbor(value: unknown): Buffer {
  const parts: Uint8Array[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: unknown, parts: Uint8Array[]): void {
  if (value === null || value === undefined) parts.push(Uint8Array.of(0xf6));
  else if (typeof value === 'boolean') parts.push(Uint8Array.of(value ? 0xf5 : 0xf4));
  else if (typeof value === 'number') parts.push(number(value));
  else if (typeof value === 'string') {
    const text = Buffer.from(value);
    parts.push(head(3, text.length), text);
  } else if (value instanceof Uint8Array) parts.push(head(2, value.length), value);
  else if (value instanceof CborTime) parts.push(head(6, 1), number(value.seconds));
  else if (Array.isArray(value)) {
    parts.push(head(4, value.length));
    for (const one of value) write(one, parts);
  } else {
    const entries = Object.entries(value as object);
    parts.push(head(5, entries.length));
    for (const [key, one] of entries) {
      write(key, parts);
      write(one, parts);
    }
  }
}

function number(value: number): Uint8Array {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    return value >= 0 ? head(0, value) : head(1, -1 - value);
  }
  const bytes = Buffer.alloc(9, 0xfb);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function head(major: number, argument: number): Uint8Array {
  const type = major << 5;
  if (argument < 24) return Uint8Array.of(type | argument);
  if (argument < 2 ** 8) return Uint8Array.of(type | 24, argument);
  const bytes = Buffer.alloc(argument < 2 ** 16 ? 3 : argument < 2 ** 32 ? 5 : 9);
  bytes[0] = type | (bytes.length === 3 ? 25 : bytes.length === 5 ? 26 : 27);
  if (bytes.length === 3) bytes.writeUInt16BE(argument, 1);
  else if (bytes.length === 5) bytes.writeUInt32BE(argument, 1);
  else bytes.writeBigUInt64BE(BigInt(argument), 1);
  return bytes;
}
