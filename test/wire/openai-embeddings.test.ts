/** Embeddings and rankings through the official OpenAI client and as plain bodies, against a real listener. */
import OpenAI, { BadRequestError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import { systemRandom } from '../../src/adapters/random/system.js';
import { createOpenAiFrontEnd } from '../../src/api/openai/front-end.js';
import { StowageError } from '../../src/domain/errors.js';
import { ComputingServing } from './computing-serving.js';
import { componentNamed, endpointRoute } from '../simulation/route-tables.js';
import { bearerKey, startWireListener, type WireListener } from './wire-listener.js';

const serving = new ComputingServing({ vectors: 'words', ranks: 'words' });
let listener: WireListener;
let client: OpenAI;

beforeAll(async () => {
  const frontEnd = createOpenAiFrontEnd({
    serving,
    clock: systemClock,
    random: systemRandom,
    homeRegion: 'us-east-1',
  });
  listener = await startWireListener([frontEnd]);
  client = new OpenAI({ apiKey: bearerKey, baseURL: `${listener.url}/v1`, maxRetries: 0 });
});
beforeEach(() => {
  serving.computations.length = 0;
});
afterAll(async () => {
  await listener.close(0);
  expect(listener.log.errors).toEqual([]);
});

describe('embeddings', () => {
  const text = (prompt: string) => ({ kind: 'text', prompt, suffix: null });
  const tokens = (list: number[]) => ({ kind: 'tokens', tokens: list });

  it.each([
    ['a string', 'one', [text('one')]],
    ['strings', ['one', 'two'], [text('one'), text('two')]],
    ['token ids', [1, 2], [tokens([1, 2])]],
    ['lists of token ids', [[1], [2, 3]], [tokens([1]), tokens([2, 3])]],
  ])('are made of %s', async (_, input, inputs) => {
    const answer = await client.embeddings.create({ model: 'vectors', input });
    expect(serving.computations).toEqual([{ kind: 'embed', inputs, dimensions: null, textTokensMax: null }]);
    // The client asks for base64 and turns it into numbers.
    expect(answer.data).toEqual(
      inputs.map((__, index) => ({
        object: 'embedding',
        index,
        embedding: [index + 1, Math.fround(1 / 3)],
      })),
    );
    expect([answer.object, answer.model]).toEqual(['list', 'vectors']);
    expect(answer.usage).toEqual({ prompt_tokens: 7, total_tokens: 7 });
  });

  it('are refused with an adapter instead of being computed without it', async () => {
    const adapter = { name: 'sql', id: 'sql', isComponent: false };
    const scope = { account: '123456789012', region: 'us-east-1' };
    const component = { ...componentNamed('emb', { endpoint: 'adapted', scope }), adapters: [adapter] };
    const routed = new ComputingServing({}, [endpointRoute([component], { name: 'adapted', scope })]);
    const frontEnd = createOpenAiFrontEnd({
      ...{ serving: routed, clock: systemClock, random: systemRandom },
      homeRegion: 'us-east-1',
    });
    const other = await startWireListener([frontEnd]);
    try {
      const answer = await fetch(`${other.url}/v1/embeddings`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearerKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'emb:sql', input: 'a' }),
      });
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('REQ-212')]);
      expect(routed.computations).toEqual([]);
    } finally {
      await other.close(0);
    }
  });

  it('come as numbers where numbers are asked for, or nothing is', async () => {
    const answer = await client.embeddings.create({ model: 'vectors', input: 'a', encoding_format: 'float' });
    expect(answer.data[0]!.embedding).toEqual([1, 0.333333343]);
    const plain = await post('/v1/embeddings', { model: 'vectors', input: 'a' });
    expect(await plain.json()).toMatchObject({ data: [{ embedding: [1, 0.333333343] }] });
  });

  it('pass on dimensions and what is done with long texts', async () => {
    await client.embeddings.create({ model: 'vectors', input: 'a', dimensions: 2 });
    for (const fields of [
      { truncate_prompt_tokens: 9 },
      { truncate_prompt_tokens: -1 },
      { truncate: true },
    ]) {
      await post('/v1/embeddings', { model: 'vectors', input: 'a', ...fields });
    }
    const asked = serving.computations.map((computation) =>
      computation.kind === 'embed' ? [computation.dimensions, computation.textTokensMax] : null,
    );
    expect(asked).toEqual([
      [2, null],
      [null, 9],
      [null, 2 ** 31 - 1],
      [null, 2 ** 31 - 1],
    ]);
  });

  it.each([
    [{}, 'REQ-210', 'input'],
    [{ input: [] }, 'REQ-210', 'input'],
    [{ input: ['a', ''] }, 'REQ-210', 'input[1]'],
    [{ input: ['a', 1] }, 'REQ-210', 'input[1]'],
    [{ input: [1, 'a'] }, 'REQ-210', 'input'],
    [{ input: [[]] }, 'REQ-210', 'input[0]'],
    [{ input: Array.from({ length: 2049 }, () => 'a') }, 'REQ-210', 'input'],
    [{ input: 'a', dimensions: 0 }, 'REQ-210', 'dimensions'],
    [{ input: 'a', encoding_format: 'int8' }, 'REQ-210', 'encoding_format'],
    [{ input: 'a', truncate_prompt_tokens: 0 }, 'REQ-210', 'truncate_prompt_tokens'],
    [{ input: 'a', normalize: false }, 'REQ-212', 'normalize'],
    [{ input: 'a', add_special_tokens: false }, 'REQ-212', 'add_special_tokens'],
    [{ messages: [{ role: 'user', content: 'a' }] }, 'REQ-212', 'messages'],
  ])('refuse %j', async (fields, code, param) => {
    const answer = await post('/v1/embeddings', { model: 'vectors', ...fields });
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: { message: string; param: string } };
    expect([error.message.slice(0, 7), error.param]).toEqual([code, param]);
    expect(serving.computations).toEqual([]);
  });

  it('tell failures of a text in the client’s words', async () => {
    const reason = 'it is the text at index 1';
    serving.failNext = StowageError.of('CTX-202', { tokens: 900, limit: 512 }, { reason });
    const failed = client.embeddings.create({ model: 'vectors', input: ['a', 'b'] });
    await expect(failed).rejects.toThrow(BadRequestError);
    await expect(failed).rejects.toMatchObject({
      code: 'context_length_exceeded',
      message: expect.stringContaining(reason),
    });
  });

  it('are found per endpoint and component', async () => {
    const answer = await post('/endpoints/apex/inference-components/vectors/openai/v1/embeddings', {
      input: 'a',
    });
    expect(await answer.json()).toMatchObject({ model: 'vectors', data: [{ index: 0 }] });
  });
});

