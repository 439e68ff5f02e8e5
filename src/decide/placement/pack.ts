/**
 * Packs many copies tightly: one room after the other is filled, the fullest first, each time with the copy whose needs
 * lie most like what is left there. That keeps cores, memory and devices going down together, so that no room ends with
 * one of them used up and the others idle. Workloads that are to be even over zones get their part in each.
 */
import type { FreeRoom } from './free-room.js';
import { needOn, type RoomKind } from './needs.js';
import { type Item, itemsOf, type Load, PackQueue } from './pack-queue.js';
import type { Placement } from './placement.js';
import { ZoneParts } from './zones.js';

/**
 * Places copies and counts them down in `loads`. When there are very many different requests, or a zone has too little
 * room, a copy may be left although it fits somewhere: the rest is to be placed one by one.
 */
export function pack(loads: readonly Load[], rooms: readonly FreeRoom[]): readonly Placement[] {
  const parts = zonePartsOf(loads, rooms);
  const queues = new Queues(loads, parts);
  const placements: Placement[] = [];
  for (const room of [...rooms].sort(byUse)) {
    const queue = queues.for(room);
    queue.begin(room);
    for (let next = queue.next(room); next !== null; next = queue.next(room)) {
      const { load, need } = next.item;
      const { workload } = load.request;
      const { instance, zone } = room.room;
      const reason = reasonOf(room, next.item);
      const accelerators = room.take(need, workload, next.device);
      load.left -= 1;
      next.item.zones?.add(zone);
      placements.push({ workload, instance, requirement: need.requirement, accelerators, reason });
    }
  }
  return placements;
}

function reasonOf({ isEmpty, room }: FreeRoom, { zones }: Item): string {
  const what = isEmpty ? 'the next empty instance' : 'the fullest instance with room for it';
  const zone = zones === null ? '' : `zone ${room.zone} may have ${zones.most} to keep the balance; `;
  return `${zone}${room.instance} is ${what}`;
}

/** Used rooms before empty ones, the fullest first; of empty ones the largest first; ties by id. */
function byUse(a: FreeRoom, b: FreeRoom): number {
  if (a.isEmpty !== b.isEmpty) return a.isEmpty ? 1 : -1;
  const bySize = b.kind.capacity.memoryBytes - a.kind.capacity.memoryBytes;
  return b.fullness - a.fullness || bySize || a.order - b.order;
}

/** One queue for all rooms of a kind, or one for each zone of them when zones matter to somebody. */
class Queues {
  private readonly items = new Map<RoomKind, readonly Item[]>();
  private readonly queues = new Map<RoomKind, Map<string, PackQueue>>();

  constructor(
    private readonly loads: readonly Load[],
    private readonly parts: ReadonlyMap<Load, ZoneParts>,
  ) {}

  for({ kind, room }: FreeRoom): PackQueue {
    const zone = this.parts.size === 0 ? '' : room.zone;
    let zones = this.queues.get(kind);
    if (zones === undefined) {
      this.queues.set(kind, (zones = new Map<string, PackQueue>()));
      this.items.set(kind, itemsOf(this.loads, kind, this.parts));
    }
    let queue = zones.get(zone);
    if (queue === undefined) zones.set(zone, (queue = new PackQueue(this.items.get(kind)!, zone)));
    return queue;
  }
}

/** Of every workload that is to be even: how its copies may be divided over the zones that it is specified for. */
function zonePartsOf(loads: readonly Load[], rooms: readonly FreeRoom[]): ReadonlyMap<Load, ZoneParts> {
  const parts = new Map<Load, ZoneParts>();
  const even = loads.filter(({ request }) => request.zoneBalance !== null);
  if (even.length === 0) return parts;
  const zones = new Map<RoomKind, Set<string>>();
  const copies = new Map<string, Map<string, number>>();
  for (const { kind, room, copies: inRoom } of rooms) {
    const ofKind = zones.get(kind);
    if (ofKind === undefined) zones.set(kind, new Set([room.zone]));
    else ofKind.add(room.zone);
    for (const [workload, count] of inRoom) {
      let counts = copies.get(workload);
      if (counts === undefined) copies.set(workload, (counts = new Map<string, number>()));
      counts.set(room.zone, (counts.get(room.zone) ?? 0) + count);
    }
  }
  for (const load of even) {
    const { workload, zoneBalance } = load.request;
    const counts = new Map<string, number>();
    for (const [kind, ofKind] of zones) {
      if (needOn(load.request, kind) === null) continue;
      for (const zone of ofKind) counts.set(zone, copies.get(workload)?.get(zone) ?? 0);
    }
    if (counts.size > 0) parts.set(load, new ZoneParts(counts, load.left, zoneBalance!.maxImbalance));
  }
  return parts;
}
