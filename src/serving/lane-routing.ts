/**
 * Which copy a lane's request goes to: its session's copy where there is one, else as the endpoint's strategy chooses.
 * Gathers what the choice needs, and keeps a record of some choices for people: one in `sampledEvery`, and those whose
 * caller asked.
 *
 * Never: a copy that the route table does not name, or one of another generation for an answer that has begun.
 */
import type { Clock } from '../contracts/clock.js';
import type { Random } from '../contracts/random.js';
import { type PrefixRouting, prefixRoutingDefault } from '../contracts/route-feed.js';
import { mayKeepAffinity } from '../decide/routing/affinity.js';
import { filterOf, type RouteCandidate, RouteFilter, scoreOf } from '../decide/routing/explain-pick.js';
import { hasRoom, type RoutingAsk } from '../decide/routing/pick-copy.js';
import { prefixKeyOf, prefixOf } from '../decide/routing/request-prefix.js';
import { EngineKind, type InferenceComponent, RoutingStrategy } from '../domain/component.js';
import { copyKey } from '../domain/copy.js';
import { StowageError } from '../domain/errors.js';
import type { CopyConnection } from './copy-connection.js';
import type { CopyPool } from './copy-pool.js';
import type { Flight } from './flight.js';
import { type RouteRecord, RouteReason, type RoutingExplanation } from './route-record.js';
import { type OpenedSession, type Session, Sessions } from './sessions.js';

/** One choice in so many is recorded. */
export const sampledEvery = 1000;
/** Records kept of a lane. */
export const recordsMax = 64;

/** What of a lane's route says how to choose. */
export interface RoutingRules {
  readonly component: InferenceComponent;
  readonly strategy: RoutingStrategy;
  readonly prefix?: PrefixRouting;
}

export interface LaneRoutingParts {
  readonly clock: Clock;
  readonly random: Random;
}

export class LaneRouting {
  private readonly sessions = new Sessions();
  /** The oldest first. */
  private readonly records: RouteRecord[] = [];
  private choices = 0;
  /** One object for all choices: nothing is allocated for a choice. */
  private readonly ask = { chance: 0, prefixKey: 0, concurrencyThreshold: Infinity };

  constructor(
    private rules: RoutingRules,
    private readonly parts: LaneRoutingParts,
    private readonly pool: CopyPool,
  ) {}

  update(rules: RoutingRules): void {
    this.rules = rules;
  }

  /** Of that key. Throws CAP-112 when there are too many. */
  openSession(key: string): OpenedSession {
    const { clock, random } = this.parts;
    const { component } = this.rules;
    const seconds = component.options.sessionSecondsMax;
    const id = random.id();
    this.sessions.open(id, { component: component.name, key }, seconds * 1000, clock.now());
    return { id, expiresAt: (Math.floor(clock.wallNow() / 1000) + seconds) * 1000 };
  }

  /** True when there was such a session. */
  closeSession(id: string): boolean {
    return this.sessions.close(id, this.parts.clock.now());
  }

  /** The copy for a flight, or null when none has room. */
  pick(flight: Flight): CopyConnection | null {
    // A request whose answer has begun goes on with the model that began it.
    const generation = flight.isResumed ? (flight.copy?.generation ?? null) : null;
    const session = this.sessionOf(flight);
    const bound = session === null ? undefined : this.connectionOf(session);
    let reason: RouteReason = RouteReason.Strategy;
    let picked: CopyConnection | null = null;
    this.ask.chance = this.parts.random.next();
    const ask = this.askOf(flight);
    const isBound = session !== null && this.isBound(session);
    if (session !== null && bound !== undefined && this.mayKeep(session, bound, generation)) {
      picked = bound;
      reason = RouteReason.Session;
    } else if (!isBound) {
      if (session !== null && session.copy !== null) reason = RouteReason.SessionMoved;
      picked = this.pool.pick(this.rules.strategy, ask, generation);
    }
    if (picked !== null) this.sample(flight, picked, reason, generation);
    return picked;
  }

  /** The flight has been given to that copy. */
  noteHandOver(flight: Flight, { route }: CopyConnection): void {
    const { request } = flight;
    if (request.isExplained === true) flight.tellRoute(route.copy.id);
    const session = this.sessionOf(flight);
    if (session === null) return;
    const key = copyKey(route.copy);
    const before = this.connectionOf(session);
    // A copy that is only full for a moment keeps the session: what is cached is there.
    if (before === undefined || !this.pool.mayServeAny(before)) session.copy = key;
  }

