/**
 * Answers → OpenAI's bodies and stream events. An `Encoder` belongs to one call; what never changes in
 * its events is put together once, because a stream encodes one event per step.
 */
import type { FinishReason, TokenLogprob, Usage } from '../../domain/inference.js';
import type { CallDelta } from './tool-calls.js';

/** What the caller sees of one choice, or of one step of it. */
export interface ChoicePart {
  readonly text: string;
  readonly tokens: readonly number[];
  readonly logprobs: readonly TokenLogprob[];
  /** Calls of functions, or what a step adds to them. */
  readonly calls: readonly CallDelta[];
}

/** Why a choice ended, as callers are told. */
export type WireReason = FinishReason | 'tool_calls';

export interface EncodedCall {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  readonly usageInStream: boolean;
  readonly wantsLogprobs: boolean;
  readonly tokenIdsReturned: boolean;
}

export interface Encoder {
  readonly id: string;
  /** The event that opens a choice, if the dialect has one. */
  openingEvent(index: number): string | null;
  /** One step of a choice. `textOffset`: characters of the choice's text before it. */
  event(index: number, part: ChoicePart, textOffset: number): string;
  /** The last event of a choice. */
  finishEvent(index: number, reason: WireReason): string;
  usageEvent(usage: Usage): string;
  /** The whole answer as one body. */
  whole(choices: readonly WholeChoice[], usage: Usage): string;
}

export interface WholeChoice extends ChoicePart {
  readonly reason: WireReason;
}

/** After the last event of a stream that did not break. */
export const doneEvent = 'data: [DONE]\n\n';

/** An error as the last event of a stream; `body` is what an error answer would carry. */
export function errorEvent(body: string): string {
  return `data: ${body}\n\n`;
}

export function completionEncoder(call: EncodedCall): Encoder {
  const head = headOf(call.id, 'text_completion', call);
  const tail = tailOf(call);
  const choice = (index: number, part: ChoicePart, textOffset: number, reason: WireReason | null): string =>
    `{"index":${index},"text":${JSON.stringify(part.text)}` +
    `,"logprobs":${call.wantsLogprobs ? JSON.stringify(legacyLogprobs(part.logprobs, textOffset)) : 'null'}` +
    `${tokenIds(call, part)},"finish_reason":${reason === null ? 'null' : `"${reason}"`}}`;
  return {
    id: call.id,
    openingEvent: () => null,
    event: (index, part, textOffset) => `data: ${head}[${choice(index, part, textOffset, null)}]${tail}`,
    finishEvent: (index, reason) =>
      `data: ${head}[{"index":${index},"text":"","logprobs":null,"finish_reason":"${reason}"}]${tail}`,
    usageEvent: (usage) => `data: ${head}[],"usage":${encodeUsage(usage)}}\n\n`,
    whole: (choices, usage) =>
      `${head}[${choices.map((part, index) => choice(index, part, 0, part.reason)).join(',')}]` +
      `,"usage":${encodeUsage(usage)}}`,
  };
}

export function chatEncoder(call: EncodedCall): Encoder {
  const head = headOf(call.id, 'chat.completion.chunk', call);
  const tail = tailOf(call);
  const logprobs = (part: ChoicePart): string =>
    call.wantsLogprobs ? JSON.stringify(chatLogprobs(part.logprobs)) : 'null';
  const delta = (index: number, content: string, rest: string): string =>
    `data: ${head}[{"index":${index},"delta":${content},${rest}}]${tail}`;
  return {
    id: call.id,
    openingEvent: (index) =>
      delta(index, '{"role":"assistant","content":""}', '"logprobs":null,"finish_reason":null'),
    event: (index, part) =>
      delta(index, deltaOf(part), `"logprobs":${logprobs(part)}${tokenIds(call, part)},"finish_reason":null`),
    finishEvent: (index, reason) => delta(index, '{}', `"logprobs":null,"finish_reason":"${reason}"`),
    usageEvent: (usage) => `data: ${head}[],"usage":${encodeUsage(usage)}}\n\n`,
    whole: (choices, usage) =>
      `${headOf(call.id, 'chat.completion', call)}[${choices
        .map(
          (part, index) =>
            `{"index":${index},"message":${messageOf(part)}` +
            `,"logprobs":${logprobs(part)}${tokenIds(call, part)},"finish_reason":"${part.reason}"}`,
        )
        .join(',')}],"usage":${encodeUsage(usage)}}`,
  };
}

