/**
 * What each policy of a target sees: the points of its metric, the alarms that call it, or the load and the speed of its
 * copies. Only read here; what is made of it is for `decide/scaling`.
 */
import type { MetricStore } from '../../contracts/metric-store.js';
import { parseStatistic, statisticOf } from '../../decide/metrics/statistics.js';
import type {
  PolicySituation,
  RingingAlarm,
  StepSituation,
  TargetTrackingSituation,
  WatchedAlarm,
} from '../../decide/scaling/situation.js';
import { type AlarmDefinition, type AlarmRecord, AlarmState, type Dimension } from '../../domain/alarm.js';
import { type MetricIdentity, Namespace } from '../../domain/metric.js';
import { cooldownSecondsDefault, PredefinedMetric } from '../../domain/scaling.js';
import type {
  ScalingPolicyRecord,
  StepScalingConfiguration,
  TargetTrackingConfiguration,
} from '../../domain/scaling.js';
import type { Scope } from '../../domain/scope.js';
import {
  dimensionsOf,
  type Objective,
  objectiveOf,
  trackedMetricOf,
  type TrackedPace,
  trackedQueriesOf,
} from '../../domain/tracked-metric.js';
import { isInUnit, valueLagMs } from '../metrics/measured-values.js';
import { type Stretch, valuesOfQueries } from './tracked-queries.js';

/** Metrics that fall as capacity rises, of those that Stowage writes. */
const perCapacityMetrics: readonly string[] = [
  'InvocationsPerCopy',
  'InvocationsPerInstance',
  'ConcurrentRequestsPerCopy',
  'ConcurrentRequestsPerModel',
];

/** Metrics that have a value in every ten seconds, whether anybody calls or not. */
const alwaysWritten: readonly string[] = [
  PredefinedMetric.ComponentConcurrency,
  PredefinedMetric.VariantConcurrency,
];

/** The parts of a situation that all policies of a target share. */
export interface PolicyView {
  readonly metrics: MetricStore;
  /** Wall clock, as metrics are dated. */
  readonly now: number;
  /** Before this nobody watched: what is missing there says nothing, wall clock. */
  readonly watchedSince: number;
  /** What takes requests now. */
  readonly ready: number;
  /** Since when each ready instance has been it, wall clock; null = a metric counts the copies that were ready. */
  readonly readySince: readonly number[] | null;
  readonly alarmsOf: (policy: ScalingPolicyRecord) => readonly AlarmRecord[];
  /** DisableAlarmActions was called for an alarm of the policy's own. */
  readonly isSilenced: (policy: ScalingPolicyRecord, alarm: string) => boolean;
  /** Null: an objective cannot be held for it. */
  readonly sloOf: (objective: Objective) => Extract<PolicySituation, { kind: 'slo' }>['slo'] | null;
}

/** Null: nothing can be seen of what it looks at. */
export function policySituation(policy: ScalingPolicyRecord, view: PolicyView): PolicySituation | null {
  const { rule, policyName } = policy;
  if (rule.type === 'StepScaling') return stepSituation(policyName, rule.configuration, policy, view);
  const { scaleOutCooldown, scaleInCooldown, disableScaleIn } = rule.configuration;
  const shared = {
    name: policyName,
    scaleOutCooldownMs: (scaleOutCooldown ?? cooldownSecondsDefault) * 1000,
    scaleInCooldownMs: (scaleInCooldown ?? cooldownSecondsDefault) * 1000,
    isScaleInDisabled: disableScaleIn === true,
  };
  const objective = objectiveOf(rule.configuration);
  if (objective !== null) {
    const slo = view.sloOf(objective);
    return slo === null ? null : { kind: 'slo', ...shared, slo };
  }
  const metric = seenMetric(policy, rule.configuration, view);
  if (metric === null) return null;
  const isSilenced = (side: string) =>
    policy.alarms.some((name) => name.includes(side) && view.isSilenced(policy, name));
  return {
    kind: 'target-tracking',
    ...shared,
    isScaleInDisabled: shared.isScaleInDisabled || isSilenced('-AlarmLow-'),
    isScaleOutDisabled: isSilenced('-AlarmHigh-'),
    ...trackedPoints(policy, rule.configuration, metric, view),
    targetValue: rule.configuration.targetValue,
    isPerCapacity: metric.isPerCapacity,
    periodSeconds: metric.periodSeconds,
    ...alarmNames(policy),
  };
}

function alarmNames({ alarms }: ScalingPolicyRecord): Pick<TargetTrackingSituation, 'alarms'> {
  const high = alarms.find((name) => name.includes('-AlarmHigh-'));
  const low = alarms.find((name) => name.includes('-AlarmLow-'));
  return high === undefined || low === undefined ? {} : { alarms: { high, low } };
}

/** A metric, or what is computed from several, and how to read it. */
interface SeenMetric extends TrackedPace {
  /** Values by the beginnings of their periods. */
  values(stretch: Stretch): Iterable<readonly [at: number, value: number | null]>;
}

function seenMetric(
  { scope, resourceId }: ScalingPolicyRecord,
  configuration: TargetTrackingConfiguration,
  { metrics }: PolicyView,
): SeenMetric | null {
  const computed = trackedQueriesOf(configuration);
  if (computed !== null) {
    const { queries, ...pace } = computed;
    return { ...pace, values: (stretch) => valuesOfQueries(queries, scope, stretch, metrics) };
  }
  const metric = trackedMetricOf(configuration, resourceId);
  const statistic = metric === null ? null : parseStatistic(metric.stat);
  if (metric === null || statistic === null) return null;
  return {
    ...metric,
    values: ({ from, to, periodSeconds }) => {
      const measured = identity(scope, metric);
      if (!isInUnit(metrics, measured, metric.unit)) return [];
      return metrics
        .read(measured, from, to, periodSeconds)
        .map(({ at, values }) => [at, statisticOf(values, statistic)]);
    },
  };
}

