/**
 * Components and instances of a forecast as a configuration wants them. What is not said there and was not measured is
 * assumed, and each assumption is told.
 */
import { prefixRoutingDefault } from '../../contracts/route-feed.js';
import { managedScalingOf } from '../../decide/scaling/instances/managed.js';
import {
  type ComponentOptions,
  defaultComponentOptions,
  ZeroCapacity,
} from '../../domain/component-options.js';
import { RoutingStrategy } from '../../domain/component.js';
import { readEnvironment } from '../../domain/container-environment.js';
import type {
  ComponentPlan,
  EndpointPlan,
  SpecificationPlan,
  VariantPlan,
} from '../../domain/endpoint-plan.js';
import { StowageError } from '../../domain/errors.js';
import type { InstanceType } from '../../domain/instance.js';
import type { ServiceProfile } from '../../domain/service-profile.js';
import { assumedInstanceStartMs, assumedProfile } from './assumed-service.js';
import type {
  ForecastComponent,
  ForecastInstanceType,
  ForecastLimits,
  ForecastPool,
} from './forecast-input.js';
import { scalingOfPlan } from './scaling-of-plan.js';

const bytesPerMiB = 2 ** 20;

export interface PlanParts {
  readonly catalogue: ReadonlyMap<string, InstanceType>;
  /** By component; of `*` for those that have none of their own. */
  readonly profiles: ReadonlyMap<string, ServiceProfile>;
}

export interface PlannedFleet {
  readonly components: readonly ForecastComponent[];
  readonly pools: readonly ForecastPool[];
  /** Sentences for people. */
  readonly assumptions: readonly string[];
}

/** Throws FILE-012 when a type of instances is not in the catalogue. */
export function fleetOfPlan(plans: readonly EndpointPlan[], parts: PlanParts): PlannedFleet {
  const assumptions = new Set<string>();
  const pools: ForecastPool[] = [];
  const components: ForecastComponent[] = [];
  for (const plan of plans) {
    for (const variant of plan.variants) {
      if (variant.isShadow) continue;
      const pool = poolOf(plan.name, variant, parts.catalogue, assumptions);
      pools.push(pool);
      if (variant.model !== null) components.push(ownModel(pool, variant, parts, assumptions));
    }
    for (const component of plan.components) {
      const variant = plan.variants.find(({ name }) => name === component.variant);
      const pool = pools.find(({ key }) => key === variantKey(plan.name, component.variant));
      if (variant !== undefined && pool !== undefined)
        components.push(componentOf(component, variant, pool, parts, assumptions));
    }
  }
  return { components, pools, assumptions: [...assumptions] };
}

/** Names a variant's instances, and its own model. */
export function variantKey(endpoint: string, variant: string): string {
  return `${endpoint}/${variant}`;
}

function poolOf(
  endpoint: string,
  { name, settings }: VariantPlan,
  catalogue: PlanParts['catalogue'],
  assumptions: Set<string>,
): ForecastPool {
  const wanted = settings.instancePools ?? [{ instanceType: settings.instanceType ?? '', priority: 1 }];
  const types = [...wanted]
    .sort((a, b) => a.priority - b.priority)
    .map(({ instanceType }) => typeOf(instanceType, catalogue));
  const isLocal = types.every((type) => type.name.startsWith('local.'));
  const instanceStartMs = isLocal ? assumedInstanceStartMs.local : assumedInstanceStartMs.cloud;
  if (settings.managedInstanceScaling !== undefined) {
    assumptions.add(`an instance of ${types[0]!.name} takes ${instanceStartMs / 1000} s to come (assumed)`);
  }
  return {
    key: variantKey(endpoint, name),
    types,
    initial: settings.initialInstanceCount ?? 1,
    instanceStartMs,
    managed: managedScalingOf({ variantName: name, ...settings }),
    isOneMachine: isLocal,
    hasFiles: isLocal,
  };
}

function typeOf(name: string, catalogue: PlanParts['catalogue']): ForecastInstanceType {
  const type = catalogue.get(name);
  if (type === undefined) {
    throw StowageError.of('FILE-012', {
      key: 'type',
      problem: `the catalogue has no instance type \`${name}\`, so its size and price are not known`,
      suggestion: 'add it to `instance-types.yaml` (`catalogue/instance-types.yaml` shows how)',
    });
  }
  const { cpus, memoryBytes, accelerators, acceleratorMemoryBytes, zones, pricePerHour, countMax } = type;
  const capacity = { cpus, memoryBytes, accelerators, acceleratorMemoryBytes };
  return { name, capacity, zones, pricePerHour, countMax };
}

