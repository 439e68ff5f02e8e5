/**
 * Fields of OpenAI's and vLLM's that would change the answer and that we do not do. Each is refused by
 * name (REQ-212) unless it has a neutral value; all other unknown fields are ignored.
 */
import { type Fields, isObject, unsupportedField } from '../json-body/fields.js';
import { refuseUnsupported, type UnsupportedFields } from '../json-body/unsupported.js';

const problems = {
  tools: 'tool calls are not done here',
  structure: 'answers are plain text here',
  modality: 'answers are text here',
  search: 'only the likeliest continuation by sampling is computed',
  prompt: 'the prompt is rendered by the component’s own template',
  tokens: 'stop strings and max tokens are the only ends',
} as const;

const unsupported: UnsupportedFields = {
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
export function refuseWhatIsNotDone(body: Fields): void {
  refuseUnsupported(body, unsupported);
  const format = body.get('response_format');
  if (isObject(format) && format['type'] !== 'text')
    throw unsupportedField('response_format', problems.structure);
  const modalities = body.get('modalities');
  if (Array.isArray(modalities) && modalities.some((modality) => modality !== 'text')) {
    throw unsupportedField('modalities', problems.modality);
  }
}
