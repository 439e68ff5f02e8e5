/**
 * `POST /v1/embeddings`: OpenAI's body, with vLLM's `truncate_prompt_tokens`. Vectors have length 1, as OpenAI's have.
 */
import type { Computation, ComputationResult } from '../../domain/inference.js';
import { isTooLarge, promptCharactersMax } from '../json-body/call-size.js';
import { badField, Fields, type JsonObject, unsupportedField } from '../json-body/fields.js';
import { tokenIdMax } from '../json-body/sampling.js';
import { refuseUnsupported, type UnsupportedFields } from '../json-body/unsupported.js';
import { type AnswerNames, type ComputationCall, textUsage } from './computation.js';
import { textTokensMaxOf } from './text-limit.js';

type TextInput = Extract<Computation, { kind: 'embed' }>['inputs'][number];

/** Texts of one call: OpenAI's limit. */
export const textsMax = 2048;
const dimensionsMax = 65_536;
const unlike = 'must be a string, strings, token ids, or lists of token ids';

const unsupported: UnsupportedFields = {
  messages: [[], 'chats are not embedded; send `input`'],
};

/** Throws REQ-210 or REQ-212. */
export function decodeEmbeddings(object: JsonObject): ComputationCall {
  const body = new Fields(object, '');
  refuseUnsupported(body, unsupported);
  if (body.boolean('normalize') === false) throw unsupportedField('normalize', 'vectors have length 1 here');
  if (body.boolean('add_special_tokens') === false) {
    const problem = 'the model’s own control tokens stand around every text; send token ids for others';
    throw unsupportedField('add_special_tokens', problem);
  }
  const inputs = inputsOf(body.get('input'));
  if (isTooLarge(inputs, 1)) throw badField('input', `must have at most ${promptCharactersMax} characters`);
  const format = body.text('encoding_format') ?? 'float';
  if (format !== 'float' && format !== 'base64') {
    throw body.bad('encoding_format', 'must be `float` or `base64`');
  }
  return {
    model: body.text('model') || null,
    computation: {
      kind: 'embed',
      inputs,
      dimensions: body.integer('dimensions', 1, dimensionsMax),
      textTokensMax: textTokensMaxOf(body),
    },
    encode: (result, names) => encodeEmbeddings(result, names, format === 'base64'),
  };
}

function inputsOf(input: unknown): readonly TextInput[] {
  if (typeof input === 'string') return [textInput(input, 'input')];
  if (!Array.isArray(input)) throw badField('input', unlike);
  const list = input as readonly unknown[];
  if (list.length === 0) throw badField('input', 'must not be an empty list');
  if (typeof list[0] === 'number') return [tokensInput(list, 'input')];
  if (list.length > textsMax) throw badField('input', `must have at most ${textsMax} entries`);
  return list.map((entry, index) => {
    const field = `input[${index}]`;
    if (typeof entry === 'string') return textInput(entry, field);
    if (Array.isArray(entry)) return tokensInput(entry, field);
    throw badField(field, unlike);
  });
}

function textInput(prompt: string, field: string): TextInput {
  if (prompt === '') throw badField(field, 'must not be empty');
  return { kind: 'text', prompt, suffix: null };
}

function tokensInput(list: readonly unknown[], field: string): TextInput {
  if (list.length === 0) throw badField(field, 'must not be an empty list of token ids');
  for (const token of list) {
    if (typeof token !== 'number' || !Number.isInteger(token) || token < 0 || token > tokenIdMax) {
      throw badField(field, 'must have whole numbers from 0 as token ids');
    }
  }
  return { kind: 'tokens', tokens: list as readonly number[] };
}

function encodeEmbeddings(result: ComputationResult, names: AnswerNames, isBase64: boolean): string {
  const { vectors, promptTokens } = result as Extract<ComputationResult, { kind: 'embed' }>;
  const data = vectors.map(
    (vector, index) =>
      `{"object":"embedding","index":${index},"embedding":${isBase64 ? `"${vector}"` : numbersOf(vector)}}`,
  );
  return (
    `{"object":"list","data":[${data.join(',')}],"model":${JSON.stringify(names.model)}` +
    `,"usage":${JSON.stringify(textUsage(promptTokens))}}`
  );
}

/** Nine decimals: what float32 numbers below 1 have. A number's every digit would be twice as long. */
function numbersOf(vector: string): string {
  const bytes = Buffer.from(vector, 'base64');
  const numbers = new Array<number>(bytes.length / 4);
  for (let index = 0; index < numbers.length; index++) {
    numbers[index] = Math.round(bytes.readFloatLE(index * 4) * 1e9) / 1e9;
  }
  return JSON.stringify(numbers);
}
