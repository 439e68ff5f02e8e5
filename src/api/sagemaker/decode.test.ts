import { describe, expect, it } from 'vitest';
import { promptCharactersMax } from '../json-body/call-size.js';
import { decodeCall, inputOf } from './decode.js';

function parameters(values: object): ReturnType<typeof decodeCall> {
  return decodeCall({ inputs: 'a', parameters: values as Record<string, unknown> });
}

/** Code and field of the refusal; fails when there is none. */
function refusal(body: Readonly<Record<string, unknown>>): string {
  try {
    decodeCall(body);
  } catch (error) {
    const { code, location } = error as { code: string; location: string };
    return `${code} ${location}`;
  }
  throw new Error('it was accepted');
}

it('a bare prompt asks for a greedy answer of the component’s own length', () => {
  expect(decodeCall({ inputs: 'a' })).toEqual({
    prompts: ['a'],
    adapters: [null],
    suffix: null,
    isList: false,
    sampling: {
      temperature: 0,
      topK: 0,
      topP: 1,
      minP: 0,
      repetitionPenalty: 1,
      presencePenalty: 0,
      frequencyPenalty: 0,
      logitBias: [],
    },
    seed: null,
    newTokensMax: null,
    stop: [],
    endTokensIgnored: false,
    constraint: null,
    details: false,
    fullTextReturned: false,
    stream: null,
  });
});

it.each([
  [
    { guided_json: { type: 'null' } },
    { kind: 'json-schema', schema: '{"type":"null"}', field: 'parameters.guided_json' },
  ],
  [{ guided_regex: 'a' }, { kind: 'regex', pattern: 'a', field: 'parameters.guided_regex' }],
  [
    { response_format: { type: 'json_object' } },
    { kind: 'json-object', field: 'parameters.response_format' },
  ],
])('%j asks for an answer of that shape', (parameters, constraint) => {
  expect(decodeCall({ inputs: 'a', parameters }).constraint).toEqual(constraint);
});

it('a shape that goes on for ever is refused by name', () => {
  const endless = { guided_regex: 'a', ignore_eos: true };
  expect(() => decodeCall({ inputs: 'a', parameters: endless })).toThrow(
    '`parameters.ignore_eos` is not supported',
  );
});

describe('sampling', () => {
  it.each([
    [{}, 0],
    [{ do_sample: false }, 0],
    [{ do_sample: false, temperature: 0.7, seed: 1 }, 0],
    [{ do_sample: true }, 1],
    [{ do_sample: true, temperature: 0.7 }, 0.7],
    [{ temperature: 0.7 }, 0.7],
    [{ temperature: 0 }, 0],
    [{ do_sample: true, temperature: 0 }, 0],
    [{ top_k: 5 }, 1],
    [{ top_p: 0.5 }, 1],
    [{ seed: 3 }, 1],
    [{ min_p: 0.1 }, 0],
    [{ repetition_penalty: 1.2 }, 0],
    [{ do_sample: null, temperature: null, seed: null }, 0],
    [{ do_sample: true, top_p: 0 }, 0],
    [{ do_sample: true, min_p: 1 }, 0],
  ])('%o has the temperature %d', (values, temperature) => {
    expect(parameters(values).sampling.temperature).toBe(temperature);
  });

  it('takes every parameter', () => {
    const call = parameters({
      do_sample: true,
      seed: 7,
      temperature: 0.5,
      top_k: 40,
      top_p: 0.9,
      min_p: 0.05,
      repetition_penalty: 1.1,
      presence_penalty: 0.2,
      frequency_penalty: -0.3,
      logit_bias: { '5': -100 },
      max_new_tokens: 9,
      ignore_eos: true,
      details: true,
      return_full_text: true,
    });
    expect(call).toMatchObject({
      seed: 7,
      newTokensMax: 9,
      endTokensIgnored: true,
      details: true,
      fullTextReturned: true,
      sampling: {
        temperature: 0.5,
        topK: 40,
        topP: 0.9,
        minP: 0.05,
        repetitionPenalty: 1.1,
        presencePenalty: 0.2,
        frequencyPenalty: -0.3,
        logitBias: [[5, -100]],
      },
    });
  });

  it.each([
    [0, 0],
    [-1, 2 ** 53 - 1],
    [2 ** 53, 0],
    [2 ** 60 + 2 ** 20, 2 ** 20],
  ])('folds the seed %d into %d', (seed, folded) => {
    expect(parameters({ seed }).seed).toBe(folded);
  });
});

