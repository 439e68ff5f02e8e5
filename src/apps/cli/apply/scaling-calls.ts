/**
 * How the copies of components scale, asked of Application Auto Scaling and told to it. `apply` keeps one policy on a
 * target, by a name of its own; policies of other names are somebody else's and stay.
 */
import type { ObservedScaling } from '../../../decide/plan/observed.js';
import type { Step } from '../../../decide/plan/step.js';
import { seenColdStartMs, type SeenActivity } from '../../../decide/scaling/seen-cold-start.js';
import type { SchedulePlan } from '../../../domain/endpoint-plan.js';
import {
  componentResource,
  parseResourceId,
  ScalableDimension,
  type TargetTrackingConfiguration,
} from '../../../domain/scaling.js';
import type { ControlApi } from '../control-api/control-api.js';
import { mapBounded } from './map-bounded.js';

/** The policy that `apply` keeps. */
const policyName = 'stowage';
const serviceNamespace = 'sagemaker';
/** Resources that one call may name. */
const resourcesPerCall = 50;

export interface TargetDescription {
  readonly resourceId: string;
  readonly scalableDimension: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
}

export interface PolicyDescription {
  readonly policyName: string;
  readonly policyType: string;
  readonly targetTrackingScalingPolicyConfiguration?: TargetTrackingConfiguration;
}

interface ActionDescription {
  readonly scheduledActionName: string;
  readonly schedule: string;
  readonly timezone?: string;
  readonly scalableTargetAction?: { readonly minCapacity?: number; readonly maxCapacity?: number };
}

/** The members by which calls name a component's copies. */
export function copiesTarget(component: string) {
  return {
    serviceNamespace,
    resourceId: componentResource(component),
    scalableDimension: ScalableDimension.CopyCount,
  };
}

/** Of those of the components that scale, by name. */
export async function observeScaling(
  api: ControlApi,
  components: readonly string[],
): Promise<ReadonlyMap<string, ObservedScaling>> {
  const targets = await listTargets(api, components.map(componentResource));
  const scaling = await mapBounded(targets, async ({ resourceId, minCapacity, maxCapacity }) => {
    const resource = parseResourceId(resourceId);
    if (resource?.kind !== 'component') return [];
    const target = { serviceNamespace, resourceId };
    const policies = await api.list<PolicyDescription>('DescribeScalingPolicies', target, 'scalingPolicies');
    const actions = await api.list<ActionDescription>('DescribeScheduledActions', target, 'scheduledActions');
    const activities = await activitiesOf(api, target);
    const own = policies.find((policy) => policy.policyName === policyName);
    const seen: ObservedScaling = {
      min: minCapacity,
      max: maxCapacity,
      policy: own?.targetTrackingScalingPolicyConfiguration ?? null,
      schedules: actions.map(scheduleOf),
      coldStartMs: seenColdStartMs(activities),
    };
    return [[resource.component, seen] as const];
  });
  return new Map(scaling.flat());
}

interface ActivityDescription {
  readonly startTime: number;
  readonly endTime?: number;
  readonly statusCode: string;
  readonly description: string;
}

/** The newest ones; the capacity that each set is in its description only. */
async function activitiesOf(api: ControlApi, target: object): Promise<readonly SeenActivity[]> {
  const { scalingActivities = [] } = await api.call<{ scalingActivities?: readonly ActivityDescription[] }>(
    'DescribeScalingActivities',
    target,
  );
  return scalingActivities.map(({ startTime, endTime, statusCode, description }) => {
    const count = /\bto (\d+)\b/.exec(description)?.[1];
    return {
      startedAt: startTime,
      endedAt: endTime ?? null,
      isSuccessful: statusCode === 'Successful',
      capacity: count === undefined ? null : Number(count),
    };
  });
}

/** The targets among these resources; of all resources when none are named. */
export async function listTargets(
  api: ControlApi,
  resourceIds: readonly string[] | null,
): Promise<readonly TargetDescription[]> {
  const list = (input: object) =>
    api.list<TargetDescription>('DescribeScalableTargets', { serviceNamespace, ...input }, 'scalableTargets');
  if (resourceIds === null) return list({});
  const parts: (readonly string[])[] = [];
  for (let from = 0; from < resourceIds.length; from += resourcesPerCall) {
    parts.push(resourceIds.slice(from, from + resourcesPerCall));
  }
  return (await mapBounded(parts, (part) => list({ resourceIds: part }))).flat();
}

function scheduleOf(action: ActionDescription): SchedulePlan {
  const { scheduledActionName, schedule, timezone, scalableTargetAction } = action;
  return {
    name: scheduledActionName,
    schedule,
    timezone: timezone ?? null,
    min: scalableTargetAction?.minCapacity ?? null,
    max: scalableTargetAction?.maxCapacity ?? null,
  };
}

/** Each of its calls can be made again. */
export async function scaleByLoad(api: ControlApi, step: Step & { do: 'scale-by-load' }): Promise<void> {
  const { name, scaling, tags } = step;
  const target = copiesTarget(name);
  await api.call('RegisterScalableTarget', {
    ...target,
    minCapacity: scaling.min,
    maxCapacity: scaling.max,
    ...(tags === null ? {} : { tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])) }),
  });
  if (step.policy === 'put') {
    await api.call('PutScalingPolicy', {
      ...target,
      policyName,
      policyType: 'TargetTrackingScaling',
      targetTrackingScalingPolicyConfiguration: scaling.policy,
    });
  }
  for (const { name: scheduledActionName, schedule, timezone, min, max } of step.schedules) {
    await api.call('PutScheduledAction', {
      ...target,
      scheduledActionName,
      schedule,
      ...(timezone === null ? {} : { timezone }),
      scalableTargetAction: {
        ...(min === null ? {} : { minCapacity: min }),
        ...(max === null ? {} : { maxCapacity: max }),
      },
    });
  }
  for (const scheduledActionName of step.gone) {
    await api.find('DeleteScheduledAction', { ...target, scheduledActionName });
  }
}

export async function stopScaling(api: ControlApi, component: string): Promise<void> {
  await api.find('DeregisterScalableTarget', copiesTarget(component));
}
