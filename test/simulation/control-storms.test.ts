import { describe, expect, it } from 'vitest';
import {
  drawnCalls,
  drawnFaults,
  everyCallDone,
  faultless,
} from '../../src/adapters/fleet/simulated/faults.js';
import { StowageError } from '../../src/domain/errors.js';
import { ControlWorld, gibibyte, home } from './control-world.js';
import { SeededRandom } from './seeded-random.js';

const seeds = Number(process.env['STOWAGE_SIMULATION_SEEDS'] ?? 20);

describe('a control process that is killed and started again', () => {
  it('adopts what serves and starts nothing twice', async () => {
    const world = new ControlWorld();
    world.createEndpoint();
    world.createComponent({ copies: 3 });
    await world.until(() => world.status() === 'InService');
    const before = world.routes();
    const { revision } = world.control.feed.current();
    for (let time = 0; time < 20; time++) {
      world.restart();
      await world.clock.pass(time * 37);
    }
    await world.clock.pass(5_000);
    expect(world.routes()).toEqual(before);
    expect(world.starts).toHaveLength(3);
    expect(world.control.feed.current().revision).toBeGreaterThan(revision);
    expect(world.violations).toEqual([]);
    world.checkLedger();
  });

  it('publishes no table without the copies that served before', async () => {
    const world = new ControlWorld();
    world.createEndpoint();
    world.createComponent({ copies: 2 });
    await world.until(() => world.status() === 'InService');
    const first = world.tables.length;
    world.restart();
    await world.clock.pass(10_000);
    expect(world.tables.slice(first).map((table) => table.copies.length)).toEqual([2]);
  });

  it(`comes to what is wanted from any moment, for ${seeds} seeds`, async () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const random = new SeededRandom(seed);
      const world = new ControlWorld({ seed });
      const pass = () => world.clock.pass(random.below(200));
      const restartSometimes = () => {
        if (random.happens(0.7)) world.restart();
      };
      world.createEndpoint('apex', 2);
      await pass();
      restartSometimes();
      world.createComponent({ copies: 2 });
      await pass();
      restartSometimes();
      world.createComponent({ name: 'other' });
      await pass();
      restartSometimes();
      await world.until(() => world.status() === 'InService' && world.status('other') === 'InService');
      await world.until(() => world.routes().length === 3);
      expect(world.starts.length, `seed ${seed}`).toBe(new Set(world.starts.map(({ copy }) => copy)).size);
      world.updateComponent({ cpus: 0.5 });
      await pass();
      restartSometimes();
      await pass();
      restartSometimes();
      await world.until(() => world.status() === 'InService');
      world.deleteComponent();
      await pass();
      restartSometimes();
      world.deleteComponent('other');
      world.deleteEndpoint();
      await pass();
      restartSometimes();
      await world.until(() => world.records('endpoint').length === 0);
      await world.until(() => world.records('inference-component').length === 0);
      await world.clock.pass(1_000);
      expect(world.running(), `seed ${seed}`).toEqual([]);
      expect(world.records('copy'), `seed ${seed}`).toEqual([]);
      expect(world.violations, `seed ${seed}`).toEqual([]);
      world.checkLedger();
    }
  });
});

describe('storms', () => {
  it(`of ${seeds} seeds leave what is wanted`, async () => {
    for (let seed = 1; seed <= seeds; seed++) await storm(seed);
  }, 120_000);

  async function storm(seed: number): Promise<void> {
    const random = new SeededRandom(seed);
    let isCalm = false;
    const faults = drawnFaults(random, {
      startDelayMsMax: 300,
      startFailing: 0.2,
      crashing: 0.4,
      hanging: 0.2,
      lifeMsMax: 20_000,
    });
    const calls = drawnCalls(random, { lost: 0.1, doubled: 0.1 });
    const host = (id: string, zone: string) => ({ id, zone, cpus: 8, memoryBytes: 32 * gibibyte });
    const world = new ControlWorld({
      seed,
      faults: (copy) => (isCalm ? faultless(copy) : faults(copy)),
      calls: () => (isCalm ? everyCallDone() : calls()),
      hosts: [host('one', 'a'), host('two', 'b')],
    });
    world.createEndpoint('apex', 2);
    world.createComponent({ copies: 2 });
    world.createComponent({ name: 'b' });
    for (let change = 0; change < 8; change++) {
      attempt(() => disturb(world, random));
      await world.clock.pass(random.below(15_000));
    }
    isCalm = true;
    world.store.onCommit = () => undefined;
    world.machine.restoreHost('one');
    // Doomed processes of the storm live on for up to 20 s, hang for 5 s and are retried within 30 s.
    await world.clock.pass(180_000);
    const wanted = (name: string) => world.control.explainComponent(home, name).copiesWanted;
    expect(world.status(), `seed ${seed}`).toBe('InService');
    expect(world.status('b'), `seed ${seed}`).toBe('InService');
    expect(world.routes(), `seed ${seed}`).toHaveLength(wanted('inline') + wanted('b'));
    expect(world.running(), `seed ${seed}`).toHaveLength(wanted('inline') + wanted('b'));
    expect(world.violations, `seed ${seed}`).toEqual([]);
    world.checkLedger();
  }

  function disturb(world: ControlWorld, random: SeededRandom): void {
    switch (random.below(7)) {
      case 0:
        return world.restart();
      case 1:
        return world.clock.stall(random.below(10_000));
      case 2:
        world.machine.loseHost('one');
        world.clock.after(random.below(20_000), () => world.machine.restoreHost('one'));
        return;
      case 3:
        world.store.onCommit = () => {
          if (random.happens(0.5)) throw StowageError.of('STATE-702', { problem: 'the disk is full' });
        };
        return;
      case 4:
        return world.scale('inline', random.below(4));
      case 5:
        return world.updateComponent({ cpus: 0.25 * (1 + random.below(4)) });
      default:
        for (const { copy } of world.fleet.observe().copies) if (random.happens(0.3)) world.fleet.crash(copy);
    }
  }

  /** Commands may be refused in the middle of another change, or with a full disk. */
  function attempt(task: () => void): void {
    try {
      task();
    } catch (error) {
      if (!(error instanceof StowageError)) throw error;
    }
  }
});
