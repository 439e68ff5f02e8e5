/** A listener that speaks SageMaker Runtime, and OpenAI within it, with the keys of a fresh data folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SageMakerRuntimeClient, type SageMakerRuntimeClientConfig } from '@aws-sdk/client-sagemaker-runtime';
import { systemClock } from '../../src/adapters/clock/system.js';
import { createKeyAuthenticator } from '../../src/adapters/identity/key-file/authenticator.js';
import { type FirstKeys, KeyStore } from '../../src/adapters/identity/key-file/key-store.js';
import { SignatureVerifier } from '../../src/adapters/identity/sigv4/verify.js';
import { systemRandom } from '../../src/adapters/random/system.js';
import { silentLog } from '../../src/adapters/telemetry/memory/telemetry.js';
import { createOpenAiBodies, createOpenAiFrontEnd } from '../../src/api/openai/front-end.js';
import { createSageMakerFrontEnd } from '../../src/api/sagemaker/front-end.js';
import { mayDo } from '../../src/decide/access/may-do.js';
import { StowageError } from '../../src/domain/errors.js';
import type { Serving, SessionDesk } from '../../src/serving/facade.js';
import { startWireListener, type WireListener } from './wire-listener.js';

export interface SageMakerServer {
  readonly listener: WireListener;
  /** The data folder, with the file `credentials`. */
  readonly folder: string;
  readonly keys: FirstKeys;
  /** A client with the first access key, one attempt per call unless told otherwise. */
  client(config?: SageMakerRuntimeClientConfig): SageMakerRuntimeClient;
  /** A client that looks for its credentials where the environment says. */
  fileClient(): SageMakerRuntimeClient;
  close(): Promise<void>;
}

export async function startSageMakerServer(serving: Serving & SessionDesk): Promise<SageMakerServer> {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-sagemaker-'));
  const { store, first } = KeyStore.open(folder, systemClock);
  if (first === null) throw new Error('the folder is not fresh');
  const authenticator = createKeyAuthenticator({
    store,
    signatures: new SignatureVerifier(systemClock),
    clock: systemClock,
    log: silentLog,
  });
  const openAiParts = { serving, clock: systemClock, random: systemRandom, homeRegion: 'us-east-1' };
  const sageMaker = createSageMakerFrontEnd({
    serving,
    random: systemRandom,
    homeRegion: 'us-east-1',
    openAiBodies: createOpenAiBodies(openAiParts),
  });
  const listener = await startWireListener(
    [createOpenAiFrontEnd(openAiParts), sageMaker],
    {},
    {
      authenticator,
      authorize: (principal, action, resource) => {
        if (mayDo(authenticator.actionsOf(principal), action)) return;
        throw StowageError.of('KEY-403', { key: principal.keyId, action, resource });
      },
    },
  );
  return {
    listener,
    folder,
    keys: first,
    client: (config = {}) =>
      new SageMakerRuntimeClient({
        endpoint: listener.url,
        region: 'us-east-1',
        credentials: { accessKeyId: first.accessKeyId, secretAccessKey: first.secretAccessKey },
        maxAttempts: 1,
        ...config,
      }),
    fileClient: () =>
      new SageMakerRuntimeClient({ endpoint: listener.url, region: 'us-east-1', maxAttempts: 1 }),
    close: async () => {
      await listener.close(0);
      authenticator.close();
      rmSync(folder, { recursive: true });
    },
  };
}
