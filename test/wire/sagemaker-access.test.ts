/** Who may call: the official client with right, wrong, expired and restricted keys, and a wrong clock. */
import { join } from 'node:path';
import type { SageMakerRuntimeServiceException } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import { KeyKind } from '../../src/adapters/identity/key-file/key-record.js';
import { KeyStore, type NewKeyOptions } from '../../src/adapters/identity/key-file/key-store.js';
import { errorOf, invoke, jsonOf, stream } from './sagemaker-calls.js';
import { type SageMakerServer, startSageMakerServer } from './sagemaker-server.js';
import { answerTokens, Script, ScriptedServing, wordsOf } from './scripted-serving.js';

const serving = new ScriptedServing({ inline: Script.Words });
const right = { generated_text: wordsOf(answerTokens) };
let server: SageMakerServer;

beforeAll(async () => {
  server = await startSageMakerServer(serving);
});
beforeEach(() => {
  serving.requests.length = 0;
});
afterAll(async () => {
  await server.close();
  expect(server.listener.log.errors).toEqual([]);
});

interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A key made beside the running server, as its command line does; resolves once the server knows it. */
async function newKey(options: NewKeyOptions): Promise<KeyPair> {
  const { record, secret } = KeyStore.open(server.folder, systemClock).store.create(KeyKind.Access, options);
  const credentials = { accessKeyId: record.id, secretAccessKey: secret };
  const client = server.client({ credentials });
  const isKnown = async (): Promise<void> => {
    const outcome = await invoke(client, { inputs: 'a' }).catch((error: unknown) => error);
    expect(outcome).not.toMatchObject({ name: 'UnrecognizedClientException' });
  };
  await vi.waitFor(isKnown, { timeout: 5_000 });
  client.destroy();
  return credentials;
}

async function refusal(credentials: KeyPair): Promise<SageMakerRuntimeServiceException> {
  const client = server.client({ credentials });
  serving.requests.length = 0;
  const error = await errorOf(invoke(client, { inputs: 'a' }));
  expect(error.$metadata.httpStatusCode).toBe(403);
  expect(serving.requests).toHaveLength(0);
  client.destroy();
  return error;
}

describe('an access key', () => {
  it('signs both operations with every header of theirs', async () => {
    const client = server.client();
    const headers = { CustomAttributes: 'a  b', InferenceId: 'i', PrefixAwareId: 'p', SessionId: 's' };
    expect(jsonOf(await invoke(client, { inputs: 'é' }, headers))).toEqual(right);
    expect((await stream(client, { inputs: 'é' }, headers)).error).toBeUndefined();
    client.destroy();
  });

  it('is refused with a wrong secret', async () => {
    const error = await refusal({ ...server.keys, secretAccessKey: 'wrong' });
    expect(error.name).toBe('InvalidSignatureException');
    expect(error.message).toContain('KEY-404');
  });

  it('is refused when it is not known', async () => {
    const error = await refusal({ accessKeyId: 'AKSTUNKNOWN', secretAccessKey: 'x' });
    expect(error.name).toBe('UnrecognizedClientException');
  });

  it('is refused once it has expired, with the mend', async () => {
    const expired = await newKey({ expiresAt: new Date(Date.now() - 60_000).toISOString() });
    const error = await refusal(expired);
    expect(error.name).toBe('ExpiredTokenException');
    expect(error.message).toContain(`mend: stowage keys rotate ${expired.accessKeyId}`);
  });

  it('is refused an operation that it is not allowed', async () => {
    const restricted = await newKey({ actions: ['sagemaker:InvokeEndpointWithResponseStream'] });
    expect((await refusal(restricted)).name).toBe('AccessDeniedException');
    const client = server.client({ credentials: restricted });
    expect((await stream(client, { inputs: 'a' })).error).toBeUndefined();
    client.destroy();
  });
});

it('a client whose clock is wrong learns the time from the refusal, and its next call is answered', async () => {
  const client = server.client({ systemClockOffset: -20 * 60_000 });
  const error = await errorOf(invoke(client, { inputs: 'a' }));
  expect(error.name).toBe('InvalidSignatureException');
  expect(error.message).toContain('KEY-405');
  expect(jsonOf(await invoke(client, { inputs: 'a' }))).toEqual(right);
  client.destroy();
});

it('the data folder’s file is all that AWS_SHARED_CREDENTIALS_FILE needs', async () => {
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(server.folder, 'credentials'));
  vi.stubEnv('AWS_CONFIG_FILE', join(server.folder, 'no-config'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'])
    vi.stubEnv(name, undefined);
  const client = server.fileClient();
  expect(jsonOf(await invoke(client, { inputs: 'a' }))).toEqual(right);
  client.destroy();
  vi.unstubAllEnvs();
});

it('a bearer key is taken at the same addresses', async () => {
  const response = await fetch(`${server.listener.url}/endpoints/apex/invocations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.keys.bearer}`, 'content-type': 'application/json' },
    body: '{"inputs":"a"}',
  });
  expect(await response.json()).toEqual(right);
});

it('nobody without a key gets further than the door', async () => {
  const response = await fetch(`${server.listener.url}/endpoints/apex/invocations`, {
    method: 'POST',
    body: '{"inputs":"a"}',
  });
  expect(response.status).toBe(403);
  expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
  expect(await response.json()).toMatchObject({ Message: expect.stringContaining('KEY-400') as string });
});
