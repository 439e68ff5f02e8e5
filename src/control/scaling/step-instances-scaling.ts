/**
 * The step of a turn that brings variants with ManagedInstanceScaling to the instances that their copies need. It
 * writes the number into the endpoint's serving generation, as UpdateEndpointWeightsAndCapacities would, and says which
 * instances go; the steps after it create instances, and move copies off those that go.
 *
 * It is the one writer of the number: such a variant is no scalable target (DesiredInstanceCount), and a target from
 * before it was managed rests.
 *
 * Never during a deployment, nor on instances of a variant with a model of its own.
 */
import { decideInstances } from '../../decide/scaling/instances/decide-instances.js';
import { managedScalingOf } from '../../decide/scaling/instances/managed.js';
import type {
  InstanceDecision,
  InstanceOffer,
  InstanceRoom,
  InstanceSituation,
  ManagedScaling,
  MovableWorkload,
} from '../../decide/scaling/instances/situation.js';
import { provision } from '../../decide/placement/provision.js';
import type { PlacementRequest } from '../../decide/placement/placement.js';
import { memoryNeeded } from '../../decide/reconcile/host-memory.js';
import { poolsOf } from '../../decide/reconcile/instances.js';
import { CopyState } from '../../domain/copy.js';
import type { EndpointGeneration, EndpointRecord, ProductionVariant } from '../../domain/endpoint.js';
import { EndpointStatus, servingGeneration } from '../../domain/endpoint.js';
import { baseOf, type ComponentRecord, ComponentStatus } from '../../domain/inference-component.js';
import { type InstanceRecord, InstanceState } from '../../domain/instance.js';
import type { StowageRecord } from '../../domain/record.js';
import { endpointKey, endpointKeyOf, keyOfComponent } from '../agenda.js';
import type { Desk, Turn } from '../desk.js';
import { memoryOf, roomsOf, workloadOf } from '../workloads.js';

/** Endpoints on which no copy waits for room are looked at so often, milliseconds. */
const lookMs = 1_000;

/** Nothing of an endpoint changed: what could not be moved together is tried again after so long, milliseconds. */
const fruitlessMs = 60_000;

interface TriedSituation extends InstanceSituation {
  /** It was asked what can be moved. */
  readonly isConsolidationTried: () => boolean;
}

export class InstancesScaling {
  /** Since when an instance has no copy, by its id; wall clock. After a restart it is watched anew. */
  private readonly emptySince = new Map<string, number>();
  private lookedAt = -Infinity;
  /** Variants on which instances are to come for copies that lack room: `endpointKey/variant`. */
  private readonly growing = new Set<string>();

  /** Variants for which nothing could be moved together, and when that was tried, by `endpointKey`. */
  private readonly fruitless = new Map<string, Map<string, number>>();

  constructor(private readonly desk: Desk) {}

  /** True while instances are to come for copies that lack room. */
  isGrowing(endpoint: string, variant: string): boolean {
    return this.growing.has(`${endpoint}/${variant}`);
  }

  step(turn: Turn): void {
    const { desk } = this;
    const isDue = turn.now - this.lookedAt >= lookMs;
    if (isDue) this.lookedAt = turn.now;
    const waiting = new Set([...desk.held.keys()].map(endpointKeyOf));
    if (!isDue && waiting.size === 0) return;
    if (isDue) this.forgetGone();
    for (const { value: endpoint } of desk.state.allEndpoints()) {
      if (isDue || waiting.has(endpointKey(endpoint.scope, endpoint.name))) this.stepEndpoint(turn, endpoint);
    }
  }

  /** A record changed. */
  note(record: StowageRecord | null): void {
    switch (record?.kind) {
      case 'endpoint':
        this.fruitless.delete(endpointKey(record.scope, record.name));
        return;
      case 'inference-component':
        this.fruitless.delete(endpointKey(record.scope, record.endpointName));
        return;
      case 'instance':
        this.fruitless.delete(endpointKey(record.scope, record.endpoint));
        return;
      case 'copy':
        this.fruitless.delete(endpointKeyOf(record.component));
        return;
      default:
    }
  }

  private isFruitless(turn: Turn, endpoint: string, variant: string): boolean {
    const triedAt = this.fruitless.get(endpoint)?.get(variant);
    return triedAt !== undefined && turn.now - triedAt < fruitlessMs;
  }