describe('inputs', () => {
  it('are a list of prompts with one suffix, at most 64', () => {
    const call = decodeCall({ inputs: ['a', 'b'], parameters: { suffix: 's' } });
    expect(call).toMatchObject({ prompts: ['a', 'b'], isList: true, suffix: 's' });
    expect(inputOf(call, 'b')).toEqual({ kind: 'text', prompt: 'b', suffix: 's' });
    expect(decodeCall({ inputs: Array(64).fill('x') }).prompts).toHaveLength(64);
    expect(refusal({ inputs: Array(65).fill('x') })).toBe('REQ-210 inputs');
    const suffix = 'x'.repeat(promptCharactersMax / 2);
    expect(decodeCall({ inputs: 'a', suffix }).suffix).toBe(suffix);
    expect(refusal({ inputs: ['a', 'b'], suffix })).toBe('REQ-210 inputs');
  });

  it('have a suffix beside them as well', () => {
    expect(decodeCall({ inputs: 'a', suffix: 's' }).suffix).toBe('s');
    expect(decodeCall({ inputs: 'a', suffix: '' }).suffix).toBeNull();
  });
});

it.each([
  [{ stop: 'x' }, ['x']],
  [{ stop: ['x', 'y'] }, ['x', 'y']],
  [{ stop_sequences: ['z'] }, ['z']],
  [{ stop_sequences: ['z'], stop: 'x' }, ['z']],
  [{ stop: null }, []],
])('%o stops at %o', (values, stop) => {
  expect(parameters(values).stop).toEqual(stop);
});

describe('is refused by the field’s path', () => {
  it.each([
    [{}, 'REQ-210 inputs'],
    [{ inputs: 5 }, 'REQ-210 inputs'],
    [{ inputs: [] }, 'REQ-210 inputs'],
    [{ inputs: ['a', 5] }, 'REQ-210 inputs[1]'],
    [{ inputs: 'a', stream: 'yes' }, 'REQ-210 stream'],
    [{ inputs: 'a', parameters: [] }, 'REQ-210 parameters'],
    [{ inputs: 'a', requestType: 'NEW_SESSION' }, 'REQ-212 requestType'],
  ])('%o', (body, expected) => {
    expect(refusal(body)).toBe(expected);
  });

  it.each([
    [{ temperature: -1 }, 'REQ-210 parameters.temperature'],
    [{ temperature: '1' }, 'REQ-210 parameters.temperature'],
    [{ top_p: 1.1 }, 'REQ-210 parameters.top_p'],
    [{ top_k: 0.5 }, 'REQ-210 parameters.top_k'],
    [{ max_new_tokens: 0 }, 'REQ-210 parameters.max_new_tokens'],
    [{ repetition_penalty: 0 }, 'REQ-210 parameters.repetition_penalty'],
    [{ do_sample: 'yes' }, 'REQ-210 parameters.do_sample'],
    [{ stop: [''] }, 'REQ-210 parameters.stop'],
    [{ stop_sequences: Array(17).fill('x') }, 'REQ-210 parameters.stop_sequences'],
    [{ logit_bias: { a: 1 } }, 'REQ-210 parameters.logit_bias'],
    [{ logit_bias: { '1': 'x' } }, 'REQ-210 parameters.logit_bias'],
    [{ decoder_input_details: true }, 'REQ-212 parameters.decoder_input_details'],
    [{ best_of: 2 }, 'REQ-212 parameters.best_of'],
    [{ max_tokens: 10 }, 'REQ-212 parameters.max_tokens'],
  ])('parameters %o', (values, expected) => {
    expect(refusal({ inputs: 'a', parameters: values })).toBe(expected);
  });

  it.each([{ best_of: 1 }, { decoder_input_details: false }, { watermark: null }, { unknown: 'x' }])(
    'but not %o',
    (values) => {
      expect(parameters(values)).toEqual(parameters({}));
    },
  );
});
