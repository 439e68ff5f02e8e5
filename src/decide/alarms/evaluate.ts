/**
 * The state of an alarm from its last datapoints: CloudWatch's "M out of N" with its four treatments of missing data
 * (docs: "Configuring how CloudWatch alarms treat missing data", its two tables and "Avoiding premature transitions").
 */
import { type AlarmDefinition, AlarmState } from '../../domain/alarm.js';

/**
 * Periods that are looked at beyond N, in case some of the last N have no data. CloudWatch's tables have 5 for N = 3;
 * how it chooses is not published.
 */
export const rangePeriodsExtra = 2;

export interface Evaluation {
  readonly state: AlarmState;
  /** A sentence for people, in the style of CloudWatch's. */
  readonly reason: string;
}

/**
 * `points`: one for each of the last N + `rangePeriodsExtra` periods, oldest first; null = no data in it. Null = the
 * alarm stays as it is.
 */
export function evaluateAlarm(
  definition: AlarmDefinition,
  points: readonly (number | null)[],
): Evaluation | null {
  const { evaluationPeriods: periods, treatMissingData: treatment = 'missing' } = definition;
  const needed = definition.datapointsToAlarm ?? periods;
  const last = points.slice(-periods);
  const isWhole = last.length === periods && !last.includes(null);
  const real = (isWhole ? last : points).filter((point) => point !== null).slice(-periods);
  const missing = periods - real.length;
  if (real.length === 0 && treatment === 'missing') {
    const reason = `Insufficient Data: no datapoint in ${points.length} period(s).`;
    return { state: AlarmState.InsufficientData, reason };
  }
  if (real.length === 0 && treatment === 'ignore') return null;
  const isBreaching = breach(definition);
  const breaching = real.filter(isBreaching).length;
  const counted = breaching + (treatment === 'breaching' ? missing : 0);
  const found = { definition, needed, real, counted };
  if (counted >= needed) return evaluation(found, AlarmState.Alarm);
  // Too little data, and all there is breaches: whether that is an alarm depends on how long ago it began.
  const isAllBreaching = missing > 0 && breaching === real.length && breaching > 0;
  if (isAllBreaching && treatment === 'ignore') return null;
  const oldest = points.length - points.findIndex((point) => point !== null);
  const isLate = isAllBreaching && treatment === 'missing' && oldest >= needed;
  return evaluation(found, isLate ? AlarmState.Alarm : AlarmState.Ok);
}

interface Found {
  readonly definition: AlarmDefinition;
  readonly needed: number;
  readonly real: readonly number[];
  readonly counted: number;
}

function evaluation({ definition, needed, real, counted }: Found, state: AlarmState): Evaluation {
  const shown = real.slice(-3).map((point) => Number(point.toPrecision(6)));
  const relation = relations[definition.comparisonOperator];
  const reason =
    `Threshold ${state === AlarmState.Alarm ? 'Crossed' : 'not crossed'}: ${counted} of ` +
    `${definition.evaluationPeriods} datapoint(s) [${shown.join(', ')}] ${relation} the threshold ` +
    `(${definition.threshold ?? 0}), ${needed} are needed.`;
  return { state, reason };
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
