/** What control does with copies that idle where memory is short, on virtual time. */
import { expect, it } from 'vitest';
import type { LoadSeries } from '../../src/contracts/load-reports.js';
import { ControlWorld, gibibyte, home } from './control-world.js';

const hosts = [{ id: 'local', zone: 'a', cpus: 8, memoryBytes: 8 * gibibyte }];

/** Says every second from now on that so many requests of a component wait for a copy. */
function holdRequests(world: ControlWorld, component: string, held: number): void {
  world.report([seriesOf(component, held)], true);
  world.clock.after(1_000, () => holdRequests(world, component, held));
}

function seriesOf(component: string, held: number): LoadSeries {
  const latency = { count: 0, sumMicroseconds: 0, minMicroseconds: 0, maxMicroseconds: 0, buckets: [] };
  const zeros = {
    ...{ invocations: 0, errors4xx: 0, errors5xx: 0, modelErrors: 0, noCapacity: 0, concurrencyMin: 0 },
    ...{ concurrencyMax: held, inFlight: 0, queued: 0, promptTokens: 0, cachedTokens: 0, generatedTokens: 0 },
  };
  const latencies = { modelLatency: latency, overheadLatency: latency, firstTokenLatency: latency };
  const name = { scope: home, endpoint: 'apex', variant: 'all', component };
  return { ...zeros, ...latencies, ...name, held, callers: [] };
}

function register(world: ControlWorld, name: string): void {
  world.control.execute('RegisterScalableTarget', home, {
    serviceNamespace: 'sagemaker',
    resourceId: `inference-component/${name}`,
    scalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
    minCapacity: 0,
    maxCapacity: 1,
  });
}

it('an idle copy is put to sleep before any is evicted, and whoever lacked memory starts in what that frees', async () => {
  const world = new ControlWorld({ hosts });
  world.createEndpoint();
  world.createComponent({ name: 'idle', memoryMiB: 2_000 });
  world.createComponent({ name: 'fixed', memoryMiB: 256 });
  world.createComponent({ name: 'needy', memoryMiB: 3_000, copies: 0 });
  register(world, 'idle');
  register(world, 'needy');
  await world.until(() => world.routes().length === 2);
  await world.clock.pass(30_000);
  world.machine.takeMemory('local', 3.3 * gibibyte);
  holdRequests(world, 'needy', 3);
  await world.until(() => world.copy('idle-1').report?.isAsleep === true);
  expect(world.copy('fixed-1').report?.isAsleep).toBe(false);
  expect(world.running()).toEqual(['fixed-1 1 ready', 'idle-1 1 ready']);
  world.machine.takeMemory('local', 2.5 * gibibyte);
  await world.until(() => world.routes().length === 3);
  expect(world.running()).toContain('idle-1 1 ready');
});

it('an idle copy is evicted where sleep frees too little, and what has no scalable target never is', async () => {
  const world = new ControlWorld({ hosts });
  world.createEndpoint();
  world.createComponent({ name: 'idle', memoryMiB: 2_400 });
  world.createComponent({ name: 'fixed', memoryMiB: 2_400 });
  world.createComponent({ name: 'needy', memoryMiB: 2_400, copies: 0 });
  register(world, 'idle');
  register(world, 'needy');
  await world.until(() => world.routes().length === 2);
  await world.clock.pass(30_000);
  world.machine.takeMemory('local', 3 * gibibyte);
  holdRequests(world, 'needy', 3);
  await world.until(() => !world.running().some((line) => line.startsWith('idle-1')));
  expect(world.running()).toContain('fixed-1 1 ready');
  await world.until(() => world.running().includes('needy-1 1 ready'));
  world.checkLedger();
});

it('where nearly all memory is used, copies that idle sleep whoever waits', async () => {
  const world = new ControlWorld({ hosts });
  world.createEndpoint();
  world.createComponent({ memoryMiB: 500 });
  await world.until(() => world.routes().length === 1);
  const link = await world.occupy('inline-1');
  world.machine.takeMemory('local', 7 * gibibyte);
  await world.clock.pass(60_000);
  expect(world.copy('inline-1').report?.isAsleep).toBe(false);
  link.send({ type: 'cancel', streams: [1] });
  await world.until(() => world.copy('inline-1').report?.isAsleep === true);
});
