/** Application Auto Scaling, in the one protocol that it has: JSON 1.1. */
import type { FrontEnd } from '../http/exchange.js';
import { createJsonFrontEnd } from '../service-model/json-front-end.js';
import type { ServiceCallsParts } from '../service-model/service-calls.js';
import { scalingService } from './coverage.js';
import { encodeScalingError, scalingContentType } from './errors.js';

export function createScalingFrontEnd(parts: ServiceCallsParts): FrontEnd {
  const service = {
    name: 'application-autoscaling',
    title: 'Application Auto Scaling',
    description: scalingService,
    contentType: scalingContentType,
    encodeError: encodeScalingError,
  };
  return createJsonFrontEnd(service, parts);
}