function componentOf(
  plan: ComponentPlan,
  variant: VariantPlan,
  pool: ForecastPool,
  parts: PlanParts,
  assumptions: Set<string>,
): ForecastComponent {
  const requirements = plan.specifications.map(requirementOf);
  const first = plan.specifications[0];
  const { options } = readEnvironment(first?.model.environment ?? {}, 'options');
  const scheduling = first?.settings.schedulingConfig;
  const balance = scheduling?.availabilityZoneBalance;
  const scaling = scalingOfPlan(plan, assumptions);
  return {
    name: plan.name,
    pool: pool.key,
    requirements,
    placement: scheduling?.placementStrategy ?? 'SPREAD',
    zoneBalance: balance === undefined ? null : { maxImbalance: balance.maxImbalance ?? 0 },
    ...routingOf(variant),
    ...scaling,
    refusesAtZero: options.zeroCapacity === ZeroCapacity.Refuse,
    limits: limitsOf(options),
    profile: profileOf(plan.name, options, requirements[0]!.accelerators > 0 && !pool.isOneMachine, {
      memoryBytes: requirements[0]!.memoryBytes,
      profiles: parts.profiles,
      assumptions,
    }),
    priority: options.evictionPriority,
  };
}

/** A variant's own model, named `ENDPOINT/VARIANT`: one copy on each of its instances, which it has for itself. */
function ownModel(
  pool: ForecastPool,
  variant: VariantPlan,
  { profiles }: PlanParts,
  assumptions: Set<string>,
): ForecastComponent {
  const { capacity } = pool.types[0]!;
  const { options } = readEnvironment(variant.model?.environment ?? {}, 'options');
  const { cpus, memoryBytes, accelerators, acceleratorMemoryBytes } = capacity;
  const copies = { min: pool.initial, max: pool.initial, initial: pool.initial };
  return {
    name: pool.key,
    pool: pool.key,
    requirements: [{ instanceType: null, cpus, memoryBytes, accelerators, acceleratorMemoryBytes }],
    placement: 'SPREAD',
    zoneBalance: null,
    ...routingOf(variant),
    copies,
    wakes: false,
    refusesAtZero: options.zeroCapacity === ZeroCapacity.Refuse,
    scaling: [],
    limits: limitsOf(options),
    profile: profileOf(pool.key, options, accelerators > 0 && !pool.isOneMachine, {
      memoryBytes,
      profiles,
      assumptions,
    }),
    priority: options.evictionPriority,
  };
}

function routingOf({ settings }: VariantPlan): Pick<ForecastComponent, 'routing' | 'concurrencyThreshold'> {
  const routing = settings.routingConfig?.routingStrategy ?? RoutingStrategy.Random;
  const { concurrencyThreshold = prefixRoutingDefault.concurrencyThreshold } =
    settings.routingConfig?.prefixAwareRoutingConfig ?? {};
  return { routing, concurrencyThreshold };
}

function requirementOf({ model, settings }: SpecificationPlan): ForecastComponent['requirements'][number] {
  const required = settings.computeResourceRequirements;
  const said = readEnvironment(model.environment, 'options');
  return {
    instanceType: settings.instanceType ?? null,
    cpus: required?.numberOfCpuCoresRequired ?? 0,
    memoryBytes: (required?.minMemoryRequiredInMb ?? 0) * bytesPerMiB,
    accelerators: said.accelerators ?? required?.numberOfAcceleratorDevicesRequired ?? 0,
    acceleratorMemoryBytes: said.acceleratorMemoryBytes ?? 0,
  };
}

function limitsOf(options: ComponentOptions): ForecastLimits {
  const { jobQueueLengthMax, queueSecondsMax, predictSecondsMax, stepTokensMax, stepMsTarget } = options;
  return { jobQueueLengthMax, queueSecondsMax, predictSecondsMax, stepTokensMax, stepMsTarget };
}

interface ProfileParts extends Pick<PlanParts, 'profiles'> {
  readonly memoryBytes: number;
  readonly assumptions: Set<string>;
}

/** The options' own limit of sequences counts where it was set: a profile may have been measured with another. */
function profileOf(
  name: string,
  { rollingBatchSizeMax }: ComponentOptions,
  hasAccelerator: boolean,
  { profiles, memoryBytes, assumptions }: ProfileParts,
): ServiceProfile {
  const measured = profiles.get(name) ?? profiles.get('*');
  if (measured !== undefined) {
    const isSaid = rollingBatchSizeMax !== defaultComponentOptions.rollingBatchSizeMax;
    return isSaid ? { ...measured, sequencesMax: rollingBatchSizeMax } : measured;
  }
  const assumed = assumedProfile(hasAccelerator, rollingBatchSizeMax, memoryBytes);
  const { promptTokensPerSecond, stepMs, stepMsPerSequence, coldStartMs } = assumed;
  assumptions.add(
    `service times are assumed, not measured (${assumed.name}): ${promptTokensPerSecond} prompt tokens/s, a step ` +
      `${stepMs} ms and ${stepMsPerSequence} ms for each request, cold start from the disk ` +
      `${(coldStartMs.disk ?? 0) / 1000} s; \`stowage bench --service-profile FILE\` measures them`,
  );
  return assumed;
}
