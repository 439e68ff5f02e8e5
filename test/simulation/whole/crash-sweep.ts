/**
 * One life of an endpoint, in which the control process is killed once, at a point that is counted: before or after one
 * of its writes, of its calls to the fleet, of its looks at it, or of its tables. Run for each point there is, it shows
 * that there is no moment at which a kill does harm.
 */
import { CallFate } from '../../../src/adapters/fleet/simulated/faults.js';
import type { ComponentSpecification } from '../../../src/domain/inference-component.js';
import { SeededRandom } from '../seeded-random.js';
import { leftovers, unrest } from './check-rest.js';
import { Client } from './client.js';
import { catalogue, Shape } from './drawn-inputs.js';
import { Requests } from './requests.js';
import { Tenant } from './tenant.js';
import { Conduct } from './worker.js';
import { World } from './world.js';

const scope = { account: '111122223333', region: 'us-east-1' };
const gibibyte = 1024 ** 3;
const waitMsMax = 120_000;

export interface SweepResult {
  /** Null: nothing that must not be. */
  readonly violation: string | null;
  /** Points that were passed. */
  readonly points: number;
  readonly story: readonly string[];
}

/** `crashAt`: the number of the point, from 1; Infinity = no kill. */
export async function runLife(crashAt: number): Promise<SweepResult> {
  const hosts = ['a', 'b'].map((zone) => ({
    id: `host-${zone}`,
    zone,
    cpus: 16,
    memoryBytes: 32 * gibibyte,
  }));
  const world = new World({
    seed: 1,
    hosts,
    catalogue,
    limits: { coresMax: 16 },
    home: scope,
    linkMsMax: 2,
    weather: {
      fault: () => ({ startDelayMs: 5, isStartFailing: false, crashAfterMs: null, hangAfterMs: null }),
      call: () => CallFate.Done,
      isDiskFull: () => false,
      linkMs: () => 2,
      restartMs: () => 150,
    },
  });
  const life = new Life(world);
  try {
    if (crashAt !== Infinity) world.points.arm(crashAt);
    world.begin();
    await life.go();
  } catch (error) {
    world.violation ??= error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  return { violation: world.violation, points: world.points.passed, story: world.story };
}

class Life {
  private readonly client: Client;
  private readonly tenant: Tenant;
  private readonly requests: Requests;
  private isAsking = true;

  constructor(private readonly world: World) {
    this.client = new Client(world, scope, []);
    this.tenant = new Tenant(world, this.client, new SeededRandom(1), 'apex', Shape.Shared);
    this.requests = new Requests(world, new SeededRandom(2));
  }

  async go(): Promise<void> {
    const { world, client, tenant } = this;
    const callables = () => (this.isAsking ? tenant.callables() : []);
    void this.requests.ask(waitMsMax, 200, callables);
    await this.done(this.create());
    await this.rest();
    await this.done(
      client.call('UpdateInferenceComponent', {
        inferenceComponentName: 'inline',
        specification: specification(0.5),
      }),
    );
    await this.rest();
    await this.done(
      client.call('UpdateEndpoint', {
        endpointName: 'apex',
        endpointConfigName: 'second',
        deploymentConfig: {
          rollingUpdatePolicy: {
            maximumBatchSize: { type: 'INSTANCE_COUNT', value: 1 },
            waitIntervalInSeconds: 0,
          },
        },
      }),
    );
    tenant.configName = 'second';
    await this.rest();
    const desiredRuntimeConfig = { copyCount: 1 };
    const input = { inferenceComponentName: 'inline', desiredRuntimeConfig };
    await this.done(client.call('UpdateInferenceComponentRuntimeConfig', input));
    tenant.components.set('inline', 1);
    await this.rest();
    this.isAsking = false;
    await this.done(this.remove());
    await this.until(
      () => leftovers(world).length === 0,
      () => leftovers(world),
    );
    if (world.traffic.answers.size > 0) world.complain('a request never ended');
    for (const outcome of world.traffic.outcomes.keys()) {
      // Nothing else is killed: whoever asked once there was a copy is answered.
      if (outcome !== 'completed' && outcome !== 'cancelled RUN-309')
        world.complain(`a request ended as ${outcome}`);
    }
    if (world.violation !== null) throw new Error(world.violation);
  }

  private async create(): Promise<void> {
    const { client, tenant } = this;
    for (const endpointConfigName of ['first', 'second']) {
      const variant = { variantName: 'all', instanceType: 'local.small', initialInstanceCount: 2 };
      await client.call('CreateEndpointConfig', { endpointConfigName, productionVariants: [variant] });
    }
    await client.call('CreateEndpoint', { endpointName: 'apex', endpointConfigName: 'first' });
    tenant.configName = 'first';
    await client.call('CreateInferenceComponent', {
      inferenceComponentName: 'inline',
      endpointName: 'apex',
      specification: specification(1),
      runtimeConfig: { copyCount: 2 },
    });
    tenant.components.set('inline', 2);
  }

  private async remove(): Promise<void> {
    const { client, tenant } = this;
    tenant.components.clear();
    await client.call('DeleteInferenceComponent', { inferenceComponentName: 'inline' });
    tenant.configName = null;
    await client.call('DeleteEndpoint', { endpointName: 'apex' });
    for (const endpointConfigName of ['first', 'second']) {
      await client.call('DeleteEndpointConfig', { endpointConfigName });
    }
  }

  private async done(change: Promise<unknown>): Promise<void> {
    let isDone = false;
    void change.then(() => (isDone = true));
    await this.until(
      () => isDone,
      () => ['a call is not answered'],
    );
  }

  private async rest(): Promise<void> {
    const { world, tenant } = this;
    const problems = () => unrest(world, [tenant]);
    await this.until(() => problems().length === 0, problems);
  }

  private async until(isSo: () => boolean, why: () => readonly string[]): Promise<void> {
    const { world } = this;
    const giveUpAt = world.clock.now() + waitMsMax;
    while (!isSo()) {
      if (world.clock.now() > giveUpAt) throw new Error(why().join('; '));
      await world.run(100);
    }
  }
}

function specification(cpus: number): ComponentSpecification {
  return {
    container: {
      image: 'stowage',
      artifactUrl: `s3://stowage/models/${cpus}/${Conduct.Good}`,
      environment: {
        OPTION_ENGINE: 'simulated',
        OPTION_MAX_MODEL_LEN: '128',
        OPTION_MAX_ROLLING_BATCH_SIZE: '4',
        OPTION_MAX_NUM_BATCHED_TOKENS: '32',
      },
    },
    computeResourceRequirements: { numberOfCpuCoresRequired: cpus, minMemoryRequiredInMb: 256 },
  };
}