describe('rankings', () => {
  it.each(['/v1/rerank', '/rerank', '/v2/rerank'])('at %s', async (path) => {
    const documents = ['bb', { text: 'cccc' }, 'a', 'dd'];
    const answer = await post(path, { model: 'ranks', query: 'q', documents });
    expect(await answer.json()).toEqual({
      id: expect.stringMatching(/^rerank-/),
      model: 'ranks',
      results: [
        { index: 1, relevance_score: 4 },
        { index: 0, relevance_score: 2 },
        { index: 3, relevance_score: 2 },
        { index: 2, relevance_score: 1 },
      ],
      usage: { prompt_tokens: 7, total_tokens: 7 },
    });
    expect(serving.computations).toEqual([
      { kind: 'rerank', query: 'q', documents: ['bb', 'cccc', 'a', 'dd'], textTokensMax: null },
    ]);
  });

  it('have only the best, with their texts, where that is asked for', async () => {
    const body = { model: 'ranks', query: 'q', documents: ['a', 'bb'], top_n: 1, return_documents: true };
    const answer = await post('/v1/rerank', body);
    expect(await answer.json()).toMatchObject({
      results: [{ index: 1, relevance_score: 2, document: { text: 'bb' } }],
    });
  });

  it.each([
    [{ documents: ['a'] }, 'REQ-210', 'query'],
    [{ query: '', documents: ['a'] }, 'REQ-210', 'query'],
    [{ query: 'q' }, 'REQ-210', 'documents'],
    [{ query: 'q', documents: [] }, 'REQ-210', 'documents'],
    [{ query: 'q', documents: ['a', { title: 'b' }] }, 'REQ-210', 'documents[1]'],
    [{ query: 'q', documents: ['a'], top_n: 0 }, 'REQ-210', 'top_n'],
    [{ query: 'q', documents: ['a'], max_tokens_per_doc: 9 }, 'REQ-212', 'max_tokens_per_doc'],
  ])('refuse %j', async (fields, code, param) => {
    const answer = await post('/v1/rerank', { model: 'ranks', ...fields });
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: { message: string; param: string } };
    expect([error.message.slice(0, 7), error.param]).toEqual([code, param]);
  });

  it('are asked for by POST', async () => {
    const headers = { authorization: `Bearer ${bearerKey}` };
    expect((await fetch(`${listener.url}/v1/rerank`, { headers })).status).toBe(405);
  });
});

function post(path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearerKey}` };
  return fetch(listener.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
}
