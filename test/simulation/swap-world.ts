/**
 * Several components that scale, room for fewer, and callers that ask all of them: the real control, serving and
 * workers of the whole world, without faults but those that a test makes. Counts what came of the requests and how often
 * copies were swapped.
 */
import { componentKey } from '../../src/domain/component.js';
import type { InferenceEnd } from '../../src/domain/inference.js';
import { greedySampling, Outcome, type GenerationRequest } from '../../src/domain/inference.js';
import type { Scope } from '../../src/domain/scope.js';
import { CallFate } from '../../src/adapters/fleet/simulated/faults.js';
import { SeededRandom } from './seeded-random.js';
import { Answer } from './whole/check-traffic.js';
import { World } from './whole/world.js';

const gibibyte = 1024 ** 3;
const scope: Scope = { account: '111122223333', region: 'us-east-1' };
const endpointName = 'apex';

export interface SwapWishes {
  readonly seed?: number;
  readonly models: number;
  /** Copies that have room at once. */
  readonly room: number;
  /** From the start of a process to its first words; loading takes up to 0.4 s more. */
  readonly startDelayMs?: number;
  /** By model, in turn. */
  readonly priorities?: readonly number[];
  readonly queueSeconds?: number;
  /** Of every model; 0 when left out. */
  readonly copiesMin?: number;
}

/** What became of one model's requests. */
export interface SwapCount {
  asked: number;
  served: number;
  refused: number;
  waitMsMax: number;
}

export class SwapWorld {
  readonly world: World;
  readonly counts: readonly SwapCount[];
  tokens = 0;
  private readonly random: SeededRandom;
  private numbers = 0;

  constructor(private readonly wishes: SwapWishes) {
    const { seed = 1, room, models, startDelayMs = 2_000 } = wishes;
    this.random = new SeededRandom(seed);
    this.counts = Array.from({ length: models }, () => ({ asked: 0, served: 0, refused: 0, waitMsMax: 0 }));
    const size = {
      cpus: 2 * room,
      memoryBytes: 2 * room * gibibyte,
      accelerators: 0,
      acceleratorMemoryBytes: 0,
    };
    this.world = new World({
      seed,
      hosts: [{ id: 'h-1', zone: 'a', cpus: 16, memoryBytes: 64 * gibibyte }],
      catalogue: [{ name: 'local.small', ...size, zones: ['a'], pricePerHour: 0, countMax: 1 }],
      limits: { coresMax: 16 },
      home: scope,
      weather: {
        fault: () => ({ startDelayMs, isStartFailing: false, crashAfterMs: null, hangAfterMs: null }),
        call: () => CallFate.Done,
        isDiskFull: () => false,
        linkMs: () => 1,
        restartMs: () => 500,
      },
      linkMsMax: 2,
    });
  }

  /** Everything is there, each model at its least number of copies. */
  async begin(): Promise<void> {
    const { world, wishes } = this;
    const { models, priorities = [], queueSeconds = 300, copiesMin = 0 } = wishes;
    world.begin();
    const control = world.control!;
    const variant = { variantName: 'all', instanceType: 'local.small', initialInstanceCount: 1 };
    const executionRoleArn = 'arn:aws:iam::111122223333:role/stowage';
    const endpointConfigName = 'apex-config';
    control.execute('CreateEndpointConfig', scope, {
      endpointConfigName,
      productionVariants: [variant],
      executionRoleArn,
    });
    control.execute('CreateEndpoint', scope, { endpointName, endpointConfigName });
    for (let model = 0; model < models; model++) {
      const environment = {
        OPTION_ENGINE: 'simulated',
        OPTION_PREDICT_TIMEOUT: '3600',
        OPTION_QUEUE_TIMEOUT: String(queueSeconds),
        OPTION_MAX_ROLLING_BATCH_SIZE: '4',
        OPTION_MAX_MODEL_LEN: '256',
        OPTION_EVICTION_PRIORITY: String(priorities[model % priorities.length] ?? 50),
      };
      control.execute('CreateInferenceComponent', scope, {
        inferenceComponentName: `model-${model}`,
        endpointName,
        variantName: 'all',
        specification: {
          container: { image: 'stowage', artifactUrl: 's3://stowage/models/good', environment },
          computeResourceRequirements: { numberOfCpuCoresRequired: 2, minMemoryRequiredInMb: 1024 },
        },
        runtimeConfig: { copyCount: copiesMin },
      });
      control.execute('RegisterScalableTarget', scope, {
        serviceNamespace: 'sagemaker',
        resourceId: `inference-component/model-${model}`,
        scalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
        minCapacity: copiesMin,
        maxCapacity: 1,
      });
    }
    await world.run(5_000);
  }

  /** One request of one model; `then` is called when it has ended. */
  ask(model: number, then: () => void = () => undefined): void {
    const { world, random } = this;
    const count = this.counts[model]!;
    const component = world.serving!.resolve(scope, endpointName, `model-${model}`, null);
    const key = componentKey(component);
    const request: GenerationRequest = {
      id: `r${++this.numbers} ${key}`,
      component,
      input: {
        kind: 'tokens',
        tokens: Array.from({ length: 1 + random.below(20) }, () => random.below(256)),
      },
      sampling: greedySampling,
      newTokensMax: 20 + random.below(20),
      stop: [],
      logprobs: null,
      endTokensIgnored: false,
      constraint: null,
      adapter: null,
      kind: 'generation',
    };
    const askedAt = world.clock.now();
    const onEnd = (end: InferenceEnd, firstAt: number | null) => {
      if (end.outcome === Outcome.Completed) {
        count.served += 1;
        this.tokens += end.usage.completionTokens;
      } else count.refused += 1;
      count.waitMsMax = Math.max(count.waitMsMax, (firstAt ?? world.clock.now()) - askedAt);
      then();
    };
    count.asked += 1;
    world.serving!.answer(request, new CountedAnswer(request, key, world, onEnd));
  }

  /** Keeps so many requests of every model open until the time is over, as callers who ask again at once do. */
  saturate(models: readonly number[], open: number, ms: number): void {
    const { clock } = this.world;
    const until = clock.now() + ms;
    const again = (model: number) => () => {
      if (clock.now() < until) clock.after(1, () => this.ask(model, again(model)));
    };
    for (const model of models) for (let index = 0; index < open; index++) this.ask(model, again(model));
  }

  /** Requests that have not ended. */
  get openCount(): number {
    return this.world.traffic.answers.size;
  }

  /** Processes that were started. */
  get starts(): number {
    return this.world.counts.starts;
  }
}

class CountedAnswer extends Answer {
  private firstAt: number | null = null;

  constructor(
    request: GenerationRequest,
    component: string,
    private readonly of: World,
    private readonly ended: (end: InferenceEnd, firstAt: number | null) => void,
  ) {
    super(request, component, of.traffic);
  }

  override onChunk(chunk: Parameters<Answer['onChunk']>[0]): void {
    this.firstAt ??= this.of.clock.now();
    super.onChunk(chunk);
  }

  override onEnd(end: InferenceEnd): void {
    super.onEnd(end);
    this.ended(end, this.firstAt);
  }
}
