/**
 * An engine that computes one step for many token sequences at once. It knows nothing of requests,
 * sampling, stopping or text: those are the worker's. One caller, one step in flight at a time.
 */

export const Ability = {
  Generate: 'generate',
  Embed: 'embed',
  Rerank: 'rerank',
  /** Bodies of its own. */
  Invoke: 'invoke',
} as const;
export type Ability = (typeof Ability)[keyof typeof Ability];

export interface EngineInfo {
  /** `llama`, `qwen2` … as the model file says. */
  readonly architecture: string;
  readonly modelName: string;
  readonly parameters: number;
  readonly vocabularySize: number;
  /** Sequences that can be held at once. */
  readonly sequencesMax: number;
  /** Tokens one sequence can hold. */
  readonly sequenceTokensMax: number;
  /** KV cells shared by all sequences. */
  readonly kvCellsTotal: number;
  /** Rows of one step. */
  readonly stepTokensMax: number;
  /** The model's own Jinja chat template, or null. */
  readonly chatTemplate: string | null;
  /** Text of the begin- and end-of-sequence tokens, for chat templates. */
  readonly beginText: string;
  readonly endText: string;
  /** `cpu`, `gpu` or `simulated`. */
  readonly device: string;
  readonly libraryVersion: string;
  /** What it can be asked for. */
  readonly abilities: readonly Ability[];
  /** LoRA adapters by name, in the order of their numbers; an empty name is a number that is no longer in use. */
  readonly adapters: readonly string[];
}

/** An engine whose adapters may change while it computes; `info.adapters` changes with them. */
export interface AdapterShelf {
  /** Loads one more between two steps. Rejects with MODEL-024. */
  loadAdapter(name: string, path: string): Promise<void>;
  /** Takes one away after the current step; nothing that is computed may use it. Its number is never given again. */
  unloadAdapter(name: string): void;
}

/**
 * The rows of the next step, in memory the engine owns. Filled from row 0; `length` rows count. Rows of a sequence
 * stand together in the order of their positions. Sequences in ascending order without gaps compute fastest:
 * llama.cpp computes together only such as follow each other (`split_equal` in llama-batch.cpp).
 */
export interface StepBatch {
  length: number;
  readonly tokens: Int32Array;
  readonly positions: Int32Array;
  readonly sequences: Int32Array;
  /** 1 where logits are wanted. */
  readonly outputs: Int8Array;
}

export interface Engine {
  readonly info: EngineInfo;
  /** Control tokens by their spelling. */
  readonly specialTokens: ReadonlyMap<string, number>;
  readonly batch: StepBatch;
  /** Tokens of plain text; spellings of control tokens in it stay text. */
  tokenize(text: string): number[];
  /** The begin token that the model wants before every prompt, or null. */
  readonly beginTokenAdded: number | null;
  /** The bytes of a token; control tokens have none. The array must not be changed. */
  piece(token: number): Uint8Array;
  isEndOfGeneration(token: number): boolean;
  /** Computes the batch without blocking the event loop. Rejects with RUN-308. */
  step(): Promise<void>;
  /** Logits of a row of the last step that asked for them; valid until the next step begins. */
  logits(row: number): Float32Array;
  /** Forgets a sequence from `position` on. */
  forget(sequence: number, position: number): void;
  /**
   * False where a sequence cannot be cut back (recurrent models): then neither prefixes are reused nor tokens proposed.
   */
  readonly isCuttable: boolean;
  /**
   * False where a restored sequence can only go on from its end (a sliding window, whose older cells are not saved):
   * then nothing that was saved is cut back, and no sequence moves.
   */
  readonly savesWhole: boolean;
  /** What a sequence holds, as bytes that `restoreSequence` takes. Not while a step is computed. */
  saveSequence(sequence: number): Uint8Array;
  /** Fills an empty sequence; false when it could not, and then it is empty. Not while a step is computed. */
  restoreSequence(sequence: number, state: Uint8Array): boolean;
  /** The adapter (index in `info.adapters`) that all rows of the next steps are computed with; null = none. */
  useAdapter(adapter: number | null): void;
  /** Gives back KV cache and compute buffers and keeps the weights; all sequences are forgotten. */
  sleep(): Promise<void>;
  /** Makes them anew; the first step may follow. Rejects with MODEL-024 when there is no memory. */
  wake(): Promise<void>;
  /** Compute threads of the next step, ≥ 1. Not while a step is computed. */
  setThreads(count: number): void;
  close(): void;
}
