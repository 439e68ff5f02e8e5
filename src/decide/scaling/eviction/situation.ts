/**
 * What the choice looks at when there is no room and no more instances are to be had: who needs room, and which copies
 * might give theirs.
 */
import type { PlacedCopy, PlacementRequest, PlacementRoom } from '../../placement/placement.js';

/** How long copies are left in peace; milliseconds. */
export interface EvictionLimits {
  /** A busy copy has served at least so long before it gives way. */
  readonly quantumMsMin: number;
  /** And so many times what a swap takes: its cold start and `swapMs`. An idle one so many cold starts alone. */
  readonly quantumColdStarts: number;
  /** What a swap takes beside the cold start: to decide it, and to drain. */
  readonly swapMs: number;
  /** An idle copy gives way to requests of a lower priority only after so long. */
  readonly higherPriorityIdleMs: number;
}

export const evictionLimits: EvictionLimits = {
  quantumMsMin: 10_000,
  quantumColdStarts: 5,
  swapMs: 2_000,
  higherPriorityIdleMs: 60_000,
};

/** A ready copy that scaling may take away. */
export interface EvictableCopy {
  readonly id: string;
  readonly workload: string;
  readonly instance: string;
  readonly host: string;
  /** What it holds on its instance. */
  readonly placed: PlacedCopy;
  /** Bytes of the host that become free when it ends. */
  readonly memoryBytes: number;
  /** 0..100; higher stays longer. */
  readonly priority: number;
  /** What bringing it back costs beside others, ≥ 0: `eviction_cost`, or its measured cold start in seconds. */
  readonly cost: number;
  /** Its measured cold start, milliseconds. */
  readonly coldStartMs: number;
  /** Since it became ready, milliseconds. */
  readonly readyMs: number;
  /** Since its last request, milliseconds; 0 = it has one. */
  readonly idleMs: number;
  /** Requests of its workload that wait. */
  readonly waiting: number;
  readonly isAsleep: boolean;
}

/** A copy that found no room, and requests wait for it. */
export interface EvictionNeed {
  /** For one copy. */
  readonly request: PlacementRequest;
  readonly priority: number;
  /** Since it found no room, milliseconds. */
  readonly waitedMs: number;
  /** Requests that wait for it, ≥ 1. */
  readonly waiting: number;
  /** Bytes of host memory that the copy may need. */
  readonly memoryBytes: number;
}

export interface EvictionSituation {
  readonly need: EvictionNeed;
  /** Instances it may be placed on, with everything that is there. */
  readonly rooms: readonly (PlacementRoom & { readonly host: string })[];
  readonly copies: readonly EvictableCopy[];
  /** Bytes that a new process may take, by host; one that is not here is taken to have enough. */
  readonly hostFreeBytes: ReadonlyMap<string, number>;
  readonly limits: EvictionLimits;
}

export interface Victim {
  readonly id: string;
  /** `evict`: it is idle and goes. `yield`: it finishes what it has, takes nothing new, and goes. */
  readonly kind: 'evict' | 'yield';
  readonly reason: string;
}

export interface EvictionDecision {
  /** Together they make enough room; empty = none can, or not yet. */
  readonly victims: readonly Victim[];
  /** Why the others stay, by copy. */
  readonly spared: ReadonlyMap<string, string>;
  /** When it is worth asking again, milliseconds from now; null = when something changes. */
  readonly againMs: number | null;
}
