/** llama.cpp's own server as an engine, through the real program and over the wires that people use. */
import { UpdateInferenceComponentCommand } from '@aws-sdk/client-sagemaker';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { modelFile, promptTemplates } from './apex-prompts.js';
import { streamCompletion } from './completion-stream.js';
import {
  addToLibrary,
  createComponent,
  createEndpoint,
  createModel,
  invokerOf,
  keepCalling,
  sagemakerOf,
  specificationOf,
  untilInService,
} from './control-client.js';
import { processesNaming, signal } from './process-table.js';
import { freshFolder, repository, startStowage, type StowageProcess, until } from './stowage-process.js';

const programs = path.join(repository, '.cache', 'peers', 'llama-cpp', 'bin');
const program = path.join(programs, 'llama-server');
const isBuilt = existsSync(program);
if (!isBuilt) {
  console.log('skipped: llama-server is not built here (`node bench/peers/build-llama-cpp.mjs` builds it)');
}

/** A data folder whose settings say where llama-server is. */
function folderWithProgram(): string {
  const folder = freshFolder();
  const settings = { 'llama-server': { command: [program], environment: { LD_LIBRARY_PATH: programs } } };
  writeFileSync(path.join(folder, 'settings.yaml'), JSON.stringify({ engines: settings }));
  return folder;
}

/** Pids of the programs that serve models of a data folder. */
function programsOf(dataFolder: string): readonly number[] {
  return processesNaming(path.join(dataFolder, 'library')).filter(
    (pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] === program,
  );
}

const yaml = `
endpoint: outside
components:
  block:
    model: ${modelFile('apex-blockgen-Q8_0.gguf')}
    engine: llama-server
    options: { max_rolling_batch_size: 4, max_model_len: 1024, job_queue_size: 100 }
`;
const draft = modelFile('apex-draft-Q8_0.gguf');
const optionsYaml = `
endpoint: options
components:
  plain:
    model: ${draft}
    engine: llama-server
    options:
      max_rolling_batch_size: 2
      max_model_len: 512
      max_num_batched_tokens: 256
      kv_cache_dtype: q8_0
      flash_attn: "on"
      use_mmap: false
      enable_prefix_caching: false
      n_gpu_layers: 0
      split_mode: none
      speculative_method: ngram
  drafted:
    model: ${modelFile('apex-blockgen-Q8_0.gguf')}
    engine: llama-server
    options:
      max_rolling_batch_size: 2
      max_model_len: 512
      speculative_method: draft
      speculative_draft_model: ${draft}
  embed:
    model: ${draft}
    engine: llama-server
    options: { task: embed, pooling_type: mean, max_model_len: 512, max_rolling_batch_size: 2 }
`;
const prompt = 'public class AccountService {\n    public static void ';

