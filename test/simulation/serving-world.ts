/**
 * Real serving and real workers around a simulated model, on virtual time, with faults from a seed: copies are
 * killed, frozen and restarted under load, callers go away, links drop; generations follow each other and a shadow
 * variant is sent what the production variant is. The workload and the faults are here; what must hold is checked in
 * `serving-checker.ts`.
 */
import { SimulatedEngine } from '../../src/adapters/engine/simulated/engine.js';
import { createMemoryNetwork, type MemoryNetwork } from '../../src/adapters/link/memory/network.js';
import { MemoryTelemetry, silentLog } from '../../src/adapters/telemetry/memory/telemetry.js';
import type { LoadReport } from '../../src/contracts/load-reports.js';
import type { CopyRoute, GroupShare } from '../../src/contracts/route-feed.js';
import type { WorkerAssignment } from '../../src/contracts/worker-protocol.js';
import { stepRowsMax } from '../../src/decide/batching/plan-step.js';
import {
  defaultStartupLimits,
  EngineKind,
  type InferenceComponent,
  RoutingStrategy,
} from '../../src/domain/component.js';
import { type ComponentOptions, defaultComponentOptions } from '../../src/domain/component-options.js';
import { type Caller, greedySampling, type GenerationRequest } from '../../src/domain/inference.js';
import { createServing, type RunningServing } from '../../src/serving/serving.js';
import { GenerationRunner } from '../../src/worker/generation-runner.js';
import { WorkerService } from '../../src/worker/service.js';
import {
  componentRoute,
  copyRoute,
  endpointRoute,
  modelOfVariant,
  TestFeed,
  variantRoute,
} from './route-tables.js';
import { Answer, checkedDialer } from './serving-checker.js';
import { SeededRandom } from './seeded-random.js';
import { VirtualClock } from './virtual-clock.js';

const options: ComponentOptions = {
  ...defaultComponentOptions,
  rollingBatchSizeMax: 4,
  modelTokensMax: 256,
  stepTokensMax: 24,
  predictSecondsMax: 600,
  queueSecondsMax: 300,
};

/** The production variant's model, and its shadow's. */
export const productionModel = modelOfVariant('blue', { options });
export const shadowModel = modelOfVariant('shade', { options });
const shadowProbability = 0.5;

/** One answer in this many tokens ends by itself. */
const endEvery = 60;
const stepMs = 20;
/** How often a copy that left the table is looked at, until its last stream has ended, milliseconds. */
const drainLookMs = 20;

interface RunningCopy {
  readonly route: CopyRoute;
  readonly service: WorkerService;
  stop(): Promise<void>;
}

/** A place for a copy of one generation; null while it has none. */
interface Slot {
  readonly component: InferenceComponent;
  readonly group: number;
  copy: RunningCopy | null;
}

/** Three keys, of which the last has twice the weight of the first. */
function callerOf(index: number): Caller {
  return {
    account: '000000000000',
    key: `k${index}`,
    weight: 1 + index / 2,
    tokensPerMinuteMax: null,
    accountWeight: 1,
    accountTokensPerMinuteMax: null,
    priority: 0,
    priorityMax: 1,
  };
}

export class ServingWorld {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly telemetry = new MemoryTelemetry();
  readonly answers: Answer[] = [];
  readonly reports: LoadReport[] = [];
  readonly serving: RunningServing;
  kills = 0;
  private readonly feed = new TestFeed();
  private readonly network: MemoryNetwork;
  private readonly strategy: RoutingStrategy;
  private slots: Slot[] = [];
  private shares: readonly GroupShare[] = [{ group: 1, percent: 100 }];
  private generation = 1;
  private incarnation = 0;
  private isDeleted = false;

  constructor(
    seed: number,
    private readonly copyCount: number,
  ) {
    this.random = new SeededRandom(seed);
    this.network = createMemoryNetwork({ clock: this.clock, latencyMs: 1 });
    const strategies = Object.values(RoutingStrategy);
    this.strategy = strategies[this.random.below(strategies.length)]!;
    this.serving = createServing(this.feed, {
      clock: this.clock,
      random: this.random,
      dialer: checkedDialer(this.network.dialer, () => this.feed.current()),
      telemetry: this.telemetry,
      log: silentLog,
      report: (report) => this.reports.push(report),
    });
  }

  /** The production variant's copies, and one of the shadow's. */
  async startAll(): Promise<void> {
    this.slots = [...this.newSlots(), { component: shadowModel, group: 1, copy: null }];
    for (const slot of this.slots) await this.start(slot);
  }

  /** A request with random length, sampling and patience. */
  ask(): void {
    const { random } = this;
    const prompt = Array.from({ length: 1 + random.below(60) }, () => random.below(256));
    const sampling = random.happens(0.5)
      ? { ...greedySampling, temperature: 1, seed: random.below(2 ** 31) }
      : greedySampling;
    const request: GenerationRequest = {
      id: `r${this.answers.length}`,
      component: productionModel,
      caller: callerOf(this.answers.length % 3),
      priority: this.answers.length % 7 === 0 ? 1 : 0,
      input: { kind: 'tokens', tokens: prompt },
      sampling,
      newTokensMax: 1 + random.below(80),
      stop: [],
      logprobs: null,
      endTokensIgnored: false,
      constraint: null,
      adapter: null,
      ...(random.happens(0.3) ? { session: `s${random.below(8)}` } : {}),
      kind: 'generation',
    };
    const answer = new Answer(request, prompt, endEvery);
    this.answers.push(answer);
    const handle = this.serving.answer(request, answer);
    if (random.happens(0.15)) {
      this.clock.after(random.below(2000), () => {
        answer.noteCancel();
        handle.cancel();
      });
    }
  }

