/** Scheduled actions: other bounds for a target, at a time or again and again. */
import { policyKey, type ScheduledActionRecord } from '../../../domain/scaling.js';
import { answer, type Call, type CommandResult, creation, deletion, type Empty, update } from '../call.js';
import { accountLimits, refuseOneMore } from '../limits.js';
import { namePage } from '../listing.js';
import { invalid } from '../refusals.js';
import { checkSchedule, checkTime } from './schedule-checks.js';
import {
  actionArn,
  checkFilter,
  missing,
  nameTarget,
  pageSize,
  refuseZeroInstances,
  type TargetFilter,
  type TargetName,
  targetMembers,
  targetOf,
  uuid,
} from './targets-of-calls.js';

/** Actions on a page: as Application Auto Scaling's. */
const pageMax = 50;

export interface ActionName extends TargetName {
  readonly scheduledActionName: string;
}

interface Capacities {
  readonly minCapacity?: number;
  readonly maxCapacity?: number;
}

export interface PutScheduledActionInput extends ActionName {
  readonly schedule?: string;
  readonly timezone?: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly scalableTargetAction?: Capacities;
}

export interface DescribeScheduledActionsInput extends TargetFilter {
  readonly scheduledActionNames?: readonly string[];
}

interface ScheduledAction {
  readonly scheduledActionName: string;
  readonly scheduledActionARN: string;
  readonly serviceNamespace: string;
  readonly resourceId: string;
  readonly scalableDimension: string;
  readonly schedule: string;
  readonly timezone?: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly scalableTargetAction: Capacities;
  readonly creationTime: number;
}

interface DescribeScheduledActionsOutput {
  readonly scheduledActions: readonly ScheduledAction[];
  readonly nextToken?: string;
}

/** Makes an action, or changes what is named of one that is there; times that are not named are taken away. */
export function putScheduledAction({
  view,
  scope,
  input,
  now,
}: Call<PutScheduledActionInput>): CommandResult<Empty> {
  const name = nameTarget(input);
  const { resourceId } = name;
  const { scheduledActionName: actionName, startTime = null, endTime = null } = input;
  targetOf(view, scope, name);
  const key = policyKey(resourceId, actionName);
  const stored = view.scheduledAction(scope, key);
  const before = stored?.value;
  const schedule = input.schedule ?? before?.schedule;
  if (schedule === undefined) throw invalid('schedule', 'Schedule is missing.');
  const timezone = input.timezone ?? before?.timezone ?? null;
  checkSchedule(schedule, timezone);
  checkTime('startTime', startTime, now);
  checkTime('endTime', endTime, now);
  if (startTime !== null && endTime !== null && startTime >= endTime) {
    throw invalid('endTime', 'EndTime is not after StartTime.');
  }
  const capacities = capacitiesOf(input.scalableTargetAction, before);
  refuseZeroInstances('scalableTargetAction.minCapacity', resourceId, capacities.minCapacity ?? undefined);
  const createdAt = before?.createdAt ?? now;
  const isSame =
    before?.schedule === schedule &&
    before.timezone === timezone &&
    before.startAt === startTime &&
    before.endAt === endTime;
  const record: ScheduledActionRecord = {
    kind: 'scheduled-action',
    scope,
    name: key,
    resourceId,
    actionName,
    id: before?.id ?? uuid(scope, createdAt, resourceId, actionName),
    createdAt,
    schedule,
    timezone,
    startAt: startTime,
    endAt: endTime,
    ...capacities,
    definedAt: isSame ? (before.definedAt ?? before.createdAt) : now,
    lastRunAt: before?.lastRunAt ?? null,
  };
  const reason = `asked for by PutScheduledAction ${actionName}`;
  if (stored !== undefined) {
    return { changes: [update(stored, record, 'schedule-updated', reason)], output: {} };
  }
  refuseOneMore(accountLimits.scheduledActions, view.scheduledActionsOf(scope, resourceId).length);
  return { changes: [creation(record, 'schedule-created', reason)], output: {} };
}

export function deleteScheduledAction({ view, scope, input }: Call<ActionName>): CommandResult<Empty> {
  const { resourceId } = nameTarget(input);
  const stored = view.scheduledAction(scope, policyKey(resourceId, input.scheduledActionName));
  if (stored === undefined)
    throw missing('scheduled action', `${input.scheduledActionName} of ${resourceId}`);
  const reason = `asked for by DeleteScheduledAction ${input.scheduledActionName}`;
  return { changes: [deletion(stored, 'schedule-deleted', reason)], output: {} };
}

/** In the order of targets and names; names that are not there are passed over. */
export function describeScheduledActions({
  view,
  scope,
  input,
}: Call<DescribeScheduledActionsInput>): CommandResult<DescribeScheduledActionsOutput> {
  checkFilter(input);
  const { nextToken, maxResults, ...query } = input;
  const { resourceId, scheduledActionNames: names = [] } = query;
  const all =
    resourceId === undefined ? view.scheduledActions(scope) : view.scheduledActionsOf(scope, resourceId);
  const chosen = all
    .map(({ value }) => value)
    .filter(({ actionName }) => names.length === 0 || names.includes(actionName));
  const page = { query, nextToken, maxResults: pageSize(maxResults, pageMax) };
  const { records, ...rest } = namePage('DescribeScheduledActions', scope, chosen, page);
  return answer({ scheduledActions: records.map(actionOutput), ...rest });
}

function capacitiesOf(
  action: Capacities | undefined,
  before: ScheduledActionRecord | undefined,
): Pick<ScheduledActionRecord, 'minCapacity' | 'maxCapacity'> {
  const given = action ?? {
    minCapacity: before?.minCapacity ?? undefined,
    maxCapacity: before?.maxCapacity ?? undefined,
  };
  const { minCapacity, maxCapacity } = given;
  const field = 'scalableTargetAction';
  if (minCapacity === undefined && maxCapacity === undefined) {
    throw invalid(field, 'ScalableTargetAction needs MinCapacity, MaxCapacity or both.');
  }
  if ((minCapacity ?? 0) < 0 || (maxCapacity ?? 0) < 0) {
    throw invalid(field, 'MinCapacity and MaxCapacity must be 0 or more.');
  }
  if (minCapacity !== undefined && maxCapacity !== undefined && minCapacity > maxCapacity) {
    const problem =
      'Maximum capacity cannot be less than minimum capacity: ' +
      `MinCapacity is ${minCapacity}, MaxCapacity ${maxCapacity}.`;
    throw invalid(`${field}.maxCapacity`, problem);
  }
  return { minCapacity: minCapacity ?? null, maxCapacity: maxCapacity ?? null };
}

function actionOutput(action: ScheduledActionRecord): ScheduledAction {
  const { timezone, startAt, endAt, minCapacity, maxCapacity } = action;
  return {
    scheduledActionName: action.actionName,
    scheduledActionARN: actionArn(action),
    ...targetMembers(action.resourceId),
    schedule: action.schedule,
    ...(timezone === null ? {} : { timezone }),
    ...(startAt === null ? {} : { startTime: startAt }),
    ...(endAt === null ? {} : { endTime: endAt }),
    scalableTargetAction: {
      ...(minCapacity === null ? {} : { minCapacity }),
      ...(maxCapacity === null ? {} : { maxCapacity }),
    },
    creationTime: action.createdAt,
  };
}
