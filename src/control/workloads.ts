/** Records as the decision about copies wants to see them: workloads, rooms, and the memory of hosts. */
import { memoryNeeded } from '../decide/reconcile/host-memory.js';
import type { CopyWish, PlannedCopy, Room, Workload, WorkloadTarget } from '../decide/reconcile/workload.js';
import { copyTargets } from '../decide/rollout/component.js';
import { copiesByGeneration } from '../decide/rollout/endpoint.js';
import type { PlacementRequirement } from '../decide/placement/placement.js';
import { parseComponentKey, type Resources, WorkloadKind } from '../domain/component.js';
import { CopyState } from '../domain/copy.js';
import type { EndpointRecord } from '../domain/endpoint.js';
import { EndpointStatus } from '../domain/endpoint.js';
import type { ComponentFailures, ComponentRecord, SchedulingConfig } from '../domain/inference-component.js';
import { ComponentStatus } from '../domain/inference-component.js';
import type { InstanceRecord } from '../domain/instance.js';
import { InstanceState } from '../domain/instance.js';
import type { CopyRecord } from '../domain/record.js';
import { endpointByKey } from './step-instances.js';
import { endpointKeyOf } from './agenda.js';
import type { Desk, MemoryCount, Turn } from './desk.js';
import { failuresOf } from './failures-of.js';
import type { Runnable } from './runnables.js';

/** The workload of a key, also when nothing asks for it any more and only copies are left. */
export function workloadOf(desk: Desk, turn: Turn, key: string): Workload {
  const endpoint = endpointByKey(desk, endpointKeyOf(key));
  const { kind, name } = parseComponentKey(key);
  const component = kind === WorkloadKind.Component ? desk.state.componentByKey(key) : undefined;
  const dismissal = dismissalOf(desk, endpoint, kind, component);
  const copies = desk.state.copiesOf(key).map(({ value }) => plannedCopy(desk, value));
  const variant = component?.variantName ?? name;
  const idle = {
    key,
    kind,
    variant,
    copies,
    wishes: [],
    targets: [],
    strategy: 'SPREAD',
    zoneBalance: null,
  } as const;
  if (dismissal !== null || endpoint === undefined) return { ...idle, dismissal };
  if (component === undefined) {
    return { ...idle, dismissal, targets: modelTargets(desk, turn, endpoint, key, name) };
  }
  const targets = copyTargets(component);
  const line = desk.line.first.has(key) ? 'first' : desk.line.behind.has(key) ? 'behind' : null;
  return {
    ...idle,
    ...(line === null ? {} : { line }),
    ...schedulingOf(component),
    dismissal,
    targets: targets.map(({ generation }) => componentTarget(desk, turn, component, generation)),
    wishes: wishesOf(endpoint, targets),
  };
}

/** Copies wanted of a component, over all generations of its endpoint; 0 when it is to have none. */
export function wishesOf(
  endpoint: EndpointRecord,
  targets: readonly { readonly generation: number; readonly count: number }[],
): readonly CopyWish[] {
  const spread = targets.map(({ generation, count }) => ({
    generation,
    counts: copiesByGeneration(endpoint, count),
  }));
  return endpoint.generations.map(({ id }) => ({
    endpointGeneration: id,
    counts: new Map(spread.map(({ generation, counts }) => [generation, counts.get(id) ?? 0])),
  }));
}

function dismissalOf(
  desk: Desk,
  endpoint: EndpointRecord | undefined,
  kind: WorkloadKind,
  component: ComponentRecord | undefined,
): string | null {
  if (desk.closingDrainMsMax !== null) return 'the server ends';
  if (endpoint === undefined) return 'its endpoint is gone';
  if (endpoint.status === EndpointStatus.Deleting) return 'its endpoint is deleted';
  if (kind === WorkloadKind.Variant) return null;
  if (component === undefined) return 'its component is gone';
  return component.status === ComponentStatus.Deleting ? 'its component is deleted' : null;
}

function plannedCopy(desk: Desk, record: CopyRecord): PlannedCopy {
  const instance = desk.state.instance(record.instance);
  const isLeaving = instance?.state === InstanceState.Retiring;
  return {
    record,
    zone: instance?.zone ?? '',
    place: instance === undefined ? 'lost' : isLeaving ? 'leaving' : 'steady',
  };
}

function componentTarget(desk: Desk, turn: Turn, component: ComponentRecord, id: number): WorkloadTarget {
  const generation = component.generations.find((one) => one.id === id);
  const runnables = generation === undefined ? [] : desk.runnables.ofComponent(component, generation);
  const types = generation?.specifications.map((one) => one.instanceType ?? null) ?? [];
  return targetOf(turn, id, runnables, types, component.failures);
}

