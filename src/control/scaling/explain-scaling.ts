/** Why a target has the capacity it has, what it did last, and what would change it next. Only reads. */
import { targetText, triggerText } from '../../decide/scaling/policy-words.js';
import { seenColdStartMs } from '../../decide/scaling/seen-cold-start.js';
import {
  ActivityStatus,
  cooldownSecondsDefault,
  type PolicyRule,
  type ScalableTargetRecord,
  type ScalingPolicyRecord,
} from '../../domain/scaling.js';
import type { Scope } from '../../domain/scope.js';
import type { ScalingExplanation } from '../facade.js';
import type { StateView } from '../state-view.js';
import { nextRun } from './schedules.js';

/** Activities that an explanation shows. */
const activitiesShown = 5;

/** Null: nothing scales it. `now`: wall clock. */
export function explainScaling(
  view: StateView,
  scope: Scope,
  resourceId: string,
  now: number,
): ScalingExplanation | null {
  const target = view.scalableTarget(scope, resourceId)?.value;
  if (target === undefined) return null;
  const policies = view.policiesOf(scope, resourceId).map(({ value }) => value);
  const activities = view
    .activitiesOf(scope, resourceId)
    .map(({ value }) => value)
    .sort((a, b) => b.startedAt - a.startedAt);
  const scaled = activities.find(({ capacity }) => capacity !== null);
  return {
    min: target.minCapacity,
    max: target.maxCapacity,
    suspended: suspensionsOf(target),
    policies: policies.map((policy) => ({
      name: policy.policyName,
      follows: followsOf(policy),
      changes: triggerText(policy.rule, resourceId),
    })),
    cause: scaled?.cause ?? null,
    coldStartMs: seenColdStartMs(
      activities.map((one) => ({ ...one, isSuccessful: one.status === ActivityStatus.Successful })),
    ),
    activities: activities.slice(0, activitiesShown).map((activity) => ({
      at: activity.startedAt,
      status: activity.status,
      description: activity.description,
      cause: activity.cause,
      notScaled: activity.notScaled.map(({ code }) => code),
    })),
    outAgainAt: afterCooldown(policies, target.lastOutAt, 'out', now),
    inAgainAt: afterCooldown(policies, target.lastInAt, 'in', now),
    schedules: view.scheduledActionsOf(scope, resourceId).flatMap(({ value: action }) => {
      const at = nextRun(action);
      const { actionName: name, minCapacity: min, maxCapacity: max } = action;
      return at === null ? [] : [{ name, at, min, max }];
    }),
  };
}

function followsOf({ rule }: ScalingPolicyRecord): string {
  return rule.type === 'TargetTrackingScaling' ? targetText(rule.configuration) : 'steps of alarms';
}

function suspensionsOf({ suspended }: ScalableTargetRecord): readonly string[] {
  return [
    ...(suspended.dynamicScalingOutSuspended ? ['scaling out'] : []),
    ...(suspended.dynamicScalingInSuspended ? ['scaling in'] : []),
    ...(suspended.scheduledScalingSuspended ? ['schedules'] : []),
  ];
}

/** When the last of the policies' cooldowns is over; null = none runs. */
function afterCooldown(
  policies: readonly ScalingPolicyRecord[],
  lastAt: number | null,
  direction: 'out' | 'in',
  now: number,
): number | null {
  if (lastAt === null || policies.length === 0) return null;
  const at = lastAt + 1000 * Math.max(...policies.map(({ rule }) => cooldownSecondsOf(rule, direction)));
  return at > now ? at : null;
}

function cooldownSecondsOf(rule: PolicyRule, direction: 'out' | 'in'): number {
  if (rule.type === 'StepScaling') return rule.configuration.cooldown ?? cooldownSecondsDefault;
  const { scaleOutCooldown, scaleInCooldown } = rule.configuration;
  return (direction === 'out' ? scaleOutCooldown : scaleInCooldown) ?? cooldownSecondsDefault;
}
