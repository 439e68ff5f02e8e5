/** Two accounts, and two regions of one, at the same server: nobody sees or invokes what is another's. */
import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import { KeyKind } from '../../src/adapters/identity/key-file/key-record.js';
import { KeyStore } from '../../src/adapters/identity/key-file/key-store.js';
import type { InferenceComponent } from '../../src/domain/component.js';
import type { Scope } from '../../src/domain/scope.js';
import { componentNamed, endpointRoute } from '../simulation/route-tables.js';
import { errorOf, invoke } from './sagemaker-calls.js';
import { type SageMakerServer, startSageMakerServer } from './sagemaker-server.js';
import { Script, ScriptedServing } from './scripted-serving.js';

const first: Scope = { account: '000000000000', region: 'us-east-1' };
const second: Scope = { account: '222222222222', region: 'us-east-1' };
const far: Scope = { account: '222222222222', region: 'eu-west-1' };

function served(scope: Scope, endpoint: string, name: string): InferenceComponent {
  return componentNamed(name, { scope, endpoint });
}

/** Both accounts have `apex/inline`; each has something that the other has not. */
const endpoints = [
  [served(first, 'apex', 'inline'), served(first, 'apex', 'payroll')],
  [served(second, 'apex', 'inline')],
  [served(second, 'ledger', 'balance')],
  [served(far, 'distant', 'remote')],
].map((components) => {
  const [{ scope, endpoint }] = components as [InferenceComponent];
  return endpointRoute(components, { scope, name: endpoint });
});
const serving = new ScriptedServing({ inline: Script.Words }, endpoints);
let server: SageMakerServer;
/** Keys of the second account. */
let bearer: string;
let clients: Readonly<Record<'first' | 'second' | 'far', SageMakerRuntimeClient>>;

beforeAll(async () => {
  server = await startSageMakerServer(serving);
  const { store } = KeyStore.open(server.folder, systemClock);
  bearer = store.create(KeyKind.Bearer, { account: second.account }).secret;
  const { record, secret } = store.create(KeyKind.Access, { account: second.account });
  const credentials = { accessKeyId: record.id, secretAccessKey: secret };
  clients = {
    first: server.client(),
    second: server.client({ credentials }),
    far: server.client({ credentials, region: far.region }),
  };
  await vi.waitFor(() => invoke(clients.second, { inputs: 'a' }), { timeout: 5000 });
});
beforeEach(() => {
  serving.requests.length = 0;
});
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await server.close();
  expect(server.listener.log.errors).toEqual([]);
});

it('the same names are each account’s own', async () => {
  for (const client of [clients.first, clients.second]) await invoke(client, { inputs: 'a' });
  expect(serving.requests.map(({ component }) => component.scope)).toEqual([first, second]);
});

it('what is another account’s is as absent as what is nowhere, in every word of the answer', async () => {
  const asked = [
    { EndpointName: 'ledger', InferenceComponentName: 'balance' },
    { EndpointName: 'ledger', InferenceComponentName: undefined },
    { EndpointName: 'distant', InferenceComponentName: 'remote' },
    { EndpointName: 'apex', InferenceComponentName: 'balance' },
  ];
  for (const headers of asked) {
    const refused = await errorOf(invoke(clients.first, { inputs: 'a' }, headers));
    expect(refused.$metadata.httpStatusCode).toBe(400);
    const absent = Object.fromEntries(
      Object.entries(headers).map(([member, name]) => [member, name === 'apex' ? name : name && 'zzzzzzzz']),
    );
    const nowhere = await errorOf(invoke(clients.first, { inputs: 'a' }, absent));
    const words = ({ message }: Error): string =>
      message.replace(/`(ledger|balance|distant|remote|zzzzzzzz)`/, '');
    expect(words(refused)).toBe(words(nowhere));
  }
  expect(serving.requests).toEqual([]);
});

it('a list of models has what the caller’s account has in its region', async () => {
  const idsOf = async (key: string): Promise<readonly string[]> => {
    const response = await fetch(`${server.listener.url}/v1/models`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const { data } = (await response.json()) as { data: readonly { id: string }[] };
    return data.map(({ id }) => id);
  };
  expect(await idsOf(server.keys.bearer)).toEqual(['inline', 'payroll']);
  expect(await idsOf(bearer)).toEqual(['balance', 'inline']);
});

it('a signed call means the region it was signed for; elsewhere it is told which region has it', async () => {
  const command = new InvokeEndpointCommand({
    EndpointName: 'distant',
    ContentType: 'application/json',
    Body: '{"inputs":"a"}',
  });
  await clients.far.send(command);
  expect(serving.requests.map(({ component }) => component.scope)).toEqual([far]);
  const error = await errorOf(clients.second.send(command));
  expect(error.message).toContain('it is in the region eu-west-1: sign the call for that region');
  const other = await errorOf(clients.first.send(command));
  expect(other.message).not.toContain('eu-west-1');
});
