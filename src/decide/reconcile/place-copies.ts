/**
 * Where missing copies go, and what is done when there is no room: placement by reservations, then admission by the
 * memory that is measured to be free. Copies for which there is no room are held with the reason. If older or leaving
 * copies of the same workload are in the way, they make room one at a time, so that the others serve on.
 */
import type { Resources } from '../../domain/component.js';
import { CopyState } from '../../domain/copy.js';
import { StowageError } from '../../domain/errors.js';
import { place } from '../placement/place.js';
import type { Placement } from '../placement/placement.js';
import { dismissal, isLiving } from './copies.js';
import type { HostMemory } from './host-memory.js';
import { MemoryBook, memoryNeeded } from './host-memory.js';
import type {
  CopyDecision,
  CopyStart,
  CopyStep,
  HeldCopies,
  MissingCopies,
  PlannedCopy,
  Room,
} from './workload.js';

/** Decides where the missing copies of one endpoint's workloads start. */
export function placeCopies(
  missing: readonly MissingCopies[],
  rooms: readonly Room[],
  memory: Iterable<HostMemory>,
): CopyDecision {
  const placing = new Placing(rooms, memory);
  for (const one of missing) if (one.room !== null) placing.putOn(one, one.room);
  for (const batch of batchesOf(missing.filter((one) => one.room === null))) placing.put(batch);
  return placing.decision();
}

/**
 * Requests that look for the same instances: those for which room was made, then newest generations first; a workload
 * is in each batch once.
 */
function batchesOf(missing: readonly MissingCopies[]): readonly (readonly MissingCopies[])[] {
  const ranks = new Map<string, number>();
  const batches = new Map<string, MissingCopies[]>();
  for (const one of missing) {
    const place = `${one.workload.variant} ${one.endpointGeneration}`;
    const rank = ranks.get(`${one.workload.key} ${place}`) ?? 0;
    ranks.set(`${one.workload.key} ${place}`, rank + 1);
    const key = `${one.workload.line === 'first' ? 0 : 1} ${rank} ${place}`;
    const batch = batches.get(key);
    if (batch === undefined) batches.set(key, [one]);
    else batch.push(one);
  }
  return [...batches].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, batch]) => batch);
}

class Placing {
  private readonly rooms: Map<string, Room>;
  private readonly book: MemoryBook;
  private readonly starts: CopyStart[] = [];
  private readonly steps: CopyStep[] = [];
  private readonly held: HeldCopies[] = [];
  /** Where room is being made for a newer generation of a workload: an older one must not take it. */
  private readonly waiting = new Set<string>();

  constructor(rooms: readonly Room[], memory: Iterable<HostMemory>) {
    this.rooms = new Map(rooms.map((room) => [room.instance, room]));
    this.book = new MemoryBook(memory);
  }

  decision(): CopyDecision {
    return { starts: this.starts, steps: this.steps, held: this.held };
  }

  /** A copy that can be on one instance only, and has all of it. */
  putOn(missing: MissingCopies, room: Room): void {
    const { cpus, accelerators: count, acceleratorMemoryBytes: memoryBytes } = room.capacity;
    const accelerators = Array.from({ length: count }, (_, index) => ({ index, share: 1, memoryBytes }));
    const whole = { cpus, accelerators: count, acceleratorMemoryBytes: memoryBytes };
    const resources = { ...missing.target.resources[0]!, ...whole };
    const start = { resources, accelerators, reason: missing.reason };
    if (!this.start(missing, room, start)) this.refuseMemory(missing, room, resources);
  }

  /** Copies that may be on any instance of their variant and the endpoint's generation. */
  put(batch: readonly MissingCopies[]): void {
    const wanting = batch.filter((one) => !this.waiting.has(placeKey(one)));
    if (wanting.length === 0) return;
    const byKey = new Map(wanting.map((one) => [one.workload.key, one]));
    const plan = place(wanting.map(requestOf), this.roomsFor(wanting[0]!));
    const refused: (readonly [MissingCopies, Placement])[] = [];
    for (const placement of plan.placements) {
      const one = byKey.get(placement.workload)!;
      if (!this.startAsPlaced(one, placement)) refused.push([one, placement]);
    }
    for (const [one, placement] of refused) this.putElsewhere(one, placement);
    for (const { workload, count, details } of plan.unplaced) {
      this.refuse({ ...byKey.get(workload)!, count }, details);
    }
  }

  private roomsFor({ workload, endpointGeneration }: MissingCopies): readonly Room[] {
    return [...this.rooms.values()].filter(
      (room) => room.variant === workload.variant && room.generation === endpointGeneration,
    );
  }

  /** False when the host has too little memory; then nothing has changed. */
  private start(
    missing: MissingCopies,
    room: Room,
    { resources, accelerators, reason }: Pick<CopyStart, 'resources' | 'accelerators' | 'reason'>,
  ): boolean {
    const { workload, target } = missing;
    const { instance, host, generation: endpointGeneration } = room;
    if (!this.book.take(host, resources)) return false;
    const { cpus, memoryBytesMin: memoryBytes } = resources;
    const resident = { workload: workload.key, cpus, memoryBytes, accelerators };
    this.rooms.set(instance, { ...room, residents: [...room.residents, resident] });
    const { key } = workload;
    const { generation } = target;
    const about = { workload: key, generation, instance, host, endpointGeneration };
    this.starts.push({ ...about, resources, accelerators, reason });
    return true;
  }

