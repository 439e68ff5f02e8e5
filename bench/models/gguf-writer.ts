/**
 * Writes GGUF version 3 files: a header of metadata and tensor descriptions, then the tensors' bytes, aligned.
 * The wire rules are those of ggml's docs/gguf.md; only the kinds of value that the benches need are here.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

const formatVersion = 3;
const alignmentBytes = 32;

/** The numbers of GGUF's value types. */
const ValueType = { UnsignedInt32: 4, Int32: 5, Float32: 6, Boolean: 7, Text: 8, List: 9 } as const;

export type MetadataValue =
  | { readonly type: 'uint32'; readonly value: number }
  | { readonly type: 'float32'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'int32-list'; readonly value: readonly number[] }
  | { readonly type: 'text-list'; readonly value: readonly string[] };

/** ggml's numbers of the tensor types written here. */
export const TensorType = { Float32: 0, Float16: 1 } as const;
export type TensorType = (typeof TensorType)[keyof typeof TensorType];

const bytesPerElement: Readonly<Record<TensorType, number>> = { 0: 4, 1: 2 };

export interface TensorDescription {
  readonly name: string;
  /** Elements per dimension, the contiguous one first. */
  readonly shape: readonly number[];
  readonly type: TensorType;
  /** The tensor's bytes, in pieces; together exactly `tensorBytes` of it. */
  readonly pieces: () => Iterable<Uint8Array>;
}

export function elementCount(tensor: Pick<TensorDescription, 'shape'>): number {
  return tensor.shape.reduce((product, dimension) => product * dimension, 1);
}

export function tensorBytes(tensor: TensorDescription): number {
  return elementCount(tensor) * bytesPerElement[tensor.type];
}

/** Writes the file in one pass; throws when a tensor's pieces are not as long as its shape says. */
export function writeGguf(
  file: string,
  metadata: ReadonlyMap<string, MetadataValue>,
  tensors: readonly TensorDescription[],
): void {
  const descriptor = openSync(file, 'w');
  try {
    writeSync(descriptor, headerBytes(metadata, tensors));
    for (const tensor of tensors) {
      let written = 0;
      for (const piece of tensor.pieces()) written += writeSync(descriptor, piece);
      if (written !== tensorBytes(tensor)) {
        throw new Error(`${tensor.name}: ${written} bytes instead of ${tensorBytes(tensor)}`);
      }
      writeSync(descriptor, Buffer.alloc(aligned(written) - written));
    }
  } finally {
    closeSync(descriptor);
  }
}

function headerBytes(
  metadata: ReadonlyMap<string, MetadataValue>,
  tensors: readonly TensorDescription[],
): Uint8Array {
  const bytes = new ByteSink();
  bytes.raw(Buffer.from('GGUF'));
  bytes.uint32(formatVersion);
  bytes.uint64(tensors.length);
  bytes.uint64(metadata.size);
  for (const [key, value] of metadata) {
    bytes.text(key);
    writeValue(bytes, value);
  }
  let offset = 0;
  for (const tensor of tensors) {
    bytes.text(tensor.name);
    bytes.uint32(tensor.shape.length);
    for (const dimension of tensor.shape) bytes.uint64(dimension);
    bytes.uint32(tensor.type);
    bytes.uint64(offset);
    offset += aligned(tensorBytes(tensor));
  }
  bytes.raw(Buffer.alloc(aligned(bytes.length) - bytes.length));
  return bytes.joined();
}

function writeValue(bytes: ByteSink, entry: MetadataValue): void {
  switch (entry.type) {
    case 'uint32':
      bytes.uint32(ValueType.UnsignedInt32);
      return bytes.uint32(entry.value);
    case 'float32':
      bytes.uint32(ValueType.Float32);
      return bytes.float32(entry.value);
    case 'boolean':
      bytes.uint32(ValueType.Boolean);
      return bytes.raw(Buffer.from([entry.value ? 1 : 0]));
    case 'text':
      bytes.uint32(ValueType.Text);
      return bytes.text(entry.value);
    case 'int32-list':
      startList(bytes, ValueType.Int32, entry.value.length);
      return bytes.raw(new Uint8Array(Int32Array.from(entry.value).buffer));
    case 'text-list':
      startList(bytes, ValueType.Text, entry.value.length);
      for (const text of entry.value) bytes.text(text);
      return;
    default:
      return entry satisfies never;
  }
}

function startList(bytes: ByteSink, elementType: number, length: number): void {
  bytes.uint32(ValueType.List);
  bytes.uint32(elementType);
  bytes.uint64(length);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignmentBytes) * alignmentBytes;
}

/** Little-endian bytes, gathered. */
class ByteSink {
  length = 0;
  private readonly pieces: Uint8Array[] = [];

  raw(piece: Uint8Array): void {
    this.pieces.push(piece);
    this.length += piece.length;
  }

  uint32(value: number): void {
    const piece = Buffer.alloc(4);
    piece.writeUInt32LE(value);
    this.raw(piece);
  }

  uint64(value: number): void {
    const piece = Buffer.alloc(8);
    piece.writeBigUInt64LE(BigInt(value));
    this.raw(piece);
  }

  float32(value: number): void {
    const piece = Buffer.alloc(4);
    piece.writeFloatLE(value);
    this.raw(piece);
  }

  text(value: string): void {
    const piece = Buffer.from(value, 'utf8');
    this.uint64(piece.length);
    this.raw(piece);
  }

  joined(): Uint8Array {
    return Buffer.concat(this.pieces);
  }
}
