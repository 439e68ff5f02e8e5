/**
 * How requests find their copies: `GET /admin/v1/routing?component=NAME`, read-only, of this serving process. The shape
 * is in `contract.ts`.
 */
import { StowageError } from '../../domain/errors.js';
import type { RoutingDesk, Serving } from '../../serving/facade.js';
import type { Exchange, FrontEnd, Route } from '../http/exchange.js';
import { scopeOfCall } from '../http/scope-of-call.js';
import type { RoutingAnswer } from './contract.js';
import { encodeAdminError } from './errors.js';

export interface RoutingParts {
  readonly serving: RoutingDesk & Pick<Serving, 'resolve'>;
  /** What callers without a region mean. */
  readonly homeRegion: string;
}

const path = '/admin/v1/routing';
const bodyBytesMax = 4096;
const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };

export function createRoutingFrontEnd(parts: RoutingParts): FrontEnd {
  const route: Route = {
    action: 'stowage:Explain',
    bodyBytesMax,
    handle: (exchange) => exchange.respond(200, headers, JSON.stringify(answerOf(parts, exchange))),
  };
  return {
    name: 'admin-routing',
    encodeError: encodeAdminError,
    route: (method, asked) => {
      if (asked !== path) return undefined;
      if (method !== 'GET' && method !== 'HEAD') throw StowageError.of('REQ-215', { method, allowed: 'GET' });
      return route;
    },
  };
}

function answerOf({ serving, homeRegion }: RoutingParts, { principal, query }: Exchange): RoutingAnswer {
  const component = query.get('component');
  if (component === null || component === '') {
    throw StowageError.of('REQ-210', { problem: '`component` is required', field: 'component' });
  }
  const region = query.get('region');
  const own = scopeOfCall(principal, homeRegion);
  const scope = region === null || region === '' ? own : { ...own, region };
  return serving.explainRouting(serving.resolve(scope, query.get('endpoint'), component, null));
}
