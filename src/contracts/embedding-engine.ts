/**
 * An engine that makes one vector of each text, many texts at once: an embedding, or the scores of a ranking head. It
 * knows nothing of requests, normalization or wires: those are the worker's. One caller, one batch in flight at a time;
 * nothing is kept from one batch to the next.
 */
import type { EngineInfo } from './engine.js';

/** How the model wants a query and a document to stand in one text. */
export type PairForm =
  /** Their tokens, and these around them. */
  | {
      readonly kind: 'joined';
      readonly before: readonly number[];
      readonly between: readonly number[];
      readonly after: readonly number[];
    }
  /** A text of the model's own with `{query}` and `{document}` in it. */
  | { readonly kind: 'template'; readonly template: string };

export interface EmbeddingEngine {
  /** `sequencesMax` texts at once, `sequenceTokensMax` tokens of one, `stepTokensMax` of all together. */
  readonly info: EngineInfo;
  /** Numbers of a vector. */
  readonly width: number;
  /** Control tokens by their spelling. */
  readonly specialTokens: ReadonlyMap<string, number>;
  /** Control tokens that the model wants before and after the tokens of every text. */
  readonly textFrame: { readonly before: readonly number[]; readonly after: readonly number[] };
  /** Only where the model ranks. */
  readonly pairForm: PairForm;
  /** Tokens of plain text; spellings of control tokens in it stay text. */
  tokenize(text: string): number[];
  /**
   * The vector of each text, pooled and otherwise as the model made it. Texts have 1 or more tokens each, framed
   * already, and keep to the limits of `info`. Does not block the event loop. Rejects with RUN-308.
   */
  compute(texts: readonly (readonly number[])[]): Promise<readonly Float32Array[]>;
  /** Gives back everything but the weights. */
  sleep(): Promise<void>;
  /** Makes it anew; a batch may follow. Rejects with MODEL-024 when there is no memory. */
  wake(): Promise<void>;
  /** Compute threads of the next batch, ≥ 1. Not while a batch is computed. */
  setThreads(count: number): void;
  close(): void;
}
