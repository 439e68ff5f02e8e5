/**
 * Which faults a seed has, how often and how bad, and their coming: each seed has some kinds and not others, so that the
 * rare ones are not always hidden behind the frequent ones. `calm` ends all of it and mends what can be mended.
 */
import { CallFate, type Fault } from '../../../src/adapters/fleet/simulated/faults.js';
import type { SimulatedHostFacts } from '../../../src/adapters/fleet/simulated/machine.js';
import type { SeededRandom } from '../seeded-random.js';
import type { Weather, World } from './world.js';

/** Probabilities, 0..1; times in milliseconds; 0 = this seed does not have it. */
interface Climate {
  readonly startDelayMsMax: number;
  readonly startFailing: number;
  readonly crashing: number;
  readonly hanging: number;
  readonly lifeMsMax: number;
  readonly callsLost: number;
  readonly callsDoubled: number;
  readonly writesFailing: number;
  readonly linkMsMax: number;
  readonly restartMsMax: number;
  /** Between two blows, on average. */
  readonly blowMs: number;
}

type Blow = (world: World, random: SeededRandom) => void;

export class Storm implements Weather {
  readonly climate: Climate;
  readonly blows: readonly string[];
  private isCalm = false;
  private diskFullUntil = 0;
  private world: World | null = null;

  constructor(
    private readonly random: SeededRandom,
    private readonly hosts: readonly SimulatedHostFacts[],
  ) {
    this.climate = drawClimate(random);
    const names = Object.keys(this.kinds());
    const chosen = names.filter(() => random.happens(0.45));
    this.blows = chosen.length === 0 ? ['controlKill'] : chosen;
  }

  fault(): Fault {
    const { climate, random } = this;
    if (this.isCalm) return { startDelayMs: 5, isStartFailing: false, crashAfterMs: null, hangAfterMs: null };
    return {
      startDelayMs: random.next() * climate.startDelayMsMax,
      isStartFailing: random.happens(climate.startFailing),
      crashAfterMs: random.happens(climate.crashing) ? random.next() * climate.lifeMsMax : null,
      hangAfterMs: random.happens(climate.hanging) ? random.next() * climate.lifeMsMax : null,
    };
  }

  call(): CallFate {
    if (this.isCalm) return CallFate.Done;
    const drawn = this.random.next();
    if (drawn < this.climate.callsLost) return CallFate.Lost;
    return drawn < this.climate.callsLost + this.climate.callsDoubled ? CallFate.Doubled : CallFate.Done;
  }

  isDiskFull(): boolean {
    const now = this.world?.clock.now() ?? 0;
    return !this.isCalm && now < this.diskFullUntil && this.random.happens(this.climate.writesFailing);
  }

  linkMs(): number {
    return 1 + this.random.next() * this.climate.linkMsMax;
  }

  restartMs(): number {
    return this.isCalm ? 100 : this.random.next() * this.climate.restartMsMax;
  }

  /** Blows until the time is over. */
  async blow(world: World, ms: number): Promise<void> {
    const { random } = this;
    this.world = world;
    const kinds = this.kinds();
    const until = world.clock.now() + ms;
    for (;;) {
      await new Promise<void>((resolve) =>
        world.clock.after(random.next() * 2 * this.climate.blowMs, resolve),
      );
      if (world.clock.now() >= until) return;
      const name = this.blows[random.below(this.blows.length)]!;
      world.note(`blow: ${name}`);
      kinds[name]!(world, random);
    }
  }

  /** No fault from now on; hosts are back, and nobody takes what is ours. */
  calm(world: World): void {
    this.isCalm = true;
    world.points.disarm();
    world.link.mend();
    for (const { id } of this.hosts) {
      world.machine.restoreHost(id);
      world.machine.takeMemory(id, 0);
    }
    world.note('calm');
  }

  private kinds(): Record<string, Blow> {
    const { hosts } = this;
    return {
      controlKill: (world) => world.killControl('between two events'),
      controlCrash: (world, random) => world.points.arm(1 + random.below(60)),
      servingKill: (world) => world.killServing(),
      copyCrash: (world, random) => {
        const copy = someCopy(world, random);
        if (copy !== null) world.machine.crash(copy.wish.copy);
      },
      manyCrash: (world, random) => {
        for (const process of livingOf(world))
          if (random.happens(0.4)) world.machine.crash(process.wish.copy);
      },
      copyHang: (world, random) => {
        const copy = someCopy(world, random);
        if (copy === null) return;
        world.machine.hang(copy.wish.copy);
        world.clock.after(random.below(12_000), () => {
          if (copy.exitReason === null) world.machine.thaw(copy.wish.copy);
        });
      },
      connectionCut: (world, random) => {
        const copy = someCopy(world, random);
        if (copy !== null) world.network.cut(copy.address);
      },
      hostLoss: (world, random) => {
        const host = hosts[random.below(hosts.length)]!;
        world.machine.loseHost(host.id);
        world.clock.after(random.below(40_000), () => world.machine.restoreHost(host.id));
      },
      diskFull: (world, random) => {
        this.diskFullUntil = world.clock.now() + random.below(15_000);
      },
      wallJump: (world, random) => {
        const sizes = [1_000, 60_000, 3_600_000, 86_400_000];
        const sign = random.happens(0.5) ? 1 : -1;
        world.clock.jump(sign * random.below(sizes[random.below(sizes.length)]!));
      },
      linkCut: (world, random) => {
        world.link.cut();
        world.clock.after(random.below(20_000), () => world.link.mend());
      },
      stall: (world, random) => world.stall(random.below(20_000)),
      memoryTaken: (world, random) => {
        const host = hosts[random.below(hosts.length)]!;
        world.machine.takeMemory(host.id, random.below(host.memoryBytes));
        world.clock.after(random.below(30_000), () => world.machine.takeMemory(host.id, 0));
      },
    };
  }
}

function drawClimate(random: SeededRandom): Climate {
  const some = (probability: number, most: number) =>
    random.happens(probability) ? random.next() * most : 0;
  return {
    startDelayMsMax: 10 + some(0.5, 4_000),
    startFailing: some(0.3, 0.3),
    crashing: some(0.3, 0.4),
    hanging: some(0.3, 0.2),
    lifeMsMax: 5_000 + random.below(60_000),
    callsLost: some(0.4, 0.2),
    callsDoubled: some(0.4, 0.2),
    writesFailing: 0.2 + 0.8 * random.next(),
    linkMsMax: random.happens(0.3) ? random.below(2_000) : 5,
    restartMsMax: 50 + random.below(4_000),
    blowMs: 1_000 + random.below(15_000),
  };
}

function livingOf(world: World) {
  return [...world.machine.processes.values()].filter(({ exitReason }) => exitReason === null);
}

function someCopy(world: World, random: SeededRandom) {
  const living = livingOf(world);
  return living[random.below(Math.max(1, living.length))] ?? null;
}
