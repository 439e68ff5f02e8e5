/**
 * The capacity of one scalable target: what its policies wish, within its bounds. Several policies: the largest wish
 * wins. A component at zero for which requests wait wakes, whatever the policies say.
 */
import type { CapacityDecision, PolicySituation, ScalingSituation } from './situation.js';
import { sloWish } from './slo/wish.js';
import type { CapacityWish } from './slo/situation.js';

export function decideCapacity(situation: ScalingSituation): CapacityDecision {
  const { min, max, capacity, held, suspended, policies } = situation;
  const stay: CapacityDecision = {
    capacity,
    policy: null,
    cause: 'nothing asks for more or less',
    notScaled: [],
  };
  const isWaking = held > 0 && capacity === 0 && max > 0 && !suspended.dynamicScalingOutSuspended;
  if (isWaking) {
    return {
      capacity: Math.max(1, min),
      policy: 'wake',
      cause: `${held} requests wait for a copy`,
      notScaled: [],
    };
  }
  const bounded = Math.min(max, Math.max(min, capacity));
  if (bounded !== capacity) {
    return { capacity: bounded, policy: 'bounds', cause: `the bounds are ${min} to ${max}`, notScaled: [] };
  }
  let best: { readonly name: string; readonly wish: CapacityWish } | null = null;
  for (const policy of policies) {
    const wish = wishOf(policy);
    if (wish !== null && (best === null || wish.capacity > best.wish.capacity))
      best = { name: policy.name, wish };
  }
  if (best === null) return stay;
  const wanted = Math.min(max, Math.max(min, best.wish.capacity));
  if (wanted === capacity) return stay;
  if (wanted > capacity ? suspended.dynamicScalingOutSuspended : suspended.dynamicScalingInSuspended)
    return stay;
  return { capacity: wanted, policy: best.name, cause: best.wish.reason, notScaled: [] };
}

/** Null: it does not say anything now. */
function wishOf(policy: PolicySituation): CapacityWish | null {
  switch (policy.kind) {
    case 'slo':
      return sloWish(policy.slo);
    case 'target-tracking':
    case 'step':
      return null;
    default:
      return policy satisfies never;
  }
}
