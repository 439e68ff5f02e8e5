/**
 * Embeddings and rankings through the real program, beside llama.cpp's own server with the same model files of random
 * weights.
 */
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureRandomBert } from '../../bench/models/random-bert.js';
import { isLlamaServerBuilt, startLlamaServer, whyNoLlamaServer } from './llama-server.js';
import { metricSum } from './server-metrics.js';
import { freshFolder, modelsFolder, startStowage, type StowageProcess, until } from './stowage-process.js';

const folder = freshFolder();
const meanModel = ensureRandomBert(folder, '2m', 'mean');
const clsModel = ensureRandomBert(folder, '2m', 'cls');
const rankModel = ensureRandomBert(folder, '2m', 'rank');
const causalModel = path.join(modelsFolder, 'apex-draft-f16.gguf');

const yaml = `
endpoint: vectors
components:
  mean: { model: ${meanModel}, resources: { cpus: 0.25 }, copies: { min: 2, max: 2 } }
  cls: { model: ${clsModel}, resources: { cpus: 0.25 } }
  rank: { model: ${rankModel}, resources: { cpus: 0.25 } }
  causal:
    model: ${causalModel}
    resources: { cpus: 0.25 }
    options: { task: embed, pooling_type: last }
`;

const texts = Array.from({ length: 40 }, (_, index) =>
  `Query ${index}: insert the contact, then update the opportunity. `.repeat(1 + (index % 3)).trim(),
);

let server: StowageProcess;
beforeAll(async () => {
  server = await startStowage({ yaml });
});

describe(`beside llama-server${whyNoLlamaServer}`, () => {
  it.skipIf(!isLlamaServerBuilt).each([
    ['mean', meanModel, []],
    ['cls', clsModel, []],
    ['causal', causalModel, ['--pooling', 'last']],
  ] as const)('makes the same vectors with %s', async (model, file, flags) => {
    const url = await startLlamaServer(file, ['--embeddings', ...flags]);
    const ours = await embed(`${server.url}/v1`, { model, input: texts });
    const theirs = await embed(`${url}/v1`, { input: texts });
    expect(ours.usage).toEqual(theirs.usage);
    for (const [index, vector] of ours.vectors.entries()) {
      expect(cosine(vector, theirs.vectors[index]!)).toBeGreaterThanOrEqual(0.9999);
    }
  });

  it.skipIf(!isLlamaServerBuilt)('ranks in the same order', async () => {
    const url = await startLlamaServer(rankModel, ['--rerank']);
    const body = { model: 'rank', query: 'update an opportunity', documents: texts };
    const ours = await ranking(server.url, body);
    const theirs = await ranking(url, body);
    expect(ours.order).toEqual(theirs.order);
    expect(ours.tokens).toBe(theirs.tokens);
    for (const [place, score] of ours.scores.entries()) expect(score).toBeCloseTo(theirs.scores[place]!, 4);
  });
});

describe('of many requests at once', () => {
  it('gives each text the vector it gets alone', async () => {
    const together = await embed(`${server.url}/v1`, { model: 'mean', input: texts });
    const alone = await Promise.all(
      texts.map((input) => embed(`${server.url}/v1`, { model: 'mean', input, encoding_format: 'base64' })),
    );
    for (const [index, vector] of together.vectors.entries()) {
      expect(cosine(vector, alone[index]!.vectors[0]!)).toBeGreaterThan(0.999999);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
  });

  it('shortens vectors to the dimensions asked for, at length 1', async () => {
    const input = texts.slice(0, 2);
    const whole = await embed(`${server.url}/v1`, { model: 'cls', input });
    const short = await embed(`${server.url}/v1`, { model: 'cls', input, dimensions: 16 });
    for (const [index, vector] of short.vectors.entries()) {
      expect(vector).toHaveLength(16);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      expect(cosine(vector, whole.vectors[index]!.slice(0, 16))).toBeGreaterThan(0.999999);
    }
  });

  it('loses none when a copy is killed', async () => {
    const [victim] = server.workersOf('mean');
    const body = { model: 'mean', input: Array.from({ length: 100 }, (_, index) => `contact ${index}`) };
    const answers = Promise.all(Array.from({ length: 12 }, () => embed(`${server.url}/v1`, body)));
    const running = () => metricSum(server, 'stowage_num_requests_running', 'mean');
    await until(async () => (await running()) >= 12, 'requests to be computed');
    process.kill(victim!, 'SIGKILL');
    const [first, ...others] = await answers;
    expect(first!.vectors).toHaveLength(body.input.length);
    for (const { vectors } of others) {
      for (const index of body.input.keys()) {
        expect(cosine(vectors[index]!, first!.vectors[index]!)).toBeGreaterThan(0.999999);
      }
    }
  });
});

describe('refusals', () => {
  const long = 'word '.repeat(400);

  it.each([
    ['a text that is too long, by its place', 'mean', { input: ['a', long] }, 'CTX-202', 'index 1'],
    ['embeddings of a model that ranks', 'rank', { input: 'a' }, 'REQ-217', '/v1/rerank'],
    ['more dimensions than there are', 'mean', { input: 'a', dimensions: 129 }, 'REQ-210', 'at most 128'],
    ['a token that there is not', 'mean', { input: [2, 8000] }, 'REQ-210', 'token 8000'],
  ])('of %s', async (_, model, fields, code, words) => {
    const answer = await post(`${server.url}/v1/embeddings`, { model, ...fields });
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: { message: string } };
    expect(error.message).toContain(code);
    expect(error.message).toContain(words);
  });

  it('of text from a model that embeds', async () => {
    const answer = await post(`${server.url}/v1/completions`, { model: 'mean', prompt: 'a' });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('REQ-217')]);
  });

  it('are not made when the text may be cut', async () => {
    const { usage } = await embed(`${server.url}/v1`, {
      model: 'mean',
      input: long,
      truncate_prompt_tokens: -1,
    });
    expect(usage).toEqual({ prompt_tokens: 256, total_tokens: 256 });
  });
});

interface Embedded {
  readonly vectors: readonly (readonly number[])[];
  readonly usage: unknown;
}

async function embed(base: string, body: object): Promise<Embedded> {
  const answer = await post(`${base}/embeddings`, body);
  if (answer.status !== 200) throw new Error(await answer.text());
  const { data, usage } = (await answer.json()) as {
    data: { embedding: number[] | string; index: number }[];
    usage: unknown;
  };
  expect(data.map(({ index }) => index)).toEqual(data.map((_, place) => place));
  return { vectors: data.map(({ embedding }) => numbersOf(embedding)), usage };
}

async function ranking(base: string, body: object) {
  const answer = await post(`${base}/v1/rerank`, body);
  if (answer.status !== 200) throw new Error(await answer.text());
  const { results, usage } = (await answer.json()) as {
    results: { index: number; relevance_score: number }[];
    usage: { total_tokens: number };
  };
  return {
    order: results.map(({ index }) => index),
    scores: results.map(({ relevance_score }) => relevance_score),
    tokens: usage.total_tokens,
  };
}

function post(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${server.key}` };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

function numbersOf(embedding: number[] | string): number[] {
  if (typeof embedding !== 'string') return embedding;
  const bytes = Buffer.from(embedding, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, value, index) => sum + value * b[index]!, 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}
