/**
 * Real serving and real workers around a simulated model, on virtual time, with faults from a seed: copies are
 * killed, frozen and restarted under load, callers go away, links drop. The workload and the faults are
 * here; what must hold is checked in `serving-checker.ts`.
 */
import { SimulatedEngine } from '../../src/adapters/engine/simulated/engine.js';
import { createMemoryNetwork, type MemoryNetwork } from '../../src/adapters/link/memory/network.js';
import { MemoryTelemetry, silentLog } from '../../src/adapters/telemetry/memory/telemetry.js';
import type { CopyRoute, RouteFeed, RouteTable } from '../../src/contracts/route-feed.js';
import { stepRowsMax } from '../../src/decide/batching/plan-step.js';
import {
  type ComponentOptions,
  defaultComponentOptions,
  EngineKind,
  type InferenceComponent,
  RoutingStrategy,
} from '../../src/domain/component.js';
import { greedySampling, type InferenceRequest } from '../../src/domain/inference.js';
import { createServing, type RunningServing } from '../../src/serving/serving.js';
import { WorkerService } from '../../src/worker/service.js';
import { Answer } from './serving-checker.js';
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

export const simulatedComponent: InferenceComponent = {
  endpoint: 'e',
  name: 'c',
  generation: 1,
  model: { path: '/none' },
  engine: EngineKind.Simulated,
  resources: { cpus: 1, memoryBytesMax: 0 },
  copies: { min: 1, max: 1 },
  options,
};

/** One answer in this many tokens ends by itself. */
const endEvery = 60;
const stepMs = 20;

export class ServingWorld {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly telemetry = new MemoryTelemetry();
  readonly answers: Answer[] = [];
  readonly serving: RunningServing;
  kills = 0;
  private readonly network: MemoryNetwork;
  private readonly copies: ({ route: CopyRoute; stop: () => Promise<void> } | null)[];
  private table: RouteTable;
  private listeners: ((table: RouteTable) => void)[] = [];
  private incarnation = 0;

  constructor(
    seed: number,
    private readonly copyCount: number,
  ) {
    this.random = new SeededRandom(seed);
    this.network = createMemoryNetwork({ clock: this.clock, latencyMs: 1 });
    this.copies = Array.from({ length: copyCount }, () => null);
    const routing = this.random.happens(0.5)
      ? RoutingStrategy.Random
      : RoutingStrategy.LeastOutstandingRequests;
    const endpoints = [{ name: 'e', routing, components: [simulatedComponent] }];
    this.table = { revision: 0, endpoints, copies: [] };
    const feed: RouteFeed = {
      current: () => this.table,
      onTable: (listener) => {
        this.listeners.push(listener);
        return () => (this.listeners = this.listeners.filter((known) => known !== listener));
      },
    };
    this.serving = createServing(feed, {
      clock: this.clock,
      random: this.random,
      dialer: this.network.dialer,
      telemetry: this.telemetry,
      log: silentLog,
    });
  }

  async startAll(): Promise<void> {
    for (let slot = 0; slot < this.copyCount; slot++) await this.start(slot);
  }

  /** A request with random length, sampling and patience. */
  ask(): void {
    const { random } = this;
    const prompt = Array.from({ length: 1 + random.below(60) }, () => random.below(256));
    const sampling = random.happens(0.5)
      ? { ...greedySampling, temperature: 1, seed: random.below(2 ** 31) }
      : greedySampling;
    const request: InferenceRequest = {
      id: `r${this.answers.length}`,
      component: simulatedComponent,
      input: { kind: 'tokens', tokens: prompt },
      sampling,
      newTokensMax: 1 + random.below(80),
      stop: [],
      logprobs: null,
      endTokensIgnored: false,
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
    const slot = this.random.below(this.copyCount);
    const copy = this.copies[slot] ?? null;
    if (copy === null) return;
    this.kills++;
    this.copies[slot] = null;
    const freezes = this.random.happens(0.3);
    if (freezes) this.network.freeze(copy.route.address);
    else await this.end(copy);
    this.clock.after(50 + this.random.below(3000), () => {
      if (freezes) void this.end(copy);
      void this.start(slot);
    });
  }

  private async end(copy: { route: CopyRoute; stop: () => Promise<void> }): Promise<void> {
    this.network.cut(copy.route.address);
    await copy.stop();
    this.publish();
  }

  private async start(slot: number): Promise<void> {
    const copy = { id: `c-${slot}`, incarnation: ++this.incarnation };
    const address = `mem:${copy.incarnation}`;
    const assignment = {
      copy,
      component: 'e/c',
      engine: EngineKind.Simulated,
      modelPath: '/none',
      modelSha256: null,
      options,
      threads: 1,
      threadsMax: 1,
      address,
      memoryBytesMax: 0,
      orphanMsMax: 10_000,
    };
    const service = new WorkerService(assignment, {
      clock: this.clock,
      log: silentLog,
      memoryBytes: () => 0,
      onFailure: (error) => {
        throw error;
      },
    });
    const listening = await this.network.listener.listen(address, copy, (caller) => service.accept(caller));
    service.start(
      new SimulatedEngine({
        clock: this.clock,
        sequencesMax: options.rollingBatchSizeMax,
        sequenceTokensMax: options.modelTokensMax,
        stepTokensMax: stepRowsMax(options.stepTokensMax, options.rollingBatchSizeMax),
        stepMs,
        endEvery,
      }),
    );
    const route = { copy, component: 'e/c', address, capacity: options.rollingBatchSizeMax };
    const stop = async () => {
      service.close();
      await listening.close();
    };
    this.copies[slot] = { route, stop };
    this.publish();
  }

  private publish(): void {
    const copies = this.copies.flatMap((copy) => (copy === null ? [] : [copy.route]));
    this.table = { ...this.table, revision: this.table.revision + 1, copies };
    for (const listener of this.listeners) listener(this.table);
  }
}
