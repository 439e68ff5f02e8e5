/**
 * vLLM's protocol through the real program. vLLM itself does not start on a machine without an accelerator, so a stub
 * that writes the shapes of its own response classes stands in its place (test/fixtures/vllm-stub.mjs).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { modelFile } from './apex-prompts.js';
import { streamCompletion } from './completion-stream.js';
import { freshFolder, repository, startStowage, type StowageProcess, until } from './stowage-process.js';

const stub = path.join(repository, 'test', 'fixtures', 'vllm-stub.mjs');
const folder = freshFolder();
const requestsFile = path.join(folder, 'requests.jsonl');
const model = modelFile('apex-draft-Q8_0.gguf');
const yaml = `
endpoint: outside
components:
  chat:
    model: ${model}
    engine: vllm
    options: { max_rolling_batch_size: 4, max_model_len: 64, kv_cache_dtype: q8_0, tensor_parallel_degree: 2 }
  embed:
    model: ${model}
    engine: vllm
    options: { task: embed }
  rank:
    model: ${model}
    engine: vllm
    options: { task: rerank }
`;

interface Noted {
  readonly argv?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly closed?: boolean;
}

function noted(): readonly Noted[] {
  if (!existsSync(requestsFile)) return [];
  const lines = readFileSync(requestsFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Noted);
}

/** The body of the last request to an address. */
const lastBody = (address: string) => noted().findLast((one) => one.path === address)?.body;

let server: StowageProcess;

beforeAll(async () => {
  const settings = {
    command: [process.execPath, stub],
    arguments: ['--gpu-memory-utilization', '0.5'],
    environment: { STUB_REQUESTS: requestsFile },
  };
  writeFileSync(path.join(folder, 'settings.yaml'), JSON.stringify({ engines: { vllm: settings } }));
  server = await startStowage({ yaml, dataFolder: folder });
});

async function ask(address: string, body: object) {
  const response = await fetch(`${server.url}${address}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

it('it is started in vLLM’s words, with a key, and without what the server knows', () => {
  const start = noted().find(({ argv }) => argv?.includes('--tensor-parallel-size'));
  const words = start!.argv!.join(' ');
  expect(words).toMatch(
    /^--model \S+\/library\/\S+ --host 127\.0\.0\.1 --port \d+ --served-model-name=chat /,
  );
  expect(words).toContain('--max-num-seqs 4 --max-model-len 64');
  expect(words).toContain('--kv-cache-dtype fp8 --tensor-parallel-size 2 --gpu-memory-utilization 0.5');
  expect(start!.environment!.VLLM_API_KEY).toMatch(/^[\w-]{32}$/);
  expect(Object.keys(start!.environment!)).not.toContain('UV_THREADPOOL_SIZE');
  expect(Object.keys(start!.environment!).filter((name) => name.startsWith('STOWAGE'))).toEqual([]);
});

it('a completion streams word by word, counted by the program', async () => {
  const asked = {
    model: 'chat',
    prompt: 'one two three',
    temperature: 0.5,
    top_k: 0,
    seed: 7,
    max_tokens: 2,
  };
  const streamed = await streamCompletion(server, asked);
  expect(streamed).toMatchObject({ text: 'one two', tokens: [3, 3], finishReason: 'length', error: null });
  expect(streamed.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 2 });
  expect(lastBody('/v1/completions')).toMatchObject({
    ...{ model: 'chat', prompt: 'one two three', temperature: 0.5, top_k: -1, seed: 7, max_tokens: 2 },
    ...{ repetition_penalty: 1, min_p: 0, return_token_ids: true, stream_options: { include_usage: true } },
  });
});

it('without a limit it is asked for as many tokens as fit, not for vLLM’s sixteen', async () => {
  const prompt = Array.from({ length: 20 }, () => 'word').join(' ');
  const { text } = await streamCompletion(server, { model: 'chat', prompt });
  expect(text).toBe(prompt);
  expect(lastBody('/v1/completions')).toMatchObject({ max_tokens: 44 });
});

it('a chat goes on as messages, and what shapes the answer in vLLM’s words', async () => {
  const body = { model: 'chat', messages: [{ role: 'user', content: 'a b' }], guided_regex: '[ab ]+' };
  const { status, text } = await ask('/v1/chat/completions', body);
  expect([status, (JSON.parse(text) as { choices: unknown[] }).choices[0]]).toMatchObject([
    200,
    { message: { role: 'assistant', content: 'a b' }, finish_reason: 'stop' },
  ]);
  expect(lastBody('/v1/chat/completions')).toMatchObject({
    messages: [{ role: 'user', content: 'a b' }],
    structured_outputs: { regex: '[ab ]+' },
  });
});

it('what the program refuses is refused with its words', async () => {
  const prompt = Array.from({ length: 80 }, () => 'word').join(' ');
  const { status, text } = await ask('/v1/completions', { model: 'chat', prompt, max_tokens: 5 });
  expect(status).toBe(400);
  expect(text).toContain('REQ-216');
  expect(text).toContain('maximum context length is 64 tokens');
});

it('a caller who goes away takes the program’s request along', async () => {
  const giveUp = new AbortController();
  const before = noted().filter(({ closed }) => closed).length;
  const response = await fetch(`${server.url}/v1/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'chat', prompt: 'please hang here', max_tokens: 3, stream: true }),
    signal: giveUp.signal,
  });
  await response.body!.getReader().read();
  expect(noted().filter(({ closed }) => closed)).toHaveLength(before);
  giveUp.abort();
  await until(() => noted().filter(({ closed }) => closed).length > before, 'the request to be closed');
});

it('embeddings and scores come from the program', async () => {
  const embedded = await ask('/v1/embeddings', { model: 'embed', input: ['abc', 'de'] });
  expect(embedded.status).toBe(200);
  const { data, usage } = JSON.parse(embedded.text) as { data: { embedding: number[] }[]; usage: object };
  expect(data.map(({ embedding }) => embedding)).toEqual([
    [3, 0, 1],
    [2, 0, 1],
  ]);
  expect(usage).toMatchObject({ prompt_tokens: 5 });
  const ranked = await ask('/v1/rerank', { model: 'rank', query: 'q', documents: ['short', 'much longer'] });
  expect(ranked.status).toBe(200);
  const { results } = JSON.parse(ranked.text) as { results: { index: number; relevance_score: number }[] };
  expect(results.map(({ index }) => index)).toEqual([1, 0]);
});

it('when the program dies within an answer, the answer ends with its reason and the copy comes back', async () => {
  const broken = await streamCompletion(server, { model: 'chat', prompt: 'now die at once', max_tokens: 4 });
  expect(broken.text).toBe('now die');
  expect(broken.error).toContain('RUN-312');
  expect(server.stderr()).toContain('its program ended with code 7');
  const next = await streamCompletion(server, { model: 'chat', prompt: 'back again', max_tokens: 4 });
  expect(next).toMatchObject({ text: 'back again', error: null });
});
