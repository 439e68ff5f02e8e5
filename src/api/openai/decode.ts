/**
 * Bodies of OpenAI's completions and chat completions → what serving understands. Hand-written, because
 * it is on the hot path: plain reads of a body that was parsed once. Nothing is accepted and then not done.
 *
 * vLLM's names are taken for what OpenAI has no field for: `top_k`, `min_p`, `repetition_penalty`,
 * `ignore_eos`, `return_token_ids`.
 */
import type { Constraint, PromptInput, SamplingParameters } from '../../domain/inference.js';
import { choicesMax, isTooLarge, promptCharactersMax } from '../json-body/call-size.js';
import { constraintOf, refuseEndless } from '../json-body/constraint.js';
import { badField, Fields, isObject, type JsonObject, unsupportedField } from '../json-body/fields.js';
import { samplingOf, seedOf, stopOf, tokenIdMax } from '../json-body/sampling.js';
import { decodeMessages } from './decode-messages.js';
import { decodeTools } from './decode-tools.js';
import { refuseWhatIsNotDone } from './unsupported.js';

/** One call: `inputs` × `choicesPerInput` requests to serving, answered together. */
export interface DecodedCall {
  /** As the caller wrote it; null when absent or empty. */
  readonly model: string | null;
  readonly inputs: readonly PromptInput[];
  readonly choicesPerInput: number;
  readonly sampling: Omit<SamplingParameters, 'seed'>;
  /** 0..2^53-1; null = any. */
  readonly seed: number | null;
  readonly newTokensMax: number | null;
  readonly stop: readonly string[];
  readonly logprobs: number | null;
  readonly endTokensIgnored: boolean;
  readonly constraint: Constraint | null;
  /** Names of the functions that the model may call. */
  readonly toolNames: readonly string[];
  /** Calls that an answer may have. */
  readonly callsMax: number;
  /** The prompt is repeated before the answer. */
  readonly echo: boolean;
  readonly stream: boolean;
  readonly usageInStream: boolean;
  readonly tokenIdsReturned: boolean;
}

const choicesPerInputMax = 16;

/** The body of `POST /v1/completions`; throws REQ-210 or REQ-212. */
export function decodeCompletion(object: JsonObject): DecodedCall {
  const body = new Fields(object, '');
  refuseWhatIsNotDone(body);
  if (decodeTools(body).tools.length > 0) throw unsupportedField('tools', 'only chats have tools');
  const choicesPerInput = choicesPerInputOf(body);
  const bestOf = body.integer('best_of', 1, choicesMax);
  if (bestOf !== null && bestOf !== choicesPerInput) {
    throw unsupportedField('best_of', 'all answers are returned, none is chosen');
  }
  const inputs = promptsOf(body, body.text('suffix'));
  if (inputs.length * choicesPerInput > choicesMax) {
    throw badField('n', `times the number of prompts must be at most ${choicesMax}`);
  }
  const logprobs = body.integer('logprobs', 0, 5);
  const echo = body.boolean('echo') ?? false;
  if (echo && logprobs !== null) throw unsupportedField('echo', 'not together with `logprobs`');
  if (echo && inputs.some((input) => input.kind === 'tokens')) {
    throw unsupportedField('echo', 'not for a prompt of token ids');
  }
  const newTokensMax = body.integer('max_tokens', 1, tokenIdMax);
  return callOf(body, inputs, choicesPerInput, newTokensMax, logprobs, echo);
}

/** The body of `POST /v1/chat/completions`; throws REQ-210 or REQ-212. */
export function decodeChat(object: JsonObject): DecodedCall {
  const body = new Fields(object, '');
  refuseWhatIsNotDone(body);
  const topLogprobs = body.integer('top_logprobs', 0, 20);
  const wantsLogprobs = body.boolean('logprobs') ?? false;
  if (topLogprobs !== null && topLogprobs > 0 && !wantsLogprobs) {
    throw badField('top_logprobs', 'needs `logprobs: true`');
  }
  const { tools, constraint, callsMax } = decodeTools(body);
  const messages = decodeMessages(body.get('messages'));
  const inputs: readonly PromptInput[] = [
    tools.length === 0 ? { kind: 'chat', messages } : { kind: 'chat', messages, tools },
  ];
  const newTokensMax =
    body.integer('max_completion_tokens', 1, tokenIdMax) ?? body.integer('max_tokens', 1, tokenIdMax);
  const logprobs = wantsLogprobs ? (topLogprobs ?? 0) : null;
  const call = callOf(body, inputs, choicesPerInputOf(body), newTokensMax, logprobs, false);
  if (tools.length === 0) return call;
  if (constraint !== null && call.constraint !== null) {
    throw badField('tool_choice', `cannot ask for a call beside \`${call.constraint.field}\``);
  }
  refuseEndless(body, constraint, call.endTokensIgnored);
  const toolNames = tools.map(({ name }) => name);
  return { ...call, constraint: constraint ?? call.constraint, toolNames, callsMax };
}

/** What both bodies have in common. One literal, not spread together: this is the hot path. */
function callOf(
  body: Fields,
  inputs: readonly PromptInput[],
  choicesPerInput: number,
  newTokensMax: number | null,
  logprobs: number | null,
  echo: boolean,
): DecodedCall {
  if (isTooLarge(inputs, choicesPerInput)) {
    throw badField('n', `times the characters of the prompts must be at most ${promptCharactersMax}`);
  }
  const streamOptions = body.get('stream_options');
  const endTokensIgnored = body.boolean('ignore_eos') ?? false;
  const constraint = constraintOf(body);
  refuseEndless(body, constraint, endTokensIgnored);
  return {
    model: body.text('model') || null,
    inputs,
    choicesPerInput,
    sampling: samplingOf(body, true),
    seed: seedOf(body),
    newTokensMax,
    stop: stopOf(body, 'stop'),
    logprobs,
    endTokensIgnored,
    constraint,
    toolNames: [],
    callsMax: 0,
    echo,
    stream: body.boolean('stream') ?? false,
    usageInStream:
      isObject(streamOptions) && (new Fields(streamOptions, '').boolean('include_usage') ?? false),
    tokenIdsReturned: body.boolean('return_token_ids') ?? false,
  };
}

function choicesPerInputOf(body: Fields): number {
  return body.integer('n', 1, choicesPerInputMax) ?? 1;
}

function promptsOf(body: Fields, suffix: string | null): readonly PromptInput[] {
  const prompt = body.get('prompt');
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
