/**
 * Tensors by name, as models that are no language models take and give them. Numbers are little-endian bytes in row-major
 * order, so that rows of several tensors are put together and taken apart by copying, whatever their type.
 */

export const NumericType = {
  Float16: 'float16',
  Float32: 'float32',
  Float64: 'float64',
  Int8: 'int8',
  Int16: 'int16',
  Int32: 'int32',
  Int64: 'int64',
  Uint8: 'uint8',
  Uint16: 'uint16',
  Uint32: 'uint32',
  Uint64: 'uint64',
  /** One byte, 0 or 1. */
  Bool: 'bool',
} as const;
export type NumericType = (typeof NumericType)[keyof typeof NumericType];
export type TensorType = NumericType | 'string';

export interface NumericTensor {
  readonly type: NumericType;
  /** Whole numbers ≥ 0, at most `dimensionsMax` of them; none = one number. */
  readonly shape: readonly number[];
  /** `elementCount(shape) × elementBytes[type]` of them. */
  readonly bytes: Uint8Array;
}

export interface StringTensor {
  readonly type: 'string';
  readonly shape: readonly number[];
  readonly strings: readonly string[];
}

export type Tensor = NumericTensor | StringTensor;
export type NamedTensors = ReadonlyMap<string, Tensor>;

/** What a model takes or gives under a name. */
export interface TensorSlot {
  readonly name: string;
  readonly type: TensorType;
  /** A number is fixed; a text names a dimension of any length, and is empty where the model gives it no name. */
  readonly shape: readonly (number | string)[];
}

export const dimensionsMax = 16;

export const elementBytes: Readonly<Record<NumericType, number>> = {
  float16: 2,
  float32: 4,
  float64: 8,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  bool: 1,
};

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** `float32 [2, 3]`, for messages. */
export function describeTensor({ type, shape }: Tensor | TensorSlot): string {
  return `${type} [${shape.map((length) => (length === '' ? '?' : length)).join(', ')}]`;
}

/** True when the slot takes tensors of that type and shape. */
export function isFitting(slot: TensorSlot, tensor: Tensor): boolean {
  if (slot.type !== tensor.type || slot.shape.length !== tensor.shape.length) return false;
  return slot.shape.every((length, index) => typeof length === 'string' || length === tensor.shape[index]);
}

/** One tensor with the rows of all, in order. They agree in type and in every dimension but the first. */
export function joinRows(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new Error('there is nothing to join');
  if (tensors.length === 1) return first;
  const rows = tensors.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  const shape = [rows, ...first.shape.slice(1)];
  if (first.type === 'string') {
    return {
      type: 'string',
      shape,
      strings: tensors.flatMap((one) => (one.type === 'string' ? one.strings : [])),
    };
  }
  const bytes = new Uint8Array(elementCount(shape) * elementBytes[first.type]);
  let at = 0;
  for (const one of tensors) {
    if (one.type === 'string') continue;
    bytes.set(one.bytes, at);
    at += one.bytes.length;
  }
  return { type: first.type, shape, bytes };
}

/** The rows again, so many for each; null when the tensor does not have exactly that many rows. */
export function splitRows(tensor: Tensor, rowCounts: readonly number[]): readonly Tensor[] | null {
  const total = rowCounts.reduce((sum, rows) => sum + rows, 0);
  if (tensor.shape[0] !== total) return null;
  const rest = tensor.shape.slice(1);
  const perRow = elementCount(rest);
  let row = 0;
  return rowCounts.map((rows): Tensor => {
    const [from, to] = [row * perRow, (row + rows) * perRow];
    row += rows;
    const shape = [rows, ...rest];
    if (tensor.type === 'string') {
      return { type: 'string', shape, strings: tensor.strings.slice(from, to) };
    }
    const size = elementBytes[tensor.type];
    return { type: tensor.type, shape, bytes: tensor.bytes.subarray(from * size, to * size) };
  });
}