/** What a step adds to a message. */
function deltaOf({ text, calls }: ChoicePart): string {
  if (calls.length === 0) return `{"content":${JSON.stringify(text)}}`;
  const content = text === '' ? {} : { content: text };
  const tool_calls = calls.map(({ index, begins, arguments: more }) => ({
    index,
    ...(begins === undefined
      ? { function: { arguments: more } }
      : { id: begins.id, type: 'function', function: { name: begins.name, arguments: more } }),
  }));
  return JSON.stringify({ ...content, tool_calls });
}

function messageOf({ text, calls }: ChoicePart): string {
  if (calls.length === 0) return `{"role":"assistant","content":${JSON.stringify(text)},"refusal":null}`;
  const tool_calls = calls.map(({ begins, arguments: given }) => {
    return { id: begins?.id, type: 'function', function: { name: begins?.name, arguments: given } };
  });
  return JSON.stringify({ role: 'assistant', content: text === '' ? null : text, refusal: null, tool_calls });
}

/** Everything before the list of choices. */
function headOf(id: string, object: string, call: EncodedCall): string {
  return (
    `{"id":${JSON.stringify(id)},"object":"${object}","created":${call.created}` +
    `,"model":${JSON.stringify(call.model)},"choices":`
  );
}

/** Everything after the choices of an event that is not the one with the usage. */
function tailOf(call: EncodedCall): string {
  return call.usageInStream ? ',"usage":null}\n\n' : '}\n\n';
}

function tokenIds(call: EncodedCall, part: ChoicePart): string {
  return call.tokenIdsReturned ? `,"token_ids":[${part.tokens.join(',')}]` : '';
}

function encodeUsage(usage: Usage): string {
  const { promptTokens, completionTokens, cachedTokens } = usage;
  return (
    `{"prompt_tokens":${promptTokens},"completion_tokens":${completionTokens}` +
    `,"total_tokens":${promptTokens + completionTokens}` +
    `,"prompt_tokens_details":{"cached_tokens":${cachedTokens}}}`
  );
}

/** JSON has no -Infinity; this is what the field writes for it. */
const logprobMin = -9999;

function finite(logprob: number): number {
  return Math.max(logprob, logprobMin);
}

/** The shape of `/v1/completions`: parallel lists, and offsets in characters of the choice's text. */
function legacyLogprobs(logprobs: readonly TokenLogprob[], textOffset: number): object {
  let offset = textOffset;
  const offsets = logprobs.map((entry) => {
    const at = offset;
    offset += entry.text.length;
    return at;
  });
  return {
    tokens: logprobs.map(nameOf),
    token_logprobs: logprobs.map((entry) => finite(entry.logprob)),
    top_logprobs: logprobs.map((entry) => byName(entry.top)),
    text_offset: offsets,
  };
}

type Candidate = TokenLogprob['top'][number];

/** Name → log-probability. A name that is taken by a likelier token gives way to vLLM's `token_id:ID`. */
function byName(candidates: readonly Candidate[]): object {
  const named = new Map<string, number>();
  for (const candidate of candidates) {
    const name = nameOf(candidate);
    named.set(named.has(name) ? `token_id:${candidate.token}` : name, finite(candidate.logprob));
  }
  return Object.fromEntries(named);
}

/** A token's text, or OpenAI's `bytes:\xe2\x82` for bytes that are only a part of a character. */
function nameOf({ text, bytes }: Candidate): string {
  if (Buffer.from(text).equals(Uint8Array.from(bytes))) return text;
  return `bytes:${bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}`;
}

/** The shape of `/v1/chat/completions`: one object per token, with its bytes. */
function chatLogprobs(logprobs: readonly TokenLogprob[]): object {
  return {
    content: logprobs.map((entry) => ({ ...chatToken(entry), top_logprobs: entry.top.map(chatToken) })),
    refusal: null,
  };
}

function chatToken({ text, logprob, bytes }: Candidate): object {
  return { token: text, logprob: finite(logprob), bytes };
}
