import { expect, it } from 'vitest';
import type { Caller } from '../../domain/inference.js';
import { standingOf } from './standing.js';

const caller: Caller = {
  account: '000000000000',
  key: 'k',
  weight: 1,
  tokensPerMinuteMax: null,
  accountWeight: 1,
  accountTokensPerMinuteMax: null,
  priority: 2,
  priorityMax: 10,
};

const asked = (header: string | undefined, body: object | null) =>
  standingOf(
    {
      principal: { keyId: 'k', account: '000000000000', region: null, caller },
      headers: header === undefined ? {} : { 'x-stowage-priority': header },
    },
    body as Record<string, unknown> | null,
  ).priority;

it.each([
  ['nothing asked: the key’s own', undefined, {}, 2],
  ['a header', '7', null, 7],
  ['a lower header', '-100', {}, -100],
  ['vLLM’s field, where lower goes first', undefined, { priority: -7 }, 7],
  ['vLLM’s field to be later', undefined, { priority: 50 }, -50],
  ['both: the header', '1', { priority: -7 }, 1],
])('%s', (_, header, body, expected) => {
  expect(asked(header, body)).toBe(expected);
});

it.each([
  ['11', null, /at most 10 with this key/],
  [undefined, { priority: -11 }, /at least -10 with this key/],
  ['much', null, /whole number from -100 to 100/],
  ['101', null, /whole number from -100 to 100/],
  [undefined, { priority: 1.5 }, /whole number/],
])('%s and %j are refused', (header, body, problem) => {
  expect(() => asked(header, body)).toThrow(problem);
});

it('gives a key that nothing was said of what everybody gets', () => {
  const principal = { keyId: 'wire', account: '123456789012', region: null };
  expect(standingOf({ principal, headers: {} }, null)).toMatchObject({
    caller: { key: 'wire', account: '123456789012', weight: 1, priorityMax: 0 },
    priority: 0,
  });
});
