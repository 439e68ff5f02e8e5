/**
 * LoRA adapters with random weights for models of the llama architecture: for speed they are as good as trained ones,
 * and with a large enough scale they change every answer. Files are kept; one whose name says the same is not written
 * again.
 */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { type MetadataValue, type TensorDescription, TensorType, writeGguf } from './gguf-writer.js';
import { type LlamaShape, llamaShapes } from './random-llama.js';

/** What of a model's shape an adapter depends on. */
export type AdaptedShape = Pick<
  LlamaShape,
  'embedding' | 'layers' | 'heads' | 'keyValueHeads' | 'feedForward'
>;

/** Shapes that adapters can be made for: the random models, and the trained ones in models/. */
export const adaptedShapes = {
  ...llamaShapes,
  apex: { embedding: 256, layers: 11, heads: 4, keyValueHeads: 2, feedForward: 768 },
} as const satisfies Record<string, AdaptedShape>;
export type AdaptedShapeName = keyof typeof adaptedShapes;

export interface RandomLora {
  readonly shape: AdaptedShapeName;
  /** Which one: the same number makes the same bytes. */
  readonly seed: number;
  readonly rank?: number;
  /** `alpha` of the file; what is added is this over the rank times the product of the pair. */
  readonly alpha?: number;
}

/** Raised when the bytes of an adapter change, so that kept files of before are not taken. */
const revision = 1;
/** With the default alpha what is added is about as large as the weights themselves. */
const weightDeviation = 0.1;

/** The adapter's file in `folder`, written if it is not there. */
export function ensureRandomLora(folder: string, { shape, seed, rank = 16, alpha = 32 }: RandomLora): string {
  const file = path.join(folder, `random-lora-${shape}-r${rank}-a${alpha}-s${seed}-${revision}.gguf`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const metadata = new Map<string, MetadataValue>([
    ['general.architecture', { type: 'text', value: 'llama' }],
    ['general.type', { type: 'text', value: 'adapter' }],
    ['general.name', { type: 'text', value: `random ${shape} ${seed}` }],
    ['adapter.type', { type: 'text', value: 'lora' }],
    ['adapter.lora.alpha', { type: 'float32', value: alpha }],
  ]);
  const unfinished = `${file}.${process.pid}`;
  writeGguf(unfinished, metadata, pairsOf(adaptedShapes[shape], rank, seed));
  renameSync(unfinished, file);
  return file;
}

/** All projections of all layers, as adapters are usually trained. */
function pairsOf(shape: AdaptedShape, rank: number, seed: number): readonly TensorDescription[] {
  const { embedding, feedForward, heads, keyValueHeads } = shape;
  const keyValues = (embedding / heads) * keyValueHeads;
  const projections: readonly (readonly [name: string, inputs: number, outputs: number])[] = [
    ['attn_q', embedding, embedding],
    ['attn_k', embedding, keyValues],
    ['attn_v', embedding, keyValues],
    ['attn_output', embedding, embedding],
    ['ffn_gate', embedding, feedForward],
    ['ffn_up', embedding, feedForward],
    ['ffn_down', feedForward, embedding],
  ];
  return Array.from({ length: shape.layers }, (_, layer) =>
    projections.flatMap(([name, inputs, outputs]) => {
      const tensor = `blk.${layer}.${name}.weight`;
      return [
        half(`${tensor}.lora_a`, [inputs, rank], seed),
        half(`${tensor}.lora_b`, [rank, outputs], seed),
      ];
    }),
  ).flat();
}

function half(name: string, shape: readonly [number, number], seed: number): TensorDescription {
  const pieces = () => [new Uint8Array(randomNumbers(shape[0] * shape[1], `${seed} ${name}`).buffer)];
  return { name, shape, type: TensorType.Float32, pieces };
}

/** Sums of four uniform draws: near enough to the normal distribution. */
function randomNumbers(count: number, seed: string): Float32Array {
  let state = 2_166_136_261;
  for (let index = 0; index < seed.length; index++) {
    state = Math.imul(state ^ seed.charCodeAt(index), 16_777_619) >>> 0;
  }
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 2 ** 32 - 0.5;
  };
  const scale = weightDeviation * Math.sqrt(3);
  return Float32Array.from({ length: count }, () => (uniform() + uniform() + uniform() + uniform()) * scale);
}
