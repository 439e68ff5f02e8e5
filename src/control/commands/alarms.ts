/** Alarms on one metric each. The loop evaluates them; what they call, scaling does. */
import { type AlarmDefinition, type AlarmRecord, AlarmState, type Dimension } from '../../domain/alarm.js';
import { metricKey } from '../../domain/metric.js';
import type { Tag } from '../../domain/model.js';
import { arnOf, ResourceKind, type Scope } from '../../domain/scope.js';
import type { StateView } from '../state-view.js';
import { answer, type Call, type CommandResult, creation, deletion, type Empty, update } from './call.js';
import { actionsOf, checkActions, checkDefinition } from './alarm-definitions.js';
import { accountLimits, refuseOneMore } from './limits.js';
import { namePage } from './listing.js';
import { metricOf } from './metric-requests.js';
import { found, invalid } from './refusals.js';
import { checkTags } from './tagging.js';

const kind = ResourceKind.Alarm;

/** Alarms on a page when the caller does not say: as CloudWatch's. */
const maxRecordsDefault = 50;

export interface PutMetricAlarmInput extends Omit<AlarmDefinition, 'okActions'> {
  readonly alarmName: string;
  readonly tags?: readonly Tag[];
  readonly oKActions?: readonly string[];
}

export interface DescribeAlarmsInput {
  readonly alarmNames?: readonly string[];
  readonly alarmNamePrefix?: string;
  readonly alarmTypes?: readonly string[];
  readonly stateValue?: AlarmState;
  /** Alarms with an action that begins so. */
  readonly actionPrefix?: string;
  readonly maxRecords?: number;
  readonly nextToken?: string;
}

export interface DeleteAlarmsInput {
  readonly alarmNames: readonly string[];
}

export interface SetAlarmStateInput {
  readonly alarmName: string;
  readonly stateValue: AlarmState;
  readonly stateReason: string;
  /** JSON. */
  readonly stateReasonData?: string;
}

export interface AlarmNamesInput {
  readonly alarmNames: readonly string[];
}

export interface DescribeAlarmsForMetricInput {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions?: readonly Dimension[];
  readonly statistic?: string;
  readonly extendedStatistic?: string;
  readonly period?: number;
  readonly unit?: string;
}

interface MetricAlarm extends Omit<AlarmDefinition, 'okActions'> {
  readonly oKActions?: readonly string[];
  readonly alarmName: string;
  readonly alarmArn: string;
  readonly alarmConfigurationUpdatedTimestamp: number;
  readonly stateValue: AlarmState;
  readonly stateReason: string;
  readonly stateReasonData?: string;
  readonly stateUpdatedTimestamp: number;
  readonly stateTransitionedTimestamp: number;
}

interface DescribeAlarmsOutput {
  readonly metricAlarms: readonly MetricAlarm[];
  readonly compositeAlarms: readonly never[];
  readonly nextToken?: string;
}

/** Makes an alarm, or gives one that is there a new definition; then its state and its tags stay as they are. */
export function putMetricAlarm({ view, scope, input, now }: Call<PutMetricAlarmInput>): CommandResult<Empty> {
  const { alarmName: name, tags, oKActions: okActions, ...rest } = input;
  const definition: AlarmDefinition = okActions === undefined ? rest : { ...rest, okActions };
  checkDefinition(definition);
  checkActions(definition, scope);
  const stored = view.alarm(scope, name);
  if (stored !== undefined) {
    const record: AlarmRecord = { ...stored.value, definition, modifiedAt: now };
    return { changes: [update(stored, record, 'alarm-updated', 'asked for by PutMetricAlarm')], output: {} };
  }
  refuseOneMore(accountLimits.alarms, callersAlarms(view, scope));
  const record: AlarmRecord = {
    kind: 'alarm',
    scope,
    name,
    createdAt: now,
    modifiedAt: now,
    tags: checkTags(tags),
    definition,
    state: AlarmState.InsufficientData,
    stateReason: 'Unchecked: Initial alarm creation',
    stateReasonData: null,
    stateUpdatedAt: now,
  };
  return { changes: [creation(record, 'alarm-created', 'asked for by PutMetricAlarm')], output: {} };
}

/** How many there are beside those of target tracking policies, which are bounded by their targets. */
function callersAlarms(view: StateView, scope: Scope): number {
  const all = view.alarms(scope);
  if (all.length < accountLimits.alarms.max) return all.length;
  const ofPolicies = new Set(view.scalingPolicies(scope).flatMap(({ value }) => value.alarms));
  return all.filter(({ value }) => !ofPolicies.has(value.name)).length;
}

