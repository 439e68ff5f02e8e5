import { expect, it } from 'vitest';
import { modelPattern } from './pattern.js';
import serviceModel from './runtime-2017-05-13.json' with { type: 'json' };

const patterns = Object.entries(serviceModel.shapes).flatMap(([name, shape]) =>
  'pattern' in shape ? [[name, shape.pattern] as const] : [],
);

it.each(patterns)('the pattern of %s is an expression over the whole string', (_, pattern) => {
  const expression = modelPattern(pattern);
  expect(expression.source.startsWith('^(?:')).toBe(true);
  expect(expression.source.endsWith(')$')).toBe(true);
});

it.each([
  ['^[a-zA-Z0-9](-*[a-zA-Z0-9])*', 'a-b--c', true],
  ['^[a-zA-Z0-9](-*[a-zA-Z0-9])*', 'a-', false],
  ['^[a-zA-Z0-9](-*[a-zA-Z0-9])*', 'a\n', false],
  ['\\A\\S[\\p{Print}]*\\z', 'id 1', true],
  ['\\A\\S[\\p{Print}]*\\z', ' id', false],
  ['\\A\\S[\\p{Print}]*\\z', 'idé', false],
  ['^(NEW_SESSION)$|^[a-zA-Z0-9](-*[a-zA-Z0-9])*$', 'NEW_SESSION', true],
  ['^(NEW_SESSION)$|^[a-zA-Z0-9](-*[a-zA-Z0-9])*$', 'NEW_SESSION_', false],
  ['\\p{ASCII}*', 'a~\u0001', true],
  ['\\p{ASCII}*', 'é', false],
])('%s on %j: %s', (pattern, value, expected) => {
  expect(modelPattern(pattern).test(value)).toBe(expected);
});

it('takes time that grows no faster than the text', () => {
  const hostile = `${'a-'.repeat(16_000)}!`;
  for (const [, pattern] of patterns) modelPattern(pattern).test(hostile);
}, 2_000);
