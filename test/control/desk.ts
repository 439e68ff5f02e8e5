/** Runs commands on a state in memory, as control does: execute, commit, answer. For tests of commands. */
import { createMemoryMetricStore } from '../../src/adapters/metrics/memory/metric-store.js';
import { createMemoryStore } from '../../src/adapters/store/memory/store.js';
import type { Change } from '../../src/contracts/store.js';
import { executeOperation, type InputOf, type OutputOf } from '../../src/control/commands/execute.js';
import type { ControlOperation } from '../../src/control/facade.js';
import { State } from '../../src/control/state.js';
import { StowageError } from '../../src/domain/errors.js';
import type { InstanceType } from '../../src/domain/instance.js';
import type { StowageRecord } from '../../src/domain/record.js';
import type { Scope } from '../../src/domain/scope.js';

export const home: Scope = { account: '111122223333', region: 'us-east-1' };
export const elsewhere: Scope = { account: '444455556666', region: 'us-east-1' };

function instanceType(name: string): [string, InstanceType] {
  const size = { cpus: 4, memoryBytes: 2 ** 34, accelerators: 1, acceleratorMemoryBytes: 2 ** 34 };
  return [name, { name, ...size, zones: ['a', 'b'], pricePerHour: 1, countMax: 100 }];
}

const catalogue = new Map(['local.cpu', 'ml.g5.xlarge', 'ml.g5.2xlarge'].map(instanceType));

export class Desk {
  readonly store = createMemoryStore();
  readonly state = new State(this.store);
  readonly metrics = createMemoryMetricStore();
  /** Wall clock; rises by a second with each call. */
  now = 1_700_000_000_000;

  /** `caller`: whose the things are that it makes, and whose the calls are when they do not say. */
  constructor(private readonly caller: Scope = home) {}

  run<O extends ControlOperation>(operation: O, input: InputOf<O>, scope: Scope = this.caller): OutputOf<O> {
    this.now += 1000;
    const { now } = this;
    const { metrics, store } = this;
    const context = { now, catalogue, metrics, ledger: store.ledger.bind(store) };
    const { changes, output, points = [] } = executeOperation(operation, this.state, scope, input, context);
    metrics.put(points);
    this.state.commit(changes, now);
    return output as OutputOf<O>;
  }

  /** What the call is refused with. Nothing may have changed. */
  refusal<O extends ControlOperation>(
    operation: O,
    input: InputOf<O>,
    scope: Scope = this.caller,
  ): StowageError {
    try {
      this.run(operation, input, scope);
    } catch (thrown) {
      if (thrown instanceof StowageError) return thrown;
      throw thrown;
    }
    throw new Error(`${operation} was not refused`);
  }

  /** Writes a record as the loop would. */
  put(record: StowageRecord): void {
    this.state.put(record, 'test-wrote', 'the test says so');
    this.state.flush(this.now);
  }

  /** Writes a record with some members changed. */
  change<R extends StowageRecord>(record: R | undefined, members: Partial<R>): void {
    if (record === undefined) throw new Error('there is no such record');
    this.put({ ...record, ...members });
  }

  /** The newest entry of the ledger. */
  lastEntry(): Pick<Change, 'event' | 'reason'> | undefined {
    return this.store.ledger({ isNewestFirst: true, limit: 1 })[0];
  }

  /** A configuration and an endpoint in service, for components. */
  withEndpoint(name = 'shop', variants: readonly string[] = ['main']): this {
    this.run('CreateEndpointConfig', {
      endpointConfigName: `${name}-config`,
      productionVariants: variants.map((variantName) => ({
        variantName,
        instanceType: 'local.cpu',
        initialInstanceCount: 2,
      })),
    });
    this.run('CreateEndpoint', { endpointName: name, endpointConfigName: `${name}-config` });
    this.settle(name);
    return this;
  }

  /** A model of the simulated engine, when its environment is not given. */
  withModel(name: string, environment: Record<string, string> = { OPTION_ENGINE: 'simulated' }): this {
    this.run('CreateModel', { modelName: name, primaryContainer: { environment, image: 'engine:1' } });
    return this;
  }

  withComponent(name: string, endpointName = 'shop', copyCount = 1): this {
    this.run('CreateInferenceComponent', {
      inferenceComponentName: name,
      endpointName,
      specification: simulatedSpecification,
      runtimeConfig: { copyCount },
    });
    return this;
  }

  /** The endpoint, or the component, is in service, as the loop would find it. */
  settle(name: string, scope: Scope = this.caller): void {
    const endpoint = this.state.endpoint(scope, name)?.value;
    if (endpoint !== undefined) {
      this.put({
        ...endpoint,
        status: 'InService',
        generations: endpoint.generations.slice(-1).map((one) => ({ ...one, traffic: 100 })),
        deployment: null,
      });
    }
    const component = this.state.component(scope, name)?.value;
    if (component === undefined) return;
    const generations = component.generations.slice(-1);
    this.put({ ...component, status: 'InService', generations, deployment: null });
  }
}

export const simulatedSpecification = {
  container: { image: 'engine:1', environment: { OPTION_ENGINE: 'simulated' } },
  computeResourceRequirements: { minMemoryRequiredInMb: 256, numberOfCpuCoresRequired: 1 },
};
