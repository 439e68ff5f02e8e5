/**
 * The instances of one pool and the copies on them. Copies are placed by `decide/placement`, go in the order of
 * `chooseRemovals`, finish what they have, and come up after the time that their weights need from where they are.
 */
import { chooseRemovals } from '../../../decide/placement/choose-removals.js';
import { place } from '../../../decide/placement/place.js';
import type { Placement } from '../../../decide/placement/placement.js';
import { acceleratorSecondsOf } from '../../../decide/cost/bill.js';
import type { ForecastComponent, ForecastPool } from '../forecast-input.js';
import { CopyEngine, type Device } from './copy-engine.js';
import type { EventQueue } from './event-queue.js';
import type { Lane } from './lane.js';
import type { Grid } from './measures.js';
import { Level } from './measures.js';
import { PrefixMemory } from './prefix-memory.js';
import type { StartTimes } from './start-times.js';
import {
  coldStartOf,
  newDevice,
  placesOf,
  type ReplayCopy,
  type ReplayInstance,
  roomOf,
} from './replay-instance.js';

/** After a change the fleet is looked at again, milliseconds: a hint of the control loop. */
const hintMs = 5;

export interface Workload {
  readonly index: number;
  readonly component: ForecastComponent;
  readonly lane: Lane;
  /** Copies wanted. */
  wanted: number;
  readonly copies: Set<ReplayCopy>;
  readonly starts: StartTimes;
  /** Files where its next copy would most likely start. */
  files(): ReadonlyMap<number, number>;
  /** What an idle copy costs beside one that works, 0..1. */
  idleCostShare(): number;
  /** It gives a copy away, because others need its room more. */
  giveWay(): void;
  /** Copies that live, and those that compute. */
  readonly living: Level;
  readonly busy: Level;
}

export interface FleetLevels {
  readonly instances: Level;
  /** Of the instances, and those of them that copies hold. */
  readonly accelerators: Level;
  readonly held: Level;
  /** US dollars an hour. */
  readonly price: Level;
}

export class Fleet {
  readonly instances: ReplayInstance[] = [];
  readonly levels: FleetLevels;
  instanceStarts = 0;
  private readonly machineFiles = new Map<number, number>();
  private nextInstance = 1;
  private nextCopy = 1;
  private isHinted = false;
  private readonly vacated = new Set<ReplayInstance>();
  /** Copies for which there was no room, by index of the component. */
  readonly unplaced = new Map<number, number>();

  constructor(
    readonly pool: ForecastPool,
    readonly workloads: readonly Workload[],
    private readonly queue: EventQueue,
    grid: Grid,
    /** What computes where all instances are one machine. */
    private readonly machine: Device,
    /** Chooses what happens to the instances; asked whenever something changed. */
    private readonly scaleInstances: (fleet: Fleet) => void,
  ) {
    this.levels = {
      instances: new Level(grid),
      accelerators: new Level(grid),
      held: new Level(grid),
      price: new Level(grid),
    };
  }

  /** Instances and copies that are there from the beginning. */
  begin(): void {
    for (let count = 0; count < this.pool.initial; count++) this.addInstance(true);
    this.level(true);
  }

  hint(): void {
    if (this.isHinted) return;
    this.isHinted = true;
    this.queue.put(this.queue.now + hintMs, () => {
      this.isHinted = false;
      this.level(false);
      this.scaleInstances(this);
    });
  }

