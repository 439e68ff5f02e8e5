/** What deployments of endpoints and of components have in common: a step's shape, and its words. */
import type { Deployment } from '../../domain/deployment.js';
import { StowageError } from '../../domain/errors.js';

/** Seconds a deployment may take, its waits left out, when its configuration names no limit. */
export const executionSecondsDefault = 28_800;

/** SageMaker's bound on FailureReason, characters. */
const failureReasonLengthMax = 1024;

/** A step of a deployment: the record after it, and why. */
export interface Step<T> {
  readonly record: T;
  /** `noun-verb`. */
  readonly event: string;
  /** Why, a phrase for people. */
  readonly reason: string;
}

/** Why a deployment is rolled back: its alarms. */
export function alarmText(names: readonly string[]): string {
  return names.length === 1 ? `alarm ${names[0]} rang` : `alarms ${names.join(', ')} rang`;
}

/** Why a deployment is rolled back: its time is over. */
export function lateText({ startedAt, deadlineAt }: Deployment): string {
  return `it was not done within ${Math.round((deadlineAt - startedAt) / 1000)} s`;
}

/** The FailureReason of a resource that was rolled back. */
export function failureText(problem: string): string {
  return StowageError.of('STATE-705', { problem }).message.slice(0, failureReasonLengthMax);
}
