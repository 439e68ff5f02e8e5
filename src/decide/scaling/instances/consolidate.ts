/** Which instances can go because the others have room for their copies. */
import { place } from '../../placement/place.js';
import type { PlacedCopy } from '../../placement/placement.js';
import type { InstanceRoom, InstanceSituation } from './situation.js';

/** At most `countMax` of them, those with the fewest copies first; ties: the younger id, which is the longer or later one. */
export function chooseConsolidation(situation: InstanceSituation, countMax: number): readonly string[] {
  const gone = new Set<string>();
  for (const room of cheapestFirst(situation.rooms)) {
    if (gone.size >= countMax) break;
    gone.add(room.instance);
    if (!canGo(situation, gone)) gone.delete(room.instance);
  }
  return [...gone];
}

function cheapestFirst(rooms: readonly InstanceRoom[]): readonly InstanceRoom[] {
  return [...rooms].sort(
    (a, b) =>
      a.residents.length - b.residents.length ||
      b.instance.length - a.instance.length ||
      (a.instance < b.instance ? 1 : -1),
  );
}

function canGo(situation: InstanceSituation, gone: ReadonlySet<string>): boolean {
  const { rooms, movable } = situation;
  const staying = rooms.filter(({ instance }) => !gone.has(instance));
  const moving = rooms.filter(({ instance }) => gone.has(instance)).flatMap(({ residents }) => residents);
  if (moving.some(({ workload }) => !movable.has(workload))) return false;
  const counts = countUp(moving);
  const requests = [...counts].map(([workload, count]) => ({ ...movable.get(workload)!, count }));
  const { placements, unplaced } = place(requests, staying);
  if (unplaced.length > 0) return false;
  const byInstance = new Map(staying.map((room) => [room.instance, room]));
  const landed = placements.map(({ workload, instance }) => ({ workload, room: byInstance.get(instance)! }));
  return keepsZones(situation, staying, landed) && hasMemory(situation, landed);
}

interface Landed {
  readonly workload: string;
  readonly room: InstanceRoom;
}

/** Zones are as even as each workload asks for, or no less even than before. */
function keepsZones(
  { rooms, movable }: InstanceSituation,
  staying: readonly InstanceRoom[],
  landed: readonly Landed[],
): boolean {
  const zones = [...new Set(rooms.map(({ zone }) => zone))];
  return [...new Set(landed.map(({ workload }) => workload))].every((workload) => {
    const balance = movable.get(workload)!.zoneBalance;
    if (balance === null) return true;
    const before = zones.map((zone) => countIn(rooms, workload, zone));
    const after = zones.map(
      (zone) =>
        countIn(staying, workload, zone) +
        landed.filter((one) => one.workload === workload && one.room.zone === zone).length,
    );
    return imbalance(after) <= Math.max(balance.maxImbalance, imbalance(before));
  });
}

function countIn(rooms: readonly InstanceRoom[], workload: string, zone: string): number {
  return rooms
    .filter((room) => room.zone === zone)
    .reduce((sum, room) => sum + room.residents.filter((one) => one.workload === workload).length, 0);
}

function imbalance(counts: readonly number[]): number {
  return Math.max(...counts) - Math.min(...counts);
}

/** A successor is ready before the copy that it succeeds goes: both have memory for a while. */
function hasMemory({ movable, hostFreeBytes }: InstanceSituation, landed: readonly Landed[]): boolean {
  const needed = new Map<string, number>();
  for (const { workload, room } of landed) {
    needed.set(room.host, (needed.get(room.host) ?? 0) + movable.get(workload)!.memoryBytesMax);
  }
  return [...needed].every(([host, bytes]) => bytes <= (hostFreeBytes.get(host) ?? Infinity));
}

function countUp(copies: readonly PlacedCopy[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { workload } of copies) counts.set(workload, (counts.get(workload) ?? 0) + 1);
  return counts;
}
