/** Alarms on metrics: CloudWatch's members of PutMetricAlarm in camel case, and the state they are in. */
import type { Tag } from './model.js';
import type { Scope } from './scope.js';

export const AlarmState = {
  Ok: 'OK',
  Alarm: 'ALARM',
  InsufficientData: 'INSUFFICIENT_DATA',
} as const;
export type AlarmState = (typeof AlarmState)[keyof typeof AlarmState];

export interface Dimension {
  readonly name: string;
  readonly value: string;
}

export interface AlarmDefinition {
  readonly alarmDescription?: string;
  readonly actionsEnabled?: boolean;
  readonly namespace?: string;
  readonly metricName?: string;
  readonly dimensions?: readonly Dimension[];
  readonly statistic?: 'SampleCount' | 'Average' | 'Sum' | 'Minimum' | 'Maximum';
  /** `p99`, `p50` … */
  readonly extendedStatistic?: string;
  /** Seconds: 10, 30 or a multiple of 60. */
  readonly period?: number;
  readonly unit?: string;
  readonly evaluationPeriods: number;
  /** `evaluationPeriods` when left out. */
  readonly datapointsToAlarm?: number;
  readonly threshold?: number;
  readonly comparisonOperator:
    | 'GreaterThanOrEqualToThreshold'
    | 'GreaterThanThreshold'
    | 'LessThanThreshold'
    | 'LessThanOrEqualToThreshold';
  /** `missing` when left out. */
  readonly treatMissingData?: 'missing' | 'notBreaching' | 'breaching' | 'ignore';
  /** ARNs of scaling policies that are called while it is in that state; at most 5 each. */
  readonly alarmActions?: readonly string[];
  readonly okActions?: readonly string[];
  readonly insufficientDataActions?: readonly string[];
}

export interface AlarmRecord {
  readonly kind: 'alarm';
  readonly scope: Scope;
  readonly name: string;
  readonly createdAt: number;
  /** When the definition was written last. */
  readonly modifiedAt: number;
  readonly tags: readonly Tag[];
  readonly definition: AlarmDefinition;
  readonly state: AlarmState;
  readonly stateReason: string;
  readonly stateReasonData: string | null;
  readonly stateUpdatedAt: number;
}
