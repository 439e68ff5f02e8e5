/**
 * A service of the JSON protocols: `POST /` with the operation in `X-Amz-Target`, JSON in and out. A call is read and
 * checked by the published service model and run by control in the caller's account and region. Holds no state.
 */
import type { Exchange, FrontEnd, Route } from '../http/exchange.js';
import { parseObject } from '../json-body/fields.js';
import type { ServiceDescription } from './coverage.js';
import {
  callBodyBytesMax,
  type ServedOperation,
  ServiceCalls,
  type ServiceCallsParts,
} from './service-calls.js';

export interface JsonService {
  /** Of the front end, and the first part of its actions, e.g. `cloudwatch`. */
  readonly name: string;
  /** For messages, e.g. `CloudWatch`. */
  readonly title: string;
  readonly description: ServiceDescription;
  /** `application/x-amz-json-1.0` or `-1.1`. */
  readonly contentType: string;
  readonly encodeError: FrontEnd['encodeError'];
  /** The bytes of a call as JSON text; as they came when left out. Throws rows of the table. */
  readonly bodyOf?: (exchange: Exchange) => Exchange['body'];
}

/** Takes the calls whose target begins as the service's do, and leaves the others. */
export function createJsonFrontEnd(service: JsonService, parts: ServiceCallsParts): FrontEnd {
  const { name, title, description, encodeError } = service;
  const calls = new ServiceCalls(title, description, parts);
  const routes = new Map(
    calls.all.map((operation) => [operation.codec.name, routeOf(service, calls, operation)]),
  );
  const prefix = `${description.model.metadata.targetPrefix}.`;
  return {
    name,
    encodeError,
    route: (method, path, headers) => {
      const target = headers['x-amz-target'];
      if (path !== '/' || method !== 'POST' || typeof target !== 'string') return undefined;
      if (!target.startsWith(prefix)) return undefined;
      const asked = target.slice(prefix.length);
      return routes.get(asked) ?? unknownRoute(service, calls, asked);
    },
  };
}

function routeOf(service: JsonService, calls: ServiceCalls, operation: ServedOperation): Route {
  const { name, contentType, bodyOf = bodyAsItCame } = service;
  return {
    action: `${name}:${operation.codec.name}`,
    bodyBytesMax: callBodyBytesMax,
    handle: (exchange) => {
      const body = bodyOf(exchange);
      const answer = calls.run(operation, exchange, body.length === 0 ? {} : parseObject(body));
      const headers = { 'content-type': contentType, 'x-amzn-RequestId': exchange.id };
      exchange.respond(200, headers, answer === null ? '' : JSON.stringify(answer));
    },
  };
}

function bodyAsItCame({ body }: Exchange): Exchange['body'] {
  return body;
}

/** Only callers with a key are told which operations there are. */
function unknownRoute({ name }: JsonService, calls: ServiceCalls, asked: string): Route {
  return {
    action: `${name}:Unknown`,
    bodyBytesMax: callBodyBytesMax,
    handle: () => {
      calls.operation(asked);
    },
  };
}
