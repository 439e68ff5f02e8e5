/** The key file, the signature check and the listener together, called by the official SDK. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  InvokeEndpointCommand,
  SageMakerRuntimeClient,
  type SageMakerRuntimeClientConfig,
} from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import {
  createKeyAuthenticator,
  type KeyAuthenticator,
} from '../../src/adapters/identity/key-file/authenticator.js';
import { KeyKind } from '../../src/adapters/identity/key-file/key-record.js';
import { type FirstKeys, KeyStore, type NewKey } from '../../src/adapters/identity/key-file/key-store.js';
import { SignatureVerifier } from '../../src/adapters/identity/sigv4/verify.js';
import { systemRandom } from '../../src/adapters/random/system.js';
import { silentLog } from '../../src/adapters/telemetry/memory/telemetry.js';
import { createSageMakerFrontEnd } from '../../src/api/sagemaker/front-end.js';
import { mayDo } from '../../src/decide/access/may-do.js';
import { StowageError } from '../../src/domain/errors.js';
import { Script, ScriptedServing, wordsOf } from './scripted-serving.js';
import { startWireListener, type WireListener } from './wire-listener.js';

const folder = mkdtempSync(join(tmpdir(), 'stowage-keys-'));
const serving = new ScriptedServing({ inline: Script.Words });
const notHere = (): never => {
  throw new Error('no OpenAI body is sent here');
};
const environment = { ...process.env };
let store: KeyStore;
let first: FirstKeys;
let expired: NewKey;
let readOnly: NewKey;
let authenticator: KeyAuthenticator;
let listener: WireListener;

beforeAll(async () => {
  first = KeyStore.open(folder, systemClock).first!;
  ({ store } = KeyStore.open(folder, systemClock));
  const aMinuteAgo = new Date(Date.now() - 60_000).toISOString();
  expired = store.create(KeyKind.Access, { expiresAt: aMinuteAgo });
  readOnly = store.create(KeyKind.Access, { actions: ['sagemaker:List*'] });
  const signatures = new SignatureVerifier(systemClock);
  authenticator = createKeyAuthenticator({ store, signatures, clock: systemClock, log: silentLog });
  const frontEnd = createSageMakerFrontEnd({
    serving,
    homeRegion: 'us-east-1',
    random: systemRandom,
    openAiBodies: { chat: notHere, completions: notHere, embeddings: notHere, rerank: notHere },
  });
  listener = await startWireListener(
    [frontEnd],
    {},
    {
      authenticator,
      authorize: (principal, action, resource) => {
        if (mayDo(authenticator.actionsOf(principal), action)) return;
        throw StowageError.of('KEY-403', { key: principal.keyId, action, resource });
      },
    },
  );
});
beforeEach(() => {
  serving.requests.length = 0;
});
afterAll(async () => {
  Object.assign(process.env, environment);
  authenticator.close();
  await listener.close(0);
  rmSync(folder, { recursive: true });
});

interface Invoked {
  readonly body: unknown;
  readonly attempts: number | undefined;
}

/** One invocation; resolves with the body and how often the SDK tried. */
async function invokeWith(client: SageMakerRuntimeClient): Promise<Invoked> {
  const answer = await client.send(
    new InvokeEndpointCommand({
      EndpointName: 'apex',
      InferenceComponentName: 'inline',
      ContentType: 'application/json',
      Body: JSON.stringify({ inputs: 'a', parameters: { max_new_tokens: 2 } }),
    }),
  );
  return { body: JSON.parse(answer.Body.transformToString()), attempts: answer.$metadata.attempts };
}

function clientWith(config: SageMakerRuntimeClientConfig): SageMakerRuntimeClient {
  return new SageMakerRuntimeClient({ endpoint: listener.url, region: 'eu-west-1', ...config });
}

async function invoke(config: SageMakerRuntimeClientConfig): Promise<Invoked> {
  const client = clientWith(config);
  try {
    return await invokeWith(client);
  } finally {
    client.destroy();
  }
}

function credentialsOf({ record, secret }: NewKey): SageMakerRuntimeClientConfig {
  return { credentials: { accessKeyId: record.id, secretAccessKey: secret } };
}

const answered = { body: { generated_text: wordsOf(2) }, attempts: 1 };

it('a client that is pointed at the written credentials file is let in', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE']) {
    delete process.env[name];
  }
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(folder, 'credentials');
  process.env['AWS_CONFIG_FILE'] = join(folder, 'no-config');
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
  expect(await invoke({})).toEqual(answered);
});

it('a session token is taken as a part of what is signed', async () => {
  const { accessKeyId, secretAccessKey } = first;
  expect(await invoke({ credentials: { accessKeyId, secretAccessKey, sessionToken: 'token' } })).toEqual(
    answered,
  );
});

it.each([600_000, -600_000])(
  'a client that is %i ms off learns the time from its refusal',
  async (offsetMs) => {
    const { accessKeyId, secretAccessKey } = first;
    const credentials = { accessKeyId, secretAccessKey };
    const client = clientWith({ credentials, systemClockOffset: offsetMs });
    await expect(invokeWith(client)).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringContaining('10 minutes') as string,
    });
    expect(await invokeWith(client)).toEqual(answered);
    client.destroy();
  },
);

it.each([
  [
    'a wrong secret',
    () => ({ accessKeyId: first.accessKeyId, secretAccessKey: 'x'.repeat(40) }),
    'InvalidSignatureException',
  ],
  [
    'an unknown key',
    () => ({ accessKeyId: 'AKSTNOBODY', secretAccessKey: 'x' }),
    'UnrecognizedClientException',
  ],
  ['an expired key', () => credentialsOf(expired).credentials, 'ExpiredTokenException'],
  ['a key without the right', () => credentialsOf(readOnly).credentials, 'AccessDeniedException'],
])('%s is refused once, by AWS’s name, and nothing is computed', async (_, credentials, name) => {
  const call = invoke({
    credentials: credentials() as NonNullable<SageMakerRuntimeClientConfig['credentials']>,
  });
  await expect(call).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403, attempts: 1 } });
  expect(serving.requests).toEqual([]);
});

it('no refusal repeats a secret', async () => {
  const secretAccessKey = `${first.secretAccessKey.slice(0, -1)}!`;
  const refusal: unknown = await invoke({
    credentials: { accessKeyId: first.accessKeyId, secretAccessKey },
  }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Error);
  expect((refusal as Error).message).not.toContain(first.secretAccessKey.slice(0, 20));
});
