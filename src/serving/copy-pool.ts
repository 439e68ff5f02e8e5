/**
 * The connections of one lane to its copies, by group. It owns which of them may be given requests; that is worked
 * out when a connection opens or closes or the route table changes, so that choosing costs nothing but the choice.
 *
 * Never: a request for a copy that the route table does not name, or a connection closed with flights on it.
 */
import type { Clock } from '../contracts/clock.js';
import type { CopyRoute, GroupShare } from '../contracts/route-feed.js';
import type { WorkerDialer } from '../contracts/worker-link.js';
import type { StepUpdate } from '../contracts/worker-protocol.js';
import { pickFromGroups, type RoutableGroup, type RoutingAsk } from '../decide/routing/pick-copy.js';
import type { RequestPrefix } from '../decide/routing/request-prefix.js';
import type { RoutingStrategy } from '../domain/component.js';
import { copyKey } from '../domain/copy.js';
import { CopyConnection } from './copy-connection.js';
import { PromptSizes } from './copy-speed.js';
import type { Flight } from './flight.js';

export interface CopyPoolParts {
  readonly clock: Clock;
  readonly dialer: WorkerDialer;
}

export interface CopyPoolEvents {
  /** A copy may be given requests that could not before. */
  readonly onOpen: () => void;
  readonly onUpdate: (flight: Flight, update: StepUpdate) => void;
  /** The flights a connection had when it closed, in the order they were handed over. */
  readonly onLost: (flights: readonly Flight[], route: CopyRoute, reason: string) => void;
}

interface Group extends RoutableGroup<CopyConnection> {
  readonly id: number;
  readonly copies: CopyConnection[];
}

const noShares: readonly GroupShare[] = [];

export class CopyPool {
  private readonly connections = new Map<string, CopyConnection>();
  /** No longer in the route table, with flights that end there. */
  private readonly leaving = new Set<CopyConnection>();
  private shares = noShares;
  private groups: readonly Group[] = [];
  private usableCount = 0;
  private readonly sizes = new PromptSizes();

  constructor(
    private readonly parts: CopyPoolParts,
    private readonly events: CopyPoolEvents,
  ) {}

  /** True when some copy may be given requests, whether or not it has room. */
  get hasUsable(): boolean {
    return this.usableCount > 0;
  }

  /** True when the route table names no copy. */
  get isEmpty(): boolean {
    return this.connections.size === 0;
  }

  /** The lane's part of a new route table. */
  update(routes: readonly CopyRoute[], shares: readonly GroupShare[]): void {
    if (this.isAlready(routes, shares)) return;
    this.shares = shares;
    const named = new Set<string>();
    for (const route of routes) {
      const key = copyKey(route.copy);
      named.add(key);
      const known = this.connections.get(key);
      if (known === undefined) this.connections.set(key, this.connect(route));
      else known.group = route.group;
    }
    for (const [key, connection] of this.connections) {
      if (named.has(key)) continue;
      this.connections.delete(key);
      this.leaving.add(connection);
      connection.retire();
    }
    this.regroup();
  }

  /** The copy for a request, or null when none has room; `generation`: only one of that, null = any. */
  pick(strategy: RoutingStrategy, ask: RoutingAsk, generation: number | null): CopyConnection | null {
    const groups = generation === null ? this.groups : this.groupsOf(generation);
    return pickFromGroups<CopyConnection>(groups, strategy, ask);
  }

  /** True when requests that may go anywhere may go to that copy: its group has a share, or none that has a copy does. */
  mayServeAny({ group }: CopyConnection): boolean {
    for (const share of this.shares) if (share.group === group && share.percent > 0) return true;
    for (const { percent } of this.groups) if (percent > 0) return false;
    return true;
  }

  /** What each copy would need for a request that begins so is written into its `firstToken`. */
  estimate(prefix: RequestPrefix, now: number): void {
    let weight = 0;
    let ms = 0;
    for (const { copies } of this.groups) {
      for (const { speed } of copies) {
        const own = speed.weight(now);
        if (own <= 0) continue;
        weight += own;
        ms += own * speed.ownMsPerToken;
      }
    }
    const mean = weight > 0 ? ms / weight : null;
    for (const { copies } of this.groups) for (const { speed } of copies) speed.estimate(prefix, mean, now);
  }

  /** The copy of that `copyKey` that the route table names; undefined when it names none. */
  find(key: string): CopyConnection | undefined {
    return this.connections.get(key);
  }

  /** All that the route table names, in its order. */
  all(): readonly CopyConnection[] {
    return [...this.connections.values()];
  }

  /** Requests that copies have which may be given more, and how many such copies there are. */
  openLoad(): { readonly outstanding: number; readonly copies: number } {
    let outstanding = 0;
    for (const { copies } of this.groups) for (const copy of copies) outstanding += copy.outstanding;
    return { outstanding, copies: this.usableCount };
  }

  /** True when the route table names a copy of that generation. */
  names(generation: number): boolean {
    return [...this.connections.values()].some(({ route }) => route.generation === generation);
  }

  /** Everything that was handed to a copy and has not ended. */
  flights(): Flight[] {
    return [...this.connections.values(), ...this.leaving].flatMap((connection) => connection.flights());
  }

  private groupsOf(generation: number): readonly Group[] {
    return this.groups.flatMap(({ id, percent, copies }) => {
      const same = copies.filter(({ route }) => route.generation === generation);
      return same.length === 0 ? [] : [{ id, percent, copies: same }];
    });
  }

  /** True when a table says nothing new: most of its lanes are as they were. */
  private isAlready(routes: readonly CopyRoute[], shares: readonly GroupShare[]): boolean {
    if (routes.length !== this.connections.size || shares.length !== this.shares.length) return false;
    for (const [index, { group, percent }] of shares.entries()) {
      const known = this.shares[index]!;
      if (known.group !== group || known.percent !== percent) return false;
    }
    return routes.every((route) => this.connections.get(copyKey(route.copy))?.group === route.group);
  }

  private connect(route: CopyRoute): CopyConnection {
    const { dialer, clock } = this.parts;
    const connection: CopyConnection = new CopyConnection(
      route,
      dialer,
      clock,
      {
        onOpen: () => {
          this.regroup();
          this.events.onOpen();
        },
        onUpdate: this.events.onUpdate,
        onLost: (flights, reason) => {
          this.leaving.delete(connection);
          this.regroup();
          this.events.onLost(flights, route, reason);
        },
      },
      this.sizes,
    );
    return connection;
  }

  private regroup(): void {
    const groups = new Map<number, Group>();
    const groupOf = (id: number, percent: number): Group => {
      const known = groups.get(id);
      if (known !== undefined) return known;
      const group: Group = { id, percent, copies: [] };
      groups.set(id, group);
      return group;
    };
    for (const { group, percent } of this.shares) groupOf(group, percent);
    this.usableCount = 0;
    for (const connection of this.connections.values()) {
      if (!connection.isUsable) continue;
      groupOf(connection.group, 0).copies.push(connection);
      this.usableCount++;
    }
    this.groups = [...groups.values()].filter(({ copies }) => copies.length > 0);
  }
}
