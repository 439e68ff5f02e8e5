/**
 * Llama models with random weights: for speed they are as good as trained ones, and any machine can make the
 * same bytes from nothing. Files are kept; one whose name says the same shape is not written again.
 */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { byteVocabulary, type Vocabulary } from './byte-vocabulary.js';
import { type MetadataValue, type TensorDescription, TensorType, writeGguf } from './gguf-writer.js';

export interface LlamaShape {
  readonly embedding: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly contextTokens: number;
}

/** Shapes by name. */
export const llamaShapes = {
  /** 10 million parameters, 21 MB; for trying a bench out. */
  '10m': {
    embedding: 256,
    layers: 8,
    heads: 4,
    keyValueHeads: 2,
    feedForward: 768,
    vocabulary: 8192,
    contextTokens: 4096,
  },
  /** 150 million parameters, 300 MB. */
  '150m': {
    embedding: 768,
    layers: 16,
    heads: 12,
    keyValueHeads: 4,
    feedForward: 2048,
    vocabulary: 32_000,
    contextTokens: 4096,
  },
  /** 507 million parameters, 1.01 GB. */
  '500m': {
    embedding: 1280,
    layers: 24,
    heads: 20,
    keyValueHeads: 4,
    feedForward: 3584,
    vocabulary: 32_000,
    contextTokens: 4096,
  },
} as const satisfies Record<string, LlamaShape>;
export type LlamaShapeName = keyof typeof llamaShapes;

/** Raised when the bytes of a shape change, so that kept files of before are not taken. */
const revision = 1;
/** As trained models have it, so that activations stay in f16's range. */
const weightDeviation = 0.02;
const pieceElements = 1 << 20;

/** The model's file in `folder`, written if it is not there. */
export function ensureRandomLlama(folder: string, name: LlamaShapeName): string {
  const file = path.join(folder, `random-llama-${name}-f16-${revision}.gguf`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const shape = llamaShapes[name];
  const vocabulary = byteVocabulary(shape.vocabulary);
  const unfinished = `${file}.${process.pid}`;
  writeGguf(unfinished, metadataOf(name, shape, vocabulary), tensorsOf(shape));
  renameSync(unfinished, file);
  return file;
}

function metadataOf(
  name: string,
  shape: LlamaShape,
  vocabulary: Vocabulary,
): ReadonlyMap<string, MetadataValue> {
  const uint32 = (value: number): MetadataValue => ({ type: 'uint32', value });
  const float32 = (value: number): MetadataValue => ({ type: 'float32', value });
  const text = (value: string): MetadataValue => ({ type: 'text', value });
  return new Map<string, MetadataValue>([
    ['general.architecture', text('llama')],
    ['general.name', text(`random ${name}`)],
    ['general.file_type', uint32(1)],
    ['general.quantization_version', uint32(2)],
    ['llama.block_count', uint32(shape.layers)],
    ['llama.context_length', uint32(shape.contextTokens)],
    ['llama.embedding_length', uint32(shape.embedding)],
    ['llama.feed_forward_length', uint32(shape.feedForward)],
    ['llama.attention.head_count', uint32(shape.heads)],
    ['llama.attention.head_count_kv', uint32(shape.keyValueHeads)],
    ['llama.attention.layer_norm_rms_epsilon', float32(1e-5)],
    ['llama.rope.dimension_count', uint32(shape.embedding / shape.heads)],
    ['llama.rope.freq_base', float32(10_000)],
    ['llama.vocab_size', uint32(shape.vocabulary)],
    ['tokenizer.ggml.model', text('gpt2')],
    ['tokenizer.ggml.pre', text('gpt-2')],
    ['tokenizer.ggml.bos_token_id', uint32(vocabulary.beginToken)],
    ['tokenizer.ggml.eos_token_id', uint32(vocabulary.endToken)],
    ['tokenizer.ggml.add_bos_token', { type: 'boolean', value: false }],
    ['tokenizer.ggml.tokens', { type: 'text-list', value: vocabulary.tokens }],
    ['tokenizer.ggml.token_type', { type: 'int32-list', value: vocabulary.types }],
    ['tokenizer.ggml.merges', { type: 'text-list', value: vocabulary.merges }],
  ]);
}

function tensorsOf(shape: LlamaShape): readonly TensorDescription[] {
  const { embedding, feedForward, vocabulary } = shape;
  const keyValues = (embedding / shape.heads) * shape.keyValueHeads;
  const table = weightTable();
  const weights = (name: string, inputs: number, outputs: number): TensorDescription => {
    const shape = [inputs, outputs];
    const pieces = () => randomPieces(name, inputs * outputs, table);
    return { name, shape, type: TensorType.Float16, pieces };
  };
  const norm = (name: string): TensorDescription => {
    const pieces = () => [new Uint8Array(new Float32Array(embedding).fill(1).buffer)];
    return { name, shape: [embedding], type: TensorType.Float32, pieces };
  };
  const block = (layer: number): TensorDescription[] => [
    norm(`blk.${layer}.attn_norm.weight`),
    weights(`blk.${layer}.attn_q.weight`, embedding, embedding),
    weights(`blk.${layer}.attn_k.weight`, embedding, keyValues),
    weights(`blk.${layer}.attn_v.weight`, embedding, keyValues),
    weights(`blk.${layer}.attn_output.weight`, embedding, embedding),
    norm(`blk.${layer}.ffn_norm.weight`),
    weights(`blk.${layer}.ffn_gate.weight`, embedding, feedForward),
    weights(`blk.${layer}.ffn_up.weight`, embedding, feedForward),
    weights(`blk.${layer}.ffn_down.weight`, feedForward, embedding),
  ];
  return [
    weights('token_embd.weight', embedding, vocabulary),
    norm('output_norm.weight'),
    weights('output.weight', embedding, vocabulary),
    ...Array.from({ length: shape.layers }, (_, layer) => block(layer)).flat(),
  ];
}

/** f16 numbers of a tensor: drawn from the table in an order that its name decides. */
export function* randomPieces(name: string, count: number, table: Uint16Array): Iterable<Uint8Array> {
  const next = xorshift(hashOf(name));
  for (let left = count; left > 0; left -= pieceElements) {
    const piece = new Uint16Array(Math.min(left, pieceElements));
    for (let index = 0; index < piece.length; index++) piece[index] = table[next() >>> 16]!;
    yield new Uint8Array(piece.buffer);
  }
}

/** 65,536 draws of the normal distribution as f16: hundreds of millions of weights cost no logarithm each. */
export function weightTable(): Uint16Array {
  const next = xorshift(12_345);
  const uniform = () => (next() + 0.5) / 2 ** 32;
  return Uint16Array.from({ length: 1 << 16 }, () => {
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    return toFloat16(weightDeviation * radius * Math.cos(2 * Math.PI * uniform()));
  });
}

/** Marsaglia's xorshift: whole numbers below 2^32, never 0. */
function xorshift(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619) >>> 0;
  }
  return hash;
}

const float32View = new Float32Array(1);
const bitsView = new Uint32Array(float32View.buffer);

/** Bits of the nearest f16; values beyond its range become infinite, tiny ones 0. */
function toFloat16(value: number): number {
  float32View[0] = value;
  const bits = bitsView[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent > 0) return (sign | (exponent << 10) | ((bits & 0x7fffff) >> 13)) + ((bits >>> 12) & 1);
  if (exponent < -10) return sign;
  const shift = 14 - exponent;
  return sign | ((((bits & 0x7fffff) | 0x800000) + (1 << (shift - 1))) >> shift);
}
