/**
 * Bodies of the large-model containers (`inputs`, `parameters`, `stream`) → what serving understands.
 * Nothing is accepted and then not done.
 *
 * Sampling follows the containers: `do_sample` says whether. Where it is absent, naming a temperature,
 * `top_k`, `top_p` or a seed means that sampling is wanted; otherwise the answer is greedy.
 */
import type { Constraint, PromptInput, SamplingParameters } from '../../domain/inference.js';
import { choicesMax, isTooLarge, promptCharactersMax } from '../json-body/call-size.js';
import { constraintOf, refuseEndless } from '../json-body/constraint.js';
import { badField, Fields, isObject, type JsonObject } from '../json-body/fields.js';
import { samplingOf, seedOf, stopOf, tokenIdMax } from '../json-body/sampling.js';
import { refuseWhatIsNotDone } from './unsupported.js';

export interface DecodedCall {
  /** 1 to 64; more than one only from a list. */
  readonly prompts: readonly string[];
  /** Names of LoRA adapters, one for each prompt; null = the component as it was named. */
  readonly adapters: readonly (string | null)[];
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
  readonly constraint: Constraint | null;
  readonly details: boolean;
  /** The prompt is repeated before the answer. */
  readonly fullTextReturned: boolean;
  /** null = what the operation says. */
  readonly stream: boolean | null;
}

/** Throws REQ-210 or REQ-212. */
export function decodeCall(object: JsonObject): DecodedCall {
  const body = new Fields(object, '');
  const parametersObject = body.get('parameters') ?? {};
  if (!isObject(parametersObject)) throw body.bad('parameters', 'must be an object');
  const parameters = new Fields(parametersObject, 'parameters.');
  refuseWhatIsNotDone(body, parameters);
  const inputs = body.get('inputs');
  const prompts = promptsOf(inputs);
  const suffix = parameters.text('suffix') || body.text('suffix') || null;
  const asked = prompts.map((prompt) => inputOf({ suffix }, prompt));
  if (isTooLarge(asked, 1)) {
    throw badField('inputs', `must have, each with the suffix, at most ${promptCharactersMax} characters`);
  }
  const endTokensIgnored =
    parameters.boolean('ignore_eos') ?? parameters.boolean('ignore_eos_token') ?? false;
  const constraint = constraintOf(parameters);
  refuseEndless(parameters, constraint, endTokensIgnored);
  return {
    prompts,
    adapters: adaptersOf(body, parameters, prompts.length),
    suffix,
    isList: Array.isArray(inputs),
    sampling: samplingOf(parameters, isSampled(parameters)),
    seed: seedOf(parameters),
    newTokensMax: parameters.integer('max_new_tokens', 1, tokenIdMax),
    stop: stopOf(parameters, parameters.has('stop_sequences') ? 'stop_sequences' : 'stop'),
    endTokensIgnored,
    constraint,
    details: parameters.boolean('details') ?? false,
    fullTextReturned: parameters.boolean('return_full_text') ?? false,
    stream: body.boolean('stream'),
  };
}

/** The prompt of one input. */
export function inputOf(call: Pick<DecodedCall, 'suffix'>, prompt: string): PromptInput {
  return { kind: 'text', prompt, suffix: call.suffix };
}

function promptsOf(inputs: unknown): readonly string[] {
  if (typeof inputs === 'string') return [inputs];
  if (!Array.isArray(inputs)) throw badField('inputs', 'must be a string or a list of strings');
  if (inputs.length === 0) throw badField('inputs', 'must not be an empty list');
  if (inputs.length > choicesMax) throw badField('inputs', `must have at most ${choicesMax} entries`);
  for (const [index, entry] of inputs.entries()) {
    if (typeof entry !== 'string') throw badField(`inputs[${index}]`, 'must be a string');
  }
  return inputs as readonly string[];
}

/** `adapters` beside `inputs`: one for all, or one for each; or text-generation-inference's `adapter_id`. */
function adaptersOf(body: Fields, parameters: Fields, count: number): readonly (string | null)[] {
  const named = body.get('adapters') ?? parameters.text('adapter_id') ?? '';
  const list: readonly unknown[] = Array.isArray(named) ? named : new Array<unknown>(count).fill(named);
  if (list.length !== count)
    throw badField('adapters', `must be one name, or one for each of ${count} inputs`);
  return list.map((name) => {
    if (typeof name === 'string') return name === '' ? null : name;
    throw badField('adapters', 'must be an adapter’s name, or a list of them');
  });
}

function isSampled(parameters: Fields): boolean {
  const wanted = parameters.boolean('do_sample');
  if (wanted !== null) return wanted;
  return ['temperature', 'top_k', 'top_p', 'seed'].some((field) => parameters.has(field));
}
