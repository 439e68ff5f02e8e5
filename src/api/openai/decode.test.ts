import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault, StowageError } from '../../domain/errors.js';
import { promptCharactersMax } from '../json-body/call-size.js';
import { type JsonObject, parseObject } from '../json-body/fields.js';
import { type DecodedCall, decodeChat, decodeCompletion } from './decode.js';

const user = [{ role: 'user', content: 'x' }];

/** What is left of a body after its way over the wire. */
function received(body: object): JsonObject {
  return parseObject(Buffer.from(JSON.stringify(body)));
}

function completion(fields: object): DecodedCall {
  return decodeCompletion(received({ model: 'm', prompt: 'p', ...fields }));
}

function chat(fields: object): DecodedCall {
  return decodeChat(received({ model: 'm', messages: user, ...fields }));
}

/** `code field`, or `done` when nothing was thrown. */
function refusalOf(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof StowageError)) throw error;
    return `${error.code} ${error.location ?? ''}`.trim();
  }
  return 'done';
}

describe('a completion call', () => {
  it('has OpenAI’s defaults', () => {
    expect(completion({})).toEqual({
      model: 'm',
      inputs: [{ kind: 'text', prompt: 'p', suffix: null }],
      choicesPerInput: 1,
      sampling: {
        temperature: 1,
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
      logprobs: null,
      endTokensIgnored: false,
      constraint: null,
      toolNames: [],
      callsMax: 0,
      echo: false,
      stream: false,
      usageInStream: false,
      tokenIdsReturned: false,
    });
  });

  it('takes every field under its name', () => {
    const call = completion({
      suffix: 's',
      n: 2,
      temperature: 0.5,
      top_k: 40,
      top_p: 0.9,
      min_p: 0.1,
      repetition_penalty: 1.1,
      presence_penalty: -1,
      frequency_penalty: 2,
      logit_bias: { '5': -100, '7': 1.5 },
      seed: 11,
      max_tokens: 9,
      stop: ['a', 'b'],
      logprobs: 5,
      ignore_eos: true,
      stream: true,
      stream_options: { include_usage: true },
      return_token_ids: true,
    });
    expect(call).toMatchObject({
      inputs: [{ kind: 'text', prompt: 'p', suffix: 's' }],
      choicesPerInput: 2,
      sampling: {
        temperature: 0.5,
        topK: 40,
        topP: 0.9,
        minP: 0.1,
        repetitionPenalty: 1.1,
        presencePenalty: -1,
        frequencyPenalty: 2,
        logitBias: [
          [5, -100],
          [7, 1.5],
        ],
      },
      seed: 11,
      newTokensMax: 9,
      stop: ['a', 'b'],
      logprobs: 5,
      endTokensIgnored: true,
      stream: true,
      usageInStream: true,
      tokenIdsReturned: true,
    });
  });

  it.each([
    ['a string', 'a', [{ kind: 'text', prompt: 'a', suffix: null }]],
    [
      'strings',
      ['a', 'b'],
      [
        { kind: 'text', prompt: 'a', suffix: null },
        { kind: 'text', prompt: 'b', suffix: null },
      ],
    ],
    ['token ids', [1, 2], [{ kind: 'tokens', tokens: [1, 2] }]],
    [
      'lists of token ids',
      [[1], [2, 3]],
      [
        { kind: 'tokens', tokens: [1] },
        { kind: 'tokens', tokens: [2, 3] },
      ],
    ],
  ])('takes %s as prompt', (_, prompt, inputs) => {
    expect(completion({ prompt }).inputs).toEqual(inputs);
  });

  it.each([
    [{ temperature: 0 }, 0, 1],
    [{ temperature: 1e-9 }, 0, 1],
    [{ top_p: 0 }, 0, 1],
    [{ min_p: 1 }, 0, 1],
    [{ top_p: 0.5 }, 1, 0.5],
  ])('%j has temperature %d and top_p %d', (fields, temperature, topP) => {
    expect(completion(fields).sampling).toMatchObject({ temperature, topP, minP: 0 });
  });

  it.each([
    [-1, 2 ** 53 - 1],
    [0, 0],
    [2 ** 53 - 1, 2 ** 53 - 1],
    [2 ** 60, 0],
  ])('folds the seed %d into %d', (seed, folded) => {
    expect(completion({ seed }).seed).toBe(folded);
  });

  it.each([
    [{ prompt: undefined }, 'REQ-210 prompt'],
    [{ prompt: null }, 'REQ-210 prompt'],
    [{ prompt: [] }, 'REQ-210 prompt'],
    [{ prompt: [[]] }, 'REQ-210 prompt'],
    [{ prompt: [1, 'a'] }, 'REQ-210 prompt'],
    [{ prompt: [-1] }, 'REQ-210 prompt'],
    [{ prompt: [1.5] }, 'REQ-210 prompt'],
    [{ prompt: { a: 1 } }, 'REQ-210 prompt'],
    [{ prompt: Array(65).fill('a') }, 'REQ-210 prompt'],
    [{ prompt: Array(5).fill('a'), n: 13 }, 'REQ-210 n'],
    [{ n: 17 }, 'REQ-210 n'],
    [{ n: 0 }, 'REQ-210 n'],
    [{ max_tokens: 0 }, 'REQ-210 max_tokens'],
    [{ max_tokens: 'x' }, 'REQ-210 max_tokens'],
    [{ temperature: -0.1 }, 'REQ-210 temperature'],
    [{ temperature: '1' }, 'REQ-210 temperature'],
    [{ top_p: 1.1 }, 'REQ-210 top_p'],
    [{ top_k: 1.5 }, 'REQ-210 top_k'],
    [{ repetition_penalty: 0 }, 'REQ-210 repetition_penalty'],
    [{ presence_penalty: 2.1 }, 'REQ-210 presence_penalty'],
    [{ seed: 1.5 }, 'REQ-210 seed'],
    [{ stop: '' }, 'REQ-210 stop'],
    [{ stop: [1] }, 'REQ-210 stop'],
    [{ stop: Array(17).fill('a') }, 'REQ-210 stop'],
    [{ stop: 'a'.repeat(1025) }, 'REQ-210 stop'],
    [{ logit_bias: [] }, 'REQ-210 logit_bias'],
    [{ logit_bias: { a: 1 } }, 'REQ-210 logit_bias'],
    [{ logit_bias: { '1': 101 } }, 'REQ-210 logit_bias'],
    [{ logit_bias: { '4294967296': 1 } }, 'REQ-210 logit_bias'],
    [{ logprobs: 6 }, 'REQ-210 logprobs'],
    [{ logprobs: true }, 'REQ-210 logprobs'],
    [{ stream: 'yes' }, 'REQ-210 stream'],
    [{ model: 5 }, 'REQ-210 model'],
    [{ suffix: 5 }, 'REQ-210 suffix'],
    [{ best_of: 3 }, 'REQ-212 best_of'],
    [{ best_of: 2, n: 2 }, 'done'],
    [{ echo: true, logprobs: 1 }, 'REQ-212 echo'],
    [{ echo: true, prompt: [1] }, 'REQ-212 echo'],
    [{ suffix: 's', prompt: [1] }, 'REQ-212 suffix'],
    [{ use_beam_search: true }, 'REQ-212 use_beam_search'],
    [{ use_beam_search: false, min_tokens: 0, stop_token_ids: [] }, 'done'],
    [{ user: 'u', metadata: { a: 1 }, store: true, service_tier: 'auto', unheard_of: [1] }, 'done'],
  ])('%j is %s', (fields, outcome) => {
    expect(refusalOf(() => completion(fields))).toBe(outcome);
  });

  it.each(['', '{', 'null', '[]', '"x"', '1', '\ufeff{}', '{"prompt":"a",}'])('%j is REQ-214', (body) => {
    expect(refusalOf(() => parseObject(Buffer.from(body)))).toBe('REQ-214');
  });

  it('is refused with REQ-210 when its choices would carry too many characters together', () => {
    const half = 'x'.repeat(promptCharactersMax / 2);
    expect(refusalOf(() => completion({ prompt: half, n: 2 }))).toBe('done');
    expect(refusalOf(() => completion({ prompt: half, n: 3 }))).toBe('REQ-210 n');
    expect(refusalOf(() => completion({ prompt: ['a', 'b'], suffix: half }))).toBe('REQ-210 n');
    expect(refusalOf(() => chat({ messages: [{ role: 'user', content: half }], n: 3 }))).toBe('REQ-210 n');
    const tokens = Array<number>(promptCharactersMax / 64).fill(1);
    expect(refusalOf(() => completion({ prompt: tokens, n: 8 }))).toBe('done');
    expect(refusalOf(() => completion({ prompt: tokens, n: 9 }))).toBe('REQ-210 n');
  });

  it('survives JSON as deep and as wide as a body may be', () => {
    const deep = 1_000_000;
    const nested = `${'['.repeat(deep)}${']'.repeat(deep)}`;
    const decode = (body: string) => (): unknown => decodeCompletion(parseObject(Buffer.from(body)));
    expect(refusalOf(decode(`{"prompt":${nested}}`))).toBe('REQ-210 prompt');
    expect(refusalOf(decode(`{"prompt":"a","x":${nested}}`))).toBe('done');
    const wide = `{"prompt":[${'1,'.repeat(deep)}1],"logit_bias":{${biases(2000)}}}`;
    expect(refusalOf(decode(wide))).toBe('REQ-210 logit_bias');
  });
});

function biases(count: number): string {
  return Array.from({ length: count }, (_, token) => `"${token}":1`).join(',');
}

describe('a chat call', () => {
  it('takes messages of text and of text parts', () => {
    const messages = [
      { role: 'developer', content: 'a' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'b' },
          { type: 'text', text: 'c' },
        ],
        name: 'ann',
      },
      { role: 'assistant', content: 'd', tool_calls: [] },
    ];
    expect(chat({ messages }).inputs).toEqual([
      {
        kind: 'chat',
        messages: [
          { role: 'system', content: 'a' },
          { role: 'user', content: 'b\nc' },
          { role: 'assistant', content: 'd' },
        ],
      },
    ]);
  });

  it('prefers `max_completion_tokens` to `max_tokens`', () => {
    expect(chat({ max_tokens: 5, max_completion_tokens: 7 }).newTokensMax).toBe(7);
    expect(chat({ max_tokens: 5 }).newTokensMax).toBe(5);
  });

  it.each([
    [{}, null],
    [{ logprobs: false }, null],
    [{ logprobs: true }, 0],
    [{ logprobs: true, top_logprobs: 20 }, 20],
  ])('%j asks for %s alternatives', (fields, logprobs) => {
    expect(chat(fields).logprobs).toBe(logprobs);
  });

  it.each([
    [{ messages: [] }, 'REQ-210 messages'],
    [{ messages: 'hi' }, 'REQ-210 messages'],
    [{ messages: [null] }, 'REQ-210 messages[0]'],
    [{ messages: [{ role: 'king', content: 'x' }] }, 'REQ-210 messages[0].role'],
    [{ messages: [...user, { role: 'user' }] }, 'REQ-210 messages[1].content'],
    [{ messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'REQ-210 messages[0].content[0].text'],
    [
      { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
      'REQ-212 messages[0].content[0].type',
    ],
    [{ messages: [{ role: 'function', content: 'x' }] }, 'REQ-212 messages[0].role'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'REQ-210 messages[0].tool_call_id'],
    [
      { messages: [{ role: 'assistant', content: 'x', tool_calls: [{}] }] },
      'REQ-212 messages[0].tool_calls[0].type',
    ],
    [{ messages: [{ role: 'user', content: 'x', tool_calls: [{}] }] }, 'REQ-210 messages[0].tool_calls'],
    [{ messages: Array(4097).fill(user[0]) }, 'REQ-210 messages'],
    [{ top_logprobs: 21, logprobs: true }, 'REQ-210 top_logprobs'],
    [{ top_logprobs: 2 }, 'REQ-210 top_logprobs'],
    [{ modalities: ['text', 'audio'] }, 'REQ-212 modalities'],
    [{ modalities: ['text'] }, 'done'],
    [{ audio: { voice: 'x' } }, 'REQ-212 audio'],
    [{ reasoning_effort: 'high' }, 'REQ-212 reasoning_effort'],
  ])('%j is %s', (fields, outcome) => {
    expect(refusalOf(() => chat(fields))).toBe(outcome);
  });
});

describe('any JSON', () => {
  const fields = [
    'model',
    'prompt',
    'messages',
    'suffix',
    'n',
    'best_of',
    'stop',
    'seed',
    'logprobs',
    'logit_bias',
  ];
  const numbers = [
    'temperature',
    'top_p',
    'top_k',
    'min_p',
    'repetition_penalty',
    'max_tokens',
    'top_logprobs',
  ];
  const flags = ['echo', 'stream', 'stream_options', 'tools', 'response_format', 'ignore_eos', '__proto__'];
  const bodies = fc.dictionary(
    fc.oneof(fc.constantFrom(...fields, ...numbers, ...flags), fc.string()),
    fc.oneof(fc.jsonValue(), fc.double(), fc.integer(), fc.constantFrom(true, null, 'm', [1, 2], user)),
  );

  it('is taken within every bound or refused as the caller’s fault, and never anything else', () => {
    const seen = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(bodies, fc.constantFrom(decodeCompletion, decodeChat), (fuzz, decode) => {
        const body = { ...(decode === decodeChat ? { messages: user } : { prompt: 'p' }), ...fuzz };
        try {
          expectWithinBounds(decode(received(body)));
          seen.taken += 1;
        } catch (error) {
          if (!(error instanceof StowageError)) throw error;
          expect(error.row.fault).toBe(Fault.Caller);
          seen.refused += 1;
        }
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(50);
  });
});

function expectWithinBounds(call: DecodedCall): void {
  const { sampling, seed, newTokensMax, stop, logprobs } = call;
  expect(call.inputs.length * call.choicesPerInput).toBeLessThanOrEqual(64);
  expect(sampling.temperature).toBeGreaterThanOrEqual(0);
  expect(sampling.topP > 0 && sampling.topP <= 1).toBe(true);
  expect(sampling.minP >= 0 && sampling.minP < 1).toBe(true);
  expect(sampling.repetitionPenalty).toBeGreaterThan(0);
  expect(Number.isInteger(sampling.topK) && sampling.topK >= 0).toBe(true);
  expect(seed === null || (Number.isSafeInteger(seed) && seed >= 0)).toBe(true);
  expect(newTokensMax === null || (Number.isInteger(newTokensMax) && newTokensMax >= 1)).toBe(true);
  expect(stop.length).toBeLessThanOrEqual(16);
  expect(logprobs === null || (logprobs >= 0 && logprobs <= 20)).toBe(true);
}
