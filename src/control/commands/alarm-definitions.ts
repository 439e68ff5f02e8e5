/** Checks of alarms that the service model leaves open. They throw REQ-210, and REQ-212 for what alarms cannot call here. */
import { parseStatistic } from '../../decide/metrics/statistics.js';
import type { AlarmDefinition } from '../../domain/alarm.js';
import { parsePolicyArn } from '../../domain/scaling.js';
import { sameScope, type Scope } from '../../domain/scope.js';
import { sortedDimensions } from './metric-requests.js';
import { invalid, unsupported } from './refusals.js';

/** Seconds that all periods of an alarm may span: a day, or a week when they are of an hour or more. */
const spanSecondsMax = 86_400;
const longSpanSecondsMax = 7 * 86_400;

const treatments: readonly string[] = ['missing', 'notBreaching', 'breaching', 'ignore'];
const needed = [
  'namespace',
  'metricName',
  'period',
  'threshold',
  'evaluationPeriods',
  'comparisonOperator',
] as const;

/** `definition` comes from a caller: what the model does not require may be missing, whatever its type says. */
export function checkDefinition(definition: Partial<AlarmDefinition>): void {
  for (const member of needed) {
    if (definition[member] !== undefined) continue;
    throw invalid(member, `The parameter ${pascalCase(member)} is required for an alarm on a metric.`);
  }
  sortedDimensions(definition.dimensions ?? [], 'dimensions');
  checkStatistic(definition);
  checkPeriods(definition);
  const { treatMissingData } = definition;
  if (treatMissingData !== undefined && !treatments.includes(treatMissingData)) {
    throw invalid(
      'treatMissingData',
      `The value '${treatMissingData as string}' for TreatMissingData must be one of ${treatments.join(', ')}.`,
    );
  }
}

/** The ARNs of everything that an alarm calls, in whatever state. */
export function actionsOf(definition: AlarmDefinition): readonly string[] {
  const { alarmActions = [], okActions = [], insufficientDataActions = [] } = definition;
  return [...alarmActions, ...okActions, ...insufficientDataActions];
}

/** Alarms call scaling policies of their own account and region and nothing else, and only while they ring. */
export function checkActions(definition: AlarmDefinition, scope: Scope): void {
  const { alarmActions = [], okActions = [], insufficientDataActions = [] } = definition;
  for (const [member, arns] of Object.entries({ OKActions: okActions, insufficientDataActions })) {
    const [arn] = arns;
    if (arn === undefined) continue;
    const reason = 'policies are called by alarms that ring, in AlarmActions';
    throw unsupported(member, `the action ${arn} is not taken: ${reason}`);
  }
  for (const arn of alarmActions) {
    const policy = parsePolicyArn(arn);
    if (policy !== null && sameScope(policy.scope, scope)) continue;
    const reason =
      policy === null ? 'alarms call scaling policies only' : 'the policy is of another account or region';
    throw unsupported('alarmActions', `the action ${arn} is not taken: ${reason}`);
  }
}

function checkStatistic({ statistic, extendedStatistic }: Partial<AlarmDefinition>): void {
  if ((statistic === undefined) === (extendedStatistic === undefined)) {
    throw invalid('statistic', 'Exactly one of Statistic and ExtendedStatistic must be given.');
  }
  if (extendedStatistic === undefined) return;
  if (parseStatistic(extendedStatistic)?.kind === 'percentile') return;
  throw invalid(
    'extendedStatistic',
    `The value '${extendedStatistic}' for ExtendedStatistic must be a percentile, p0 to p100.`,
  );
}

function checkPeriods(definition: Partial<AlarmDefinition>): void {
  const { period = 60, evaluationPeriods = 1, datapointsToAlarm } = definition;
  if (![10, 20, 30].includes(period) && period % 60 !== 0) {
    throw invalid('period', `The value ${period} for Period must be 10, 20, 30 or a multiple of 60.`);
  }
  const spanMax = period >= 3600 ? longSpanSecondsMax : spanSecondsMax;
  if (period * evaluationPeriods > spanMax) {
    throw invalid(
      'evaluationPeriods',
      `Period times EvaluationPeriods is ${period * evaluationPeriods} s, it must be at most ${spanMax} s.`,
    );
  }
  if (datapointsToAlarm !== undefined && datapointsToAlarm > evaluationPeriods) {
    throw invalid(
      'datapointsToAlarm',
      `DatapointsToAlarm is ${datapointsToAlarm}, more than EvaluationPeriods, ${evaluationPeriods}.`,
    );
  }
}

function pascalCase(member: string): string {
  return member.charAt(0).toUpperCase() + member.slice(1);
}