  addInstance(isReady: boolean): boolean {
    const type = this.pool.types.find(
      ({ name, countMax }) => this.instances.filter((one) => one.type.name === name).length < countMax,
    );
    if (type === undefined) return false;
    const { now } = this.queue;
    const number = this.nextInstance++;
    const devices = Array.from({ length: Math.max(1, type.capacity.accelerators) }, () =>
      this.pool.isOneMachine ? this.machine : newDevice(type.capacity.accelerators > 0),
    );
    const instance: ReplayInstance = {
      id: `instance-${number}`,
      type,
      zone: type.zones[(number - 1) % Math.max(1, type.zones.length)] ?? 'a',
      state: isReady ? 'ready' : 'starting',
      createdAt: now,
      copies: new Set(),
      emptySince: isReady ? now : null,
      devices,
      files: this.pool.isOneMachine ? this.machineFiles : new Map<number, number>(),
    };
    this.instances.push(instance);
    this.count(instance, 1);
    if (isReady) return true;
    this.instanceStarts++;
    this.queue.put(now + this.pool.instanceStartMs, () => {
      instance.state = 'ready';
      instance.emptySince = this.queue.now;
      this.hint();
    });
    return true;
  }

  removeInstance(instance: ReplayInstance): void {
    instance.state = 'gone';
    this.instances.splice(this.instances.indexOf(instance), 1);
    this.count(instance, -1);
  }

  /** Brings each component to its copies, as far as there is room. */
  private level(isWarm: boolean): void {
    this.unplaced.clear();
    const requests = [];
    for (const workload of this.workloads) {
      const living = [...workload.copies].filter(
        ({ state, isLeaving }) => state !== 'draining' && !isLeaving,
      );
      const missing = workload.wanted - living.length;
      if (missing < 0) this.remove(living, -missing);
      if (missing <= 0) {
        this.releaseLeaving(workload, living);
        continue;
      }
      const { requirements, placement, zoneBalance } = workload.component;
      const name = String(workload.index);
      requests.push({ workload: name, count: missing, requirements, strategy: placement, zoneBalance });
    }
    if (requests.length === 0) return this.noteMissing();
    const rooms = this.instances
      .filter((one) => one.state === 'ready' && !this.vacated.has(one))
      .map((instance) => roomOf(instance, String));
    const plan = place(requests, rooms);
    for (const placement of plan.placements) this.start(placement, isWarm);
    for (const { workload, count } of plan.unplaced) this.unplaced.set(Number(workload), count);
    this.noteMissing();
  }

  private noteMissing(): void {
    for (const { index, starts } of this.workloads)
      starts.noteMissing(this.queue.now, this.unplaced.has(index));
  }

  private remove(living: readonly ReplayCopy[], count: number): void {
    const removable = living.map(({ id, instance, state }) => {
      return { id, instance: instance.id, zone: instance.zone, isReady: state === 'ready' };
    });
    const going = new Set(chooseRemovals(removable, count));
    for (const copy of living) if (going.has(copy.id)) this.drain(copy);
  }

  /** No copy starts there any more; those there are succeeded elsewhere. */
  vacate(instance: ReplayInstance): void {
    this.vacated.add(instance);
    for (const copy of instance.copies) copy.isLeaving = true;
    this.hint();
  }

  /** Copies whose instance goes, once as many as are wanted are ready elsewhere. */
  private releaseLeaving({ copies, wanted }: Workload, living: readonly ReplayCopy[]): void {
    if (living.filter(({ state }) => state === 'ready').length < wanted) return;
    for (const copy of copies) if (copy.isLeaving && copy.state !== 'draining') this.drain(copy);
  }

  /** Files where a component's next copy would most likely start: where it was last. */
  filesOf(component: number): ReadonlyMap<number, number> {
    let best: ReadonlyMap<number, number> = this.machineFiles;
    let at = -Infinity;
    for (const { files } of this.instances) {
      const usedAt = files.get(component) ?? -Infinity;
      if (usedAt > at) [best, at] = [files, usedAt];
    }
    return best;
  }

  /** Where others wait for room, what idles keeps it from them; else it shares the instances with its neighbours. */
  idleCostShare(component: number): number {
    for (const index of this.unplaced.keys()) if (index !== component) return 1;
    // Copies that leave let accelerators go: an idle one costs what a starting one does.
    const { managed } = this.pool;
    if (managed !== null && this.instances.length > managed.min) return 1;
    return 1 / Math.max(1, this.workloads.length);
  }

