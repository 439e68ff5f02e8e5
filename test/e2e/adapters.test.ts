/** LoRA adapters through the official clients, with real workers: as options of a component, and as components. */
import {
  CreateInferenceComponentCommand,
  DeleteInferenceComponentCommand,
  DescribeInferenceComponentCommand,
  type SageMakerClient,
  UpdateInferenceComponentCommand,
  UpdateInferenceComponentRuntimeConfigCommand,
} from '@aws-sdk/client-sagemaker';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ensureRandomLora } from '../../bench/models/random-lora.js';
import { modelFile } from './apex-prompts.js';
import { streamCompletion } from './completion-stream.js';
import {
  addToLibrary,
  createComponent,
  createEndpoint,
  createModel,
  invokerOf,
  keepCalling,
  sagemakerOf,
  untilInService,
} from './control-client.js';
import { startStowage, type StowageProcess, until } from './stowage-process.js';

const parameters = { max_new_tokens: 12, ignore_eos: true };
const environment = { OPTION_MAX_ROLLING_BATCH_SIZE: '8', OPTION_MAX_MODEL_LEN: '512' };

/** Puts random adapters for the shipped target model into the server's library. */
async function addAdapters(server: StowageProcess, names: readonly string[]): Promise<void> {
  for (const [index, name] of names.entries()) {
    const file = ensureRandomLora(server.dataFolder, { shape: 'apex', seed: index + 1 });
    await addToLibrary(server, file, name);
  }
}

function createAdapter(client: SageMakerClient, name: string, base: string, artifact: string) {
  return client.send(
    new CreateInferenceComponentCommand({
      InferenceComponentName: name,
      EndpointName: 'lora',
      Specification: {
        BaseInferenceComponentName: base,
        Container: { ArtifactUrl: `s3://stowage/${artifact}` },
      },
    }),
  );
}

function statusOf(client: SageMakerClient, name: string) {
  return client.send(new DescribeInferenceComponentCommand({ InferenceComponentName: name }));
}

it('adapters are put on a base while it serves, replaced and deleted, and no call is lost', async () => {
  const server = await startStowage({ yaml: null });
  await addToLibrary(server, modelFile('apex-blockgen-Q8_0.gguf'), 'target');
  await addAdapters(server, ['first', 'second']);
  const client = sagemakerOf(server);
  await createModel(client, 'target', 'target', environment);
  await createEndpoint(client, 'lora');
  await createComponent(client, 'lora', 'base', 'target', 2);
  await untilInService(client, 'base', 2);
  const { invoke } = invokerOf(server, 'lora');
  const workers = server.workers();
  const plain = await invoke('base', parameters);
  const load = keepCalling(2, () => invoke('base', parameters));

  await createAdapter(client, 'sql', 'base', 'first');
  const described = await untilInService(client, 'sql', 2);
  expect(described.Specification).toEqual({
    BaseInferenceComponentName: 'base',
    Container: { ArtifactUrl: 's3://stowage/first' },
  });
  const adapted = await invoke('sql', parameters);
  expect(adapted).not.toBe(plain);
  expect(await invoke('base', parameters)).toBe(plain);

  const adapterLoad = keepCalling(2, () => invoke('sql', parameters));
  await client.send(
    new UpdateInferenceComponentCommand({
      InferenceComponentName: 'sql',
      Specification: { Container: { ArtifactUrl: 's3://stowage/second' } },
    }),
  );
  await untilInService(client, 'sql', 2);
  await until(async () => (await invoke('sql', parameters)) !== adapted, 'the new file to answer');
  const before = adapterLoad.answered;
  await until(() => adapterLoad.answered > before + 4, 'calls after the change');
  await adapterLoad.stop();
  expect(adapterLoad.failures).toEqual([]);

  const remove = (name: string) =>
    client.send(new DeleteInferenceComponentCommand({ InferenceComponentName: name }));
  await expect(remove('base')).rejects.toThrow(/Cannot delete inference component .*sql/);
  await expect(
    client.send(
      new UpdateInferenceComponentRuntimeConfigCommand({
        InferenceComponentName: 'sql',
        DesiredRuntimeConfig: { CopyCount: 3 },
      }),
    ),
  ).rejects.toThrow(/set the copies of that/);
  await remove('sql');
  await until(
    () =>
      statusOf(client, 'sql').then(
        () => false,
        () => true,
      ),
    'the adapter to be gone',
  );
  await expect(invoke('sql', parameters)).rejects.toThrow(/sql/);
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(server.workers()).toEqual(workers);
  await remove('base');
});

