/**
 * Bodies of OpenAI's completions and chat completions → what serving understands. Hand-written, because
 * it is on the hot path: one JSON parse, then plain reads. Nothing is accepted and then not done.
 *
 * vLLM's names are taken for what OpenAI has no field for: `top_k`, `min_p`, `repetition_penalty`,
 * `ignore_eos`, `return_token_ids`.
 */
import type { PromptInput, SamplingParameters } from '../../domain/inference.js';
import { decodeMessages } from './decode-messages.js';
import {
  badField,
  booleanField,
  integerField,
  isObject,
  type JsonObject,
  numberField,
  parseObject,
  textField,
  unsupportedField,
} from './fields.js';
import { refuseUnsupported } from './unsupported.js';

/** One call: `inputs` × `choicesPerInput` requests to serving, answered together. */
export interface DecodedCall {
  /** As the caller wrote it; null when absent or empty. */
  readonly model: string | null;
  readonly inputs: readonly PromptInput[];
  readonly choicesPerInput: number;
  /** Its seed is 0; see `seed`. */
  readonly sampling: SamplingParameters;
  /** 0..2^53-1; null = any. */
  readonly seed: number | null;
  readonly newTokensMax: number | null;
  readonly stop: readonly string[];
  readonly logprobs: number | null;
  readonly endTokensIgnored: boolean;
  /** The prompt is repeated before the answer. */
  readonly echo: boolean;
  readonly stream: boolean;
  readonly usageInStream: boolean;
  readonly tokenIdsReturned: boolean;
}

const choicesPerInputMax = 16;
const choicesMax = 64;
const stopCountMax = 16;
const stopCharsMax = 1024;
const logitBiasCountMax = 1024;
const tokenIdMax = 2 ** 31 - 1;
/** Below this a temperature only overflows; it means greedy. */
const temperatureMin = 1e-5;

/** The body of `POST /v1/completions`; throws CTX-201, REQ-210, REQ-212, REQ-214. */
export function decodeCompletion(bytes: Buffer): DecodedCall {
  const body = parseObject(bytes);
  refuseUnsupported(body);
  const choicesPerInput = choicesPerInputOf(body);
  const bestOf = integerField(body, 'best_of', 1, choicesMax);
  if (bestOf !== null && bestOf !== choicesPerInput) {
    throw unsupportedField('best_of', 'all answers are returned, none is chosen');
  }
  const inputs = promptsOf(body, textField(body, 'suffix'));
  if (inputs.length * choicesPerInput > choicesMax) {
    throw badField('n', `times the number of prompts must be at most ${choicesMax}`);
  }
  const logprobs = integerField(body, 'logprobs', 0, 5);
  const echo = booleanField(body, 'echo');
  if (echo && logprobs !== null) throw unsupportedField('echo', 'not together with `logprobs`');
  if (echo && inputs.some((input) => input.kind === 'tokens')) {
    throw unsupportedField('echo', 'not for a prompt of token ids');
  }
  const newTokensMax = integerField(body, 'max_tokens', 1, tokenIdMax);
  return callOf(body, inputs, choicesPerInput, newTokensMax, logprobs, echo);
}

/** The body of `POST /v1/chat/completions`; throws REQ-210, REQ-212, REQ-214. */
export function decodeChat(bytes: Buffer): DecodedCall {
  const body = parseObject(bytes);
  refuseUnsupported(body);
  const topLogprobs = integerField(body, 'top_logprobs', 0, 20);
  const wantsLogprobs = booleanField(body, 'logprobs');
  if (topLogprobs !== null && topLogprobs > 0 && !wantsLogprobs) {
    throw badField('top_logprobs', 'needs `logprobs: true`');
  }
  const inputs: readonly PromptInput[] = [{ kind: 'chat', messages: decodeMessages(body['messages']) }];
  const newTokensMax =
    integerField(body, 'max_completion_tokens', 1, tokenIdMax) ??
    integerField(body, 'max_tokens', 1, tokenIdMax);
  const logprobs = wantsLogprobs ? (topLogprobs ?? 0) : null;
  return callOf(body, inputs, choicesPerInputOf(body), newTokensMax, logprobs, false);
}

/** What both bodies have in common. One literal, not spread together: this is the hot path. */
function callOf(
  body: JsonObject,
  inputs: readonly PromptInput[],
  choicesPerInput: number,
  newTokensMax: number | null,
  logprobs: number | null,
  echo: boolean,
): DecodedCall {
  const streamOptions = body['stream_options'];
  return {
    model: textField(body, 'model') || null,
    inputs,
    choicesPerInput,
    sampling: samplingOf(body),
    seed: seedOf(body),
    newTokensMax,
    stop: stopOf(body['stop']),
    logprobs,
    endTokensIgnored: booleanField(body, 'ignore_eos'),
    echo,
    stream: booleanField(body, 'stream'),
    usageInStream: isObject(streamOptions) && booleanField(streamOptions, 'include_usage'),
    tokenIdsReturned: booleanField(body, 'return_token_ids'),
  };
}