  coldStartMs({ index, component, files }: Workload): number {
    return coldStartOf(files(), index, component.profile, this.pool, this.queue.now).ms;
  }

  /** It takes nothing more, and goes when it has nothing left. */
  drain(copy: ReplayCopy): void {
    const { lane } = this.workloads.find(({ index }) => index === copy.component)!;
    const place = lane.copies.indexOf(copy);
    if (place >= 0) lane.copies.splice(place, 1);
    copy.state = 'draining';
    lane.leaving.add(copy);
    if (copy.outstanding === 0) this.end(copy);
  }

  private start(
    { workload: name, instance: id, requirement, accelerators }: Placement,
    isWarm: boolean,
  ): void {
    const { queue, pool } = this;
    const workload = this.workloads.find(({ index }) => index === Number(name))!;
    const instance = this.instances.find((one) => one.id === id)!;
    const { component, lane } = workload;
    const device = instance.devices[accelerators[0]?.index ?? 0] ?? instance.devices[0]!;
    const engine = new CopyEngine(queue, component.profile, component.limits, device, new PrefixMemory(), {
      onFirstToken: (flight) => lane.noteFirstToken(flight),
      onEnd: (flight) => lane.noteEnd(flight, copy),
      onBusy: (isBusy) => workload.busy.add(queue.now, isBusy ? 1 : -1),
    });
    const copy: ReplayCopy = {
      id: `${component.name}-${this.nextCopy++}`,
      component: workload.index,
      instance,
      requirement: component.requirements[requirement]!,
      accelerators,
      capacity: placesOf(component.profile.sequencesMax),
      engine,
      outstanding: 0,
      readyAt: queue.now,
      usedAt: queue.now,
      isLeaving: false,
      state: 'starting',
      onRelease: () => {
        copy.usedAt = queue.now;
        if (copy.state === 'draining' && copy.outstanding === 0) this.end(copy);
      },
    };
    instance.copies.add(copy);
    instance.emptySince = null;
    workload.copies.add(copy);
    workload.living.add(queue.now, 1);
    this.levels.held.add(queue.now, shareOf(copy));
    const { ms } = coldStartOf(instance.files, workload.index, component.profile, pool, queue.now);
    instance.files.set(workload.index, queue.now);
    if (isWarm) this.open(copy, lane);
    else {
      lane.meter.coldStarts++;
      const askedAt = workload.starts.askedAt(queue.now);
      queue.put(queue.now + ms, () => {
        if (copy.state === 'starting') workload.starts.note(queue.now - askedAt);
        this.open(copy, lane);
      });
    }
  }

  private open(copy: ReplayCopy, lane: Lane): void {
    if (copy.state !== 'starting') return;
    copy.state = 'ready';
    copy.readyAt = this.queue.now;
    copy.usedAt = this.queue.now;
    lane.copies.push(copy);
    lane.dispatch();
    this.hint();
  }

  private end(copy: ReplayCopy): void {
    if (copy.state === 'gone') return;
    copy.state = 'gone';
    const { instance } = copy;
    const workload = this.workloads.find(({ index }) => index === copy.component)!;
    const { now } = this.queue;
    workload.lane.leaving.delete(copy);
    workload.copies.delete(copy);
    workload.living.add(now, -1);
    this.levels.held.add(now, -shareOf(copy));
    instance.copies.delete(copy);
    instance.files.set(copy.component, now);
    if (instance.copies.size === 0) instance.emptySince = now;
    this.hint();
  }

  private count({ type }: ReplayInstance, change: number): void {
    const { now } = this.queue;
    this.levels.instances.add(now, change);
    this.levels.accelerators.add(now, change * acceleratorSecondsOf(type.capacity.accelerators, 1));
    this.levels.price.add(now, change * type.pricePerHour);
  }
}

function shareOf({ accelerators }: ReplayCopy): number {
  return accelerators.reduce((sum, { share }) => sum + share, 0);
}
