/**
 * Elements of numeric tensors as JSON has them. Numbers that JSON has no word for are the texts `NaN`, `Infinity` and
 * `-Infinity`; whole numbers beyond ±(2^53 - 1) have no exact JSON number and are refused both ways.
 */
import { elementBytes, type NumericTensor, type NumericType } from '../../domain/tensor.js';
import { bodyError } from './body-error.js';
import { fromFloat16Bits, toFloat16Bits } from './float16.js';

const wholeRanges: Readonly<Partial<Record<NumericType, readonly [min: number, max: number]>>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  uint32: [0, 2 ** 32 - 1],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

const specialNumbers: ReadonlyMap<unknown, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** A tensor of zeros, and how elements get into it. */
export interface TensorWriter {
  readonly tensor: NumericTensor;
  /** Throws REQ-210, which names the tensor and what is expected. */
  set(index: number, value: unknown): void;
}

export function writerOf(
  name: string,
  type: NumericType,
  shape: readonly number[],
  count: number,
): TensorWriter {
  const bytes = new Uint8Array(count * elementBytes[type]);
  const view = new DataView(bytes.buffer);
  const write = elementWriters[type];
  return {
    tensor: { type, shape, bytes },
    set: (index, value) => write(view, index * elementBytes[type], checked(name, type, value)),
  };
}

function checked(name: string, type: NumericType, value: unknown): number {
  if (type === 'bool') {
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (value === 0 || value === 1) return value;
    throw bodyError(name, `must have elements of type bool, not ${shown(value)}`);
  }
  const range = wholeRanges[type];
  if (range === undefined) {
    const number = typeof value === 'number' ? value : specialNumbers.get(value);
    if (number !== undefined) return number;
  } else if (typeof value === 'number' && Number.isInteger(value)) {
    if (value >= range[0] && value <= range[1]) return value;
    throw bodyError(name, `must have elements of type ${type}; ${value} is out of its range in JSON`);
  }
  throw bodyError(name, `must have elements of type ${type}, not ${shown(value)}`);
}

type ElementWriter = (view: DataView, at: number, value: number) => void;
const elementWriters: Readonly<Record<NumericType, ElementWriter>> = {
  float16: (view, at, value) => view.setUint16(at, toFloat16Bits(value), true),
  float32: (view, at, value) => view.setFloat32(at, value, true),
  float64: (view, at, value) => view.setFloat64(at, value, true),
  int8: (view, at, value) => view.setInt8(at, value),
  int16: (view, at, value) => view.setInt16(at, value, true),
  int32: (view, at, value) => view.setInt32(at, value, true),
  int64: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  uint8: (view, at, value) => view.setUint8(at, value),
  uint16: (view, at, value) => view.setUint16(at, value, true),
  uint32: (view, at, value) => view.setUint32(at, value, true),
  uint64: (view, at, value) => view.setBigUint64(at, BigInt(value), true),
  bool: (view, at, value) => view.setUint8(at, value),
};

/** How an element is read, for `JSON.stringify`. Throws REQ-210 for what JSON cannot say. */
export function readerOf(name: string, tensor: NumericTensor): (index: number) => number | boolean | string {
  const { bytes, type } = tensor;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = elementBytes[type];
  switch (type) {
    case 'float16':
      return (index) => finite(fromFloat16Bits(view.getUint16(index * size, true)));
    case 'float32':
      return (index) => finite(view.getFloat32(index * size, true));
    case 'float64':
      return (index) => finite(view.getFloat64(index * size, true));
    case 'int8':
      return (index) => view.getInt8(index);
    case 'int16':
      return (index) => view.getInt16(index * size, true);
    case 'int32':
      return (index) => view.getInt32(index * size, true);
    case 'int64':
      return (index) => safe(name, view.getBigInt64(index * size, true));
    case 'uint8':
      return (index) => view.getUint8(index);
    case 'uint16':
      return (index) => view.getUint16(index * size, true);
    case 'uint32':
      return (index) => view.getUint32(index * size, true);
    case 'uint64':
      return (index) => safe(name, view.getBigUint64(index * size, true));
    case 'bool':
      return (index) => view.getUint8(index) !== 0;
    default:
      return type satisfies never;
  }
}

function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function safe(name: string, value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw bodyError(name, `has the whole number ${value}, which is no JSON number: accept application/x-npy`);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return `\`${String(JSON.stringify(value)).slice(0, 40)}\``;
}
