/**
 * One request inside serving, from its arrival to its one end.
 *
 * Modes: queued → flying (a copy has it) → ended; back to queued when its copy dies, with the tokens that
 * were already sent, so that the next copy goes on where the first one stood. Owner: its lane's queue while
 * queued, its copy's connection while flying.
 */
import type { CopyRoute } from '../contracts/route-feed.js';
import type { RequestPrefix } from '../decide/routing/request-prefix.js';
import type { StepUpdate, SubmittedStream } from '../contracts/worker-protocol.js';
import type { ErrorData } from '../domain/errors.js';
import {
  Outcome,
  type InferenceEnd,
  type InferenceRequest,
  type TokenChunk,
  type Usage,
} from '../domain/inference.js';
import type { Reservation } from './budgets.js';
import type { CallerMeter } from './caller-meters.js';
import type { AnswerSink } from './facade.js';
import type { QueuePlace } from './queue-shares.js';

/** Who has a flight while it flies. */
export interface FlightHolder {
  /** Takes it back, whether or not it has ended. */
  withdraw(flight: Flight): void;
}

export class Flight {
  /** The tokens the client's answer is made of so far. */
  readonly tokens: number[] = [];
  queuedAt: number;
  /** Which connection has it, under which number; null while queued or ended. Only connections write it. */
  holder: { readonly connection: FlightHolder; readonly stream: number } | null = null;
  /** The copy that has or last had it. Only connections write it. */
  copy: CopyRoute | null = null;
  /** What its prompt begins with; null where nobody asks. Only its lane's routing writes it. */
  prefix: RequestPrefix | null = null;
  /** The same as one number, of PREFIX_AWARE. */
  prefixKey: number | null = null;
  /** Of its lane's queue, also after it left it. Only the queue writes it. */
  place: QueuePlace<Flight> | null = null;
  /** Tokens it is expected to take; null where nobody asked. Only its lane writes it. */
  cost: number | null = null;
  /** Tokens of its caller's budget; null = there is none. Only its lane writes it. */
  reservation: Reservation | null = null;
  /** What counts the time that copies have it for its caller; null = no copy has it. Only its lane writes it. */
  meter: CallerMeter | null = null;
  dispatchedAt: number | null = null;
  firstTokenAt: number | null = null;
  lastTokenAt: number | null = null;
  /** Times a copy died with it in a row without one new token. */
  interruptions = 0;
  private tokensAtDispatch = 0;
  private promptTokens: number | null = null;
  private cachedTokens = 0;
  private outcome: Outcome | null = null;

  constructor(
    readonly request: InferenceRequest,
    private readonly sink: AnswerSink,
    readonly arrivedAt: number,
    private readonly onSinkFailure: (error: unknown) => void,
  ) {
    this.queuedAt = arrivedAt;
  }

  get isEnded(): boolean {
    return this.outcome !== null;
  }

  get isResumed(): boolean {
    return this.tokens.length > 0;
  }

  get usage(): Usage {
    const { promptTokens, cachedTokens, tokens } = this;
    return { promptTokens: promptTokens ?? 0, completionTokens: tokens.length, cachedTokens };
  }

  /** What a copy is told. */
  submission(stream: number, now: number): SubmittedStream {
    const { request } = this;
    this.dispatchedAt ??= now;
    this.tokensAtDispatch = this.tokens.length;
    const requestId = request.id;
    if (request.kind === 'computation') {
      return { stream, requestId, kind: 'computation', computation: request.computation };
    }
    return {
      stream,
      requestId,
      kind: 'generation',
      input: request.input,
      sampling: request.sampling,
      newTokensMax: request.newTokensMax,
      stop: request.stop,
      logprobs: request.logprobs,
      endTokensIgnored: request.endTokensIgnored,
      constraint: request.constraint,
      adapter: request.adapter,
      resume: this.tokens,
    };
  }

  /** Its caller is told which copy has it, where that was asked for. */
  tellRoute(copyId: string): void {
    this.tell(() => this.sink.onRouted?.(copyId));
  }

  /** A copy's news, passed on to the client. Returns the seconds since the one before, if both had tokens. */
  advance(update: StepUpdate, now: number): number | null {
    const { promptTokens } = update;
    if (promptTokens !== undefined) {
      const isFirst = this.promptTokens === null;
      this.promptTokens = promptTokens; // some engines know it only at the end
      if (isFirst) this.tell(() => this.sink.onStart(promptTokens));
    }
    if (update.cachedTokens !== undefined && this.cachedTokens === 0) this.cachedTokens = update.cachedTokens;
    const { result } = update;
    if (result !== undefined) this.tell(() => this.sink.onResult?.(result));
    if (this.isEnded || (update.tokens.length === 0 && update.text === '')) return null;
    for (const token of update.tokens) this.tokens.push(token);
    const before = this.lastTokenAt;
    if (update.tokens.length > 0) {
      this.firstTokenAt ??= now;
      this.lastTokenAt = now;
    }
    this.tell(() => this.sink.onChunk(update satisfies TokenChunk));
    return before === null || update.tokens.length === 0 ? null : (now - before) / 1000;
  }

  /** Its copy is gone. */
  interrupt(now: number): void {
    this.interruptions = this.tokens.length > this.tokensAtDispatch ? 0 : this.interruptions + 1;
    this.queuedAt = now;
  }

  /** Ends it, unless it has ended; returns whether this call did. */
  complete(end: NonNullable<StepUpdate['end']>): boolean {
    return this.end({ outcome: Outcome.Completed, ...end, usage: this.usage });
  }

  /** Ends it, unless it has ended; returns whether this call did. */
  fail(outcome: Exclude<Outcome, 'completed'>, error: ErrorData): boolean {
    return this.end({ outcome, error, usage: this.usage });
  }

  private end(end: InferenceEnd): boolean {
    if (this.outcome !== null) return false;
    this.outcome = end.outcome;
    this.tell(() => this.sink.onEnd(end));
    return true;
  }

  /** A sink that throws ends its own request and nobody else's. */
  private tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.onSinkFailure(error);
    }
  }
}
