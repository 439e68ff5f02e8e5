/**
 * The alarms of a target tracking policy: one that rings while the metric is above the target, one while it is well
 * below. They are there to be seen and to be silenced; capacity follows the metric itself.
 */
import { lowFraction } from '../../../decide/scaling/policy-words.js';
import type { Change } from '../../../contracts/store.js';
import { type AlarmDefinition, type AlarmRecord, AlarmState } from '../../../domain/alarm.js';
import type { ScalingPolicyRecord } from '../../../domain/scaling.js';
import { type TrackedMetric, trackedMetricOf } from '../../../domain/tracked-metric.js';
import type { StateView } from '../../state-view.js';
import { creation, update } from '../call.js';
import { removeAlarms } from './removal.js';
import { policyArn, uuid } from './targets-of-calls.js';

const simpleStatistics = ['Average', 'Minimum', 'Maximum', 'SampleCount', 'Sum'] as const;

interface WantedAlarm {
  readonly name: string;
  readonly definition: AlarmDefinition;
}

/** The names of the alarms that a policy has. */
export function alarmsOfPolicy(policy: Omit<ScalingPolicyRecord, 'alarms'>): readonly string[] {
  return wantedAlarms(policy).map(({ name }) => name);
}

/** What brings the alarms to what the policy is: `before` are those it had. */
export function changeAlarms(
  view: StateView,
  policy: ScalingPolicyRecord,
  before: readonly string[],
  now: number,
  reason: string,
): readonly Change[] {
  const { scope, alarms } = policy;
  const gone = before.filter((name) => !alarms.includes(name));
  const made = wantedAlarms(policy).map(({ name, definition }) => {
    const stored = view.alarm(scope, name);
    if (stored !== undefined) {
      const record: AlarmRecord = { ...stored.value, definition, modifiedAt: now };
      return update(stored, record, 'alarm-updated', reason);
    }
    const record: AlarmRecord = {
      kind: 'alarm',
      scope,
      name,
      createdAt: now,
      modifiedAt: now,
      tags: [],
      definition,
      state: AlarmState.InsufficientData,
      stateReason: 'Unchecked: Initial alarm creation',
      stateReasonData: null,
      stateUpdatedAt: now,
    };
    return creation(record, 'alarm-created', reason);
  });
  return [...removeAlarms(view, scope, gone, reason), ...made];
}

/** None for a policy that steps, for an objective, and for an expression over several metrics. */
function wantedAlarms(policy: Omit<ScalingPolicyRecord, 'alarms'>): readonly WantedAlarm[] {
  const { rule, resourceId } = policy;
  if (rule.type !== 'TargetTrackingScaling') return [];
  const metric = trackedMetricOf(rule.configuration, resourceId);
  if (metric === null) return [];
  const { targetValue, disableScaleIn = false } = rule.configuration;
  const high = alarm(policy, metric, 'AlarmHigh', metric.pointsOut, {
    comparisonOperator: 'GreaterThanThreshold',
    threshold: targetValue,
  });
  if (disableScaleIn) return [high];
  const low = alarm(policy, metric, 'AlarmLow', metric.pointsIn, {
    comparisonOperator: 'LessThanThreshold',
    threshold: targetValue * lowFraction,
  });
  return [high, low];
}

function alarm(
  policy: Omit<ScalingPolicyRecord, 'alarms'>,
  metric: TrackedMetric,
  side: 'AlarmHigh' | 'AlarmLow',
  evaluationPeriods: number,
  threshold: Pick<AlarmDefinition, 'comparisonOperator' | 'threshold'>,
): WantedAlarm {
  const { scope, createdAt, resourceId, policyName } = policy;
  const statistic = simpleStatistics.find((one) => one === metric.stat);
  return {
    name: `TargetTracking-${resourceId}-${side}-${uuid(scope, createdAt, resourceId, policyName, side)}`,
    definition: {
      alarmDescription: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policyArn(policy)}.`,
      actionsEnabled: true,
      alarmActions: [policyArn(policy)],
      namespace: metric.namespace,
      metricName: metric.metricName,
      dimensions: metric.dimensions,
      ...(statistic === undefined ? { extendedStatistic: metric.stat } : { statistic }),
      period: metric.periodSeconds,
      ...(metric.unit === null ? {} : { unit: metric.unit }),
      evaluationPeriods,
      ...threshold,
    },
  };
}
