/**
 * The route table: which copies may be given requests. Published whole, with a higher revision, and only when it
 * differs from the one before. Rows are made anew only for endpoints of which something changed.
 *
 * Never: a copy that is not ready, that is ending, or that belongs to no component wanted; a revision that was used
 * before, also by an earlier control process.
 */
import {
  type ComponentRoute,
  type CopyRoute,
  emptyRouteTable,
  type EndpointRoute,
  type GroupShare,
  type RouteFeed,
  prefixRoutingDefault,
  type RouteTable,
  type VariantRoute,
} from '../contracts/route-feed.js';
import { isForPeople } from '../decide/reconcile/failures.js';
import { runnableWithoutSettings, variantsOf } from '../decide/reconcile/runnable.js';
import { copyGroups } from '../decide/rollout/endpoint.js';
import {
  componentKey,
  EngineKind,
  type InferenceComponent,
  parseComponentKey,
  RoutingStrategy,
  WorkloadKind,
} from '../domain/component.js';
import { copyKey, CopyState } from '../domain/copy.js';
import type { EndpointGeneration, EndpointRecord, ProductionVariant } from '../domain/endpoint.js';
import { EndpointStatus, servingGeneration } from '../domain/endpoint.js';
import {
  baseOf,
  type ComponentFailures,
  type ComponentRecord,
  ComponentStatus,
} from '../domain/inference-component.js';
import type { CopyRecord } from '../domain/record.js';
import type { Scope } from '../domain/scope.js';
import { servedAdapters } from './adapters.js';
import { endpointKeyOf, keyOfComponent, modelKeysOf } from './agenda.js';
import type { Desk, Turn } from './desk.js';
import { failuresOf } from './failures-of.js';
import { endpointByKey } from './step-instances.js';

/** Revisions of one control process; the next one begins above. */
const revisionsMax = 1_000_000_000;

/** What the table says of one endpoint. */
interface Rows {
  readonly scope: Scope;
  readonly name: string;
  readonly variants: readonly VariantRoute[];
  readonly shares: readonly GroupShare[];
  /** By `componentKey`. */
  readonly workloads: Map<string, WorkloadRows>;
}

interface WorkloadRows {
  /** Null: what it runs cannot be read. */
  readonly route: ComponentRoute | null;
  readonly copies: readonly CopyRoute[];
}

/** A copy's route, and what it was made from. */
interface KeptRoute {
  readonly route: CopyRoute;
  readonly sequencesMax: number | undefined;
}

export class Routes implements RouteFeed {
  /** Of revision 0 until the first one is published: whoever has an older table keeps it. */
  private table: RouteTable = emptyRouteTable;
  private readonly rows = new Map<string, Rows>();
  private readonly kept = new WeakMap<CopyRecord, KeptRoute>();
  private readonly listeners = new Set<(table: RouteTable) => void>();

  /** `epoch` rises with each control process. */
  constructor(private readonly epoch: number) {}

  current(): RouteTable {
    return this.table;
  }

