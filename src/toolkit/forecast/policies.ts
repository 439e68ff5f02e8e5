/** The ways to run the same components that a forecast compares, each as the input of a replay of its own. */
import { place } from '../../decide/placement/place.js';
import { runForecast } from './forecast.js';
import type {
  ForecastComponent,
  ForecastInput,
  ForecastObjective,
  ForecastPool,
  ForecastTargetTracking,
} from './forecast-input.js';

export const ForecastPolicy = {
  /** As the configuration says. */
  Configured: 'as-configured',
  /** Every model has instances for itself, always on, as many as hold the objective. */
  EndpointPerModel: 'one-endpoint-per-model',
  /** Every component always has a copy, on shared instances; nothing scales. */
  AlwaysOn: 'always-on',
  /** Copies follow the concurrent requests of a copy; none while nothing comes. */
  TargetTracking: 'target-tracking',
  /** Copies hold an objective for the time to first token; none while nothing comes. */
  Objective: 'objective',
} as const;
export type ForecastPolicy = (typeof ForecastPolicy)[keyof typeof ForecastPolicy];

export interface PolicyOptions {
  /** This share of the requests has its first token within so many milliseconds. */
  readonly share: number;
  readonly firstTokenMs: number;
  /** Open requests of a copy that target tracking keeps; null = half of what a copy computes at once. */
  readonly targetValue: number | null;
}

/** Copies that a component may have where the configuration does not let it scale. */
const copiesMaxAssumed = 8;
/** Copies of a model that has instances for itself, at most. */
const ownCopiesMax = 8;
/** SageMaker's defaults of target tracking. */
const cooldownMs = 300_000;
/** For the rows that scale instances although the configuration does not. */
const managedAssumed = {
  min: 0,
  strategy: 'CONSOLIDATION',
  stepMax: 1,
  cooldownMs: 300_000,
  idleMs: 60_000,
} as const;

/** What the replay of a policy is given. Sizing one endpoint per model replays each model by itself. */
export function inputOf(policy: ForecastPolicy, input: ForecastInput, options: PolicyOptions): ForecastInput {
  switch (policy) {
    case ForecastPolicy.Configured:
      return input;
    case ForecastPolicy.EndpointPerModel:
      return endpointPerModel(input, options);
    case ForecastPolicy.AlwaysOn:
      return alwaysOn(input);
    case ForecastPolicy.TargetTracking:
      return scaled(input, ({ profile }) => ({
        kind: 'target-tracking',
        name: 'target-tracking',
        metric: 'concurrency',
        targetValue: options.targetValue ?? Math.max(1, Math.floor(profile.sequencesMax / 2)),
        scaleOutCooldownMs: cooldownMs,
        scaleInCooldownMs: cooldownMs,
        isScaleInDisabled: false,
      }));
    case ForecastPolicy.Objective:
      return scaled(input, () => ({
        kind: 'slo',
        name: 'objective',
        share: options.share,
        firstTokenMs: options.firstTokenMs,
        scaleOutCooldownMs: 0,
        scaleInCooldownMs: 0,
        isScaleInDisabled: false,
      }));
    default:
      return policy satisfies never;
  }
}

function alwaysOn(input: ForecastInput): ForecastInput {
  const components = input.components.map((component) =>
    fixedAt(component, Math.max(1, component.copies.min)),
  );
  const pools = input.pools.map((pool) => ({
    ...pool,
    managed: null,
    initial: instancesFor(
      components.filter((one) => one.pool === pool.key),
      pool,
    ),
  }));
  return { ...input, components, pools };
}

