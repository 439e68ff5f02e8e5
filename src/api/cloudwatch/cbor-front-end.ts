/**
 * CloudWatch's metrics and alarms in Smithy's RPC protocol with CBOR bodies, which some SDKs choose first: the operation is in the
 * path, `POST /service/GraniteServiceVersion20100801/operation/NAME`.
 */
import type { EncodedAnswer, FrontEnd, Route } from '../http/exchange.js';
import {
  callBodyBytesMax,
  type ServedOperation,
  ServiceCalls,
  type ServiceCallsParts,
} from '../service-model/service-calls.js';
import type { ScalarEncoding } from '../service-model/encode.js';
import { CborTime, decodeCbor, encodeCbor } from './cbor.js';
import { monitoringService } from './coverage.js';
import { errorHeaders, monitoringError } from './errors.js';
import { plainBody } from './plain-body.js';

const pathPrefix = `/service/${monitoringService.model.metadata.targetPrefix}/operation/`;
const protocolHeader = { 'smithy-protocol': 'rpc-v2-cbor' } as const;
const bodyHeaders = { ...protocolHeader, 'content-type': 'application/cbor' } as const;

const cborScalars: ScalarEncoding = {
  timestamp: (milliseconds) => new CborTime(milliseconds / 1000),
  blob: (bytes) => bytes,
};

export function createCloudWatchCborFrontEnd(parts: ServiceCallsParts): FrontEnd {
  const calls = new ServiceCalls('CloudWatch', monitoringService, parts);
  const routes = new Map(calls.all.map((operation) => [operation.name as string, routeOf(calls, operation)]));
  return {
    name: 'cloudwatch-cbor',
    encodeError,
    route: (method, path) => {
      if (method !== 'POST' || !path.startsWith(pathPrefix)) return undefined;
      const name = path.slice(pathPrefix.length);
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
      const answer = calls.run(operation, exchange, body.length === 0 ? {} : decodeCbor(body), cborScalars);
      const headers = { 'x-amzn-RequestId': id };
      if (answer === null) exchange.respond(200, { ...protocolHeader, ...headers }, '');
      else exchange.respond(200, { ...bodyHeaders, ...headers }, encodeCbor(answer));
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

function encodeError(thrown: unknown, requestId: string): EncodedAnswer {
  const error = monitoringError(thrown);
  return {
    status: error.status,
    headers: { ...bodyHeaders, ...errorHeaders(error, requestId) },
    body: encodeCbor({ __type: error.name, message: error.message }),
  };
}