/** In the order of names; names that are not there are passed over. */
export function describeAlarms({
  view,
  scope,
  input,
}: Call<DescribeAlarmsInput>): CommandResult<DescribeAlarmsOutput> {
  const { nextToken, maxRecords = maxRecordsDefault, ...query } = input;
  const { alarmNames, alarmNamePrefix, alarmTypes, stateValue, actionPrefix } = query;
  if (alarmNames !== undefined && alarmNamePrefix !== undefined) {
    throw invalid('alarmNamePrefix', 'Both AlarmNames and AlarmNamePrefix are given; give one of them.');
  }
  if (alarmTypes !== undefined && alarmTypes.length > 0 && !alarmTypes.includes('MetricAlarm')) {
    return answer({ metricAlarms: [], compositeAlarms: [] });
  }
  const names = alarmNames === undefined || alarmNames.length === 0 ? null : new Set(alarmNames);
  const chosen = view
    .alarms(scope)
    .map(({ value }) => value)
    .filter(
      ({ name, state, definition }) =>
        (names === null || names.has(name)) &&
        (actionPrefix === undefined || actionsOf(definition).some((arn) => arn.startsWith(actionPrefix))) &&
        name.startsWith(alarmNamePrefix ?? '') &&
        (stateValue === undefined || state === stateValue),
    );
  const page = { query, nextToken, maxResults: maxRecords };
  const { records, ...rest } = namePage('DescribeAlarms', scope, chosen, page);
  return answer({ metricAlarms: records.map(alarmOutput), compositeAlarms: [], ...rest });
}

/** All of them, or none when one of them is not there (NAME-410). */
export function deleteAlarms({ view, scope, input }: Call<DeleteAlarmsInput>): CommandResult<Empty> {
  const changes = [...new Set(input.alarmNames)].map((name) => {
    const stored = found(view.alarm(scope, name), scope, kind, name);
    return deletion(stored, 'alarm-deleted', 'asked for by DeleteAlarms');
  });
  return { changes, output: {} };
}

/** Alarms on exactly that metric, in the order of names. */
export function describeAlarmsForMetric({
  view,
  scope,
  input,
}: Call<DescribeAlarmsForMetricInput>): CommandResult<{ metricAlarms: readonly MetricAlarm[] }> {
  const { dimensions: _, ...rest } = input;
  const wanted = metricKey(metricOf(scope, input, 'metricName'));
  const fields = Object.entries(rest).filter(([, value]) => value !== undefined);
  const found = view.alarms(scope).flatMap(({ value }) => {
    const { definition } = value;
    if (definition.metricName !== input.metricName || definition.namespace !== input.namespace) return [];
    const isSame = fields.every(([name, asked]) => definition[name as keyof AlarmDefinition] === asked);
    const isOfMetric = metricKey(metricOf(scope, definition, 'metricName')) === wanted;
    return isSame && isOfMetric ? [alarmOutput(value)] : [];
  });
  return answer({ metricAlarms: found });
}

/** Names that are not there are passed over, as CloudWatch does. */
export function enableAlarmActions(call: Call<AlarmNamesInput>): CommandResult<Empty> {
  return changeActions(call, true);
}

export function disableAlarmActions(call: Call<AlarmNamesInput>): CommandResult<Empty> {
  return changeActions(call, false);
}

function changeActions(
  { view, scope, input, now }: Call<AlarmNamesInput>,
  actionsEnabled: boolean,
): CommandResult<Empty> {
  const changes = [...new Set(input.alarmNames)].flatMap((name) => {
    const stored = view.alarm(scope, name);
    if (stored === undefined || (stored.value.definition.actionsEnabled ?? true) === actionsEnabled)
      return [];
    const definition = { ...stored.value.definition, actionsEnabled };
    const verb = actionsEnabled ? 'EnableAlarmActions' : 'DisableAlarmActions';
    const record: AlarmRecord = { ...stored.value, definition, modifiedAt: now };
    return [update(stored, record, 'alarm-updated', `asked for by ${verb}`)];
  });
  return { changes, output: {} };
}

/** For a while: the next evaluation decides anew. */
export function setAlarmState({ view, scope, input, now }: Call<SetAlarmStateInput>): CommandResult<Empty> {
  const { alarmName: name, stateValue, stateReason, stateReasonData = null } = input;
  const stored = found(view.alarm(scope, name), scope, kind, name);
  if (stateReasonData !== null && !isJson(stateReasonData)) {
    throw invalid('stateReasonData', 'StateReasonData is not JSON.');
  }
  const record: AlarmRecord = {
    ...stored.value,
    state: stateValue,
    stateReason,
    stateReasonData,
    stateUpdatedAt: now,
  };
  const reason = `asked for by SetAlarmState: ${stateReason}`;
  return { changes: [update(stored, record, 'alarm-changed', reason)], output: {} };
}

function alarmOutput(alarm: AlarmRecord): MetricAlarm {
  const { definition: whole, scope, name, stateReasonData } = alarm;
  const { okActions, ...definition } = whole;
  return {
    ...definition,
    ...(okActions === undefined ? {} : { oKActions: okActions }),
    alarmName: name,
    alarmArn: arnOf(scope, kind, name),
    actionsEnabled: whole.actionsEnabled ?? true,
    alarmConfigurationUpdatedTimestamp: alarm.modifiedAt,
    stateValue: alarm.state,
    stateReason: alarm.stateReason,
    ...(stateReasonData === null ? {} : { stateReasonData }),
    stateUpdatedTimestamp: alarm.stateUpdatedAt,
    stateTransitionedTimestamp: alarm.stateUpdatedAt,
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
