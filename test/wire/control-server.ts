/** A listener that speaks SageMaker's control plane, CloudWatch and Application Auto Scaling, with the keys of a fresh data folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, type CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { SageMakerClient, type SageMakerClientConfig } from '@aws-sdk/client-sagemaker';
import { systemClock } from '../../src/adapters/clock/system.js';
import { createKeyAuthenticator } from '../../src/adapters/identity/key-file/authenticator.js';
import { KeyKind } from '../../src/adapters/identity/key-file/key-record.js';
import { type FirstKeys, KeyStore, type NewKey } from '../../src/adapters/identity/key-file/key-store.js';
import { SignatureVerifier } from '../../src/adapters/identity/sigv4/verify.js';
import { silentLog } from '../../src/adapters/telemetry/memory/telemetry.js';
import {
  ApplicationAutoScalingClient,
  type ApplicationAutoScalingClientConfig,
} from '@aws-sdk/client-application-auto-scaling';
import { createScalingFrontEnd } from '../../src/api/application-autoscaling/front-end.js';
import { createCloudWatchCborFrontEnd } from '../../src/api/cloudwatch/cbor-front-end.js';
import { createCloudWatchFrontEnd } from '../../src/api/cloudwatch/front-end.js';
import { createCloudWatchQueryFrontEnd } from '../../src/api/cloudwatch/query-front-end.js';
import { createControlFrontEnd } from '../../src/api/sagemaker/control/front-end.js';
import type { Control, ControlOperation } from '../../src/control/facade.js';
import { mayDo } from '../../src/decide/access/may-do.js';
import { StowageError } from '../../src/domain/errors.js';
import type { Scope } from '../../src/domain/scope.js';
import { startWireListener, type WireListener } from './wire-listener.js';

/** Keeps what it was asked for, and answers what the test says. */
export class ScriptedControl implements Pick<Control, 'execute'> {
  readonly calls: { readonly operation: ControlOperation; readonly scope: Scope; readonly input: object }[] =
    [];
  /** What the next calls are answered; throws what it is when it is an error. */
  answer: object | Error | ((input: object) => object) = {};

  execute(operation: ControlOperation, scope: Scope, input: object): object {
    this.calls.push({ operation, scope, input });
    const { answer } = this;
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? (answer as (input: object) => object)(input) : answer;
  }
}

/** Where callers without a region are. */
export const homeRegion = 'eu-central-1';

export interface ControlServer<C = ScriptedControl> {
  readonly control: C;
  readonly listener: WireListener;
  readonly keys: FirstKeys;
  readonly account: string;
  /** One attempt per call. */
  sageMaker(region?: string): SageMakerClient;
  cloudWatch(): CloudWatchClient;
  scaling(): ApplicationAutoScalingClient;
  /** A client whose key may only describe. */
  onlyDescribing(): SageMakerClient;
  /** Any body to any address, with the first bearer key. */
  post(path: string, headers: Readonly<Record<string, string>>, body: string | Uint8Array): Promise<Response>;
  close(): Promise<void>;
}

/** With a scripted control, so that a test sees what it is asked for. */
export function startControlServer(): Promise<ControlServer> {
  return serveControl(new ScriptedControl());
}

export async function serveControl<C extends Pick<Control, 'execute'>>(
  control: C,
): Promise<ControlServer<C>> {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-control-'));
  const { store, first } = KeyStore.open(folder, systemClock);
  if (first === null) throw new Error('the folder is not fresh');
  const account = '210987654321';
  const access = store.create(KeyKind.Access, { account });
  const describing = store.create(KeyKind.Access, { account, actions: ['sagemaker:Describe*'] });
  const authenticator = createKeyAuthenticator({
    store,
    signatures: new SignatureVerifier(systemClock),
    clock: systemClock,
    log: silentLog,
  });
  const parts = { control, homeRegion };
  const listener = await startWireListener(
    [
      createCloudWatchFrontEnd(parts),
      createCloudWatchQueryFrontEnd(parts),
      createCloudWatchCborFrontEnd(parts),
      createScalingFrontEnd(parts),
      createControlFrontEnd(parts),
    ],
    {},
    {
      authenticator,
      authorize: (principal, action, resource) => {
        if (mayDo(authenticator.actionsOf(principal), action)) return;
        throw StowageError.of('KEY-403', { key: principal.keyId, action, resource });
      },
    },
  );
  const config = ({ record, secret }: NewKey, region = 'us-east-1'): SageMakerClientConfig => ({
    endpoint: listener.url,
    region,
    credentials: { accessKeyId: record.id, secretAccessKey: secret },
    maxAttempts: 1,
  });
  return {
    control,
    listener,
    keys: first,
    account,
    sageMaker: (region) => new SageMakerClient(config(access, region)),
    cloudWatch: () => new CloudWatchClient(config(access) as CloudWatchClientConfig),
    scaling: () => new ApplicationAutoScalingClient(config(access) as ApplicationAutoScalingClientConfig),
    onlyDescribing: () => new SageMakerClient(config(describing)),
    post: (path, headers, body) =>
      fetch(listener.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${first.bearer}`, ...headers },
        body,
      }),
    close: async () => {
      await listener.close(0);
      authenticator.close();
      rmSync(folder, { recursive: true });
    },
  };
}
