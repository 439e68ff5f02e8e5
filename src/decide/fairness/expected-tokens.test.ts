import { expect, it } from 'vitest';
import { greedySampling, type InferenceRequest, type PromptInput } from '../../domain/inference.js';
import { answerTokensDefault, expectedTokens } from './expected-tokens.js';

const component = {
  scope: { account: 'a', region: 'r' },
  endpoint: 'e',
  name: 'c',
  kind: 'component',
} as const;

function generation(input: PromptInput, newTokensMax: number | null): InferenceRequest {
  return {
    kind: 'generation',
    id: 'r',
    component,
    input,
    sampling: greedySampling,
    newTokensMax,
    stop: [],
    logprobs: null,
    endTokensIgnored: false,
    constraint: null,
    adapter: null,
  };
}

const text = (prompt: string): PromptInput => ({ kind: 'text', prompt, suffix: null });

it.each([
  ['characters of a text and the answer', generation(text('12345678'), 10), 0, 12],
  ['token ids', generation({ kind: 'tokens', tokens: [1, 2, 3] }, 10), 0, 13],
  [
    'messages with what is around them',
    generation({ kind: 'chat', messages: [{ role: 'user', content: '1234' }] }, 10),
    0,
    15,
  ],
  ['the component’s limit', generation(text('1234'), null), 100, 101],
  ['no limit at all', generation(text('1234'), null), 0, 1 + answerTokensDefault],
  [
    'texts that are embedded',
    {
      kind: 'computation',
      id: 'r',
      component,
      computation: {
        kind: 'embed',
        inputs: [text('1234'), text('12345678')],
        dimensions: null,
        textTokensMax: null,
      },
    } as InferenceRequest,
    0,
    3,
  ],
])('%s', (_, request, newTokensDefault, expected) => {
  expect(expectedTokens(request, newTokensDefault)).toBe(expected);
});
