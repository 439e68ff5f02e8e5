/**
 * The real control plane over a simulated machine of stub workers and a store in memory, on virtual time. It can be
 * killed and started anew; the machine and the store go on. Every table it publishes is checked when it is published.
 */
import { createSimulatedFleet, type SimulatedFleet } from '../../src/adapters/fleet/simulated/fleet.js';
import { type CallScript, type FaultScript } from '../../src/adapters/fleet/simulated/faults.js';
import { SimulatedMachine, type SimulatedHostFacts } from '../../src/adapters/fleet/simulated/machine.js';
import { createMemoryNetwork, type MemoryNetwork } from '../../src/adapters/link/memory/network.js';
import { createMemoryMetricStore } from '../../src/adapters/metrics/memory/metric-store.js';
import { createMemoryStore, type MemoryStore } from '../../src/adapters/store/memory/store.js';
import { MemoryTelemetry } from '../../src/adapters/telemetry/memory/telemetry.js';
import type { CopyObservation } from '../../src/contracts/fleet.js';
import type { LoadReport, LoadSeries } from '../../src/contracts/load-reports.js';
import type { CopyRoute, RouteTable } from '../../src/contracts/route-feed.js';
import type { WorkerLink } from '../../src/contracts/worker-link.js';
import type { SubmittedStream } from '../../src/contracts/worker-protocol.js';
import { createControl, type ControlLimits } from '../../src/control/control.js';
import type { Control } from '../../src/control/facade.js';
import { CopyState, sameCopy } from '../../src/domain/copy.js';
import { foldLedger } from '../../src/decide/replay/fold-ledger.js';
import type { InstanceType } from '../../src/domain/instance.js';
import type { StowageRecord } from '../../src/domain/record.js';
import type { Scope } from '../../src/domain/scope.js';
import { rememberingLog } from '../conformance/quiet-log.js';
import { startStubWorker, StubConduct } from '../conformance/stub-worker.js';
import { SeededRandom } from './seeded-random.js';
import { VirtualClock } from './virtual-clock.js';

export interface ControlWorldWishes {
  readonly seed?: number;
  readonly faults?: FaultScript;
  readonly calls?: CallScript;
  readonly hosts?: readonly SimulatedHostFacts[];
  readonly limits?: Partial<ControlLimits>;
}

export const home: Scope = { account: '111122223333', region: 'us-east-1' };
export const gibibyte = 1024 ** 3;

const instanceTypes: readonly InstanceType[] = [
  {
    name: 'local.small',
    cpus: 4,
    memoryBytes: 8 * gibibyte,
    accelerators: 0,
    acceleratorMemoryBytes: 0,
    zones: ['a', 'b'],
    pricePerHour: 0,
    countMax: 6,
  },
  {
    name: 'local.rare',
    cpus: 4,
    memoryBytes: 8 * gibibyte,
    accelerators: 2,
    acceleratorMemoryBytes: 8 * gibibyte,
    zones: ['a'],
    pricePerHour: 1,
    countMax: 1,
  },
];

export interface ComponentWish {
  readonly name?: string;
  readonly endpoint?: string;
  readonly scope?: Scope;
  readonly copies?: number;
  readonly memoryMiB?: number;
  readonly cpus?: number;
  readonly conduct?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** A DeploymentConfig. */
  readonly rollout?: object;
}

export class ControlWorld {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly log = rememberingLog();
  readonly telemetry = new MemoryTelemetry();
  readonly metrics = createMemoryMetricStore();
  readonly network: MemoryNetwork;
  readonly machine: SimulatedMachine;
  readonly tables: RouteTable[] = [];
  /** What a published table broke; must stay empty. */
  readonly violations: string[] = [];
  /** When each process was started, in order, and its name. */
  readonly starts: { readonly at: number; readonly copy: string }[] = [];
  private readonly reportListeners = new Set<(report: LoadReport) => void>();
  store: MemoryStore = createMemoryStore();
  fleet: SimulatedFleet;
  control: Control;

