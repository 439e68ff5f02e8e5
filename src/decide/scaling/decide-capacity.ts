/**
 * The capacity of one scalable target: what its policies wish, within its bounds. Several policies: the largest wish
 * wins, for more and for less. A component at zero for which requests wait wakes, whatever the policies say; one without
 * policies leaves when nobody has asked for it for a while.
 *
 * Never: a capacity outside the bounds; less than a policy would raise again at once; none while a request is open.
 */
import type { NotScaledReason } from '../../domain/scaling.js';
import type {
  CapacityDecision,
  PolicyOpinion,
  PolicySituation,
  ScalingSituation,
  SloPolicySituation,
} from './situation.js';
import { sloWish, stayMsMin } from './slo/wish.js';
import { stepOpinion } from './step-policy.js';
import { isWithin, lowSeconds, trackingOpinion } from './target-tracking.js';

/** A component that no policy looks after leaves after so long without a request, milliseconds. */
export const idleMsDefault = lowSeconds * 1000;

export function decideCapacity(situation: ScalingSituation): CapacityDecision {
  const decision = decide(situation);
  const { capacity, isUnscalable = false, isFailed = false } = situation;
  // From zero it is tried once more: what failed may have been mended since.
  const isHopeless = isFailed && capacity > 0 && decision.capacity > capacity;
  if (decision.capacity === capacity || !(isUnscalable || isHopeless)) return decision;
  const reason: NotScaledReason = { code: 'TargetServicePutResourceAsUnscalable' };
  return { ...decision, capacity, policy: null, notScaled: [reason] };
}

function decide(situation: ScalingSituation): CapacityDecision {
  const { min, max, capacity, held, suspended, policies } = situation;
  const isWaking = held > 0 && capacity === 0 && max > 0 && !suspended.dynamicScalingOutSuspended;
  if (isWaking) {
    const cause = `${held} ${held === 1 ? 'request waits' : 'requests wait'} for a copy`;
    return { capacity: Math.min(max, Math.max(1, min)), policy: 'wake', cause, notScaled: [] };
  }
  const bounded = Math.min(max, Math.max(min, capacity));
  if (bounded !== capacity) {
    const isRaised = bounded > capacity;
    const cause = `${isRaised ? 'minimum' : 'maximum'} capacity was set to ${isRaised ? min : max}`;
    return { capacity: bounded, policy: 'bounds', cause, notScaled: [] };
  }
  const opinions =
    policies.length > 0 ? policies.map((policy) => opinionOf(policy, situation)) : [idleOpinion(situation)];
  const wishes = largest(opinions);
  if (wishes === null) return stay(capacity, 'nothing asks for more or less');
  return wishes.wish > capacity ? scaleOut(situation, wishes) : scaleIn(situation, wishes, opinions);
}

type Wish = PolicyOpinion & { readonly wish: number };

/** Null: nobody asks for anything. */
function largest(opinions: readonly PolicyOpinion[]): Wish | null {
  const isObjected = opinions.some(({ objects }) => objects);
  let best: Wish | null = null;
  for (const opinion of opinions) {
    const { wish, kind, isForMore } = opinion;
    if (wish === null) continue;
    if (kind === 'target-tracking' && isObjected && !isForMore) continue;
    if (best === null || wish > best.wish) best = { ...opinion, wish };
  }
  return best;
}

function scaleOut({ max, capacity, suspended }: ScalingSituation, wish: Wish): CapacityDecision {
  const { policy, cause, details } = wish;
  if (suspended.dynamicScalingOutSuspended) return stay(capacity, 'scaling out is suspended');
  if (capacity === max) return refused(capacity, wish, { code: 'AlreadyAtMaxCapacity', maxCapacity: max });
  return { capacity: Math.min(max, wish.wish), policy, cause, details, notScaled: [] };
}

