/**
 * The step of a turn that makes room for copies that requests wait for, where no more instances are to be had: the
 * least valuable copies of components that scale give way. Those that wait stand in line, the highest priority first and
 * then whoever has waited longest; room that becomes free goes to whoever it was made for.
 *
 * A copy that gives way is drained: what it has ends there. The component's capacity is lowered with it, never below its
 * target's minimum; its own requests are held and bring it back, at the end of the line.
 *
 * Never: a copy of a component without a scalable target; a second victim while the room of the first is still coming.
 */
import { chooseVictims } from '../../decide/scaling/eviction/choose-victims.js';
import type {
  EvictableCopy,
  EvictionDecision,
  EvictionNeed,
  EvictionSituation,
} from '../../decide/scaling/eviction/situation.js';
import { place } from '../../decide/placement/place.js';
import type { PlacedCopy } from '../../decide/placement/placement.js';
import { memoryNeeded } from '../../decide/reconcile/host-memory.js';
import type { Room } from '../../decide/reconcile/workload.js';
import { parseComponentKey, WorkloadKind } from '../../domain/component.js';
import type { ComponentOptions } from '../../domain/component-options.js';
import { CopyState } from '../../domain/copy.js';
import { baseOf, type ComponentRecord, ComponentStatus } from '../../domain/inference-component.js';
import type { CopyRecord } from '../../domain/record.js';
import { componentResource, type ScalableTargetRecord } from '../../domain/scaling.js';
import { endpointKeyOf } from '../agenda.js';
import { type Desk, keyOfCopy, type Turn } from '../desk.js';
import { endpointByKey } from '../step-instances.js';
import { memoryOf, roomsOf, workloadOf } from '../workloads.js';
import type { ColdStarts } from './cold-starts.js';
import type { LoadBoard } from './load-board.js';
import type { Scaling } from './step-scaling.js';
import type { ToldToSleep } from './told-to-sleep.js';

/** Somebody who lacks room is looked at again after so long at the latest, milliseconds. */
const againMsMax = 1_000;
/** A copy that was idle so long may be put to sleep where memory is short, milliseconds. */
const sleepIdleMsMin = 1_000;

/** A component whose copies found no room although requests wait for it. */
interface Waiting {
  readonly key: string;
  readonly need: EvictionNeed;
  readonly since: number;
  /** Of the newest instances' generation of the endpoint. */
  readonly generation: number;
  readonly variant: string;
  /** It has a copy that serves: busy copies of others do not give way for one more. */
  readonly isServed: boolean;
}

export class Evictions {
  /** Components of which a copy came, changed or went since the last turn, by `componentKey`. */
  private readonly changed = new Set<string>();

  constructor(
    private readonly desk: Desk,
    private readonly board: LoadBoard,
    private readonly coldStarts: ColdStarts,
    private readonly scaling: Pick<Scaling, 'giveWay'>,
    /** True while instances come on which the copies of a component will be placed. */
    private readonly isGrowing: (endpoint: string, variant: string) => boolean,
    private readonly told: ToldToSleep,
  ) {
    for (const { value } of desk.state.copies()) this.note(value);
  }

  /** A copy came, changed or went. */
  note({ component }: CopyRecord): void {
    this.changed.add(component);
  }

  step(turn: Turn): void {
    const { desk } = this;
    this.observeColdStarts(turn);
    desk.line.first.clear();
    desk.line.behind.clear();
    const byEndpoint = new Map<string, string[]>();
    for (const [key, held] of desk.held) {
      if (!held.some(({ error }) => error?.code === 'CAP-106' || error?.code === 'CAP-108')) continue;
      const endpoint = endpointKeyOf(key);
      byEndpoint.set(endpoint, [...(byEndpoint.get(endpoint) ?? []), key]);
    }
    for (const [endpoint, keys] of byEndpoint) this.stepEndpoint(turn, endpoint, keys);
  }

