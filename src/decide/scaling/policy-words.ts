/** Scaling policies in words, for plans and explanations. */
import {
  type PolicyRule,
  PredefinedMetric,
  type StepScalingConfiguration,
  type TargetTrackingConfiguration,
} from '../../domain/scaling.js';
import { objectiveOf, trackedMetricOf } from '../../domain/tracked-metric.js';

/** What the capacity follows, a phrase. */
export function targetText(policy: TargetTrackingConfiguration): string {
  const { targetValue, predefinedMetricSpecification: named, customizedMetricSpecification: custom } = policy;
  const objective = objectiveOf(policy);
  if (objective !== null) {
    const share = Math.round(objective.share * 100);
    return `first token within ${objective.firstTokenMs} ms for ${share} % of the requests`;
  }
  switch (named?.predefinedMetricType) {
    case PredefinedMetric.ComponentConcurrency:
      return `${targetValue} concurrent requests per copy`;
    case PredefinedMetric.ComponentInvocations:
      return `${targetValue} requests per copy and minute`;
    case PredefinedMetric.VariantConcurrency:
      return `${targetValue} concurrent requests per model`;
    case PredefinedMetric.VariantInvocations:
      return `${targetValue} requests per instance and minute`;
    default:
      return `${custom?.metricName ?? custom?.metrics?.[0]?.metricStat?.metric.metricName ?? 'a metric'} at ${targetValue}`;
  }
}

/** What would have to be for the policy to add or take capacity, a sentence. */
export function triggerText(rule: PolicyRule, resourceId: string): string {
  if (rule.type === 'StepScaling') return `when an alarm calls it: ${stepsText(rule.configuration)}`;
  const { configuration } = rule;
  const isIn = configuration.disableScaleIn !== true;
  if (objectiveOf(configuration) !== null) {
    return `more before the objective would be missed${isIn ? ', fewer as soon as fewer hold it' : ', never fewer'}`;
  }
  const metric = trackedMetricOf(configuration, resourceId);
  if (metric === null) return 'by an expression over several metrics';
  const { metricName, pointsOut, pointsIn, periodSeconds } = metric;
  const { targetValue } = configuration;
  const out = `more when ${metricName} is above ${targetValue} for ${pointsOut * periodSeconds} s`;
  if (!isIn) return `${out}, never fewer`;
  return `${out}, fewer when it is below ${rounded(targetValue * lowFraction)} for ${pointsIn * periodSeconds} s`;
}

/** Below this part of the target there is too much capacity. Source: the alarms in AWS's samples. */
export const lowFraction = 0.9;

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function stepsText({ adjustmentType, stepAdjustments = [] }: StepScalingConfiguration): string {
  const unit = adjustmentType === 'PercentChangeInCapacity' ? ' %' : '';
  return stepAdjustments
    .map(({ scalingAdjustment: by, metricIntervalLowerBound: lower, metricIntervalUpperBound: upper }) => {
      const sign = adjustmentType !== 'ExactCapacity' && by > 0 ? '+' : '';
      const what = adjustmentType === 'ExactCapacity' ? `to ${by}` : `${sign}${by}${unit}`;
      return `${what} from ${lower ?? '-∞'} to ${upper ?? '∞'} past its threshold`;
    })
    .join(', ');
}
