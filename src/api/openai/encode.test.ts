import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FinishReason } from '../../domain/inference.js';
import { chatEncoder, completionEncoder, type EncodedCall, type Encoder } from './encode.js';

const call: EncodedCall = {
  id: 'x-1',
  created: 7,
  model: 'm',
  usageInStream: false,
  wantsLogprobs: false,
  tokenIdsReturned: false,
};

/** What a reader of server-sent events gets from one event. */
function parsed(event: string): unknown {
  const [, data] = /^data: ([^\n]*)\n\n$/.exec(event) ?? [];
  return JSON.parse(data ?? '');
}

describe('any text', () => {
  const encoders: readonly (readonly [string, (call: EncodedCall) => Encoder])[] = [
    ['completion', completionEncoder],
    ['chat', chatEncoder],
  ];
  it.each(encoders)('comes back whole from every kind of %s event', (_, make) => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constant('\u2028"\\\n\0'),
    );
    const logprob = fc.record({
      token: fc.nat(),
      text,
      bytes: fc.array(fc.nat(255)),
      logprob: fc.double({ max: 0, noNaN: true }),
      top: fc.constant([]),
    });
    fc.assert(
      fc.property(text, text, fc.array(logprob), fc.boolean(), (piece, model, logprobs, flag) => {
        const encoder = make({
          ...call,
          model,
          wantsLogprobs: flag,
          tokenIdsReturned: flag,
          usageInStream: flag,
        });
        const part = { text: piece, tokens: [1, 2], logprobs, calls: [] };
        const usage = { promptTokens: 1, completionTokens: 2, cachedTokens: 0 };
        const whole = JSON.parse(encoder.whole([{ ...part, reason: FinishReason.Stop }], usage)) as Fields;
        const event = parsed(encoder.event(3, part, 0)) as Fields;
        expect(textIn(whole)).toBe(piece);
        expect(textIn(event)).toBe(piece);
        expect(event['model']).toBe(model);
        expect(event['choices'][0]?.['index']).toBe(3);
        parsed(encoder.finishEvent(0, FinishReason.Length));
        expect(parsed(encoder.usageEvent(usage))).toMatchObject({ choices: [], usage: { total_tokens: 3 } });
      }),
    );
  });
});

interface Fields {
  readonly model: string;
  readonly choices: readonly Record<string, unknown>[];
}

function textIn({ choices }: Fields): unknown {
  const [choice] = choices;
  const holder = choice?.['delta'] ?? choice?.['message'];
  return holder === undefined ? choice?.['text'] : (holder as Record<string, unknown>)['content'];
}

it('is byte for byte what OpenAI sends for a completion', () => {
  const encoder = completionEncoder(call);
  expect(encoder.openingEvent(0)).toBeNull();
  expect(encoder.event(0, { text: 'hi', tokens: [], logprobs: [], calls: [] }, 0)).toBe(
    'data: {"id":"x-1","object":"text_completion","created":7,"model":"m",' +
      '"choices":[{"index":0,"text":"hi","logprobs":null,"finish_reason":null}]}\n\n',
  );
});

it('is byte for byte what OpenAI sends for chat', () => {
  const encoder = chatEncoder({ ...call, usageInStream: true });
  const head = 'data: {"id":"x-1","object":"chat.completion.chunk","created":7,"model":"m","choices":';
  expect([
    encoder.openingEvent(0),
    encoder.event(0, { text: 'hi', tokens: [], logprobs: [], calls: [] }, 0),
    encoder.finishEvent(0, FinishReason.Stop),
    encoder.usageEvent({ promptTokens: 9, completionTokens: 2, cachedTokens: 8 }),
  ]).toEqual([
    `${head}[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":null}\n\n`,
    `${head}[{"index":0,"delta":{"content":"hi"},"logprobs":null,"finish_reason":null}],"usage":null}\n\n`,
    `${head}[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}\n\n`,
    `${head}[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":8}}}\n\n`,
  ]);
});

it('is what OpenAI sends for calls of functions', () => {
  const encoder = chatEncoder(call);
  const begins = { id: 'c1', name: 'f' };
  const part = { text: '', tokens: [], logprobs: [] };
  const first = { ...part, calls: [{ index: 0, begins, arguments: '' }] };
  expect(parsed(encoder.event(0, first, 0))).toMatchObject({
    choices: [
      {
        delta: {
          tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } }],
        },
      },
    ],
  });
  const more = { ...part, calls: [{ index: 0, arguments: '{"a"' }] };
  expect(encoder.event(0, more, 0)).toContain(
    '"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"a\\""}}]}',
  );
  expect(encoder.finishEvent(0, 'tool_calls')).toContain('"finish_reason":"tool_calls"');
  const whole = { ...part, calls: [{ index: 0, begins, arguments: '{}' }], reason: 'tool_calls' } as const;
  const usage = { promptTokens: 1, completionTokens: 1, cachedTokens: 0 };
  expect(JSON.parse(encoder.whole([whole], usage))).toMatchObject({
    choices: [
      {
        message: {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        finish_reason: 'tool_calls',
      },
    ],
  });
});

describe('log-probabilities of tokens that are a part of a character', () => {
  const candidate = (token: number, text: string, bytes: readonly number[], logprob: number) => ({
    token,
    text,
    bytes,
    logprob,
  });
  // The first two bytes of "€", the first of "é", and twice the text "a".
  const euro = candidate(5, '\ufffd', [0xe2, 0x82], -0.1);
  const top = [
    euro,
    candidate(6, '\ufffd', [0xc3], -0.2),
    candidate(7, 'a', [0x61], -0.3),
    candidate(8, 'a', [0x61], -Infinity),
  ];
  const part = {
    text: '',
    tokens: [5],
    logprobs: [{ ...euro, top }],
    calls: [],
    reason: FinishReason.Length,
  };
  const usage = { promptTokens: 1, completionTokens: 1, cachedTokens: 0 };
  const logprobsOf = (make: typeof chatEncoder): unknown =>
    (JSON.parse(make({ ...call, wantsLogprobs: true }).whole([part], usage)) as Fields).choices[0]?.[
      'logprobs'
    ];

  it('have the token’s own bytes in chat', () => {
    expect(logprobsOf(chatEncoder)).toMatchObject({
      content: [
        {
          token: '\ufffd',
          bytes: [0xe2, 0x82],
          top_logprobs: [{ bytes: [0xe2, 0x82] }, { bytes: [0xc3] }, { bytes: [0x61] }, { bytes: [0x61] }],
        },
      ],
    });
  });

  it('have a key for each token in completions', () => {
    expect(logprobsOf(completionEncoder)).toMatchObject({
      tokens: ['bytes:\\xe2\\x82'],
      top_logprobs: [{ 'bytes:\\xe2\\x82': -0.1, 'bytes:\\xc3': -0.2, a: -0.3, 'token_id:8': -9999 }],
    });
  });
});
