/**
 * Instances wanted against instances there: which to create, which to retire, which are gone. One endpoint at a time.
 *
 * Never: an instance removed while a copy has a record on it, unless its host is gone; a retiring instance taken back.
 */
import type { EndpointGeneration, EndpointRecord, ProductionVariant } from '../../domain/endpoint.js';
import type { InstanceRecord, InstanceType } from '../../domain/instance.js';
import { InstanceState } from '../../domain/instance.js';
import { provision } from '../placement/provision.js';
import { variantsOf } from './runnable.js';

/** What the decision for one endpoint looks at. */
export interface InstanceSituation {
  readonly endpoint: EndpointRecord;
  /** Instances wanted by generation and variant. */
  readonly targets: ReadonlyMap<number, ReadonlyMap<string, number>>;
  /** Of this endpoint. */
  readonly instances: readonly InstanceRecord[];
  /** Of all endpoints, this one's too. */
  readonly everywhere: readonly Pick<InstanceRecord, 'type' | 'zone' | 'host'>[];
  readonly copiesOn: (instance: string) => number;
  readonly catalogue: ReadonlyMap<string, InstanceType>;
  /** Hosts that are there; instances are created on these. */
  readonly hosts: readonly { readonly id: string; readonly zone: string }[];
  /** Hosts that have been away for too long. */
  readonly isHostLost: (host: string) => boolean;
}

export type InstanceStep =
  | {
      readonly kind: 'create';
      readonly generation: number;
      readonly variant: string;
      readonly type: InstanceType;
      readonly zone: string;
      readonly host: string;
      readonly reason: string;
    }
  | {
      /** `ready`, `retire`: a state. `remove`: it is gone. `lose`: its host is. */
      readonly kind: 'ready' | 'retire' | 'remove' | 'lose';
      readonly instance: InstanceRecord;
      readonly reason: string;
    };

/** Instances that cannot be had at the moment. */
export interface Shortfall {
  readonly generation: number;
  readonly variant: string;
  readonly count: number;
  readonly types: readonly string[];
  readonly details: string;
}

export interface InstancePlan {
  readonly steps: readonly InstanceStep[];
  readonly shortfalls: readonly Shortfall[];
}

export function planInstances(situation: InstanceSituation): InstancePlan {
  const steps: InstanceStep[] = [];
  const shortfalls: Shortfall[] = [];
  const here = new Set(situation.hosts.map((host) => host.id));
  const living: InstanceRecord[] = [];
  for (const instance of situation.instances) {
    const step = fateOf(instance, situation, here);
    if (step !== null) steps.push(step);
    const isGoing = instance.state === InstanceState.Retiring || (step !== null && step.kind !== 'ready');
    if (!isGoing) living.push(instance);
  }
  const planning = new Planning(situation, steps, shortfalls);
  for (const generation of situation.endpoint.generations) {
    for (const variant of variantsOf(generation)) planning.level(generation, variant, living);
  }
  return { steps, shortfalls };
}

/** What happens to an instance whatever the counts are. */
function fateOf(
  instance: InstanceRecord,
  { endpoint, targets, copiesOn, isHostLost }: InstanceSituation,
  here: ReadonlySet<string>,
): InstanceStep | null {
  if (isHostLost(instance.host)) {
    return { kind: 'lose', instance, reason: `host ${instance.host} is gone` };
  }
  if (instance.state === InstanceState.Retiring) {
    if (copiesOn(instance.id) > 0) return null;
    return { kind: 'remove', instance, reason: 'its last copy has gone' };
  }
  const isWanted = targets.get(instance.generation)?.has(instance.variant) ?? false;
  if (!isWanted) {
    const reason = `${endpoint.name} no longer has generation ${instance.generation} of ${instance.variant}`;
    return { kind: 'retire', instance, reason };
  }
  if (instance.state === InstanceState.Pending && here.has(instance.host)) {
    return { kind: 'ready', instance, reason: `host ${instance.host} is there` };
  }
  return null;
}

/** Brings each variant to its number of instances; later ones count what earlier ones were given. */
class Planning {
  private readonly everywhere: Pick<InstanceRecord, 'type' | 'zone' | 'host'>[];

  constructor(
    private readonly situation: InstanceSituation,
    private readonly steps: InstanceStep[],
    private readonly shortfalls: Shortfall[],
  ) {
    this.everywhere = [...situation.everywhere];
  }

  level(generation: EndpointGeneration, variant: ProductionVariant, living: readonly InstanceRecord[]): void {
    const wanted = this.situation.targets.get(generation.id)?.get(variant.variantName);
    if (wanted === undefined) return;
    const mine = living.filter(
      (one) => one.generation === generation.id && one.variant === variant.variantName,
    );
    if (mine.length < wanted) this.create(generation, variant, wanted - mine.length, wanted);
    for (const instance of this.leastUseful(mine, mine.length - wanted)) {
      const reason = `${variant.variantName} wants ${wanted} of generation ${generation.id}`;
      this.steps.push({ kind: 'retire', instance, reason });
    }
  }

  private create(
    generation: EndpointGeneration,
    variant: ProductionVariant,
    count: number,
    wanted: number,
  ): void {
    const { catalogue, hosts } = this.situation;
    const pools = poolsOf(variant);
    const counted = hosts.map(({ id, zone }) => ({
      id,
      zone,
      instances: this.everywhere.filter((one) => one.host === id).length,
    }));
    const { create, shortfall } = provision({ count, pools, existing: this.everywhere }, catalogue, counted);
    const { id } = generation;
    for (const { type: name, zone, host, reason: why } of create) {
      this.everywhere.push({ type: name, zone, host });
      const reason = `${variant.variantName} wants ${wanted} of generation ${id}: ${why}`;
      const type = catalogue.get(name)!;
      this.steps.push({
        kind: 'create',
        generation: id,
        variant: variant.variantName,
        type,
        zone,
        host,
        reason,
      });
    }
    if (shortfall !== null) {
      const types = pools.map((pool) => pool.type);
      this.shortfalls.push({ generation: id, variant: variant.variantName, types, ...shortfall });
    }
  }

  /** Pending ones first, then those with the fewest copies, then the newest. */
  private leastUseful(mine: readonly InstanceRecord[], count: number): readonly InstanceRecord[] {
    if (count <= 0) return [];
    const { copiesOn } = this.situation;
    const rank = (one: InstanceRecord) => (one.state === InstanceState.Pending ? -1 : copiesOn(one.id));
    return [...mine]
      .sort((a, b) => rank(a) - rank(b) || b.since - a.since || compare(b.id, a.id))
      .slice(0, count);
  }
}

/** Types that a variant's instances may have, by priority. */
export function poolsOf(
  variant: ProductionVariant,
): readonly { readonly type: string; readonly priority: number }[] {
  const { instancePools, instanceType } = variant;
  if (instancePools !== undefined && instancePools.length > 0) {
    return instancePools.map((pool) => ({ type: pool.instanceType, priority: pool.priority }));
  }
  return instanceType === undefined ? [] : [{ type: instanceType, priority: 1 }];
}

function compare(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
