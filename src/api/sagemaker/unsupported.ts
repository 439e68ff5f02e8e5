/**
 * Fields that the large-model containers know, that would change the answer, and that are not done here.
 * Each is refused by name (REQ-212) unless its value is neutral; all other unknown fields are ignored.
 */
import type { Fields } from '../json-body/fields.js';
import { refuseUnsupported, type UnsupportedFields } from '../json-body/unsupported.js';

const problems = {
  search: 'only the likeliest continuation by sampling is computed',
  ends: 'stop strings and the token limit are the only ends',
  adapters: 'adapters are named beside `inputs`, in `adapters`',
  sampling: 'this way of sampling is not computed',
  prompt: 'log-probabilities of the prompt are not computed',
  length: 'the limit is called `max_new_tokens`',
} as const;

/** Fields of `parameters`. */
const unsupportedParameters: UnsupportedFields = {
  adapters: [[], problems.adapters],
  best_of: [[1], problems.search],
  n: [[1], problems.search],
  num_beams: [[1], problems.search],
  num_return_sequences: [[1], problems.search],
  use_beam_search: [[], problems.search],
  length_penalty: [[0, 1], problems.search],
  decoder_input_details: [[], problems.prompt],
  prompt_logprobs: [[], problems.prompt],
  top_n_tokens: [[0], 'only the chosen tokens are reported'],
  logprobs: [[0], 'ask for `details`: it has the log-probability of each chosen token'],
  typical_p: [[1], problems.sampling],
  top_a: [[0], problems.sampling],
  watermark: [[], problems.sampling],
  no_repeat_ngram_size: [[0], problems.sampling],
  min_new_tokens: [[0], problems.ends],
  min_tokens: [[0], problems.ends],
  min_length: [[0], problems.ends],
  stop_token_ids: [[], problems.ends],
  bad_words: [[], problems.ends],
  include_stop_str_in_output: [[], problems.ends],
  max_length: [[], problems.length],
  max_tokens: [[], problems.length],
  truncate: [[], 'the component’s `prompt_keep_chars` shortens long prompts'],
  grammar: [[], 'the names are `guided_json`, `guided_regex` and `guided_grammar` here'],
};

/** Fields beside `inputs`. */
const unsupportedFields: UnsupportedFields = {
  requestType: [[], '`NEW_SESSION` and `CLOSE` open and close a session, and stand alone'],
  images: [[], 'prompts are text here'],
};

/** Throws REQ-212 when the body asks for something that is not done. */
export function refuseWhatIsNotDone(body: Fields, parameters: Fields): void {
  refuseUnsupported(body, unsupportedFields);
  refuseUnsupported(parameters, unsupportedParameters);
}
