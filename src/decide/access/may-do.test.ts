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
});