it('an adapter that does not fit fails with its reason, and the one before it stays', async () => {
  const server = await startStowage({ yaml: null });
  await addToLibrary(server, modelFile('apex-blockgen-Q8_0.gguf'), 'target');
  await addAdapters(server, ['fits']);
  const misfit = ensureRandomLora(server.dataFolder, { shape: '150m', seed: 1 });
  await addToLibrary(server, misfit, 'misfit');
  const damaged = path.join(server.dataFolder, 'damaged.bin');
  writeFileSync(damaged, 'no adapter at all');
  await addToLibrary(server, damaged, 'damaged');
  const client = sagemakerOf(server);
  await createModel(client, 'target', 'target', environment);
  await createEndpoint(client, 'lora');
  await createComponent(client, 'lora', 'base', 'target');
  await untilInService(client, 'base', 1);
  const { invoke } = invokerOf(server, 'lora');

  await createAdapter(client, 'wrong', 'base', 'misfit');
  await expect(untilInService(client, 'wrong', 1)).rejects.toThrow(/does not fit it/);
  await createAdapter(client, 'broken', 'base', 'damaged');
  await expect(untilInService(client, 'broken', 1)).rejects.toThrow(/is not a GGUF file/);
  await createAdapter(client, 'good', 'base', 'fits');
  await untilInService(client, 'good', 1);
  const answer = await invoke('good', parameters);
  await client.send(
    new UpdateInferenceComponentCommand({
      InferenceComponentName: 'good',
      Specification: { Container: { ArtifactUrl: 's3://stowage/misfit' } },
    }),
  );
  const kept = await until(async () => {
    const seen = await statusOf(client, 'good');
    return seen.InferenceComponentStatus === 'InService' && seen;
  }, 'the update to be given up');
  expect(kept.FailureReason).toMatch(/does not fit it/);
  expect(kept.Specification?.Container?.ArtifactUrl).toBe('s3://stowage/fits');
  expect(await invoke('good', parameters)).toBe(answer);
});

/** Which of the texts has the longest beginning in common with this one. */
function nearest(text: string, texts: readonly string[]): number {
  const common = texts.map((other) => {
    let length = 0;
    while (length < text.length && text[length] === other[length]) length++;
    return length;
  });
  return common.indexOf(Math.max(...common));
}

it('adapters of the configuration are named in requests, and 12 streams of three kinds get the answers they get alone', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stowage-adapters-'));
  const file = (seed: number) => ensureRandomLora(folder, { shape: 'apex', seed, alpha: 24 });
  const yaml = `
endpoint: lora
components:
  base:
    model: ${modelFile('apex-blockgen-Q8_0.gguf')}
    options: { max_model_len: 512, max_rolling_batch_size: 16, enable_prefix_caching: false }
    adapters: { one: ${file(1)}, two: ${file(2)} }
`;
  const server = await startStowage({ yaml });
  rmSync(folder, { recursive: true });
  const models = ['base', 'base:one', 'two'];
  const complete = async (model: string, prompt: string) => {
    const call = { model, prompt, max_tokens: 24, temperature: 0, ignore_eos: true };
    const answer = await streamCompletion(server, call);
    expect(answer).toMatchObject({ status: 200, error: null, isComplete: true });
    return answer.text;
  };
  const asked = models.flatMap((model) =>
    [
      'private static void check(',
      'List<Case> getCases(',
      'trigger T on Account',
      '@AuraEnabled public void run(',
    ].map((prompt) => [model, prompt] as const),
  );
  const alone: string[] = [];
  for (const [model, prompt] of asked) alone.push(await complete(model, prompt));
  expect(new Set(alone).size).toBe(asked.length);
  const together = await Promise.all(asked.map(([model, prompt]) => complete(model, prompt)));
  // Sums differ in the last bits with who is computed beside, so a near tie may fall to the other token; before it all is the same.
  expect(together.filter((text, index) => text === alone[index]).length).toBeGreaterThanOrEqual(8);
  expect(together.map((text) => nearest(text, alone))).toEqual([...asked.keys()]);

  const headers = { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' };
  const list = (await (await fetch(`${server.url}/v1/models`, { headers })).json()) as {
    data: { id: string; parent?: string }[];
  };
  expect(list.data.map(({ id, parent }) => [id, parent])).toEqual([
    ['base', undefined],
    ['base:one', 'base'],
    ['base:two', 'base'],
  ]);
  const invoke = async (body: object) => {
    const call = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await fetch(`${server.url}/endpoints/lora/invocations`, call);
    return [answer.status, await answer.text()] as const;
  };
  const inputs = [
    '@AuraEnabled public void run(',
    '@AuraEnabled public void run(',
    '@AuraEnabled public void run(',
  ];
  const [, text] = await invoke({
    inputs,
    adapters: ['', 'one', 'two'],
    parameters: { max_new_tokens: 24, ignore_eos: true },
  });
  const texts = (JSON.parse(text) as { generated_text: string }[]).map((one) => one.generated_text);
  expect(texts.map((one) => nearest(one, alone))).toEqual([3, 7, 11]);
  const [status, refusal] = await invoke({ inputs: 'x', adapters: 'three' });
  expect([status, refusal]).toEqual([400, expect.stringContaining('are: one, two')]);
});