  constructor(private readonly wishes: ControlWorldWishes = {}) {
    const { clock } = this;
    this.random = new SeededRandom(wishes.seed ?? 1);
    this.network = createMemoryNetwork({ clock, latencyMs: 1 });
    this.machine = new SimulatedMachine({
      clock,
      network: this.network,
      startWorker: (assignment, host) => {
        const conduct = `/${assignment.source.url.split('/').at(-1)}`;
        const source = { ...assignment.source, url: conduct };
        return startStubWorker({ ...assignment, source }, { ...host, clock });
      },
      faults: (copy) => {
        this.starts.push({ at: clock.now(), copy: `${copy.id}#${copy.incarnation}` });
        const calm = { startDelayMs: 10, isStartFailing: false, crashAfterMs: null, hangAfterMs: null };
        return wishes.faults === undefined ? calm : wishes.faults(copy);
      },
      ...(wishes.calls === undefined ? {} : { calls: wishes.calls }),
      ...(wishes.hosts === undefined ? {} : { hosts: wishes.hosts }),
    });
    this.fleet = createSimulatedFleet(this.machine);
    this.control = this.start();
  }

  /** The control process is killed, and another one started over what is left. */
  restart(): void {
    this.control.abandon();
    this.fleet.leave();
    this.store = this.store.reopen();
    this.fleet = createSimulatedFleet(this.machine);
    this.control = this.start();
  }

  createEndpoint(name = 'apex', instanceCount = 1, scope = home, type = 'local.small'): void {
    const variant = { variantName: 'all', instanceType: type, initialInstanceCount: instanceCount };
    this.createConfig(`${name}-config`, [variant], scope);
    this.control.execute('CreateEndpoint', scope, {
      endpointName: name,
      endpointConfigName: `${name}-config`,
    });
  }

  createModel(name: string, conduct: string = StubConduct.Good): void {
    this.control.execute('CreateModel', home, {
      modelName: name,
      executionRoleArn: 'arn:aws:iam::111122223333:role/stowage',
      primaryContainer: {
        image: 'stowage',
        modelDataUrl: `s3://stowage/models${conduct}`,
        environment: { OPTION_ENGINE: 'simulated' },
      },
    });
  }

  /** An endpoint whose variant has a model of its own. */
  createModelEndpoint(name: string, modelName: string, initialInstanceCount: number): void {
    const variant = { variantName: 'all', modelName, instanceType: 'local.small', initialInstanceCount };
    this.createConfig(`${name}-config`, [variant]);
    this.control.execute('CreateEndpoint', home, {
      endpointName: name,
      endpointConfigName: `${name}-config`,
    });
  }

  createConfig(endpointConfigName: string, productionVariants: readonly object[], scope = home): void {
    const executionRoleArn = 'arn:aws:iam::111122223333:role/stowage';
    this.control.execute('CreateEndpointConfig', scope, {
      endpointConfigName,
      productionVariants,
      executionRoleArn,
    });
  }

  createComponent(wish: ComponentWish = {}): void {
    this.control.execute('CreateInferenceComponent', wish.scope ?? home, {
      inferenceComponentName: wish.name ?? 'inline',
      endpointName: wish.endpoint ?? 'apex',
      variantName: 'all',
      specification: specificationOf(wish),
      runtimeConfig: { copyCount: wish.copies ?? 1 },
    });
  }

  updateComponent(wish: ComponentWish = {}): void {
    this.control.execute('UpdateInferenceComponent', wish.scope ?? home, {
      inferenceComponentName: wish.name ?? 'inline',
      specification: specificationOf(wish),
      ...(wish.copies === undefined ? {} : { runtimeConfig: { copyCount: wish.copies } }),
      ...(wish.rollout === undefined ? {} : { deploymentConfig: wish.rollout }),
    });
  }

  scale(name: string, copyCount: number): void {
    this.control.execute('UpdateInferenceComponentRuntimeConfig', home, {
      inferenceComponentName: name,
      desiredRuntimeConfig: { copyCount },
    });
  }

  deleteComponent(name = 'inline', scope = home): void {
    this.control.execute('DeleteInferenceComponent', scope, { inferenceComponentName: name });
  }

  deleteEndpoint(name = 'apex', scope = home): void {
    this.control.execute('DeleteEndpoint', scope, { endpointName: name });
  }

  status(name = 'inline', scope = home): string {
    return this.control.explainComponent(scope, name).status;
  }

  endpointStatus(name = 'apex', scope = home): string {
    return this.control.explainEndpoint(scope, name).status;
  }

  routes(): readonly CopyRoute[] {
    return this.control.feed.current().copies;
  }

