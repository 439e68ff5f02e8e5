import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayDo } from './may-do.js';

describe('mayDo', () => {
  it.each([
    [['*'], 'sagemaker:InvokeEndpoint', true],
    [['sagemaker:Invoke*'], 'sagemaker:InvokeEndpoint', true],
    [['sagemaker:Invoke*'], 'sagemaker:CreateModel', false],
    [['*:Invoke*'], 'sagemaker:InvokeEndpoint', true],
    [['stowage:ReadMetrics'], 'stowage:ReadMetrics', true],
    [['stowage:ReadMetrics'], 'stowage:ReadMetricsX', false],
    [['a*b*c'], 'abc', true],
    [['a*bc*c'], 'abc', false],
    [['ab*ba'], 'aba', false],
    [[], 'anything', false],
  ])('%j on %s: %s', (patterns, action, allowed) => {
    expect(mayDo(patterns, action)).toBe(allowed);
  });

  it('matches what the same pattern matches as a regular expression over the whole action', () => {
    const text = (characters: string) => fc.string({ unit: fc.constantFrom(...characters), maxLength: 8 });
    fc.assert(
      fc.property(text('ab:*'), text('ab:'), (pattern, action) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
        expect(mayDo([pattern], action)).toBe(expression.test(action));
      }),
      { numRuns: 2000 },
    );
  });
});
