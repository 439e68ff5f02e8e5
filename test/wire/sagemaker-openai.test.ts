/** OpenAI's bodies through the official SageMaker Runtime client. */
import {
  InvokeEndpointCommand,
  ModelStreamError,
  type SageMakerRuntimeClient,
  ValidationError,
} from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StowageError } from '../../src/domain/errors.js';
import { errorOf, invoke, jsonOf, stream } from './sagemaker-calls.js';
import { type SageMakerServer, startSageMakerServer } from './sagemaker-server.js';
import { Script, ScriptedServing, wordsOf } from './scripted-serving.js';

const serving = new ScriptedServing({
  inline: Script.Words,
  hang: Script.Hang,
  broken: Script.Break,
});
let server: SageMakerServer;
let client: SageMakerRuntimeClient;

beforeAll(async () => {
  server = await startSageMakerServer(serving);
  client = server.client();
});
beforeEach(() => {
  serving.requests.length = 0;
  serving.cancelled.length = 0;
});
afterAll(async () => {
  client.destroy();
  await server.close();
  expect(server.listener.log.errors).toEqual([]);
});

describe('an OpenAI body', () => {
  const messages = [{ role: 'user', content: 'hi' }];

  it('is answered as OpenAI does, with this wire’s headers', async () => {
    const chat = await invoke(client, { messages, max_tokens: 3 }, { CustomAttributes: 'a=1' });
    expect(jsonOf(chat)).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: wordsOf(3) } }],
    });
    expect(chat).toMatchObject({ CustomAttributes: 'a=1', InvokedProductionVariant: 'AllTraffic' });
    const completion = await invoke(client, { prompt: 'hi', max_tokens: 3 });
    expect(jsonOf(completion)).toMatchObject({ object: 'text_completion', choices: [{ text: wordsOf(3) }] });
  });

  it('may name the component where no header does', async () => {
    await client.send(
      new InvokeEndpointCommand({
        EndpointName: 'apex',
        Body: JSON.stringify({ model: 'inline', prompt: 'hi' }),
        ContentType: 'application/json',
      }),
    );
    expect(serving.requests[0]?.component).toMatchObject({ endpoint: 'apex', name: 'inline' });
  });

  it('passes its events through InvokeEndpoint', async () => {
    const output = await invoke(client, { messages, stream: true });
    expect(output.ContentType).toBe('text/event-stream; charset=utf-8');
    expect(Buffer.from(output.Body).toString()).toMatch(/^data: \{.*data: \[DONE\]\n\n$/s);
  });

  it('puts its events into frames of a response stream', async () => {
    const { contentType, parts, error } = await stream(client, { messages, stream: true, max_tokens: 4 });
    expect(error).toBeUndefined();
    expect(contentType).toBe('text/event-stream; charset=utf-8');
    expect(parts.length).toBeGreaterThan(4);
    const events = parts.join('').trimEnd().split('\n\n');
    expect(events.at(-1)).toBe('data: [DONE]');
    const text = events
      .slice(0, -1)
      .map((event) => JSON.parse(event.slice(6)) as { choices: { delta: { content?: string } }[] })
      .map(({ choices }) => choices[0]?.delta.content ?? '')
      .join('');
    expect(text).toBe(wordsOf(4));
  });

  it('without `stream` is one frame of a response stream', async () => {
    const { contentType, parts } = await stream(client, { prompt: 'hi', max_tokens: 1 });
    expect(contentType).toBe('application/json');
    expect(JSON.parse(parts.join(''))).toMatchObject({ choices: [{ text: 'w0' }] });
  });

  it('fails in this wire’s shapes', async () => {
    const bad = await errorOf(invoke(client, { prompt: 'hi', n: 99 }));
    expect(bad).toBeInstanceOf(ValidationError);
    serving.refuseNext(StowageError.of('RUN-301', { copy: 'c-1', reason: 'killed' }));
    expect(await errorOf(invoke(client, { messages }))).toMatchObject({
      name: 'ModelError',
      OriginalStatusCode: 500,
    });
    const headers = { InferenceComponentName: 'broken' };
    const { error } = await stream(client, { messages, stream: true }, headers);
    expect(error).toBeInstanceOf(ModelStreamError);
  });

  it('is cancelled when the caller aborts', async () => {
    const abort = new AbortController();
    const headers = { InferenceComponentName: 'hang' };
    await stream(client, { prompt: 'a', stream: true }, headers, () => abort.abort(), abort.signal);
    await serving.untilCancelled(1);
  });
});
