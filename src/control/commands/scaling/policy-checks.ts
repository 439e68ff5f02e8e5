/** What a scaling policy must be that the service model does not say. All throws are REQ-210, REQ-212 or LIMIT-710. */
import { ExpressionProblem } from '../../../decide/metrics/expression.js';
import type { ProductionVariant } from '../../../domain/endpoint.js';
import {
  type MetricDataQuery,
  parseResourceId,
  type PolicyRule,
  PredefinedMetric,
  type StepAdjustment,
  type StepScalingConfiguration,
  type TargetTrackingConfiguration,
} from '../../../domain/scaling.js';
import {
  dimensionOfPredefined,
  dimensionsOf,
  objectiveOf,
  objectivePercentiles,
} from '../../../domain/tracked-metric.js';
import { valuesOfQueries } from '../../scaling/tracked-queries.js';
import { accountLimits, refuseAbove } from '../limits.js';
import { invalid, unsupported } from '../refusals.js';
import type { NamedTarget } from './targets-of-calls.js';

/** Seconds: a day. Longer ones would be a mistake that nobody notices. */
const cooldownSecondsMax = 86_400;
/** Queries of one metric specification: as CloudWatch's alarms on metric math. */
const queriesMax = 10;
/** Dimensions of one metric: as CloudWatch's. */
const dimensionsMax = 30;

const simpleStatistics: readonly string[] = ['Average', 'Minimum', 'Maximum', 'SampleCount', 'Sum'];

/** `variant`: what the target is about; undefined for components. */
export function checkRule(
  rule: PolicyRule,
  target: NamedTarget,
  variant: ProductionVariant | undefined,
): void {
  if (rule.type === 'TargetTrackingScaling') checkTracking(rule.configuration, target, variant);
  else checkSteps(rule.configuration);
}

function checkTracking(
  configuration: TargetTrackingConfiguration,
  target: NamedTarget,
  variant: ProductionVariant | undefined,
): void {
  const field = 'targetTrackingScalingPolicyConfiguration';
  const { targetValue, predefinedMetricSpecification: named } = configuration;
  const { customizedMetricSpecification: custom, scaleOutCooldown, scaleInCooldown } = configuration;
  if (!(targetValue > 0 && Number.isFinite(targetValue))) {
    throw invalid(`${field}.targetValue`, `TargetValue is ${targetValue}, it must be above 0.`);
  }
  checkCooldown(`${field}.scaleOutCooldown`, scaleOutCooldown);
  checkCooldown(`${field}.scaleInCooldown`, scaleInCooldown);
  if ((named === undefined) === (custom === undefined)) {
    const problem =
      'Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be given.';
    throw invalid(field, problem);
  }
  if (named !== undefined) checkPredefined(named, target, variant);
  if (custom === undefined) return;
  const place = `${field}.customizedMetricSpecification`;
  checkCustomized(custom, place);
  if (objectiveOf(configuration) !== null) checkObjective(custom, place, target);
}

function checkPredefined(
  named: NonNullable<TargetTrackingConfiguration['predefinedMetricSpecification']>,
  { resourceId, dimension }: NamedTarget,
  variant: ProductionVariant | undefined,
): void {
  const place = 'targetTrackingScalingPolicyConfiguration.predefinedMetricSpecification';
  const { predefinedMetricType: type, resourceLabel } = named;
  const fit = dimensionOfPredefined(type);
  if (fit === null) {
    throw unsupported(
      `${place}.predefinedMetricType`,
      `"${type}" is not a metric of anything that scales here`,
    );
  }
  if (fit !== dimension) {
    const problem = `The metric type "${type}" is for the scalable dimension "${fit}", not "${dimension}".`;
    throw invalid(`${place}.predefinedMetricType`, problem);
  }
  const isUnmeasured = variant !== undefined && variant.modelName === undefined;
  if (type === PredefinedMetric.VariantConcurrency && isUnmeasured) {
    const problem =
      `The metric type "${type}" is measured for variants with a model of their own; "${resourceId}" holds ` +
      `inference components. Use "${PredefinedMetric.VariantInvocations}", or scale the components.`;
    throw invalid(`${place}.predefinedMetricType`, problem);
  }
  if (resourceLabel === undefined) return;
  throw invalid(`${place}.resourceLabel`, `ResourceLabel is not for the metric type "${type}".`);
}

type Customized = NonNullable<TargetTrackingConfiguration['customizedMetricSpecification']>;

