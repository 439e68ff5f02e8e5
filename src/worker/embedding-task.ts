/**
 * One request for embeddings or scores: its texts that wait, and the vectors it has. It ends with the last vector, or
 * with the first text that cannot be computed.
 */
import type { StepUpdate, SubmittedComputation } from '../contracts/worker-protocol.js';
import { asStowageError, type ErrorData } from '../domain/errors.js';
import { type ComputationResult, FinishReason } from '../domain/inference.js';
import type { Task } from './runner.js';
import { type SharedTokens, type TextComputation, textCountOf, type TextTokens } from './text-tokens.js';

/** A text that no batch has had yet. */
export interface WaitingText {
  readonly task: EmbeddingTask;
  readonly index: number;
  /** Null until they are needed: of thousands of texts only the next are tokenized. */
  tokens: readonly number[] | null;
}

export class EmbeddingTask implements Task {
  /** In order. */
  readonly waiting: WaitingText[];
  cancelled = false;
  private readonly vectors: Float32Array[] = [];
  private readonly shared: SharedTokens = { query: null };
  private missing: number;
  private promptTokens = 0;
  private error: ErrorData | null = null;
  private isTold = false;

  constructor(
    readonly submitted: SubmittedComputation,
    private readonly computation: TextComputation,
  ) {
    this.missing = textCountOf(computation);
    this.waiting = Array.from({ length: this.missing }, (_, index) => ({ task: this, index, tokens: null }));
  }

  get isEnded(): boolean {
    return this.missing === 0 || this.error !== null;
  }

  /** The text's tokens, made now if they were not there; null when that ended the task. */
  prepare(text: WaitingText, tokens: TextTokens): readonly number[] | null {
    try {
      text.tokens ??= tokens.build(this.computation, text.index, this.shared);
    } catch (error) {
      this.fail(error);
    }
    return text.tokens;
  }

  accept(text: WaitingText, vector: Float32Array): void {
    this.vectors[text.index] = vector;
    this.promptTokens += text.tokens?.length ?? 0;
    this.missing--;
  }

  news(): StepUpdate | null {
    if (!this.isEnded || this.isTold) return null;
    this.isTold = true;
    const { stream } = this.submitted;
    if (this.error !== null) return { stream, tokens: [], text: '', error: this.error };
    return {
      stream,
      promptTokens: this.promptTokens,
      tokens: [],
      text: '',
      result: this.result(),
      end: { reason: FinishReason.Stop, stop: null },
    };
  }

  private fail(error: unknown): void {
    this.error = asStowageError(error).toData();
    this.waiting.length = 0;
  }

  private result(): ComputationResult {
    const { computation, vectors, promptTokens } = this;
    if (computation.kind === 'rerank') {
      return { kind: 'rerank', scores: vectors.map(([score]) => score ?? 0), promptTokens };
    }
    const encoded = vectors.map((vector) => toBase64(normalized(vector, computation.dimensions)));
    return { kind: 'embed', vectors: encoded, promptTokens };
  }
}

/** The first so many numbers (null = all) at length 1; a vector of length 0 stays as it is. */
export function normalized(vector: Float32Array, dimensions: number | null): Float32Array {
  const kept = dimensions === null ? vector : vector.subarray(0, dimensions);
  let squares = 0;
  for (const value of kept) squares += value * value;
  const length = Math.sqrt(squares);
  return length === 0 ? kept : kept.map((value) => value / length);
}

/** Little-endian, as every platform this runs on has them. */
function toBase64(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}