  private stepEndpoint(turn: Turn, endpointKey: string, keys: readonly string[]): void {
    const endpoint = endpointByKey(this.desk, endpointKey);
    if (endpoint === undefined || endpoint.deployment !== null) return;
    const line = keys
      .flatMap((key) => this.waitingOf(turn, key) ?? [])
      .filter(({ variant }) => !this.isGrowing(endpointKey, variant))
      .sort((a, b) => b.need.priority - a.need.priority || a.since - b.since || (a.key < b.key ? -1 : 1));
    if (line.length === 0) return;
    const book = new RoomBook(this.desk, turn, roomsOf(this.desk, turn, endpoint));
    const copies = this.evictable(turn, book.rooms);
    for (const one of line) this.serve(turn, one, book, copies);
  }

  /** Gives the next in line the room that is coming, or makes some. */
  private serve(turn: Turn, waiting: Waiting, book: RoomBook, copies: EvictableCopy[]): void {
    const { desk } = this;
    const { key, need } = waiting;
    if (book.claim(waiting)) {
      desk.line.first.add(key);
      return;
    }
    if (book.lacksMeasuredMemory(waiting) && this.putToSleep(turn, copies)) {
      desk.line.behind.add(key);
      return this.lookAgain(turn, key, { victims: [], spared: new Map(), againMs: null });
    }
    const candidates = waiting.isServed ? copies.filter(({ idleMs }) => idleMs > 0) : copies;
    const decision = chooseVictims({ ...book.situation(waiting), copies: candidates, limits: desk.limits });
    if (decision.victims.length === 0) {
      desk.line.behind.add(key);
      return this.lookAgain(turn, key, decision);
    }
    for (const victim of decision.victims) {
      const index = copies.findIndex(({ id }) => id === victim.id);
      const [copy] = copies.splice(index, 1);
      if (!this.dismiss(turn, victim.id, victim.reason) || copy === undefined) continue;
      book.free(copy);
      dropBelowMinimum(desk, copy.workload, copies);
    }
    book.claim(waiting);
    desk.line.first.add(key);
    this.desk.log.info(
      { component: key, need: need.waiting, victims: decision.victims },
      `room is made for ${key}`,
    );
  }

  /**
   * Idle copies give back what their next request makes anew; true while what that frees has yet to be measured.
   */
  private putToSleep(turn: Turn, copies: readonly EvictableCopy[]): boolean {
    const awake = copies.filter(
      ({ id, idleMs, isAsleep }) => idleMs >= sleepIdleMsMin && !isAsleep && !this.told.has(id, turn.now),
    );
    for (const { id } of awake) {
      const record = this.desk.state.get(id)?.value as CopyRecord | undefined;
      if (record === undefined) continue;
      this.told.note(id, turn.now);
      this.desk.fleet.sleep(record.copy);
    }
    return this.told.isSettling(turn.now);
  }

  private lookAgain(turn: Turn, key: string, { againMs }: EvictionDecision): void {
    const waitMs = Math.min(againMsMax, againMs ?? againMsMax);
    this.desk.agenda.workloads.markAt(key, turn.now + Math.max(1, waitMs));
  }

  private waitingOf(turn: Turn, key: string): Waiting | null {
    const { desk } = this;
    const component = desk.state.componentByKey(key);
    if (component === undefined || component.deployment !== null) return null;
    const { held, queued } = this.board.of(key, turn.wall);
    if (held + queued === 0) return null;
    const { targets, strategy, zoneBalance, variant, copies } = workloadOf(desk, turn, key);
    const target = targets.at(-1);
    const since = Math.min(...(desk.held.get(key) ?? []).map((one) => one.since));
    const generation = endpointByKey(desk, endpointKeyOf(key))?.generations.at(-1)?.id;
    if (target === undefined || generation === undefined || target.pause !== null) return null;
    const priority = optionsOf(desk, component)?.evictionPriority ?? 0;
    const memoryBytes = Math.max(0, ...target.resources.map(memoryNeeded));
    return {
      key,
      need: {
        request: { workload: key, count: 1, requirements: target.requirements, strategy, zoneBalance },
        priority,
        waitedMs: turn.now - since,
        waiting: held + queued,
        memoryBytes,
      },
      since,
      generation,
      variant,
      isServed: copies.some(({ record }) => record.wish === 'run' && record.state === CopyState.Ready),
    };
  }

