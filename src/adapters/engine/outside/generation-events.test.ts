/** Events as llama.cpp's server (its library version) and vLLM 0.32 write them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unknownToken } from '../../../contracts/outside-engine.js';
import { readEvents } from './event-stream.js';
import { GenerationEvents } from './generation-events.js';

function readAll(events: readonly unknown[], alternatives: number | null = null) {
  const reader = new GenerationEvents(alternatives);
  const parts = events.map((event) => reader.read(JSON.stringify(event))).filter((part) => part !== null);
  return { parts, ...reader.finish() };
}

const usage = {
  prompt_tokens: 3,
  completion_tokens: 2,
  total_tokens: 5,
  prompt_tokens_details: { cached_tokens: 1 },
};

it('llama-server names its tokens, and its last event lists none anew', () => {
  const { parts, end, uncounted } = readAll([
    {
      choices: [{ text: 'a', index: 0, logprobs: null, finish_reason: null }],
      __verbose: { tokens: [7], stop: false },
    },
    {
      choices: [{ text: 'b', index: 0, logprobs: null, finish_reason: null }],
      __verbose: { tokens: [8], stop: false },
    },
    {
      choices: [{ text: '', index: 0, logprobs: null, finish_reason: 'stop' }],
      usage,
      __verbose: { tokens: [7, 8], stop: true, stopping_word: ';' },
    },
  ]);
  expect(parts).toEqual([
    { text: 'a', tokens: [7] },
    { text: 'b', tokens: [8] },
  ]);
  const counts = { promptTokens: 3, cachedTokens: 1, completionTokens: 2 };
  expect(end).toEqual({ reason: 'stop', stop: ';', ...counts });
  expect(uncounted).toBe(0);
});

it('where tokens are not named, what the program counted beside the events comes with the end', () => {
  const { parts, uncounted } = readAll([
    { choices: [{ delta: { role: 'assistant', content: '' }, finish_reason: null }] },
    { choices: [{ delta: { content: 'several words at once' }, finish_reason: 'length' }] },
    { choices: [], usage: { prompt_tokens: 3, completion_tokens: 5 } },
  ]);
  expect(parts).toEqual([{ text: 'several words at once', tokens: [unknownToken] }]);
  expect(uncounted).toBe(4);
});

it('log-probabilities are read from lists and from entries, no more alternatives than were asked for', () => {
  const listed = { tokens: ['a'], token_logprobs: [-1], top_logprobs: [{ a: -1, b: -2 }], text_offset: [0] };
  const entries = [
    { token: 'é', bytes: [195, 169], logprob: -1, top_logprobs: [{ token: 'x', bytes: [120], logprob: -2 }] },
  ];
  const { parts } = readAll(
    [
      { choices: [{ text: 'a', token_ids: [5], logprobs: listed, finish_reason: null }] },
      { choices: [{ text: 'é', logprobs: { content: entries }, finish_reason: 'stop', stop_reason: 'END' }] },
    ],
    1,
  );
  expect(parts[0]?.logprobs).toEqual([
    {
      token: 5,
      text: 'a',
      bytes: [97],
      logprob: -1,
      top: [{ token: unknownToken, text: 'a', bytes: [97], logprob: -1 }],
    },
  ]);
  expect(parts[1]?.logprobs?.[0]).toMatchObject({ bytes: [195, 169], top: [{ text: 'x', logprob: -2 }] });
});

it.each([
  ['an error event', [{ error: { message: 'no memory' } }], 'no memory'],
  ['no end', [{ choices: [{ text: 'a', finish_reason: null }] }], 'broke off'],
  ['an abort', [{ choices: [{ text: '', finish_reason: 'abort' }] }], 'abort'],
])('%s is a failure', (_name, events, words) => {
  const message = expect.stringContaining(words) as string;
  expect(() => readAll(events)).toThrow(expect.objectContaining({ code: 'RUN-308', message }) as Error);
});

it('events are the same however their bytes are cut', async () => {
  const text = ': ping\n\ndata: {"a":"é"}\r\n\r\ndata:two\ndata: lines\n\nevent: x\ndata: [DONE]\n\n';
  const bytes = Buffer.from(text);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: bytes.length })), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const parts = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
      const source = async function* () {
        yield* parts;
      };
      const events: string[] = [];
      for await (const event of readEvents(source())) events.push(event);
      expect(events).toEqual(['{"a":"é"}', 'two\nlines', '[DONE]']);
    }),
  );
});