describe.skipIf(!isBuilt || process.platform !== 'linux')('llama-server as an engine', () => {
  let server: StowageProcess;
  beforeAll(async () => {
    server = await startStowage({ yaml, dataFolder: folderWithProgram() });
  });

  const ask = async (address: string, body: object) => {
    const response = await fetch(`${server.url}${address}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'block', ...body }),
    });
    return { status: response.status, body: (await response.json()) as Answer };
  };

  it('streams what it answers whole, with its own tokens and an honest count', async () => {
    const asked = { prompt, temperature: 0, max_tokens: 24 };
    const streamed = await streamCompletion(server, { model: 'block', ...asked });
    expect(streamed).toMatchObject({ status: 200, error: null, finishReason: 'length', isComplete: true });
    expect(streamed.tokens).toHaveLength(24);
    expect(streamed.tokens.every((token) => token >= 0)).toBe(true);
    expect(streamed.usage).toMatchObject({ completion_tokens: 24 });
    const whole = await ask('/v1/completions', asked);
    expect(whole.body.choices[0]!.text).toBe(streamed.text);
    expect(whole.body.usage.prompt_tokens).toBe(streamed.usage!.prompt_tokens);
    expect(whole.body.usage.prompt_tokens).toBeGreaterThan(5);
  });

  it('answers chats, ends at stop strings, and the same seed says the same', async () => {
    const chat = await ask('/v1/chat/completions', {
      messages: [{ role: 'user', content: 'A method' }],
      max_tokens: 8,
    });
    expect(chat).toMatchObject({ status: 200, body: { choices: [{ message: { role: 'assistant' } }] } });
    const stopped = await ask('/v1/completions', { prompt, temperature: 0, max_tokens: 64, stop: ['('] });
    expect(stopped.body.choices[0]).toMatchObject({ finish_reason: 'stop' });
    expect(stopped.body.choices[0]!.text).not.toContain('(');
    const seeded = async (seed: number) =>
      (await ask('/v1/completions', { prompt, temperature: 1.5, seed, max_tokens: 24 })).body.choices[0]!
        .text;
    const first = await seeded(1);
    expect(await seeded(1)).toBe(first);
    expect(await seeded(2)).not.toBe(first);
  });

  it('a JSON schema is kept; a regex is refused by name', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const format = { type: 'json_schema', json_schema: { name: 'answer', schema } };
    const shaped = await ask('/v1/completions', { prompt, max_tokens: 64, response_format: format });
    expect(shaped.status).toBe(200);
    expect(JSON.parse(shaped.body.choices[0]!.text)).toEqual({ n: expect.any(Number) as number });
    const refused = await ask('/v1/completions', { prompt, guided_regex: 'a+' });
    expect(refused.status).toBe(400);
  });

  it('more callers than it computes at once are all answered', async () => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => streamCompletion(server, { model: 'block', prompt, max_tokens: 32 })),
    );
    expect(answers.map(({ error }) => error)).toEqual(new Array<null>(16).fill(null));
  });

  it('when the program is killed, an answer that had begun ends with its reason, and the next one is answered', async () => {
    const [pid] = programsOf(server.dataFolder);
    const kill = () => signal(pid!, 'SIGKILL');
    const asked = { model: 'block', prompt, max_tokens: 900, ignore_eos: true };
    const broken = await streamCompletion(server, asked, kill);
    expect(broken.error).toContain('RUN-312');
    expect(broken.tokens.length).toBeGreaterThan(0);
    expect(await ask('/v1/completions', { prompt, max_tokens: 4 })).toMatchObject({ status: 200 });
    expect(programsOf(server.dataFolder)).toHaveLength(1);
    expect(server.stderr()).toContain('its program was ended by SIGKILL');
  });

  it('when the worker is killed, its program goes with it', async () => {
    const [before] = programsOf(server.dataFolder);
    signal(server.workers()[0]!, 'SIGKILL');
    await until(() => !programsOf(server.dataFolder).includes(before!), 'the program to end', 5_000);
    expect(await ask('/v1/completions', { prompt, max_tokens: 4 })).toMatchObject({ status: 200 });
  });

  it('nothing is left when the server has stopped', async () => {
    expect((await server.stop()).code).toBe(0);
    expect(programsOf(server.dataFolder)).toEqual([]);
  });
});

it.skipIf(!isBuilt)('llama-server takes the words that the options are translated to', async () => {
  const server = await startStowage({ yaml: optionsYaml, dataFolder: folderWithProgram() });
  const plain = await streamCompletion(server, { model: 'plain', prompt, temperature: 0, max_tokens: 32 });
  const drafted = await streamCompletion(server, {
    model: 'drafted',
    prompt,
    temperature: 0,
    max_tokens: 32,
  });
  expect(plain).toMatchObject({ error: null, finishReason: 'length' });
  expect(drafted).toMatchObject({ error: null, finishReason: 'length' });
  const response = await fetch(`${server.url}/v1/embeddings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'embed', input: ['a method', 'another'] }),
  });
  const { data } = (await response.json()) as { data: { embedding: number[] }[] };
  expect(data).toHaveLength(2);
  for (const { embedding } of data) expect(Math.hypot(...embedding)).toBeCloseTo(1, 3);
  await server.stop();
});

it.skipIf(!isBuilt)(
  'a rolling update from the embedded engine to llama-server loses no request',
  async () => {
    const server = await startStowage({ yaml: null, dataFolder: folderWithProgram() });
    await addToLibrary(server, modelFile('apex-blockgen-Q8_0.gguf'), 'target');
    const client = sagemakerOf(server);
    const common = { OPTION_PROMPT_TEMPLATE: promptTemplates.block, OPTION_MAX_MODEL_LEN: '1024' };
    await createModel(client, 'inside', 'target', common);
    await createModel(client, 'outside', 'target', { ...common, OPTION_ENGINE: 'llama-server' });
    await createEndpoint(client, 'rolling');
    await createComponent(client, 'rolling', 'block', 'inside');
    await untilInService(client, 'block', 1);
    const { invoke } = invokerOf(server, 'rolling');
    const load = keepCalling(4, () => invoke('block'));
    await until(() => load.answered > 4 || load.failures.length > 0, 'first answers');
    expect(load.failures).toEqual([]);
    await client.send(
      new UpdateInferenceComponentCommand({
        InferenceComponentName: 'block',
        Specification: specificationOf('outside'),
        DeploymentConfig: {
          RollingUpdatePolicy: {
            MaximumBatchSize: { Type: 'COPY_COUNT', Value: 1 },
            WaitIntervalInSeconds: 1,
          },
        },
      }),
    );
    await untilInService(client, 'block', 1);
    const answeredBefore = load.answered;
    await until(() => load.answered > answeredBefore + 8, 'answers of llama-server');
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(programsOf(server.dataFolder)).toHaveLength(1);
    await server.stop();
  },
);

interface Answer {
  readonly choices: readonly { readonly text: string; readonly finish_reason: string }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
}
