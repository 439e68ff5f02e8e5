/**
 * NumPy's file of several named arrays: a ZIP archive with a `.npy` file for each, stored or deflated. Read by the
 * central directory, bounded in entries and in unpacked bytes; written without compression.
 */
import { inflateRawSync } from 'node:zlib';
import type { StowageError } from '../../domain/errors.js';
import { elementBytes, type NamedTensors, type Tensor, type TensorSlot } from '../../domain/tensor.js';
import { bodyError } from './body-error.js';
import { readNpy, writeNpy } from './npy.js';

const place = 'body';
const entriesMax = 256;
/** Bytes of all arrays unpacked, on the event loop: a few times what a body has. */
const unpackedBytesMax = 16 * 1024 * 1024;
/** Bytes before the elements of an array: NumPy's header has at most 64 KiB. */
const headerBytesMax = 64 * 1024 + 16;

const localSignature = 0x04034b50;
const centralSignature = 0x02014b50;
const endSignature = 0x06054b50;
const endBytes = 22;
const commentBytesMax = 65_535;

/** Whose array that is; throws REQ-210 for names that are nobody's. */
type FindSlot = (name: string) => TensorSlot;

/** Throws REQ-210. What belongs to no slot, or is too large for it, is not unpacked. */
export function readNpz(file: Buffer, findSlot: FindSlot): NamedTensors {
  try {
    return readArchive(file, findSlot);
  } catch (error) {
    if (error instanceof RangeError) throw bodyError(place, 'is a damaged archive');
    throw error;
  }
}

function readArchive(file: Buffer, findSlot: FindSlot): NamedTensors {
  const end = endOf(file);
  const count = file.readUInt16LE(end + 10);
  if (count > entriesMax) throw bodyError(place, `has more than ${entriesMax} arrays`);
  const tensors = new Map<string, Tensor>();
  let at = file.readUInt32LE(end + 16);
  let left = unpackedBytesMax;
  for (let entry = 0; entry < count; entry++) {
    if (file.readUInt32LE(at) !== centralSignature) throw bodyError(place, 'is a damaged archive');
    const nameBytes = file.readUInt16LE(at + 28);
    const name = file.toString('utf8', at + 46, at + 46 + nameBytes).replace(/\.npy$/, '');
    if (tensors.has(name)) throw bodyError(name, 'is there twice');
    const data = unpack(file, at, name, Math.min(left, bytesMaxOf(findSlot(name))));
    left -= data.length;
    tensors.set(name, readNpy(name, data));
    at += 46 + nameBytes + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return tensors;
}

/** Bytes of a file for that slot. */
function bytesMaxOf({ type, shape }: TensorSlot): number {
  if (type === 'string') return headerBytesMax; // which is refused by its header
  let count = 1;
  for (const length of shape) count *= typeof length === 'number' ? length : Infinity;
  // An open dimension may be 0 where a fixed one is, too.
  return Number.isNaN(count) ? headerBytesMax : headerBytesMax + count * elementBytes[type];
}

function endOf(file: Buffer): number {
  for (let at = file.length - endBytes; at >= 0 && at >= file.length - endBytes - commentBytesMax; at--) {
    if (file.readUInt32LE(at) === endSignature) return at;
  }
  throw bodyError(place, 'is no archive as NumPy’s `savez` writes it');
}

function unpack(file: Buffer, central: number, name: string, bytesMax: number): Buffer {
  const method = file.readUInt16LE(central + 10);
  const packedBytes = file.readUInt32LE(central + 20);
  const unpackedBytes = file.readUInt32LE(central + 24);
  if (unpackedBytes > bytesMax) throw tooLong(name, bytesMax);
  const local = file.readUInt32LE(central + 42);
  if (file.readUInt32LE(local) !== localSignature) throw bodyError(name, 'is not where the archive says');
  const from = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
  if (from + packedBytes > file.length) throw bodyError(name, 'is cut off');
  const packed = file.subarray(from, from + packedBytes);
  if (method === 0 && packedBytes <= bytesMax) return packed;
  if (method !== 0 && method !== 8) throw bodyError(name, 'is packed in a way that is not known here');
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytesMax) });
  } catch {
    throw bodyError(name, `cannot be unpacked, or has more than ${bytesMax} bytes`);
  }
}

function tooLong(name: string, bytesMax: number): StowageError {
  return bodyError(name, `has more than ${bytesMax} bytes`);
}

/** Throws REQ-210 for texts. */
export function writeNpz(tensors: NamedTensors): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, tensor] of tensors) {
    const data = writeNpy(name, tensor);
    const fileName = Buffer.from(`${name}.npy`, 'utf8');
    const shared = sharedFields(data, fileName.length);
    const local = Buffer.concat([word(localSignature), shared, fileName, data]);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(offset, 10);
    centrals.push(word(centralSignature), Buffer.from([20, 0]), shared, central, fileName);
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(endBytes);
  end.writeUInt32LE(endSignature, 0);
  end.writeUInt16LE(tensors.size, 8);
  end.writeUInt16LE(tensors.size, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** Version, flags (names are UTF-8), method, time, checksum, sizes and lengths: 26 bytes that both headers have. */
function sharedFields(data: Buffer, nameBytes: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(0x0800, 2);
  fields.writeUInt16LE(0x0021, 8); // 1980-01-01: answers are the same whenever they are made
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(nameBytes, 22);
  return fields;
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(data: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of data) value = (crcTable[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