function modelTargets(
  desk: Desk,
  turn: Turn,
  endpoint: EndpointRecord,
  key: string,
  variant: string,
): readonly WorkloadTarget[] {
  return endpoint.generations.flatMap((generation) => {
    const runnable = desk.runnables.ofVariant(endpoint, generation, variant, null);
    if (runnable === null) return [];
    return [targetOf(turn, generation.id, [runnable], [null], failuresOf(desk, key))];
  });
}

function targetOf(
  turn: Turn,
  generation: number,
  runnables: readonly Runnable[],
  types: readonly (string | null)[],
  failures: ComponentFailures | null,
): WorkloadTarget {
  const resources = runnables.flatMap(({ component }) => component?.resources ?? []);
  const requirements = resources.map((one, index) => requirementOf(one, types[index] ?? null));
  const defect = runnables.find((one) => one.defect !== null)?.defect ?? null;
  // A newer generation that fails pauses the older one too, which has no pause of its own then.
  const isPaused = failures !== null && failures.generation >= generation && turn.wall < failures.restartAt;
  const pause = isPaused
    ? {
        until: failures.restartAt,
        reason: `it failed ${failures.count} times in a row: ${failures.error.message}`,
        error: failures.error,
      }
    : null;
  return { generation, requirements, resources, pause, defect };
}

function requirementOf(resources: Resources, instanceType: string | null): PlacementRequirement {
  const { cpus, memoryBytesMin: memoryBytes, accelerators, acceleratorMemoryBytes } = resources;
  return { instanceType, cpus, memoryBytes, accelerators, acceleratorMemoryBytes };
}

function schedulingOf(component: ComponentRecord): Pick<Workload, 'strategy' | 'zoneBalance'> {
  const specification = component.generations.at(-1)?.specifications[0];
  const config: SchedulingConfig | undefined = specification?.schedulingConfig;
  const balance = config?.availabilityZoneBalance;
  return {
    strategy: config?.placementStrategy ?? 'SPREAD',
    zoneBalance: balance === undefined ? null : { maxImbalance: balance.maxImbalance ?? 0 },
  };
}

/** Instances of an endpoint that take copies, with what is on them. */
export function roomsOf(desk: Desk, turn: Turn, endpoint: EndpointRecord): readonly Room[] {
  const here = new Set(turn.snapshot.hosts.map((host) => host.id));
  return desk.state.instancesOf(endpoint.scope, endpoint.name).flatMap(({ value: instance }) => {
    if (instance.state !== InstanceState.Ready || !here.has(instance.host)) return [];
    return [roomOf(desk, instance)];
  });
}

function roomOf(desk: Desk, instance: InstanceRecord): Room {
  const { id, variant, generation, host, zone, type, capacity } = instance;
  const residents = desk.state.copiesOn(id).map(({ value: copy }) => ({
    // Copies that go still hold their room, and count for nobody's balance.
    workload: copy.wish === 'run' ? copy.component : '',
    cpus: copy.resources.cpus,
    memoryBytes: copy.resources.memoryBytesMin,
    accelerators: copy.accelerators,
  }));
  return { instance: id, variant, generation, host, zone, type, capacity, residents };
}

/** Memory of the hosts as measured, promised and reserved, once for each turn. */
export function memoryOf(desk: Desk, turn: Turn): ReadonlyMap<string, MemoryCount> {
  if (turn.memory !== null) return turn.memory;
  const memory = new Map<string, MemoryCount>();
  for (const { id, memoryBytesTotal, memoryBytesAvailable } of turn.snapshot.hosts) {
    const measured = { totalBytes: memoryBytesTotal, availableBytes: memoryBytesAvailable };
    memory.set(id, { id, ...measured, promisedBytes: 0, reservedBytes: 0 });
  }
  turn.memory = memory;
  for (const { key, value: copy } of desk.state.copies()) {
    const host = desk.state.instance(copy.instance)?.host ?? '';
    const seen = turn.seen.get(key);
    const comesUp = copy.state === CopyState.Starting || copy.state === CopyState.Loading;
    const taken = seen?.report?.memoryBytes ?? 0;
    const promised = comesUp ? Math.max(0, memoryNeeded(copy.resources) - taken) : 0;
    promise(memory, host, copy.resources, promised);
  }
  return memory;
}

/** A copy holds memory of a host from now on. */
export function promise(
  memory: ReadonlyMap<string, MemoryCount>,
  host: string,
  resources: Resources,
  promisedBytes = memoryNeeded(resources),
): void {
  const before = memory.get(host);
  if (before === undefined) return;
  before.promisedBytes += promisedBytes;
  before.reservedBytes += memoryNeeded(resources);
}