function checkCustomized(custom: Customized, place: string): void {
  const { metrics, metricName, namespace, statistic, dimensions = [] } = custom;
  if (metrics !== undefined) {
    const others = [metricName, namespace, statistic, custom.dimensions, custom.unit];
    if (others.some((one) => one !== undefined)) {
      const problem = 'Metrics is given together with MetricName, Namespace, Dimensions, Statistic or Unit.';
      throw invalid(`${place}.metrics`, problem);
    }
    return checkQueries(metrics, `${place}.metrics`);
  }
  for (const [member, value] of Object.entries({ metricName, namespace, statistic })) {
    if (value !== undefined && value !== '') continue;
    const name = member.charAt(0).toUpperCase() + member.slice(1);
    throw invalid(
      `${place}.${member}`,
      `${name} is missing; give MetricName, Namespace and Statistic, or Metrics.`,
    );
  }
  checkDimensions(dimensions, `${place}.dimensions`);
}

function checkQueries(queries: readonly MetricDataQuery[], place: string): void {
  if (queries.length === 0 || queries.length > queriesMax) {
    throw invalid(place, `Metrics has ${queries.length} queries, it must have 1 to ${queriesMax}.`);
  }
  const ids = new Set<string>();
  queries.forEach((query, index) => {
    const { id, expression, metricStat } = query;
    const here = `${place}[${index}]`;
    if (!/^[a-z][a-zA-Z0-9_]*$/.test(id)) {
      throw invalid(
        `${here}.id`,
        `The Id "${id}" must begin with a small letter and have letters, digits and _.`,
      );
    }
    if (ids.has(id)) throw invalid(`${here}.id`, `The Id "${id}" is given twice.`);
    ids.add(id);
    if ((expression === undefined) === (metricStat === undefined)) {
      throw invalid(here, `The query "${id}" must have exactly one of Expression and MetricStat.`);
    }
    if (metricStat === undefined) return;
    const { metric, stat } = metricStat;
    if (metric.namespace === undefined || metric.metricName === undefined) {
      throw invalid(`${here}.metricStat.metric`, `The metric of "${id}" needs Namespace and MetricName.`);
    }
    checkDimensions(metric.dimensions ?? [], `${here}.metricStat.metric.dimensions`);
    if (simpleStatistics.includes(stat) || /^p(\d{1,2}(\.\d{1,10})?|100)$/.test(stat)) return;
    const problem = `Stat "${stat}" must be one of ${simpleStatistics.join(', ')}, or a percentile, p0 to p100.`;
    throw invalid(`${here}.metricStat.stat`, problem);
  });
  const returned = queries.filter(({ returnData = true }) => returnData);
  if (returned.length === 1) return checkMath(queries, place);
  const problem = `Exactly one query must have ReturnData true, ${returned.length} have.`;
  throw invalid(place, problem);
}

/** Computes it once over nothing: whatever can be wrong with it is wrong then too. */
function checkMath(queries: readonly MetricDataQuery[], place: string): void {
  const nobody = { account: '', region: '' };
  try {
    valuesOfQueries(
      queries,
      nobody,
      { from: 0, to: 0, periodSeconds: 60 },
      { read: () => [], find: () => null },
    );
  } catch (thrown) {
    if (!(thrown instanceof ExpressionProblem)) throw thrown;
    throw invalid(place, `The metric cannot be computed: ${thrown.message}.`);
  }
}

function checkDimensions(dimensions: readonly { readonly name: string }[], place: string): void {
  if (dimensions.length > dimensionsMax) {
    throw invalid(place, `There are ${dimensions.length} dimensions, at most ${dimensionsMax} are possible.`);
  }
  const names = new Set<string>();
  for (const { name } of dimensions) {
    if (names.has(name)) throw invalid(place, `The dimension "${name}" is given twice.`);
    names.add(name);
  }
}

