/** Instances: hosts or slices of hosts, with a type of the catalogue. */
import type { Scope } from './scope.js';

/** A row of the catalogue of instance types (`instance-types.yaml`). */
export interface InstanceType {
  /** `local.*` = of this machine's own measure; `ml.*` = SageMaker's. */
  readonly name: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** GPUs, or slots of CPU where the machine has none. */
  readonly accelerators: number;
  /** Of each; 0 = it has no memory of its own. */
  readonly acceleratorMemoryBytes: number;
  /** Zones that instances of it may be in; used in turn. */
  readonly zones: readonly string[];
  /** US dollars an hour. */
  readonly pricePerHour: number;
  /** Instances there may be at once, over all endpoints. */
  readonly countMax: number;
}

/** What an instance has for copies. */
export type InstanceCapacity = Pick<
  InstanceType,
  'cpus' | 'memoryBytes' | 'accelerators' | 'acceleratorMemoryBytes'
>;

export const InstanceState = {
  /** Asked for, not there yet. */
  Pending: 'pending',
  /** Copies may be placed on it. */
  Ready: 'ready',
  /** It takes no new copies; it goes when its last copy has gone. */
  Retiring: 'retiring',
} as const;
export type InstanceState = (typeof InstanceState)[keyof typeof InstanceState];

export interface InstanceRecord {
  readonly kind: 'instance';
  readonly id: string;
  readonly scope: Scope;
  readonly endpoint: string;
  readonly variant: string;
  /** Of the endpoint. */
  readonly generation: number;
  readonly type: string;
  readonly zone: string;
  /** The fleet's host that it is a slice of. */
  readonly host: string;
  readonly capacity: InstanceCapacity;
  readonly state: InstanceState;
  readonly since: number;
  /** Why it is in this state, a phrase for people. */
  readonly reason: string;
}
