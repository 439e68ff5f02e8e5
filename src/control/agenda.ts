/**
 * What the loop looks at next. Whatever changed, and whatever has waited for its time, is looked at in the next turn;
 * everything else once in a while, in small parts, so that a turn costs what changed and not what there is.
 */
import { baseOf, type ComponentRecord } from '../domain/inference-component.js';
import { componentKey, WorkloadKind } from '../domain/component.js';
import type { EndpointRecord } from '../domain/endpoint.js';
import type { StowageRecord } from '../domain/record.js';
import type { Scope } from '../domain/scope.js';
import { scopeKey } from '../domain/scope.js';

/** `account/region/name`. */
export function endpointKey(scope: Scope, name: string): string {
  return `${scopeKey(scope)}/${name}`;
}

/** The endpoint that a `componentKey` belongs to. */
export function endpointKeyOf(component: string): string {
  return component.slice(0, component.lastIndexOf('/'));
}

export function keyOfComponent({ scope, endpointName: endpoint, name }: ComponentRecord): string {
  return componentKey({ scope, endpoint, name, kind: WorkloadKind.Component });
}

/** Keys of the variants' own models that an endpoint has. */
export function modelKeysOf({ scope, name: endpoint, generations }: EndpointRecord): readonly string[] {
  const variants = new Set(generations.flatMap((generation) => Object.keys(generation.models)));
  return [...variants].map((name) => componentKey({ scope, endpoint, name, kind: WorkloadKind.Variant }));
}

class Marks {
  private marked = new Set<string>();
  private readonly timers = new Map<string, number>();

  get size(): number {
    return this.marked.size;
  }

  mark(key: string): void {
    this.marked.add(key);
  }

  /** Marks it at `at`, or earlier if that was asked for before. */
  markAt(key: string, at: number): void {
    const before = this.timers.get(key);
    if (before === undefined || at < before) this.timers.set(key, at);
  }

  due(now: number): void {
    for (const [key, at] of this.timers) {
      if (at > now) continue;
      this.timers.delete(key);
      this.marked.add(key);
    }
  }

  take(): ReadonlySet<string> {
    const taken = this.marked;
    this.marked = new Set();
    return taken;
  }

  nextAt(): number {
    let next = Infinity;
    for (const at of this.timers.values()) next = Math.min(next, at);
    return next;
  }
}

export class Agenda {
  /** By `endpointKey`. */
  readonly endpoints = new Marks();
  /** By `componentKey`: components and variants' own models. */
  readonly workloads = new Marks();
  /** Endpoints all of whose routes may have changed, and by `componentKey` workloads of which only their own have. */
  readonly routes = new Marks();
  readonly workloadRoutes = new Marks();
  /** Endpoints on which room has become free. */
  readonly rooms = new Marks();
  /** Endpoints whose generations or instances changed: all of their workloads are looked at. */
  readonly layouts = new Marks();

  /** A record changed. */
  note(before: StowageRecord | null, after: StowageRecord | null): void {
    const record = after ?? before;
    switch (record?.kind) {
      case 'endpoint':
        return this.noteEndpoint(record);
      case 'inference-component': {
        const key = keyOfComponent(record);
        this.workloads.mark(key);
        this.workloadRoutes.mark(key);
        const base = baseOf(record);
        if (base === null) return;
        const { scope, endpointName: endpoint } = record;
        const baseKey = componentKey({ scope, endpoint, name: base, kind: WorkloadKind.Component });
        this.workloads.mark(baseKey);
        this.workloadRoutes.mark(baseKey);
        return;
      }
      case 'instance': {
        const key = endpointKey(record.scope, record.endpoint);
        this.endpoints.mark(key);
        this.layouts.mark(key);
        return;
      }
      case 'copy': {
        const key = endpointKeyOf(record.component);
        this.workloads.mark(record.component);
        this.workloadRoutes.mark(record.component);
        if (after !== null) return;
        this.endpoints.mark(key);
        this.rooms.mark(key);
        return;
      }
      default:
    }
  }

  /** When something has waited long enough, by the fleet's clock; Infinity = never. */
  nextAt(): number {
    return Math.min(this.endpoints.nextAt(), this.workloads.nextAt());
  }

  private noteEndpoint(record: EndpointRecord): void {
    const key = endpointKey(record.scope, record.name);
    this.endpoints.mark(key);
    this.routes.mark(key);
    this.layouts.mark(key);
  }
}
