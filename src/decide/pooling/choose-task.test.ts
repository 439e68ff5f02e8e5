import { describe, expect, it } from 'vitest';
import { ModelTask, Pooling } from '../../domain/component-options.js';
import { chooseTask, PoolingType } from './choose-task.js';

const { Auto, Embed, Rerank, Generate } = ModelTask;
const { None, Mean, Cls, Last, Rank } = PoolingType;

describe('chooseTask', () => {
  it.each([
    ['llama', null, Auto, Pooling.Auto, { task: 'generate' }],
    ['qwen3', None, Auto, Pooling.Auto, { task: 'generate' }],
    ['qwen3', Last, Auto, Pooling.Auto, { task: 'embed', poolingType: Last }],
    ['qwen3', Last, Auto, Pooling.Mean, { task: 'embed', poolingType: Mean }],
    ['qwen3', Last, Generate, Pooling.Auto, { task: 'generate' }],
    ['qwen3', Rank, Auto, Pooling.Auto, { task: 'rerank', poolingType: Rank }],
    ['bert', null, Auto, Pooling.Auto, { task: 'embed', poolingType: Mean }],
    ['bert', Cls, Auto, Pooling.Auto, { task: 'embed', poolingType: Cls }],
    ['bert', Rank, Auto, Pooling.Auto, { task: 'rerank', poolingType: Rank }],
    ['bert', Rank, Auto, Pooling.Cls, { task: 'embed', poolingType: Cls }],
    ['bert', Rank, Embed, Pooling.Auto, { task: 'embed', poolingType: Mean }],
    ['llama', null, Embed, Pooling.Auto, { task: 'embed', poolingType: Mean }],
    ['llama', null, Embed, Pooling.Last, { task: 'embed', poolingType: Last }],
    ['jina-bert-v2', Rank, Rerank, Pooling.Auto, { task: 'rerank', poolingType: Rank }],
    ['bert', Mean, Rerank, Pooling.Auto, { task: null, problem: expect.stringContaining('ranking head') }],
    ['bert', Mean, Generate, Pooling.Auto, { task: null, problem: expect.stringContaining('no text') }],
  ] as const)(
    '%s with pooling %s in its file, task %s, pooling %s',
    (architecture, poolingType, task, pooling, choice) => {
      expect(chooseTask({ architecture, poolingType }, { task, pooling })).toEqual(choice);
    },
  );
});
