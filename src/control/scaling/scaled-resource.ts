/**
 * What a scalable target is about: an inference component or the instances of a variant, how many there are, and how
 * its number is set, as UpdateInferenceComponentRuntimeConfig and UpdateEndpointWeightsAndCapacities would.
 */
import { managedScalingOf } from '../../decide/scaling/instances/managed.js';
import { componentKey, WorkloadKind } from '../../domain/component.js';
import { CopyState } from '../../domain/copy.js';
import { type EndpointRecord, EndpointStatus, servingGeneration } from '../../domain/endpoint.js';
import { baseOf, type ComponentRecord, ComponentStatus } from '../../domain/inference-component.js';
import { InstanceState } from '../../domain/instance.js';
import { parseResourceId, type ScalableTargetRecord } from '../../domain/scaling.js';
import { keyOfComponent } from '../agenda.js';
import type { Desk, Turn } from '../desk.js';
import type { Progress } from './activities.js';

/** How a resource is now, and how its capacity is set. */
export interface ScaledResource {
  /** `componentKey` of what has copies; null = the variant has no model of its own. */
  readonly workload: string | null;
  readonly capacity: number;
  /** Copies or instances that take requests. */
  readonly ready: number;
  readonly isUnscalable: boolean;
  readonly isFailed: boolean;
  /** Since when each ready instance has been it, wall clock; null = a metric counts the copies that were ready. */
  readonly readySince: readonly number[] | null;
  readonly progress: Progress;
  readonly set: (capacity: number, cause: string) => void;
}

/** Null: it is not there, or has no number of its own. */
export function scaledResource(desk: Desk, turn: Turn, target: ScalableTargetRecord): ScaledResource | null {
  const { scope } = target;
  const resource = parseResourceId(target.name);
  if (resource === null) return null;
  if (resource.kind === 'component') {
    const component = desk.state.component(scope, resource.component)?.value;
    const isOwn = component !== undefined && baseOf(component) === null;
    return isOwn ? scaledComponent(desk, turn, component) : null;
  }
  const endpoint = desk.state.endpoint(scope, resource.endpoint)?.value;
  return endpoint === undefined ? null : scaledVariant(desk, turn, endpoint, resource.variant);
}

/** The middle of a deployment is no time to scale. */
function scaledComponent(desk: Desk, turn: Turn, component: ComponentRecord): ScaledResource | null {
  const { status, deployment, copyCount, failureReason } = component;
  if (status === ComponentStatus.Deleting) return null;
  const workload = keyOfComponent(component);
  const isFailed = status === ComponentStatus.Failed;
  const isNew = status === ComponentStatus.Creating;
  return {
    workload,
    capacity: copyCount,
    ...copiesOf(desk, turn, workload, copyCount, isFailed ? (failureReason ?? status) : null),
    isUnscalable: deployment !== null,
    isFailed,
    readySince: null,
    set: (capacity, cause) => {
      const resized = { ...component, copyCount: capacity, modifiedAt: turn.wall };
      const begun = { status: ComponentStatus.Updating, failureReason: null };
      desk.state.put(isNew ? resized : { ...resized, ...begun }, 'component-scaled', cause);
    },
  };
}

function scaledVariant(
  desk: Desk,
  turn: Turn,
  endpoint: EndpointRecord,
  variantName: string,
): ScaledResource | null {
  const generation = servingGeneration(endpoint);
  const wish = generation?.variants[variantName];
  if (generation === null || wish === undefined || endpoint.status === EndpointStatus.Deleting) return null;
  const { scope, name } = endpoint;
  const hasModel = generation.models[variantName] !== undefined;
  const workload = hasModel
    ? componentKey({ scope, endpoint: name, name: variantName, kind: WorkloadKind.Variant })
    : null;
  const capacity = wish.instanceCount;
  const config = generation.config.productionVariants.find((one) => one.variantName === variantName);
  // One number has one writer: managed scaling, also where it came after the target.
  if (!hasModel && config !== undefined && managedScalingOf(config, desk.limits) !== null) return null;
  const set = (instanceCount: number, cause: string): void => {
    // Another variant of the same endpoint may have been scaled in this turn.
    const current = desk.state.endpoint(scope, name)?.value ?? endpoint;
    const generations = current.generations.map((one) =>
      one.id === generation.id
        ? { ...one, variants: { ...one.variants, [variantName]: { ...wish, instanceCount } } }
        : one,
    );
    desk.state.put({ ...current, generations, modifiedAt: turn.wall }, 'endpoint-scaled', cause);
  };
  return {
    workload,
    capacity,
    ...(workload === null
      ? instancesOf(desk, turn, endpoint, variantName, capacity)
      : { ...copiesOf(desk, turn, workload, capacity, null), readySince: null }),
    isFailed: false,
    isUnscalable: endpoint.deployment !== null || endpoint.status !== EndpointStatus.InService,
    set,
  };
}

function copiesOf(
  desk: Desk,
  turn: Turn,
  workload: string,
  wanted: number,
  failure: string | null,
): Pick<ScaledResource, 'ready' | 'progress'> {
  const copies = desk.state.copiesOf(workload);
  const ready = copies.filter(({ value }) => value.wish === 'run' && value.state === CopyState.Ready).length;
  const held = desk.held.get(workload)?.find(({ error }) => error !== null);
  const blocked =
    held === undefined ? null : { error: held.error, reason: held.reason, forMs: turn.now - held.since };
  const blockedMsMax = desk.limits.placementMsMax;
  return { ready, progress: { wanted, ready, total: copies.length, blocked, failure, blockedMsMax } };
}

function instancesOf(
  desk: Desk,
  turn: Turn,
  { scope, name }: EndpointRecord,
  variantName: string,
  wanted: number,
): Pick<ScaledResource, 'ready' | 'readySince' | 'progress'> {
  const mine = desk.state.instancesOf(scope, name).filter(({ value }) => value.variant === variantName);
  const readySince = mine.flatMap(({ value }) => (value.state === InstanceState.Ready ? [value.since] : []));
  const ready = readySince.length;
  const short = desk.shortfalls
    .get(`${scope.account}/${scope.region}/${name}`)
    ?.find((one) => one.variant === variantName);
  const blocked =
    short === undefined ? null : { error: null, reason: short.details, forMs: turn.now - short.since };
  const blockedMsMax = desk.limits.placementMsMax;
  const progress = { wanted, ready, total: mine.length, blocked, failure: null, blockedMsMax };
  return { ready, readySince, progress };
}
