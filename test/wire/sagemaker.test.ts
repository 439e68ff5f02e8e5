/** The official SageMaker Runtime client against a real listener, with signatures and a scripted model. */
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  ModelError,
  ModelStreamError,
  type SageMakerRuntimeClient,
  ServiceUnavailable,
  ValidationError,
} from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StowageError } from '../../src/domain/errors.js';
import {
  commandInput,
  errorOf,
  type Headers,
  invoke,
  jsonOf,
  type Line,
  linesOf,
  stream,
} from './sagemaker-calls.js';
import { type SageMakerServer, startSageMakerServer } from './sagemaker-server.js';
import { answerTokens, floodTokens, Script, ScriptedServing, wordAt, wordsOf } from './scripted-serving.js';

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

describe('InvokeEndpoint', () => {
  it('answers a prompt with its text, and passes everything on', async () => {
    const output = await invoke(client, {
      inputs: 'abc',
      parameters: { max_new_tokens: 5, temperature: 0.5, seed: 7, stop: 'x', suffix: 'def' },
    });
    expect(jsonOf(output)).toEqual({ generated_text: wordsOf(5) });
    expect(output.ContentType).toBe('application/json');
    expect(serving.requests).toEqual([
      expect.objectContaining({
        component: expect.objectContaining({ endpoint: 'apex', name: 'inline' }) as object,
        input: { kind: 'text', prompt: 'abc', suffix: 'def' },
        newTokensMax: 5,
        stop: ['x'],
        logprobs: null,
        sampling: expect.objectContaining({ temperature: 0.5, seed: 7 }) as object,
      }),
    ]);
    expect(output.$metadata.requestId).toBe(serving.requests[0]?.id);
  });

  it('leaves the number of tokens to the component when none is asked for', async () => {
    await invoke(client, { inputs: 'abc' });
    expect(serving.requests[0]).toMatchObject({ newTokensMax: null, sampling: { temperature: 0 } });
  });

  it('gives details and the full text when asked for', async () => {
    const output = await invoke(client, {
      inputs: 'abc',
      parameters: { max_new_tokens: 2, details: true, return_full_text: true },
    });
    expect(jsonOf(output)).toEqual({
      generated_text: `abc${wordsOf(2)}`,
      details: {
        finish_reason: 'length',
        generated_tokens: 2,
        prompt_tokens: 3,
        inputs: 'abc',
        tokens: [0, 1].map((position) => ({
          id: 100 + position,
          text: wordAt(position),
          log_prob: -0.5,
        })),
      },
    });
  });

  it('tells a stop string from the model’s own end', async () => {
    const reasonOf = async (parameters: object): Promise<unknown> =>
      jsonOf(await invoke(client, { inputs: 'a', parameters: { details: true, ...parameters } }));
    expect(await reasonOf({})).toMatchObject({ details: { finish_reason: 'eos_token' } });
    expect(await reasonOf({ stop_sequences: ['w2'] })).toMatchObject({
      generated_text: wordsOf(2),
      details: { finish_reason: 'stop_sequence' },
    });
  });

  it('answers a list with a list in its order, with one seed for all', async () => {
    const inputs = Array.from({ length: 64 }, (_, index) => `p${index}`);
    const parameters = { max_new_tokens: 1, return_full_text: true, seed: 9 };
    const output = await invoke(client, { inputs, parameters });
    expect(jsonOf(output)).toEqual(inputs.map((input) => ({ generated_text: `${input}w0` })));
    expect(new Set(serving.requests.map(({ id }) => id)).size).toBe(64);
    expect(new Set(serving.requests.map(({ sampling }) => sampling.seed))).toEqual(new Set([9]));
  });

  it('gives equal prompts of a list different seeds when none is asked for', async () => {
    await invoke(client, { inputs: ['a', 'a'], parameters: { do_sample: true } });
    const [first, second] = serving.requests.map(({ sampling }) => sampling.seed);
    expect(first).not.toBe(second);
  });

  it('takes `stream: true` for what it is here: no stream', async () => {
    expect(jsonOf(await invoke(client, { inputs: 'a', stream: true }))).toEqual({
      generated_text: wordsOf(answerTokens),
    });
  });

  it('echoes custom attributes and names the variant', async () => {
    const output = await invoke(
      client,
      { inputs: 'a' },
      {
        CustomAttributes: 'trace=c000b4f9-df62; x~',
        InferenceId: 'inference 1',
        SessionId: 'session-1',
        PrefixAwareId: 'prefix',
        TargetVariant: 'AllTraffic',
        Accept: 'application/json',
      },
    );
    expect(output.CustomAttributes).toBe('trace=c000b4f9-df62; x~');
    expect(output.InvokedProductionVariant).toBe('AllTraffic');
    expect(output.NewSessionId).toBeUndefined();
  });

  it('cancels every prompt of a list when the caller goes away', async () => {
    const abort = new AbortController();
    const command = new InvokeEndpointCommand(
      commandInput({ inputs: ['a', 'b'] }, { InferenceComponentName: 'hang' }),
    );
    const call = client.send(command, { abortSignal: abort.signal });
    await serving.untilAsked(2);
    abort.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await serving.untilCancelled(2);
    expect(new Set(serving.cancelled)).toEqual(new Set(serving.requests.map(({ id }) => id)));
  });
});

