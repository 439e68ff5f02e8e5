/**
 * The data plane: finds what a caller means and hands the request to that component's lane. Holds the current route
 * table and swaps it in whole; when control is gone it goes on with the last one.
 *
 * A lane that a new table does not name takes nothing more; it is kept until its last request has ended.
 */
import type { LoadReport, LoadSeries } from '../contracts/load-reports.js';
import {
  type CopyRoute,
  emptyRouteTable,
  type EndpointRoute,
  type RouteFeed,
  type RouteTable,
} from '../contracts/route-feed.js';
import { componentKey, type InferenceComponent, RoutingStrategy } from '../domain/component.js';
import { StowageError } from '../domain/errors.js';
import { type Caller, noUsage, Outcome, type InferenceRequest } from '../domain/inference.js';
import type { Scope } from '../domain/scope.js';
import type {
  AnswerHandle,
  AnswerSink,
  BudgetDesk,
  BudgetState,
  OpenedSession,
  RoutingDesk,
  RoutingExplanation,
  Serving,
  SessionDesk,
} from './facade.js';
import { Lane, type LaneDependencies, type LaneRoute, refusedHandle } from './lane.js';
import { removedError } from './flight-ends.js';
import { Budgets } from './budgets.js';
import { mirror, type Shadow } from './mirror.js';
import { resolveCall } from './resolve.js';
import { modelOf, RouteIndex } from './route-index.js';

/** How often deadlines are looked at, milliseconds: one timer for all requests. */
const sweepMs = 250;
/** How often it is reported what was counted, milliseconds. */
const reportMs = 1000;
/** Requests that begin to wait for a copy within this time are reported together, milliseconds. */
const urgentMs = 2;

export interface ServingDependencies extends LaneDependencies {
  /** Takes what was counted; called once a second while there is anything to say. */
  report(report: LoadReport): void;
}

export interface RunningServing extends Serving, SessionDesk, RoutingDesk, BudgetDesk {
  /** Refuses what comes, waits until what is there has ended or `graceMs` passed, then ends the rest. */
  close(graceMs: number): Promise<void>;
}

export function createServing(feed: RouteFeed, dependencies: ServingDependencies): RunningServing {
  return new LaneServing(feed, dependencies);
}

const noCopies: readonly CopyRoute[] = [];
const noShadows: readonly Shadow[] = [];

class LaneServing implements RunningServing {
  private lanes = new Map<string, Lane>();
  /** No longer in the table, with requests that end there. */
  private readonly leaving = new Map<string, Lane>();
  /** By key of a production variant's own model: who gets copies of its requests. */
  private shadows = new Map<string, readonly Shadow[]>();
  private shadowKeys: ReadonlySet<string> = new Set();
  private index: RouteIndex;
  private hasTable: boolean;
  private wasReady = false;
  private closing = false;
  private readonly unsubscribe: () => void;
  private cancelSweep: () => void = () => {};
  private cancelReport: () => void = () => {};
  private cancelUrgent: (() => void) | null = null;

  private readonly budgets: Budgets;
  private readonly dependencies: ServingDependencies;

  constructor(feed: RouteFeed, parts: ServingDependencies) {
    this.budgets = new Budgets(parts.clock);
    this.dependencies = { ...parts, budgets: this.budgets };
    const table = feed.current();
    this.hasTable = table !== emptyRouteTable;
    this.index = new RouteIndex(table);
    this.swap(table);
    this.unsubscribe = feed.onTable((next) => {
      this.hasTable = true;
      this.swap(next);
    });
    this.sweepLater();
    this.reportLater();
  }

  components(scope: Scope): readonly InferenceComponent[] {
    const { endpoints } = this.index.region(scope);
    return [...endpoints.values()].flatMap(({ components, ownModels }) => [
      ...components.values(),
      ...ownModels.map(({ component }) => component),
    ]);
  }

  resolve(
    scope: Scope,
    endpoint: string | null,
    name: string | null,
    variant: string | null,
  ): InferenceComponent {
    return resolveCall(this.index, scope, endpoint, name, variant, this.chance);
  }

  answer(request: InferenceRequest, sink: AnswerSink): AnswerHandle {
    const key = componentKey(request.component);
    const lane = this.lanes.get(key);
    if (lane === undefined || this.closing) return this.refuse(request, sink);
    const handle = lane.answer(request, sink);
    const shadows = this.shadows.size === 0 ? undefined : this.shadows.get(key);
    if (shadows !== undefined && handle !== refusedHandle) mirror(request, shadows, this.dependencies);
    return handle;
  }

  openSession(component: InferenceComponent, key: string): OpenedSession {
    return this.laneOf(component).routing.openSession(key);
  }

  closeSession(component: InferenceComponent, id: string): void {
    if (this.laneOf(component).routing.closeSession(id)) return;
    throw StowageError.of('NAME-415', { component: component.name });
  }

  explainRouting(component: InferenceComponent): RoutingExplanation {
    return this.laneOf(component).routing.explain();
  }

  budgetOf(caller: Caller): BudgetState | null {
    return this.budgets.budgetOf(caller);
  }

  isReady(): boolean {
    if (this.closing || !this.hasTable) return false;
    for (const [key, lane] of this.lanes) {
      if (lane.isSettled || this.shadowKeys.has(key)) continue;
      if (!this.wasReady || lane.wasReady) return false;
    }
    this.wasReady = true;
    return true;
  }