  private startAsPlaced(missing: MissingCopies, placement: Placement): boolean {
    const { instance, accelerators, requirement } = placement;
    const resources = missing.target.resources[requirement]!;
    const reason = `${missing.reason}: ${placement.reason}`;
    return this.start(missing, this.rooms.get(instance)!, { resources, accelerators, reason });
  }

  /** The host of its instance has too little memory: perhaps another host has more, and room. */
  private putElsewhere(missing: MissingCopies, { instance, requirement }: Placement): void {
    const room = this.rooms.get(instance)!;
    const resources = missing.target.resources[requirement]!;
    const rooms = this.roomsFor(missing).filter(
      ({ host }) => this.book.freeOn(host) >= memoryNeeded(resources),
    );
    const plan = rooms.length === 0 ? null : place([{ ...requestOf(missing), count: 1 }], rooms);
    const [placement] = plan?.placements ?? [];
    const isStarted = placement !== undefined && this.startAsPlaced(missing, placement);
    if (!isStarted) this.refuseMemory(missing, room, resources);
  }

  private refuse(missing: MissingCopies, details: string): void {
    this.hold(missing, missing.count, StowageError.of('CAP-106', { details }).toData());
    const victim = this.inTheWay(missing);
    if (victim === null) return;
    if (victim.place === 'leaving') {
      return this.makeRoom(missing, victim, 'its instance is retired and no other has room for it');
    }
    const rooms = this.roomsFor(missing).map((room) => roomWithout(room, missing, victim));
    const isEnough = place([{ ...requestOf(missing), count: 1 }], rooms).placements.length > 0;
    if (isEnough) this.makeRoom(missing, victim, 'its successor does not fit beside it');
  }

  private refuseMemory(missing: MissingCopies, room: Room, resources: Resources): void {
    const neededBytes = memoryNeeded(resources);
    const freeBytes = this.book.freeOn(room.host);
    const parameters = {
      component: missing.workload.key,
      needed: mebibytes(neededBytes),
      free: mebibytes(freeBytes),
      host: room.host,
    };
    this.hold(missing, 1, StowageError.of('CAP-108', parameters).toData());
    const victim = this.inTheWay(missing);
    if (victim === null) return;
    const isEnough = memoryNeeded(victim.record.resources) + freeBytes >= neededBytes;
    if (isEnough) this.makeRoom(missing, victim, 'its successor does not fit beside it');
  }

  private hold(missing: MissingCopies, count: number, error: HeldCopies['error'] & object): void {
    const { key: workload, copies } = missing.workload;
    const { generation } = missing.target;
    this.held.push({ workload, generation, count, reason: error.message, error, until: null });
    // Copies that come or go may be what made room.
    if (copies.some((copy) => !isSettled(copy))) this.waiting.add(placeKey(missing));
  }

  /** A ready copy of the same workload that is to go anyway; null while another one of it comes or goes. */
  private inTheWay({ workload, target, endpointGeneration }: MissingCopies): PlannedCopy | null {
    if (!workload.copies.every(isSettled)) return null;
    if (this.starts.some((start) => start.workload === workload.key)) return null;
    if (this.steps.some((step) => step.copy.component === workload.key)) return null;
    const newer = workload.targets.slice(workload.targets.indexOf(target)).map((one) => one.generation);
    const candidates = workload.copies.filter(
      (copy) =>
        isLiving(copy) &&
        copy.record.endpointGeneration === endpointGeneration &&
        (copy.place === 'leaving' || !newer.includes(copy.record.generation)),
    );
    return candidates.sort((a, b) => a.record.copy.incarnation - b.record.copy.incarnation)[0] ?? null;
  }

  private makeRoom(missing: MissingCopies, { record }: PlannedCopy, reason: string): void {
    this.waiting.add(placeKey(missing));
    this.steps.push(dismissal(record, reason));
  }
}

function isSettled({ record }: PlannedCopy): boolean {
  return record.wish === 'run' && record.state === CopyState.Ready;
}

function placeKey({ workload, endpointGeneration }: MissingCopies): string {
  return `${workload.key} ${endpointGeneration}`;
}

function requestOf({ workload, target, count }: MissingCopies) {
  const { key, strategy, zoneBalance } = workload;
  return { workload: key, count, requirements: target.requirements, strategy, zoneBalance };
}

/** The room as it is once a copy has gone. */
function roomWithout(room: Room, { workload }: MissingCopies, victim: PlannedCopy): Room {
  if (room.instance !== victim.record.instance) return room;
  const { cpus, memoryBytesMin } = victim.record.resources;
  const index = room.residents.findIndex(
    (one) => one.workload === workload.key && one.cpus === cpus && one.memoryBytes === memoryBytesMin,
  );
  return { ...room, residents: room.residents.filter((_, place) => place !== index) };
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / (1024 * 1024));
}