function scaleIn(
  situation: ScalingSituation,
  wish: Wish,
  opinions: readonly PolicyOpinion[],
): CapacityDecision {
  const { min, capacity, suspended } = situation;
  const { policy, cause, details, kind } = wish;
  if (wish.wish === capacity) {
    if (kind !== 'step') return stay(capacity, details);
    return refused(capacity, wish, { code: 'AlreadyAtDesiredCapacity', currentCapacity: capacity });
  }
  if (suspended.dynamicScalingInSuspended) return stay(capacity, 'scaling in is suspended');
  if (capacity === min) return refused(capacity, wish, { code: 'AlreadyAtMinCapacity', minCapacity: min });
  const floor = opinions.reduce((most, one) => Math.max(most, one.floor), 0);
  const least = Math.min(capacity, Math.max(min, wish.wish, floor));
  const wanted = least === 0 && !mayLeave(situation, wish) ? 1 : least;
  if (wanted >= capacity) {
    return refused(capacity, wish, { code: 'AutoScalingAnticipatedFlapping', currentCapacity: capacity });
  }
  return { capacity: wanted, policy, cause, details, notScaled: [] };
}

/** The last one goes only when nobody asks for it and it has not just been brought. */
function mayLeave({ now, held, idleMs, lastOutAt }: ScalingSituation, wish: Wish): boolean {
  if (held > 0 || isWithin(now, lastOutAt, wish.warmMs)) return false;
  // Points and objectives say themselves whether requests came; an alarm says something about a metric.
  if (idleMs === undefined) return wish.kind !== 'step';
  return idleMs > 0 && idleMs >= wish.idleMs;
}

function stay(capacity: number, cause: string): CapacityDecision {
  return { capacity, policy: null, cause, notScaled: [] };
}

function refused(capacity: number, { cause, details }: Wish, reason: NotScaledReason): CapacityDecision {
  return { capacity, policy: null, cause, details, notScaled: [reason] };
}

function opinionOf(policy: PolicySituation, situation: ScalingSituation): PolicyOpinion {
  switch (policy.kind) {
    case 'slo':
      return sloOpinion(policy, situation);
    case 'target-tracking':
      return trackingOpinion(policy, situation);
    case 'step':
      return stepOpinion(policy, situation);
    default:
      return policy satisfies never;
  }
}

/** An objective is a number at any time; a larger one is not kept waiting. */
function sloOpinion(
  policy: SloPolicySituation,
  { now, capacity, lastInAt, lastOutAt }: ScalingSituation,
): PolicyOpinion {
  const { capacity: wish, reason } = sloWish(policy.slo);
  // What was just brought for those who wait stays until they have been served.
  const isNew = isWithin(now, lastOutAt, stayMsMin);
  const isCooling = isNew || isWithin(now, lastInAt, policy.scaleInCooldownMs);
  const isKept = wish < capacity && (policy.isScaleInDisabled || isCooling);
  return {
    ...silent,
    kind: 'slo',
    policy: policy.name,
    wish: isKept ? capacity : wish,
    isForMore: wish > capacity,
    cause: `policy ${policy.name}: ${reason}`,
    details: isKept ? `scaling in waits: ${reason}` : reason,
  };
}

function idleOpinion({ min, capacity, idleMs }: ScalingSituation): PolicyOpinion {
  const isIdle = min === 0 && capacity > 0 && idleMs !== undefined && idleMs >= idleMsDefault;
  return {
    ...silent,
    policy: 'idle',
    wish: isIdle ? 0 : null,
    idleMs: idleMsDefault,
    warmMs: idleMsDefault,
    cause: `no request came for ${Math.round((idleMs ?? 0) / 1000)} s`,
  };
}

/** It asks for nothing, and keeps nothing. */
const silent: PolicyOpinion = {
  kind: 'idle',
  policy: '',
  wish: null,
  isForMore: false,
  objects: false,
  floor: 0,
  idleMs: 0,
  warmMs: 0,
  cause: '',
  details: '',
};