  onTable(listener: (table: RouteTable) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Makes the rows of these endpoints and of these workloads anew and publishes the table if it differs. */
  publish(desk: Desk, turn: Turn, endpoints: ReadonlySet<string>, workloads: ReadonlySet<string>): void {
    const whole = new Set(endpoints);
    for (const key of workloads) if (!this.rows.has(endpointKeyOf(key))) whole.add(endpointKeyOf(key));
    let isChanged = this.table.revision === 0;
    for (const key of whole) isChanged = this.renew(desk, turn, key) || isChanged;
    for (const key of workloads) {
      if (!whole.has(endpointKeyOf(key))) isChanged = this.renewWorkload(desk, turn, key) || isChanged;
    }
    if (!isChanged) return;
    this.table = {
      revision: Math.max(this.epoch * revisionsMax, this.table.revision) + 1,
      endpoints: [...this.rows.values()].map(endpointRoute),
      copies: [...this.rows.values()]
        .flatMap((rows) => [...rows.workloads.values()].flatMap((one) => one.copies))
        .sort((a, b) => (a.copy.id < b.copy.id ? -1 : 1)),
    };
    for (const listener of [...this.listeners]) listener(this.table);
  }

  /** All rows of an endpoint; true when they differ from those before. */
  private renew(desk: Desk, turn: Turn, key: string): boolean {
    const before = this.rows.get(key);
    const endpoint = endpointByKey(desk, key);
    const generation = endpoint === undefined ? null : servingGeneration(endpoint);
    if (endpoint === undefined || generation === null || endpoint.status === EndpointStatus.Deleting) {
      return this.rows.delete(key);
    }
    const { scope, name } = endpoint;
    const variants = variantRoutes(endpoint, generation);
    const after: Rows = { scope, name, variants, shares: sharesOf(endpoint), workloads: new Map() };
    const components = desk.state.componentsOf(scope, name).map(({ value }) => keyOfComponent(value));
    for (const workload of [...components, ...modelKeysOf(endpoint)]) {
      const rows = this.workloadRows(desk, turn, endpoint, after.shares, workload);
      if (rows !== null) after.workloads.set(workload, rows);
    }
    if (before !== undefined && isSame(before, after)) return false;
    this.rows.set(key, after);
    return true;
  }

  /** The rows of one workload, its endpoint being as it was; true when they differ from those before. */
  private renewWorkload(desk: Desk, turn: Turn, key: string): boolean {
    const endpointName = endpointKeyOf(key);
    const rows = this.rows.get(endpointName)!;
    const endpoint = endpointByKey(desk, endpointName);
    if (endpoint === undefined) return false;
    const after = this.workloadRows(desk, turn, endpoint, rows.shares, key);
    const before = rows.workloads.get(key);
    if (after === null) return rows.workloads.delete(key);
    if (before !== undefined && isSameWorkload(before, after)) return false;
    rows.workloads.set(key, after);
    return true;
  }

  /** Null: nothing may be asked of it. */
  private workloadRows(
    desk: Desk,
    turn: Turn,
    endpoint: EndpointRecord,
    shares: readonly GroupShare[],
    key: string,
  ): WorkloadRows | null {
    const { kind, name } = parseComponentKey(key);
    if (kind === WorkloadKind.Variant) {
      if (!endpoint.generations.some(({ models }) => models[name] !== undefined)) return null;
      const copies = this.copyRoutes(desk, turn, key);
      return { route: modelRoute(desk, endpoint, key, shares, copies.length), copies };
    }
    const component = desk.state.componentByKey(key);
    if (component === undefined || component.status === ComponentStatus.Deleting) return null;
    // An adapter is found as a part of its base.
    if (baseOf(component) !== null) return null;
    const copies = this.copyRoutes(desk, turn, key);
    return { route: componentRoute(desk, component, shares, copies.length), copies };
  }

  /** Routes to the copies that may be given requests. */
  private copyRoutes(desk: Desk, turn: Turn, component: string): readonly CopyRoute[] {
    return desk.state.copiesOf(component).flatMap(({ key, value: record }): CopyRoute[] => {
      const seen = turn.seen.get(key);
      if (record.wish !== 'run' || seen?.state !== CopyState.Ready || seen.address === null) return [];
      const sequencesMax = seen.info?.sequencesMax;
      const kept = this.kept.get(record);
      if (kept?.route.address === seen.address && kept.sequencesMax === sequencesMax) return [kept.route];
      const capacity = capacityOf(desk.runnables.ofCopy(record), sequencesMax);
      const { copy, generation, endpointGeneration: group } = record;
      const route = { copy, component, generation, address: seen.address, capacity, group };
      this.kept.set(record, { route, sequencesMax });
      return [route];
    });
  }
}

/** Requests that a copy computes at once: as many as the options and what it said of itself allow. */
function capacityOf(component: InferenceComponent | null, sequencesMax: number | undefined): number {
  // A model of tensors has no sequences; what it said follows from its own options.
  if (component?.engine === EngineKind.OnnxRuntime) return sequencesMax ?? component.options.batchSizeMax;
  const sizeMax = component?.options.rollingBatchSizeMax ?? 1;
  return Math.min(sizeMax, sequencesMax ?? sizeMax);
}

function endpointRoute({ scope, name, variants, workloads }: Rows): EndpointRoute {
  return { scope, name, variants, components: [...workloads.values()].flatMap(({ route }) => route ?? []) };
}

function componentRoute(
  desk: Desk,
  component: ComponentRecord,
  shares: readonly GroupShare[],
  readyCount: number,
): ComponentRoute | null {
  const generation = component.generations[0];
  if (generation === undefined) return null;
  const [runnable] = desk.runnables.ofComponent(component, generation);
  if (runnable === undefined) return null;
  if (runnable.component === null) {
    const settingless = runnableWithoutSettings(component, generation);
    return { component: settingless, shares, refusal: runnable.defect };
  }
  const refusal = refusalOf(component.failures, generation.id, readyCount);
  const wakes = desk.state.wakes(component);
  const served = servedAdapters(desk, keyOfComponent(component));
  if (served.length === 0) return { component: runnable.component, shares, refusal, wakes };
  const { adapters = [] } = runnable.component;
  return { component: { ...runnable.component, adapters: [...served, ...adapters] }, shares, refusal, wakes };
}

function modelRoute(
  desk: Desk,
  endpoint: EndpointRecord,
  key: string,
  shares: readonly GroupShare[],
  readyCount: number,
): ComponentRoute | null {
  const variant = key.slice(key.lastIndexOf(':') + 1);
  for (const generation of endpoint.generations) {
    const component = desk.runnables.ofVariant(endpoint, generation, variant, null)?.component ?? null;
    const refusal = refusalOf(failuresOf(desk, key), generation.id, readyCount);
    if (component !== null) return { component, shares, refusal };
  }
  return null;
}

/** A newer generation that fails says nothing about the one that serves. */
function refusalOf(
  failures: ComponentFailures | null,
  generation: number,
  readyCount: number,
): ComponentRoute['refusal'] {
  if (readyCount > 0 || failures?.generation !== generation) return null;
  return isForPeople(failures.error) ? failures.error : null;
}

/** With two fleets: what part of the requests each gets. */
function sharesOf(endpoint: EndpointRecord): readonly GroupShare[] {
  if (copyGroups(endpoint).length < 2) return [];
  return endpoint.generations.map(({ id, traffic }) => ({ group: id, percent: traffic }));
}

function variantRoutes(endpoint: EndpointRecord, generation: EndpointGeneration): readonly VariantRoute[] {
  const { productionVariants, shadowProductionVariants = [] } = generation.config;
  const shadows = new Set(shadowProductionVariants.map((one) => one.variantName));
  const weightOf = ({ variantName, initialVariantWeight = 1 }: ProductionVariant) =>
    generation.variants[variantName]?.weight ?? initialVariantWeight;
  const production = productionVariants.reduce((sum, one) => sum + weightOf(one), 0);
  return variantsOf(generation).map((variant): VariantRoute => {
    const { scope, name } = endpoint;
    const key = componentKey({
      scope,
      endpoint: name,
      name: variant.variantName,
      kind: WorkloadKind.Variant,
    });
    const weight = weightOf(variant);
    const probability = production === 0 ? 0 : Math.min(1, weight / production);
    return {
      name: variant.variantName,
      weight,
      routing: variant.routingConfig?.routingStrategy ?? RoutingStrategy.Random,
      ...prefixRouting(variant),
      model: generation.models[variant.variantName] === undefined ? null : key,
      shadow: shadows.has(variant.variantName) ? probability : null,
    };
  });
}

function prefixRouting({ routingConfig }: ProductionVariant): Pick<VariantRoute, 'prefix'> {
  const { routingStrategy, prefixAwareRoutingConfig = {} } = routingConfig ?? {};
  if (routingStrategy !== RoutingStrategy.PrefixAware) return {};
  const { prefixLength, concurrencyThreshold } = prefixRoutingDefault;
  return { prefix: { prefixLength, concurrencyThreshold, ...prefixAwareRoutingConfig } };
}

function isSame(a: Rows, b: Rows): boolean {
  if (a.workloads.size !== b.workloads.size) return false;
  if (JSON.stringify([a.variants, a.shares]) !== JSON.stringify([b.variants, b.shares])) return false;
  for (const [key, rows] of b.workloads) {
    const before = a.workloads.get(key);
    if (before === undefined || !isSameWorkload(before, rows)) return false;
  }
  return true;
}

function isSameWorkload(a: WorkloadRows, b: WorkloadRows): boolean {
  if (a.copies.length !== b.copies.length) return false;
  return (
    a.copies.every((route, index) => isSameCopyRoute(route, b.copies[index]!)) &&
    isSameRoute(a.route, b.route)
  );
}

function isSameRoute(a: ComponentRoute | null, b: ComponentRoute | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.refusal?.message !== b.refusal?.message || a.wakes !== b.wakes) return false;
  if (a.component !== b.component && JSON.stringify(a.component) !== JSON.stringify(b.component))
    return false;
  return a.shares === b.shares || JSON.stringify(a.shares) === JSON.stringify(b.shares);
}

function isSameCopyRoute(a: CopyRoute, b: CopyRoute): boolean {
  return a === b || routeKey(a) === routeKey(b);
}

function routeKey({ copy, component, generation, address, capacity, group }: CopyRoute): string {
  return `${copyKey(copy)} ${component} ${generation} ${address} ${capacity} ${group}`;
}
