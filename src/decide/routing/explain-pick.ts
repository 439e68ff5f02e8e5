/** A choice as people are told of it: which copies fell at the filter and why, and what the others scored. */
import { RoutingStrategy } from '../../domain/component.js';
import { expectedFirstTokenMs, firstTokenScore } from './first-token.js';
import { hasRoom, type RoutableCopy, type RoutingAsk } from './pick-copy.js';
import { hashName, ownerScore } from './prefix-owner.js';

/** Why a copy could not be chosen. */
export const RouteFilter = {
  /** Serving has no open connection to it. */
  NotConnected: 'not-connected',
  /** The answer has begun with another generation of the model. */
  OtherGeneration: 'other-generation',
  /** The request's part of the traffic goes to another fleet of the endpoint. */
  OtherGroup: 'other-group',
  /** It has as many requests as it may hold. */
  Full: 'full',
  /** It has as many requests in flight as `ConcurrencyThreshold` says, and another has fewer. */
  AtThreshold: 'at-threshold',
} as const;
export type RouteFilter = (typeof RouteFilter)[keyof typeof RouteFilter];

/** One copy's part in a choice. */
export interface RouteCandidate {
  readonly copy: string;
  readonly incarnation: number;
  readonly outstanding: number;
  readonly capacity: number;
  /** Null = it could be chosen. */
  readonly fellFor: RouteFilter | null;
  /** [0, 1], the highest wins; null where it fell. */
  readonly score: number | null;
  /** What the score was made of, by name and unit. */
  readonly terms: Readonly<Record<string, number>>;
}

/** The strategy's own filter; `others` are all copies that passed the filters before it. */
export function filterOf(
  copy: RoutableCopy,
  strategy: RoutingStrategy,
  { concurrencyThreshold }: RoutingAsk,
  others: readonly RoutableCopy[],
): RouteFilter | null {
  if (!hasRoom(copy)) return RouteFilter.Full;
  if (strategy !== RoutingStrategy.PrefixAware || copy.outstanding < concurrencyThreshold) return null;
  const isSpilling = others.some((other) => hasRoom(other) && other.outstanding < concurrencyThreshold);
  return isSpilling ? RouteFilter.AtThreshold : null;
}

/** The score that the strategy goes by, and its terms. */
export function scoreOf(
  copy: RoutableCopy,
  strategy: RoutingStrategy,
  ask: RoutingAsk,
): Pick<RouteCandidate, 'score' | 'terms'> {
  const { outstanding } = copy;
  const fewest = { score: 1 / (1 + outstanding), terms: { outstanding } };
  switch (strategy) {
    case RoutingStrategy.Random:
      return { score: 1, terms: {} };
    case RoutingStrategy.LeastOutstandingRequests:
      return fewest;
    case RoutingStrategy.PrefixAware: {
      if (outstanding >= ask.concurrencyThreshold) return fewest;
      const { prefixKey } = ask;
      return { score: ownerScore(prefixKey, copy.idHash ?? hashName(copy.id)), terms: { prefixKey } };
    }
    case RoutingStrategy.FastestFirstToken: {
      const { firstToken } = copy;
      if (firstToken === undefined) return { score: 1, terms: {} };
      const expectedMs = expectedFirstTokenMs(firstToken, outstanding);
      return { score: firstTokenScore(firstToken, outstanding), terms: { ...firstToken, expectedMs } };
    }
    default:
      return strategy satisfies never;
  }
}
