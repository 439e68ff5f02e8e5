/** The error table as Application Auto Scaling says it: status and `{"__type", "Message"}`, as its model spells them. */
import { asStowageError, type ErrorCode, Fault } from '../../domain/errors.js';
import type { EncodedError } from '../http/exchange.js';
import { isTypeError } from '../service-model/constraint-errors.js';
import { errorText } from '../service-model/error-text.js';

interface ScalingError {
  readonly name: string;
  readonly status: number;
}

const validation: ScalingError = { name: 'ValidationException', status: 400 };
const notJson: ScalingError = { name: 'SerializationException', status: 400 };
const unknown: ScalingError = { name: 'UnknownOperationException', status: 400 };
const notFound: ScalingError = { name: 'ObjectNotFoundException', status: 400 };
const resourceNotFound: ScalingError = { name: 'ResourceNotFoundException', status: 400 };
const limit: ScalingError = { name: 'LimitExceededException', status: 400 };
const concurrent: ScalingError = { name: 'ConcurrentUpdateException', status: 500 };
const throttled: ScalingError = { name: 'ThrottlingException', status: 400 };
const busy: ScalingError = { name: 'ServiceUnavailable', status: 503 };
const broken: ScalingError = { name: 'InternalServiceException', status: 500 };

function access(name: string): ScalingError {
  return { name, status: 403 };
}

/** Rows that have a name of their own; the others are named by their fault. */
const byCode: Partial<Readonly<Record<ErrorCode, ScalingError>>> = {
  'REQ-214': notJson,
  'REQ-215': unknown,
  'NAME-406': unknown,
  'NAME-410': notFound,
  'NAME-413': resourceNotFound,
  'LIMIT-710': limit,
  'LIMIT-711': { name: 'InvalidNextTokenException', status: 400 },
  'STATE-701': concurrent,
  'STATE-702': busy,
  'RUN-310': busy,
  'CAP-103': throttled,
  'CAP-104': throttled,
  'KEY-400': access('MissingAuthenticationTokenException'),
  'KEY-401': access('ExpiredTokenException'),
  'KEY-402': access('UnrecognizedClientException'),
  'KEY-403': access('AccessDeniedException'),
  'KEY-404': access('InvalidSignatureException'),
  'KEY-405': access('InvalidSignatureException'),
  'KEY-406': access('IncompleteSignatureException'),
};

const byFault: Readonly<Record<Fault, ScalingError>> = {
  [Fault.Caller]: validation,
  [Fault.Access]: access('AccessDeniedException'),
  [Fault.Missing]: notFound,
  [Fault.Capacity]: busy,
  [Fault.Model]: broken,
  [Fault.Host]: broken,
  [Fault.Stowage]: broken,
};

export const scalingContentType = 'application/x-amz-json-1.1';

/** Any thrown thing as the answer to a call. */
export function encodeScalingError(thrown: unknown, requestId: string): EncodedError {
  const error = asStowageError(thrown);
  const { name, status } = isTypeError(error) ? notJson : (byCode[error.code] ?? byFault[error.row.fault]);
  const headers: Record<string, string> = {
    'content-type': scalingContentType,
    'x-amzn-RequestId': requestId,
    'x-stowage-error': error.code,
  };
  if (status === busy.status) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterSeconds ?? 1)));
  }
  return { status, headers, body: JSON.stringify({ __type: name, Message: errorText(error) }) };
}
