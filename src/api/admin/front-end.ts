/**
 * Addresses for those who run the server: `/metrics` (credentials as everywhere), and `/health` and
 * `/ping`, which say without credentials whether every component can be served, and nothing more.
 */
import { StowageError } from '../../domain/errors.js';
import type { Exchange, FrontEnd, Route } from '../http/exchange.js';
import type { Health } from './contract.js';
import { encodeAdminError } from './errors.js';

export interface AdminParts {
  /** True when every component has a ready copy. */
  readonly isReady: () => boolean;
  /** True when the control process answers; always when left out. */
  readonly isControlReachable?: () => boolean;
  /** All metrics as Prometheus text. */
  readonly metricsText: (exchange: Exchange) => string | Promise<string>;
}

const bodyBytesMax = 4096;
const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8';

export function createAdminFrontEnd(parts: AdminParts): FrontEnd {
  const health: Route = {
    action: null,
    bodyBytesMax,
    handle: (exchange) => {
      const body = healthOf(parts);
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
      exchange.respond(body.status === 'starting' ? 503 : 200, headers, JSON.stringify(body));
    },
  };
  const metrics: Route = {
    action: 'stowage:ReadMetrics',
    bodyBytesMax,
    handle: async (exchange: Exchange) => {
      exchange.respond(200, { 'content-type': metricsContentType }, await parts.metricsText(exchange));
    },
  };
  const routes: ReadonlyMap<string, Route> = new Map([
    ['/health', health],
    ['/ping', health],
    ['/metrics', metrics],
  ]);
  return {
    name: 'admin',
    encodeError: encodeAdminError,
    route: (method, path) => {
      const route = routes.get(path);
      if (route === undefined || method === 'GET' || method === 'HEAD') return route;
      throw StowageError.of('REQ-215', { method, allowed: 'GET' });
    },
  };
}

function healthOf({ isReady, isControlReachable = () => true }: AdminParts): Health {
  const control = isControlReachable() ? 'reachable' : 'unreachable';
  if (!isReady()) return { status: 'starting', control };
  return { status: control === 'reachable' ? 'ok' : 'degraded', control };
}