  /**
   * Measures starts from their records on: the time in the line for room is none of a copy's own, and must not make its
   * turn longer.
   */
  private observeColdStarts(turn: Turn): void {
    for (const key of this.changed) {
      if (parseComponentKey(key).kind !== WorkloadKind.Component) continue;
      const copies = this.desk.state.copiesOf(key).map(({ value }) => value);
      this.coldStarts.observe(key, copies, 0, turn.wall);
    }
    this.changed.clear();
  }

  /** Copies on these instances that scaling may take away. */
  private evictable(turn: Turn, rooms: readonly Room[]): EvictableCopy[] {
    const { desk } = this;
    const found = rooms.flatMap((room) => {
      const records = desk.state.copiesOn(room.instance);
      return records.flatMap(({ value: record }, index) => {
        const copy = this.evictableCopy(turn, record, room, room.residents[index]);
        return copy === null ? [] : [copy];
      });
    });
    for (const { workload } of [...found]) dropBelowMinimum(desk, workload, found);
    return found;
  }

  private evictableCopy(
    turn: Turn,
    record: CopyRecord,
    room: Room,
    placed: PlacedCopy | undefined,
  ): EvictableCopy | null {
    const { desk } = this;
    const { component: workload } = record;
    const component = desk.state.componentByKey(workload);
    if (record.wish !== 'run' || record.state !== CopyState.Ready || placed === undefined) return null;
    if (component === undefined || !mayShrink(desk, component)) return null;
    const options = optionsOf(desk, component);
    const load = this.board.of(workload, turn.wall);
    const notes = desk.copies.of(keyOfCopy(record.copy));
    const isBusy = notes.report !== null && notes.report.running + notes.report.waiting > 0;
    const isOnly = desk.state.copiesOf(workload).length === 1;
    const isUsed = isBusy || (isOnly && load.inFlight > 0);
    const readyMs = Math.max(0, turn.wall - record.since);
    const quietMs = load.idleSince === null ? Infinity : turn.wall - load.idleSince;
    const idleMs = Math.max(1, Math.min(readyMs, turn.now - notes.busyAt, quietMs));
    const coldStartMs = this.coldStarts.expectedMs(workload);
    return {
      id: keyOfCopy(record.copy),
      workload,
      instance: room.instance,
      host: room.host,
      placed,
      memoryBytes: memoryNeeded(record.resources),
      priority: options?.evictionPriority ?? 0,
      cost: options === null || options.evictionCost === 0 ? coldStartMs / 1000 : options.evictionCost,
      coldStartMs,
      readyMs,
      idleMs: isUsed ? 0 : idleMs,
      waiting: load.queued + load.held,
      isAsleep: notes.report?.isAsleep ?? false,
    };
  }

  /** Drains the copy and lowers its component's capacity by it; false when it is too late for that. */
  private dismiss(turn: Turn, copyKey: string, reason: string): boolean {
    const { desk } = this;
    const record = desk.state.get(copyKey)?.value as CopyRecord | undefined;
    const component = record === undefined ? undefined : desk.state.componentByKey(record.component);
    if (record === undefined || component === undefined) return false;
    const target = targetOf(desk, component);
    if (target === undefined) return false;
    const { id, incarnation } = record.copy;
    desk.log.info({ copy: id, incarnation, component: record.component, reason }, `copy ${id} gives way`);
    desk.state.put({ ...record, wish: 'drain', reason }, 'copy-evicted', reason);
    this.scaling.giveWay(turn, target, reason);
    return true;
  }
}

/** Rooms as they will be once everything that goes has gone, and what was claimed in them. */
class RoomBook {
  readonly rooms: readonly Room[];
  private readonly open: Map<string, Room>;
  private readonly freeBytes = new Map<string, number>();
  private readonly unreservedBytes = new Map<string, number>();

  constructor(desk: Desk, turn: Turn, rooms: readonly Room[]) {
    this.rooms = rooms;
    for (const host of memoryOf(desk, turn).values()) {
      const { id, totalBytes, availableBytes, promisedBytes, reservedBytes } = host;
      this.unreservedBytes.set(id, totalBytes - reservedBytes);
      this.freeBytes.set(id, Math.min(availableBytes - promisedBytes, totalBytes - reservedBytes));
    }
    this.open = new Map(
      rooms.map((room) => {
        const records = desk.state.copiesOn(room.instance);
        const residents = room.residents.filter((_, index) => records[index]?.value.wish === 'run');
        for (const { value } of records) {
          if (value.wish === 'run') continue;
          this.freeBytes.set(room.host, (this.freeBytes.get(room.host) ?? 0) + memoryNeeded(value.resources));
        }
        return [room.instance, { ...room, residents }];
      }),
    );
  }

