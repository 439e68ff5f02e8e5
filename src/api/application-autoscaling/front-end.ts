/**
 * Application Auto Scaling: `POST /` with the operation in `X-Amz-Target`, JSON in and out. A call is read and checked by
 * the published service model and run by control in the caller's account and region. Holds no state.
 */
import type { FrontEnd, Route } from '../http/exchange.js';
import { parseObject } from '../json-body/fields.js';
import {
  callBodyBytesMax,
  type ServedOperation,
  ServiceCalls,
  type ServiceCallsParts,
} from '../service-model/service-calls.js';
import { scalingService } from './coverage.js';
import { encodeScalingError, scalingContentType } from './errors.js';

const targetPrefix = `${scalingService.model.metadata.targetPrefix}.`;

export function createScalingFrontEnd(parts: ServiceCallsParts): FrontEnd {
  const calls = new ServiceCalls('Application Auto Scaling', scalingService, parts);
  const routes = new Map(calls.all.map((operation) => [operation.codec.name, routeOf(calls, operation)]));
  return {
    name: 'application-autoscaling',
    encodeError: encodeScalingError,
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
    action: `application-autoscaling:${operation.codec.name}`,
    bodyBytesMax: callBodyBytesMax,
    handle: (exchange) => {
      const { body, id } = exchange;
      const answer = calls.run(operation, exchange, body.length === 0 ? {} : parseObject(body));
      const headers = { 'content-type': scalingContentType, 'x-amzn-RequestId': id };
      exchange.respond(200, headers, answer === null ? '' : JSON.stringify(answer));
    },
  };
}

/** Only callers with a key are told which operations there are. */
function unknownRoute(calls: ServiceCalls, name: string): Route {
  return {
    action: 'application-autoscaling:Unknown',
    bodyBytesMax: callBodyBytesMax,
    handle: () => {
      calls.operation(name);
    },
  };
}
