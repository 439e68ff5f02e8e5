/** The step of a turn that brings endpoints to the instances they should have. */
import { planInstances, type InstanceStep } from '../decide/reconcile/instances.js';
import { instanceTargets } from '../decide/rollout/endpoint.js';
import type { EndpointRecord } from '../domain/endpoint.js';
import { EndpointStatus } from '../domain/endpoint.js';
import type { InstanceRecord } from '../domain/instance.js';
import { InstanceState } from '../domain/instance.js';
import type { Scope } from '../domain/scope.js';
import { endpointKey } from './agenda.js';
import type { Desk, Short, Turn } from './desk.js';

/** An endpoint that lacks instances is looked at again after so long, milliseconds. */
const shortLookMs = 1_000;

export function stepInstances(desk: Desk, turn: Turn, endpoints: ReadonlySet<string>): void {
  for (const { id } of turn.snapshot.hosts) desk.hostSeenAt.set(id, turn.now);
  for (const key of new Set([...endpoints, ...endpointsOnLostHosts(desk, turn)])) {
    const endpoint = endpointByKey(desk, key);
    if (endpoint !== undefined) stepEndpoint(desk, turn, key, endpoint);
    else desk.shortfalls.delete(key);
  }
}

export function endpointByKey(desk: Desk, key: string): EndpointRecord | undefined {
  const [account = '', region = '', name = ''] = key.split('/');
  return desk.state.endpoint({ account, region }, name)?.value;
}

/** True of a host that has been away for too long. A fleet that shows no host at all is not believed. */
export function isHostLost(desk: Desk, turn: Turn, host: string): boolean {
  if (turn.snapshot.hosts.length === 0) return false;
  const seenAt = Math.max(desk.hostSeenAt.get(host) ?? -Infinity, desk.observedSince);
  return turn.now - seenAt >= desk.limits.hostMsMax;
}

/** Endpoints with instances on hosts that have just been given up. */
function endpointsOnLostHosts(desk: Desk, turn: Turn): readonly string[] {
  const lost = new Set([...desk.hostSeenAt.keys()].filter((host) => isHostLost(desk, turn, host)));
  if (lost.size === 0) return [];
  for (const host of lost) desk.hostSeenAt.delete(host);
  return desk.state
    .instances()
    .flatMap(({ value }) => (lost.has(value.host) ? [endpointKey(value.scope, value.endpoint)] : []));
}

function stepEndpoint(desk: Desk, turn: Turn, key: string, endpoint: EndpointRecord): void {
  const { state, catalogue } = desk;
  const isDeleting = endpoint.status === EndpointStatus.Deleting;
  const { steps, shortfalls } = planInstances({
    endpoint: isDeleting ? { ...endpoint, generations: [] } : endpoint,
    targets: isDeleting ? new Map() : instanceTargets(endpoint),
    instances: state.instancesOf(endpoint.scope, endpoint.name).map(({ value }) => value),
    everywhere: state.instances().map(({ value }) => value),
    copiesOn: (instance) => state.copiesOn(instance).length,
    catalogue,
    hosts: turn.snapshot.hosts,
    isHostLost: (host) => isHostLost(desk, turn, host),
  });
  for (const step of steps) perform(desk, turn, endpoint.scope, endpoint.name, step);
  const before = desk.shortfalls.get(key) ?? [];
  const now = shortfalls.map((one): Short => {
    const earlier = before.find(
      (other) => other.generation === one.generation && other.variant === one.variant,
    );
    return { ...one, since: earlier?.since ?? turn.now };
  });
  if (now.length === 0) desk.shortfalls.delete(key);
  else {
    desk.shortfalls.set(key, now);
    desk.agenda.endpoints.markAt(endpointKey(endpoint.scope, endpoint.name), turn.now + shortLookMs);
  }
}

function perform(desk: Desk, turn: Turn, scope: Scope, endpoint: string, step: InstanceStep): void {
  const { state, log } = desk;
  const { reason } = step;
  if (step.kind === 'create') {
    const { generation, variant, type, zone, host } = step;
    const { cpus, memoryBytes, accelerators, acceleratorMemoryBytes } = type;
    const id = `i-${state.nextNumber('instances', 'instances are numbered')}`;
    const instance: InstanceRecord = {
      kind: 'instance',
      id,
      scope,
      endpoint,
      variant,
      generation,
      type: type.name,
      zone,
      host,
      capacity: { cpus, memoryBytes, accelerators, acceleratorMemoryBytes },
      state: InstanceState.Ready,
      since: turn.wall,
      reason,
    };
    log.info({ instance: id, endpoint, variant, host, type: type.name, reason }, `instance ${id} is ready`);
    return state.put(instance, 'instance-ready', reason);
  }
  const { instance } = step;
  log.info({ instance: instance.id, endpoint, reason }, `instance ${instance.id}: ${step.kind}`);
  switch (step.kind) {
    case 'ready':
      return state.put(
        { ...instance, state: InstanceState.Ready, since: turn.wall, reason },
        'instance-ready',
        reason,
      );
    case 'retire':
      return state.put(
        { ...instance, state: InstanceState.Retiring, since: turn.wall, reason },
        'instance-retired',
        reason,
      );
    case 'remove':
      return state.drop(instance, 'instance-gone', reason);
    case 'lose':
      return state.drop(instance, 'instance-lost', reason);
    default:
      step satisfies never;
  }
}
