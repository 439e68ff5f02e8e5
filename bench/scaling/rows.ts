/** The ways to run the models that are compared, as inputs of the forecast. */
import { RoutingStrategy } from '../../src/domain/component.js';
import type {
  ForecastComponent,
  ForecastInput,
  ForecastPool,
  ForecastRequest,
  ForecastScaling,
} from '../../src/toolkit/forecast/forecast-input.js';
import type { Hardware } from './profiles.js';

export interface Way {
  readonly name: string;
  readonly input: ForecastInput;
}

const pool = 'pool';
/** A quarter of the requests that a copy computes at once: more wait for each other's prompts. */
const concurrencyTarget = 4;
/** Copies of one model at most. */
const copiesMax = 8;
const limits = {
  jobQueueLengthMax: 100_000,
  queueSecondsMax: 600,
  predictSecondsMax: 600,
  stepTokensMax: 2_048,
  stepMsTarget: 0,
};

export interface Setting {
  readonly requests: readonly ForecastRequest[];
  readonly models: number;
  readonly durationMs: number;
  readonly hardware: Hardware;
}

/** Each model has an accelerator for itself, all the time. */
export function oneEach(setting: Setting): Way {
  const fixed = { ...poolOf(setting, setting.models), managed: null };
  const copies = { min: 1, max: 1, initial: 1 };
  return way(setting, 'one endpoint per model', fixed, { copies, share: 1, scaling: [] });
}

/** The predefined metric of one minute's resolution, the console's cooldowns, and one copy that always stays. */
export function trackingDefaults(setting: Setting): Way {
  const { profile } = setting.hardware;
  const tokens = setting.requests.reduce((sum, { promptTokens }) => sum + promptTokens, 0);
  const promptTokens = tokens / setting.requests.length;
  // 70 % of what a copy alone could do in a minute, as SageMaker's pages tell to find by a load test.
  const targetValue = Math.round((0.7 * 60 * profile.promptTokensPerSecond) / promptTokens);
  const tracking: ForecastScaling = {
    kind: 'target-tracking',
    name: 'invocations',
    metric: 'invocations',
    targetValue,
    scaleOutCooldownMs: 300_000,
    scaleInCooldownMs: 300_000,
    isScaleInDisabled: false,
  };
  const copies = { min: 1, max: copiesMax, initial: 1 };
  return shared(setting, 'target tracking, defaults', { copies, scaling: [tracking] });
}

/** Concurrent requests per copy, each ten seconds; copies leave when idle and requests bring them back. */
export function trackingFast(setting: Setting): Way {
  const tracking: ForecastScaling = {
    kind: 'target-tracking',
    name: 'concurrency',
    metric: 'concurrency',
    targetValue: concurrencyTarget,
    scaleOutCooldownMs: 0,
    scaleInCooldownMs: 300_000,
    isScaleInDisabled: false,
  };
  const copies = { min: 0, max: copiesMax, initial: 0 };
  return shared(setting, 'target tracking, high resolution', { copies, scaling: [tracking] });
}

export function objective(setting: Setting, firstTokenMs: number): Way {
  const slo: ForecastScaling = {
    kind: 'slo',
    name: 'objective',
    share: 0.95,
    firstTokenMs,
    scaleOutCooldownMs: 0,
    scaleInCooldownMs: 0,
    isScaleInDisabled: false,
  };
  const copies = { min: 0, max: copiesMax, initial: 0 };
  return shared(setting, 'objective', { copies, scaling: [slo] });
}

interface Scaling {
  readonly copies: ForecastComponent['copies'];
  readonly scaling: readonly ForecastScaling[];
}

function shared(setting: Setting, name: string, scaling: Scaling): Way {
  return way(setting, name, poolOf(setting, 1), { ...scaling, share: setting.hardware.share });
}

function way(
  { requests, models, durationMs, hardware }: Setting,
  name: string,
  onPool: ForecastPool,
  { copies, scaling, share }: Scaling & { readonly share: number },
): Way {
  const components = Array.from({ length: models }, (_, index): ForecastComponent => ({
    name: `model-${index + 1}`,
    pool,
    requirements: [
      {
        instanceType: null,
        cpus: 0,
        memoryBytes: 0,
        accelerators: share,
        acceleratorMemoryBytes: hardware.profile.memoryBytes,
      },
    ],
    placement: 'SPREAD',
    zoneBalance: null,
    routing: RoutingStrategy.LeastOutstandingRequests,
    concurrencyThreshold: 0,
    copies,
    wakes: true,
    scaling,
    limits,
    profile: hardware.profile,
    priority: 50,
  }));
  return { name, input: { requests, components, pools: [onPool], durationMs, seed: 1 } };
}

function poolOf({ models, hardware }: Setting, initial: number): ForecastPool {
  return {
    key: pool,
    types: [
      {
        name: 'accelerator',
        capacity: {
          cpus: 16,
          memoryBytes: 2 ** 40,
          accelerators: 1,
          acceleratorMemoryBytes: hardware.acceleratorBytes,
        },
        zones: ['a'],
        pricePerHour: hardware.pricePerHour,
        countMax: models,
      },
    ],
    initial,
    instanceStartMs: hardware.instanceStartMs,
    managed: {
      min: 0,
      max: models,
      strategy: 'CONSOLIDATION',
      stepMax: 1,
      cooldownMs: 10_000,
      idleMs: 1_000,
    },
    isOneMachine: false,
    hasFiles: true,
  };
}
