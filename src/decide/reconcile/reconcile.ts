/**
 * Desired against observed: which copies of an endpoint's workloads to start, drain and end now, and why. A pure
 * function; asked again after its steps were performed it asks for nothing more, and asked with the same input it
 * answers the same.
 */
import type { HostMemory } from './host-memory.js';
import { planWorkload } from './copies.js';
import { placeCopies } from './place-copies.js';
import type { CopyDecision, Room, Workload } from './workload.js';

/** What is looked at only when copies are missing, because gathering it takes time. */
export interface Surroundings {
  readonly rooms: () => readonly Room[];
  readonly memory: () => Iterable<HostMemory>;
}

/** Decides about some workloads of one endpoint; those that are not given stay as they are. */
export function reconcileCopies(
  workloads: readonly Workload[],
  { rooms, memory }: Surroundings,
): CopyDecision {
  const plans = workloads.map((workload) =>
    planWorkload(workload, workload.kind === 'variant' && workload.dismissal === null ? rooms() : []),
  );
  const missing = plans.flatMap((plan) => plan.missing);
  const steps = plans.flatMap((plan) => plan.steps);
  const held = plans.flatMap((plan) => plan.held);
  if (missing.length === 0) return { steps, starts: [], held };
  const placed = placeCopies(missing, rooms(), memory());
  return { steps: [...steps, ...placed.steps], starts: placed.starts, held: [...held, ...placed.held] };
}
