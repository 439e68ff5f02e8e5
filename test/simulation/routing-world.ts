/**
 * Real serving and real workers around a simulated model whose steps take longer the more tokens are in them, on virtual
 * time: what a routing strategy does to the time to first token and to what the copies find in their caches. Copies may
 * differ in speed. Nothing fails here.
 */
import { SimulatedEngine } from '../../src/adapters/engine/simulated/engine.js';
import { createMemoryNetwork, type MemoryNetwork } from '../../src/adapters/link/memory/network.js';
import { MemoryTelemetry, silentLog } from '../../src/adapters/telemetry/memory/telemetry.js';
import type { CopyRoute } from '../../src/contracts/route-feed.js';
import type { WorkerAssignment } from '../../src/contracts/worker-protocol.js';
import { stepRowsMax } from '../../src/decide/batching/plan-step.js';
import { defaultStartupLimits, EngineKind, type RoutingStrategy } from '../../src/domain/component.js';
import { type ComponentOptions, defaultComponentOptions } from '../../src/domain/component-options.js';
import { greedySampling, type InferenceRequest, Outcome } from '../../src/domain/inference.js';
import { createServing, type RunningServing } from '../../src/serving/serving.js';
import { GenerationRunner } from '../../src/worker/generation-runner.js';
import { WorkerService } from '../../src/worker/service.js';
import {
  componentNamed,
  componentRoute,
  copyRoute,
  endpointRoute,
  TestFeed,
  variantRoute,
} from './route-tables.js';
import { SeededRandom } from './seeded-random.js';
import { VirtualClock } from './virtual-clock.js';

const options: ComponentOptions = {
  ...defaultComponentOptions,
  rollingBatchSizeMax: 8,
  modelTokensMax: 8192,
  stepTokensMax: 512,
  // What the sequences hold is the whole cache: eight beginnings for each copy.
  prefixCacheRamMiB: 0,
  predictSecondsMax: 600,
  queueSecondsMax: 600,
};
const component = componentNamed('chat', { options });
const stepMs = 10;

/** How fast a copy is: milliseconds for each token in a step, beside those of the step itself. */
export interface CopyPace {
  readonly msPerToken: number;
}

export interface RoutingSetup {
  readonly strategy: RoutingStrategy;
  readonly copies: readonly CopyPace[];
  readonly seed: number;
}

/** What came of one request. */
export interface RoutedAnswer {
  readonly copies: string[];
  askedAt: number;
  firstTokenMs: number | null;
  promptTokens: number;
  cachedTokens: number;
  isComplete: boolean;
}

/** A step's time depends on what is in it. */
class PacedEngine extends SimulatedEngine {
  constructor(
    private readonly clock: VirtualClock,
    private readonly pace: CopyPace,
  ) {
    super({
      clock,
      sequencesMax: options.rollingBatchSizeMax,
      sequenceTokensMax: options.modelTokensMax,
      stepTokensMax: stepRowsMax(options.stepTokensMax, options.rollingBatchSizeMax),
      stepMs: 0,
      endEvery: 0,
    });
  }

  override async step(): Promise<void> {
    const ms = stepMs + this.batch.length * this.pace.msPerToken;
    await new Promise<void>((resolve) => this.clock.after(ms, resolve));
    await super.step();
  }
}

export class RoutingWorld {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly serving: RunningServing;
  readonly component = component;
  readonly answers: RoutedAnswer[] = [];
  private readonly feed = new TestFeed();
  private readonly network: MemoryNetwork;
  private routes: CopyRoute[] = [];
  private readonly ends: (() => Promise<void>)[] = [];

  constructor(private readonly setup: RoutingSetup) {
    this.random = new SeededRandom(setup.seed);
    this.network = createMemoryNetwork({ clock: this.clock });
    this.serving = createServing(this.feed, {
      clock: this.clock,
      random: this.random,
      dialer: this.network.dialer,
      telemetry: new MemoryTelemetry(),
      log: silentLog,
      report: () => undefined,
    });
  }

  async start(): Promise<void> {
    for (const pace of this.setup.copies) await this.addCopy(pace);
    await this.clock.pass(100);
  }

  /** A request for `newTokens` tokens; `more`: its session and the like. */
  ask(prompt: string, newTokens: number, more: Partial<InferenceRequest> = {}): RoutedAnswer {
    const answer: RoutedAnswer = {
      copies: [],
      askedAt: this.clock.now(),
      firstTokenMs: null,
      promptTokens: 0,
      cachedTokens: 0,
      isComplete: false,
    };
    this.answers.push(answer);
    const request = {
      kind: 'generation',
      id: `r${this.answers.length}`,
      component,
      input: { kind: 'text', prompt, suffix: null },
      sampling: greedySampling,
      newTokensMax: newTokens,
      stop: [],
      logprobs: null,
      endTokensIgnored: true,
      constraint: null,
      adapter: null,
      isExplained: true,
      ...more,
    } as InferenceRequest;
    this.serving.answer(request, {
      onStart: () => undefined,
      onChunk: () => (answer.firstTokenMs ??= this.clock.now() - answer.askedAt),
      onRouted: (copy) => answer.copies.push(copy),
      onEnd: ({ outcome, usage }) => {
        answer.isComplete = outcome === Outcome.Completed;
        answer.promptTokens = usage.promptTokens;
        answer.cachedTokens = usage.cachedTokens;
      },
    });
    return answer;
  }

  /** Lets time pass until all are answered. */
  async finish(): Promise<void> {
    while (this.answers.some(({ isComplete }) => !isComplete)) await this.clock.pass(200);
  }

  /** One copy leaves the route table; what it has ends there. */
  async drop(copyId: string): Promise<void> {
    this.routes = this.routes.filter(({ copy }) => copy.id !== copyId);
    this.publish();
    await this.clock.pass(10);
  }

  async close(): Promise<void> {
    await this.serving.close(0);
    for (const end of this.ends) await end();
  }

  async addCopy(pace: CopyPace): Promise<void> {
    const copy = { id: `chat-${this.ends.length}`, incarnation: 1 };
    const address = `mem:${copy.id}`;
    const service = new WorkerService(assignmentOf(copy, address), {
      clock: this.clock,
      log: silentLog,
      memoryBytes: () => 0,
      onFailure: (error) => {
        throw error;
      },
    });
    const listening = await this.network.listener.listen(address, copy, (caller) => service.accept(caller));
    const engine = new PacedEngine(this.clock, pace);
    const parts = { engine, component: component.name, options, clock: this.clock };
    service.start(new GenerationRunner({ ...parts, speculator: null, constraints: null }));
    this.ends.push(async () => {
      service.close();
      await listening.close();
    });
    this.routes.push(copyRoute(component, copy.id, { copy, address, capacity: options.rollingBatchSizeMax }));
    this.publish();
  }

  private publish(): void {
    const variants = [variantRoute('blue', null, { routing: this.setup.strategy })];
    this.feed.publish([endpointRoute([componentRoute(component)], { variants })], this.routes);
  }
}

function assignmentOf(copy: WorkerAssignment['copy'], address: string): WorkerAssignment {
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
    orphanMsMax: 10_000_000,
  };
}