  private noteFruitless(turn: Turn, endpoint: string, variant: string): void {
    const variants = this.fruitless.get(endpoint) ?? new Map<string, number>();
    this.fruitless.set(endpoint, variants.set(variant, turn.now));
  }

  private forgetGone(): void {
    for (const id of this.emptySince.keys()) {
      if (this.desk.state.instance(id) === undefined) this.emptySince.delete(id);
    }
  }

  private stepEndpoint(turn: Turn, endpoint: EndpointRecord): void {
    const generation = servingGeneration(endpoint);
    if (endpoint.status !== EndpointStatus.InService || endpoint.deployment !== null) return;
    if (generation === null || endpoint.generations.length !== 1) return;
    for (const variant of generation.config.productionVariants) {
      const scaling = managedScalingOf(variant, this.desk.limits);
      if (scaling === null || generation.models[variant.variantName] !== undefined) continue;
      this.stepVariant(turn, endpoint, generation, variant, scaling);
    }
  }

  private stepVariant(
    turn: Turn,
    endpoint: EndpointRecord,
    generation: EndpointGeneration,
    variant: ProductionVariant,
    scaling: ManagedScaling,
  ): void {
    const name = variant.variantName;
    const situation = this.situationOf(turn, endpoint, generation, variant, scaling);
    const decision = decideInstances(situation);
    const key = endpointKey(endpoint.scope, endpoint.name);
    const place = `${key}/${name}`;
    if (situation.isConsolidationTried() && decision.retire.length === 0) this.noteFruitless(turn, key, name);
    if (situation.missing.length > 0 && decision.capacity > situation.rooms.length) this.growing.add(place);
    else this.growing.delete(place);
    for (const id of decision.retire) this.retire(turn, id, decision.reason);
    if (decision.capacity !== situation.capacity) {
      scale(this.desk, turn, endpoint, generation, name, decision);
    }
  }

  private retire(turn: Turn, id: string, reason: string): void {
    const { state, log } = this.desk;
    const instance = state.instance(id);
    if (instance === undefined) return;
    log.info({ instance: id, endpoint: instance.endpoint, reason }, `instance ${id}: retire`);
    state.put(
      { ...instance, state: InstanceState.Retiring, since: turn.wall, reason },
      'instance-retired',
      reason,
    );
  }

  private situationOf(
    turn: Turn,
    endpoint: EndpointRecord,
    generation: EndpointGeneration,
    variant: ProductionVariant,
    scaling: ManagedScaling,
  ): TriedSituation {
    const { desk } = this;
    const name = variant.variantName;
    const wish = generation.variants[name];
    const mine = desk.state
      .instancesOf(endpoint.scope, endpoint.name)
      .flatMap(({ value }) => (value.variant === name && value.generation === generation.id ? [value] : []));
    const rooms = this.roomsOf(turn, endpoint, mine);
    const components = desk.state
      .componentsOf(endpoint.scope, endpoint.name)
      .flatMap(({ value }) => (value.variantName === name && baseOf(value) === null ? [value] : []));
    const missing = components.flatMap((component) => missingOf(desk, turn, component));
    const isSettled =
      missing.length === 0 &&
      mine.every(({ state }) => state === InstanceState.Ready) &&
      mine.every(({ id }) => desk.state.copiesOn(id).every(({ value }) => isSteady(value)));
    const isFruitless = this.isFruitless(turn, endpointKey(endpoint.scope, endpoint.name), name);
    let movable: InstanceSituation['movable'] | null = null;
    return {
      now: turn.wall,
      scaling: isFruitless ? { ...scaling, strategy: 'IDLE_RELEASE' } : scaling,
      capacity: wish?.instanceCount ?? 0,
      changedAt: wish?.scaledAt ?? endpoint.modifiedAt,
      rooms,
      missing,
      offers: missing.length === 0 ? [] : offersOf(desk, turn, variant, mine, scaling.max),
      isSettled,
      // Asked for by a consolidation alone.
      get movable() {
        return (movable ??= new Map(components.flatMap((component) => movableOf(desk, turn, component))));
      },
      isConsolidationTried: () => movable !== null,
      hostFreeBytes: hostFreeBytes(desk, turn),
    };
  }

  private roomsOf(
    turn: Turn,
    endpoint: EndpointRecord,
    mine: readonly InstanceRecord[],
  ): readonly InstanceRoom[] {
    const ids = new Set(mine.map(({ id }) => id));
    return roomsOf(this.desk, turn, endpoint)
      .filter(({ instance }) => ids.has(instance))
      .map((room) => {
        if (room.residents.length > 0) this.emptySince.delete(room.instance);
        else if (!this.emptySince.has(room.instance)) this.emptySince.set(room.instance, turn.wall);
        return { ...room, emptySince: this.emptySince.get(room.instance) ?? null };
      });
  }
}

