/** Managed instance scaling with the real control on virtual time. */
import { describe, expect, it, vi } from 'vitest';
import { chooseConsolidation } from '../../src/decide/scaling/instances/consolidate.js';
import type { EndpointRecord } from '../../src/domain/endpoint.js';
import { InstanceState, type InstanceRecord } from '../../src/domain/instance.js';
import { ControlWorld, home } from './control-world.js';

vi.mock('../../src/decide/scaling/instances/consolidate.js', async (original) => {
  const real = await original<{ chooseConsolidation: typeof chooseConsolidation }>();
  return { chooseConsolidation: vi.fn(real.chooseConsolidation) };
});

/** Shorter than a minute, so that cooldowns pass soon. */
const minuteMs = 6_000;
const idleMs = 6_000;

interface Managed {
  readonly min: number;
  readonly max: number;
  readonly strategy?: 'IDLE_RELEASE' | 'CONSOLIDATION';
  readonly step?: number;
  readonly cooldown?: number;
  readonly initial?: number;
}

function worldWith({ min, max, strategy = 'IDLE_RELEASE', step = 1, cooldown = 5, initial }: Managed) {
  const world = new ControlWorld({ limits: { instanceIdleMsMin: idleMs, cooldownMinuteMs: minuteMs } });
  const variant = {
    variantName: 'all',
    instanceType: 'local.small',
    ...(initial === undefined ? {} : { initialInstanceCount: initial }),
    managedInstanceScaling: {
      status: 'ENABLED',
      minInstanceCount: min,
      maxInstanceCount: max,
      scaleInPolicy: { strategy, maximumStepSize: step, cooldownInMinutes: cooldown },
    },
  };
  world.createConfig('apex-config', [variant]);
  world.control.execute('CreateEndpoint', home, { endpointName: 'apex', endpointConfigName: 'apex-config' });
  return world;
}

function instances(world: ControlWorld): readonly InstanceRecord[] {
  return world.records('instance') as InstanceRecord[];
}

function ready(world: ControlWorld): number {
  return instances(world).filter(({ state }) => state === InstanceState.Ready).length;
}

function wanted(world: ControlWorld): number {
  const [endpoint] = world.records('endpoint') as EndpointRecord[];
  return endpoint!.generations[0]!.variants['all']!.instanceCount;
}

describe('managed instances', () => {
  it('come from zero for copies without room, as many as those need, and are released when they are empty', async () => {
    const world = worldWith({ min: 0, max: 4 });
    await world.until(() => world.endpointStatus() === 'InService');
    expect(ready(world)).toBe(0);
    // Four cores each: two copies of three cores need two instances.
    world.createComponent({ copies: 2, cpus: 3 });
    await world.until(() => world.routes().length === 2);
    expect([ready(world), wanted(world)]).toEqual([2, 2]);
    world.scale('inline', 0);
    const waited = await world.until(() => instances(world).length === 0);
    expect(wanted(world)).toBe(0);
    expect(waited).toBeGreaterThanOrEqual(idleMs);
    expect(world.endpointStatus()).toBe('InService');
    world.checkLedger();
  });

  it('are never more than the most, nor more than help', async () => {
    const world = worldWith({ min: 0, max: 2 });
    world.createComponent({ name: 'giant', copies: 1, cpus: 5 });
    world.createComponent({ name: 'many', copies: 5, cpus: 3 });
    await world.until(() => world.routes().length === 2);
    await world.clock.pass(30_000);
    expect([ready(world), wanted(world)]).toEqual([2, 2]);
    const alone = worldWith({ min: 0, max: 4 });
    alone.createComponent({ name: 'giant', copies: 1, cpus: 5 });
    await alone.clock.pass(30_000);
    expect(wanted(alone)).toBe(0);
  });

  it('are consolidated after the cooldown, a step at a time, and nobody is without a ready copy meanwhile', async () => {
    const world = worldWith({ min: 1, max: 4, strategy: 'CONSOLIDATION', initial: 3 });
    await world.until(() => ready(world) === 3);
    for (const name of ['one', 'two', 'three']) world.createComponent({ name, copies: 1, cpus: 1.25 });
    await world.until(() => world.routes().length === 3);
    const before = world.tables.length - 1;
    const first = await world.until(() => instances(world).length === 2, 400_000);
    expect(first).toBeGreaterThan(4 * minuteMs);
    const second = await world.until(() => instances(world).length === 1, 400_000);
    expect(second).toBeGreaterThan(4 * minuteMs);
    await world.until(() => world.routes().length === 3);
    for (const table of world.tables.slice(before)) expect(table.copies.length).toBeGreaterThanOrEqual(3);
    await world.clock.pass(60_000);
    expect([ready(world), wanted(world)]).toEqual([1, 1]);
    expect(world.violations).toEqual([]);
  });

  it('that cannot be consolidated are looked through again when something changes, not each second', async () => {
    const world = worldWith({ min: 1, max: 2, strategy: 'CONSOLIDATION', initial: 2 });
    await world.until(() => ready(world) === 2);
    for (const name of ['one', 'two']) world.createComponent({ name, copies: 1, cpus: 3 });
    await world.until(() => world.routes().length === 2);
    await world.clock.pass(6 * minuteMs);
    vi.mocked(chooseConsolidation).mockClear();
    await world.clock.pass(60_000);
    expect(vi.mocked(chooseConsolidation).mock.calls.length).toBeLessThanOrEqual(2);
    world.createComponent({ name: 'three', copies: 1, cpus: 0.5 });
    await world.until(() => world.routes().length === 3);
    await world.clock.pass(3_000);
    expect(vi.mocked(chooseConsolidation).mock.calls.length).toBeLessThanOrEqual(8);
    world.scale('two', 0);
    await world.until(() => instances(world).length === 1, 60_000);
  });

  it('go on after control was killed in the middle of it', async () => {
    const world = worldWith({ min: 0, max: 2, strategy: 'CONSOLIDATION', initial: 2 });
    await world.until(() => ready(world) === 2);
    for (const name of ['one', 'two']) world.createComponent({ name, copies: 1, cpus: 1.5 });
    await world.until(() => world.routes().length === 2);
    await world.until(() => instances(world).some(({ state }) => state === InstanceState.Retiring), 400_000);
    world.restart();
    await world.until(() => instances(world).length === 1 && world.routes().length === 2);
    for (const name of ['one', 'two']) world.scale(name, 0);
    await world.clock.pass(idleMs / 2);
    world.restart();
    await world.until(() => instances(world).length === 0, 200_000);
    world.checkLedger();
  });
});
