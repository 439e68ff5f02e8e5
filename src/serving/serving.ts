/**
 * The data plane: finds the component a caller means and hands the request to that component's lane. Holds the
 * current route table and swaps it in whole; when control is gone it goes on with the last one.
 */
import type { RouteFeed, RouteTable } from '../contracts/route-feed.js';
import { componentKey, type ComponentRef, type InferenceComponent } from '../domain/component.js';
import { nearest } from '../domain/nearest.js';
import { StowageError } from '../domain/errors.js';
import { Outcome, type InferenceRequest } from '../domain/inference.js';
import type { AnswerHandle, AnswerSink, Serving } from './facade.js';
import { Lane, type LaneDependencies } from './lane.js';

/** How often deadlines are looked at, milliseconds: one timer for all requests. */
const sweepMs = 250;

export interface RunningServing extends Serving {
  /** Refuses what comes, waits until what is there has ended or `graceMs` passed, then ends the rest. */
  close(graceMs: number): Promise<void>;
}

export function createServing(feed: RouteFeed, dependencies: LaneDependencies): RunningServing {
  return new LaneServing(feed, dependencies);
}

class LaneServing implements RunningServing {
  private readonly lanes = new Map<string, Lane>();
  private table: RouteTable;
  private closing = false;
  private readonly unsubscribe: () => void;
  private cancelSweep: () => void = () => {};

  constructor(
    feed: RouteFeed,
    private readonly dependencies: LaneDependencies,
  ) {
    this.table = feed.current();
    this.swap(this.table);
    this.unsubscribe = feed.onTable((table) => this.swap(table));
    this.sweepLater();
  }

  components(): readonly InferenceComponent[] {
    return this.table.endpoints.flatMap((endpoint) => endpoint.components);
  }

  resolve(endpoint: string | null, name: string | null): ComponentRef {
    const slash = endpoint === null ? (name?.indexOf('/') ?? -1) : -1;
    if (name !== null && slash > 0) return this.resolve(name.slice(0, slash), name.slice(slash + 1));
    const candidates = endpoint === null ? this.components() : this.componentsOf(endpoint);
    if (name !== null) {
      const found = candidates.find((component) => component.name === name);
      if (found !== undefined) return found;
      const suggestion = suggest(
        name,
        candidates.map((component) => component.name),
      );
      throw StowageError.of('NAME-404', { name, suggestion });
    }
    if (candidates.length === 1) return candidates[0]!;
    const names = candidates.map((component) => component.name);
    throw StowageError.of('NAME-407', { endpoint: endpoint ?? '*', components: names.join(', ') || 'none' });
  }

  answer(request: InferenceRequest, sink: AnswerSink): AnswerHandle {
    const lane = this.lanes.get(componentKey(request.component));
    if (lane !== undefined && !this.closing) return lane.answer(request, sink);
    const error = this.closing
      ? StowageError.of('COLD-503', {}, { retryAfterSeconds: 5 })
      : StowageError.of('NAME-404', { name: request.component.name, suggestion: 'GET /v1/models' });
    sink.onEnd({
      outcome: Outcome.Refused,
      error: error.toData(),
      usage: { promptTokens: 0, completionTokens: 0 },
    });
    return { cancel: () => {} };
  }

  isReady(): boolean {
    return (
      !this.closing &&
      this.lanes.size > 0 &&
      [...this.lanes.values()].every((lane) => lane.isReady || lane.component.copies.min === 0)
    );
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
    for (const lane of this.lanes.values()) lane.endAll(StowageError.of('COLD-503', {}));
    this.lanes.clear();
  }

  private openCount(): number {
    return [...this.lanes.values()].reduce((sum, lane) => sum + lane.openCount, 0);
  }

  private componentsOf(name: string): readonly InferenceComponent[] {
    const endpoint = this.table.endpoints.find((candidate) => candidate.name === name);
    if (endpoint !== undefined) return endpoint.components;
    const suggestion = suggest(
      name,
      this.table.endpoints.map((candidate) => candidate.name),
    );
    throw StowageError.of('NAME-405', { name, suggestion });
  }

  private swap(table: RouteTable): void {
    this.table = table;
    const seen = new Set<string>();
    for (const endpoint of table.endpoints) {
      for (const component of endpoint.components) {
        const key = componentKey(component);
        seen.add(key);
        const lane = this.lanes.get(key) ?? new Lane(component, endpoint.routing, this.dependencies);
        this.lanes.set(key, lane);
        lane.update(
          component,
          endpoint.routing,
          table.copies.filter((copy) => copy.component === key),
        );
      }
    }
    for (const [key, lane] of this.lanes) {
      if (seen.has(key)) continue;
      this.lanes.delete(key);
      lane.endAll(
        StowageError.of('NAME-404', { name: lane.component.name, suggestion: 'it was just removed' }),
      );
    }
  }

  private sweepLater(): void {
    this.cancelSweep = this.dependencies.clock.after(sweepMs, () => {
      const now = this.dependencies.clock.now();
      for (const lane of this.lanes.values()) lane.sweep(now);
      this.sweepLater();
    });
  }
}

/** A mend for a name that is not there. */
function suggest(name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  if (close !== null) return `did you mean \`${close}\`?`;
  return known.length === 0 ? 'nothing is configured' : `there are: ${known.join(', ')}`;
}