  /** Why the flight can never have a copy: its session's state was in one that is gone; null = it can. */
  refusalOf(flight: Flight): StowageError | null {
    const session = this.sessionOf(flight);
    if (session === null || !this.isBound(session) || session.copy === null) return null;
    if (this.connectionOf(session) !== undefined) return null;
    return StowageError.of('RUN-313', { copy: session.copy });
  }

  /** True when it waits for one copy only: those behind it need not. */
  waitsForOneCopy(flight: Flight): boolean {
    const session = this.sessionOf(flight);
    return session !== null && this.isBound(session);
  }

  explain(): RoutingExplanation {
    const { component, strategy, prefix } = this.rules;
    return {
      component: component.name,
      endpoint: component.endpoint,
      strategy,
      ...(strategy === RoutingStrategy.PrefixAware ? { prefix: prefix ?? prefixRoutingDefault } : {}),
      choices: this.choices,
      sampledEvery,
      sessions: this.sessions.size,
      records: [...this.records].reverse(),
    };
  }

  private sessionOf({ request }: Flight): Session | null {
    if (request.session === undefined) return null;
    const lifeMs = this.rules.component.options.sessionSecondsMax * 1000;
    return this.sessions.of(request.session, lifeMs, this.parts.clock.now());
  }

  private connectionOf({ copy }: Session): CopyConnection | undefined {
    return copy === null ? undefined : this.pool.find(copy);
  }

  /** Containers may keep what an opened session is about; another copy does not have it. */
  private isBound(session: Session): boolean {
    return session.isOpened && session.copy !== null && this.rules.component.engine === EngineKind.Container;
  }

  private mayKeep(session: Session, bound: CopyConnection, generation: number | null): boolean {
    if (!bound.isUsable || !hasRoom(bound)) return false;
    if (generation !== null && bound.route.generation !== generation) return false;
    if (this.isBound(session)) return true;
    // Traffic that was shifted away from its group is not to come back by affinity.
    if (!this.pool.mayServeAny(bound)) return false;
    if (session.isOpened) return true;
    const { outstanding, copies } = this.pool.openLoad();
    return mayKeepAffinity(bound.outstanding, outstanding, copies);
  }

  private askOf(flight: Flight): RoutingAsk {
    const { ask } = this;
    const { strategy, prefix = prefixRoutingDefault } = this.rules;
    if (strategy === RoutingStrategy.PrefixAware) {
      ask.prefixKey = flight.prefixKey ??= prefixKeyOf(flight.request, prefix.prefixLength);
      ask.concurrencyThreshold = prefix.concurrencyThreshold;
    } else if (strategy === RoutingStrategy.FastestFirstToken) {
      flight.prefix ??= prefixOf(flight.request);
      this.pool.estimate(flight.prefix, this.parts.clock.now());
    }
    return ask;
  }

  private sample(
    flight: Flight,
    picked: CopyConnection,
    reason: RouteReason,
    generation: number | null,
  ): void {
    const isSampled = this.choices++ % sampledEvery === 0;
    if (!isSampled && flight.request.isExplained !== true) return;
    const { strategy } = this.rules;
    this.records.push({
      at: this.parts.clock.wallNow(),
      request: flight.request.id,
      strategy,
      reason,
      picked: picked.id,
      copies: this.candidates(picked, generation),
    });
    if (this.records.length > recordsMax) this.records.shift();
  }

  private candidates(picked: CopyConnection, generation: number | null): readonly RouteCandidate[] {
    const { ask } = this;
    const { strategy } = this.rules;
    const all = this.pool.all();
    const earlier = (copy: CopyConnection): RouteFilter | null => {
      if (!copy.isUsable) return RouteFilter.NotConnected;
      if (generation !== null && copy.route.generation !== generation) return RouteFilter.OtherGeneration;
      return copy.group === picked.group ? null : RouteFilter.OtherGroup;
    };
    const others = all.filter((copy) => earlier(copy) === null);
    return all.map((copy) => {
      const fellFor = earlier(copy) ?? filterOf(copy, strategy, ask, others);
      const { outstanding, capacity, route } = copy;
      const { id, incarnation } = route.copy;
      const scored = fellFor === null ? scoreOf(copy, strategy, ask) : { score: null, terms: {} };
      return { copy: id, incarnation, outstanding, capacity, fellFor, ...scored };
    });
  }
}
