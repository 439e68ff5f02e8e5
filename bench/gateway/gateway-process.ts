/**
 * The server's own listener, front ends, keys, serving and metrics (as src/apps/server.ts builds them) over a
 * route table that never changes: everything a request passes but control and a real worker.
 */
import pino from 'pino';
import { systemClock } from '../../src/adapters/clock/system.js';
import { createKeyAuthenticator } from '../../src/adapters/identity/key-file/authenticator.js';
import { defaultAccount, KeyStore } from '../../src/adapters/identity/key-file/key-store.js';
import { SignatureVerifier } from '../../src/adapters/identity/sigv4/verify.js';
import { createSocketDialer } from '../../src/adapters/link/unix-socket/dialer.js';
import { systemRandom } from '../../src/adapters/random/system.js';
import { createPrometheusTelemetry } from '../../src/adapters/telemetry/prometheus/telemetry.js';
import { createAdminFrontEnd } from '../../src/api/admin/front-end.js';
import { createListener } from '../../src/api/http/listener.js';
import { createOpenAiBodies, createOpenAiFrontEnd } from '../../src/api/openai/front-end.js';
import { createSageMakerFrontEnd } from '../../src/api/sagemaker/front-end.js';
import type { EndpointRoute, RouteFeed, RouteTable } from '../../src/contracts/route-feed.js';
import type { Log } from '../../src/contracts/telemetry.js';
import { mayDo } from '../../src/decide/access/may-do.js';
import {
  componentKey,
  defaultStartupLimits,
  EngineKind,
  type InferenceComponent,
  RoutingStrategy,
  WorkloadKind,
} from '../../src/domain/component.js';
import { defaultComponentOptions } from '../../src/domain/component-options.js';
import { StowageError } from '../../src/domain/errors.js';
import { createServing } from '../../src/serving/serving.js';
import type { GatewayReady, StubCopy } from './protocol.js';

/** Requests one copy computes at once; with four copies, 1,000 streams have room. */
const copyCapacity = 256;

const homeRegion = 'us-east-1';
const component: InferenceComponent = {
  scope: { account: defaultAccount, region: homeRegion },
  endpoint: 'bench',
  variant: 'AllTraffic',
  name: 'stub',
  kind: WorkloadKind.Component,
  generation: 1,
  model: { url: '/nowhere.gguf', form: 'object' },
  engine: EngineKind.Simulated,
  resources: {
    cpus: 1,
    memoryBytesMin: 0,
    memoryBytesMax: 0,
    accelerators: 0,
    acceleratorMemoryBytes: 0,
  },
  copies: { min: 1, max: 1 },
  startup: defaultStartupLimits,
  options: {
    ...defaultComponentOptions,
    rollingBatchSizeMax: copyCapacity,
    jobQueueLengthMax: 10_000,
  },
};

function staticFeed(copies: readonly StubCopy[]): RouteFeed {
  const endpoint: EndpointRoute = {
    scope: component.scope,
    name: component.endpoint,
    variants: [
      {
        name: component.variant,
        weight: 1,
        routing: RoutingStrategy.LeastOutstandingRequests,
        model: null,
        shadow: null,
      },
    ],
    components: [{ component, shares: [{ group: 1, percent: 100 }], refusal: null }],
  };
  const table: RouteTable = {
    revision: 1,
    endpoints: [endpoint],
    copies: copies.map(({ address, copy }) => ({
      copy,
      component: componentKey(component),
      generation: component.generation,
      address,
      capacity: copyCapacity,
      group: 1,
    })),
  };
  return { current: () => table, onTable: () => () => undefined };
}

async function main(dataFolder: string, copies: readonly StubCopy[]): Promise<void> {
  const log: Log = pino({ level: 'info', base: null }, pino.destination({ fd: 2, sync: false }));
  const { store, first } = KeyStore.open(dataFolder, systemClock);
  const signatures = new SignatureVerifier(systemClock);
  const authenticator = createKeyAuthenticator({ store, signatures, clock: systemClock, log });
  const telemetry = createPrometheusTelemetry();
  const dialer = createSocketDialer({ clock: systemClock });
  const serving = createServing(staticFeed(copies), {
    clock: systemClock,
    random: systemRandom,
    dialer,
    telemetry,
    log,
    // As in a server, where it travels to control: read by nobody, but made.
    report: () => undefined,
  });
  const openAiParts = { serving, clock: systemClock, random: systemRandom, homeRegion };
  const listener = createListener({
    frontEnds: [
      createOpenAiFrontEnd(openAiParts),
      createSageMakerFrontEnd({
        serving,
        random: systemRandom,
        homeRegion,
        openAiBodies: createOpenAiBodies(openAiParts),
      }),
      createAdminFrontEnd({ isReady: () => serving.isReady(), metricsText: () => telemetry.page() }),
    ],
    authenticator,
    authorize: (principal, action, resource) => {
      if (mayDo(authenticator.actionsOf(principal), action)) return;
      throw StowageError.of('KEY-403', { key: principal.keyId, action, resource });
    },
    clock: systemClock,
    random: systemRandom,
    log,
  });
  const { port } = await listener.start('127.0.0.1', 0);
  process.send?.({ port, key: first?.bearer ?? '' } satisfies GatewayReady);
}

process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit()); // so that a profile, if one is taken, is written
await main(process.argv[2] ?? '', JSON.parse(process.argv[3] ?? '[]') as StubCopy[]);
