/**
 * From serving's sinks to the exchange. One call may ask for several choices; they are separate requests
 * to serving and one answer to the caller.
 *
 * A refusal or failure before the first byte becomes an HTTP error; after it, an `error` event that ends
 * the stream. The first failure cancels the other choices. A caller that goes away cancels them all.
 */
import { StowageError } from '../../domain/errors.js';
import {
  FinishReason,
  type InferenceEnd,
  type GenerationRequest,
  Outcome,
  type TokenChunk,
  type TokenLogprob,
  type Usage,
} from '../../domain/inference.js';
import type { AnswerHandle, AnswerSink, Serving } from '../../serving/facade.js';
import type { Exchange, StreamWriter } from '../http/exchange.js';
import { doneEvent, type Encoder, errorEvent, type WireReason } from './encode.js';
import { encodeError, encodeErrorBody } from './errors.js';
import type { CallDelta, Found, ToolCallReader } from './tool-calls.js';

export interface AnswerParts {
  readonly exchange: Exchange;
  readonly encoder: Encoder;
  readonly requests: readonly GenerationRequest[];
  readonly choicesPerInput: number;
  /** Per request, text that stands before its answer (`echo`). */
  readonly echoes: readonly string[];
  /** What finds calls of functions in one answer; null = they are not looked for. */
  readonly newCallReader: (() => ToolCallReader) | null;
  readonly usageInStream: boolean;
  /** Steps are worth an event even when no text became certain (log-probabilities, token ids). */
  readonly textlessSteps: boolean;
  readonly failures: Failures;
}

/** How failures are told where this dialect's body travels within another's; null = as OpenAI does. */
export interface Failures {
  /** Instead of an error answer, before anything of the answer was sent. */
  readonly refuse: ((error: StowageError) => void) | null;
  /** Instead of the last event of a stream. */
  readonly breakOff: ((error: StowageError) => void) | null;
}

/** What is known of one choice and, in a stream, not yet written. */
class Choice {
  text: string;
  tokens: number[] = [];
  logprobs: TokenLogprob[] = [];
  calls: CallDelta[] = [];
  textOffset = 0;
  end: { readonly reason: FinishReason; readonly usage: Usage } | null = null;

  constructor(
    readonly index: number,
    echo: string,
    private readonly reader: ToolCallReader | null,
  ) {
    this.text = echo;
  }

  add(chunk: TokenChunk): void {
    if (this.reader === null) this.text += chunk.text;
    else this.find(this.reader.push(chunk.text));
    for (const token of chunk.tokens) this.tokens.push(token);
    if (chunk.logprobs !== undefined) this.logprobs.push(...chunk.logprobs);
  }

  /** Nothing follows: what was held back is part of it. */
  close(): void {
    if (this.reader !== null) this.find(this.reader.end());
  }

  /** Why it ended, as callers are told. */
  reasonOf(reason: FinishReason): WireReason {
    const hasCalls = this.reader !== null && this.reader.callCount > 0;
    return hasCalls && reason === FinishReason.Stop ? 'tool_calls' : reason;
  }

  private find({ text, calls }: Found): void {
    this.text += text;
    this.calls.push(...calls);
  }

  /** Forgets what was written. */
  clear(): void {
    for (const entry of this.logprobs) this.textOffset += entry.text.length;
    this.text = '';
    this.tokens = [];
    this.logprobs = [];
    this.calls = [];
  }
}

abstract class Answer {
  protected readonly choices: readonly Choice[];
  readonly #handles: AnswerHandle[] = [];
  #isOver = false;
  #openChoices: number;

  constructor(protected readonly parts: AnswerParts) {
    this.choices = parts.requests.map((_, index) => {
      return new Choice(index, parts.echoes[index] ?? '', parts.newCallReader?.() ?? null);
    });
    this.#openChoices = this.choices.length;
  }

