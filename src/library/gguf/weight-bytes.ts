/** How a model's weights are divided, as far as memory depends on it. */
import type { TensorFacts } from './tensors.js';
import { tensorTypes } from './tensor-types.js';

export interface WeightBytes {
  /** Of the table of token embeddings; 0 when there is none by that name. */
  readonly embeddingBytes: number;
  /** The model has no output matrix of its own: the embeddings serve as it. */
  readonly isOutputTied: boolean;
  /** Of matrices packed as Q8_0, but for the embeddings. */
  readonly eightBitBytes: number;
}

const typesByName = new Map([...tensorTypes.values()].map((type) => [type.name, type]));
const embeddingName = 'token_embd.weight';

export function weightBytes(tensors: ReadonlyMap<string, TensorFacts>): WeightBytes {
  const embedding = tensors.get(embeddingName);
  let eightBitBytes = 0;
  for (const [name, tensor] of tensors) {
    if (tensor.type === 'Q8_0' && name !== embeddingName) eightBitBytes += bytesOf(tensor);
  }
  return {
    embeddingBytes: embedding === undefined ? 0 : bytesOf(embedding),
    isOutputTied: !tensors.has('output.weight'),
    eightBitBytes,
  };
}

function bytesOf({ type, dimensions }: TensorFacts): number {
  const { blockElements = 1, blockBytes = 0 } = typesByName.get(type) ?? {};
  return (dimensions.reduce((product, dimension) => product * dimension, 1) / blockElements) * blockBytes;
}
