/** How a configuration's component scales, as the forecast takes it. */
import type { ComponentPlan, ScalingPlan } from '../../domain/endpoint-plan.js';
import { componentResource } from '../../domain/scaling.js';
import { objectiveOf, trackedMetricOf } from '../../domain/tracked-metric.js';
import type { ForecastComponent, ForecastScaling } from './forecast-input.js';

/** Seconds; what SageMaker takes where a policy names none. */
const cooldownSecondsDefault = 300;

/** `assumptions` gets what of it is not modelled. */
export function scalingOfPlan(
  { name, copies, scaling }: ComponentPlan,
  assumptions: Set<string>,
): Pick<ForecastComponent, 'copies' | 'wakes' | 'scaling'> {
  if (scaling === null) return { copies: { ...copies, initial: copies.min }, wakes: false, scaling: [] };
  const { min, max, schedules } = scaling;
  if (schedules.length > 0) {
    assumptions.add(`schedules are not modelled: those of \`${name}\` and others do nothing here`);
  }
  const policy = policyOf(name, scaling);
  if (policy === null) {
    assumptions.add(
      `\`${name}\` tracks a metric of its own, which a trace does not have: only waking is modelled`,
    );
  }
  return { copies: { min, max, initial: min }, wakes: true, scaling: policy === null ? [] : [policy] };
}

/** Null: it goes by what the forecast does not know. */
function policyOf(name: string, { policy }: ScalingPlan): ForecastScaling | null {
  const shared = {
    name: 'configured',
    scaleOutCooldownMs: (policy.scaleOutCooldown ?? cooldownSecondsDefault) * 1000,
    scaleInCooldownMs: (policy.scaleInCooldown ?? cooldownSecondsDefault) * 1000,
    isScaleInDisabled: policy.disableScaleIn ?? false,
  };
  const objective = objectiveOf(policy);
  if (objective !== null) return { kind: 'slo', ...shared, ...objective };
  switch (trackedMetricOf(policy, componentResource(name))?.metricName) {
    case 'ConcurrentRequestsPerCopy':
      return { kind: 'target-tracking', ...shared, metric: 'concurrency', targetValue: policy.targetValue };
    case 'InvocationsPerCopy':
      return { kind: 'target-tracking', ...shared, metric: 'invocations', targetValue: policy.targetValue };
    default:
      return null;
  }
}
