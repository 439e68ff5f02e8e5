/** What the admin addresses answer with. The only file of the server that the console may import. */
import type { ComponentExplanation, EndpointExplanation } from '../../control/facade.js';
import type { RoutingExplanation } from '../../serving/facade.js';

export type {
  ComponentExplanation,
  CopyExplanation,
  EndpointExplanation,
  ScalingExplanation,
} from '../../control/facade.js';

export type { RouteCandidate, RouteRecord, RoutingExplanation } from '../../serving/facade.js';

/** `GET /health` and `GET /ping`, without credentials. */
export interface Health {
  /**
   * `ok` (200): every component can be served. `degraded` (200): so too, but nothing can be changed, because the
   * control process does not answer. `starting` (503): some component has no ready copy.
   */
  readonly status: 'ok' | 'degraded' | 'starting';
  readonly control: 'reachable' | 'unreachable';
}

/**
 * Every address below takes `?region=NAME` (the server's home region when left out) and means the account of the key.
 * Errors are `AdminError`.
 */
export interface ComponentList {
  /** `GET /admin/explain`: in order of names. */
  readonly components: readonly ComponentExplanation[];
}

/** `GET /admin/explain/endpoint/NAME`. NAME-410 when there is none. */
export type EndpointAnswer = EndpointExplanation;

/** `GET /admin/explain/component/NAME`. NAME-410 when there is none. */
export type ComponentAnswer = ComponentExplanation;

/** `GET /admin/v1/routing?component=NAME`, also `endpoint=NAME`. NAME-404 when there is none. */
export type RoutingAnswer = RoutingExplanation;

/** `GET /admin/logs/COPY?lines=N`, N in 1..10,000, 100 when left out. NAME-404 when there is no such copy. */
export interface CopyLog {
  readonly copy: string;
  /** Oldest first. */
  readonly lines: readonly string[];
}

/** What any of these addresses answers when it refuses or fails. */
export interface AdminError {
  /** A row of the error table. */
  readonly code: string;
  readonly message: string;
  readonly mend: string;
}
