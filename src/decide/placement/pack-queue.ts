/**
 * The copies that may go to rooms of one kind, and which of them goes into a room next. Devices are filled one after the
 * other like small rooms; copies that take whole devices and copies that share them go down together, so that neither
 * is left over with all the cores and memory the other did not need.
 */
import type { FreeDevice, FreeRoom } from './free-room.js';
import { type Need, needOn, type Parts, type RoomKind, wholeDevice } from './needs.js';
import type { PlacementRequest } from './placement.js';
import type { ZoneParts } from './zones.js';

/** Copies that are weighed against each other for each place in a room; of more, every nth in the order of size. */
const candidatesMax = 128;
/** Copies that are weighed for the rest of a room that none of the candidates fits into. */
const fillersMax = 16;

/** A request, and how many of its copies have no place yet. */
export interface Load {
  readonly request: PlacementRequest;
  left: number;
}

/** The copies of one request in rooms of one kind. */
export interface Item {
  readonly load: Load;
  readonly need: Need;
  /** Null = zones are ignored. */
  readonly zones: ZoneParts | null;
}

/** What goes into a room next; the one who asked takes it. */
interface Choice {
  readonly item: Item;
  /** The device that it is to share; null = any. */
  readonly device: FreeDevice | null;
}

/** Those that fit into an empty room of the kind, the largest first; ties by id. */
export function itemsOf(
  loads: readonly Load[],
  kind: RoomKind,
  parts: ReadonlyMap<Load, ZoneParts>,
): readonly Item[] {
  const items: Item[] = [];
  for (const load of loads) {
    const need = needOn(load.request, kind);
    if (need !== null && need.size <= 1) items.push({ load, need, zones: parts.get(load) ?? null });
  }
  return items.sort((a, b) => b.need.size - a.need.size || byWorkload(a.load.request, b.load.request));
}

interface Candidate {
  readonly item: Item;
  readonly need: Need;
  /** Copies that may go into the room at hand. */
  open: number;
}

export class PackQueue {
  private items: readonly Item[];
  private candidates: Candidate[] = [];
  private canFill = true;
  /** Candidates are every `stride`th item from `offset` on, with each room the next ones. */
  private stride = 1;
  private offset = 0;
  /** How scarce each of the parts is, 0..1: what all copies need of it beside the part they need most of. */
  private weights: Parts = [1, 1, 1, 1];
  /** Of the devices that all copies need, the part that is taken whole. */
  private wholeRatio = 0;
  /** Devices that are due to copies that take whole ones; below 0 = they had more than their part. */
  private wholeDue = 0;
  /** Devices of the room that no candidate fits on. */
  private readonly closed = new Set<number>();

  /** `items` as `itemsOf` gives them; `zone` is where the rooms are. */
  constructor(
    items: readonly Item[],
    private readonly zone: string,
  ) {
    this.items = items;
  }

  /** The next room is at hand. */
  begin(room: FreeRoom): void {
    if (this.offset === 0) {
      this.sift();
      this.stride = Math.max(1, Math.ceil(this.items.length / candidatesMax));
    }
    const candidates: Item[] = [];
    for (let index = this.offset; index < this.items.length; index += this.stride) {
      candidates.push(this.items[index]!);
    }
    this.candidates = this.weighed(candidates);
    this.offset = (this.offset + 1) % this.stride;
    this.canFill = this.stride > 1;
    this.wholeDue = Math.min(this.wholeDue + room.devices * this.wholeRatio, room.devices);
    this.closed.clear();
  }

  /** Null = nothing more. */
  next(room: FreeRoom): Choice | null {
    const best = this.bestFor(room);
    if (best !== null || !this.canFill) return best;
    this.candidates = this.weighed(this.fillers(room));
    this.canFill = this.candidates.length > 0;
    this.closed.clear();
    return this.bestFor(room);
  }

  private bestFor(room: FreeRoom): Choice | null {
    let device = room.begunDevice(this.closed);
    for (; device !== null; device = room.begunDevice(this.closed)) {
      const best = this.bestOn(room, device);
      if (best !== null) return this.chosen(best, device);
      this.closed.add(device.index);
    }
    const best = this.bestIn(room);
    return best === null ? null : this.chosen(best, null);
  }

