/**
 * Packs many copies tightly: one room after the other is filled, the fullest first, each time with the copy whose needs
 * lie most like what is left there. That keeps cores, memory and devices going down together, so that no room ends with
 * one of them used up and the others idle.
 */
import type { FreeRoom } from './free-room.js';
import { type Need, needOn, type Parts, type RoomKind } from './needs.js';
import type { Placement, PlacementRequest } from './placement.js';

/** Copies that are weighed against each other for each place in a room; of more, every nth in the order of size. */
const candidatesMax = 128;
/** Copies that are weighed for the rest of a room that none of the candidates fits into. */
const fillersMax = 16;

/** A request, and how many of its copies have no place yet. */
export interface Load {
  readonly request: PlacementRequest;
  left: number;
}

/**
 * Places copies and counts them down in `loads`. Zones are not looked at. When there are very many different requests a
 * copy may be left although it fits somewhere: the rest is to be placed one by one.
 */
export function pack(loads: readonly Load[], rooms: readonly FreeRoom[]): readonly Placement[] {
  const queues = new Map<RoomKind, Queue>();
  const placements: Placement[] = [];
  for (const room of [...rooms].sort(byUse)) {
    let queue = queues.get(room.kind);
    if (queue === undefined) queues.set(room.kind, (queue = new Queue(loads, room.kind)));
    queue.begin();
    for (let next = queue.next(room); next !== null; next = queue.next(room)) {
      const { load, need } = next;
      const { workload } = load.request;
      const { instance } = room.room;
      const what = room.isEmpty ? 'the next empty instance' : 'the fullest instance with room for it';
      load.left -= 1;
      const accelerators = room.take(need, workload);
      const reason = `${instance} is ${what}`;
      placements.push({ workload, instance, requirement: need.requirement, accelerators, reason });
    }
  }
  return placements;
}

/** Used rooms before empty ones, the fullest first; of empty ones the largest first; ties by id. */
function byUse(a: FreeRoom, b: FreeRoom): number {
  if (a.isEmpty !== b.isEmpty) return a.isEmpty ? 1 : -1;
  const bySize = b.kind.capacity.memoryBytes - a.kind.capacity.memoryBytes;
  return b.fullness - a.fullness || bySize || a.order - b.order;
}

interface Item {
  readonly load: Load;
  readonly need: Need;
}

/** The copies that may go to rooms of one kind, the largest first. */
class Queue {
  private items: Item[];
  private candidates: Item[] = [];
  private canFill = true;
  /** Candidates are every `stride`th item from `offset` on, with each room the next ones. */
  private stride = 1;
  private offset = 0;
  /** How scarce each of the parts is, 0..1: what all copies need of it beside the part they need most of. */
  private weights: Parts = [1, 1, 1, 1];

  constructor(loads: readonly Load[], kind: RoomKind) {
    this.items = loads.flatMap((load) => {
      const need = needOn(load.request, kind);
      return need === null || need.size > 1 ? [] : [{ load, need }];
    });
    this.items.sort((a, b) => b.need.size - a.need.size || byWorkload(a.load.request, b.load.request));
  }

  /** The next room is at hand. */
  begin(): void {
    if (this.offset === 0) {
      this.items = this.items.filter(({ load }) => load.left > 0);
      this.stride = Math.max(1, Math.ceil(this.items.length / candidatesMax));
      this.weights = weightsOf(this.items);
    }
    this.candidates = [];
    for (let index = this.offset; index < this.items.length; index += this.stride) {
      this.candidates.push(this.items[index]!);
    }
    this.offset = (this.offset + 1) % this.stride;
    this.canFill = this.stride > 1;
  }

  /** What goes into the room next; null = nothing more. */
  next(room: FreeRoom): Item | null {
    const best = this.bestFor(room);
    if (best !== null || !this.canFill) return best;
    this.candidates = this.fillers(room);
    this.canFill = this.candidates.length > 0;
    return this.bestFor(room);
  }

  private bestFor(room: FreeRoom): Item | null {
    const { candidates, weights } = this;
    const free = room.partsFree();
    let best: Item | null = null;
    let bestScore = -Infinity;
    let kept = 0;
    for (const item of candidates) {
      if (item.load.left === 0 || !room.fits(item.need)) continue; // nor will it later
      candidates[kept++] = item;
      const score = likeness(item.need.parts, free, weights);
      if (score <= bestScore) continue;
      best = item;
      bestScore = score;
    }
    candidates.length = kept;
    return best;
  }

  /** The largest copies that fit for certain, because no part of theirs is larger than the smallest free one. */
  private fillers(room: FreeRoom): Item[] {
    const free = Math.min(...room.partsFree());
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.items[middle]!.need.size > free) low = middle + 1;
      else high = middle;
    }
    return this.items.slice(low, low + fillersMax);
  }
}

function weightsOf(items: readonly Item[]): Parts {
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  for (const { load, need } of items) {
    for (let part = 0; part < sums.length; part++) sums[part]! += load.left * need.parts[part]!;
  }
  const most = Math.max(...sums, Number.MIN_VALUE);
  return [(sums[0] / most) ** 4, (sums[1] / most) ** 4, (sums[2] / most) ** 4, (sums[3] / most) ** 4];
}

/** How close the needs come to what is free, 0..1: large ones that use all parts evenly come closest. */
function likeness(need: Parts, free: Parts, weights: Parts): number {
  const cores = free[0] - need[0];
  const memory = free[1] - need[1];
  const devices = free[2] - need[2];
  const deviceMemory = free[3] - need[3];
  const distance =
    weights[0] * cores * cores +
    weights[1] * memory * memory +
    weights[2] * devices * devices +
    weights[3] * deviceMemory * deviceMemory;
  return 1 - distance / 4;
}

function byWorkload(a: PlacementRequest, b: PlacementRequest): number {
  return a.workload < b.workload ? -1 : a.workload > b.workload ? 1 : 0;
}
