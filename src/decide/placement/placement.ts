/**
 * The nouns of placement: what copies need, what instances have, and what was decided. A fraction of an accelerator
 * lies on one device; one or more are whole devices that nobody else holds.
 */
import type { InstanceCapacity } from '../../domain/instance.js';
import type { AcceleratorShare } from '../../domain/record.js';

/** What one copy needs on an instance of a type. */
export interface PlacementRequirement {
  /** Null = any type that no other requirement names. */
  readonly instanceType: string | null;
  /** CPU cores, ≥ 0. */
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Below 1 a share of one; from 1 on whole ones, rounded up. */
  readonly accelerators: number;
  /** On each accelerator; 0 = in proportion to the share. */
  readonly acceleratorMemoryBytes: number;
}

/** A copy that is on an instance already. */
export interface PlacedCopy {
  /** Key of what it is a copy of. */
  readonly workload: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly accelerators: readonly AcceleratorShare[];
}

/** An instance that copies may be placed on, and what is there. */
export interface PlacementRoom {
  readonly instance: string;
  readonly zone: string;
  readonly type: string;
  readonly capacity: InstanceCapacity;
  readonly residents: readonly PlacedCopy[];
}

/** Copies of one workload that are to be placed. */
export interface PlacementRequest {
  readonly workload: string;
  /** ≥ 0. */
  readonly count: number;
  /** One per specification; the one of the instance's type is used. */
  readonly requirements: readonly PlacementRequirement[];
  readonly strategy: 'SPREAD' | 'BINPACK';
  /** Null = zones are ignored. */
  readonly zoneBalance: { readonly maxImbalance: number } | null;
}

/** One copy has found its instance. */
export interface Placement {
  readonly workload: string;
  readonly instance: string;
  /** Index of the requirement that was used. */
  readonly requirement: number;
  readonly accelerators: readonly AcceleratorShare[];
  /** Why there, a phrase for people. */
  readonly reason: string;
}

/** Copies for which there is no room. */
export interface Unplaced {
  readonly workload: string;
  /** ≥ 1. */
  readonly count: number;
  /** What is missing and who holds it, for people. */
  readonly details: string;
}

export interface PlacementPlan {
  readonly placements: readonly Placement[];
  readonly unplaced: readonly Unplaced[];
}