function choicesPerInputOf(body: JsonObject): number {
  return integerField(body, 'n', 1, choicesPerInputMax) ?? 1;
}

function samplingOf(body: JsonObject): SamplingParameters {
  const temperature = numberField(body, 'temperature', 0, 100) ?? 1;
  const topP = numberField(body, 'top_p', 0, 1) ?? 1;
  const minP = numberField(body, 'min_p', 0, 1) ?? 0;
  const topK = integerField(body, 'top_k', -1, tokenIdMax) ?? 0;
  // These leave one token to choose from, which is what greedy means.
  const isGreedy = temperature < temperatureMin || topP === 0 || minP === 1;
  return {
    temperature: isGreedy ? 0 : temperature,
    topK: Math.max(0, topK),
    topP: topP === 0 ? 1 : topP,
    minP: minP === 1 ? 0 : minP,
    repetitionPenalty: numberField(body, 'repetition_penalty', 0.01, 100) ?? 1,
    presencePenalty: numberField(body, 'presence_penalty', -2, 2) ?? 0,
    frequencyPenalty: numberField(body, 'frequency_penalty', -2, 2) ?? 0,
    logitBias: logitBiasOf(body['logit_bias']),
    seed: 0,
  };
}

/** Seeds of other ranges (negative, 64 bits) are folded into ours: the same seed stays the same. */
function seedOf(body: JsonObject): number | null {
  const seed = integerField(body, 'seed', -Number.MAX_VALUE, Number.MAX_VALUE);
  if (seed === null) return null;
  const folded = seed % 2 ** 53;
  return folded < 0 ? folded + 2 ** 53 : folded;
}

function stopOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > stopCountMax) throw badField('stop', `must have at most ${stopCountMax} strings`);
  for (const entry of list) {
    if (typeof entry !== 'string' || entry === '' || entry.length > stopCharsMax) {
      throw badField('stop', `must be strings of 1 to ${stopCharsMax} characters`);
    }
  }
  return list as readonly string[];
}

function logitBiasOf(value: unknown): SamplingParameters['logitBias'] {
  if (value === undefined || value === null) return [];
  if (!isObject(value)) throw badField('logit_bias', 'must be an object of token ids and numbers');
  const pairs: (readonly [number, number])[] = [];
  for (const key in value) {
    const bias = value[key];
    const token = /^\d{1,10}$/.test(key) ? Number(key) : NaN;
    if (!(token <= tokenIdMax)) throw badField('logit_bias', 'must have token ids as keys');
    if (typeof bias !== 'number' || bias < -100 || bias > 100) {
      throw badField('logit_bias', 'must have numbers from -100 to 100 as values');
    }
    if (pairs.push([token, bias]) > logitBiasCountMax) {
      throw badField('logit_bias', `must have at most ${logitBiasCountMax} entries`);
    }
  }
  return pairs;
}

function promptsOf(body: JsonObject, suffix: string | null): readonly PromptInput[] {
  const prompt = body['prompt'];
  if (typeof prompt === 'string') return [textInput(prompt, suffix)];
  if (!Array.isArray(prompt)) throw badField('prompt', 'must be a string, strings, or token ids');
  const list = prompt as readonly unknown[];
  if (list.length === 0) throw badField('prompt', 'must not be an empty list');
  if (typeof list[0] === 'number') return [tokensInput(list, suffix)];
  if (list.length > choicesMax) throw badField('prompt', `must have at most ${choicesMax} entries`);
  return list.map((entry) => {
    if (typeof entry === 'string') return textInput(entry, suffix);
    if (Array.isArray(entry)) return tokensInput(entry, suffix);
    throw badField('prompt', 'must be a string, strings, or token ids');
  });
}

function textInput(prompt: string, suffix: string | null): PromptInput {
  return { kind: 'text', prompt, suffix: suffix === '' ? null : suffix };
}

function tokensInput(list: readonly unknown[], suffix: string | null): PromptInput {
  if (suffix !== null && suffix !== '') throw unsupportedField('suffix', 'not for a prompt of token ids');
  if (list.length === 0) throw badField('prompt', 'must not have an empty list of token ids');
  for (const token of list) {
    if (typeof token !== 'number' || !Number.isInteger(token) || token < 0 || token > tokenIdMax) {
      throw badField('prompt', 'must have whole numbers from 0 as token ids');
    }
  }
  return { kind: 'tokens', tokens: list as readonly number[] };
}
