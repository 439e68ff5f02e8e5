/** The control plane is killed again and again while requests and changes come; nobody with a copy notices. */
import path from 'node:path';
import {
  DescribeInferenceComponentCommand,
  UpdateInferenceComponentRuntimeConfigCommand,
} from '@aws-sdk/client-sagemaker';
import { expect, it } from 'vitest';
import { createSqliteStore } from '../../src/adapters/store/sqlite/store.js';
import type { LedgerEntry, Store } from '../../src/contracts/store.js';
import { foldLedger } from '../../src/decide/replay/fold-ledger.js';
import { modelFile, promptTemplates } from './apex-prompts.js';
import {
  addToLibrary,
  createComponent,
  createEndpoint,
  createModel,
  invokerOf,
  keepCalling,
  sagemakerOf,
  untilInService,
} from './control-client.js';
import { signal } from './process-table.js';
import { startStowage, until } from './stowage-process.js';

const kills = 50;
/** The moment of each kill after the process is started again, drawn from this many milliseconds: it needs 400 to be up. */
const lifeMsMax = 1_500;
const environment = { OPTION_PROMPT_TEMPLATE: promptTemplates.block, OPTION_MAX_ROLLING_BATCH_SIZE: '8' };

it(`the control plane is killed ${kills} times under load: nobody notices, and its state is what its ledger says`, async () => {
  const server = await startStowage({ yaml: null });
  await addToLibrary(server, modelFile('apex-draft-Q8_0.gguf'), 'draft');
  const client = sagemakerOf(server);
  await createModel(client, 'model', 'draft', environment);
  await createEndpoint(client, 'killed');
  await createComponent(client, 'killed', 'steady', 'model', 1);
  await createComponent(client, 'killed', 'changing', 'model', 1);
  await untilInService(client, 'steady', 1);
  await untilInService(client, 'changing', 1);
  const { invoke } = invokerOf(server, 'killed');
  const steadyWorkers = server.workersOf('steady');
  const load = keepCalling(2, () => invoke('steady'));
  await until(() => load.answered > 4, 'first answers');

  let before: number | null = null;
  for (let kill = 0; kill < kills; kill++) {
    const pid = await until(() => {
      const now = server.controlPid();
      return now !== before && now;
    }, 'the control plane to be back');
    const copies = 1 + (kill % 3);
    // The change may reach this life of the control plane or a later one; the client tries again.
    const change = client.send(
      new UpdateInferenceComponentRuntimeConfigCommand({
        InferenceComponentName: 'changing',
        DesiredRuntimeConfig: { CopyCount: copies },
      }),
    );
    change.catch(() => undefined);
    await until(chance(kill, performance.now()), 'the moment');
    before = pid;
    signal(pid, 'SIGKILL');
    await change.catch(() => undefined);
  }
  await until(() => {
    const now = server.controlPid();
    return now !== before && now;
  }, 'the control plane to be back');
  const wanted = await client.send(
    new DescribeInferenceComponentCommand({ InferenceComponentName: 'changing' }),
  );
  await untilInService(client, 'changing', wanted.RuntimeConfig?.DesiredCopyCount ?? 0);
  await untilInService(client, 'steady', 1);
  await load.stop();
  const failed = load.failures.slice(0, 3).join('; ');
  console.log(`${kills} kills: ${load.answered} answered, ${load.failures.length} failed ${failed}`);
  expect(load.failures.length).toBe(0);
  expect(server.workersOf('steady')).toEqual(steadyWorkers); // adopted, not restarted

  await server.stop();
  const store = createSqliteStore(path.join(server.dataFolder, 'state.db'));
  const replayed = foldLedger(store.base(), ledgerOf(store));
  const held = new Map(store.load().map(({ key, revision, value }) => [key, { revision, value }]));
  expect(replayed).toEqual(held);
  store.close();
});

/** True once a pseudo-random time below `lifeMsMax`, drawn by the kill's number, has passed. */
function chance(kill: number, since: number): () => boolean {
  const afterMs = (((kill * 2654435761) % 2 ** 32) / 2 ** 32) * lifeMsMax;
  return () => performance.now() - since > afterMs;
}

function ledgerOf(store: Store): readonly LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (;;) {
    const more = store.ledger({ limit: 10_000, afterSequence: entries.at(-1)?.sequence ?? 0 });
    if (more.length === 0) return entries;
    entries.push(...more);
  }
}
