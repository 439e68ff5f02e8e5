/** What the decision about copies looks at: what has copies, which it should have, and the room there is for them. */
import type { Resources, WorkloadKind } from '../../domain/component.js';
import type { ErrorData } from '../../domain/errors.js';
import type { AcceleratorShare, CopyRecord } from '../../domain/record.js';
import type { PlacementRequest, PlacementRequirement, PlacementRoom } from '../placement/placement.js';

/** A copy, and how its instance is. */
export interface PlannedCopy {
  readonly record: CopyRecord;
  readonly zone: string;
  /** `leaving`: its instance takes no new copies and goes; `lost`: it has gone. */
  readonly place: 'steady' | 'leaving' | 'lost';
}

/** One generation of a workload that should have copies. */
export interface WorkloadTarget {
  readonly generation: number;
  /** One of each per specification, in the same order. */
  readonly requirements: readonly PlacementRequirement[];
  readonly resources: readonly Resources[];
  /** Copies failed: no new one before `until`; null = it may start. */
  readonly pause: { readonly until: number; readonly reason: string; readonly error: ErrorData } | null;
  /** It cannot be started at all before somebody mends this; null = it can. */
  readonly defect: ErrorData | null;
}

/** Copies wanted on the instances of one generation of the endpoint. */
export interface CopyWish {
  readonly endpointGeneration: number;
  /** By the workload's generation. */
  readonly counts: ReadonlyMap<number, number>;
}

export interface Workload extends Pick<PlacementRequest, 'strategy' | 'zoneBalance'> {
  /** `componentKey`. */
  readonly key: string;
  readonly kind: WorkloadKind;
  /** The variant whose instances it is placed on. */
  readonly variant: string;
  /** Of a component: copies wanted on the instances of each of the endpoint's generations, oldest first. */
  readonly wishes: readonly CopyWish[];
  /** Oldest first. */
  readonly targets: readonly WorkloadTarget[];
  /** Every copy of it that has a record. */
  readonly copies: readonly PlannedCopy[];
  /** `first`: room was made for its copies; `behind`: others have waited longer for any that becomes free. */
  readonly line?: 'first' | 'behind';
  /** Why it is to have no copies, when it is not to. */
  readonly dismissal: string | null;
}

/** An instance that takes copies. */
export interface Room extends PlacementRoom {
  readonly variant: string;
  /** Of the endpoint. */
  readonly generation: number;
  readonly host: string;
}

/** A copy that is told to finish what it has, or to end at once. */
export interface CopyStep {
  readonly kind: 'drain' | 'end';
  readonly copy: CopyRecord;
  readonly reason: string;
}

/** Copies that should be there and are not. */
export interface MissingCopies {
  readonly workload: Workload;
  readonly endpointGeneration: number;
  readonly target: WorkloadTarget;
  readonly count: number;
  /** Of a variant's own model: the one instance it can be on. */
  readonly room: Room | null;
  readonly reason: string;
}

/** A copy to start; whoever performs it chooses its name and incarnation. */
export interface CopyStart {
  readonly workload: string;
  readonly generation: number;
  readonly instance: string;
  readonly host: string;
  readonly endpointGeneration: number;
  readonly resources: Resources;
  readonly accelerators: readonly AcceleratorShare[];
  readonly reason: string;
}

/** Copies that should run and cannot be started yet. */
export interface HeldCopies {
  readonly workload: string;
  readonly generation: number;
  readonly count: number;
  readonly reason: string;
  readonly error: ErrorData | null;
  /** When it is tried again; null = when there is room. */
  readonly until: number | null;
}

export interface CopyDecision {
  readonly steps: readonly CopyStep[];
  readonly starts: readonly CopyStart[];
  readonly held: readonly HeldCopies[];
}
