import { describe, expect, it } from 'vitest';
import { FinishReason } from '../../domain/inference.js';
import { encodeLastLine, encodeLine, encodeOutput, finishReasonOf, noToken, tokensOf } from './encode.js';

const end = {
  reason: FinishReason.Stop,
  stop: null,
  usage: { promptTokens: 3, completionTokens: 2, cachedTokens: 0 },
};

describe('tokensOf', () => {
  it('puts a chunk’s text at its last token and keeps log-probabilities finite', () => {
    const logprobs = [-0.5, -Infinity].map((logprob, index) => ({
      token: index,
      text: '?',
      bytes: [63],
      logprob,
      top: [],
    }));
    expect(tokensOf({ tokens: [7, 8], text: 'é', logprobs })).toEqual([
      { id: 7, text: '', log_prob: -0.5 },
      { id: 8, text: 'é', log_prob: -9999 },
    ]);
  });

  it('keeps text that comes without a token, and nothing of an empty chunk', () => {
    expect(tokensOf({ tokens: [], text: 'x' })).toEqual([{ id: null, text: 'x', log_prob: null }]);
    expect(tokensOf({ tokens: [], text: '' })).toEqual([]);
  });
});

it.each([
  [FinishReason.Stop, null, 'eos_token'],
  [FinishReason.Stop, 'x', 'stop_sequence'],
  [FinishReason.Length, null, 'length'],
])('%s with the stop string %j is %s', (reason, stop, expected) => {
  expect(finishReasonOf({ reason, stop })).toBe(expected);
});

it('writes lines that are JSON on one line each', () => {
  expect(encodeLine({ id: 1, text: '\n"', log_prob: -1 })).toBe(
    '{"token":{"id":1,"text":"\\n\\"","log_prob":-1}}\n',
  );
  const last = encodeLastLine(noToken, 'a\nb', end);
  expect(last.indexOf('\n')).toBe(last.length - 1);
  expect(JSON.parse(last)).toEqual({
    token: { id: null, text: '', log_prob: null },
    generated_text: 'a\nb',
    details: { finish_reason: 'eos_token', generated_tokens: 2, prompt_tokens: 3 },
  });
});

it('gives details only when they were asked for', () => {
  expect(encodeOutput('x', null)).toEqual({ generated_text: 'x' });
  const tokens = [{ id: 1, text: 'x', log_prob: -1 }];
  expect(encodeOutput('x', { end, prompt: 'p', tokens })).toEqual({
    generated_text: 'x',
    details: { finish_reason: 'eos_token', generated_tokens: 2, prompt_tokens: 3, inputs: 'p', tokens },
  });
});