  run(serving: Serving): void {
    this.parts.exchange.onClientGone(() => this.#stop());
    for (const [index, request] of this.parts.requests.entries()) {
      const choice = this.choices[index];
      if (this.#isOver || choice === undefined) return;
      const handle = serving.answer(request, this.#sinkOf(choice));
      // A refusal may have come within the call.
      if (this.#isOver) handle.cancel();
      else this.#handles.push(handle);
    }
  }

  protected abstract onStart(choice: Choice): void;
  protected abstract onChunk(choice: Choice, chunk: TokenChunk): void;
  protected abstract onChoiceEnd(choice: Choice, reason: FinishReason): void;
  protected abstract onAllEnded(usage: Usage): void;
  protected abstract onFailed(error: StowageError): void;

  #sinkOf(choice: Choice): AnswerSink {
    return {
      onStart: () => {
        if (!this.#isOver) this.onStart(choice);
      },
      onChunk: (chunk) => {
        if (!this.#isOver) this.onChunk(choice, chunk);
      },
      onEnd: (end) => {
        if (!this.#isOver) this.#onEnd(choice, end);
      },
    };
  }

  #onEnd(choice: Choice, end: InferenceEnd): void {
    if (end.outcome !== Outcome.Completed) {
      this.#stop();
      this.onFailed(StowageError.fromData(end.error));
      return;
    }
    choice.end = end;
    choice.close();
    this.onChoiceEnd(choice, end.reason);
    this.#openChoices -= 1;
    if (this.#openChoices > 0) return;
    this.#isOver = true;
    this.onAllEnded(this.#usage());
  }

  #stop(): void {
    this.#isOver = true;
    for (const handle of this.#handles) handle.cancel();
  }

  /** Choices of one prompt share it: its tokens are counted once. */
  #usage(): Usage {
    let promptTokens = 0;
    let completionTokens = 0;
    let cachedTokens = 0;
    for (const { index, end } of this.choices) {
      if (index % this.parts.choicesPerInput === 0) {
        promptTokens += end?.usage.promptTokens ?? 0;
        cachedTokens += end?.usage.cachedTokens ?? 0;
      }
      completionTokens += end?.usage.completionTokens ?? 0;
    }
    return { promptTokens, completionTokens, cachedTokens };
  }
}

/** Collects everything, then answers with one body. */
export class WholeAnswer extends Answer {
  protected override onStart(): void {
    // Nothing is sent before the end.
  }

  protected override onChunk(choice: Choice, chunk: TokenChunk): void {
    choice.add(chunk);
  }

  protected override onChoiceEnd(): void {
    // The body is written when all have ended.
  }

  protected override onAllEnded(usage: Usage): void {
    const choices = this.choices.map((choice) => ({
      text: choice.text,
      tokens: choice.tokens,
      logprobs: choice.logprobs,
      calls: joined(choice.calls),
      reason: choice.reasonOf(choice.end?.reason ?? FinishReason.Stop),
    }));
    const { exchange, encoder } = this.parts;
    exchange.respond(200, { 'content-type': 'application/json' }, encoder.whole(choices, usage));
  }

  protected override onFailed(error: StowageError): void {
    refuse(this.parts, error);
  }
}

/** Each call once, with all of its arguments. */
function joined(deltas: readonly CallDelta[]): readonly CallDelta[] {
  const calls: CallDelta[] = [];
  for (const delta of deltas) {
    const before = calls[delta.index];
    calls[delta.index] =
      before === undefined ? delta : { ...before, arguments: before.arguments + delta.arguments };
  }
  return calls;
}

function refuse({ failures, exchange }: AnswerParts, error: StowageError): void {
  if (failures.refuse !== null) {
    failures.refuse(error);
    return;
  }
  const encoded = encodeError(error);
  exchange.respond(encoded.status, encoded.headers, encoded.body);
}

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
} as const;

/** One event per step and choice; while the reader is behind, steps are kept and become one event. */
export class StreamAnswer extends Answer {
  #writer: StreamWriter | null = null;

  protected override onStart(choice: Choice): void {
    const writer = this.#open();
    const opening = this.parts.encoder.openingEvent(choice.index);
    if (opening !== null) writer.write(opening);
    this.#writeStep(choice);
  }

  protected override onChunk(choice: Choice, chunk: TokenChunk): void {
    choice.add(chunk);
    if (this.#writer?.isBehind !== true) this.#writeStep(choice);
  }

  protected override onChoiceEnd(choice: Choice, reason: FinishReason): void {
    this.#writeStep(choice);
    this.#open().write(this.parts.encoder.finishEvent(choice.index, choice.reasonOf(reason)));
  }

  protected override onAllEnded(usage: Usage): void {
    const { encoder, usageInStream } = this.parts;
    const writer = this.#open();
    if (usageInStream) writer.write(encoder.usageEvent(usage));
    writer.end(doneEvent);
  }

  protected override onFailed(error: StowageError): void {
    if (this.#writer === null) {
      refuse(this.parts, error);
      return;
    }
    for (const choice of this.choices) this.#writeStep(choice);
    const { breakOff } = this.parts.failures;
    if (breakOff === null) this.#writer.end(errorEvent(encodeErrorBody(error)));
    else breakOff(error);
  }

  #open(): StreamWriter {
    if (this.#writer !== null) return this.#writer;
    const writer = this.parts.exchange.openStream(200, streamHeaders);
    writer.onCaughtUp(() => {
      for (const waiting of this.choices) this.#writeStep(waiting);
    });
    this.#writer = writer;
    return writer;
  }

  #writeStep(choice: Choice): void {
    const isSilent = choice.text === '' && choice.calls.length === 0;
    if (isSilent && !(this.parts.textlessSteps && choice.tokens.length > 0)) return;
    this.#writer?.write(this.parts.encoder.event(choice.index, choice, choice.textOffset));
    choice.clear();
  }
}
