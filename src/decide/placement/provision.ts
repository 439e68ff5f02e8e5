/**
 * Which instances to create for a variant. Pools are tried in the order of their priority; a type is full when the
 * fleet has as many of it as the catalogue allows. Zones get instances in turn, hosts the slices of their zone.
 */
import type { InstanceType } from '../../domain/instance.js';

export interface ProvisionRequest {
  /** Instances to create, ≥ 0. */
  readonly count: number;
  /** Priority 1 first; equal priorities in their own order. */
  readonly pools: readonly { readonly type: string; readonly priority: number }[];
  /** All instances of the fleet, whosever they are. */
  readonly existing: readonly { readonly type: string; readonly zone: string }[];
}

export interface NewInstance {
  readonly type: string;
  readonly zone: string;
  readonly host: string;
  /** Why this type, zone and host, a phrase for people. */
  readonly reason: string;
}

export interface Provisioning {
  readonly create: readonly NewInstance[];
  /** What could not be created, and why of each pool; null = everything could. */
  readonly shortfall: { readonly count: number; readonly details: string } | null;
}

/** A host of the fleet, and the instances that it carries. */
export interface ProvisionHost {
  readonly id: string;
  readonly zone: string;
  readonly instances: number;
}

export function provision(
  request: ProvisionRequest,
  catalogue: ReadonlyMap<string, InstanceType>,
  hosts: readonly ProvisionHost[],
): Provisioning {
  const pools = [...request.pools].sort((a, b) => a.priority - b.priority);
  const load = new Load(request.existing, hosts);
  const create: NewInstance[] = [];
  for (const [index, pool] of pools.entries()) {
    const type = catalogue.get(pool.type);
    if (type === undefined) continue;
    while (create.length < request.count && load.countOf(type.name) < type.countMax) {
      const zone = load.zoneInTurn(type);
      const host = load.hostFor(zone);
      if (host === null) break;
      load.add(type.name, zone, host.id);
      create.push({ type: type.name, zone, host: host.id, reason: reasonOf(index, pools, type, zone, host) });
    }
  }
  const missing = Math.max(0, request.count - create.length);
  if (missing === 0) return { create, shortfall: null };
  return { create, shortfall: { count: missing, details: detailsOf(pools, catalogue, load, hosts) } };
}

type Pool = ProvisionRequest['pools'][number];

/** What the fleet would have after the instances that are decided so far. */
class Load {
  private readonly typeCounts = new Map<string, number>();
  /** By type and zone. */
  private readonly zoneCounts = new Map<string, number>();
  private readonly hostCounts = new Map<string, number>();

  constructor(
    existing: ProvisionRequest['existing'],
    private readonly hosts: readonly ProvisionHost[],
  ) {
    for (const { type, zone } of existing) this.count(type, zone);
    for (const host of hosts) this.hostCounts.set(host.id, host.instances);
  }

  countOf(type: string): number {
    return this.typeCounts.get(type) ?? 0;
  }

  add(type: string, zone: string, host: string): void {
    this.count(type, zone);
    raise(this.hostCounts, host);
  }

  /** The zone with the fewest instances of the type; ties in the catalogue's order. */
  zoneInTurn(type: InstanceType): string {
    return least(type.zones, (zone) => this.zoneCounts.get(`${type.name} ${zone}`) ?? 0) ?? '';
  }

  /** The host of the zone with the fewest instances, or where no host is of that zone, of all; ties by id. */
  hostFor(zone: string): ProvisionHost | null {
    const inZone = this.hosts.filter((host) => host.zone === zone);
    const candidates = [...(inZone.length > 0 ? inZone : this.hosts)].sort((a, b) => (a.id < b.id ? -1 : 1));
    return least(candidates, (host) => this.hostCounts.get(host.id) ?? 0);
  }

  private count(type: string, zone: string): void {
    raise(this.typeCounts, type);
    raise(this.zoneCounts, `${type} ${zone}`);
  }
}

function reasonOf(
  index: number,
  pools: readonly Pool[],
  type: InstanceType,
  zone: string,
  host: ProvisionHost,
): string {
  const passed = pools.slice(0, index).map((pool) => pool.type);
  const why =
    passed.length > 0
      ? `${passed.join(' and ')} had no more capacity, so the pool of priority ${pools[index]!.priority} gives ${type.name}`
      : type.name;
  return `${why}; zone ${zone} has the fewest of the type, host ${host.id} the fewest instances`;
}

function detailsOf(
  pools: readonly Pool[],
  catalogue: ReadonlyMap<string, InstanceType>,
  load: Load,
  hosts: readonly ProvisionHost[],
): string {
  if (pools.length === 0) return 'no instance type is named';
  if (hosts.length === 0) return 'the fleet has no host';
  return pools
    .map((pool) => {
      const type = catalogue.get(pool.type);
      if (type === undefined) return `${pool.type} is not in instance-types.yaml`;
      return `there are ${load.countOf(type.name)} ${type.name} and its countMax is ${type.countMax}`;
    })
    .join('; ');
}

/** The first item whose number is lowest; null of none. */
function least<Item>(items: readonly Item[], numberOf: (item: Item) => number): Item | null {
  let best: Item | null = null;
  for (const item of items) if (best === null || numberOf(item) < numberOf(best)) best = item;
  return best;
}

function raise(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