describe('InvokeEndpointWithResponseStream', () => {
  it('streams a line per token; the last one has the whole text', async () => {
    const streamed = await stream(
      client,
      { inputs: 'abc', stream: true, parameters: { max_new_tokens: 5 } },
      { CustomAttributes: 'trace=1' },
    );
    expect(streamed.error).toBeUndefined();
    expect(streamed.contentType).toBe('application/jsonlines');
    expect(streamed.output).toMatchObject({
      CustomAttributes: 'trace=1',
      InvokedProductionVariant: 'AllTraffic',
    });
    const lines = linesOf(streamed);
    expect(lines.map(({ token }) => token.text).join('')).toBe(wordsOf(5));
    expect(lines.flatMap(({ token }) => token.id ?? [])).toEqual([100, 101, 102, 103, 104]);
    expect(lines.filter(({ token }) => token.id !== null).every(({ token }) => token.log_prob === -0.5)).toBe(
      true,
    );
    expect(lines.at(-1)).toMatchObject({
      generated_text: wordsOf(5),
      details: { finish_reason: 'length', generated_tokens: 5 },
    });
    expect(lines.slice(0, -1).every((line) => line.generated_text === undefined)).toBe(true);
  });

  it('sends a first frame before the first token, and one for each step', async () => {
    const { parts } = await stream(client, { inputs: 'abc' });
    expect(parts[0]).toBe('');
    // Each token and, because the script ends a turn later, the last line.
    expect(parts.slice(1)).toHaveLength(answerTokens + 1);
  });

  it('streams unless the body says otherwise', async () => {
    const streamed = await stream(client, { inputs: 'abc', stream: false });
    expect(streamed.contentType).toBe('application/json');
    expect(JSON.parse(streamed.parts.join(''))).toEqual({ generated_text: wordsOf(answerTokens) });
  });

  it('cancels at serving when the caller aborts in the middle', async () => {
    const abort = new AbortController();
    const { error } = await stream(
      client,
      { inputs: 'a' },
      { InferenceComponentName: 'hang' },
      () => abort.abort(),
      abort.signal,
    );
    expect(error).toBeInstanceOf(Error);
    await serving.untilCancelled(1);
    expect(serving.cancelled).toEqual([serving.requests[0]?.id]);
  });

  it('ends with an exception after the text that came before a failure', async () => {
    const streamed = await stream(client, { inputs: 'a' }, { InferenceComponentName: 'broken' });
    expect(linesOf(streamed).map(({ token }) => token.text)).toEqual(['w0', ' w1']);
    expect(streamed.error).toBeInstanceOf(ModelStreamError);
    expect(streamed.error).toMatchObject({ ErrorCode: 'StreamBroken' });
    expect(String((streamed.error as ModelStreamError).Message)).toContain('RUN-305');
  });

  it('refuses before the stream with a status', async () => {
    serving.refuseNext(StowageError.of('CAP-101', { component: 'inline', waiting: 1, limit: 1 }));
    const error = await errorOf(stream(client, { inputs: 'a' }));
    expect(error).toBeInstanceOf(ServiceUnavailable);
    expect(await errorOf(stream(client, { inputs: ['a', 'b'] }))).toBeInstanceOf(ValidationError);
  });

  it('brings a long answer to a slow reader whole, in fewer frames than steps', async () => {
    const flooding = new ScriptedServing({ flood: Script.Flood });
    const other = await startSageMakerServer(flooding);
    const slowClient = other.client();
    const { Body: body } = await slowClient.send(
      new InvokeEndpointWithResponseStreamCommand({
        EndpointName: 'apex',
        Body: '{"inputs":"a"}',
        ContentType: 'application/json',
      }),
    );
    // Nothing is read before all was generated.
    await flooding.untilEnded(1);
    const parts: Buffer[] = [];
    for await (const event of body ?? []) parts.push(Buffer.from(event.PayloadPart?.Bytes ?? []));
    expect(parts.length).toBeLessThan(floodTokens);
    const lines = Buffer.concat(parts).toString().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(floodTokens);
    const last = JSON.parse(lines.at(-1) ?? '') as Line;
    expect(last.generated_text).toHaveLength(floodTokens * 65536);
    slowClient.destroy();
    await other.close();
  }, 60_000);
});

