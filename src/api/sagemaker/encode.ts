/**
 * Answers → the large-model containers' bodies. A token's `text` is what became certain with it: text that
 * waits for the rest of a character, or may be the beginning of a stop string, stands at a later token, so
 * that the texts together are always the answer.
 */
import { FinishReason, type TokenChunk, type Usage } from '../../domain/inference.js';

/** A token of an answer; `id` and `log_prob` are null where text came without a token of its own. */
export interface EncodedToken {
  readonly id: number | null;
  readonly text: string;
  readonly log_prob: number | null;
}

/** How an answer ended. */
export interface AnswerEnd {
  readonly reason: FinishReason;
  readonly stop: string | null;
  readonly usage: Usage;
}

/** JSON has no -Infinity; this is what the field writes for it. */
const logprobMin = -9999;

/** Stands at the end of a stream whose last step brought no token, like the containers' end token. */
export const noToken: EncodedToken = { id: null, text: '', log_prob: null };

/** The tokens of a chunk; its text stands at the last of them. */
export function tokensOf(chunk: TokenChunk): readonly EncodedToken[] {
  const last = chunk.tokens.length - 1;
  if (last < 0) return chunk.text === '' ? [] : [{ ...noToken, text: chunk.text }];
  return chunk.tokens.map((id, index) => {
    const logprob = chunk.logprobs?.[index]?.logprob;
    return {
      id,
      text: index === last ? chunk.text : '',
      log_prob: logprob === undefined ? null : Math.max(logprob, logprobMin),
    };
  });
}

/** `eos_token`, `stop_sequence` or `length`. */
export function finishReasonOf(end: Pick<AnswerEnd, 'reason' | 'stop'>): string {
  switch (end.reason) {
    case FinishReason.Length:
      return 'length';
    case FinishReason.Stop:
      return end.stop === null ? 'eos_token' : 'stop_sequence';
    default:
      return end.reason satisfies never;
  }
}

/** The answer to one input as a whole; `details` only when asked for. */
export function encodeOutput(
  generatedText: string,
  details: {
    readonly end: AnswerEnd;
    readonly prompt: string;
    readonly tokens: readonly EncodedToken[];
  } | null,
): object {
  if (details === null) return { generated_text: generatedText };
  const { end, prompt, tokens } = details;
  return { generated_text: generatedText, details: { ...summaryOf(end), inputs: prompt, tokens } };
}

/** One line of a stream, with its line end. */
export function encodeLine(token: EncodedToken): string {
  return `{"token":${JSON.stringify(token)}}\n`;
}

/** The last line of a stream. */
export function encodeLastLine(token: EncodedToken, generatedText: string, end: AnswerEnd): string {
  return `${JSON.stringify({ token, generated_text: generatedText, details: summaryOf(end) })}\n`;
}

function summaryOf(end: AnswerEnd): object {
  const { completionTokens, promptTokens } = end.usage;
  return {
    finish_reason: finishReasonOf(end),
    generated_tokens: completionTokens,
    prompt_tokens: promptTokens,
  };
}
