/** Sessions and prefix ids with the official SageMaker Runtime client: what serving is asked, and what callers are told. */
import {
  InvokeEndpointWithResponseStreamCommand,
  type SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StowageError } from '../../src/domain/errors.js';
import { commandInput, errorOf, invoke, jsonOf, stream } from './sagemaker-calls.js';
import { type SageMakerServer, startSageMakerServer } from './sagemaker-server.js';
import { answerTokens, Script, ScriptedServing, wordsOf } from './scripted-serving.js';

const serving = new ScriptedServing({ inline: Script.Words });
let server: SageMakerServer;
let client: SageMakerRuntimeClient;

beforeAll(async () => {
  server = await startSageMakerServer(serving);
  client = server.client();
});
beforeEach(() => {
  serving.requests.length = 0;
  serving.sessions.clear();
});
afterAll(async () => {
  client.destroy();
  await server.close();
  expect(server.listener.log.errors).toEqual([]);
});

describe('a session', () => {
  it('is opened by the call that asks for one, whose request is its first', async () => {
    const output = await invoke(client, { inputs: 'a' }, { SessionId: 'NEW_SESSION' });
    expect(jsonOf(output)).toEqual({ generated_text: wordsOf(answerTokens) });
    expect(output.NewSessionId).toBe('session-0; Expires=2026-01-01T01:00:00Z');
    expect(serving.requests[0]?.session).toBe('session-0');
  });

  it('is opened by a body that asks for nothing else', async () => {
    const output = await invoke(client, { requestType: 'NEW_SESSION' }, { SessionId: 'NEW_SESSION' });
    expect(output.NewSessionId).toMatch(/^session-0; Expires=/);
    expect(serving.requests).toEqual([]);
  });

  it.each([
    ['a prompt', { inputs: 'a' }],
    ['a chat', { messages: [{ role: 'user', content: 'a' }], user: 'somebody' }],
  ])('goes with each later call: %s', async (_, body) => {
    const output = await invoke(client, body, { SessionId: 'session-7' });
    expect(output.NewSessionId).toBeUndefined();
    expect(serving.requests[0]?.session).toBe('session-7');
    await stream(client, body, { SessionId: 'session-8' });
    expect(serving.requests[1]?.session).toBe('session-8');
  });

  it('is closed by its id, once', async () => {
    serving.openSession();
    const close = () => invoke(client, { requestType: 'CLOSE' }, { SessionId: 'session-0' });
    expect((await close()).ClosedSessionId).toBe('session-0');
    expect(serving.sessions.size).toBe(0);
    const error = await errorOf(close());
    expect([error.name, error.message]).toEqual(['ValidationError', expect.stringContaining('NAME-415')]);
  });

  it('does not stay when its first call is refused', async () => {
    serving.refuseNext(StowageError.of('COLD-501', { component: 'inline' }));
    await errorOf(invoke(client, { inputs: 'a' }, { SessionId: 'NEW_SESSION' }));
    await errorOf(invoke(client, { messages: 'none' }, { SessionId: 'NEW_SESSION' }));
    expect(serving.sessions.size).toBe(0);
  });

  it.each([
    ['CLOSE', {}],
    ['NEW_SESSION', { SessionId: 'session-7' }],
  ])('a body with %s needs the header that belongs to it', async (requestType, headers) => {
    const error = await errorOf(invoke(client, { requestType }, headers));
    expect(error.message).toContain('X-Amzn-SageMaker-Session-Id');
  });

  it('cannot be opened by a stream', async () => {
    const input = commandInput({ inputs: 'a' }, { SessionId: 'NEW_SESSION' });
    const error = await errorOf(client.send(new InvokeEndpointWithResponseStreamCommand(input)));
    expect(error.name).toBe('ValidationError');
    expect(serving.sessions.size).toBe(0);
  });
});

it('a prefix’s name goes with the request, from either header', async () => {
  await invoke(client, { inputs: 'a' }, { PrefixAwareId: 'tenant-1' });
  expect(serving.requests[0]?.prefixId).toBe('tenant-1');
  await completion({ 'prefix-aware-id': 'tenant-2' }, {});
  expect(serving.requests[1]?.prefixId).toBe('tenant-2');
});

it.each([
  [{}, {}, undefined],
  [{}, { user: 'ann' }, 'user:ann'],
  [{}, { user: 'ann', prompt_cache_key: 'k' }, 'cache:k'],
  [{ 'x-session-id': 's' }, { user: 'ann', prompt_cache_key: 'k' }, 'header:s'],
])('on the OpenAI path the session of %o with %o is %s', async (headers, fields, session) => {
  await completion(headers, fields);
  expect(serving.requests[0]?.session).toBe(session);
});

it('who asks is told which copy answered, and only who asks', async () => {
  const told = await completion({ 'x-stowage-explain-route': '1' }, {});
  expect(told.headers.get('x-stowage-routed-to')).toBe('inline-0');
  expect(serving.requests[0]?.isExplained).toBe(true);
  expect((await completion({}, {})).headers.get('x-stowage-routed-to')).toBeNull();
});

it('who asks not to be held for a copy says so to serving, and nobody else does', async () => {
  await completion({ 'x-stowage-no-capacity': 'refuse' }, {});
  await completion({ 'x-stowage-no-capacity': 'hold' }, {});
  expect(serving.requests.map(({ isStrict }) => isStrict)).toEqual([true, undefined]);
  serving.refuseNext(StowageError.of('COLD-504', {}));
  const error = await errorOf(invoke(client, { inputs: 'a' }));
  expect([error.name, error.$metadata?.httpStatusCode]).toEqual(['ValidationError', 400]);
  expect(error.message).toContain('Inference Component has no capacity to process this request.');
});

async function completion(headers: Record<string, string>, fields: object): Promise<Response> {
  const response = await fetch(`${server.listener.url}/v1/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${server.keys.bearer}`,
      ...headers,
    },
    body: JSON.stringify({ model: 'inline', prompt: 'a', max_tokens: 2, ...fields }),
  });
  expect(response.status).toBe(200);
  await response.text();
  return response;
}
