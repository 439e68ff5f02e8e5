/**
 * A made-up language model with known answers. The next token is a hash of every token before it, so an answer
 * is right only if nothing was lost, doubled or reordered on the way, and a position that does not follow the one
 * before is a fault; a step takes a declared time on the
 * clock it is given. Tokens are bytes; 256 ends an answer, 257 and 258 are control tokens.
 */
import type { Clock } from '../../../contracts/clock.js';
import { Ability, type Engine, type EngineInfo, type StepBatch } from '../../../contracts/engine.js';

export const simulatedVocabularySize = 259;
export const simulatedEndToken = 256;

export interface SimulatedEngineOptions {
  readonly clock: Clock;
  readonly sequencesMax: number;
  readonly sequenceTokensMax: number;
  readonly stepTokensMax: number;
  /** What a step takes, in milliseconds; 0 = one turn of the event loop. */
  readonly stepMs: number;
  /** One answer in this many tokens ends at each position; 0 = answers never end by themselves. */
  readonly endEvery: number;
}

/** The token that follows these, as the simulated model sees it. */
export function simulatedNextToken(tokens: readonly number[], endEvery: number): number {
  let hash = 2166136261;
  for (const token of tokens) hash = Math.imul(hash ^ token, 16777619);
  return nextFromHash(hash, endEvery);
}

export class SimulatedEngine implements Engine {
  readonly info: EngineInfo;
  readonly specialTokens: ReadonlyMap<string, number> = new Map([
    ['<|end|>', simulatedEndToken],
    ['<|a|>', 257],
    ['<|b|>', 258],
  ]);
  readonly beginTokenAdded = null;
  readonly isCuttable = true;
  readonly savesWhole: boolean = true;
  readonly batch: StepBatch;
  /** Hash of each sequence's tokens after each position; what stands above its length means nothing. */
  private readonly hashes: Int32Array[];
  private readonly rowHashes: Int32Array;
  /** Tokens that each sequence holds. */
  private readonly lengths: Int32Array;
  private readonly scratch = new Float32Array(simulatedVocabularySize);

  constructor(private readonly options: SimulatedEngineOptions) {
    const { sequencesMax, sequenceTokensMax, stepTokensMax } = options;
    this.info = {
      architecture: 'simulated',
      modelName: 'simulated',
      parameters: 0,
      vocabularySize: simulatedVocabularySize,
      sequencesMax,
      sequenceTokensMax,
      kvCellsTotal: sequencesMax * sequenceTokensMax,
      stepTokensMax,
      chatTemplate: '{% for m in messages %}<|a|>{{ m.content }}<|b|>{% endfor %}',
      beginText: '',
      endText: '<|end|>',
      device: 'simulated',
      libraryVersion: '0',
      abilities: [Ability.Generate],
      adapters: [],
    };
    this.batch = {
      length: 0,
      tokens: new Int32Array(stepTokensMax),
      positions: new Int32Array(stepTokensMax),
      sequences: new Int32Array(stepTokensMax),
      outputs: new Int8Array(stepTokensMax),
    };
    this.rowHashes = new Int32Array(stepTokensMax);
    this.lengths = new Int32Array(sequencesMax);
    this.hashes = Array.from({ length: sequencesMax }, () => new Int32Array(sequenceTokensMax));
  }

  tokenize(text: string): number[] {
    return [...new TextEncoder().encode(text)];
  }

  piece(token: number): Uint8Array {
    return token < 256 ? Uint8Array.of(token) : new Uint8Array(0);
  }

  isEndOfGeneration(token: number): boolean {
    return token === simulatedEndToken;
  }

  async step(): Promise<void> {
    const { clock, stepMs } = this.options;
    await new Promise<void>((resolve) => clock.after(stepMs, resolve));
    const { batch } = this;
    for (let row = 0; row < batch.length; row++) {
      const sequence = batch.sequences[row]!;
      const hashes = this.hashes[sequence]!;
      const position = batch.positions[row]!;
      if (position !== this.lengths[sequence]) throw new Error(`no token stands before position ${position}`);
      const before = position === 0 ? 2166136261 : hashes[position - 1]!;
      hashes[position] = Math.imul(before ^ batch.tokens[row]!, 16777619);
      this.lengths[sequence] = position + 1;
      this.rowHashes[row] = hashes[position]!;
    }
  }

  /** The next token by far the likeliest, and its neighbours a little likely, so that sampling has a choice. */
  logits(row: number): Float32Array {
    const next = nextFromHash(this.rowHashes[row]!, this.options.endEvery);
    this.scratch.fill(-30);
    this.scratch[next] = 10;
    if (next < 255) this.scratch[next + 1] = 9;
    return this.scratch;
  }

  forget(sequence: number, position: number): void {
    this.lengths[sequence] = Math.min(this.lengths[sequence]!, position);
  }

  saveSequence(sequence: number): Uint8Array {
    return new Uint8Array(this.hashes[sequence]!.slice(0, this.lengths[sequence]).buffer);
  }

  restoreSequence(sequence: number, state: Uint8Array): boolean {
    if (this.lengths[sequence] !== 0) throw new Error(`sequence ${sequence} is not empty`);
    const hashes = new Int32Array(state.buffer, state.byteOffset, state.length / 4);
    this.hashes[sequence]!.set(hashes);
    this.lengths[sequence] = hashes.length;
    return true;
  }

  useAdapter(): void {
    // It has none.
  }

  async sleep(): Promise<void> {
    this.lengths.fill(0);
  }

  async wake(): Promise<void> {
    // Nothing was given back.
  }

  setThreads(): void {
    // A simulated model needs no threads.
  }

  close(): void {
    // Nothing is held.
  }
}

/** Lower-case letters and spaces, or the end. */
function nextFromHash(hash: number, endEvery: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  if (endEvery > 0 && (mixed >>> 8) % endEvery === 0) return simulatedEndToken;
  const letter = mixed % 27;
  return letter === 26 ? 32 : 97 + letter;
}
