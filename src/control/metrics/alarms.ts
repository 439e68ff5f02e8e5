/**
 * Decides the state of every alarm on the metrics that are counted here. Asked each turn; an alarm is looked at again
 * when a bucket of its metric has ended, so a state that SetAlarmState wrote holds until then.
 *
 * Metrics are addressed by `EndpointName` and `VariantName`, or by `InferenceComponentName`; alarms on others stay as
 * they were set.
 */
import { type LoadReports, latencyBoundsMicroseconds } from '../../contracts/load-reports.js';
import type { Change, StoredRecord } from '../../contracts/store.js';
import {
  type CountedMetric,
  countedMetrics,
  datapoint,
  type Divisors,
} from '../../decide/alarms/datapoint.js';
import { evaluateAlarm } from '../../decide/alarms/evaluate.js';
import type { AlarmDefinition, AlarmRecord } from '../../domain/alarm.js';
import { CopyState } from '../../domain/copy.js';
import { parseComponentKey } from '../../domain/component.js';
import type { Scope } from '../../domain/scope.js';
import { sameScope } from '../../domain/scope.js';
import type { AlarmEvaluator } from '../alarm-evaluator.js';
import type { StateView } from '../state-view.js';
import { bucketMs, componentSeriesKey, LoadWindow, noLoad, variantKey, windowMs } from './load-window.js';

/** Reports of a bucket may come so much later than its end, milliseconds. */
const reportLagMs = 1_500;

/** An alarm as it was looked at last: the bucket that had begun, and its revision. */
interface Look {
  readonly bucket: number;
  readonly revision: number;
  /** It is left as it is before this bucket. */
  readonly heldUntil: number;
}

type StoredAlarm = StoredRecord & { readonly value: AlarmRecord };

/** Listens to the reports from now on; `close` ends that. */
export function createAlarmEvaluator(reports: LoadReports): AlarmEvaluator & { close(): void } {
  const window = new LoadWindow();
  const stop = reports.onReport((report) => window.take(report));
  let looks = new Map<string, Look>();
  return {
    evaluate(view, now) {
      const bucket = Math.floor((now - reportLagMs) / bucketMs);
      const before = looks;
      looks = new Map();
      return view.allAlarms().flatMap((stored) => {
        const { key, revision } = stored;
        const last = before.get(key);
        // A definition or a forced state holds until a bucket that began after it has ended.
        const isNews = last === undefined || last.revision !== revision;
        const heldUntil = isNews ? Math.floor(now / bucketMs) + 1 : last.heldUntil;
        looks.set(key, { bucket, revision, heldUntil });
        // A hold that reaches further was set before somebody set the clock back.
        const isHeld = heldUntil > bucket && heldUntil <= bucket + 2;
        if (isNews || isHeld || last.bucket === bucket) return [];
        return changeOf(stored, view, window, bucket * bucketMs, now);
      });
    },
    close: stop,
  };
}

function changeOf(
  stored: StoredAlarm,
  view: StateView,
  window: LoadWindow,
  end: number,
  now: number,
): readonly Change[] {
  const { definition } = stored.value;
  const series = seriesOf(stored.value.scope, definition);
  const metric = countedMetrics.find((one) => one === definition.metricName);
  if (series === null || metric === undefined || definition.namespace !== 'AWS/SageMaker') return [];
  const divisors = divisorsOf(metric, stored.value, view);
  const points = pointsOf(metric, definition, series, divisors, window, end);
  const evaluation = evaluateAlarm(definition, points);
  if (evaluation === null || evaluation.state === stored.value.state) return [];
  const value: AlarmRecord = {
    ...stored.value,
    state: evaluation.state,
    stateReason: evaluation.reason,
    stateReasonData: JSON.stringify({ recentDatapoints: points, threshold: definition.threshold }),
    stateUpdatedAt: now,
  };
  const { key, revision } = stored;
  return [{ key, expectedRevision: revision, value, event: 'alarm-changed', reason: evaluation.reason }];
}

/** The last datapoints, oldest first; a period ends where the last whole bucket ended. */
function pointsOf(
  metric: CountedMetric,
  definition: AlarmDefinition,
  series: string,
  divisors: Divisors,
  window: LoadWindow,
  end: number,
): readonly (number | null)[] {
  const periodMs = Math.max(bucketMs, (definition.period ?? 60) * 1000);
  const periods = Math.max(1, Math.min(definition.evaluationPeriods, Math.floor(windowMs / periodMs)));
  return Array.from({ length: periods }, (_, index) => {
    const from = end - (periods - index) * periodMs;
    const counts = window.between(series, from, from + periodMs);
    if (counts === null) return null;
    return datapoint(metric, definition, counts ?? noLoad, divisors, latencyBoundsMicroseconds);
  });
}

function seriesOf(scope: Scope, definition: AlarmDefinition): string | null {
  const dimension = dimensionsOf(definition);
  const component = dimension.get('InferenceComponentName');
  if (component !== undefined) return componentSeriesKey(scope, component);
  const [endpoint, variant] = [dimension.get('EndpointName'), dimension.get('VariantName')];
  return endpoint === undefined || variant === undefined ? null : variantKey(scope, endpoint, variant);
}

/** Copies are counted where the metric is of copies: there may be many. */
function divisorsOf(metric: CountedMetric, { scope, definition }: AlarmRecord, view: StateView): Divisors {
  const dimension = dimensionsOf(definition);
  const component = dimension.get('InferenceComponentName');
  const endpoint = dimension.get('EndpointName');
  const isOfCopies = metric === 'InvocationsPerCopy' || metric === 'ConcurrentRequestsPerCopy';
  const copies = (isOfCopies ? view.copies() : []).filter(({ value }) => {
    const of = parseComponentKey(value.component);
    const isNamed = component === undefined ? of.endpoint === endpoint : of.name === component;
    return isNamed && sameScope(of.scope, scope) && value.state === CopyState.Ready;
  });
  const instances = endpoint === undefined ? [] : view.instancesOf(scope, endpoint);
  return { copies: Math.max(1, copies.length), instances: Math.max(1, instances.length) };
}

function dimensionsOf({ dimensions = [] }: AlarmDefinition): ReadonlyMap<string, string> {
  return new Map(dimensions.map(({ name, value }) => [name, value]));
}
