import { afterEach, describe, expect, it } from 'vitest';
import { drawnFaults, faultless } from '../../src/adapters/fleet/simulated/faults.js';
import { CopyState } from '../../src/domain/copy.js';
import { madeUpComponent } from '../conformance/made-up-component.js';
import { StubConduct } from '../conformance/stub-worker.js';
import type { ControlWorldWishes } from './control-world.js';
import { ControlWorld } from './control-world.js';
import { SeededRandom } from './seeded-random.js';

const seeds = Number(process.env['STOWAGE_SIMULATION_SEEDS'] ?? 20);
const gibibyte = 1024 ** 3;

describe('the control loop', () => {
  let world: ControlWorld;
  const make = (wishes: ControlWorldWishes = {}) => (world = new ControlWorld(wishes));
  const until = (isSo: () => boolean) => world.until(isSo);
  const isServing = (count: number) => () => world.routes().length === count;

  afterEach(() => expect(world.violations).toEqual([]));

  it('publishes endpoints at once and each copy when it is ready', async () => {
    make();
    world.want(madeUpComponent({ copiesMin: 2 }), madeUpComponent({ name: 'idle', copiesMin: 0 }));
    expect(world.control.feed.current()).toMatchObject({ endpoints: [{ name: 'apex' }], copies: [] });
    expect(world.control.feed.current().endpoints[0]!.components).toHaveLength(2);
    await until(isServing(2));
    expect(world.routes()).toMatchObject([
      { copy: { id: 'inline-1' }, component: 'apex/inline', capacity: 2 },
      { copy: { id: 'inline-2' }, component: 'apex/inline', capacity: 2 },
    ]);
    const { revision } = world.control.feed.current();
    await world.clock.pass(10_000);
    expect(world.control.feed.current().revision).toBe(revision);
  });

  it('takes a crashed copy out of the routes and replaces it at once under a higher incarnation', async () => {
    make();
    world.want(madeUpComponent());
    await until(isServing(1));
    const [before] = world.routes();
    world.fleet.crash(before!.copy);
    await until(isServing(0));
    expect(await until(isServing(1))).toBeLessThan(200);
    expect(world.routes()[0]!.copy.incarnation).toBeGreaterThan(before!.copy.incarnation);
    expect(world.log.lines.filter((line) => line.facts['code'] === 'RUN-301')).toHaveLength(1);
    expect(world.telemetry.exits).toEqual([{ component: 'apex/inline', reason: 'RUN-301' }]);
  });

  it('restarts a copy that cannot start at once, then after 0.5 s, doubling to 30 s, and says why', async () => {
    make();
    world.want(madeUpComponent({ modelPath: StubConduct.Failing }));
    await world.clock.pass(150_000);
    const waits = world.startedAt.slice(1).map((time, index) => time - world.startedAt[index]!);
    expect(waits[0]).toBeLessThan(100);
    [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000].forEach((full, index) => {
      expect(waits[index + 1]).toBeGreaterThanOrEqual(full * 0.8);
      expect(waits[index + 1]).toBeLessThanOrEqual(full + 100);
    });
    const [explained] = world.control.explain();
    expect(explained).toMatchObject({ component: 'apex/inline', copiesWanted: 1, copiesReady: 0 });
    expect(explained!.copies).toMatchObject([
      { id: 'inline-1', state: 'waiting', error: { code: 'RUN-304' } },
    ]);
    expect(explained!.copies[0]!.reason).toMatch(/failed \d+ times in a row.*code 9/);
    expect(explained!.copies[0]!.nextAt).toBeGreaterThan(world.clock.now());
  });

  it('forgets failures after a minute of readiness', async () => {
    make();
    world.want(madeUpComponent());
    for (let count = 0; count < 4; count++) {
      await until(isServing(1));
      world.fleet.crash(world.routes()[0]!.copy);
      await until(isServing(0));
    }
    expect(await until(isServing(1))).toBeGreaterThan(1_500);
    await world.clock.pass(61_000);
    world.fleet.crash(world.routes()[0]!.copy);
    await until(isServing(0));
    expect(await until(isServing(1))).toBeLessThan(200);
  });

  it('replaces a copy that stands still within 10 s', async () => {
    make();
    world.want(madeUpComponent());
    await until(isServing(1));
    const { copy } = world.routes()[0]!;
    world.fleet.hang(copy);
    const took = await until(() => world.routes().some((route) => route.copy.incarnation > copy.incarnation));
    expect(took).toBeGreaterThan(4_000);
    expect(took).toBeLessThan(10_000);
    expect(world.telemetry.exits).toEqual([{ component: 'apex/inline', reason: 'RUN-303' }]);
  });

  it('replaces a copy that has requests and finishes no step, after 60 s', async () => {
    make();
    world.want(madeUpComponent());
    await until(isServing(1));
    const { copy } = world.routes()[0]!;
    await world.occupy('inline-1');
    const took = await until(() => world.routes().some((route) => route.copy.incarnation > copy.incarnation));
    expect(took).toBeGreaterThan(59_000);
    expect(took).toBeLessThan(65_000);
  });

  it('blames no copy for a time in which the server itself stood still', async () => {
    make();
    world.want(madeUpComponent({ copiesMin: 3 }));
    await until(isServing(3));
    const before = world.routes();
    world.clock.stall(60_000);
    await world.clock.pass(20_000);
    expect(world.routes()).toEqual(before);
    expect(world.telemetry.exits).toEqual([]);
  });

  it('rolls to a new generation without a moment with fewer copies', async () => {
    make();
    world.want(madeUpComponent({ copiesMin: 2 }));
    await until(isServing(2));
    const first = world.tables.length;
    world.want(madeUpComponent({ copiesMin: 2, generation: 2 }));
    await until(() => world.running().join() === 'inline-1 2 ready,inline-2 2 ready');
    expect(world.tables.slice(first).every((table) => table.copies.length === 2)).toBe(true);
  });

  it('keeps the old generation serving when the new one cannot start', async () => {
    make();
    world.want(madeUpComponent());
    await until(isServing(1));
    const before = world.routes();
    world.want(madeUpComponent({ generation: 2, modelPath: StubConduct.Refusing }));
    await world.clock.pass(60_000);
    expect(world.routes()).toEqual(before);
    const waiting = world.control.explain()[0]!.copies.find((copy) => copy.state === 'waiting');
    expect(waiting?.error?.code).toBe('MODEL-022');
  });

  it('lets a removed component finish its requests, and ends it when it has', async () => {
    make();
    world.want(madeUpComponent(), madeUpComponent({ name: 'other' }));
    await until(isServing(2));
    const link = await world.occupy('inline-1');
    world.want(madeUpComponent({ name: 'other' }));
    expect(world.routes().map((route) => route.copy.id)).toEqual(['other-1']);
    await world.clock.pass(20_000);
    expect(world.copy('inline-1').state).toBe(CopyState.Draining);
    link.send({ type: 'cancel', streams: [1] });
    expect(await until(() => world.running().length === 1)).toBeLessThan(2_000);
    expect(world.telemetry.exits).toEqual([{ component: 'apex/inline', reason: 'drained' }]);
  });

  it('ends a removed component with requests at its deadline', async () => {
    make();
    world.want(madeUpComponent({ predictSecondsMax: 30 }));
    await until(isServing(1));
    await world.occupy('inline-1');
    world.want();
    const took = await until(() => world.running().length === 0);
    expect(took).toBeGreaterThan(29_000);
    expect(took).toBeLessThan(31_000);
  });

  it('gives a busy copy the cores, and shares them when a second one is busy', async () => {
    make();
    world.want(madeUpComponent(), madeUpComponent({ name: 'other' }));
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

  it('starts no copy that does not fit into memory, says so, and starts it when there is room', async () => {
    make({ limits: { memoryBytesTotal: 4 * gibibyte } });
    const small = madeUpComponent({ name: 'small', memoryBytesMax: 2 * gibibyte });
    const large = madeUpComponent({ name: 'large', memoryBytesMax: 3 * gibibyte });
    world.want(small, large);
    await world.clock.pass(5_000);
    expect(world.running()).toEqual(['small-1 1 ready']);
    const [, explained] = world.control.explain();
    expect(explained!.copies).toMatchObject([
      { id: 'large-1', state: 'waiting', error: { code: 'CAP-102' } },
    ]);
    world.want(large);
    await until(() => world.running().join() === 'large-1 1 ready');
  });

  it('starts incarnations above those of an earlier run of the server', async () => {
    make();
    world.want(madeUpComponent());
    await until(isServing(1));
    expect(world.routes()[0]!.copy.incarnation).toBeGreaterThanOrEqual(world.clock.wallNow() - 60_000);
  });

  it('closes: drains what is busy, within the time given, and leaves nothing', async () => {
    make();
    world.want(madeUpComponent(), madeUpComponent({ name: 'other' }));
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
    world.want(madeUpComponent());
    await world.clock.pass(5_000);
    expect(world.running()).toEqual([]);
    expect(world.clock.nextDueAt()).toBeNull();
  });

  it('calls back when copies change, and not when nothing does', async () => {
    make();
    let calls = 0;
    const stop = world.control.onChange(() => calls++);
    world.want(madeUpComponent());
    await until(isServing(1));
    expect(calls).toBeGreaterThanOrEqual(3);
    const before = calls;
    await world.clock.pass(10_000);
    expect(calls).toBe(before);
    stop();
    world.fleet.crash(world.routes()[0]!.copy);
    await world.clock.pass(1_000);
    expect(calls).toBe(before);
  });

  it(`comes to what is wanted after every storm of ${seeds} seeds`, async () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const random = new SeededRandom(seed);
      const rates = {
        startDelayMsMax: 300,
        startFailing: 0.2,
        crashing: 0.4,
        hanging: 0.2,
        lifeMsMax: 20_000,
      };
      const storm = drawnFaults(random, rates);
      let isCalm = false;
      make({ seed, faults: (copy) => (isCalm ? faultless(copy) : storm(copy)) });
      let generation = 1;
      for (let change = 0; change < 6; change++) {
        if (random.happens(0.5)) generation++;
        const copiesMin = random.below(4);
        world.want(madeUpComponent({ copiesMin, generation }), madeUpComponent({ name: 'b', copiesMin: 1 }));
        await world.clock.pass(random.below(15_000));
        if (random.happens(0.2)) world.clock.stall(random.below(10_000));
      }
      isCalm = true;
      world.want(madeUpComponent({ copiesMin: 2, generation }), madeUpComponent({ name: 'b', copiesMin: 1 }));
      // Doomed processes of the storm live on for up to 20 s, hang for 5 s and are retried within 30 s.
      await world.clock.pass(120_000);
      const wanted = ['b-1 1 ready', `inline-1 ${generation} ready`, `inline-2 ${generation} ready`];
      expect(world.running(), `seed ${seed}`).toEqual(wanted);
      expect(world.routes(), `seed ${seed}`).toHaveLength(3);
      expect(world.violations, `seed ${seed}`).toEqual([]);
    }
  });
});
