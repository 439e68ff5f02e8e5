import { afterEach, describe, expect, it } from 'vitest';
import { StubConduct } from '../conformance/stub-worker.js';
import { ControlWorld, gibibyte, home } from './control-world.js';

describe('failures of copies', () => {
  let world: ControlWorld;
  const host = (id: string, zone: string) => ({ id, zone, cpus: 8, memoryBytes: 32 * gibibyte });
  const isServing = (count: number) => () => world.routes().length === count;
  const failureCount = () =>
    world
      .records('inference-component')
      .map((one) => (one.kind === 'inference-component' ? (one.failures?.count ?? 0) : -1));

  afterEach(() => {
    expect(world.violations).toEqual([]);
    world.checkLedger();
  });

  it('of a variant’s own model are remembered over a restart, and end with the endpoint', async () => {
    world = new ControlWorld();
    world.createModel('broken', StubConduct.Failing);
    world.createModelEndpoint('single', 'broken', 1);
    await world.until(() => world.starts.length === 3);
    world.restart();
    await world.until(() => world.endpointStatus('single') === 'Failed');
    expect(world.starts).toHaveLength(5);
    world.deleteEndpoint('single');
    await world.until(() => world.records('endpoint').length === 0);
    world.control.execute('DeleteEndpointConfig', home, { endpointConfigName: 'single-config' });
    world.createModel('good');
    world.createModelEndpoint('single', 'good', 1);
    await world.until(() => world.endpointStatus('single') !== 'Creating');
    expect(world.endpointStatus('single')).toBe('InService');
  });

  it('that a lost host took with it are no failures: they start elsewhere at once', async () => {
    world = new ControlWorld({ hosts: [host('one', 'a'), host('two', 'b')] });
    world.createEndpoint('apex', 2);
    world.createComponent({ copies: 6, cpus: 0.5 });
    await world.until(isServing(6));
    world.machine.loseHost('one');
    await world.until(isServing(3));
    expect(failureCount()).toEqual([0]);
    expect(await world.until(isServing(6))).toBeLessThan(2_000);
  });

  it('that fell together count once', async () => {
    world = new ControlWorld();
    world.createEndpoint();
    world.createComponent({ copies: 6, cpus: 0.5 });
    await world.until(isServing(6));
    for (const { copy } of world.routes()) world.fleet.crash(copy);
    await world.until(isServing(0));
    expect(failureCount()).toEqual([1]);
    expect(await world.until(isServing(6))).toBeLessThan(500);
  });

  it('do not drive an older generation into a race of restarts', async () => {
    world = new ControlWorld();
    world.createEndpoint();
    world.createComponent();
    await world.until(isServing(1));
    world.updateComponent({ conduct: StubConduct.Failing });
    await world.until(() => failureCount()[0]! > 0);
    const before = world.starts.length;
    for (let count = 0; count < 20 && world.status() === 'Updating'; count++) {
      for (const { copy } of world.routes()) world.fleet.crash(copy);
      await world.clock.pass(100);
    }
    expect(world.starts.length - before).toBeLessThan(14);
    await world.until(() => world.status() !== 'Updating');
    await world.until(isServing(1));
  });

  it('leave nothing to go back to: a component that failed is updated to the new specification alone', async () => {
    world = new ControlWorld();
    world.createEndpoint();
    world.createComponent({ conduct: StubConduct.Failing });
    await world.until(() => world.status() === 'Failed');
    world.updateComponent({ conduct: StubConduct.Refusing });
    await world.until(() => world.status() !== 'Updating');
    expect(world.status()).toBe('Failed');
    const { failureReason, failure } = world.control.explainComponent(home, 'inline');
    expect(failureReason).toMatch(/cut off/);
    expect(failureReason).toContain(failure?.message);
    expect(failure?.code).toBe('MODEL-022');
    world.updateComponent();
    await world.until(() => world.status() === 'InService');
    expect(world.control.explainComponent(home, 'inline').failure).toBeNull();
  });

  it('are not counted of processes that were dead when the control process came back', async () => {
    world = new ControlWorld();
    world.createEndpoint();
    world.createComponent({ copies: 2 });
    await world.until(isServing(2));
    for (const { copy } of world.routes()) world.machine.crash(copy);
    world.restart();
    await world.until(isServing(2));
    expect(failureCount()).toEqual([0]);
    const events = world.store.ledger({ limit: 10_000 }).map(({ event }) => event);
    expect(events.filter((event) => event === 'copy-lost')).toHaveLength(2);
    expect(world.telemetry.exits).toEqual([]);
  });

  it('for want of room are told of a component that serves with fewer copies, until all of them run', async () => {
    world = new ControlWorld();
    world.createEndpoint();
    world.createComponent({ copies: 2, memoryMiB: 5_000 });
    await world.until(() => world.status() === 'InService');
    const { failureReason } = world.control.explainComponent(home, 'inline');
    expect(failureReason).toMatch(
      /^There is not enough hardware resources.*Mend: lower what a copy requires/,
    );
    const { length } = world.store.ledger({ limit: 10_000 });
    await world.clock.pass(30_000);
    expect(world.store.ledger({ limit: 10_000 })).toHaveLength(length);
    world.restart();
    await world.until(isServing(1));
    expect(world.control.explainComponent(home, 'inline').failureReason).toBe(failureReason);
    world.fleet.crash(world.routes()[0]!.copy);
    await world.until(isServing(0));
    await world.until(isServing(1));
    expect(world.status()).toBe('InService');
    world.scale('inline', 1);
    await world.until(() => world.status() === 'InService');
    expect(world.control.explainComponent(home, 'inline').failureReason).toBeNull();
  });

  it('of a component whose environment cannot be read are told to those who ask it something', async () => {
    world = new ControlWorld();
    world.createEndpoint();
    world.createComponent({ copies: 0 });
    await world.until(() => world.status() === 'InService');
    const stored = world.store.load().find(({ key }) => key.startsWith('inference-component'))!;
    if (stored.value.kind !== 'inference-component') throw new Error('there is no component');
    const [generation] = stored.value.generations;
    const containers = [{ environment: { OPTION_MAX_MODEL_LEN: 'many' } }];
    const value = { ...stored.value, generations: [{ ...generation!, containers }] };
    const change = { key: stored.key, expectedRevision: stored.revision, value };
    world.store.commit([{ ...change, event: 'component-updated', reason: 'an older version did' }], 0);
    world.restart();
    await world.until(() => world.control.feed.current().endpoints.length === 1);
    const { components } = world.control.feed.current().endpoints[0]!;
    expect(components).toMatchObject([{ component: { name: 'inline' }, refusal: { code: 'REQ-210' } }]);
  });
});

it('an endpoint is gone only after its components', async () => {
  const world = new ControlWorld();
  world.createEndpoint();
  world.createComponent();
  await world.until(() => world.routes().length === 1);
  await world.occupy('inline-1');
  world.deleteComponent();
  world.deleteEndpoint();
  await world.clock.pass(30_000);
  expect([world.records('endpoint').length, world.records('inference-component').length]).toEqual([1, 1]);
  const left = world.control.explainEndpoint(home, 'apex');
  expect(left.status).toBe('Deleting');
  await world.until(() => world.records('endpoint').length === 0);
  const events = world.store.ledger({ limit: 10_000 }).map(({ event }) => event);
  expect(events).toContain('component-gone');
  expect(events.indexOf('endpoint-gone')).toBeGreaterThan(events.indexOf('component-gone'));
  world.checkLedger();
});
