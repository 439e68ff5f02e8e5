/** Inputs of the control API, drawn from a seed: configurations, specifications and deployment policies that are valid. */
import type { InputOf } from '../../../src/control/commands/execute.js';
import type { DeploymentConfig, RollingUpdatePolicy } from '../../../src/domain/deployment.js';
import type { ProductionVariant } from '../../../src/domain/endpoint.js';
import type { ComponentSpecification } from '../../../src/domain/inference-component.js';
import type { InstanceType } from '../../../src/domain/instance.js';
import type { SeededRandom } from '../seeded-random.js';
import { Conduct } from './worker.js';

const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;

const small = { cpus: 4, memoryBytes: 8 * gibibyte, accelerators: 0, acceleratorMemoryBytes: 0 };
const large = { cpus: 8, memoryBytes: 16 * gibibyte, accelerators: 2, acceleratorMemoryBytes: 8 * gibibyte };

export const catalogue: readonly InstanceType[] = [
  { name: 'local.small', ...small, zones: ['a', 'b'], pricePerHour: 0, countMax: 10 },
  { name: 'local.large', ...large, zones: ['a', 'b', 'c'], pricePerHour: 1, countMax: 6 },
  { name: 'local.rare', ...small, zones: ['b'], pricePerHour: 2, countMax: 1 },
];

/** What an endpoint's variants are; it stays so over its updates. */
export const Shape = {
  /** One variant for inference components. */
  Shared: 'shared',
  /** One for components, one with a model of its own. */
  Mixed: 'mixed',
  /** Two with models of their own, which share the requests by weight. */
  Weighted: 'weighted',
  /** One with a model of its own, and a shadow of it. */
  Shadowed: 'shadowed',
} as const;
export type Shape = (typeof Shape)[keyof typeof Shape];

export const shapes: readonly Shape[] = [
  Shape.Shared,
  Shape.Shared,
  Shape.Mixed,
  Shape.Weighted,
  Shape.Shadowed,
];

/** The variants that have a model of their own. */
export function ownVariants(shape: Shape): readonly string[] {
  switch (shape) {
    case Shape.Shared:
      return [];
    case Shape.Mixed:
      return ['own'];
    case Shape.Weighted:
      return ['blue', 'green'];
    case Shape.Shadowed:
      return ['blue', 'shade'];
    default:
      return shape satisfies never;
  }
}

export function hasRoomForComponents(shape: Shape): boolean {
  return shape === Shape.Shared || shape === Shape.Mixed;
}

/** Environment of everything that runs here. */
const environment = {
  OPTION_ENGINE: 'simulated',
  OPTION_MAX_MODEL_LEN: '128',
  OPTION_MAX_ROLLING_BATCH_SIZE: '4',
  OPTION_MAX_NUM_BATCHED_TOKENS: '32',
  OPTION_PREDICT_TIMEOUT: '300',
  OPTION_QUEUE_TIMEOUT: '120',
};

export function drawModel(name: string, random: SeededRandom, conduct: Conduct): InputOf<'CreateModel'> {
  const modelDataUrl = `s3://stowage/models/${name}/${random.below(1000)}/${conduct}`;
  return { modelName: name, primaryContainer: { image: 'stowage', modelDataUrl, environment } };
}

export function drawConfig(
  endpointConfigName: string,
  shape: Shape,
  modelOf: (variant: string) => string,
  random: SeededRandom,
): InputOf<'CreateEndpointConfig'> {
  const own = ownVariants(shape);
  const names = hasRoomForComponents(shape) ? ['all', ...own] : own;
  const variants = names.map((variantName): ProductionVariant => {
    const model = own.includes(variantName) ? { modelName: modelOf(variantName) } : {};
    return {
      variantName,
      ...model,
      ...drawType(random),
      initialInstanceCount: variantName === 'all' ? 1 + random.below(3) : 1 + random.below(2),
      initialVariantWeight: 1 + random.below(3),
      variantInstanceProvisionTimeoutInSeconds: 60,
      containerStartupHealthCheckTimeoutInSeconds: 60,
      routingConfig: { routingStrategy: random.happens(0.5) ? 'RANDOM' : 'LEAST_OUTSTANDING_REQUESTS' },
    };
  });
  if (shape !== Shape.Shadowed) return { endpointConfigName, productionVariants: variants };
  const [production, shadow] = variants;
  return {
    endpointConfigName,
    productionVariants: [production!],
    shadowProductionVariants: [{ ...shadow!, initialVariantWeight: 0.5 }],
  };
}

function drawType(random: SeededRandom): Pick<ProductionVariant, 'instanceType' | 'instancePools'> {
  if (random.happens(0.15)) {
    const pools = ['local.rare', 'local.small'].map((instanceType, index) => ({
      instanceType,
      priority: index + 1,
    }));
    return { instancePools: pools };
  }
  return { instanceType: random.happens(0.3) ? 'local.large' : 'local.small' };
}

