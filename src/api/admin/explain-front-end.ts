/**
 * Why things are as they are, and what copies printed: `/admin/explain…` and `/admin/logs/…`, read-only. The shapes
 * are in `contract.ts`.
 */
import type { Control } from '../../control/facade.js';
import { StowageError } from '../../domain/errors.js';
import type { Scope } from '../../domain/scope.js';
import type { Exchange, FrontEnd, Route } from '../http/exchange.js';
import { pathParts } from '../http/path.js';
import { scopeOfCall } from '../http/scope-of-call.js';
import type { ComponentAnswer, ComponentList, CopyLog, EndpointAnswer } from './contract.js';
import { encodeAdminError } from './errors.js';

export interface ExplainParts {
  readonly control: Pick<Control, 'explain' | 'explainComponent' | 'explainEndpoint' | 'logs'>;
  /** What callers without a region mean. */
  readonly homeRegion: string;
}

const root = '/admin/';
const bodyBytesMax = 4096;
const linesDefault = 100;
const linesMax = 10_000;
const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };

/** What is answered, from the scope that is asked about. */
type Answer = (scope: Scope, exchange: Exchange) => object | Promise<object>;

export function createExplainFrontEnd(parts: ExplainParts): FrontEnd {
  return {
    name: 'admin-explain',
    encodeError: encodeAdminError,
    route: (method, path) => {
      const found = answerOf(parts.control, path);
      if (found === null) return undefined;
      if (method !== 'GET' && method !== 'HEAD') throw StowageError.of('REQ-215', { method, allowed: 'GET' });
      return routeOf(parts, found.action, found.answer);
    },
  };
}

function routeOf(parts: ExplainParts, action: string, answer: Answer): Route {
  return {
    action,
    bodyBytesMax,
    handle: async (exchange) => {
      const region = exchange.query.get('region');
      const own = scopeOfCall(exchange.principal, parts.homeRegion);
      const scope = region === null || region === '' ? own : { ...own, region };
      exchange.respond(200, headers, JSON.stringify(await answer(scope, exchange)));
    },
  };
}

function answerOf(control: ExplainParts['control'], path: string): { action: string; answer: Answer } | null {
  if (!path.startsWith(root)) return null;
  const [, verb, kind, name, ...rest] = pathParts(path) ?? [];
  if (rest.length > 0) return null;
  if (verb === 'logs' && kind !== undefined && kind !== '' && name === undefined) {
    return { action: 'stowage:ReadLogs', answer: logsOf(control, kind) };
  }
  if (verb !== 'explain') return null;
  const action = 'stowage:Explain';
  if (kind === undefined) {
    return { action, answer: (scope): ComponentList => ({ components: control.explain(scope) }) };
  }
  if (name === undefined || name === '') return null;
  switch (kind) {
    case 'endpoint':
      return { action, answer: (scope): EndpointAnswer => control.explainEndpoint(scope, name) };
    case 'component':
      return { action, answer: (scope): ComponentAnswer => control.explainComponent(scope, name) };
    default:
      return null;
  }
}

function logsOf(control: ExplainParts['control'], copy: string): Answer {
  return async (scope, exchange): Promise<CopyLog> => {
    const text = exchange.query.get('lines');
    const lines = text === null ? linesDefault : /^\d{1,5}$/.test(text) ? Number(text) : NaN;
    if (!(lines >= 1 && lines <= linesMax)) {
      const problem = `lines must be a whole number from 1 to ${linesMax}`;
      throw StowageError.of('REQ-210', { problem, field: 'lines' });
    }
    return { copy, lines: await control.logs(scope, copy, lines) };
  };
}
