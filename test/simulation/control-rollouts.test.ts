import { afterEach, describe, expect, it } from 'vitest';
import { StubConduct } from '../conformance/stub-worker.js';
import { ControlWorld, home } from './control-world.js';

const bakeSeconds = 60;

describe('a deployment of an endpoint', () => {
  let world: ControlWorld;

  const make = async (instances = 1, copies = 1) => {
    world = new ControlWorld();
    world.createEndpoint('apex', instances);
    world.createComponent({ copies });
    await world.until(() => world.status() === 'InService' && world.endpointStatus() === 'InService');
  };
  const update = (instances: number, deploymentConfig?: object) => {
    const variant = { variantName: 'all', instanceType: 'local.small', initialInstanceCount: instances };
    world.createConfig('next', [variant]);
    world.control.execute('UpdateEndpoint', home, {
      endpointName: 'apex',
      endpointConfigName: 'next',
      ...(deploymentConfig === undefined ? {} : { deploymentConfig }),
    });
  };
  const canary = (alarmName?: string) => ({
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: {
        type: 'CANARY',
        waitIntervalInSeconds: bakeSeconds,
        canarySize: { type: 'CAPACITY_PERCENT', value: 25 },
      },
    },
    ...(alarmName === undefined ? {} : { autoRollbackConfiguration: { alarms: [{ alarmName }] } }),
  });
  const instances = () =>
    world.records('instance').map((one) => (one.kind === 'instance' ? `${one.generation} ${one.state}` : ''));
  const shares = () => world.control.feed.current().endpoints[0]!.components[0]!.shares;
  const groups = () => world.routes().map((route) => route.group);
  /** From a table on, no moment with fewer copies than this. */
  const fewestSince = (table: number) =>
    Math.min(...world.tables.slice(table).map((one) => one.copies.length));

  afterEach(() => {
    expect(world.violations).toEqual([]);
    world.checkLedger();
  });

  it('without a policy brings up the new side, moves everything, and takes the old one away', async () => {
    await make(1, 2);
    const first = world.tables.length;
    update(2);
    expect(world.endpointStatus()).toBe('Updating');
    await world.until(() => world.endpointStatus() === 'InService');
    await world.until(() => instances().join() === '2 ready,2 ready');
    expect(groups()).toEqual([2, 2]);
    expect(fewestSince(first)).toBeGreaterThanOrEqual(2);
  });

  it('as a canary gives the new side its part, bakes, and goes on', async () => {
    await make();
    const first = world.tables.length;
    update(1, canary());
    await world.until(() => shares().some((share) => share.group === 2 && share.percent === 25));
    expect(groups().sort()).toEqual([1, 2]);
    await world.clock.pass(bakeSeconds * 500);
    expect(shares()).toEqual([
      { group: 1, percent: 75 },
      { group: 2, percent: 25 },
    ]);
    await world.until(() => world.endpointStatus() === 'InService', bakeSeconds * 4_000);
    expect(groups()).toEqual([2]);
    expect(fewestSince(first)).toBe(1);
  });

  it('as a canary goes back when its alarm rings', async () => {
    await make();
    const [before] = world.routes();
    world.control.execute('PutMetricAlarm', home, {
      alarmName: 'errors',
      namespace: 'AWS/SageMaker',
      metricName: 'Invocation5XXErrors',
      dimensions: [
        { name: 'EndpointName', value: 'apex' },
        { name: 'VariantName', value: 'all' },
      ],
      statistic: 'Sum',
      period: 60,
      evaluationPeriods: 1,
      threshold: 1,
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
    update(1, canary('errors'));
    await world.until(() => shares().some((share) => share.group === 2 && share.percent === 25));
    const alarm = { alarmName: 'errors', stateValue: 'ALARM', stateReason: 'too many' };
    world.control.execute('SetAlarmState', home, alarm);
    await world.until(() => world.endpointStatus() === 'InService');
    expect(world.control.explainEndpoint(home, 'apex').failureReason).toMatch(/alarm errors rang/);
    expect(world.routes()).toEqual([before]);
    expect(instances()).toEqual(['1 ready']);
  });

  it('rolls batch by batch without fewer copies than before', async () => {
    await make(2, 2);
    const first = world.tables.length;
    update(2, {
      rollingUpdatePolicy: {
        maximumBatchSize: { type: 'INSTANCE_COUNT', value: 1 },
        waitIntervalInSeconds: 10,
      },
    });
    await world.until(() => world.endpointStatus() === 'InService', 300_000);
    await world.until(() => instances().join() === '2 ready,2 ready');
    expect(groups()).toEqual([2, 2]);
    expect(fewestSince(first)).toBeGreaterThanOrEqual(2);
  });

  it('goes on over restarts of the control process', async () => {
    await make(2, 2);
    update(2, canary());
    for (let time = 0; time < 30; time++) {
      await world.clock.pass(3_000);
      world.restart();
    }
    await world.until(() => world.endpointStatus() === 'InService', 300_000);
    await world.until(() => instances().join() === '2 ready,2 ready');
    expect(groups()).toEqual([2, 2]);
  });

  it('of a model that is broken goes back by itself', async () => {
    world = new ControlWorld();
    world.createModel('good');
    world.createModel('broken', StubConduct.Refusing);
    world.createModelEndpoint('single', 'good', 1);
    await world.until(() => world.endpointStatus('single') === 'InService');
    const before = world.routes();
    const variant = { variantName: 'all', instanceType: 'local.small', initialInstanceCount: 1 };
    world.createConfig('next', [{ ...variant, modelName: 'broken' }]);
    world.control.execute('UpdateEndpoint', home, { endpointName: 'single', endpointConfigName: 'next' });
    await world.until(() => world.endpointStatus('single') === 'InService');
    expect(world.control.explainEndpoint(home, 'single').failureReason).toMatch(/rolled back: .*cut off/);
    expect(world.routes()).toEqual(before);
  });

  it('changes weights and instances in place', async () => {
    await make(1, 1);
    world.control.execute('UpdateEndpointWeightsAndCapacities', home, {
      endpointName: 'apex',
      desiredWeightsAndCapacities: [{ variantName: 'all', desiredWeight: 3, desiredInstanceCount: 3 }],
    });
    await world.until(() => world.endpointStatus() === 'InService' && instances().length === 3);
    expect(world.control.feed.current().endpoints[0]!.variants[0]!.weight).toBe(3);
    world.control.execute('UpdateEndpointWeightsAndCapacities', home, {
      endpointName: 'apex',
      desiredWeightsAndCapacities: [{ variantName: 'all', desiredInstanceCount: 1 }],
    });
    await world.until(() => world.endpointStatus() === 'InService' && instances().length === 1);
    expect(world.routes()).toHaveLength(1);
  });

  it('moves copies off an instance that goes before they end', async () => {
    await make(2, 2);
    const first = world.tables.length;
    world.control.execute('UpdateEndpointWeightsAndCapacities', home, {
      endpointName: 'apex',
      desiredWeightsAndCapacities: [{ variantName: 'all', desiredInstanceCount: 1 }],
    });
    await world.until(() => instances().length === 1 && world.endpointStatus() === 'InService');
    await world.until(() => world.running().length === 2);
    expect(world.routes()).toHaveLength(2);
    expect(fewestSince(first)).toBeGreaterThanOrEqual(2);
  });
});

describe('a rolling update of a component', () => {
  it('goes by copies, bakes between, and never has fewer ready', async () => {
    const world = new ControlWorld();
    world.createEndpoint('apex', 2);
    world.createComponent({ copies: 3 });
    await world.until(() => world.status() === 'InService');
    const first = world.tables.length;
    world.updateComponent({
      cpus: 0.5,
      rollout: {
        rollingUpdatePolicy: {
          maximumBatchSize: { type: 'COPY_COUNT', value: 1 },
          waitIntervalInSeconds: 10,
        },
      },
    });
    const took = await world.until(() => world.status() === 'InService', 300_000);
    expect(took).toBeGreaterThan(30_000);
    expect(world.running().filter((one) => one.includes(' 2 ready'))).toHaveLength(3);
    expect(Math.min(...world.tables.slice(first).map((one) => one.copies.length))).toBe(3);
    expect(world.violations).toEqual([]);
  });
});