  /** Ends a copy as `kill -9` would, or freezes it and lets the observer kill it later; a new one follows. */
  async disturb(): Promise<void> {
    const slot = this.slots[this.random.below(this.slots.length)];
    const copy = slot?.copy ?? null;
    if (slot === undefined || copy === null) return;
    this.kills++;
    slot.copy = null;
    const freezes = this.random.happens(0.3);
    if (freezes) this.network.freeze(copy.route.address);
    else await this.end(copy);
    this.clock.after(50 + this.random.below(3000), () => {
      if (freezes) void this.end(copy);
      if (this.slots.includes(slot)) void this.start(slot);
    });
  }

  /** A new generation comes up beside the old one, gets a part of the traffic, then all; the old one drains. */
  async rollOut(partPercent: number): Promise<void> {
    const old = this.slots.filter(({ component }) => component === productionModel);
    const from = this.generation;
    const to = ++this.generation;
    const fresh = this.newSlots();
    this.slots = [...this.slots, ...fresh];
    this.share([from, 100], [to, 0]);
    for (const slot of fresh) await this.start(slot);
    this.share([from, 100 - partPercent], [to, partPercent]);
    await this.load(500);
    this.share([from, 0], [to, 100]);
    await this.load(500);
    this.slots = this.slots.filter((slot) => !old.includes(slot));
    this.share([to, 100]);
    for (const { copy } of old) if (copy !== null) this.endDrained(copy);
  }

  /** The endpoint goes; its copies end when they have nothing left. */
  remove(): void {
    this.isDeleted = true;
    const { slots } = this;
    this.slots = [];
    this.publish();
    for (const { copy } of slots) if (copy !== null) this.endDrained(copy);
  }

  /** Requests for that many milliseconds. */
  private async load(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) {
      this.ask();
      await this.clock.pass(50);
    }
  }

  private newSlots(): Slot[] {
    return Array.from({ length: this.copyCount }, () => ({
      component: productionModel,
      group: this.generation,
      copy: null,
    }));
  }

  private share(...shares: readonly (readonly [group: number, percent: number])[]): void {
    this.shares = shares.map(([group, percent]) => ({ group, percent }));
    this.publish();
  }

  private endDrained(copy: RunningCopy): void {
    this.clock.after(drainLookMs, () => {
      if (copy.service.callerCount > 0) this.endDrained(copy);
      else void copy.stop();
    });
  }

  private async end(copy: RunningCopy): Promise<void> {
    this.network.cut(copy.route.address);
    await copy.stop();
    this.publish();
  }

  private async start(slot: Slot): Promise<void> {
    const { component, group } = slot;
    const copy = { id: `c-${this.slots.indexOf(slot)}`, incarnation: ++this.incarnation };
    const address = `mem:${copy.incarnation}`;
    const service = new WorkerService(this.assignment(component, copy, address), {
      clock: this.clock,
      log: silentLog,
      memoryBytes: () => 0,
      onFailure: (error) => {
        throw error;
      },
    });
    const listening = await this.network.listener.listen(address, copy, (caller) => service.accept(caller));
    const engine = this.engine();
    const parts = { engine, component: component.name, options: component.options, clock: this.clock };
    service.start(new GenerationRunner({ ...parts, speculator: null, constraints: null }));
    const stop = async () => {
      service.close();
      await listening.close();
    };
    const route = copyRoute(component, copy.id, {
      copy,
      address,
      group,
      capacity: options.rollingBatchSizeMax,
    });
    slot.copy = { route, service, stop };
    this.publish();
  }

  private assignment(
    component: InferenceComponent,
    copy: WorkerAssignment['copy'],
    address: string,
  ): WorkerAssignment {
    return {
      copy,
      component: component.name,
      engine: EngineKind.Simulated,
      source: component.model,
      library: {
        folder: '/none',
        bytesMax: 0,
        downloadBytesMax: 0,
        allowHosts: [],
        objectServers: [],
        huggingFace: null,
      },
      startup: defaultStartupLimits,
      options,
      threads: 1,
      threadsMax: 1,
      address,
      memoryBytesMax: 0,
      orphanMsMax: 10_000,
    };
  }

  private engine(): SimulatedEngine {
    return new SimulatedEngine({
      clock: this.clock,
      sequencesMax: options.rollingBatchSizeMax,
      sequenceTokensMax: options.modelTokensMax,
      stepTokensMax: stepRowsMax(options.stepTokensMax, options.rollingBatchSizeMax),
      stepMs,
      endEvery,
    });
  }

  private publish(): void {
    if (this.isDeleted) {
      this.feed.publish([]);
      return;
    }
    const routing = this.strategy;
    const components = [
      componentRoute(productionModel, { shares: this.shares }),
      componentRoute(shadowModel),
    ];
    const variants = [
      variantRoute('blue', productionModel, { routing }),
      variantRoute('shade', shadowModel, { routing, shadow: shadowProbability }),
    ];
    const copies = this.slots.flatMap(({ copy }) => (copy === null ? [] : [copy.route]));
    this.feed.publish([endpointRoute(components, { variants })], copies);
  }
}
