/**
 * SageMaker's control plane: `POST /` with the operation in `X-Amz-Target`, JSON in and out. A call is read and checked
 * by the published service model, run by control in the caller's account and region, and what it changed is durable
 * when it is answered. Holds no state.
 *
 * It takes every `POST /`, so that calls of unknown operations and services are answered as AWS answers them; dialects
 * that share the address are asked before it.
 */
import type { Exchange, FrontEnd, RequestHeaders, Route } from '../../http/exchange.js';
import { parseObject } from '../../json-body/fields.js';
import {
  callBodyBytesMax,
  type ServedOperation,
  ServiceCalls,
  type ServiceCallsParts,
} from '../../service-model/service-calls.js';
import { controlService } from './coverage.js';
import { controlContentType, encodeControlError } from './errors.js';

const targetPrefix = `${controlService.model.metadata.targetPrefix}.`;
const targetPattern = /^[A-Za-z]{1,100}$/;

export function createControlFrontEnd(parts: ServiceCallsParts): FrontEnd {
  const calls = new ServiceCalls('SageMaker', controlService, parts);
  const routes = new Map(calls.all.map((operation) => [operation.name as string, routeOf(calls, operation)]));
  return {
    name: 'sagemaker-control',
    encodeError: encodeControlError,
    route: (method, path, headers) => {
      if (path !== '/' || method !== 'POST') return undefined;
      const name = operationName(headers);
      return routes.get(name) ?? unknownRoute(calls, name);
    },
  };
}

function routeOf(calls: ServiceCalls, operation: ServedOperation): Route {
  return {
    action: `sagemaker:${operation.name}`,
    bodyBytesMax: callBodyBytesMax,
    handle: (exchange) => {
      const { body } = exchange;
      const answer = calls.run(operation, exchange, body.length === 0 ? {} : parseObject(body));
      respond(exchange, answer === null ? '' : JSON.stringify(answer));
    },
  };
}

/** Only callers with a key are told which operations there are. */
function unknownRoute(calls: ServiceCalls, name: string): Route {
  return {
    action: `sagemaker:${targetPattern.test(name) ? name : 'Unknown'}`,
    bodyBytesMax: callBodyBytesMax,
    handle: () => {
      calls.operation(name);
    },
  };
}

function respond(exchange: Exchange, body: string): void {
  exchange.respond(200, { 'content-type': controlContentType, 'x-amzn-RequestId': exchange.id }, body);
}

/** The name after the service's prefix; the whole target when it is another service's. */
function operationName(headers: RequestHeaders): string {
  const target = headers['x-amz-target'];
  if (typeof target !== 'string') return '';
  return target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : target;
}
