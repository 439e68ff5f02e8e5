/**
 * A made-up embedding model with known answers: a vector is a function of all tokens of its text and their order, so it
 * is right only if the text came whole and to its own place. A batch beyond the limits is a fault. Tokens are bytes;
 * 256 and 257 frame every text.
 */
import type { Clock } from '../../../contracts/clock.js';
import type { EmbeddingEngine, PairForm } from '../../../contracts/embedding-engine.js';
import { Ability, type EngineInfo } from '../../../contracts/engine.js';

const beginToken = 256;
const endToken = 257;
const vocabularySize = 258;

export interface SimulatedEmbeddingOptions {
  readonly clock: Clock;
  readonly ability: typeof Ability.Embed | typeof Ability.Rerank;
  readonly textsMax: number;
  readonly textTokensMax: number;
  readonly batchTokensMax: number;
  /** What a batch takes, in milliseconds; 0 = one turn of the event loop. */
  readonly batchMs: number;
}

export class SimulatedEmbeddingEngine implements EmbeddingEngine {
  readonly info: EngineInfo;
  readonly width: number;
  readonly specialTokens: ReadonlyMap<string, number> = new Map([
    ['<|begin|>', beginToken],
    ['<|end|>', endToken],
  ]);
  readonly textFrame = { before: [beginToken], after: [endToken] };
  readonly pairForm: PairForm = {
    kind: 'joined',
    before: [beginToken],
    between: [endToken],
    after: [endToken],
  };
  /** Texts of each batch so far. */
  readonly batchSizes: number[] = [];
  private isComputing = false;
  private isAsleep = false;

  constructor(private readonly options: SimulatedEmbeddingOptions) {
    this.width = options.ability === Ability.Rerank ? 1 : 8;
    this.info = {
      architecture: 'simulated',
      modelName: 'simulated',
      parameters: 0,
      vocabularySize,
      sequencesMax: options.textsMax,
      sequenceTokensMax: options.textTokensMax,
      kvCellsTotal: 0,
      stepTokensMax: options.batchTokensMax,
      chatTemplate: null,
      beginText: '<|begin|>',
      endText: '<|end|>',
      device: 'simulated',
      libraryVersion: '0',
      abilities: [options.ability],
      adapters: [],
    };
  }

  tokenize(text: string): number[] {
    return [...Buffer.from(text, 'utf8')];
  }

  async compute(texts: readonly (readonly number[])[]): Promise<readonly Float32Array[]> {
    const { textsMax, textTokensMax, batchTokensMax, batchMs, clock } = this.options;
    const tokens = texts.reduce((sum, text) => sum + text.length, 0);
    const isWrong =
      texts.length > textsMax ||
      tokens > batchTokensMax ||
      texts.some(({ length }) => length === 0 || length > textTokensMax);
    if (isWrong || this.isComputing || this.isAsleep) throw new Error('a batch beyond the limits');
    this.isComputing = true;
    this.batchSizes.push(texts.length);
    await new Promise<void>((resolve) => {
      if (batchMs === 0) setImmediate(resolve);
      else clock.after(batchMs, resolve);
    });
    this.isComputing = false;
    return texts.map((text) => simulatedVector(text, this.width));
  }

  async sleep(): Promise<void> {
    this.isAsleep = true;
  }

  async wake(): Promise<void> {
    this.isAsleep = false;
  }

  setThreads(): void {
    // Nothing is computed by threads.
  }

  close(): void {
    // Nothing is held.
  }
}

/** The vector that the simulated model makes of these tokens; numbers in [0, 1). */
export function simulatedVector(tokens: readonly number[], width: number): Float32Array {
  let hash = 2166136261;
  for (const token of tokens) hash = Math.imul(hash ^ token, 16777619);
  return Float32Array.from({ length: width }, () => {
    hash = Math.imul(hash ^ (hash >>> 15), 2246822519);
    return (hash >>> 8) / 2 ** 24;
  });
}
