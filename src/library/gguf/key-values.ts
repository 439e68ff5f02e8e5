/**
 * The key-value part of a header. Numbers are kept, strings and arrays only where something asks for them;
 * of the rest the type and the length. Format: ggml/include/gguf.h of llama.cpp.
 */
import type { Cursor } from './cursor.js';
import {
  arrayLengthMax,
  keptArrayLengthMax,
  keptNumbersMax,
  keptStringBytesMax,
  keyBytesMax,
  stringBytesMax,
} from './limits.js';

/** `gguf_type`. */
export const ValueType = {
  Uint8: 0,
  Int8: 1,
  Uint16: 2,
  Int16: 3,
  Uint32: 4,
  Int32: 5,
  Float32: 6,
  Bool: 7,
  String: 8,
  Array: 9,
  Uint64: 10,
  Int64: 11,
  Float64: 12,
} as const;

interface NumberFormat {
  readonly bytes: number;
  readonly read: (view: DataView, offset: number) => number;
}

const numberFormats: ReadonlyMap<number, NumberFormat> = new Map<number, NumberFormat>([
  [ValueType.Uint8, { bytes: 1, read: (view, offset) => view.getUint8(offset) }],
  [ValueType.Int8, { bytes: 1, read: (view, offset) => view.getInt8(offset) }],
  [ValueType.Uint16, { bytes: 2, read: (view, offset) => view.getUint16(offset, true) }],
  [ValueType.Int16, { bytes: 2, read: (view, offset) => view.getInt16(offset, true) }],
  [ValueType.Uint32, { bytes: 4, read: (view, offset) => view.getUint32(offset, true) }],
  [ValueType.Int32, { bytes: 4, read: (view, offset) => view.getInt32(offset, true) }],
  [ValueType.Float32, { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) }],
  [ValueType.Bool, { bytes: 1, read: (view, offset) => view.getUint8(offset) }],
  [ValueType.Uint64, { bytes: 8, read: (view, offset) => Number(view.getBigUint64(offset, true)) }],
  [ValueType.Int64, { bytes: 8, read: (view, offset) => Number(view.getBigInt64(offset, true)) }],
  [ValueType.Float64, { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) }],
]);

export interface ArrayFacts {
  readonly elementType: number;
  readonly length: number;
  /** The elements, of the few arrays that are kept. */
  readonly numbers: readonly number[] | null;
}

export interface KeyValues {
  readonly numbers: ReadonlyMap<string, { readonly type: number; readonly value: number }>;
  readonly strings: ReadonlyMap<string, string>;
  readonly arrays: ReadonlyMap<string, ArrayFacts>;
}

const keptStrings = new Set([
  'adapter.type',
  'general.architecture',
  'general.name',
  'general.type',
  'tokenizer.chat_template',
]);
/** Some architectures say these per layer. */
const keptArrays = /\.(attention\.head_count|attention\.head_count_kv|feed_forward_length)$/;

/** Reads `count` pairs. Throws MODEL-022. */
export async function readKeyValues(cursor: Cursor, count: number): Promise<KeyValues> {
  const reader = new KeyValueReader(cursor);
  for (let index = 0; index < count; index += 1) await reader.readPair(index);
  return reader;
}

class KeyValueReader implements KeyValues {
  readonly numbers = new Map<string, { type: number; value: number }>();
  readonly strings = new Map<string, string>();
  readonly arrays = new Map<string, ArrayFacts>();
  private readonly keys = new Set<string>();
  private keptNumbers = 0;

  constructor(private readonly cursor: Cursor) {}

  async readPair(index: number): Promise<void> {
    const key = await this.readKey(index);
    const what = `the value of \`${key}\``;
    await this.cursor.need(4, what);
    const type = this.cursor.takeUint32();
    const format = numberFormats.get(type);
    if (format !== undefined) {
      await this.cursor.need(format.bytes, what);
      this.numbers.set(key, { type, value: format.read(this.cursor.takeBytes(format.bytes), 0) });
    } else if (type === ValueType.String) await this.readString(key, what);
    else if (type === ValueType.Array) await this.readArray(key, what);
    else throw this.cursor.damaged(`${what} has the unknown type ${type}`);
  }

  private async readKey(index: number): Promise<string> {
    await this.cursor.need(8, `key ${index}`);
    const length = this.cursor.takeUint64(`the length of key ${index}`);
    if (length === 0 || length > keyBytesMax)
      throw this.cursor.damaged(`key ${index} is ${length} bytes long`);
    await this.cursor.need(length, `key ${index}`);
    const key = this.cursor.takeText(length, 'latin1');
    if (!/^[\x21-\x7e]+$/.test(key)) throw this.cursor.damaged(`key ${index} is not plain ASCII`);
    if (this.keys.has(key)) throw this.cursor.damaged(`the key \`${key}\` is there twice`);
    this.keys.add(key);
    return key;
  }

  private async readString(key: string, what: string): Promise<void> {
    await this.cursor.need(8, what);
    const length = this.cursor.takeUint64(`the length of \`${key}\``);
    const isKept = keptStrings.has(key);
    if (length > (isKept ? keptStringBytesMax : stringBytesMax))
      throw this.cursor.damaged(`${what} is ${length} bytes long`);
    if (!isKept) return this.cursor.skip(length, what);
    await this.cursor.need(length, what);
    this.strings.set(key, this.cursor.takeText(length, 'utf8'));
  }

  private async readArray(key: string, what: string): Promise<void> {
    await this.cursor.need(12, what);
    const elementType = this.cursor.takeUint32();
    const length = this.cursor.takeUint64(`the length of \`${key}\``);
    if (length > arrayLengthMax) throw this.cursor.damaged(`${what} has ${length} elements`);
    const format = numberFormats.get(elementType);
    let numbers: readonly number[] | null = null;
    if (format !== undefined && keptArrays.test(key)) numbers = await this.readNumbers(format, length, what);
    else if (format !== undefined) this.cursor.skip(length * format.bytes, what);
    else if (elementType === ValueType.String) await this.skipStrings(length, what);
    else throw this.cursor.damaged(`${what} has elements of the unknown type ${elementType}`);
    this.arrays.set(key, { elementType, length, numbers });
  }

  private async readNumbers(format: NumberFormat, length: number, what: string): Promise<readonly number[]> {
    this.keptNumbers += length;
    if (length > keptArrayLengthMax || this.keptNumbers > keptNumbersMax) {
      throw this.cursor.damaged(`${what} has ${length} elements`);
    }
    await this.cursor.need(length * format.bytes, what);
    const view = this.cursor.takeBytes(length * format.bytes);
    return Array.from({ length }, (_, index) => format.read(view, index * format.bytes));
  }

  /** Waits only where the window ends: a vocabulary has hundreds of thousands of strings. */
  private async skipStrings(count: number, what: string): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      if (!this.cursor.has(8)) await this.cursor.need(8, what);
      const length = this.cursor.takeUint64(`the length of a string in ${what}`);
      if (length > stringBytesMax) throw this.cursor.damaged(`a string in ${what} is ${length} bytes long`);
      this.cursor.skip(length, what);
    }
  }
}
