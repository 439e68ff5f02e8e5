/**
 * NumPy's file of one array (numpy.lib.format, versions 1 to 3): a magic word, a header that is a Python dictionary,
 * and the elements. Arrays of objects and of texts are refused; nothing in a header is evaluated.
 */
import {
  dimensionsMax,
  elementBytes,
  elementCount,
  type NumericTensor,
  NumericType,
  type Tensor,
} from '../../domain/tensor.js';
import { bodyError } from './body-error.js';
import { checkExtent } from './nested.js';

const magic = Buffer.from('\x93NUMPY', 'latin1');
/** The format wants its data to begin at a multiple of this, bytes. */
const alignment = 64;
const dimensionMax = 2 ** 31 - 1;

const kinds: Readonly<Record<string, NumericType>> = {
  f2: NumericType.Float16,
  f4: NumericType.Float32,
  f8: NumericType.Float64,
  i1: NumericType.Int8,
  i2: NumericType.Int16,
  i4: NumericType.Int32,
  i8: NumericType.Int64,
  u1: NumericType.Uint8,
  u2: NumericType.Uint16,
  u4: NumericType.Uint32,
  u8: NumericType.Uint64,
  b1: NumericType.Bool,
};

/** `name` is what messages call the array. The tensor has bytes of its own. Throws REQ-210. */
export function readNpy(name: string, file: Buffer): NumericTensor {
  if (!file.subarray(0, magic.length).equals(magic) || file.length < 10) {
    throw bodyError(name, 'is not in the format of NumPy’s `save`');
  }
  const isLong = (file[6] ?? 0) > 1;
  const start = isLong ? 12 : 10;
  const headerBytes = isLong && file.length >= start ? file.readUInt32LE(8) : file.readUInt16LE(8);
  if (start + headerBytes > file.length) throw bodyError(name, 'is cut off within its header');
  const header = file.toString('latin1', start, start + headerBytes);
  const { type, isSwapped } = typeOf(name, header);
  const shape = shapeOf(name, header);
  if (/'fortran_order':\s*True/.test(header) && shape.length > 1) {
    throw bodyError(name, 'is in Fortran’s order: save `numpy.ascontiguousarray` of it');
  }
  checkExtent(name, shape);
  const size = elementBytes[type];
  const expected = elementCount(shape) * size;
  const data = file.subarray(start + headerBytes);
  if (data.length !== expected) {
    throw bodyError(name, `has ${data.length} bytes of data, its type and shape have ${expected}`);
  }
  const bytes = new Uint8Array(data);
  if (isSwapped && size > 1) swap(bytes, size);
  return { type, shape, bytes };
}

function typeOf(name: string, header: string): { type: NumericType; isSwapped: boolean } {
  const descr = /'descr':\s*'([<>|=])(\w{1,20})'/.exec(header);
  const type = kinds[descr?.[2] ?? ''];
  if (type !== undefined) return { type, isSwapped: descr?.[1] === '>' };
  const what = /'descr':\s*([^,}]{1,40})/.exec(header)?.[1]?.trim() ?? 'nothing';
  throw bodyError(name, `has the type ${what}, and must have numbers or booleans; send texts as JSON`);
}

function shapeOf(name: string, header: string): readonly number[] {
  const text = /'shape':\s*\(([\d,\s]{0,400})\)/.exec(header)?.[1];
  if (text === undefined) throw bodyError(name, 'has no shape in its header');
  const shape = text
    .split(',')
    .map((length) => length.trim())
    .filter((length) => length !== '')
    .map(Number);
  if (shape.length > dimensionsMax) throw bodyError(name, `has more than ${dimensionsMax} dimensions`);
  if (shape.some((length) => !(length <= dimensionMax))) throw bodyError(name, 'has too long a dimension');
  return shape;
}

function swap(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** Version 1. Throws REQ-210 for texts. */
export function writeNpy(name: string, tensor: Tensor): Buffer {
  if (tensor.type === 'string') throw bodyError(name, 'has texts: accept application/json');
  const { type, shape, bytes } = tensor;
  const kind = Object.keys(kinds).find((each) => kinds[each] === type) ?? '';
  const order = elementBytes[type] === 1 ? '|' : '<';
  const lengths = shape
    .map((length) => `${length}, `)
    .join('')
    .trimEnd();
  const tuple = shape.length > 1 ? lengths.slice(0, -1) : lengths;
  const dictionary = `{'descr': '${order}${kind}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const unpadded = magic.length + 4 + dictionary.length + 1;
  const header = `${dictionary}${' '.repeat((alignment - (unpadded % alignment)) % alignment)}\n`;
  const lead = Buffer.concat([magic, Buffer.from([1, 0, 0, 0])]);
  lead.writeUInt16LE(header.length, 8);
  return Buffer.concat([lead, Buffer.from(header, 'latin1'), bytes]);
}
