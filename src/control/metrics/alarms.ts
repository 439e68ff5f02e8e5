/**
 * Decides the state of every alarm, on whatever metric the store has. Asked each turn. An alarm is looked at again when
 * the grid of its periods moves on: every period below a minute, every minute, every hour where the period is of hours.
 * A state that SetAlarmState wrote, and a new definition, hold until then.
 *
 * All that is known of an alarm between two turns is when it was looked at; its datapoints are read anew each time, so
 * a control plane that begins goes on where the one before ended.
 */
import type { Change, StoredRecord } from '../../contracts/store.js';
import type { MetricStore } from '../../contracts/metric-store.js';
import { evaluateAlarm, rangePeriodsExtra } from '../../decide/alarms/evaluate.js';
import { parseStatistic, statisticOf } from '../../decide/metrics/statistics.js';
import type { AlarmDefinition, AlarmRecord } from '../../domain/alarm.js';
import { addDistributions, type Distribution, type MetricIdentity } from '../../domain/metric.js';
import type { AlarmEvaluator } from '../alarm-evaluator.js';
import type { StateView } from '../state-view.js';
import { isInUnit, valueLagMs } from './measured-values.js';

/** Alarms that one turn evaluates; further ones wait for the next, half a second later. */
const evaluationsMax = 500;

/** An alarm as it was looked at last: its revision, and the end of the grid it was looked at on. */
interface Look {
  readonly revision: number;
  end: number;
  /** It is left as it is before this end. */
  heldUntil: number;
  readonly metric: MetricIdentity;
}

type StoredAlarm = StoredRecord & { readonly value: AlarmRecord };

export function createAlarmEvaluator(metrics: MetricStore): AlarmEvaluator {
  const looks = new Map<string, Look>();
  /** The alarm that the next turn begins with, so that each has its turn. */
  let cursor = 0;
  return {
    evaluate(view, now) {
      const alarms = view.allAlarms();
      forgetGone(looks, view, alarms.length);
      const changes: Change[] = [];
      let evaluations = 0;
      const first = cursor < alarms.length ? cursor : 0;
      for (let index = 0; index < alarms.length && evaluations < evaluationsMax; index++) {
        cursor = (first + index + 1) % alarms.length;
        const stored = alarms[(first + index) % alarms.length]!;
        const look = dueLook(looks, stored, now);
        if (look === null) continue;
        evaluations++;
        const change = changeOf(stored, metrics, look, now);
        if (change !== null) changes.push(change);
      }
      return changes;
    },
  };
}

/** How the alarm is to be looked at now; null = it was, or it is held. */
function dueLook(looks: Map<string, Look>, { key, revision, value }: StoredAlarm, now: number): Look | null {
  const gridMs = gridOf(value.definition);
  const end = Math.floor((now - valueLagMs) / gridMs) * gridMs;
  const last = looks.get(key);
  if (last?.revision !== revision) {
    // A definition or a forced state holds until a period that began after it has ended.
    const heldUntil = (Math.floor(now / gridMs) + 1) * gridMs;
    looks.set(key, { revision, end, heldUntil, metric: metricOf(value) });
    return null;
  }
  if (last.end === end) return null;
  last.end = end;
  // A hold that reaches further was set before somebody set the clock back.
  const isHeld = last.heldUntil > end && last.heldUntil <= end + 2 * gridMs;
  return isHeld ? null : last;
}

/** How often an alarm is looked at, and where its periods may end, milliseconds. */
function gridOf({ period = 60 }: AlarmDefinition): number {
  return (period < 60 ? period : period < 3600 ? 60 : 3600) * 1000;
}

function metricOf({ scope, definition }: AlarmRecord): MetricIdentity {
  const { namespace = '', metricName = '', dimensions = [] } = definition;
  const sorted = dimensions.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { scope, namespace, metricName, dimensions: sorted };
}

function changeOf(stored: StoredAlarm, metrics: MetricStore, look: Look, now: number): Change | null {
  const { definition } = stored.value;
  const points = pointsOf(definition, metrics, look);
  const evaluation = evaluateAlarm(definition, points);
  if (evaluation === null || evaluation.state === stored.value.state) return null;
  const value: AlarmRecord = {
    ...stored.value,
    state: evaluation.state,
    stateReason: evaluation.reason,
    stateReasonData: reasonData(definition, points),
    stateUpdatedAt: now,
  };
  const { key, revision } = stored;
  return { key, expectedRevision: revision, value, event: 'alarm-changed', reason: evaluation.reason };
}

/** Datapoints in the JSON of a reason: enough to see why, however many periods there are. */
const reasonPointsMax = 20;

function reasonData(definition: AlarmDefinition, points: readonly (number | null)[]): string {
  const { period, threshold, statistic = definition.extendedStatistic } = definition;
  const recentDatapoints = points.slice(-reasonPointsMax);
  return JSON.stringify({ version: '1.0', statistic, period, recentDatapoints, threshold });
}

/** The last datapoints, oldest first; the newest period ends where the grid does. */
function pointsOf(
  definition: AlarmDefinition,
  metrics: MetricStore,
  { metric, end }: Look,
): readonly (number | null)[] {
  const { period = 60, evaluationPeriods, statistic, extendedStatistic = '' } = definition;
  const asked = parseStatistic(statistic ?? extendedStatistic);
  const gridMs = gridOf(definition);
  const periodMs = period * 1000;
  const count = evaluationPeriods + rangePeriodsExtra;
  const from = end - count * periodMs;
  const sums: (Distribution | null)[] = Array.from({ length: count }, () => null);
  if (!isInUnit(metrics, metric, definition.unit)) return sums.map(() => null);
  for (const { at, values } of metrics.read(metric, from, end, gridMs / 1000)) {
    const index = Math.floor((at - from) / periodMs);
    const before = sums[index] ?? null;
    sums[index] = before === null ? values : addDistributions(before, values);
  }
  return sums.map((sum) => (sum === null || asked === null ? null : statisticOf(sum, asked)));
}

function forgetGone(looks: Map<string, Look>, view: StateView, count: number): void {
  if (looks.size <= count) return;
  for (const key of looks.keys()) if (view.get(key) === undefined) looks.delete(key);
}
