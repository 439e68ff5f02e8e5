/**
 * The tensor part of a header: what each is called, how large it is and where its data lies. The rules are
 * the engine's own (gguf.cpp of llama.cpp v0.5.0), applied before native code sees the file; data follows
 * in the order of the list without gaps but padding, so no two tensors can overlap.
 */
import type { Cursor } from './cursor.js';
import { dimensionsMax, tensorNameBytesMax } from './limits.js';
import { tensorTypes } from './tensor-types.js';

export interface TensorTotals {
  /** Numbers in all tensors. */
  readonly parameters: number;
  /** Bytes of the data, with padding between tensors. */
  readonly bytes: number;
  /** In the order of the file. */
  readonly tensors: ReadonlyMap<string, TensorFacts>;
}

export interface TensorFacts {
  /** ggml's name of how it is packed: `F16`, `Q8_0` … */
  readonly type: string;
  /** Numbers in each dimension, the contiguous one first. */
  readonly dimensions: readonly number[];
}

interface TensorInfo extends TensorFacts {
  readonly elements: number;
  readonly bytes: number;
  readonly offset: number;
}

/** Reads and checks `count` tensor entries and that their data lies within the file. Throws MODEL-022. */
export async function readTensors(
  cursor: Cursor,
  count: number,
  alignment: number,
  fileBytes: number,
): Promise<TensorTotals> {
  const tensors = new Map<string, TensorFacts>();
  let parameters = 0;
  let end = 0;
  for (let index = 0; index < count; index += 1) {
    const name = await readName(cursor, index, tensors);
    const tensor = await readTensor(cursor, name);
    tensors.set(name, tensor);
    const expected = padded(end, alignment);
    if (tensor.offset !== expected) {
      throw cursor.damaged(`the data of tensor \`${name}\` begins at ${tensor.offset}, not at ${expected}`);
    }
    parameters += tensor.elements;
    end = expected + tensor.bytes;
    if (end > fileBytes) throw cursor.damaged(`tensor \`${name}\` ends past the end of the file`);
  }
  const dataOffset = padded(cursor.offset, alignment);
  if (dataOffset + end > fileBytes) {
    throw cursor.damaged(`it has ${fileBytes} bytes, its tensors need ${dataOffset + end}`);
  }
  return { parameters, bytes: end, tensors };
}

async function readName(cursor: Cursor, index: number, known: ReadonlyMap<string, unknown>): Promise<string> {
  const what = `the name of tensor ${index}`;
  await cursor.need(8, what);
  const length = cursor.takeUint64(`the length of ${what}`);
  if (length > tensorNameBytesMax) throw cursor.damaged(`${what} is ${length} bytes long`);
  await cursor.need(length, what);
  const name = cursor.takeText(length, 'latin1');
  if (!/^[\x20-\x7e]*$/.test(name)) throw cursor.damaged(`${what} is not plain ASCII`);
  if (known.has(name)) throw cursor.damaged(`tensor \`${name}\` is there twice`);
  return name;
}

async function readTensor(cursor: Cursor, name: string): Promise<TensorInfo> {
  const what = `the entry of tensor \`${name}\``;
  await cursor.need(4, what);
  const dimensionCount = cursor.takeUint32();
  if (dimensionCount > dimensionsMax)
    throw cursor.damaged(`tensor \`${name}\` has ${dimensionCount} dimensions`);
  await cursor.need(dimensionCount * 8 + 12, what);
  const dimensions = Array.from({ length: dimensionCount }, () =>
    cursor.takeUint64(`a dimension of tensor \`${name}\``),
  );
  const type = tensorTypes.get(cursor.takeUint32());
  const offset = cursor.takeUint64(`the offset of tensor \`${name}\``);
  if (type === undefined) throw cursor.damaged(`tensor \`${name}\` has an unknown type`);
  const elements = dimensions.reduce((product, dimension) => product * dimension, 1);
  if (elements === 0) throw cursor.damaged(`tensor \`${name}\` is empty`);
  if (!Number.isSafeInteger(elements)) throw cursor.damaged(`tensor \`${name}\` is absurdly large`);
  if ((dimensions[0] ?? 1) % type.blockElements !== 0) {
    throw cursor.damaged(`rows of tensor \`${name}\` are not whole blocks of ${type.name}`);
  }
  const bytes = (elements / type.blockElements) * type.blockBytes;
  if (!Number.isSafeInteger(bytes)) throw cursor.damaged(`tensor \`${name}\` is absurdly large`);
  return { elements, bytes, offset, type: type.name, dimensions };
}

function padded(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
