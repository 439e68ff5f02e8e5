/**
 * The answer to one prompt as JSON lines in a response stream: a line for each token, one frame for each
 * step; while the reader is behind, steps are kept and become one frame.
 *
 * What a turn of the event loop brings is written at its end, so that the step which ends the answer makes
 * the last line. A failure before the copy took the prompt is an HTTP error; after it, an exception frame.
 */
import { StowageError } from '../../domain/errors.js';
import {
  type InferenceEnd,
  type GenerationRequest,
  Outcome,
  type TokenChunk,
} from '../../domain/inference.js';
import type { AnswerHandle } from '../../serving/facade.js';
import type { AnswerParts } from './answer-parts.js';
import { encodeLastLine, encodeLine, type EncodedToken, noToken, tokensOf } from './encode.js';
import type { FrameWriter } from './event-frames.js';

export class LineAnswer {
  #writer: FrameWriter | null = null;
  #handle: AnswerHandle | null = null;
  /** Not written yet. */
  #tokens: EncodedToken[] = [];
  #text = '';
  #isWaiting = false;
  #isOver = false;

  /** `open` sends the head of the stream. */
  constructor(
    private readonly parts: AnswerParts,
    private readonly request: GenerationRequest,
    private readonly open: () => FrameWriter,
  ) {}

  run(): void {
    this.parts.exchange.onClientGone(() => {
      this.#isOver = true;
      this.#handle?.cancel();
    });
    this.#handle = this.parts.serving.answer(this.request, {
      onStart: () => {
        if (!this.#isOver) this.#start();
      },
      onChunk: (chunk) => {
        if (!this.#isOver) this.#add(chunk);
      },
      onEnd: (end) => {
        if (!this.#isOver) this.#end(end);
      },
    });
    if (this.#isOver) this.#handle.cancel();
  }

  #start(): void {
    this.#writer = this.open();
    this.#writer.onCaughtUp(() => this.#write());
  }

  #add(chunk: TokenChunk): void {
    this.#text += chunk.text;
    for (const token of tokensOf(chunk)) this.#tokens.push(token);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    queueMicrotask(() => {
      this.#isWaiting = false;
      if (this.#writer?.isBehind !== true) this.#write();
    });
  }

  #write(): void {
    if (this.#isOver || this.#tokens.length === 0) return;
    const lines = this.#takeTokens().map(encodeLine).join('');
    this.#writer?.write(lines);
  }

  #end(end: InferenceEnd): void {
    this.#isOver = true;
    const tokens = this.#takeTokens();
    if (end.outcome === Outcome.Completed) {
      const last = tokens.pop() ?? noToken;
      const { call } = this.parts;
      const generatedText = call.fullTextReturned ? (call.prompts[0] ?? '') + this.#text : this.#text;
      const lines = tokens.map(encodeLine).join('') + encodeLastLine(last, generatedText, end);
      (this.#writer ?? this.open()).end(lines);
      return;
    }
    const error = StowageError.fromData(end.error);
    if (this.#writer === null) {
      this.parts.refuse(error);
      return;
    }
    this.#writer.write(tokens.map(encodeLine).join(''));
    this.#writer.breakOff(error);
  }

  #takeTokens(): EncodedToken[] {
    const tokens = this.#tokens;
    this.#tokens = [];
    return tokens;
  }
}