/** The objective for the time to first token is of one component, the target's, and for a percentile of its requests. */
function checkObjective(custom: Customized, place: string, { resourceId }: NamedTarget): void {
  if (parseResourceId(resourceId)?.kind !== 'component') {
    throw invalid(place, 'An objective for the time to first token is for inference components only.');
  }
  if ((custom.metrics?.length ?? 1) !== 1) {
    throw invalid(`${place}.metrics`, 'An objective for the time to first token has one query only.');
  }
  const query = custom.metrics?.[0]?.metricStat;
  const own = JSON.stringify(dimensionsOf(resourceId));
  const given = (query?.metric ?? custom).dimensions ?? [];
  if (JSON.stringify(given.map(({ name, value }) => ({ name, value }))) !== own) {
    const problem = `Dimensions must be the component itself: ${own}.`;
    throw invalid(`${place}.dimensions`, problem);
  }
  if (query === undefined) return;
  const percentile = Number(/^p([\d.]+)$/.exec(query.stat)?.[1]);
  const { min, max } = objectivePercentiles;
  if (percentile >= min && percentile <= max) return;
  const problem = `Stat "${query.stat}" must be a percentile from p${min} to p${max}.`;
  throw invalid(`${place}.metrics[0].metricStat.stat`, problem);
}

function checkSteps(configuration: StepScalingConfiguration): void {
  const field = 'stepScalingPolicyConfiguration';
  const { adjustmentType, stepAdjustments = [], minAdjustmentMagnitude, cooldown } = configuration;
  if (adjustmentType === undefined) throw invalid(`${field}.adjustmentType`, 'AdjustmentType is missing.');
  if (stepAdjustments.length === 0) throw invalid(`${field}.stepAdjustments`, 'StepAdjustments is missing.');
  refuseAbove(accountLimits.stepAdjustments, stepAdjustments.length);
  checkCooldown(`${field}.cooldown`, cooldown);
  if (minAdjustmentMagnitude !== undefined) {
    if (minAdjustmentMagnitude < 1) {
      const problem = `MinAdjustmentMagnitude is ${minAdjustmentMagnitude}, it must be 1 or more.`;
      throw invalid(`${field}.minAdjustmentMagnitude`, problem);
    }
    if (adjustmentType !== 'PercentChangeInCapacity') {
      const problem = 'MinAdjustmentMagnitude is for the AdjustmentType PercentChangeInCapacity only.';
      throw invalid(`${field}.minAdjustmentMagnitude`, problem);
    }
  }
  for (const { scalingAdjustment } of stepAdjustments) {
    if (adjustmentType !== 'ExactCapacity' || scalingAdjustment >= 0) continue;
    const problem = `ScalingAdjustment is ${scalingAdjustment}, an exact capacity must be 0 or more.`;
    throw invalid(`${field}.stepAdjustments`, problem);
  }
  checkIntervals(stepAdjustments, `${field}.stepAdjustments`);
}

/**
 * Without gaps and overlaps, and without an end on the far side of the alarm's threshold (0): what is further off than
 * any step would be answered by none. Source: Application Auto Scaling's rules of step adjustments.
 */
function checkIntervals(steps: readonly StepAdjustment[], field: string): void {
  const intervals = steps.map(({ metricIntervalLowerBound: lower, metricIntervalUpperBound: upper }) => {
    if (lower === undefined && upper === undefined) {
      throw invalid(field, 'A step has neither MetricIntervalLowerBound nor MetricIntervalUpperBound.');
    }
    return { lower: lower ?? -Infinity, upper: upper ?? Infinity };
  });
  for (const { lower, upper } of intervals) {
    if (lower < upper) continue;
    throw invalid(field, `The lower bound ${lower} of a step is not below its upper bound ${upper}.`);
  }
  intervals.sort((a, b) => a.lower - b.lower);
  intervals.slice(1).forEach(({ lower }, index) => {
    const { upper } = intervals[index]!;
    if (lower < upper) throw invalid(field, `Two steps overlap between ${lower} and ${upper}.`);
    if (lower > upper) throw invalid(field, `There is a gap between the steps from ${upper} to ${lower}.`);
  });
  const lowest = intervals[0]?.lower ?? 0;
  const highest = intervals.at(-1)?.upper ?? 0;
  if (lowest < 0 && lowest !== -Infinity) {
    throw invalid(field, `The steps end at ${lowest}: the lowest must have no MetricIntervalLowerBound.`);
  }
  if (highest > 0 && highest !== Infinity) {
    throw invalid(field, `The steps end at ${highest}: the highest must have no MetricIntervalUpperBound.`);
  }
}

function checkCooldown(field: string, seconds: number | undefined): void {
  if (seconds === undefined || (seconds >= 0 && seconds <= cooldownSecondsMax)) return;
  throw invalid(field, `A cooldown of ${seconds} s is not between 0 and ${cooldownSecondsMax} s.`);
}
