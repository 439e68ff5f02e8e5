/**
 * One request inside a worker: from its tokens to its end. Owned by the scheduler; nobody else changes it.
 *
 * Modes: waiting (no slot) → prefilling (prompt, and tokens another copy generated before, go through the
 * model) → decoding (one token a step) → ended. `computed` only grows; what follows from the tokens alone
 * (text, penalties, positions) is rebuilt from them, so a continued request ends like an undisturbed one.
 */
import type { Engine } from '../contracts/engine.js';
import type { TokenConstraint } from '../contracts/token-constraint.js';
import type { StepUpdate, SubmittedGeneration } from '../contracts/worker-protocol.js';
import { chooseToken, argmax, isUnadjusted } from '../decide/sampling/choose-token.js';
import { readLogprobs } from '../decide/sampling/logprobs.js';
import { asStowageError, type ErrorData, StowageError } from '../domain/errors.js';
import { FinishReason, type TokenLogprob } from '../domain/inference.js';
import type { Task } from './runner.js';
import { TextAssembler } from './text-assembler.js';

/**
 * Rows of an answer that are computed again in one step when a request is continued. With 64 rows of a
 * sequence or more llama.cpp's attention takes another kernel than for one row, and the answer might go on
 * otherwise than its undisturbed twin.
 */
const replayRowsMax = 32;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type End = NonNullable<StepUpdate['end']>;

export interface SequenceParts {
  readonly prompt: readonly number[];
  /** Tokens generated when the caller names no limit; 0 = as many as fit. */
  readonly newTokensDefault: number;
  readonly constraint: TokenConstraint | null;
  /** Index of its LoRA adapter; null = none. */
  readonly adapter: number | null;
}

export class Sequence implements Task {
  /** KV slot, or -1 while waiting. */
  slot = -1;
  /** Tokens that are in the KV cache. */
  computed = 0;
  cancelled = false;
  /** Tokens that may follow, to be checked by the next step. */
  proposal: readonly number[] = [];
  /** The step in which it was last computed. */
  lastStep = 0;
  readonly generatedMax: number;
  readonly adapter: number | null;
  private readonly prompt: readonly number[];
  private readonly constraint: TokenConstraint | null;
  private readonly generated: number[];
  private readonly counts = new Map<number, number>();
  private readonly promptTokens: ReadonlySet<number>;
  private readonly assembler: TextAssembler;
  private announced = false;
  private cachedTokens: number | null = null;
  private cachedTold = false;
  private ended: End | null = null;
  private failure: ErrorData | null = null;
  private fresh: { tokens: number[]; text: string; logprobs: TokenLogprob[] } = noNews();

  constructor(
    private readonly engine: Engine,
    readonly submitted: SubmittedGeneration,
    parts: SequenceParts,
  ) {
    const { prompt, newTokensDefault, constraint, adapter } = parts;
    this.prompt = prompt;
    this.constraint = constraint;
    this.adapter = adapter;
    this.promptTokens = submitted.sampling.repetitionPenalty === 1 ? new Set() : new Set(prompt);
    const room = engine.info.sequenceTokensMax - prompt.length;
    const asked = submitted.newTokensMax ?? (newTokensDefault === 0 ? room : newTokensDefault);
    this.generatedMax = Math.min(asked, room);
    this.generated = [];
    this.assembler = new TextAssembler(submitted.stop);
    for (const token of submitted.resume) this.take(token);
    this.fresh = noNews();
    if (this.generatedMax === 0) this.ended = { reason: FinishReason.Length, stop: null };
  }

  /** KV cells it may come to need. */
  get cellsNeeded(): number {
    return this.prompt.length + this.generatedMax;
  }

  get isEnded(): boolean {
    return this.ended !== null || this.failure !== null;
  }

  /** Tokens of the prompt and, when it is continued, of the answer so far. */
  get length(): number {
    return this.prompt.length + this.generated.length;
  }

  /** What the next step may compute before a token can be chosen: the prompt first, as it was without a pause. */
  get prefillRemaining(): number {
    const remaining = this.length - this.computed;
    if (remaining === 1 && this.computed > 0) return 0;
    return this.computed < this.prompt.length
      ? this.prompt.length - this.computed
      : Math.min(remaining, replayRowsMax);
  }

  get promptLength(): number {
    return this.prompt.length;
  }

