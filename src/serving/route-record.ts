/** What is told of how requests find their copy. */
import type { PrefixRouting } from '../contracts/route-feed.js';
import type { RouteCandidate } from '../decide/routing/explain-pick.js';
import type { RoutingStrategy } from '../domain/component.js';

export type { RouteCandidate } from '../decide/routing/explain-pick.js';

/** What decided. */
export const RouteReason = {
  /** The highest score. */
  Strategy: 'strategy',
  /** The calls of its session go there. */
  Session: 'session',
  /** Its session's copy is gone, full or has more than its part, so the highest score decided. */
  SessionMoved: 'session-moved',
} as const;
export type RouteReason = (typeof RouteReason)[keyof typeof RouteReason];

/** One choice. */
export interface RouteRecord {
  /** Wall clock, milliseconds. */
  readonly at: number;
  /** The request's id. */
  readonly request: string;
  readonly strategy: RoutingStrategy;
  readonly reason: RouteReason;
  /** The copy it went to. */
  readonly picked: string;
  /** All that the route table named, as they were before. */
  readonly copies: readonly RouteCandidate[];
}

/** How one component's requests find their copies. */
export interface RoutingExplanation {
  readonly component: string;
  readonly endpoint: string;
  readonly strategy: RoutingStrategy;
  /** Of PREFIX_AWARE. */
  readonly prefix?: PrefixRouting;
  /** Since serving started. */
  readonly choices: number;
  /** One choice in so many is recorded, and each whose caller asked for it. */
  readonly sampledEvery: number;
  /** Sessions that are open or were named lately. */
  readonly sessions: number;
  /** The latest first. */
  readonly records: readonly RouteRecord[];
}
