/** Routes travel from control to serving as whole tables; serving swaps them in whole. */
import type { CopyRef } from '../domain/copy.js';
import type { Endpoint } from '../domain/component.js';

export interface CopyRoute {
  readonly copy: CopyRef;
  /** `endpoint/name` of the component it serves. */
  readonly component: string;
  readonly address: string;
  /** Requests it computes at once. */
  readonly capacity: number;
}

export interface RouteTable {
  /** Rises with every change. */
  readonly revision: number;
  readonly endpoints: readonly Endpoint[];
  readonly copies: readonly CopyRoute[];
}

export interface RouteFeed {
  current(): RouteTable;
  /** Calls back after each new table; the result unsubscribes. */
  onTable(listener: (table: RouteTable) => void): () => void;
}