  async close(graceMs: number): Promise<void> {
    this.closing = true;
    const { clock } = this.dependencies;
    const deadline = clock.now() + graceMs;
    while (clock.now() < deadline && this.openCount() > 0) {
      await new Promise<void>((resolve) => clock.after(Math.min(50, graceMs), resolve));
    }
    this.unsubscribe();
    this.cancelSweep();
    this.cancelReport();
    this.cancelUrgent?.();
    for (const lane of this.allLanes()) lane.endAll(StowageError.of('COLD-503', {}));
    this.report();
    this.lanes.clear();
    this.leaving.clear();
  }

  private readonly chance = (): number => this.dependencies.random.next();

  private laneOf(component: InferenceComponent): Lane {
    const lane = this.lanes.get(componentKey(component));
    if (lane === undefined) throw removedError(component.name);
    return lane;
  }

  private refuse(request: InferenceRequest, sink: AnswerSink): AnswerHandle {
    const error = this.closing
      ? StowageError.of('COLD-503', {}, { retryAfterSeconds: 5 })
      : removedError(request.component.name);
    sink.onEnd({
      outcome: Outcome.Refused,
      error: error.toData(),
      usage: noUsage,
    });
    return { cancel: () => {} };
  }

  private openCount(): number {
    return this.allLanes().reduce((sum, lane) => sum + lane.openCount, 0);
  }

  private allLanes(): readonly Lane[] {
    return [...this.lanes.values(), ...this.leaving.values()];
  }

  private swap(table: RouteTable): void {
    const before = this.lanes;
    const copies = copiesByComponent(table);
    this.index = new RouteIndex(table);
    this.lanes = new Map();
    for (const endpoint of table.endpoints) {
      for (const route of laneRoutes(endpoint, copies)) this.keep(route, before);
    }
    for (const [key, lane] of before) {
      if (this.lanes.has(key)) continue;
      this.leaving.set(key, lane);
      lane.remove();
    }
    this.swapShadows(table);
  }

  private keep(route: LaneRoute, before: ReadonlyMap<string, Lane>): void {
    const { key } = route;
    const known = before.get(key) ?? this.leaving.get(key);
    this.leaving.delete(key);
    if (known === undefined) {
      this.lanes.set(key, new Lane(route, this.dependencies, { onHeld: this.reportSoon }));
      return;
    }
    this.lanes.set(key, known);
    known.update(route);
  }

  private swapShadows(table: RouteTable): void {
    const keys = new Set<string>();
    this.shadows = new Map();
    for (const endpoint of table.endpoints) {
      const shadows = this.shadowsOf(endpoint);
      if (shadows.length === 0) continue;
      for (const { lane } of shadows) keys.add(lane.key);
      for (const { shadow, model } of endpoint.variants) {
        if (shadow === null && model !== null) this.shadows.set(model, shadows);
      }
    }
    this.shadowKeys = keys;
  }

  private shadowsOf({ variants, components }: EndpointRoute): readonly Shadow[] {
    if (variants.every(({ shadow }) => shadow === null)) return noShadows;
    return variants.flatMap((variant) => {
      const model = variant.shadow === null ? null : modelOf(variant, components);
      const lane = model === null ? undefined : this.lanes.get(componentKey(model));
      return lane === undefined ? [] : [{ lane, probability: variant.shadow ?? 0 }];
    });
  }

  private sweepLater(): void {
    this.cancelSweep = this.dependencies.clock.after(sweepMs, () => {
      const now = this.dependencies.clock.now();
      for (const lane of this.lanes.values()) lane.sweep(now);
      for (const lane of this.leaving.values()) lane.sweep(now);
      this.sweepLater();
    });
  }

  private reportLater(): void {
    this.cancelReport = this.dependencies.clock.after(reportMs, () => {
      this.report();
      this.reportLater();
    });
  }

  /** Somebody waits for a copy that does not exist: control is told at once, once for all that begin to wait together. */
  private readonly reportSoon = (): void => {
    this.cancelUrgent ??= this.dependencies.clock.after(urgentMs, () => {
      this.cancelUrgent = null;
      this.report(true);
    });
  };

  private report(isUrgent = false): void {
    const series: LoadSeries[] = [];
    for (const lane of this.lanes.values()) noteLoad(lane, series);
    for (const [key, lane] of this.leaving) {
      noteLoad(lane, series);
      if (lane.openCount > 0) continue;
      this.leaving.delete(key);
      this.dependencies.telemetry.componentGone(key);
    }
    if (series.length > 0)
      this.dependencies.report({
        at: this.dependencies.clock.wallNow(),
        series,
        ...(isUrgent ? { isUrgent } : {}),
      });
  }
}

function noteLoad(lane: Lane, series: LoadSeries[]): void {
  const load = lane.takeLoad();
  if (load !== null) series.push(load);
}

function copiesByComponent(table: RouteTable): ReadonlyMap<string, readonly CopyRoute[]> {
  const copies = new Map<string, CopyRoute[]>();
  for (const copy of table.copies) {
    const same = copies.get(copy.component);
    if (same === undefined) copies.set(copy.component, [copy]);
    else same.push(copy);
  }
  return copies;
}

/** The endpoint's lanes, each with the strategy of the variant that it is on. */
function laneRoutes(
  { variants, components }: EndpointRoute,
  copies: ReadonlyMap<string, readonly CopyRoute[]>,
): readonly LaneRoute[] {
  const byName = new Map(variants.map((variant) => [variant.name, variant]));
  return components.map(({ component, shares, refusal, wakes }) => {
    const key = componentKey(component);
    const { routing = RoutingStrategy.LeastOutstandingRequests, prefix } =
      byName.get(component.variant) ?? {};
    return {
      key,
      component,
      shares,
      refusal,
      ...(wakes === undefined ? {} : { wakes }),
      strategy: routing,
      ...(prefix === undefined ? {} : { prefix }),
      copies: copies.get(key) ?? noCopies,
    };
  });
}
