/** The official `openai` client against a real listener. */
import net from 'node:net';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import { systemRandom } from '../../src/adapters/random/system.js';
import { createOpenAiFrontEnd } from '../../src/api/openai/front-end.js';
import { StowageError } from '../../src/domain/errors.js';
import { post } from './raw-http.js';
import { answerTokens, floodTokens, Script, ScriptedServing, wordsOf } from './scripted-serving.js';
import { bearerKey, startWireListener, type WireListener } from './wire-listener.js';

const serving = new ScriptedServing({
  inline: Script.Words,
  hang: Script.Hang,
  silent: Script.Silent,
  broken: Script.Break,
});
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
  client = clientAt('/v1', 0);
});
beforeEach(() => {
  serving.requests.length = 0;
  serving.cancelled.length = 0;
});
afterAll(async () => {
  await listener.close(0);
  expect(listener.log.errors).toEqual([]);
});

function clientAt(path: string, maxRetries: number, apiKey = bearerKey): OpenAI {
  return new OpenAI({ baseURL: `${listener.url}${path}`, apiKey, maxRetries });
}

/** The error a call ended with; fails when it succeeded. */
async function errorOf(call: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  try {
    await call;
  } catch (error) {
    expect(error).toBeInstanceOf(OpenAI.APIError);
    return error as InstanceType<typeof OpenAI.APIError>;
  }
  throw new Error('the call succeeded');
}

describe('completions', () => {
  it('answers a prompt as a whole with usage and finish reason', async () => {
    const { data, response } = await client.completions
      .create({ model: 'inline', prompt: 'abc', max_tokens: 5, temperature: 0, seed: 7 })
      .withResponse();
    expect(data.object).toBe('text_completion');
    expect(data.model).toBe('inline');
    expect(data.choices).toEqual([{ index: 0, text: wordsOf(5), logprobs: null, finish_reason: 'length' }]);
    expect(data.usage).toEqual({
      prompt_tokens: 3,
      completion_tokens: 5,
      total_tokens: 8,
      prompt_tokens_details: { cached_tokens: 0 },
    });
    expect(data.id).toBe(`cmpl-${response.headers.get('x-request-id')}`);
    expect(serving.requests[0]).toMatchObject({
      component: { endpoint: 'apex', name: 'inline' },
      input: { kind: 'text', prompt: 'abc', suffix: null },
      newTokensMax: 5,
      sampling: { temperature: 0, seed: 7 },
    });
  });

  it('streams one event per step and ends with a finish reason and usage', async () => {
    const stream = await client.completions.create({
      model: 'inline',
      prompt: 'abc',
      stream: true,
      stream_options: { include_usage: true },
    });
    const texts: string[] = [];
    const reasons: unknown[] = [];
    let usage: unknown;
    for await (const event of stream) {
      usage = event.usage;
      for (const choice of event.choices) {
        if (choice.text !== '') texts.push(choice.text);
        if ((choice.finish_reason as string | null) !== null) reasons.push(choice.finish_reason);
      }
    }
    expect(texts).toHaveLength(answerTokens);
    expect(texts.join('')).toBe(wordsOf(answerTokens));
    expect(reasons).toEqual(['stop']);
    expect(usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 8, total_tokens: 11 });
  });

  it('passes `suffix` on for fill-in-the-middle', async () => {
    await client.completions.create({ model: 'inline', prompt: 'a', suffix: 'b' });
    expect(serving.requests[0]?.input).toEqual({ kind: 'text', prompt: 'a', suffix: 'b' });
  });

  it('answers several prompts times n with one index each and counts each prompt once', async () => {
    const { choices, usage } = await client.completions.create({
      model: 'inline',
      prompt: ['ab', 'cde'],
      n: 2,
      max_tokens: 2,
      seed: 40,
      echo: true,
    });
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(choices.map(({ text }) => text)).toEqual(['abw0 w1', 'abw0 w1', 'cdew0 w1', 'cdew0 w1']);
    expect(serving.requests.map(({ sampling }) => sampling.seed)).toEqual([40, 41, 42, 43]);
    expect(new Set(serving.requests.map(({ id }) => id)).size).toBe(4);
    expect(usage).toMatchObject({ prompt_tokens: 5, completion_tokens: 8, total_tokens: 13 });
  });

  it('takes token ids as a prompt', async () => {
    const { usage } = await client.completions.create({ model: 'inline', prompt: [5, 6, 7] });
    expect(serving.requests[0]?.input).toEqual({ kind: 'tokens', tokens: [5, 6, 7] });
    expect(usage?.prompt_tokens).toBe(3);
  });

  it('gives log-probabilities in the shape of completions', async () => {
    const { choices } = await client.completions.create({
      model: 'inline',
      prompt: 'a',
      logprobs: 2,
      max_tokens: 2,
    });
    expect(choices[0]?.logprobs).toEqual({
      tokens: ['w0', ' w1'],
      token_logprobs: [-0.5, -0.5],
      top_logprobs: [
        { w0: -0.5, 'w0~1': -9999 },
        { ' w1': -0.5, ' w1~1': -9999 },
      ],
      text_offset: [0, 2],
    });
  });

  it('keeps text offsets of log-probabilities over the events of a stream', async () => {
    const stream = await client.completions.create({
      model: 'inline',
      prompt: 'a',
      logprobs: 0,
      max_tokens: 3,
      stream: true,
    });
    const offsets: number[] = [];
    for await (const event of stream) offsets.push(...(event.choices[0]?.logprobs?.text_offset ?? []));
    expect(offsets).toEqual([0, 2, 5]);
  });

  it('returns token ids when asked as vLLM is asked', async () => {
    const body = { model: 'inline', prompt: 'a', max_tokens: 3, return_token_ids: true };
    const { choices } = await client.completions.create(body);
    expect(choices[0]).toMatchObject({ token_ids: [100, 101, 102] });
    const ids: number[] = [];
    for await (const event of await client.completions.create({ ...body, stream: true })) {
      ids.push(...((event.choices[0] as { token_ids?: number[] } | undefined)?.token_ids ?? []));
    }
    expect(ids).toEqual([100, 101, 102]);
  });
});

