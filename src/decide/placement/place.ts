/**
 * Which instance hosts which copy: filter by what fits, score by the strategy, pick the best; ties break by id, so the
 * same input gives the same plan in any order of requests and rooms. Places what fits and says of the rest what is
 * missing and who holds it. Nothing is ever reserved twice, and nothing that runs is moved.
 *
 * Copies to be packed go first, all together; the others follow one by one, large ones before small ones. When there is
 * not enough room for all, every workload gets its first copy before any gets its second.
 */
import { freeRooms, type FreeRoom } from './free-room.js';
import { needOn } from './needs.js';
import { placeOneByOne } from './one-by-one.js';
import { pack } from './pack.js';
import type { Load } from './pack-queue.js';
import type { Placement, PlacementPlan, PlacementRequest, PlacementRoom, Unplaced } from './placement.js';
import { shelve } from './shelf.js';
import { shortageOf } from './shortage.js';

export type {
  PlacedCopy,
  Placement,
  PlacementPlan,
  PlacementRequest,
  PlacementRequirement,
  PlacementRoom,
  Unplaced,
} from './placement.js';

/** Plans all requests together; a workload has one request. */
export function place(requests: readonly PlacementRequest[], rooms: readonly PlacementRoom[]): PlacementPlan {
  const wanted = requests.filter((request) => request.count > 0);
  const free = freeRooms(rooms);
  const sorted = largestFirst(wanted, free);
  const together = attempt([sorted], free);
  if (!isStarved(together, free)) return planOf(together, free);
  const again = freeRooms(rooms);
  const firsts = sorted.map((request) => ({ ...request, count: 1 }));
  const others = sorted.map((request) => ({ ...request, count: request.count - 1 }));
  return planOf(attempt([firsts, others], again), again);
}

interface Attempt {
  readonly placements: readonly Placement[];
  /** Requests, with the number of copies that found no place. */
  readonly left: readonly Load[];
}

/** Places rounds of requests one after the other, in the rooms as the one before left them. */
function attempt(rounds: readonly (readonly PlacementRequest[])[], rooms: readonly FreeRoom[]): Attempt {
  const placements: Placement[] = [];
  const left = new Map<string, Load>();
  for (const requests of rounds) {
    const loads = requests.map((request) => ({ request, left: request.count }));
    const packed = loads.filter(({ request, left }) => request.strategy === 'BINPACK' && left > 0);
    if (isPackable(packed)) {
      for (const placement of pack(packed, rooms)) placements.push(placement);
    }
    const shelves = shelve(rooms);
    for (const load of loads) {
      if (load.left === 0) continue;
      for (const placement of placeOneByOne({ ...load.request, count: load.left }, shelves)) {
        placements.push(placement);
        load.left -= 1;
      }
      if (load.left === 0) continue;
      const { workload } = load.request;
      left.set(workload, { request: load.request, left: load.left + (left.get(workload)?.left ?? 0) });
    }
  }
  return { placements, left: [...left.values()] };
}

/** One workload that is to be even has nothing to be weighed against: it is placed one by one, even at every step. */
function isPackable(loads: readonly Load[]): boolean {
  return loads.length > 1 || loads.every(({ request }) => request.zoneBalance === null);
}

/** Somebody who could have had a copy got none, and others got several. */
function isStarved({ placements, left }: Attempt, rooms: readonly FreeRoom[]): boolean {
  if (left.length === 0) return false;
  const served = new Set(placements.map(({ workload }) => workload));
  const isAnyDoubled = served.size < placements.length;
  return isAnyDoubled && left.some(({ request }) => !rooms.some((room) => room.copies.has(request.workload)));
}

function planOf({ placements, left }: Attempt, rooms: readonly FreeRoom[]): PlacementPlan {
  const unplaced: Unplaced[] = left.map((load) => ({
    workload: load.request.workload,
    count: load.left,
    details: shortageOf(load.request, rooms),
  }));
  return { placements, unplaced };
}

/** By the largest part of a room that a copy needs anywhere; ties by id. */
function largestFirst(
  requests: readonly PlacementRequest[],
  rooms: readonly FreeRoom[],
): readonly PlacementRequest[] {
  const kinds = [...new Set(rooms.map((room) => room.kind))];
  return requests
    .map((request) => ({
      request,
      size: Math.max(0, ...kinds.map((kind) => needOn(request, kind)?.size ?? 0)),
    }))
    .sort((a, b) => {
      if (a.size !== b.size) return b.size > a.size ? 1 : -1;
      return a.request.workload < b.request.workload ? -1 : 1;
    })
    .map(({ request }) => request);
}
