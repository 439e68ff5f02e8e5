/**
 * Everything the control plane remembers, as records with a key each. Desired and observed are members of the same
 * record, or records of their own (copies, instances); who writes which is in `control`.
 */
import type { AlarmRecord } from './alarm.js';
import type { Resources } from './component.js';
import { copyKey, type CopyRef, type CopyState } from './copy.js';
import type { EndpointConfigRecord, EndpointRecord } from './endpoint.js';
import type { ComponentRecord } from './inference-component.js';
import type { InstanceRecord } from './instance.js';
import type { ModelRecord } from './model.js';
import type {
  ScalableTargetRecord,
  ScalingActivityRecord,
  ScalingPolicyRecord,
  ScheduledActionRecord,
} from './scaling.js';
import { type Scope, scopeKey } from './scope.js';

/** A share of one accelerator of an instance. */
export interface AcceleratorShare {
  /** Index within the instance. */
  readonly index: number;
  /** (0, 1]. */
  readonly share: number;
  readonly memoryBytes: number;
}

/** A copy that was asked for: written before its process is started, deleted after it has gone. */
export interface CopyRecord {
  readonly kind: 'copy';
  readonly copy: CopyRef;
  /** The `componentKey` of what it is a copy of, and that one's generation. */
  readonly component: string;
  readonly generation: number;
  /** The instance it is placed on, and the endpoint's generation of that. */
  readonly instance: string;
  readonly endpointGeneration: number;
  /** Reserved for it there. */
  readonly resources: Resources;
  readonly accelerators: readonly AcceleratorShare[];
  /** As it was observed last. */
  readonly state: CopyState;
  /** When it came into that state, wall clock. */
  readonly since: number;
  /** What it was told: to run, to drain, or to end. Never goes back. */
  readonly wish: 'run' | 'drain' | 'end';
  /** Why, a phrase for people. */
  readonly reason: string;
}

/** A number that only rises: incarnations of copies, numbers of instances. */
export interface CounterRecord {
  readonly kind: 'counter';
  readonly name: string;
  readonly value: number;
}

export type StowageRecord =
  | ModelRecord
  | EndpointConfigRecord
  | EndpointRecord
  | ComponentRecord
  | InstanceRecord
  | CopyRecord
  | AlarmRecord
  | ScalableTargetRecord
  | ScalingPolicyRecord
  | ScheduledActionRecord
  | ScalingActivityRecord
  | CounterRecord;

export type RecordKind = StowageRecord['kind'];

/** `kind:account/region/name`, the same for as long as the record lives. */
export function recordKey(record: StowageRecord): string {
  switch (record.kind) {
    case 'instance':
      return `instance:${record.id}`;
    case 'copy':
      return `copy:${copyKey(record.copy)}`;
    case 'counter':
      return `counter:${record.name}`;
    case 'model':
    case 'endpoint-config':
    case 'endpoint':
    case 'inference-component':
    case 'alarm':
    case 'scalable-target':
    case 'scaling-policy':
    case 'scheduled-action':
    case 'scaling-activity':
      return resourceKey(record.kind, record.scope, record.name);
    default:
      return record satisfies never;
  }
}

/** The key of a record that has a scope and a name. */
export function resourceKey(kind: RecordKind, scope: Scope, name: string): string {
  return `${kind}:${scopeKey(scope)}/${name}`;
}
