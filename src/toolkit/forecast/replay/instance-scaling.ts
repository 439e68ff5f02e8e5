/** How many instances a pool has, asked of `decideInstances`, and which copies give way when no more can be had. */
import type { PlacementRequest } from '../../../decide/placement/placement.js';
import { chooseVictims } from '../../../decide/scaling/eviction/choose-victims.js';
import { type EvictableCopy, evictionLimits } from '../../../decide/scaling/eviction/situation.js';
import { decideInstances } from '../../../decide/scaling/instances/decide-instances.js';
import type { InstanceOffer } from '../../../decide/scaling/instances/situation.js';
import type { EventQueue } from './event-queue.js';
import type { Fleet, Workload } from './fleet.js';
import { type ReplayCopy, type ReplayInstance, roomOf } from './replay-instance.js';

/** Looked at again after so long, milliseconds. */
const turnMs = 1_000;
/** The one host of everything: memory is what instances have. */
const host = 'host';
/** Offers shown to the decision: more than this cannot be asked for at once. */
const offersMax = 64;

export class InstanceScaling {
  /** Instances that are to go once their copies have moved. */
  private readonly retiring = new Set<ReplayInstance>();
  private changedAt: number | null = null;

  constructor(
    private readonly fleet: Fleet,
    private readonly queue: EventQueue,
    private readonly goesOn: () => boolean,
  ) {}

  begin(): void {
    this.queue.put(this.queue.now + turnMs, () => {
      if (!this.goesOn()) return;
      this.look();
      this.begin();
    });
  }

  /** After each change too. */
  look(): void {
    const { fleet } = this;
    for (const instance of this.retiring) if (instance.copies.size === 0) this.finish(instance);
    if (fleet.unplaced.size > 0) this.evict();
    if (fleet.pool.managed === null) return;
    const isBusy = fleet.unplaced.size > 0 || fleet.instances.some(({ emptySince }) => emptySince !== null);
    if (isBusy || fleet.pool.managed.strategy === 'CONSOLIDATION') this.decide();
  }

  private decide(): void {
    const { fleet, queue } = this;
    const scaling = fleet.pool.managed!;
    const living = fleet.instances.filter((one) => !this.retiring.has(one));
    const ready = living.filter(({ state }) => state === 'ready');
    const decision = decideInstances({
      now: queue.now,
      scaling,
      capacity: living.length,
      changedAt: this.changedAt,
      rooms: ready.map((one) => ({ ...roomOf(one, String), host, emptySince: one.emptySince })),
      missing: this.missing(),
      offers: this.offers(living.length - ready.length),
      isSettled: this.isSettled(),
      movable: this.movable(),
      hostFreeBytes: new Map(),
    });
    if (decision.capacity === living.length && decision.retire.length === 0) return;
    this.changedAt = queue.now;
    for (const id of decision.retire) this.retire(living.find((one) => one.id === id)!);
    for (let count = living.length; count < decision.capacity; count++) fleet.addInstance(false);
  }

  /** What found no room, as placement asks for it. */
  private missing(): readonly PlacementRequest[] {
    const { unplaced, workloads } = this.fleet;
    return [...unplaced].map(([index, count]) => {
      return requestOf(
        workloads.find((one) => one.index === index)!,
        count,
      );
    });
  }

  private offers(coming: number): readonly InstanceOffer[] {
    const { pool, instances } = this.fleet;
    const offers: InstanceOffer[] = [];
    for (const { name, zones, capacity, countMax } of pool.types) {
      const there = instances.filter(({ type }) => type.name === name).length;
      for (let count = there - coming; count < countMax && offers.length < offersMax; count++) {
        offers.push({ type: name, zone: zones[count % Math.max(1, zones.length)] ?? 'a', capacity });
      }
    }
    return offers;
  }

  private isSettled(): boolean {
    const { workloads } = this.fleet;
    return (
      this.retiring.size === 0 &&
      workloads.every(({ copies, wanted }) => {
        return copies.size === wanted && [...copies].every(({ state }) => state === 'ready');
      })
    );
  }

  private movable() {
    return new Map(
      this.fleet.workloads
        .filter(({ copies }) => copies.size > 0)
        .map((workload) => {
          const memoryBytesMax = workload.component.profile.memoryBytes;
          return [String(workload.index), { ...requestOf(workload, 0), memoryBytesMax }] as const;
        }),
    );
  }

  /** Its copies move: each has its successor elsewhere before it goes. */
  private retire(instance: ReplayInstance): void {
    this.retiring.add(instance);
    this.fleet.vacate(instance);
    if (instance.copies.size === 0) this.finish(instance);
  }

  private finish(instance: ReplayInstance): void {
    this.retiring.delete(instance);
    if (instance.state !== 'gone') this.fleet.removeInstance(instance);
  }

  private evict(): void {
    const { fleet, queue } = this;
    const isComing = fleet.instances.some(({ state }) => state === 'starting');
    const { managed } = fleet.pool;
    if (isComing || (managed !== null && fleet.instances.length < managed.max)) return;
    const rooms = fleet.instances.map((one) => ({ ...roomOf(one, String), host }));
    for (const index of fleet.unplaced.keys()) {
      const workload = fleet.workloads.find((one) => one.index === index)!;
      const waiting = workload.lane.waitingCount;
      if (waiting === 0) continue;
      const { victims } = chooseVictims({
        need: {
          request: requestOf(workload, 1),
          priority: workload.component.priority,
          waitedMs: 0,
          waiting,
          memoryBytes: workload.component.profile.memoryBytes,
        },
        rooms,
        copies: this.evictable(rooms),
        hostFreeBytes: new Map(),
        limits: evictionLimits,
      });
      for (const { id } of victims) {
        const copy = this.copies().find((one) => one.id === id)!;
        const owner = fleet.workloads.find((one) => one.index === copy.component)!;
        owner.giveWay();
        fleet.drain(copy);
      }
      if (victims.length > 0) queue.put(queue.now, () => fleet.hint());
      return;
    }
  }

  private copies(): readonly ReplayCopy[] {
    return this.fleet.workloads.flatMap(({ copies }) => [...copies].filter(({ state }) => state === 'ready'));
  }

  private evictable(rooms: readonly ReturnType<typeof roomOf>[]): readonly EvictableCopy[] {
    const { fleet, queue } = this;
    return this.copies().flatMap((copy): EvictableCopy[] => {
      const workload = fleet.workloads.find((one) => one.index === copy.component)!;
      const coldStartMs = fleet.coldStartMs(workload);
      const room = rooms.find(({ instance }) => instance === copy.instance.id);
      const place = [...copy.instance.copies].indexOf(copy);
      const placed = room?.residents[place];
      if (placed === undefined) return [];
      return [
        {
          id: copy.id,
          workload: String(copy.component),
          instance: copy.instance.id,
          host,
          placed,
          memoryBytes: workload.component.profile.memoryBytes,
          priority: workload.component.priority,
          cost: coldStartMs / 1000,
          coldStartMs,
          readyMs: queue.now - copy.readyAt,
          idleMs: copy.outstanding > 0 ? 0 : Math.max(1, queue.now - copy.usedAt),
          waiting: workload.lane.waitingCount,
          isAsleep: false,
        },
      ];
    });
  }
}

function requestOf({ index, component }: Workload, count: number): PlacementRequest {
  const { requirements, placement, zoneBalance } = component;
  return { workload: String(index), count, requirements, strategy: placement, zoneBalance };
}
