/** Routes travel from control to serving as whole tables; serving swaps them in whole. */
import type { CopyRef } from '../domain/copy.js';
import type { InferenceComponent, RoutingStrategy } from '../domain/component.js';
import type { ErrorData } from '../domain/errors.js';
import type { Scope } from '../domain/scope.js';

export interface CopyRoute {
  readonly copy: CopyRef;
  /** `componentKey` of what it serves, and the generation of that: copies of one generation compute the same. */
  readonly component: string;
  readonly generation: number;
  readonly address: string;
  /** Requests it computes at once. */
  readonly capacity: number;
  /** Copies of a group share the group's part of the traffic: the endpoint's generation. */
  readonly group: number;
}

/** A part of a component's requests that goes to the copies of one group. */
export interface GroupShare {
  readonly group: number;
  /** Percent, 0..100; over all groups 100. A group without a ready copy gives its part to the others. */
  readonly percent: number;
}

/** SageMaker's PrefixAwareRoutingConfig. */
export interface PrefixRouting {
  /** How much of a request's beginning says where it goes: bytes of a body, characters of messages. */
  readonly prefixLength: number;
  /** A copy with so many requests in flight gets no more for its prefixes' sake while another has fewer. */
  readonly concurrencyThreshold: number;
}

/** Where the configuration says nothing of it. */
export const prefixRoutingDefault: PrefixRouting = { prefixLength: 1024, concurrencyThreshold: 32 };

export interface VariantRoute {
  readonly name: string;
  /** ≥ 0; its share of the requests that name no variant is its weight over the sum of all. */
  readonly weight: number;
  readonly routing: RoutingStrategy;
  /** Of PREFIX_AWARE. */
  readonly prefix?: PrefixRouting;
  /** `componentKey` of its own model; null = it is for inference components. */
  readonly model: string | null;
  /** It is sent copies of requests with this probability, 0..1, and its answers are dropped; null = it is a production variant. */
  readonly shadow: number | null;
}

/** What has copies: an inference component, or a variant's own model. */
export interface ComponentRoute {
  readonly component: InferenceComponent;
  readonly shares: readonly GroupShare[];
  /** Why it has no ready copy and will have none before somebody mends it; requests are answered with it at once. */
  readonly refusal: ErrorData | null;
  /** It scales by itself: requests that find no copy are held, and that they wait brings one; absent = it does not. */
  readonly wakes?: boolean;
}

export interface EndpointRoute {
  readonly scope: Scope;
  readonly name: string;
  readonly variants: readonly VariantRoute[];
  readonly components: readonly ComponentRoute[];
}

export interface RouteTable {
  /** Rises with every change, also over restarts of control. */
  readonly revision: number;
  readonly endpoints: readonly EndpointRoute[];
  readonly copies: readonly CopyRoute[];
}

export const emptyRouteTable: RouteTable = { revision: 0, endpoints: [], copies: [] };

export interface RouteFeed {
  current(): RouteTable;
  /** Calls back after each new table; the result unsubscribes. */
  onTable(listener: (table: RouteTable) => void): () => void;
}
