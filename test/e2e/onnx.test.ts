/** A model of tensors behind the real program, called with the AWS SDK. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../src/worker/tensor-bodies/npy.js';
import { readNpz } from '../../src/worker/tensor-bodies/npz.js';
import { flatOfTensor } from '../../src/worker/tensor-bodies/nested.js';
import { clientOptions } from './control-client.js';
import { freshFolder, repository, startStowage, type StowageProcess } from './stowage-process.js';

const models = path.join(repository, 'test', 'fixtures', 'onnx');

function component(name: string, file: string, options = ''): string {
  return `
  ${name}:
    model: ${path.resolve(models, file)}
    engine: onnxruntime
    resources: { cpus: 0.25 }
    options: { ${options} }`;
}

const archive = path.join(freshFolder(), 'external.tar.gz');

const yaml = `
endpoint: tables
components:${[
  component('archive', archive),
  component('together', 'classifier.onnx', 'batch_size: 16, max_queue_delay_microseconds: 20000'),
  component('alone', 'classifier.onnx', 'batch_size: 1'),
  component('tokens', 'tokens.onnx'),
  component('fixed', 'fixed-batch.onnx'),
  component('words', 'kinds.onnx'),
].join('')}
`;

let server: StowageProcess;
let client: SageMakerRuntimeClient;

beforeAll(async () => {
  execFileSync('tar', ['czf', archive, '-C', path.join(models, 'external'), '.']);
  server = await startStowage({ yaml });
  client = new SageMakerRuntimeClient(clientOptions(server, 1));
}, 120_000);

interface Sent {
  readonly type?: string;
  readonly accept?: string;
}

async function invoke(name: string, body: unknown, { type = 'application/json', accept }: Sent = {}) {
  const answer = await client.send(
    new InvokeEndpointCommand({
      EndpointName: 'tables',
      InferenceComponentName: name,
      ContentType: type,
      Accept: accept,
      Body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
    }),
  );
  return {
    type: answer.ContentType,
    bytes: Buffer.from(answer.Body),
    variant: answer.InvokedProductionVariant,
  };
}

async function invokeJson(name: string, body: unknown): Promise<unknown> {
  return JSON.parse((await invoke(name, body)).bytes.toString());
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'nothing was refused';
}

const rows = Array.from({ length: 40 }, (_, row) => [row / 10, Math.sin(row), Math.cos(row), 1 - row / 20]);

describe('a classifier', () => {
  it('answers JSON by name, by rows and in the Open Inference Protocol with the same numbers', async () => {
    const named = (await invokeJson('alone', { inputs: { features: rows.slice(0, 2) } })) as {
      outputs: { probabilities: number[][]; label: number[] };
    };
    const { probabilities, label } = named.outputs;
    for (const row of probabilities) expect(row.reduce((sum, value) => sum + value)).toBeCloseTo(1, 6);
    expect(label).toEqual(probabilities.map((row) => row.indexOf(Math.max(...row))));
    expect(await invokeJson('alone', { instances: rows.slice(0, 2) })).toEqual({
      predictions: [0, 1].map((row) => ({ probabilities: probabilities[row], label: label[row] })),
    });
    const data = rows.slice(0, 2).flat();
    const inputs = [{ name: 'features', shape: [2, 4], datatype: 'FP32', data }];
    expect(await invokeJson('alone', { inputs, outputs: [{ name: 'label' }] })).toEqual({
      model_name: 'alone',
      outputs: [{ name: 'label', datatype: 'INT64', shape: [2], data: label }],
    });
  });

  it('takes NumPy’s files, and answers with one, an archive or JSON as the caller accepts', async () => {
    const array = Buffer.from(writeNpy('features', floats(rows.slice(0, 3))));
    const npy = { type: 'application/x-npy' };
    const json = await invoke('alone', array, npy);
    expect(json).toMatchObject({ type: 'application/json', variant: expect.any(String) });
    const { outputs } = JSON.parse(json.bytes.toString()) as { outputs: Record<string, number[][]> };
    const archive = await invoke('alone', array, { ...npy, accept: 'application/x-npz' });
    const tensors = readNpz(archive.bytes, (name) => ({ name, type: 'float32', shape: [''] }));
    expect(flatOfTensor('p', tensors.get('probabilities')!)).toEqual(outputs['probabilities']?.flat());
    const body = { inputs: { features: rows.slice(0, 3) }, outputs: ['label'] };
    const label = await invoke('alone', body, { accept: 'application/x-npy' });
    expect(label.type).toBe('application/x-npy');
    expect(flatOfTensor('label', readNpy('label', label.bytes))).toEqual(outputs['label']);
  });

  it('computes many callers’ rows together, and each gets what it gets alone', async () => {
    const bodies = rows.map((row, index) => ({
      inputs: { features: rows.slice(index, index + 1 + (index % 3)) },
      row,
    }));
    const alone = [];
    for (const { inputs } of bodies) alone.push(await invokeJson('alone', { inputs }));
    const together = await Promise.all(bodies.map(({ inputs }) => invokeJson('together', { inputs })));
    for (const [index, one] of together.entries()) {
      const [left, right] = [one, alone[index]] as {
        outputs: { probabilities: number[][]; label: number[] };
      }[];
      expect(left?.outputs.label).toEqual(right?.outputs.label);
      const numbers = left?.outputs.probabilities.flat() ?? [];
      // Matrices of several rows may be multiplied in another order.
      for (const [at, value] of (right?.outputs.probabilities.flat() ?? []).entries()) {
        expect(numbers[at]).toBeCloseTo(value, 6);
      }
    }
  });

  it('answers a response stream with one body in frames', async () => {
    const answer = await client.send(
      new InvokeEndpointWithResponseStreamCommand({
        EndpointName: 'tables',
        InferenceComponentName: 'alone',
        ContentType: 'application/json',
        Body: Buffer.from(JSON.stringify({ inputs: { features: rows.slice(0, 1) }, outputs: ['label'] })),
      }),
    );
    let text = '';
    for await (const event of answer.Body ?? [])
      text += Buffer.from(event.PayloadPart?.Bytes ?? []).toString();
    expect(answer.ContentType).toBe('application/json');
    expect(JSON.parse(text)).toEqual({ outputs: { label: [expect.any(Number)] } });
  });

  it.each([
    [{ inputs: { other: rows } }, /REQ-210: `other` is no tensor of the model, which takes `features`/],
    [{ inputs: { features: [[1]] } }, /`features` must be float32 \[batch, 4\], not float32 \[1, 1\]/],
  ])('refuses what does not fit and says what does %#', async (body, words) => {
    const said = await refusalOf(invoke('alone', body));
    expect(said).toMatch(/^ValidationError: /);
    expect(said).toMatch(words);
  });

  it('refuses text, and says where tensors go', async () => {
    const response = await fetch(`${server.url}/v1/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'alone', prompt: 'hello' }),
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/`alone` computes tensors: send them with InvokeEndpoint/);
  });
});

it('serves an archive with a model whose weights are in a file beside it', async () => {
  const row = Array.from({ length: 64 }, (_, index) => index);
  expect(await invokeJson('archive', { inputs: [row] })).toEqual({
    outputs: { y: [row.map((value) => 3 * value)] },
  });
});

it('serves models of tokens, of a fixed batch, and of texts', async () => {
  const ids = { input_ids: [[1, 2, 0]], attention_mask: [[1, 1, 0]] };
  const { outputs } = (await invokeJson('tokens', { inputs: ids })) as { outputs: { pooled: number[][] } };
  expect(outputs.pooled[0]).toHaveLength(8);
  expect(await invokeJson('fixed', { inputs: [[1, 2, 3]] })).toEqual({ outputs: { y: [[2, 4, 6]] } });
  expect(await invokeJson('words', { instances: [{ half: 0.1, flag: true, word: 'é' }] })).toEqual({
    predictions: [{ half_out: 0.0999755859375, flag_out: true, word_out: 'é' }],
  });
});

it('keeps the optimized graph, and starts from it again', async () => {
  const log = () => readFileSync(path.join(server.dataFolder, 'logs', 'fixed-1.log'), 'utf8');
  expect(log()).toMatch(/"isGraphReused":false/);
  const [pid] = server.workersOf('fixed');
  process.kill(pid!, 'SIGKILL');
  const again = async () =>
    (await refusalOf(invoke('fixed', { inputs: [[1, 2, 3]] }))) === 'nothing was refused';
  expect(await again()).toBe(true);
  expect(log()).toMatch(/"isGraphReused":true/);
});

function floats(values: readonly (readonly number[])[]) {
  const numbers = new Float32Array(values.flat());
  const shape = [values.length, values[0]?.length ?? 0];
  return { type: 'float32', shape, bytes: new Uint8Array(numbers.buffer) } as const;
}
