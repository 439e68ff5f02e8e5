import path from 'node:path';
import { expect, test } from 'vitest';
import { readConfiguration } from '../../../api/configuration/read-configuration.js';
import { memoryNeeds } from './memory-needs.js';

const models = path.resolve(import.meta.dirname, '../../../../models');

function needsOf(lines: readonly string[]): Promise<readonly string[]> {
  const text = ['endpoint: demo', 'components:', '  code:', ...lines.map((line) => `    ${line}`), ''].join(
    '\n',
  );
  return memoryNeeds(readConfiguration(text, 'stowage.yaml', models).endpoints);
}

test('a component that reserves too little is told what its copies need, part by part', async () => {
  const options = 'options: { max_rolling_batch_size: 32, max_model_len: 1024, prefix_cache_ram: 64 }';
  const [sentence, ...others] = await needsOf(['model: ./apex-blockgen-Q8_0.gguf', options]);
  expect(others).toEqual([]);
  expect(sentence).toMatch(
    /^code: a copy will need about \d{3} MiB of memory \(weights \d+, KV cache 176, prefix cache up to 64\) and reserves 128; `resources\.memory\.reserve: \d{3}Mi` keeps so much free$/,
  );
  const needed = /reserve: (\d+Mi)/.exec(sentence!)![1]!;
  const reserved = `resources: { memory: { reserve: ${needed} } }`;
  expect(await needsOf(['model: ./apex-blockgen-Q8_0.gguf', options, reserved])).toEqual([]);
});

test('nothing is said of models that are not here, broken or made up', async () => {
  expect(await needsOf(['model: s3://stowage/model.gguf'])).toEqual([]);
  expect(await needsOf(['model: ./README.md'])).toEqual([]);
  expect(await needsOf(['engine: simulated'])).toEqual([]);
});