type Points = Pick<TargetTrackingSituation, 'points' | 'capacities' | 'isMissingNothing'>;

/** The whole periods that ended, as many as scaling in looks at; fewer where nobody watched and nothing is written. */
function trackedPoints(
  policy: ScalingPolicyRecord,
  configuration: TargetTrackingConfiguration,
  metric: SeenMetric,
  view: PolicyView,
): Points {
  const { metrics, now, watchedSince, ready, readySince } = view;
  const { scope, resourceId, createdAt } = policy;
  const { periodSeconds, pointsIn, pointsOut, isPerCapacity } = metric;
  const periodMs = periodSeconds * 1000;
  const count = Math.max(pointsIn, pointsOut);
  const end = Math.floor((now - valueLagMs) / periodMs) * periodMs;
  const from = end - count * periodMs;
  const points = Array.from({ length: count }, (): number | null => null);
  for (const [at, value] of metric.values({ from, to: end, periodSeconds })) {
    points[Math.floor((at - from) / periodMs)] = value;
  }
  // What is written counts from before the policy; what is missing says something only since somebody watched.
  const since = Math.max(watchedSince, createdAt);
  const unknown = points.findLastIndex((point, index) => point === null && from + index * periodMs < since);
  const known = points.slice(unknown + 1);
  const named = configuration.predefinedMetricSpecification;
  // Nobody writes it for a variant without a model of its own, however busy that is.
  const isWritten =
    readySince === null || named?.predefinedMetricType !== PredefinedMetric.VariantConcurrency;
  const isMissingNothing = named !== undefined && isWritten;
  if (!isPerCapacity) return { points: known, isMissingNothing };
  if (readySince !== null) {
    const capacities = points.map((_, index) => meanReady(readySince, from + index * periodMs, periodMs));
    return { points: known, capacities: capacities.slice(unknown + 1), isMissingNothing };
  }
  const capacities = Array.from({ length: count }, () => ready);
  const counted = {
    namespace: Namespace.Stowage,
    metricName: 'CopiesReady',
    dimensions: dimensionsOf(resourceId),
  };
  const counts = metrics.read(identity(scope, counted), from, end, periodSeconds);
  for (const { at, values } of counts) {
    capacities[Math.floor((at - from) / periodMs)] = values.sum / values.count;
  }
  // What is always written and has no value at all could not be written down: then nothing is known of the load.
  const isAlways = alwaysWritten.some((type) => type === named?.predefinedMetricType);
  const isMeasured = counts.length > 0 && (!isAlways || points.some((point) => point !== null));
  return {
    points: known,
    capacities: capacities.slice(unknown + 1),
    isMissingNothing: isMissingNothing && isMeasured,
  };
}

/** Of the instances that are ready now: how many were, over a period. Those that have gone since count for nothing. */
function meanReady(readySince: readonly number[], from: number, periodMs: number): number {
  return readySince.reduce(
    (sum, since) => sum + Math.min(1, Math.max(0, (from + periodMs - since) / periodMs)),
    0,
  );
}

function stepSituation(
  name: string,
  configuration: StepScalingConfiguration,
  policy: ScalingPolicyRecord,
  view: PolicyView,
): StepSituation {
  const ringing: RingingAlarm[] = [];
  const watching: WatchedAlarm[] = [];
  for (const { name: alarm, definition, state, stateUpdatedAt, scope } of view.alarmsOf(policy)) {
    const { threshold = 0, comparisonOperator } = definition;
    const value = newestValue(scope, definition, view);
    const isAbove = comparisonOperator.startsWith('GreaterThan');
    if (state === AlarmState.Alarm) ringing.push({ alarm, since: stateUpdatedAt, threshold, isAbove, value });
    else {
      watching.push({
        alarm,
        threshold,
        value,
        isAbove,
        isAtThreshold: comparisonOperator.includes('OrEqual'),
        isPerCapacity: perCapacityMetrics.includes(definition.metricName ?? ''),
      });
    }
  }
  return { kind: 'step', name, configuration, ringing, watching };
}

/** Of the newest of the alarm's periods that has a value; null = none has. */
function newestValue(scope: Scope, definition: AlarmDefinition, { metrics, now }: PolicyView): number | null {
  const { namespace, metricName, dimensions = [], statistic, extendedStatistic = '' } = definition;
  const asked = parseStatistic(statistic ?? extendedStatistic);
  if (namespace === undefined || metricName === undefined || asked === null) return null;
  const { period = 60, evaluationPeriods } = definition;
  const end = Math.floor((now - valueLagMs) / 10_000) * 10_000;
  const metric = identity(scope, { namespace, metricName, dimensions });
  if (!isInUnit(metrics, metric, definition.unit)) return null;
  // As the alarm's own periods: they end where its grid does, a minute at most.
  const from = end - evaluationPeriods * period * 1000;
  const newest = metrics.read(metric, from, end, period).at(-1);
  return newest === undefined ? null : statisticOf(newest.values, asked);
}

function identity(
  scope: Scope,
  {
    namespace,
    metricName,
    dimensions,
  }: { namespace: string; metricName: string; dimensions: readonly Dimension[] },
): MetricIdentity {
  const sorted = dimensions.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { scope, namespace, metricName, dimensions: sorted };
}
