/**
 * The state of an alarm from its last datapoints: CloudWatch's "M out of N", with its four treatments of missing data
 * (docs: "Using Amazon CloudWatch alarms", the section about missing data). Simpler than CloudWatch in one thing: it
 * looks at exactly N periods and does not reach further back for datapoints that are not missing.
 */
import { type AlarmDefinition, AlarmState } from '../../domain/alarm.js';

export interface Evaluation {
  readonly state: AlarmState;
  /** A sentence for people, in the style of CloudWatch's. */
  readonly reason: string;
}

/**
 * `points`: one for each of the last `evaluationPeriods` periods, oldest first; null = no data in it. Null = the alarm
 * stays as it is.
 */
export function evaluateAlarm(
  definition: AlarmDefinition,
  points: readonly (number | null)[],
): Evaluation | null {
  const needed = definition.datapointsToAlarm ?? definition.evaluationPeriods;
  const treatment = definition.treatMissingData ?? 'missing';
  const present = points.filter((point) => point !== null);
  if (present.length === 0 && treatment === 'missing') {
    const reason = `Insufficient Data: no datapoint in ${points.length} period(s).`;
    return { state: AlarmState.InsufficientData, reason };
  }
  if (present.length === 0 && treatment === 'ignore') return null;
  const isBreaching = breach(definition);
  const missing = points.length - present.length;
  const breaching = present.filter(isBreaching).length + (treatment === 'breaching' ? missing : 0);
  const isAlarm = breaching >= needed;
  if (!isAlarm && treatment === 'ignore' && breaching + missing >= needed) return null;
  const shown = present.slice(-3).map((point) => Number(point.toPrecision(6)));
  const relation = relations[definition.comparisonOperator];
  const reason =
    `Threshold ${isAlarm ? 'Crossed' : 'not crossed'}: ${breaching} of ${points.length} datapoint(s) ` +
    `[${shown.join(', ')}] ${relation} the threshold (${definition.threshold ?? 0}), ${needed} are needed.`;
  return { state: isAlarm ? AlarmState.Alarm : AlarmState.Ok, reason };
}

const relations: Readonly<Record<AlarmDefinition['comparisonOperator'], string>> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

function breach({ comparisonOperator, threshold = 0 }: AlarmDefinition): (point: number) => boolean {
  switch (comparisonOperator) {
    case 'GreaterThanOrEqualToThreshold':
      return (point) => point >= threshold;
    case 'GreaterThanThreshold':
      return (point) => point > threshold;
    case 'LessThanThreshold':
      return (point) => point < threshold;
    case 'LessThanOrEqualToThreshold':
      return (point) => point <= threshold;
    default:
      return comparisonOperator satisfies never;
  }
}
