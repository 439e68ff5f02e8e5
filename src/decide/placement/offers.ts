/**
 * The best room of one shelf for the next copy of one workload. Because nothing is given back while a plan is made, a
 * room that a copy does not fit into is never looked at again for that workload.
 */
import type { AcceleratorShare } from '../../domain/record.js';
import { byFullness, type Shelf } from './shelf.js';
import type { FreeRoom } from './free-room.js';
import type { Need } from './needs.js';
import type { PlacementRequest } from './placement.js';

export interface Offer {
  readonly shelf: Shelf;
  readonly need: Need;
  /** The room that the next copy would go to; null = none. */
  readonly best: FreeRoom | null;
  /** Puts a copy into it, and looks for the next. */
  take(): AcceleratorShare[];
}

export function offerOf(request: PlacementRequest, shelf: Shelf, need: Need): Offer {
  return request.strategy === 'BINPACK'
    ? new PackOffer(request.workload, shelf, need)
    : new SpreadOffer(request.workload, shelf, need);
}

/** Of two offers the one whose room is better for the workload; ties by id. */
export function isBetter(request: PlacementRequest, a: FreeRoom, b: FreeRoom): boolean {
  const order =
    request.strategy === 'BINPACK'
      ? b.fullness - a.fullness || a.order - b.order
      : bySpread(request.workload)(a, b);
  return order < 0;
}

/** Fewest copies of the workload first, then the emptiest, then by id. */
function bySpread(workload: string): (a: FreeRoom, b: FreeRoom) => number {
  return (a, b) => (a.copies.get(workload) ?? 0) - (b.copies.get(workload) ?? 0) || byFullness(a, b);
}

/** The fullest room that it still fits into. */
class PackOffer implements Offer {
  best: FreeRoom | null = null;
  /** Rooms from here on are too full, or were until copies went there. */
  private end: number;

  constructor(
    private readonly workload: string,
    readonly shelf: Shelf,
    readonly need: Need,
  ) {
    this.end = shelf.rooms.length;
    this.search();
  }

  take(): AcceleratorShare[] {
    const room = this.best!;
    const shares = this.shelf.refill(room, () => room.take(this.need, this.workload));
    if (!room.fits(this.need)) this.search();
    return shares;
  }

  private search(): void {
    const { rooms } = this.shelf;
    this.end = Math.min(rooms.length, this.end + 1); // a copy that made its room no fuller left it where it was
    while (this.end > 0) {
      this.end -= 1;
      if (!rooms[this.end]!.fits(this.need)) continue;
      this.best = this.firstLike(this.end);
      return;
    }
    this.best = null;
  }

  /** Of the rooms as full as the one at `index` the first by id. */
  private firstLike(index: number): FreeRoom {
    const { rooms } = this.shelf;
    const { fullness } = rooms[index]!;
    let first = index;
    while (first > 0 && rooms[first - 1]!.fullness === fullness) first -= 1;
    while (!rooms[first]!.fits(this.need)) first += 1;
    return rooms[first]!;
  }
}

/** The room with the fewest copies of the workload, and of those the emptiest. */
class SpreadOffer implements Offer {
  best: FreeRoom | null = null;
  /** Rooms that have copies already, once every other one is tried: a heap, the best first. */
  private holders: Heap<FreeRoom> | null = null;

  constructor(
    private readonly workload: string,
    readonly shelf: Shelf,
    readonly need: Need,
  ) {
    this.search();
  }

  take(): AcceleratorShare[] {
    const room = this.best!;
    const shares = this.shelf.refill(room, () => room.take(this.need, this.workload));
    if (this.holders !== null && room.fits(this.need)) this.holders.push(room);
    this.search();
    return shares;
  }

  private search(): void {
    if (this.holders === null) {
      const { workload, need } = this;
      this.best = this.shelf.rooms.find((room) => !room.copies.has(workload) && room.fits(need)) ?? null;
      if (this.best !== null) return;
      const holders = this.shelf.rooms.filter((room) => room.copies.has(workload) && room.fits(need));
      this.holders = new Heap(bySpread(workload), holders);
    }
    this.best = this.holders.pop();
  }
}

/** A binary heap: the item that `compare` puts first is popped first. */
class Heap<Item> {
  private readonly items: Item[];

  constructor(
    private readonly compare: (a: Item, b: Item) => number,
    items: readonly Item[],
  ) {
    this.items = [...items].sort(compare);
  }

  push(item: Item): void {
    let at = this.items.length;
    this.items.push(item);
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (this.compare(item, this.items[parent]!) >= 0) break;
      this.items[at] = this.items[parent]!;
      at = parent;
    }
    this.items[at] = item;
  }

  pop(): Item | null {
    const [first] = this.items;
    const last = this.items.pop();
    if (first === undefined || last === undefined) return null;
    if (this.items.length > 0) this.sink(last);
    return first;
  }

  /** Puts an item where the first one was, and lower until the order is right. */
  private sink(item: Item): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.items.length) break;
      const other = this.items[child + 1];
      if (other !== undefined && this.compare(other, this.items[child]!) < 0) child += 1;
      if (this.compare(this.items[child]!, item) >= 0) break;
      this.items[at] = this.items[child]!;
      at = child;
    }
    this.items[at] = item;
  }
}
