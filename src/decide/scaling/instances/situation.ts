/**
 * What managed instance scaling looks at: one variant of an endpoint, its instances with what is on them, copies that
 * found no room, and the instances that could be had. SageMaker's ManagedInstanceScaling in its own units.
 */
import type { InstanceCapacity } from '../../../domain/instance.js';
import type { PlacementRequest, PlacementRequirement, PlacementRoom } from '../../placement/placement.js';

/** ManagedInstanceScaling with its defaults, milliseconds where time is meant. */
export interface ManagedScaling {
  readonly min: number;
  readonly max: number;
  readonly strategy: 'IDLE_RELEASE' | 'CONSOLIDATION';
  /** Instances that one consolidation retires at most, 1..100. */
  readonly stepMax: number;
  /** Between the last change of the number of instances and a consolidation. */
  readonly cooldownMs: number;
  /** An instance without copies is released after so long; Stowage's own, SageMaker states none. */
  readonly idleMs: number;
}

/** A ready instance. */
export interface InstanceRoom extends PlacementRoom {
  /** Memory of a host is shared by its instances. */
  readonly host: string;
  /** Since when it has had no copy, wall clock; null = it has one. */
  readonly emptySince: number | null;
}

/** An instance that could be had, in the order in which they would come. */
export interface InstanceOffer {
  readonly type: string;
  readonly zone: string;
  readonly capacity: InstanceCapacity;
}

/** What has copies on the instances, so that they can be moved: as a placement request, and how many there are. */
export interface MovableWorkload extends Omit<PlacementRequest, 'count'> {
  readonly requirements: readonly PlacementRequirement[];
  /** Bytes of host memory that one copy may need at most; a move needs them twice for a while. */
  readonly memoryBytesMax: number;
}

export interface InstanceSituation {
  /** Wall clock, milliseconds. */
  readonly now: number;
  readonly scaling: ManagedScaling;
  /** Instances wanted now. */
  readonly capacity: number;
  /** When that number was changed last, wall clock; null = never. */
  readonly changedAt: number | null;
  readonly rooms: readonly InstanceRoom[];
  /** Copies that found no room on them; counts ≥ 1. */
  readonly missing: readonly PlacementRequest[];
  /** Instances that could be had beyond those that are there, those first that are on their way already. */
  readonly offers: readonly InstanceOffer[];
  /** Nothing starts, drains or moves on these instances: only then they are consolidated. */
  readonly isSettled: boolean;
  /** By workload; one that is not here is not moved. */
  readonly movable: ReadonlyMap<string, MovableWorkload>;
  /** Bytes that a new process may take, by host; one that is not here is taken to have enough. */
  readonly hostFreeBytes: ReadonlyMap<string, number>;
}

export interface InstanceDecision {
  /** Instances wanted from now on. */
  readonly capacity: number;
  /** Instances that go, by id; `capacity` counts without them. */
  readonly retire: readonly string[];
  /** Why, a sentence for people; also when nothing changes. */
  readonly reason: string;
}
