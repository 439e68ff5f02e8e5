/**
 * What only a machine with a GPU can show. Without one, each test is skipped and says so: `no GPU that llama.cpp can
 * use`. It takes NVIDIA's driver and the package `@node-llama-cpp/linux-x64-cuda` beside ours (docs/engine/gpu.md).
 */
import path from 'node:path';
import { expect, it, type TestContext } from 'vitest';
import {
  describeEngineLibrary,
  DeviceKind,
  type EngineDevice,
} from '../../src/adapters/engine/llama-cpp/library.js';
import { modelsFolder, startStowage, type StowageProcess } from '../e2e/stowage-process.js';

const model = path.join(modelsFolder, 'apex-draft-f16.gguf');
const prompts = [
  'public static List<Account> get',
  'trigger AccountTrigger on Account (',
  'for (Contact c : ',
];

/** The GPUs; skips the test when there are fewer. */
function gpus(context: TestContext, countMin: number): readonly EngineDevice[] {
  const found = describeEngineLibrary().devices.filter(({ kind }) => kind === DeviceKind.Gpu);
  if (found.length < countMin) {
    context.skip(
      found.length === 0
        ? 'no GPU that llama.cpp can use'
        : `only ${found.length} GPU, ${countMin} are needed`,
    );
  }
  return found;
}

it('every GPU says its memory', (context) => {
  for (const { memoryBytesTotal, memoryBytesFree } of gpus(context, 1)) {
    expect(memoryBytesTotal).toBeGreaterThan(2 ** 30);
    expect(memoryBytesFree).toBeGreaterThan(0);
    expect(memoryBytesFree).toBeLessThanOrEqual(memoryBytesTotal);
  }
});

it('a model on a GPU says what it says on the processor', async (context) => {
  gpus(context, 1);
  expect(await answers(['n_gpu_layers: -1'])).toEqual(await answers(['n_gpu_layers: 0']));
});

it('a model divided by layers over two GPUs says what it says on one', async (context) => {
  gpus(context, 2);
  const divided = await answers(['split_mode: layer', 'tensor_split: "1,1"']);
  expect(divided).toEqual(await answers(['split_mode: none', 'main_gpu: 1']));
});

/** Short greedy answers: later tokens may differ, as kernels add in another order. */
async function answers(options: readonly string[]): Promise<readonly string[]> {
  const lines = ['max_rolling_batch_size: 4', 'max_model_len: 512', ...options];
  const yaml = ['endpoint: gpu', 'components:', '  code:', `    model: ${model}`, '    options:'];
  const server = await startStowage({
    yaml: [...yaml, ...lines.map((line) => `      ${line}`), ''].join('\n'),
  });
  try {
    const texts: string[] = [];
    for (const prompt of prompts) texts.push(await complete(server, prompt));
    return texts;
  } finally {
    await server.stop();
  }
}

async function complete(server: StowageProcess, prompt: string): Promise<string> {
  const response = await fetch(`${server.url}/v1/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'code', prompt, max_tokens: 8, temperature: 0 }),
  });
  const body = (await response.json()) as { choices: { text: string }[] };
  expect(response.ok, JSON.stringify(body)).toBe(true);
  return body.choices[0]!.text;
}
