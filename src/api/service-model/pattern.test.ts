import { expect, it } from 'vitest';
import monitoringModel from '../cloudwatch/monitoring-2010-08-01.json' with { type: 'json' };
import controlModel from '../sagemaker/control/control-2017-07-24.json' with { type: 'json' };
import runtimeModel from '../sagemaker/model/runtime-2017-05-13.json' with { type: 'json' };
import { modelPattern } from './pattern.js';
import type { ModelShape } from './service-model.js';

const models: readonly Readonly<Record<string, ModelShape>>[] = [
  runtimeModel.shapes,
  controlModel.shapes,
  monitoringModel.shapes,
];
const patterns = models.flatMap((shapes) =>
  Object.entries(shapes).flatMap(([name, { pattern }]) =>
    pattern === undefined ? [] : [[name, pattern] as const],
  ),
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
  ['[\\S\\s]*', 'a\nb', true],
  ['([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)', 'größe 1', true],
  ['(?!\\s*$).+', '  ', false],
])('%s on %j: %s', (pattern, value, expected) => {
  expect(modelPattern(pattern).test(value)).toBe(expected);
});

it('takes time that grows no faster than the text', () => {
  const hostile = `${'a-'.repeat(16_000)}!`;
  for (const [, pattern] of patterns) modelPattern(pattern).test(hostile);
}, 2_000);