  /** Serving says what it counted. */
  report(series: readonly LoadSeries[], isUrgent = false): void {
    const report = { at: this.clock.wallNow(), series, ...(isUrgent ? { isUrgent } : {}) };
    for (const listener of [...this.reportListeners]) listener(report);
  }

  /** `id generation state` of every process there is. */
  running(): readonly string[] {
    const { copies } = this.fleet.observe();
    return copies.map((seen) => `${seen.copy.id} ${seen.generation} ${seen.state}`).sort();
  }

  copy(id: string): CopyObservation {
    const found = this.fleet.observe().copies.filter((seen) => seen.copy.id === id);
    if (found.length !== 1) throw new Error(`${found.length} copies of ${id}`);
    return found[0]!;
  }

  records(kind: StowageRecord['kind']): readonly StowageRecord[] {
    return this.store.load().flatMap(({ value }) => (value.kind === kind ? [value] : []));
  }

  /** Lets time pass until it is so; returns the milliseconds it took. */
  async until(isSo: () => boolean, msMax = 120_000): Promise<number> {
    const start = this.clock.now();
    while (!isSo()) {
      if (this.clock.now() - start > msMax) {
        throw new Error(`still not so: ${JSON.stringify(this.control.explain(home))}`);
      }
      await this.clock.pass(10);
    }
    return this.clock.now() - start;
  }

  /** Gives a copy one request that never ends by itself. */
  async occupy(id: string): Promise<WorkerLink> {
    const seen = this.copy(id);
    let isOpen = false;
    const link = this.network.dialer.dial(seen.address!, seen.copy, {
      onOpen: () => (isOpen = true),
      onMessage: () => undefined,
      onClose: () => undefined,
    });
    await this.until(() => isOpen);
    link.send({ type: 'submit', streams: [{ stream: 1, requestId: 'one' } as SubmittedStream] });
    return link;
  }

  /** Throws unless folding the ledger gives exactly the records. */
  checkLedger(): void {
    const folded = foldLedger(this.store.base(), this.store.ledger({ limit: 10_000_000 }));
    const records = this.store.load();
    const text = (rows: Iterable<readonly [string, unknown]>) => JSON.stringify([...rows].sort());
    const stored = records.map(({ key, revision, value }) => [key, { revision, value }] as const);
    if (text(folded) !== text(stored)) throw new Error('the ledger does not give the records');
  }

  private start(): Control {
    const control = createControl({
      store: this.store,
      fleet: this.fleet,
      clock: this.clock,
      random: this.random,
      log: this.log,
      telemetry: this.telemetry,
      metrics: this.metrics,
      catalogue: new Map(instanceTypes.map((type) => [type.name, type])),
      loadReports: {
        onReport: (listener) => {
          this.reportListeners.add(listener);
          return () => this.reportListeners.delete(listener);
        },
      },
      limits: { coresMax: 8, ...this.wishes.limits },
      home,
    });
    control.feed.onTable((table) => this.check(table));
    return control;
  }

  private check(table: RouteTable): void {
    const before = this.tables.at(-1);
    this.tables.push(table);
    if (before !== undefined && table.revision <= before.revision)
      this.violations.push('revision did not rise');
    const { copies } = this.fleet.observe();
    for (const route of table.copies) {
      const name = `${route.copy.id}#${route.copy.incarnation}`;
      const seen = copies.find((one) => sameCopy(one.copy, route.copy));
      if (seen?.state !== CopyState.Ready) this.violations.push(`${name} is ${seen?.state ?? 'gone'}`);
      const last = before?.copies.find((one) => one.copy.id === route.copy.id);
      if (last !== undefined && last.copy.incarnation > route.copy.incarnation) {
        this.violations.push(`${name} came back`);
      }
    }
  }
}

function specificationOf({
  memoryMiB = 128,
  cpus = 1,
  conduct = StubConduct.Good,
  environment,
}: ComponentWish) {
  return {
    container: {
      image: 'stowage',
      artifactUrl: `s3://stowage/models${conduct}`,
      environment: { OPTION_ENGINE: 'simulated', OPTION_PREDICT_TIMEOUT: '60', ...environment },
    },
    computeResourceRequirements: { numberOfCpuCoresRequired: cpus, minMemoryRequiredInMb: memoryMiB },
  };
}
