/**
 * How many instances a variant should have, and which go. Out: as many as the copies without room need, found by the
 * real placement, so that an instance that would help nobody is not asked for. In: instances without copies are
 * released; with CONSOLIDATION copies move together when fewer instances hold them.
 *
 * Never: fewer than `min` or more than `max`; scaling in while copies lack room; a move that the placement refuses, that
 * makes zones less even than the workload allows, or for which the hosts have no memory.
 */
import { place } from '../../placement/place.js';
import type { PlacementRoom } from '../../placement/placement.js';
import { chooseConsolidation } from './consolidate.js';
import type { InstanceDecision, InstanceOffer, InstanceSituation } from './situation.js';

export function decideInstances(situation: InstanceSituation): InstanceDecision {
  const { capacity, scaling, missing } = situation;
  const bounded = Math.min(scaling.max, Math.max(scaling.min, capacity));
  if (bounded > capacity) {
    return { capacity: bounded, retire: [], reason: `MinInstanceCount is ${scaling.min}` };
  }
  if (missing.length > 0) return scaleOut(situation);
  return release(situation) ?? consolidate(situation) ?? stay(situation, 'nothing asks for more or less');
}

function stay({ capacity }: InstanceSituation, reason: string): InstanceDecision {
  return { capacity, retire: [], reason };
}

/** As few more as place the most copies. */
function scaleOut(situation: InstanceSituation): InstanceDecision {
  const { capacity, scaling, rooms, missing, offers } = situation;
  const copies = missing.reduce((sum, { count }) => sum + count, 0);
  const coming = Math.max(0, capacity - rooms.length);
  const most = Math.max(coming, Math.min(offers.length, scaling.max - rooms.length));
  const unplaced = (count: number) => unplacedWith(situation, offers.slice(0, count));
  let count = coming;
  let left = unplaced(count);
  while (left > 0 && count < most) {
    const next = unplaced(count + 1);
    if (next >= left) break;
    left = next;
    count += 1;
  }
  if (count > coming) {
    const reason = `${copies} copies found no room; ${count - coming} more instances hold ${copies - left} of them`;
    return { capacity: rooms.length + count, retire: [], reason };
  }
  if (left === 0) return stay(situation, `${coming} instances are coming for ${copies} copies`);
  const isFull = rooms.length + coming >= scaling.max;
  const why = isFull
    ? `MaxInstanceCount is ${scaling.max}`
    : offers.length <= coming
      ? 'no more instances can be had'
      : 'no instance of this kind holds them';
  return stay(situation, `${left} copies find no room: ${why}`);
}

function unplacedWith({ rooms, missing }: InstanceSituation, offers: readonly InstanceOffer[]): number {
  const hypothetical = offers.map(({ type, zone, capacity }, index): PlacementRoom => ({
    instance: `offer-${index}`,
    zone,
    type,
    capacity,
    residents: [],
  }));
  const plan = place(missing, [...rooms, ...hypothetical]);
  return plan.unplaced.reduce((sum, { count }) => sum + count, 0);
}

/** Instances that have had no copy for a while, the newest ids first. */
function release({ now, scaling, capacity, rooms }: InstanceSituation): InstanceDecision | null {
  const idle = rooms
    .filter(({ emptySince }) => emptySince !== null && now - emptySince >= scaling.idleMs)
    .map(({ instance }) => instance)
    .sort((a, b) => b.length - a.length || (a < b ? 1 : -1));
  // Instances that are wanted and have not come yet are given up before any that is there.
  const spare = Math.min(rooms.length, capacity) - scaling.min;
  const retire = idle.slice(0, Math.max(0, spare));
  if (retire.length === 0) return null;
  const reason = `${retire.join(', ')} had no copy for ${Math.round(scaling.idleMs / 1000)} s (IDLE_RELEASE)`;
  return { capacity: capacity - retire.length, retire, reason };
}

function consolidate(situation: InstanceSituation): InstanceDecision | null {
  const { now, scaling, capacity, changedAt, rooms, isSettled } = situation;
  if (scaling.strategy !== 'CONSOLIDATION' || !isSettled || rooms.length !== capacity) return null;
  if (changedAt !== null && now - changedAt < scaling.cooldownMs) return null;
  const retire = chooseConsolidation(situation, Math.min(scaling.stepMax, capacity - scaling.min));
  if (retire.length === 0) return null;
  const reason = `${capacity - retire.length} instances hold the copies of ${retire.join(', ')} too (CONSOLIDATION)`;
  return { capacity: capacity - retire.length, retire, reason };
}
