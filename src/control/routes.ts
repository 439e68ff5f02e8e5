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
  type RouteTable,
  type VariantRoute,
} from '../contracts/route-feed.js';
import { isForPeople } from '../decide/reconcile/failures.js';
import { variantsOf } from '../decide/reconcile/runnable.js';
import { copyGroups } from '../decide/rollout/endpoint.js';
import { componentKey, RoutingStrategy, WorkloadKind } from '../domain/component.js';
import { copyKey, CopyState } from '../domain/copy.js';
import type { EndpointGeneration, EndpointRecord, ProductionVariant } from '../domain/endpoint.js';
import { EndpointStatus, servingGeneration } from '../domain/endpoint.js';
import type { ComponentFailures, ComponentRecord } from '../domain/inference-component.js';
import { ComponentStatus } from '../domain/inference-component.js';
import { keyOfComponent, modelKeysOf } from './agenda.js';
import type { Desk, Turn } from './desk.js';
import { endpointByKey } from './step-instances.js';

/** Revisions of one control process; the next one begins above. */
const revisionsMax = 1_000_000_000;

interface Rows {
  readonly endpoint: EndpointRoute;
  readonly copies: readonly CopyRoute[];
}

export class Routes implements RouteFeed {
  /** Of revision 0 until the first one is published: whoever has an older table keeps it. */
  private table: RouteTable = emptyRouteTable;
  private readonly rows = new Map<string, Rows>();
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

  /** Makes the rows of these endpoints anew and publishes the table if it differs. */
  publish(desk: Desk, turn: Turn, endpoints: ReadonlySet<string>): void {
    let isChanged = this.table.revision === 0;
    for (const key of endpoints) {
      const before = this.rows.get(key);
      const after = rowsOf(desk, turn, key);
      if (after === null) isChanged = this.rows.delete(key) || isChanged;
      else if (before === undefined || !isSame(before, after)) {
        this.rows.set(key, after);
        isChanged = true;
      }
    }
    if (!isChanged) return;
    const rows = [...this.rows.values()];
    this.table = {
      revision: Math.max(this.epoch * revisionsMax, this.table.revision) + 1,
      endpoints: rows.map((one) => one.endpoint),
      copies: rows.flatMap((one) => one.copies).sort((a, b) => (a.copy.id < b.copy.id ? -1 : 1)),
    };
    for (const listener of [...this.listeners]) listener(this.table);
  }
}

function rowsOf(desk: Desk, turn: Turn, key: string): Rows | null {
  const endpoint = endpointByKey(desk, key);
  const generation = endpoint === undefined ? null : servingGeneration(endpoint);
  if (endpoint === undefined || generation === null || endpoint.status === EndpointStatus.Deleting)
    return null;
  const copies = new Map<string, readonly CopyRoute[]>();
  const routesTo = (component: string) => {
    const routes = copyRoutes(desk, turn, component);
    copies.set(component, routes);
    return routes.length;
  };
  const shares = sharesOf(endpoint);
  const { scope, name } = endpoint;
  const components = desk.state.componentsOf(scope, name).flatMap(({ value }) => {
    if (value.status === ComponentStatus.Deleting) return [];
    return componentRoute(desk, value, shares, routesTo(keyOfComponent(value)));
  });
  const models = modelKeysOf(endpoint).flatMap((model) =>
    modelRoute(desk, endpoint, model, shares, routesTo(model)),
  );
  return {
    endpoint: {
      scope,
      name,
      variants: variantRoutes(endpoint, generation),
      components: [...components, ...models],
    },
    copies: [...copies.values()].flat(),
  };
}

function componentRoute(
  desk: Desk,
  component: ComponentRecord,
  shares: readonly GroupShare[],
  readyCount: number,
): readonly ComponentRoute[] {
  const generation = component.generations[0];
  if (generation === undefined) return [];
  const [runnable] = desk.runnables.ofComponent(component, generation);
  if (runnable === undefined || runnable.component === null) return [];
  return [{ component: runnable.component, shares, refusal: refusalOf(component.failures, readyCount) }];
}

function modelRoute(
  desk: Desk,
  endpoint: EndpointRecord,
  key: string,
  shares: readonly GroupShare[],
  readyCount: number,
): readonly ComponentRoute[] {
  const variant = key.slice(key.lastIndexOf(':') + 1);
  for (const generation of endpoint.generations) {
    const component = desk.runnables.ofVariant(endpoint, generation, variant, null)?.component ?? null;
    const refusal = refusalOf(desk.failures.get(key) ?? null, readyCount);
    if (component !== null) return [{ component, shares, refusal }];
  }
  return [];
}

function refusalOf(failures: ComponentFailures | null, readyCount: number): ComponentRoute['refusal'] {
  if (readyCount > 0 || failures === null || !isForPeople(failures.error)) return null;
  return failures.error;
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
      model: generation.models[variant.variantName] === undefined ? null : key,
      shadow: shadows.has(variant.variantName) ? probability : null,
    };
  });
}

/** Routes to the copies that may be given requests. */
function copyRoutes(desk: Desk, turn: Turn, component: string): readonly CopyRoute[] {
  return desk.state.copiesOf(component).flatMap(({ key, value: record }): CopyRoute[] => {
    const seen = turn.seen.get(key);
    if (record.wish !== 'run' || seen?.state !== CopyState.Ready || seen.address === null) return [];
    const sizeMax = desk.runnables.ofCopy(record)?.options.rollingBatchSizeMax ?? 1;
    const capacity = Math.min(sizeMax, seen.info?.sequencesMax ?? sizeMax);
    const { copy, endpointGeneration: group } = record;
    return [{ copy, component, address: seen.address, capacity, group }];
  });
}

function isSame(a: Rows, b: Rows): boolean {
  if (a.copies.length !== b.copies.length || a.endpoint.components.length !== b.endpoint.components.length) {
    return false;
  }
  return (
    a.copies.every((route, index) => routeKey(route) === routeKey(b.copies[index]!)) &&
    JSON.stringify(a.endpoint.variants) === JSON.stringify(b.endpoint.variants) &&
    a.endpoint.components.every((one, index) => isSameComponent(one, b.endpoint.components[index]!))
  );
}

function isSameComponent(a: ComponentRoute, b: ComponentRoute): boolean {
  if (a.refusal?.message !== b.refusal?.message) return false;
  if (a.component !== b.component && JSON.stringify(a.component) !== JSON.stringify(b.component))
    return false;
  return a.shares === b.shares || JSON.stringify(a.shares) === JSON.stringify(b.shares);
}

function routeKey(route: CopyRoute): string {
  return `${copyKey(route.copy)} ${route.component} ${route.address} ${route.capacity} ${route.group}`;
}
