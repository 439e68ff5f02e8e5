import { afterEach, describe, expect, it } from 'vitest';
import { CopyState } from '../../src/domain/copy.js';
import { StubConduct } from '../conformance/stub-worker.js';
import type { ControlWorldWishes } from './control-world.js';
import { ControlWorld, gibibyte, home } from './control-world.js';

describe('the control plane', () => {
  let world: ControlWorld;
  const make = (wishes: ControlWorldWishes = {}) => (world = new ControlWorld(wishes));
  const until = (isSo: () => boolean, msMax?: number) => world.until(isSo, msMax);
  const isServing = (count: number) => () => world.routes().length === count;
  const explained = (name = 'inline') => world.control.explainComponent(home, name);
  const makeServing = async (wishes: ControlWorldWishes = {}, copies = 1) => {
    make(wishes);
    world.createEndpoint();
    world.createComponent({ copies });
    await until(isServing(copies));
  };

  afterEach(() => {
    expect(world.violations).toEqual([]);
    world.checkLedger();
  });

  it('brings an endpoint and a component into service, and leaves nothing when they are deleted', async () => {
    make();
    world.createEndpoint();
    expect(world.endpointStatus()).toBe('Creating');
    world.createComponent({ copies: 2 });
    await until(() => world.endpointStatus() === 'InService');
    await until(() => world.status() === 'InService');
    expect(world.routes()).toMatchObject([
      { copy: { id: 'inline-1' }, component: '111122223333/us-east-1/apex/inline', group: 1 },
      { copy: { id: 'inline-2' }, component: '111122223333/us-east-1/apex/inline', group: 1 },
    ]);
    const { revision } = world.control.feed.current();
    await world.clock.pass(10_000);
    expect(world.control.feed.current().revision).toBe(revision);
    world.deleteComponent();
    await until(() => world.records('inference-component').length === 0);
    world.deleteEndpoint();
    await until(() => world.records('endpoint').length === 0);
    expect(world.running()).toEqual([]);
    expect(world.records('copy')).toEqual([]);
    expect(world.records('instance')).toEqual([]);
    expect(world.control.feed.current()).toMatchObject({ endpoints: [], copies: [] });
  });

  it('takes a crashed copy out of the routes and replaces it at once under a higher incarnation', async () => {
    await makeServing();
    const [before] = world.routes();
    world.fleet.crash(before!.copy);
    await until(isServing(0));
    expect(await until(isServing(1))).toBeLessThan(200);
    expect(world.routes()[0]!.copy.id).toBe('inline-1');
    expect(world.routes()[0]!.copy.incarnation).toBeGreaterThan(before!.copy.incarnation);
    expect(world.telemetry.exits).toEqual([{ component: before!.component, reason: 'RUN-301' }]);
    expect(world.status()).toBe('InService');
    expect(explained().history.map((entry) => entry.event)).toContain('component-copy-failed');
  });

  it('restarts a copy that cannot start at once, then after 0.5 s, doubling to 30 s, and says why', async () => {
    make();
    world.createEndpoint();
    world.createComponent({ conduct: StubConduct.Failing });
    await world.clock.pass(150_000);
    const waits = world.starts.slice(1).map(({ at }, index) => at - world.starts[index]!.at);
    expect(waits[0]).toBeLessThan(100);
    [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000].forEach((full, index) => {
      expect(waits[index + 1]).toBeGreaterThanOrEqual(full * 0.8);
      expect(waits[index + 1]).toBeLessThanOrEqual(full + 100);
    });
    const { status, failureReason, copies } = explained();
    expect(status).toBe('Failed');
    expect(failureReason).toMatch(/did not start.*code 9\. Mend: stowage doctor$/);
    expect(copies).toMatchObject([{ id: 'inline-1', state: 'waiting', error: { code: 'RUN-304' } }]);
    expect(copies[0]!.reason).toMatch(/failed \d+ times in a row.*code 9/);
    expect(copies[0]!.nextAt).toBeGreaterThan(world.clock.wallNow());
  });

  it('forgets failures after a minute of readiness', async () => {
    await makeServing();
    for (let count = 0; count < 4; count++) {
      await until(isServing(1));
      world.fleet.crash(world.routes()[0]!.copy);
      await until(isServing(0));
    }
    expect(await until(isServing(1))).toBeGreaterThan(1_500);
    await world.clock.pass(62_000);
    world.fleet.crash(world.routes()[0]!.copy);
    await until(isServing(0));
    expect(await until(isServing(1))).toBeLessThan(200);
  });

  it('replaces a copy that stands still within 10 s', async () => {
    await makeServing();
    const { copy, component } = world.routes()[0]!;
    world.fleet.hang(copy);
    const took = await until(() => world.routes().some((route) => route.copy.incarnation > copy.incarnation));
    expect(took).toBeGreaterThan(4_000);
    expect(took).toBeLessThan(10_000);
    expect(world.telemetry.exits).toEqual([{ component, reason: 'RUN-303' }]);
  });

  it('replaces a copy that has requests and finishes no step, after 60 s', async () => {
    await makeServing();
    const { copy } = world.routes()[0]!;
    await world.occupy('inline-1');
    const took = await until(() => world.routes().some((route) => route.copy.incarnation > copy.incarnation));
    expect(took).toBeGreaterThan(59_000);
    expect(took).toBeLessThan(65_000);
  });

  it('blames no copy for a time in which the server itself stood still', async () => {
    await makeServing({}, 3);
    const before = world.routes();
    world.clock.stall(60_000);
    await world.clock.pass(20_000);
    expect(world.routes()).toEqual(before);
    expect(world.telemetry.exits).toEqual([]);
  });

  it('rolls to a new specification without a moment with fewer copies', async () => {
    await makeServing({}, 2);
    const first = world.tables.length;
    world.updateComponent({ cpus: 0.5 });
    await until(() => world.status() === 'InService' && isServing(2)());
    expect(world.running().filter((one) => one.endsWith('ready'))).toHaveLength(2);
    expect(world.running().every((one) => one.includes(' 2 '))).toBe(true);
    expect(world.tables.slice(first).every((table) => table.copies.length >= 2)).toBe(true);
  });

  it('makes room one copy at a time where both specifications do not fit', async () => {
    make();
    world.createEndpoint();
    world.createComponent({ copies: 2, memoryMiB: 4_000 });
    await until(isServing(2));
    const first = world.tables.length;
    world.updateComponent({ memoryMiB: 3_900 });
    await until(() => world.status() === 'InService');
    expect(world.running()).toEqual(['inline-1 2 ready', 'inline-2 2 ready']);
    expect(Math.min(...world.tables.slice(first).map((table) => table.copies.length))).toBe(1);
  });

  it('keeps the old specification when the new one cannot start, and says so', async () => {
    await makeServing();
    const [before] = world.routes();
    world.updateComponent({ conduct: StubConduct.Refusing });
    await until(() => world.status() === 'InService');
    expect(world.routes()).toEqual([before]);
    expect(explained().failureReason).toMatch(/rolled back.*it is cut off/);
    await world.clock.pass(60_000);
    expect(world.running()).toEqual(['inline-1 1 ready']);
  });

  it('says at once what only a person can mend, and serves when it is mended', async () => {
    make();
    world.createEndpoint();
    world.createComponent({ conduct: StubConduct.Refusing });
    await until(() => world.status() === 'Failed');
    const [route] = world.control.feed.current().endpoints[0]!.components;
    expect(route?.refusal?.code).toBe('MODEL-022');
    world.updateComponent({ conduct: StubConduct.Good });
    await until(() => world.status() === 'InService');
    expect(world.control.feed.current().endpoints[0]!.components[0]!.refusal).toBeNull();
  });

  it('lets a deleted component finish its requests, and ends it when it has', async () => {
    await makeServing();
    world.createComponent({ name: 'other' });
    await until(isServing(2));
    const link = await world.occupy('inline-1');
    world.deleteComponent();
    await until(isServing(1));
    expect(world.routes().map((route) => route.copy.id)).toEqual(['other-1']);
    await world.clock.pass(20_000);
    expect(world.copy('inline-1').state).toBe(CopyState.Draining);
    link.send({ type: 'cancel', streams: [1] });
    expect(await until(() => world.running().length === 1)).toBeLessThan(2_000);
    expect(world.telemetry.exits).toMatchObject([{ reason: 'drained' }]);
    await until(() => world.records('inference-component').length === 1);
  });

  it('ends a deleted component with requests at its deadline', async () => {
    make();
    world.createEndpoint();
    world.createComponent({ environment: { OPTION_PREDICT_TIMEOUT: '30' } });
    await until(isServing(1));
    await world.occupy('inline-1');
    world.deleteComponent();
    const took = await until(() => world.running().length === 0);
    expect(took).toBeGreaterThan(29_000);
    expect(took).toBeLessThan(31_000);
  });

  it('scales to zero and back', async () => {
    await makeServing({}, 3);
    world.scale('inline', 0);
    expect(world.status()).toBe('Updating');
    await until(() => world.running().length === 0);
    await until(() => world.status() === 'InService');
    world.scale('inline', 2);
    await until(() => world.status() === 'InService' && isServing(2)());
  });

  it('gives a busy copy the cores, and shares them when a second one is busy', async () => {
    await makeServing();
    world.createComponent({ name: 'other' });
    await until(isServing(2));
    const threads = () => ['inline-1', 'other-1'].map((id) => world.copy(id).report?.threads);
    await until(() => threads().join() === '8,8');
    const one = await world.occupy('inline-1');
    await until(() => threads().join() === '8,4');
    await world.occupy('other-1');
    await until(() => threads().join() === '4,4');
    one.send({ type: 'cancel', streams: [1] });
    expect(await until(() => threads().join() === '4,8')).toBeGreaterThanOrEqual(1_000);
  });

  it('starts no copy that does not fit on the instances, says so, and starts it when there is room', async () => {
    make();
    world.createEndpoint();
    world.createComponent({ name: 'small', memoryMiB: 4_096 });
    world.createComponent({ name: 'large', memoryMiB: 6_000 });
    await until(() => world.status('small') === 'InService' || world.status('large') === 'InService');
    const [fits, waits] = world.status('small') === 'InService' ? ['small', 'large'] : ['large', 'small'];
    await until(() => world.status(waits) === 'Failed');
    expect(explained(waits).failureReason).toMatch(/^There is not enough hardware resources/);
    expect(explained(waits).copies).toMatchObject([{ state: 'waiting', error: { code: 'CAP-106' } }]);
    world.deleteComponent(fits);
    await until(() => world.status(waits) === 'InService');
  });

  it('starts no copy into memory that others have taken, and starts it when it is free', async () => {
    make({ hosts: [{ id: 'local', zone: 'a', cpus: 8, memoryBytes: 16 * gibibyte }] });
    world.createEndpoint();
    world.machine.takeMemory('local', 14 * gibibyte);
    world.createComponent({ memoryMiB: 3_000 });
    await world.clock.pass(5_000);
    expect(world.running()).toEqual([]);
    expect(explained().copies).toMatchObject([{ state: 'waiting', error: { code: 'CAP-108' } }]);
    world.machine.takeMemory('local', 12 * gibibyte);
    await until(() => world.status() === 'InService');
  });

  it('promises the same memory to one copy only', async () => {
    make({ hosts: [{ id: 'local', zone: 'a', cpus: 8, memoryBytes: 16 * gibibyte }] });
    world.createEndpoint('apex', 2);
    world.machine.takeMemory('local', 12 * gibibyte);
    world.createComponent({ copies: 2, memoryMiB: 3_000 });
    await until(isServing(1));
    await world.clock.pass(10_000);
    expect(world.running()).toHaveLength(1);
  });

  it('fails an endpoint whose instances cannot be had, and lets it be deleted', async () => {
    make({ limits: { provisionSecondsMax: 60 } });
    world.createEndpoint('apex', 2, home, 'local.rare');
    await until(() => world.endpointStatus() === 'Failed');
    const { failureReason, deployment } = world.control.explainEndpoint(home, 'apex');
    expect(failureReason).toMatch(/^Unable to provision 1 more local\.rare: .*countMax is 1/);
    expect(deployment).toMatch(/all lacks 1 instances/);
    world.deleteEndpoint();
    await until(() => world.records('endpoint').length === 0 && world.records('instance').length === 0);
  });

  it('replaces the instances of a host that is gone, and their copies', async () => {
    const host = (id: string, zone: string) => ({ id, zone, cpus: 8, memoryBytes: 32 * gibibyte });
    make({ hosts: [host('one', 'a'), host('two', 'b')] });
    world.createEndpoint('apex', 2);
    world.createComponent({ copies: 2 });
    await until(isServing(2));
    world.machine.loseHost('one');
    await until(isServing(1));
    await until(isServing(2));
    const hosts = () => world.records('instance').map((one) => 'host' in one && one.host);
    await until(() => hosts().join() === 'two,two');
    await until(isServing(2));
  });

  it('keeps scopes apart, and their copies’ names too', async () => {
    await makeServing();
    const other = { account: '999988887777', region: 'us-east-1' };
    world.createEndpoint('apex', 1, other);
    world.createComponent({ scope: other });
    await until(isServing(2));
    expect(world.routes().map((route) => route.copy.id)).toEqual([
      '999988887777/us-east-1/inline-1',
      'inline-1',
    ]);
    await expect(world.control.logs(other, 'inline-1', 10)).rejects.toMatchObject({ code: 'NAME-404' });
    await expect(world.control.logs(home, 'inline-1', 10)).resolves.toEqual([]);
    expect(() => world.control.explainComponent({ ...home, region: 'eu-west-1' }, 'inline')).toThrow();
  });

  it('runs a variant’s own model on each of its instances', async () => {
    make();
    world.createModel('whole');
    world.createModelEndpoint('single', 'whole', 2);
    await until(() => world.endpointStatus('single') === 'InService');
    expect(world.running()).toEqual(['single/all-1 1 ready', 'single/all-2 1 ready']);
    const key = '111122223333/us-east-1/single/variant:all';
    const [endpoint] = world.control.feed.current().endpoints;
    expect(endpoint).toMatchObject({ variants: [{ name: 'all', model: key, weight: 1, shadow: null }] });
    world.fleet.crash(world.routes()[0]!.copy);
    await until(isServing(1));
    await until(isServing(2));
    world.deleteEndpoint('single');
    await until(() => world.records('endpoint').length === 0);
    expect(world.running()).toEqual([]);
  });

  it('closes: drains what is busy, within the time given, and leaves nothing but what was wanted', async () => {
    await makeServing();
    world.createComponent({ name: 'other' });
    await until(isServing(2));
    await world.occupy('inline-1');
    let isClosed = false;
    const closed = world.control.close(8_000).then(() => (isClosed = true));
    await world.clock.pass(5_000);
    expect(world.running()).toEqual(['inline-1 1 draining']);
    expect(world.routes()).toEqual([]);
    await world.clock.pass(4_000);
    expect(isClosed).toBe(true);
    await closed;
    expect(world.running()).toEqual([]);
    expect(world.clock.nextDueAt()).toBeNull();
    world.restart();
    await until(isServing(2));
    expect(world.status()).toBe('InService');
  });

  it('calls back when copies change, and not when nothing does', async () => {
    await makeServing();
    await world.clock.pass(70_000);
    let calls = 0;
    const stop = world.control.onChange(() => calls++);
    await world.clock.pass(40_000);
    expect(calls).toBe(0);
    world.scale('inline', 2);
    await until(() => world.status() === 'InService');
    expect(calls).toBeGreaterThanOrEqual(3);
    const before = calls;
    stop();
    world.fleet.crash(world.routes()[0]!.copy);
    await world.clock.pass(1_000);
    expect(calls).toBe(before);
  });
});