/** Copies of a component that found no room on its instances. One that is rolled out makes room by itself. */
function missingOf(desk: Desk, turn: Turn, component: ComponentRecord): readonly PlacementRequest[] {
  const key = keyOfComponent(component);
  const held = (desk.held.get(key) ?? []).filter(({ error }) => error?.code === 'CAP-106');
  if (held.length === 0 || component.deployment !== null) return [];
  if (component.status === ComponentStatus.Deleting) return [];
  const { targets, strategy, zoneBalance } = workloadOf(desk, turn, key);
  const target = targets.at(-1);
  const count = held.reduce((sum, one) => sum + one.count, 0);
  if (target === undefined || count === 0) return [];
  return [{ workload: key, count, requirements: target.requirements, strategy, zoneBalance }];
}

function isSteady({ wish, state }: { readonly wish: string; readonly state: CopyState }): boolean {
  return wish === 'run' && state === CopyState.Ready;
}

function movableOf(
  desk: Desk,
  turn: Turn,
  component: ComponentRecord,
): readonly (readonly [string, MovableWorkload])[] {
  const key = keyOfComponent(component);
  const isStill = component.deployment === null && component.status === ComponentStatus.InService;
  if (!isStill || desk.held.has(key)) return [];
  const { targets, strategy, zoneBalance } = workloadOf(desk, turn, key);
  const [target] = targets;
  if (target === undefined || targets.length !== 1 || target.pause !== null || target.defect !== null)
    return [];
  const memoryBytesMax = Math.max(0, ...target.resources.map(memoryNeeded));
  return [[key, { workload: key, requirements: target.requirements, strategy, zoneBalance, memoryBytesMax }]];
}

/** Those on their way, then what the fleet could still give, in the order in which it would. */
function offersOf(
  desk: Desk,
  turn: Turn,
  variant: ProductionVariant,
  mine: readonly InstanceRecord[],
  max: number,
): readonly InstanceOffer[] {
  const pending = mine.filter(({ state }) => state === InstanceState.Pending);
  const living = mine.filter(({ state }) => state !== InstanceState.Retiring).length;
  const existing = desk.state.instances().map(({ value }) => value);
  const hosts = turn.snapshot.hosts.map(({ id, zone }) => ({
    id,
    zone,
    instances: existing.filter(({ host }) => host === id).length,
  }));
  const request = { count: Math.max(0, max - living), pools: poolsOf(variant), existing };
  const { create } = provision(request, desk.catalogue, hosts);
  const created = create.map(({ type, zone }) => ({ type, zone, capacity: desk.catalogue.get(type)! }));
  return [...pending.map(({ type, zone, capacity }) => ({ type, zone, capacity })), ...created];
}

function hostFreeBytes(desk: Desk, turn: Turn): ReadonlyMap<string, number> {
  const free = new Map<string, number>();
  for (const { id, totalBytes, availableBytes, promisedBytes, reservedBytes } of memoryOf(
    desk,
    turn,
  ).values()) {
    free.set(id, Math.max(0, Math.min(availableBytes - promisedBytes, totalBytes - reservedBytes)));
  }
  return free;
}

function scale(
  desk: Desk,
  turn: Turn,
  endpoint: EndpointRecord,
  generation: EndpointGeneration,
  variant: string,
  { capacity, reason }: InstanceDecision,
): void {
  const before = generation.variants[variant];
  if (before === undefined) return;
  const { scope, name } = endpoint;
  // Another variant of the same endpoint may have been scaled in this turn.
  const current = desk.state.endpoint(scope, name)?.value ?? endpoint;
  const generations = current.generations.map((one) => {
    if (one.id !== generation.id) return one;
    const wish = { ...before, instanceCount: capacity, scaledAt: turn.wall };
    return { ...one, variants: { ...one.variants, [variant]: wish } };
  });
  const cause = `${variant} from ${before.instanceCount} to ${capacity} instances: ${reason}`;
  desk.log.info(
    { endpoint: name, variant, from: before.instanceCount, to: capacity, reason },
    'instances scaled',
  );
  desk.state.put({ ...current, generations, modifiedAt: turn.wall }, 'endpoint-scaled', cause);
}