/** At zero to begin with, as long as the configuration does not want more. */
function scaled(
  input: ForecastInput,
  policyOf: (component: ForecastComponent) => ForecastTargetTracking | ForecastObjective,
): ForecastInput {
  const components = input.components.map((component): ForecastComponent => {
    const { copies } = component;
    const isFixed = copies.max <= 1 || component.scaling.length === 0;
    const min = isFixed ? 0 : copies.min;
    const max = isFixed ? Math.max(copies.max, copiesMaxAssumed) : copies.max;
    return { ...component, copies: { min, max, initial: min }, wakes: true, scaling: [policyOf(component)] };
  });
  const pools = input.pools.map((pool): ForecastPool => {
    if (pool.managed !== null) return pool;
    const mine = components.filter((one) => one.pool === pool.key);
    const max = Math.max(pool.initial, mine.length * 2);
    const initial = instancesFor(
      mine.map((one) => fixedAt(one, one.copies.min)),
      pool,
    );
    return { ...pool, initial, managed: { ...managedAssumed, max } };
  });
  return { ...input, components, pools };
}

function endpointPerModel(input: ForecastInput, options: PolicyOptions): ForecastInput {
  const pools: ForecastPool[] = [];
  const components = input.components.map((component, index) => {
    const key = `own/${index}`;
    const pool = input.pools.find((one) => one.key === component.pool)!;
    const alone = { ...component, requirements: wholeDevices(component, pool) };
    const requests = input.requests.filter((request) => request.component === index);
    const copies = ownCopies({ ...input, requests }, alone, pool, options);
    const own = { ...fixedAt(alone, copies), pool: key };
    const initial = instancesFor([own], pool);
    pools.push({ ...pool, key, managed: null, initial, isMachineOfItsOwn: true });
    return own;
  });
  return { ...input, components, pools };
}

/** As few as hold the objective; where none do, those of which more help no more. */
function ownCopies(
  input: ForecastInput,
  component: ForecastComponent,
  pool: ForecastPool,
  options: PolicyOptions,
): number {
  if (input.requests.length === 0) return 1;
  let best = { copies: 1, p95: Infinity };
  for (let copies = 1; copies <= ownCopiesMax; copies++) {
    const own = fixedAt(component, copies);
    const alone: ForecastInput = {
      ...input,
      requests: input.requests.map((request) => ({ ...request, component: 0 })),
      components: [own],
      pools: [{ ...pool, managed: null, initial: instancesFor([own], pool) }],
    };
    const { firstTokenMs, rejected } = runForecast(alone).requests;
    const p95 = firstTokenMs?.p95 ?? Infinity;
    if (p95 <= options.firstTokenMs && Object.keys(rejected).length === 0) return copies;
    if (p95 >= best.p95 * 0.98) break;
    best = { copies, p95 };
  }
  return best.copies;
}

/** Nobody shares an accelerator with it; where there are none, nor the instance. */
function wholeDevices({ requirements }: ForecastComponent, { types }: ForecastPool) {
  return requirements.map((requirement) => {
    const type = types.find(({ name }) => name === requirement.instanceType) ?? types[0]!;
    const { cpus, accelerators } = type.capacity;
    if (accelerators === 0) return { ...requirement, cpus };
    return { ...requirement, accelerators: Math.max(1, requirement.accelerators) };
  });
}

function fixedAt(component: ForecastComponent, copies: number): ForecastComponent {
  return { ...component, copies: { min: copies, max: copies, initial: copies }, wakes: false, scaling: [] };
}

/** Instances of the pool's first type that have room for all of these copies; as many as there may be, if none suffice. */
function instancesFor(components: readonly ForecastComponent[], pool: ForecastPool): number {
  const [type] = pool.types;
  const copies = components.reduce((sum, { copies: { initial } }) => sum + initial, 0);
  if (type === undefined || copies === 0) return 0;
  const requests = components.map(({ name, copies: { initial }, requirements, zoneBalance }) => {
    return { workload: name, count: initial, requirements, strategy: 'BINPACK' as const, zoneBalance };
  });
  for (let count = 1; count < copies; count++) {
    const rooms = Array.from({ length: count }, (_, index) => ({
      instance: `instance-${index + 1}`,
      zone: type.zones[index % Math.max(1, type.zones.length)] ?? 'a',
      type: type.name,
      capacity: type.capacity,
      residents: [],
    }));
    if (place(requests, rooms).unplaced.length === 0) return count;
  }
  return copies;
}