describe('errors', () => {
  it('of the model carry what the container would have said', async () => {
    const error = await errorOf(invoke(client, { inputs: 'a' }, { InferenceComponentName: 'broken' }));
    expect(error).toBeInstanceOf(ModelError);
    expect(error.$metadata.httpStatusCode).toBe(424);
    expect(error).toMatchObject({
      OriginalStatusCode: 500,
      OriginalMessage: expect.stringContaining('RUN-305') as string,
      LogStreamArn: expect.stringContaining('log-group:/aws/sagemaker/Endpoints/apex') as string,
    });
    expect(error.$metadata.requestId).toBe(serving.requests[0]?.id);
  });

  const refused: readonly (readonly [what: string, body: object | string, headers: Headers, text: string])[] =
    [
      ['an unknown component', { inputs: 'a' }, { InferenceComponentName: 'nope' }, 'NAME-404'],
      ['an unknown endpoint', { inputs: 'a' }, { EndpointName: 'nope' }, 'NAME-405'],
      ['a missing component', { inputs: 'a' }, { InferenceComponentName: undefined }, 'NAME-407'],
      ['a target model', { inputs: 'a' }, { TargetModel: 'm' }, 'X-Amzn-SageMaker-Target-Model'],
      [
        'another variant',
        { inputs: 'a' },
        { TargetVariant: 'blue' },
        'Variant "blue" not found in endpoint "apex"',
      ],
      ['another type', 'a,b', { ContentType: 'text/csv' }, '`application/json`, not `text/csv`'],
      ['no JSON', 'a,b', {}, 'REQ-214'],
      ['no known schema', { text: 'a' }, {}, '`inputs` must be'],
      [
        'a bad name',
        { inputs: 'a' },
        { InferenceComponentName: 'a_b' },
        "Value 'a_b' at 'inferenceComponentName'",
      ],
      ['no body', '', {}, "Value null at 'body' failed to satisfy constraint: Member must not be null"],
    ];
  it.each(refused)('%s is a ValidationError that says so', async (_, body, headers, text) => {
    const error = await errorOf(invoke(client, body, headers));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error.$metadata.httpStatusCode).toBe(400);
    expect(error.message).toContain(text);
    expect(serving.requests).toHaveLength(0);
  });

  it('a body above 6,291,456 bytes is refused and one below is read', async () => {
    const sized = (bytes: number): string => `{"inputs":"${'x'.repeat(bytes - 13)}"}`;
    expect(jsonOf(await invoke(client, sized(6_291_456)))).toEqual({ generated_text: wordsOf(answerTokens) });
    const error = await errorOf(invoke(client, sized(6_291_457)));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error.message).toContain('REQ-211');
  });

  it('asynchronous invocations are refused clearly', async () => {
    const command = new InvokeEndpointAsyncCommand({ EndpointName: 'apex', InputLocation: 's3://b/k' });
    const error = await errorOf(client.send(command));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error.message).toContain('not served here yet');
  });

  it('a budget that is used up is a ThrottlingException, which the client tries again', async () => {
    const usedUp = StowageError.of(
      'LIMIT-720',
      { owner: 'key k', limit: 600, remaining: 0, tokens: 10 },
      { retryAfterSeconds: 0.1 },
    );
    const patient = server.client({ maxAttempts: 2 });
    serving.refuseNext(usedUp);
    const output = await patient.send(new InvokeEndpointCommand(commandInput({ inputs: 'a' })));
    expect(output.$metadata.attempts).toBe(2);
    serving.refuseNext(usedUp, usedUp);
    const error = await errorOf(patient.send(new InvokeEndpointCommand(commandInput({ inputs: 'a' }))));
    expect([error.name, error.$metadata.httpStatusCode]).toEqual(['ThrottlingException', 429]);
    patient.destroy();
  });

  it('503 is tried again by the client, after Retry-After, and 400 is not', async () => {
    const patient = server.client({ maxAttempts: 3 });
    const busy = StowageError.of('COLD-503', {}, { retryAfterSeconds: 1 });
    serving.refuseNext(busy, busy);
    const output = await patient.send(new InvokeEndpointCommand(commandInput({ inputs: 'a' })));
    expect(output.$metadata.attempts).toBe(3);
    expect(serving.requests).toHaveLength(3);
    serving.refuseNext(StowageError.of('CTX-201', {}));
    const error = await errorOf(patient.send(new InvokeEndpointCommand(commandInput({ inputs: 'a' }))));
    expect(error.$metadata.attempts).toBe(1);
    serving.refuseNext(StowageError.of('RUN-308', { reason: 'x' }));
    const broken = await errorOf(patient.send(new InvokeEndpointCommand(commandInput({ inputs: 'a' }))));
    expect(broken.$metadata.attempts).toBe(1);
    patient.destroy();
  });
});
