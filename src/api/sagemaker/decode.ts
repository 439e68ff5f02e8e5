/**
 * Bodies of the large-model containers (`inputs`, `parameters`, `stream`) → what serving understands.
 * Nothing is accepted and then not done.
 *
 * Sampling follows the containers: `do_sample` says whether. Where it is absent, naming a temperature,
 * `top_k`, `top_p` or a seed means that sampling is wanted; otherwise the answer is greedy.
 */
import type { PromptInput, SamplingParameters } from '../../domain/inference.js';
import { badField, Fields, isObject, type JsonObject } from './fields.js';
import { refuseUnsupported } from './unsupported.js';

export interface DecodedCall {
  /** 1 to 64; more than one only from a list. */
  readonly prompts: readonly string[];
  readonly suffix: string | null;
  /** `inputs` was a list, so the answer is one too. */
  readonly isList: boolean;
  readonly sampling: Omit<SamplingParameters, 'seed'>;
  /** 0..2^53-1; null = any. */
  readonly seed: number | null;
  /** null = what the component's options say. */
  readonly newTokensMax: number | null;
  readonly stop: readonly string[];
  readonly endTokensIgnored: boolean;
  readonly details: boolean;
  /** The prompt is repeated before the answer. */
  readonly fullTextReturned: boolean;
  /** null = what the operation says. */
  readonly stream: boolean | null;
}

const inputsMax = 64;
const stopCountMax = 16;
const stopCharsMax = 1024;
const logitBiasCountMax = 1024;
const tokenIdMax = 2 ** 31 - 1;
/** Below this a temperature only overflows; it means greedy. */
const temperatureMin = 1e-5;

/** Throws REQ-210 or REQ-212. */
export function decodeCall(object: JsonObject): DecodedCall {
  const body = new Fields(object, '');
  const parametersObject = body.get('parameters') ?? {};
  if (!isObject(parametersObject)) throw body.bad('parameters', 'must be an object');
  const parameters = new Fields(parametersObject, 'parameters.');
  refuseUnsupported(body, parameters);
  const inputs = body.get('inputs');
  return {
    prompts: promptsOf(inputs),
    suffix: parameters.text('suffix') || body.text('suffix') || null,
    isList: Array.isArray(inputs),
    sampling: samplingOf(parameters),
    seed: seedOf(parameters),
    newTokensMax: parameters.integer('max_new_tokens', 1, tokenIdMax),
    stop: stopOf(parameters),
    endTokensIgnored: parameters.boolean('ignore_eos') ?? parameters.boolean('ignore_eos_token') ?? false,
    details: parameters.boolean('details') ?? false,
    fullTextReturned: parameters.boolean('return_full_text') ?? false,
    stream: body.boolean('stream'),
  };
}

/** The prompt of one input. */
export function inputOf(call: DecodedCall, prompt: string): PromptInput {
  return { kind: 'text', prompt, suffix: call.suffix };
}

function promptsOf(inputs: unknown): readonly string[] {
  if (typeof inputs === 'string') return [inputs];
  if (!Array.isArray(inputs)) throw badField('inputs', 'must be a string or a list of strings');
  if (inputs.length === 0) throw badField('inputs', 'must not be an empty list');
  if (inputs.length > inputsMax) throw badField('inputs', `must have at most ${inputsMax} entries`);
  for (const [index, entry] of inputs.entries()) {
    if (typeof entry !== 'string') throw badField(`inputs[${index}]`, 'must be a string');
  }
  return inputs as readonly string[];
}

function samplingOf(parameters: Fields): Omit<SamplingParameters, 'seed'> {
  const temperature = parameters.number('temperature', 0, 100);
  const topK = parameters.integer('top_k', -1, tokenIdMax);
  const topP = parameters.number('top_p', 0, 1);
  const minP = parameters.number('min_p', 0, 1) ?? 0;
  const isNamed = temperature !== null || topK !== null || topP !== null || parameters.has('seed');
  const isSampled = parameters.boolean('do_sample') ?? isNamed;
  // These leave one token to choose from, which is what greedy means.
  const isGreedy = !isSampled || (temperature ?? 1) < temperatureMin || topP === 0 || minP === 1;
  return {
    temperature: isGreedy ? 0 : (temperature ?? 1),
    topK: Math.max(0, topK ?? 0),
    topP: topP === 0 ? 1 : (topP ?? 1),
    minP: minP === 1 ? 0 : minP,
    repetitionPenalty: parameters.number('repetition_penalty', 0.01, 100) ?? 1,
    presencePenalty: parameters.number('presence_penalty', -2, 2) ?? 0,
    frequencyPenalty: parameters.number('frequency_penalty', -2, 2) ?? 0,
    logitBias: logitBiasOf(parameters),
  };
}

/** Seeds of other ranges (negative, 64 bits) are folded into ours: the same seed stays the same. */
function seedOf(parameters: Fields): number | null {
  const seed = parameters.integer('seed', -Number.MAX_VALUE, Number.MAX_VALUE);
  if (seed === null) return null;
  const folded = seed % 2 ** 53;
  return folded < 0 ? folded + 2 ** 53 : Math.abs(folded);
}

/** `stop_sequences`, or `stop` as most engines call it; one string or a list. */
function stopOf(parameters: Fields): readonly string[] {
  const field = parameters.has('stop_sequences') ? 'stop_sequences' : 'stop';
  const value = parameters.get(field);
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > stopCountMax) throw parameters.bad(field, `must have at most ${stopCountMax} strings`);
  for (const entry of list) {
    if (typeof entry !== 'string' || entry === '' || entry.length > stopCharsMax) {
      throw parameters.bad(field, `must be strings of 1 to ${stopCharsMax} characters`);
    }
  }
  return list as readonly string[];
}

function logitBiasOf(parameters: Fields): SamplingParameters['logitBias'] {
  const field = 'logit_bias';
  const value = parameters.get(field);
  if (value === undefined) return [];
  if (!isObject(value)) throw parameters.bad(field, 'must be an object of token ids and numbers');
  const pairs: (readonly [number, number])[] = [];
  for (const key in value) {
    const bias = value[key];
    const token = /^\d{1,10}$/.test(key) ? Number(key) : NaN;
    if (!(token <= tokenIdMax)) throw parameters.bad(field, 'must have token ids as keys');
    if (typeof bias !== 'number' || bias < -100 || bias > 100) {
      throw parameters.bad(field, 'must have numbers from -100 to 100 as values');
    }
    if (pairs.push([token, bias]) > logitBiasCountMax) {
      throw parameters.bad(field, `must have at most ${logitBiasCountMax} entries`);
    }
  }
  return pairs;
}
