/**
 * The tables of states: which status may follow which, for each kind of record. Written down here a second time, from
 * the reference and not from the code, so that the code can be held against them.
 */
import type { CopyState } from '../../../src/domain/copy.js';
import type { DeploymentPhase } from '../../../src/domain/deployment.js';
import type { EndpointStatus } from '../../../src/domain/endpoint.js';
import type { ComponentStatus } from '../../../src/domain/inference-component.js';
import type { InstanceState } from '../../../src/domain/instance.js';
import type { CopyRecord } from '../../../src/domain/record.js';

/** `none`: there is no record before, or none after. A state may always stay as it is. */
type Table<State extends string> = Readonly<Record<State | 'none', readonly (State | 'none')[]>>;

export const endpointTable: Table<EndpointStatus> = {
  none: ['Creating'],
  Creating: ['InService', 'Failed', 'Deleting'],
  InService: ['Updating', 'Deleting'],
  // A resize that cannot be had goes back to InService with the reason.
  Updating: ['InService', 'RollingBack', 'Deleting'],
  RollingBack: ['InService', 'UpdateRollbackFailed', 'Deleting'],
  UpdateRollbackFailed: ['Updating', 'Deleting'],
  Failed: ['Deleting'],
  Deleting: ['none'],
};

export const componentTable: Table<ComponentStatus> = {
  none: ['Creating'],
  Creating: ['InService', 'Failed', 'Deleting'],
  InService: ['Updating', 'Deleting'],
  Updating: ['InService', 'Failed', 'Deleting'],
  // It is tried on, and may be updated.
  Failed: ['InService', 'Updating', 'Deleting'],
  Deleting: ['none'],
};

/** `exited` is never written: a copy that is gone has no record. A copy may be gone at any time. */
export const copyTable: Table<CopyState> = {
  none: ['starting'],
  starting: ['loading', 'ready', 'draining', 'none'],
  loading: ['ready', 'draining', 'none'],
  ready: ['draining', 'none'],
  draining: ['none'],
  exited: [],
};

export const wishTable: Table<CopyRecord['wish']> = {
  none: ['run'],
  run: ['drain', 'end', 'none'],
  drain: ['end', 'none'],
  end: ['none'],
};

/** Any of them is gone when its host is. */
export const instanceTable: Table<InstanceState> = {
  none: ['pending', 'ready'],
  pending: ['ready', 'retiring', 'none'],
  ready: ['retiring', 'none'],
  retiring: ['none'],
};

/** Of an endpoint's deployment. Deleting the endpoint ends it at any time. */
export const endpointPhaseTable: Table<DeploymentPhase> = {
  none: ['provisioning'],
  provisioning: ['baking', 'rolling-back', 'none'],
  baking: ['provisioning', 'terminating', 'rolling-back', 'none'],
  // Until the old side is given up an alarm still leads back.
  terminating: ['rolling-back', 'none'],
  'rolling-back': ['none'],
};

/** Of a component's. */
export const componentPhaseTable: Table<DeploymentPhase> = {
  none: ['provisioning'],
  // Without a policy there is nothing to bake.
  provisioning: ['baking', 'terminating', 'rolling-back', 'none'],
  baking: ['provisioning', 'terminating', 'rolling-back', 'none'],
  terminating: ['none'],
  'rolling-back': ['none'],
};

/** What is wrong with a transition; null = it is in the table. */
export function offence<State extends string>(
  table: Table<State>,
  before: State | 'none',
  after: State | 'none',
): string | null {
  if (before === after || table[before].includes(after)) return null;
  return `${before} -> ${after} is in no table`;
}
