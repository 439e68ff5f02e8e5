/**
 * Addresses for those who run the server: `/metrics` (credentials as everywhere), and `/health` and
 * `/ping`, which say without credentials whether every component can be served, and nothing more.
 */
import { asStowageError, StowageError } from '../../domain/errors.js';
import type { Exchange, FrontEnd, Route } from '../http/exchange.js';
import type { Health } from './contract.js';

export interface AdminParts {
  /** True when every component has a ready copy. */
  readonly isReady: () => boolean;
  /** All metrics as Prometheus text. */
  readonly metricsText: () => string | Promise<string>;
}

const bodyBytesMax = 4096;
const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8';

export function createAdminFrontEnd(parts: AdminParts): FrontEnd {
  const health: Route = {
    action: null,
    bodyBytesMax,
    handle: (exchange) => {
      const body: Health = { status: parts.isReady() ? 'ok' : 'starting' };
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
      exchange.respond(body.status === 'ok' ? 200 : 503, headers, JSON.stringify(body));
    },
  };
  const metrics: Route = {
    action: 'stowage:ReadMetrics',
    bodyBytesMax,
    handle: async (exchange: Exchange) => {
      exchange.respond(200, { 'content-type': metricsContentType }, await parts.metricsText());
    },
  };
  const routes: ReadonlyMap<string, Route> = new Map([
    ['/health', health],
    ['/ping', health],
    ['/metrics', metrics],
  ]);
  return {
    name: 'admin',
    encodeError,
    route: (method, path) => {
      const route = routes.get(path);
      if (route === undefined || method === 'GET' || method === 'HEAD') return route;
      throw StowageError.of('REQ-215', { method, allowed: 'GET' });
    },
  };
}

const statusByCode: Readonly<Record<string, number>> = {
  'REQ-211': 413,
  'REQ-215': 405,
  'KEY-403': 403,
};

const statusByFault = {
  caller: 400,
  access: 401,
  missing: 404,
  capacity: 503,
  model: 500,
  host: 500,
  stowage: 500,
} as const;

function encodeError(thrown: unknown): ReturnType<FrontEnd['encodeError']> {
  const error = asStowageError(thrown);
  const status = statusByCode[error.code] ?? statusByFault[error.row.fault];
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (status === 503) headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterSeconds ?? 1)));
  const { code, message, mend } = error;
  return { status, headers, body: JSON.stringify({ code, message, mend }) };
}
