/**
 * What goes with a scalable target: its policies, the alarms that were made for them, its scheduled actions, its
 * activities. Written in the same commit as what it goes with, so that nothing is left that scales what is not there.
 */
import type { Change } from '../../../contracts/store.js';
import type { ScalingPolicyRecord } from '../../../domain/scaling.js';
import { componentResource, variantResource } from '../../../domain/scaling.js';
import type { EndpointRecord } from '../../../domain/endpoint.js';
import type { Scope } from '../../../domain/scope.js';
import type { StateView, StoredOf } from '../../state-view.js';
import { deletion } from '../call.js';

/** A target and all that belongs to it. Nothing when there is no such target. */
export function removeTarget(
  view: StateView,
  scope: Scope,
  resourceId: string,
  reason: string,
): readonly Change[] {
  const target = view.scalableTarget(scope, resourceId);
  if (target === undefined) return [];
  const policies = view.policiesOf(scope, resourceId);
  const actions = view.scheduledActionsOf(scope, resourceId);
  return [
    // Before the target: whoever sees it go forgets what is left of these.
    ...removeActivities(view, scope, resourceId, reason),
    ...policies.flatMap((policy) => removePolicy(view, policy, reason)),
    ...actions.map((action) => deletion(action, 'schedule-deleted', reason)),
    deletion(target, 'target-deregistered', reason),
  ];
}

function removeActivities(
  view: StateView,
  scope: Scope,
  resourceId: string,
  reason: string,
): readonly Change[] {
  const activities = view.activitiesOf(scope, resourceId);
  return activities.map((activity) => deletion(activity, 'activity-deleted', reason));
}

/** A policy and its alarms. */
export function removePolicy(
  view: StateView,
  policy: StoredOf<ScalingPolicyRecord>,
  reason: string,
): readonly Change[] {
  return [
    deletion(policy, 'policy-deleted', reason),
    ...removeAlarms(view, policy.value.scope, policy.value.alarms, reason),
  ];
}

/** Those of the alarms that are still there. */
export function removeAlarms(
  view: StateView,
  scope: Scope,
  names: readonly string[],
  reason: string,
): readonly Change[] {
  return names.flatMap((name) => {
    const alarm = view.alarm(scope, name);
    return alarm === undefined ? [] : [deletion(alarm, 'alarm-deleted', reason)];
  });
}

/** What goes with an inference component. */
export function removeScalingOfComponent(view: StateView, scope: Scope, name: string): readonly Change[] {
  return removeTarget(view, scope, componentResource(name), `the inference component ${name} is deleted`);
}

/** What goes with an endpoint: everything of its variants, of those that it had once as well. */
export function removeScalingOfEndpoint(
  view: StateView,
  { scope, name }: Pick<EndpointRecord, 'scope' | 'name'>,
): readonly Change[] {
  const prefix = variantResource(name, '');
  const reason = `the endpoint ${name} is deleted`;
  return view
    .scalableTargets(scope)
    .map(({ value }) => value.name)
    .filter((resourceId) => resourceId.startsWith(prefix))
    .flatMap((resourceId) => removeTarget(view, scope, resourceId, reason));
}
