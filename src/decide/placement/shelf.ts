/** Rooms of one kind in one zone, always in the order of their fullness: the emptiest first, ties by id. */
import type { FreeRoom } from './free-room.js';
import type { RoomKind } from './needs.js';

export class Shelf {
  readonly kind: RoomKind;
  readonly zone: string;
  private readonly sorted: FreeRoom[];

  /** `rooms` are all of one kind and zone, and at least one. */
  constructor(rooms: readonly FreeRoom[]) {
    this.sorted = [...rooms].sort(byFullness);
    this.kind = rooms[0]!.kind;
    this.zone = rooms[0]!.room.zone;
  }

  /** The emptiest first. */
  get rooms(): readonly FreeRoom[] {
    return this.sorted;
  }

  /** Puts a room that `change` makes fuller into its new place. */
  refill<Result>(room: FreeRoom, change: () => Result): Result {
    this.sorted.splice(this.placeOf(room), 1);
    const result = change();
    this.sorted.splice(this.placeOf(room), 0, room);
    return result;
  }

  /** Where it is, or belongs. */
  private placeOf(room: FreeRoom): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (byFullness(this.sorted[middle]!, room) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function byFullness(a: FreeRoom, b: FreeRoom): number {
  return a.fullness - b.fullness || a.order - b.order;
}

/** Every room is on one shelf. */
export function shelve(rooms: readonly FreeRoom[]): readonly Shelf[] {
  const groups = new Map<RoomKind, Map<string, FreeRoom[]>>();
  for (const room of rooms) {
    let zones = groups.get(room.kind);
    if (zones === undefined) groups.set(room.kind, (zones = new Map<string, FreeRoom[]>()));
    const group = zones.get(room.room.zone);
    if (group === undefined) zones.set(room.room.zone, [room]);
    else group.push(room);
  }
  return [...groups.values()].flatMap((zones) => [...zones.values()].map((group) => new Shelf(group)));
}