describe('chat completions', () => {
  const messages = [
    { role: 'developer', content: 'be short' },
    { role: 'user', content: [{ type: 'text', text: 'hi' }] },
  ] as OpenAI.ChatCompletionMessageParam[];

  it('answers messages as a whole', async () => {
    const answer = await client.chat.completions.create({ model: 'apex/inline', messages, stop: ' w4' });
    expect(answer.object).toBe('chat.completion');
    expect(answer.choices[0]).toEqual({
      index: 0,
      message: { role: 'assistant', content: wordsOf(4), refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    });
    expect(serving.requests[0]?.input).toEqual({
      kind: 'chat',
      messages: [
        { role: 'system', content: 'be short' },
        { role: 'user', content: 'hi' },
      ],
    });
    expect(serving.requests[0]?.sampling.temperature).toBe(1);
  });

  it('streams several choices, each opened by its role and closed by its reason', async () => {
    const stream = await client.chat.completions.create({ model: 'inline', messages, n: 3, stream: true });
    const texts = ['', '', ''];
    const roles: unknown[] = [];
    const reasons: unknown[] = [];
    for await (const event of stream) {
      for (const { index, delta, finish_reason: reason } of event.choices) {
        texts[index] += delta.content ?? '';
        if (delta.role !== undefined) roles.push(delta.role);
        if (reason !== null) reasons.push(reason);
      }
    }
    expect(texts).toEqual([wordsOf(8), wordsOf(8), wordsOf(8)]);
    expect(roles).toEqual(['assistant', 'assistant', 'assistant']);
    expect(reasons).toEqual(['stop', 'stop', 'stop']);
  });

  it('gives log-probabilities in the shape of chat', async () => {
    const { choices } = await client.chat.completions.create({
      model: 'inline',
      messages,
      logprobs: true,
      top_logprobs: 1,
      max_completion_tokens: 1,
    });
    const token = { token: 'w0', logprob: -0.5, bytes: [119, 48] };
    expect(choices[0]?.logprobs).toEqual({ content: [{ ...token, top_logprobs: [token] }], refusal: null });
  });

  it('ends the client’s own stream helper with the same text as the whole answer', async () => {
    const final = await client.chat.completions.stream({ model: 'inline', messages }).finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe(wordsOf(answerTokens));
  });
});

describe('a slow reader', () => {
  it('gets everything, in fewer and larger events than steps', async () => {
    const flood = new ScriptedServing({ flood: Script.Flood });
    const frontEnd = createOpenAiFrontEnd({
      serving: flood,
      clock: systemClock,
      random: systemRandom,
      homeRegion: 'us-east-1',
    });
    const own = await startWireListener([frontEnd]);
    const socket = net.connect(own.port, '127.0.0.1');
    socket.pause();
    const body = '{"model":"flood","prompt":"a","stream":true}';
    const headers = { authorization: `Bearer ${bearerKey}`, connection: 'close' };
    socket.write(post('/v1/completions', { ...headers, 'content-length': String(body.length) }, body));
    await flood.untilEnded(1);
    let events = 0;
    let letters = 0;
    socket.on('data', (data) => {
      for (const byte of data) {
        if (byte === 0x78) letters += 1;
        if (byte === 0x0a) events += 1;
      }
    });
    socket.resume();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(letters).toBeGreaterThanOrEqual(floodTokens * 65_536);
    expect(events).toBeLessThan(floodTokens);
    await own.close(0);
  });
});

describe('cancelling', () => {
  it('reaches serving when a stream is aborted in the middle', async () => {
    const stream = await client.completions.create({ model: 'hang', prompt: 'a', stream: true });
    for await (const event of stream) {
      if (event.choices[0]?.text === 'w0') stream.controller.abort();
    }
    await serving.untilCancelled(1);
    expect(serving.cancelled).toEqual([serving.requests[0]?.id]);
  });

  it('reaches serving for every choice when the caller leaves before the first byte', async () => {
    const abort = new AbortController();
    const call = client.chat.completions.create(
      { model: 'silent', n: 3, messages: [{ role: 'user', content: 'x' }] },
      { signal: abort.signal },
    );
    while (serving.requests.length < 3) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await expect(call).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    await serving.untilCancelled(3);
  });
});

describe('errors', () => {
  it('maps a wrong key to 401 and a missing model to 404 with the mend', async () => {
    const wrongKey = await errorOf(clientAt('/v1', 0, 'wrong').models.list());
    expect(wrongKey).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(wrongKey.code).toBe('invalid_api_key');
    const missing = await errorOf(client.completions.create({ model: 'nope', prompt: 'a' }));
    expect(missing).toBeInstanceOf(OpenAI.NotFoundError);
    expect(missing.code).toBe('model_not_found');
    expect(missing.message).toContain(
      'NAME-404: no component `nope`; mend: there are: inline, hang, silent, broken, apex',
    );
    expect(missing.requestID).toMatch(/^[\w-]+$/);
  });

  it('names the field that is wrong or not done', async () => {
    const wrong = await errorOf(client.completions.create({ model: 'inline', prompt: 'a', top_p: 7 }));
    expect(wrong).toBeInstanceOf(OpenAI.BadRequestError);
    expect(wrong.param).toBe('top_p');
    const functions = await errorOf(
      client.chat.completions.create({
        model: 'inline',
        messages: [{ role: 'user', content: 'x' }],
        functions: [{ name: 'f' }],
      }),
    );
    expect(functions.status).toBe(400);
    expect(functions.param).toBe('functions');
    expect(functions.code).toBe('unsupported_parameter');
    expect(serving.requests).toHaveLength(0);
  });

  it('answers a full queue with 429 and Retry-After, which the client obeys', async () => {
    const full = StowageError.of(
      'CAP-101',
      { component: 'inline', waiting: 4, limit: 4 },
      { retryAfterSeconds: 0.2 },
    );
    serving.refuseNext(full);
    const refused = await errorOf(client.completions.create({ model: 'inline', prompt: 'a' }));
    expect(refused).toBeInstanceOf(OpenAI.RateLimitError);
    expect(refused.headers?.get('retry-after')).toBe('1');

    serving.refuseNext(full, StowageError.of('COLD-503', {}, { retryAfterSeconds: 1 }));
    const startedAt = performance.now();
    const answer = await clientAt('/v1', 2).completions.create({ model: 'inline', prompt: 'a' });
    expect(answer.choices[0]?.text).toBe(wordsOf(8));
    expect(performance.now() - startedAt).toBeGreaterThan(1900);
    expect(serving.requests).toHaveLength(4);
  });

  it('answers a used-up budget with 429 and the time until there is enough, to the millisecond', async () => {
    const usedUp = StowageError.of(
      'LIMIT-720',
      { owner: 'key k', limit: 600, remaining: 0, tokens: 4 },
      { retryAfterSeconds: 0.4 },
    );
    serving.refuseNext(usedUp, usedUp);
    const refused = await errorOf(client.completions.create({ model: 'inline', prompt: 'a' }));
    expect([refused.status, refused.code, refused.type]).toEqual([429, 'rate_limit_exceeded', 'tokens']);
    expect([refused.headers?.get('retry-after'), refused.headers?.get('retry-after-ms')]).toEqual([
      '1',
      '400',
    ]);
    const startedAt = performance.now();
    await clientAt('/v1', 1).completions.create({ model: 'inline', prompt: 'a' });
    expect(performance.now() - startedAt).toBeGreaterThan(390);
  });

  it('passes priorities on: vLLM’s field upside down, the header as it is, and refuses more than the key may', async () => {
    await client.completions.create({ model: 'inline', prompt: 'a', ...{ priority: 3 } });
    const headers = { 'x-stowage-priority': '-7' };
    await client.completions.create({ model: 'inline', prompt: 'a' }, { headers });
    expect(serving.requests.map(({ priority }) => priority)).toEqual([-3, -7]);
    const refused = client.completions.create({ model: 'inline', prompt: 'a', ...{ priority: -1 } });
    expect(await errorOf(refused)).toMatchObject({ status: 400, param: 'priority' });
  });

  it('is not retried by the client when trying again cannot help', async () => {
    serving.refuseNext(StowageError.of('RUN-305', { times: 3 }));
    const error = await errorOf(clientAt('/v1', 3).completions.create({ model: 'inline', prompt: 'a' }));
    expect(error.status).toBe(500);
    expect(serving.requests).toHaveLength(1);
  });

  it('ends a stream with an error event when it breaks in the middle', async () => {
    const stream = await client.completions.create({ model: 'broken', prompt: 'a', stream: true });
    let text = '';
    const reading = (async () => {
      for await (const event of stream) text += event.choices[0]?.text ?? '';
    })();
    const error = await errorOf(reading);
    expect(error.message).toContain('RUN-305');
    expect(text).toBe(wordsOf(2));
  });

  it('fails the whole answer and cancels the other choices when one of them fails', async () => {
    serving.refuseNext(StowageError.of('CTX-202', { tokens: 9, limit: 5 }));
    const error = await errorOf(client.completions.create({ model: 'silent', prompt: 'a', n: 4 }));
    expect(error.code).toBe('context_length_exceeded');
    expect(serving.requests).toHaveLength(1);
  });
});

describe('models and addresses', () => {
  it('lists the components and finds one by either name', async () => {
    const models = await client.models.list();
    expect(models.data.map(({ id }) => id)).toEqual(['broken', 'hang', 'inline', 'silent']);
    expect(models.data[0]).toMatchObject({ object: 'model', owned_by: 'apex' });
    expect((await client.models.retrieve('inline')).id).toBe('inline');
    expect((await client.models.retrieve('apex/inline')).id).toBe('apex/inline');
    expect((await errorOf(client.models.retrieve('nope'))).status).toBe(404);
  });

  it('serves SageMaker’s addresses, where the component may be in the path', async () => {
    const byComponent = clientAt('/endpoints/apex/inference-components/inline/openai/v1', 0);
    const answer = await byComponent.completions.create({ model: '', prompt: 'a' });
    expect(answer.choices[0]?.text).toBe(wordsOf(8));
    expect(answer.model).toBe('inline');
    const unadapted = await errorOf(byComponent.completions.create({ model: 'inline:sql', prompt: 'a' }));
    expect([unadapted.status, unadapted.message]).toEqual([404, expect.stringContaining('no adapters')]);
    const byEndpoint = clientAt('/endpoints/apex/openai/v1', 0);
    expect((await byEndpoint.completions.create({ model: 'inline', prompt: 'a' })).model).toBe('inline');
    const unnamed = await errorOf(byEndpoint.completions.create({ model: '', prompt: 'a' }));
    expect(unnamed.message).toContain('NAME-407');
    const elsewhere = clientAt('/endpoints/other/openai/v1', 0);
    expect((await errorOf(elsewhere.models.list())).message).toContain('NAME-405');
  });

  it('answers unknown addresses and methods in OpenAI’s shape', async () => {
    const unknown = await errorOf(client.images.generate({ model: 'inline', prompt: 'a' }));
    expect(unknown.status).toBe(404);
    expect(unknown.message).toContain('NAME-406');
    const response = await fetch(`${listener.url}/v1/completions`);
    expect(response.status).toBe(405);
    expect(await response.json()).toMatchObject({ error: { code: 'REQ-215' } });
  });
});
