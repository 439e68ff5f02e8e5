/**
 * CloudWatch's metrics and alarms in JSON 1.0, which is what current SDKs choose; bodies may come packed. Two older or
 * newer protocols have front ends of their own beside this one (`query-front-end.ts`, `cbor-front-end.ts`): same
 * operations, other bytes.
 */
import type { EncodedError, FrontEnd } from '../http/exchange.js';
import { createJsonFrontEnd } from '../service-model/json-front-end.js';
import { callBodyBytesMax, type ServiceCallsParts } from '../service-model/service-calls.js';
import { monitoringService } from './coverage.js';
import { errorHeaders, monitoringError } from './errors.js';
import { plainBody } from './plain-body.js';

const contentType = 'application/x-amz-json-1.0';

export function createCloudWatchFrontEnd(parts: ServiceCallsParts): FrontEnd {
  const service = {
    name: 'cloudwatch',
    title: 'CloudWatch',
    description: monitoringService,
    contentType,
    encodeError,
    bodyOf: (exchange: Parameters<typeof plainBody>[0]) => plainBody(exchange, callBodyBytesMax),
  };
  return createJsonFrontEnd(service, parts);
}

function encodeError(thrown: unknown, requestId: string): EncodedError {
  const error = monitoringError(thrown);
  return {
    status: error.status,
    headers: { 'content-type': contentType, ...errorHeaders(error, requestId) },
    body: JSON.stringify({ __type: error.name, message: error.message }),
  };
}
