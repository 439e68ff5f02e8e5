/** What others may ask of control: to want something else, to be told routes, and to say why things are as they are. */
import type { RouteFeed } from '../contracts/route-feed.js';
import type { Endpoint } from '../domain/component.js';
import type { CopyState } from '../domain/copy.js';
import type { ErrorData } from '../domain/errors.js';

/** One copy, or one place for a copy that has none. */
export interface CopyExplanation {
  readonly id: string;
  /** Null when no process exists. */
  readonly incarnation: number | null;
  readonly generation: number;
  readonly state: CopyState | 'waiting';
  /** By the control's clock; null when no process exists. */
  readonly since: number | null;
  /** Why it is in this state, a phrase for people. */
  readonly reason: string;
  /** What it is waiting for comes at this time at the latest; null = unknown. */
  readonly nextAt: number | null;
  readonly error: ErrorData | null;
  readonly loading: { readonly phase: string; readonly fraction: number } | null;
  readonly threads: number | null;
  readonly pid: number | null;
}

export interface ComponentExplanation {
  /** `endpoint/name`. */
  readonly component: string;
  /** 0 when it is no longer wanted and its last copies are going. */
  readonly copiesWanted: number;
  readonly copiesReady: number;
  readonly copies: readonly CopyExplanation[];
}

export interface Control {
  readonly feed: RouteFeed;
  /** What should run from now on; whole, not a change. */
  setDesired(endpoints: readonly Endpoint[]): void;
  /** Every component and copy with its state and the reason, in the order of the configuration. */
  explain(): readonly ComponentExplanation[];
  /** Calls back after a copy changed its state; the result unsubscribes. */
  onChange(listener: () => void): () => void;
  /**
   * Wants nothing any more: drains all copies, for `drainMsMax` at most, and removes them. Resolves when the
   * fleet has none left, or gives up a few seconds after that. May be repeated.
   */
  close(drainMsMax?: number): Promise<void>;
}
