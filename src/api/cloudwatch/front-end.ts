/**
 * CloudWatch's metrics and alarms: `POST /` with the operation in `X-Amz-Target`, JSON in and out, which is what current SDKs choose.
 * Two older or newer protocols have front ends of their own beside this one (`query-front-end.ts`,
 * `cbor-front-end.ts`): same operations, other bytes. Holds no state.
 */
import type { EncodedError, FrontEnd, Route } from '../http/exchange.js';
import { parseObject } from '../json-body/fields.js';
import {
  callBodyBytesMax,
  type ServedOperation,
  ServiceCalls,
  type ServiceCallsParts,
} from '../service-model/service-calls.js';
import { monitoringService } from './coverage.js';
import { errorHeaders, monitoringError } from './errors.js';
import { plainBody } from './plain-body.js';

const contentType = 'application/x-amz-json-1.0';
const targetPrefix = `${monitoringService.model.metadata.targetPrefix}.`;

export function createCloudWatchFrontEnd(parts: ServiceCallsParts): FrontEnd {
  const calls = new ServiceCalls('CloudWatch', monitoringService, parts);
  const routes = new Map(calls.all.map((operation) => [operation.name as string, routeOf(calls, operation)]));
  return {
    name: 'cloudwatch',
    encodeError,
    route: (method, path, headers) => {
      const target = headers['x-amz-target'];
      if (path !== '/' || method !== 'POST' || typeof target !== 'string') return undefined;
      if (!target.startsWith(targetPrefix)) return undefined;
      const name = target.slice(targetPrefix.length);
      return routes.get(name) ?? unknownRoute(calls, name);
    },
  };
}

function routeOf(calls: ServiceCalls, operation: ServedOperation): Route {
  return {
    action: `cloudwatch:${operation.name}`,
    bodyBytesMax: callBodyBytesMax,
    handle: (exchange) => {
      const { id } = exchange;
      const body = plainBody(exchange, callBodyBytesMax);
      const answer = calls.run(operation, exchange, body.length === 0 ? {} : parseObject(body));
      const headers = { 'content-type': contentType, 'x-amzn-RequestId': id };
      exchange.respond(200, headers, answer === null ? '' : JSON.stringify(answer));
    },
  };
}

/** Only callers with a key are told which operations there are. */
function unknownRoute(calls: ServiceCalls, name: string): Route {
  return {
    action: 'cloudwatch:Unknown',
    bodyBytesMax: callBodyBytesMax,
    handle: () => {
      calls.operation(name);
    },
  };
}

function encodeError(thrown: unknown, requestId: string): EncodedError {
  const error = monitoringError(thrown);
  return {
    status: error.status,
    headers: { 'content-type': contentType, ...errorHeaders(error, requestId) },
    body: JSON.stringify({ __type: error.name, message: error.message }),
  };
}