  private chosen(candidate: Candidate, device: FreeDevice | null): Choice {
    candidate.open -= 1;
    this.wholeDue -= candidate.need.devices;
    return { item: candidate.item, device };
  }

  /** Of the copies that share devices the one to go on this one; null = none fits. */
  private bestOn(room: FreeRoom, device: FreeDevice): Candidate | null {
    const { accelerators, acceleratorMemoryBytes } = room.kind.capacity;
    const free = room.partsFree();
    free[2] = device.share / wholeDevice;
    free[3] = acceleratorMemoryBytes === 0 ? 0 : device.bytes / acceleratorMemoryBytes;
    let best: Candidate | null = null;
    let bestRest = Infinity;
    for (const candidate of this.candidates) {
      const { need } = candidate;
      if (need.share === 0 || need.share > device.share || need.deviceBytes > device.bytes) continue;
      if (need.cpus > room.cpus || need.memoryBytes > room.memoryBytes || candidate.open === 0) continue;
      const rest = restOf(free, need.parts, this.weights, accelerators);
      if (rest >= bestRest) continue;
      best = candidate;
      bestRest = rest;
    }
    return best;
  }

  /** Of all copies the one that comes closest to what is free in the room; null = none fits. */
  private bestIn(room: FreeRoom): Candidate | null {
    const { candidates, weights } = this;
    const isWholeDue = this.wholeDue > 0;
    const free = room.partsFree();
    let best: Candidate | null = null;
    let bestRest = Infinity;
    let isBestDue = false;
    let kept = 0;
    for (const candidate of candidates) {
      const { need } = candidate;
      if (candidate.open === 0 || !room.fits(need)) continue; // nor will it later
      candidates[kept++] = candidate;
      const isDue = isWholeDue ? need.share === 0 : need.devices === 0;
      if (isBestDue && !isDue) continue;
      const rest = restOf(free, need.parts, weights, 1);
      if (rest >= bestRest && isDue === isBestDue) continue;
      best = candidate;
      bestRest = rest;
      isBestDue = isDue;
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

  private weighed(items: readonly Item[]): Candidate[] {
    return items.map((item) => ({ item, need: item.need, open: this.leftOf(item) }));
  }

  /** Copies that may go into a room of this queue now; a copy that goes there makes it one less. */
  private leftOf({ load, zones }: Item): number {
    return zones === null ? load.left : zones.openIn(this.zone, load.left);
  }

  /** Forgets what has been placed and adds up what the others need. */
  private sift(): void {
    const sums: [number, number, number, number] = [0, 0, 0, 0];
    let whole = 0;
    let shared = 0;
    const items: Item[] = [];
    for (const item of this.items) {
      const left = this.leftOf(item);
      if (left === 0) continue;
      items.push(item);
      const { parts, devices } = item.need;
      for (let part = 0; part < sums.length; part++) sums[part]! += left * parts[part]!;
      const onDevices = left * Math.max(parts[2], parts[3]);
      if (devices > 0) whole += onDevices;
      else shared += onDevices;
    }
    this.items = items;
    const most = Math.max(...sums, Number.MIN_VALUE);
    this.weights = [
      (sums[0] / most) ** 4,
      (sums[1] / most) ** 4,
      (sums[2] / most) ** 4,
      (sums[3] / most) ** 4,
    ];
    this.wholeRatio = whole / Math.max(whole + shared, Number.MIN_VALUE);
  }
}

/**
 * What a copy would leave free, squared and weighted: least for large copies that use all parts evenly. `devices` is how
 * many of the devices that `free` tells of make up the room's.
 */
function restOf(free: Parts, need: Parts, weights: Parts, devices: number): number {
  const cores = free[0] - need[0];
  const memory = free[1] - need[1];
  const share = free[2] - need[2] * devices;
  const bytes = free[3] - need[3] * devices;
  return (
    weights[0] * cores * cores +
    weights[1] * memory * memory +
    weights[2] * share * share +
    weights[3] * bytes * bytes
  );
}

function byWorkload(a: PlacementRequest, b: PlacementRequest): number {
  return a.workload < b.workload ? -1 : a.workload > b.workload ? 1 : 0;
}
