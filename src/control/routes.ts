/**
 * The route table: which copies may be given requests. Published whole, with a higher revision, and only when it
 * differs from the one before.
 *
 * Never: a copy that is not ready, that is ending, that belongs to no component wanted, or beside which a newer
 * incarnation of the same id is ready.
 */
import type { CopyObservation } from '../contracts/fleet.js';
import type { CopyRoute, RouteFeed, RouteTable } from '../contracts/route-feed.js';
import type { Endpoint } from '../domain/component.js';
import { componentKey } from '../domain/component.js';
import { copyKey, CopyState } from '../domain/copy.js';
import type { Ledger } from './ledger.js';

export class Routes implements RouteFeed {
  private table: RouteTable = { revision: 0, endpoints: [], copies: [] };
  private readonly listeners = new Set<(table: RouteTable) => void>();

  current(): RouteTable {
    return this.table;
  }

  onTable(listener: (table: RouteTable) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  publish(endpoints: readonly Endpoint[], copies: readonly CopyRoute[]): void {
    if (endpoints === this.table.endpoints && isSame(copies, this.table.copies)) return;
    this.table = { revision: this.table.revision + 1, endpoints, copies };
    for (const listener of [...this.listeners]) listener(this.table);
  }
}

/** Routes to the copies that may be given requests, by id. */
export function routesTo(
  seen: readonly CopyObservation[],
  ledger: Ledger,
  endpoints: readonly Endpoint[],
): readonly CopyRoute[] {
  const wanted = new Set(endpoints.flatMap((endpoint) => endpoint.components.map(componentKey)));
  const routes = new Map<string, CopyRoute>();
  for (const { copy, component, state, address, info } of seen) {
    const entry = ledger.of(copy);
    if (state !== CopyState.Ready || address === null || !wanted.has(component)) continue;
    if (entry === undefined || entry.isRemoving || entry.isDraining) continue;
    const other = routes.get(copy.id);
    if (other !== undefined && other.copy.incarnation > copy.incarnation) continue;
    const { rollingBatchSizeMax } = entry.component.options;
    const capacity = Math.min(rollingBatchSizeMax, info?.sequencesMax ?? rollingBatchSizeMax);
    routes.set(copy.id, { copy, component, address, capacity });
  }
  return [...routes.values()].sort((a, b) => (a.copy.id < b.copy.id ? -1 : 1));
}

function isSame(a: readonly CopyRoute[], b: readonly CopyRoute[]): boolean {
  return a.length === b.length && a.every((route, index) => routeKey(route) === routeKey(b[index]!));
}

function routeKey(route: CopyRoute): string {
  return `${copyKey(route.copy)} ${route.component} ${route.address} ${route.capacity}`;
}