/** One specification for every instance type, or one for each. */
export function drawSpecifications(
  random: SeededRandom,
  conduct: Conduct,
): Pick<InputOf<'UpdateInferenceComponent'>, 'specification' | 'specifications'> {
  if (random.happens(0.85)) return { specification: drawSpecification(random, conduct) };
  const types = catalogue.filter(() => random.happens(0.7)).map(({ name }) => name);
  const specifications = (types.length === 0 ? ['local.small'] : types).map((instanceType) => {
    return { instanceType, ...drawSpecification(random, conduct) };
  });
  return { specifications };
}

function drawSpecification(random: SeededRandom, conduct: Conduct): ComponentSpecification {
  const accelerators = random.happens(0.15)
    ? { OPTION_ACCELERATORS: ['0.25', '0.5', '1'][random.below(3)]!, OPTION_ACCELERATOR_MEMORY_MB: '1024' }
    : {};
  const min = 128 * (1 + random.below(20));
  return {
    container: {
      image: 'stowage',
      artifactUrl: `s3://stowage/models/${random.below(1000)}/${conduct}`,
      environment: { ...environment, ...accelerators },
    },
    startupParameters: { containerStartupHealthCheckTimeoutInSeconds: 60 },
    computeResourceRequirements: {
      numberOfCpuCoresRequired: 0.25 * (1 + random.below(6)),
      minMemoryRequiredInMb: min,
      ...(random.happens(0.3) ? { maxMemoryRequiredInMb: min + 256 } : {}),
    },
    schedulingConfig: {
      placementStrategy: random.happens(0.5) ? 'SPREAD' : 'BINPACK',
      ...(random.happens(0.3)
        ? { availabilityZoneBalance: { enforcementMode: 'PERMISSIVE', maxImbalance: 1 } }
        : {}),
    },
  };
}

/** How a new model behaves: well, most of the time. */
export function drawConduct(random: SeededRandom): Conduct {
  const bad = [Conduct.Damaged, Conduct.Crashing, Conduct.Stuck];
  return random.happens(0.12) ? bad[random.below(bad.length)]! : Conduct.Good;
}

/** Null: all at once. `canRoll`: it has one production variant. */
export function drawDeployment(
  random: SeededRandom,
  canRoll: boolean,
  alarm: string | null,
): DeploymentConfig | null {
  const rollback = alarm === null ? {} : { autoRollbackConfiguration: { alarms: [{ alarmName: alarm }] } };
  const waitIntervalInSeconds = random.below(6);
  const limits = {
    terminationWaitInSeconds: random.below(6),
    ...(random.happens(0.3) ? { maximumExecutionTimeoutInSeconds: 600 } : {}),
  };
  const blueGreen = (
    type: 'ALL_AT_ONCE' | 'CANARY' | 'LINEAR',
    size: { canarySize: Percent } | { linearStepSize: Percent } | object,
  ): DeploymentConfig => ({
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: { type, waitIntervalInSeconds, ...size },
      ...limits,
    },
    ...rollback,
  });
  switch (random.below(canRoll ? 6 : 4)) {
    case 0:
      return null;
    case 1:
      return blueGreen('ALL_AT_ONCE', {});
    case 2:
      return blueGreen('CANARY', { canarySize: percent(10 + random.below(41)) });
    case 3:
      return blueGreen('LINEAR', { linearStepSize: percent(25 + random.below(26)) });
    default:
      return { rollingUpdatePolicy: drawRolling(random, 'INSTANCE_COUNT'), ...rollback };
  }
}

export function drawRolling(
  random: SeededRandom,
  unit: 'INSTANCE_COUNT' | 'COPY_COUNT',
): RollingUpdatePolicy {
  return {
    maximumBatchSize: random.happens(0.5) ? { type: unit, value: 1 } : percent(5 + random.below(46)),
    waitIntervalInSeconds: random.below(5),
    ...(random.happens(0.4) ? { rollbackMaximumBatchSize: percent(10 + random.below(91)) } : {}),
    ...(random.happens(0.2) ? { maximumExecutionTimeoutInSeconds: 600 } : {}),
  };
}

interface Percent {
  readonly type: 'CAPACITY_PERCENT';
  readonly value: number;
}

function percent(value: number): Percent {
  return { type: 'CAPACITY_PERCENT', value };
}

/** Hosts that together hold the types of the catalogue a few times. */
export function drawHosts(random: SeededRandom) {
  const zones = ['a', 'b', 'c'];
  return Array.from({ length: 1 + random.below(3) }, (_, index) => ({
    id: `host-${index + 1}`,
    zone: zones[index]!,
    cpus: 16,
    memoryBytes: (16 + random.below(4) * 16) * 1024 * mebibyte,
    accelerators: 2,
    acceleratorMemoryBytes: 8 * gibibyte,
  }));
}