  /** True when reservations would leave room for it, and what is measured to be free does not. */
  lacksMeasuredMemory(waiting: Waiting): boolean {
    const { memoryBytes } = waiting.need;
    return this.roomsFor(waiting).some(({ host }) => {
      const isShort = (this.freeBytes.get(host) ?? 0) < memoryBytes;
      return isShort && (this.unreservedBytes.get(host) ?? 0) >= memoryBytes;
    });
  }

  situation(waiting: Waiting): Pick<EvictionSituation, 'need' | 'rooms' | 'hostFreeBytes'> {
    return { need: waiting.need, rooms: this.roomsFor(waiting), hostFreeBytes: this.freeBytes };
  }

  /** Takes room for a copy where there is some, or will be; false when there is none. */
  claim(waiting: Waiting): boolean {
    const { request, memoryBytes } = waiting.need;
    const rooms = this.roomsFor(waiting).filter(({ host }) => (this.freeBytes.get(host) ?? 0) >= memoryBytes);
    const [placement] = place([request], rooms).placements;
    const room = placement === undefined ? undefined : this.open.get(placement.instance);
    if (placement === undefined || room === undefined) return false;
    const requirement = request.requirements[placement.requirement]!;
    const resident: PlacedCopy = {
      workload: request.workload,
      cpus: requirement.cpus,
      memoryBytes: requirement.memoryBytes,
      accelerators: placement.accelerators,
    };
    this.open.set(room.instance, { ...room, residents: [...room.residents, resident] });
    this.freeBytes.set(room.host, (this.freeBytes.get(room.host) ?? 0) - memoryBytes);
    return true;
  }

  free({ instance, host, placed, memoryBytes }: EvictableCopy): void {
    const room = this.open.get(instance);
    if (room === undefined) return;
    this.open.set(instance, { ...room, residents: room.residents.filter((one) => one !== placed) });
    this.freeBytes.set(host, (this.freeBytes.get(host) ?? 0) + memoryBytes);
  }

  private roomsFor({ variant, generation }: Waiting): readonly Room[] {
    return [...this.open.values()].filter(
      (room) => room.variant === variant && room.generation === generation,
    );
  }
}

function targetOf(desk: Desk, { scope, name }: ComponentRecord): ScalableTargetRecord | undefined {
  return desk.state.scalableTarget(scope, componentResource(name))?.value;
}

function optionsOf(desk: Desk, component: ComponentRecord): ComponentOptions | null {
  const [generation] = component.generations;
  const [runnable] = generation === undefined ? [] : desk.runnables.ofComponent(component, generation);
  return runnable?.component?.options ?? null;
}

/** It scales by itself, in and back out again, and nothing else happens to it. */
function mayShrink(desk: Desk, component: ComponentRecord): boolean {
  const target = targetOf(desk, component);
  if (target === undefined || target.suspended.dynamicScalingInSuspended || !desk.state.wakes(component))
    return false;
  if (component.copyCount <= target.minCapacity || baseOf(component) !== null) return false;
  const isStill =
    component.status === ComponentStatus.InService || component.status === ComponentStatus.Updating;
  return isStill && component.deployment === null;
}

/** Leaves no more copies of a component among the candidates than may go. */
function dropBelowMinimum(desk: Desk, workload: string, copies: EvictableCopy[]): void {
  const component = desk.state.componentByKey(workload);
  const target = component === undefined ? undefined : targetOf(desk, component);
  const spare = (component?.copyCount ?? 0) - (target?.minCapacity ?? 0);
  let left = copies.filter((copy) => copy.workload === workload).length;
  for (let index = copies.length - 1; index >= 0 && left > Math.max(0, spare); index--) {
    if (copies[index]!.workload !== workload) continue;
    copies.splice(index, 1);
    left -= 1;
  }
}