  /** The token at a position of prompt, answer and proposal together. */
  tokenAt(position: number): number {
    if (position < this.prompt.length) return this.prompt[position]!;
    if (position < this.length) return this.generated[position - this.prompt.length]!;
    return this.proposal[position - this.length]!;
  }

  /** How many tokens the answer has so far. */
  get generatedCount(): number {
    return this.generated.length;
  }

  /** So many tokens of its prompt did not have to be computed. */
  noteCached(tokens: number): void {
    if (tokens > 0 && this.cachedTokens === null) this.cachedTokens = tokens;
  }

  /**
   * Chooses the next token from this row's logits; they are changed in place. Returns the token, or -1 when the answer
   * ended, or failed, without one more.
   */
  advance(logits: Float32Array): number {
    const { sampling, logprobs } = this.submitted;
    const read = logprobs === null ? null : readLogprobs(logits, logprobs);
    const isChanged = this.constraint !== null || !isUnadjusted(sampling);
    const rawLogits = read !== null && isChanged ? logits.slice() : logits;
    if (this.constraint !== null && !this.mask(this.constraint, logits)) return -1;
    const token =
      sampling.temperature === 0 && isUnadjusted(sampling)
        ? argmax(logits)
        : chooseToken(
            logits,
            sampling,
            { generated: this.counts, prompt: this.promptTokens },
            this.generated.length,
          );
    if (!this.submitted.endTokensIgnored && this.engine.isEndOfGeneration(token)) {
      this.finish(FinishReason.Stop);
      return -1;
    }
    if (read !== null) {
      const describe = (id: number, logprob: number) => {
        const bytes = this.engine.piece(id);
        return { token: id, text: new TextDecoder().decode(bytes), bytes: [...bytes], logprob };
      };
      this.fresh.logprobs.push({
        ...describe(token, rawLogits[token]! - read.normalizer),
        top: read.top.map((entry) => describe(entry.token, entry.logprob)),
      });
    }
    this.take(token);
    return token;
  }

  /** What is new since the last call; null when nothing is. */
  news(): StepUpdate | null {
    const { tokens, text, logprobs } = this.fresh;
    if (tokens.length === 0 && text === '' && !this.isEnded && this.announced) return null;
    this.fresh = noNews();
    const update: Mutable<StepUpdate> = { stream: this.submitted.stream, tokens, text };
    if (!this.announced) update.promptTokens = this.prompt.length;
    if (logprobs.length > 0) update.logprobs = logprobs;
    if (this.cachedTokens !== null && !this.cachedTold) {
      update.cachedTokens = this.cachedTokens;
      this.cachedTold = true;
    }
    if (this.ended !== null) update.end = this.ended;
    if (this.failure !== null) update.error = this.failure;
    this.announced = true;
    return update;
  }

  private take(token: number): void {
    this.generated.push(token);
    this.counts.set(token, (this.counts.get(token) ?? 0) + 1);
    this.fresh.tokens.push(token);
    this.constraint?.accept(token);
    const released = this.assembler.push(this.engine.piece(token));
    this.fresh.text += released.text;
    if (released.stop !== null) {
      this.ended = { reason: FinishReason.Stop, stop: released.stop };
    } else if (this.constraint?.isOver === true) {
      this.finish(FinishReason.Stop);
    } else if (this.generated.length >= this.generatedMax) {
      this.finish(FinishReason.Length);
    }
  }

  /** False when the answer failed. */
  private mask(constraint: TokenConstraint, logits: Float32Array): boolean {
    try {
      if (constraint.mask(logits)) return true;
      this.fail();
    } catch (error) {
      this.failure = asStowageError(error).toData();
    }
    return false;
  }

  /** No token of the model's can follow what its shape needs next. */
  private fail(): void {
    const field = this.submitted.constraint?.field ?? 'response_format';
    const problem = `\`${field}\` needs what the model’s tokens cannot spell after ${this.generated.length} of them`;
    this.failure = StowageError.of('REQ-210', { field, problem }, { location: field }).toData();
  }

  private finish(reason: FinishReason): void {
    this.fresh.text += this.assembler.finish();
    this.ended = { reason, stop: null };
  }
}

function noNews(): { tokens: number[]; text: string; logprobs: TokenLogprob[] } {
  return { tokens: [], text: '', logprobs: [] };
}
