/**
 * The numbers of a model that its header says, and that they can be true. Which keys are required is what
 * the engine requires of every architecture; some architectures say some numbers per layer.
 */
import type { Cursor } from './cursor.js';
import type { KeyValues } from './key-values.js';
import { headsMax, layersMax, tokensMax, widthMax } from './limits.js';

export interface ModelShape {
  /** Tokens the model was trained for. */
  readonly contextLength: number;
  readonly blockCount: number;
  readonly embeddingLength: number;
  /** Width of the feed-forward part, the widest layer's; 0 when the file does not say. */
  readonly feedForwardLength: number;
  /** Attention heads, of the layer with most; 0 for models without attention. */
  readonly headCount: number;
  readonly headCountKv: number;
  /** Numbers that the KV cache keeps for each token, over all layers. */
  readonly kvElementsPerToken: number;
}

/** Throws MODEL-022 for keys that are missing and numbers that cannot be. */
export function readShape(cursor: Cursor, values: KeyValues, architecture: string): ModelShape {
  const keys = new ShapeKeys(cursor, values, architecture);
  const blockCount = keys.required('block_count', layersMax);
  const embeddingLength = keys.required('embedding_length', widthMax);
  const heads = keys.perLayer('attention.head_count', blockCount, headsMax) ?? [0];
  const headsKv = keys.perLayer('attention.head_count_kv', blockCount, headsMax) ?? heads;
  const headLength = Math.floor(embeddingLength / Math.max(1, ...heads));
  const keyLength = keys.optional('attention.key_length', headsMax) ?? headLength;
  const valueLength = keys.optional('attention.value_length', headsMax) ?? headLength;
  let kvHeads = 0;
  for (let layer = 0; layer < blockCount; layer += 1) {
    const count = heads[layer] ?? heads[0] ?? 0;
    const countKv = headsKv[layer] ?? headsKv[0] ?? 0;
    if (countKv > 0 && count % countKv !== 0) {
      throw cursor.damaged(`${count} attention heads cannot share ${countKv} KV heads evenly`);
    }
    kvHeads += countKv;
  }
  return {
    contextLength: keys.required('context_length', tokensMax),
    blockCount,
    embeddingLength,
    feedForwardLength: Math.max(...(keys.perLayer('feed_forward_length', blockCount, widthMax) ?? [0])),
    headCount: Math.max(...heads),
    headCountKv: Math.max(...headsKv),
    kvElementsPerToken: kvHeads * (keyLength + valueLength),
  };
}

/** Looks numbers up under the architecture's name and measures them. */
class ShapeKeys {
  constructor(
    private readonly cursor: Cursor,
    private readonly values: KeyValues,
    private readonly architecture: string,
  ) {}

  /** 1 … max. */
  required(name: string, max: number): number {
    const value = this.optional(name, max);
    if (value === undefined) throw this.cursor.damaged(`the key \`${this.architecture}.${name}\` is missing`);
    return value;
  }

  /** 1 … max, when the key is there with a single number. */
  optional(name: string, max: number): number | undefined {
    const key = `${this.architecture}.${name}`;
    const value = this.values.numbers.get(key)?.value;
    if (value !== undefined) this.mustLie(key, value, 1, max);
    return value;
  }

  /** 0 … max each: one number for all layers, or one for each. */
  perLayer(name: string, layers: number, max: number): readonly number[] | undefined {
    const key = `${this.architecture}.${name}`;
    const list = this.values.arrays.get(key);
    const single = this.values.numbers.get(key);
    const numbers = list === undefined ? single && [single.value] : list.numbers;
    if (numbers === undefined) return undefined;
    if (numbers === null) throw this.cursor.damaged(`\`${key}\` is not a list of numbers`);
    if (list !== undefined && numbers.length < layers) {
      throw this.cursor.damaged(`\`${key}\` has ${numbers.length} numbers for ${layers} layers`);
    }
    for (const value of numbers) this.mustLie(key, value, 0, max);
    return numbers;
  }

  private mustLie(key: string, value: number, min: number, max: number): void {
    if (!Number.isInteger(value) || value < min || value > max)
      throw this.cursor.damaged(`\`${key}\` is ${value}`);
  }
}
