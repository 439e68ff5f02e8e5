/**
 * Answers to one or several prompts, collected and sent as one JSON body. The first failure cancels the
 * others and is the answer; a caller that goes away cancels them all.
 */
import { StowageError } from '../../domain/errors.js';
import { type InferenceEnd, Outcome, type TokenChunk } from '../../domain/inference.js';
import type { AnswerHandle, AnswerSink } from '../../serving/facade.js';
import type { AnswerParts } from './answer-parts.js';
import { type AnswerEnd, encodeOutput, type EncodedToken, tokensOf } from './encode.js';

/** What is known of the answer to one prompt. */
interface Output {
  text: string;
  readonly tokens: EncodedToken[];
  end: AnswerEnd | null;
}

export class WholeAnswer {
  readonly #outputs: readonly Output[];
  readonly #handles: AnswerHandle[] = [];
  #openCount: number;
  #isOver = false;

  /** `send` gets the complete body. */
  constructor(
    private readonly parts: AnswerParts,
    private readonly send: (body: string) => void,
  ) {
    this.#outputs = parts.requests.map(() => ({ text: '', tokens: [], end: null }));
    this.#openCount = parts.requests.length;
  }

  run(): void {
    this.parts.exchange.onClientGone(() => this.#stop());
    for (const [index, request] of this.parts.requests.entries()) {
      const output = this.#outputs[index];
      if (this.#isOver || output === undefined) return;
      const handle = this.parts.serving.answer(request, this.#sinkOf(output));
      // A refusal may have come within the call.
      if (this.#isOver) handle.cancel();
      else this.#handles.push(handle);
    }
  }

  #sinkOf(output: Output): AnswerSink {
    return {
      onStart: () => undefined,
      onChunk: (chunk) => this.#add(output, chunk),
      onEnd: (end) => {
        if (!this.#isOver) this.#onEnd(output, end);
      },
    };
  }

  #add(output: Output, chunk: TokenChunk): void {
    output.text += chunk.text;
    if (!this.parts.call.details) return;
    for (const token of tokensOf(chunk)) output.tokens.push(token);
  }

  #onEnd(output: Output, end: InferenceEnd): void {
    if (end.outcome !== Outcome.Completed) {
      this.#stop();
      this.parts.refuse(StowageError.fromData(end.error));
      return;
    }
    output.end = end;
    this.#openCount -= 1;
    if (this.#openCount > 0) return;
    this.#isOver = true;
    this.send(this.#encode());
  }

  #stop(): void {
    this.#isOver = true;
    for (const handle of this.#handles) handle.cancel();
  }

  #encode(): string {
    const { call } = this.parts;
    const outputs = this.#outputs.map(({ text, tokens, end }, index) => {
      const prompt = call.prompts[index] ?? '';
      const details = call.details && end !== null ? { end, prompt, tokens } : null;
      return encodeOutput(call.fullTextReturned ? prompt + text : text, details);
    });
    return JSON.stringify(call.isList ? outputs : outputs[0]);
  }
}
