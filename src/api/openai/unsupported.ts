/**
 * Fields of OpenAI's and vLLM's that would change the answer and that we do not do. Each is refused by
 * name (REQ-212) unless it has a neutral value; all other unknown fields are ignored.
 */
import { isObject, type JsonObject, unsupportedField } from './fields.js';

const problems = {
  tools: 'tool calls are not done here',
  structure: 'answers are plain text here',
  modality: 'answers are text here',
  search: 'only the likeliest continuation by sampling is computed',
  prompt: 'the prompt is rendered by the component’s own template',
  tokens: 'stop strings and max tokens are the only ends',
} as const;

/** Field → its neutral values beside null, false, [] and {}; and why any other is refused. */
const unsupported: Readonly<Record<string, readonly [neutral: readonly unknown[], problem: string]>> = {
  tools: [[], problems.tools],
  tool_choice: [['none', 'auto'], problems.tools],
  functions: [[], problems.tools],
  function_call: [['none', 'auto'], problems.tools],
  audio: [[], problems.modality],
  web_search_options: [[], 'nothing is searched'],
  reasoning_effort: [['none'], 'the models do not reason apart'],
  guided_json: [[], problems.structure],
  guided_regex: [[], problems.structure],
  guided_choice: [[], problems.structure],
  guided_grammar: [[], problems.structure],
  structured_outputs: [[], problems.structure],
  use_beam_search: [[], problems.search],
  prompt_logprobs: [[], 'log-probabilities of the prompt are not computed'],
  chat_template: [[], problems.prompt],
  continue_final_message: [[], problems.prompt],
  truncate_prompt_tokens: [[], problems.prompt],
  stop_token_ids: [[], problems.tokens],
  min_tokens: [[0], problems.tokens],
  bad_words: [[], problems.tokens],
  include_stop_str_in_output: [[], problems.tokens],
};

/** Throws REQ-212 when the body asks for something that is not done. */
export function refuseUnsupported(body: JsonObject): void {
  for (const field in body) {
    if (!Object.hasOwn(unsupported, field)) continue;
    const row = unsupported[field];
    if (row === undefined || isNeutral(body[field], row[0])) continue;
    throw unsupportedField(field, row[1]);
  }
  const format = body['response_format'];
  if (isObject(format) && format['type'] !== 'text')
    throw unsupportedField('response_format', problems.structure);
  const modalities = body['modalities'];
  if (Array.isArray(modalities) && modalities.some((modality) => modality !== 'text')) {
    throw unsupportedField('modalities', problems.modality);
  }
}

function isNeutral(value: unknown, neutral: readonly unknown[]): boolean {
  if (value === null || value === undefined || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  return neutral.includes(value);
}
