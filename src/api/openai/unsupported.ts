/**
 * Fields of OpenAI's and vLLM's that would change the answer and that we do not do. Each is refused by
 * name (REQ-212) unless it has a neutral value; all other unknown fields are ignored.
 */
import { type Fields, unsupportedField } from '../json-body/fields.js';
import { refuseUnsupported, type UnsupportedFields } from '../json-body/unsupported.js';

const problems = {
  functions: 'functions are called `tools` now',
  modality: 'answers are text here',
  search: 'only the likeliest continuation by sampling is computed',
  prompt: 'the prompt is rendered by the component’s own template',
  tokens: 'stop strings and max tokens are the only ends',
} as const;

const unsupported: UnsupportedFields = {
  functions: [[], problems.functions],
  function_call: [['none', 'auto'], problems.functions],
  guided_whitespace_pattern: [[], 'white space is at most one space or line end here'],
  audio: [[], problems.modality],
  web_search_options: [[], 'nothing is searched'],
  reasoning_effort: [['none'], 'the models do not reason apart'],
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
  const modalities = body.get('modalities');
  if (Array.isArray(modalities) && modalities.some((modality) => modality !== 'text')) {
    throw unsupportedField('modalities', problems.modality);
  }
}
