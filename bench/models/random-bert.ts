/**
 * BERT encoders with random weights, which make embeddings or, with a ranking head, scores: any machine can make the
 * same bytes from nothing. Files are kept; one whose name says the same shape is not written again.
 */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { type MetadataValue, type TensorDescription, TensorType, writeGguf } from './gguf-writer.js';
import { randomPieces, weightTable } from './random-llama.js';

export interface BertShape {
  readonly embedding: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly contextTokens: number;
}

/** Shapes by name. */
export const bertShapes = {
  /** 2 million parameters, 4 MB; for tests. */
  '2m': {
    embedding: 128,
    layers: 3,
    heads: 4,
    feedForward: 512,
    vocabulary: 8000,
    contextTokens: 256,
  },
  /** 22 million parameters, 45 MB: the shape of all-MiniLM-L6. */
  '22m': {
    embedding: 384,
    layers: 6,
    heads: 12,
    feedForward: 1536,
    vocabulary: 30_522,
    contextTokens: 512,
  },
} as const satisfies Record<string, BertShape>;
export type BertShapeName = keyof typeof bertShapes;

/** What the file says of how a text's tokens become one vector: `llama_pooling_type` (llama.h). */
export const bertPoolings = { mean: 1, cls: 2, rank: 4 } as const;
export type BertPooling = keyof typeof bertPoolings;

/** Raised when the bytes of a shape change, so that kept files of before are not taken. */
const revision = 1;
const specialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
/** GGUF's token types. */
const normalType = 1;
const controlType = 3;
/** How llama.cpp's word pieces write a word's beginning. */
const wordStart = '\u2581';

/** The model's file in `folder`, written if it is not there. */
export function ensureRandomBert(folder: string, name: BertShapeName, pooling: BertPooling): string {
  const file = path.join(folder, `random-bert-${name}-${pooling}-${revision}.gguf`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const shape = bertShapes[name];
  const unfinished = `${file}.${process.pid}`;
  writeGguf(unfinished, metadataOf(name, shape, pooling), tensorsOf(shape, pooling));
  renameSync(unfinished, file);
  return file;
}

function metadataOf(
  name: string,
  shape: BertShape,
  pooling: BertPooling,
): ReadonlyMap<string, MetadataValue> {
  const uint32 = (value: number): MetadataValue => ({ type: 'uint32', value });
  const text = (value: string): MetadataValue => ({ type: 'text', value });
  const tokens = wordPieces(shape.vocabulary);
  const types = tokens.map((_, token) => (token < specialTokens.length ? controlType : normalType));
  return new Map<string, MetadataValue>([
    ['general.architecture', text('bert')],
    ['general.name', text(`random bert ${name}`)],
    ['general.file_type', uint32(1)],
    ['general.quantization_version', uint32(2)],
    ['bert.block_count', uint32(shape.layers)],
    ['bert.context_length', uint32(shape.contextTokens)],
    ['bert.embedding_length', uint32(shape.embedding)],
    ['bert.feed_forward_length', uint32(shape.feedForward)],
    ['bert.attention.head_count', uint32(shape.heads)],
    ['bert.attention.layer_norm_epsilon', { type: 'float32', value: 1e-12 }],
    ['bert.attention.causal', { type: 'boolean', value: false }],
    ['bert.pooling_type', uint32(bertPoolings[pooling])],
    ['tokenizer.ggml.model', text('bert')],
    ['tokenizer.ggml.token_type_count', uint32(2)],
    ['tokenizer.ggml.padding_token_id', uint32(0)],
    ['tokenizer.ggml.unknown_token_id', uint32(1)],
    ['tokenizer.ggml.bos_token_id', uint32(2)],
    ['tokenizer.ggml.cls_token_id', uint32(2)],
    ['tokenizer.ggml.seperator_token_id', uint32(3)],
    ['tokenizer.ggml.mask_token_id', uint32(4)],
    ['tokenizer.ggml.tokens', { type: 'text-list', value: tokens }],
    ['tokenizer.ggml.token_type', { type: 'int32-list', value: types }],
  ]);
}

function tensorsOf(shape: BertShape, pooling: BertPooling): readonly TensorDescription[] {
  const { embedding, feedForward, vocabulary, contextTokens } = shape;
  const table = weightTable();
  const weights = (name: string, inputs: number, outputs: number): TensorDescription => {
    const pieces = () => randomPieces(name, inputs * outputs, table);
    return { name: `${name}.weight`, shape: [inputs, outputs], type: TensorType.Float16, pieces };
  };
  const filled = (name: string, length: number, value: number): TensorDescription => {
    const pieces = () => [new Uint8Array(new Float32Array(length).fill(value).buffer)];
    return { name, shape: [length], type: TensorType.Float32, pieces };
  };
  const norm = (name: string) => [
    filled(`${name}.weight`, embedding, 1),
    filled(`${name}.bias`, embedding, 0),
  ];
  const linear = (name: string, inputs: number, outputs: number) => [
    weights(name, inputs, outputs),
    filled(`${name}.bias`, outputs, 0),
  ];
  const block = (layer: number) => [
    ...linear(`blk.${layer}.attn_q`, embedding, embedding),
    ...linear(`blk.${layer}.attn_k`, embedding, embedding),
    ...linear(`blk.${layer}.attn_v`, embedding, embedding),
    ...linear(`blk.${layer}.attn_output`, embedding, embedding),
    ...norm(`blk.${layer}.attn_output_norm`),
    ...linear(`blk.${layer}.ffn_up`, embedding, feedForward),
    ...linear(`blk.${layer}.ffn_down`, feedForward, embedding),
    ...norm(`blk.${layer}.layer_output_norm`),
  ];
  const head = [...linear('cls', embedding, embedding), ...linear('cls.output', embedding, 1)];
  return [
    weights('token_embd', embedding, vocabulary),
    weights('position_embd', embedding, contextTokens),
    tokenTypes(embedding),
    ...norm('token_embd_norm'),
    ...Array.from({ length: shape.layers }, (_, layer) => block(layer)).flat(),
    ...(pooling === 'rank' ? head : []),
  ];
}

/** The engine adds the first row to others as it is, which it does with f32 only. */
function tokenTypes(embedding: number): TensorDescription {
  const numbers = Float32Array.from({ length: 2 * embedding }, (_, index) => 0.02 * Math.sin(index));
  const pieces = () => [new Uint8Array(numbers.buffer)];
  return { name: 'token_types.weight', shape: [embedding, 2], type: TensorType.Float32, pieces };
}

/** Control tokens, then every printable ASCII character and pairs of letters: each begins a word and goes on with one. */
function wordPieces(size: number): string[] {
  const characters = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
  const letters = [...'etaoinshrdlcumwfgypbvkjxqz'];
  const pairs = letters.flatMap((first) => letters.map((second) => first + second));
  const pieces = new Set<string>(specialTokens);
  const addAll = (parts: Iterable<string>) => {
    for (const part of parts) {
      for (const piece of [wordStart + part, part]) if (pieces.size < size) pieces.add(piece);
    }
  };
  addAll(characters);
  addAll(pairs);
  for (const first of letters) addAll(pairs.map((pair) => first + pair));
  if (pieces.size !== size) throw new Error(`a vocabulary of ${size} word pieces cannot be made`);
  return [...pieces];
}
