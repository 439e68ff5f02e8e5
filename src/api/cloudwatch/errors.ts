/**
 * The whole error table as CloudWatch says it. Each error has a name in the JSON and CBOR protocols and a code in the
 * older query protocol, which JSON answers carry in `x-amzn-query-error`; both and the status come from the service
 * model where it has the error.
 */
import { asStowageError, type ErrorCode, Fault, type StowageError } from '../../domain/errors.js';
import { isTypeError } from '../service-model/constraint-errors.js';
import { errorText } from '../service-model/error-text.js';
import type { ModelShape } from '../service-model/service-model.js';
import model from './monitoring-2010-08-01.json' with { type: 'json' };

/** One failure, before a protocol writes it. */
export interface MonitoringError {
  /** Of the error's shape, e.g. `LimitExceededFault`. */
  readonly name: string;
  /** Of the query protocol, e.g. `LimitExceeded`. */
  readonly queryCode: string;
  readonly status: number;
  readonly message: string;
  readonly stowageCode: ErrorCode;
  readonly retryAfterSeconds: number | null;
}

interface ErrorName {
  readonly name: string;
  readonly queryCode: string;
  readonly status: number;
}

const shapes: Readonly<Record<string, ModelShape>> = model.shapes;

function modelled(name: keyof typeof model.shapes): ErrorName {
  const error = shapes[name]?.error;
  if (error === undefined) throw new Error(`the service model has no error ${name}`);
  return { name, queryCode: error.code ?? name, status: error.httpStatusCode };
}

/** An error that all services have and no model names. */
function plain(name: string, queryCode: string, status: number): ErrorName {
  return { name, queryCode, status };
}

const badValue = modelled('InvalidParameterValueException');
const missingValue = modelled('MissingRequiredParameterException');
const broken = modelled('InternalServiceFault');
const throttled = plain('ThrottlingException', 'Throttling', 400);
const busy = plain('ServiceUnavailable', 'ServiceUnavailable', 503);
const unknown = plain('UnknownOperationException', 'InvalidAction', 400);
const notReadable = plain('SerializationException', 'MalformedInput', 400);

/** Rows that have a name of their own; the others are named by their fault. */
const byCode: Partial<Readonly<Record<ErrorCode, ErrorName>>> = {
  'REQ-214': notReadable,
  'REQ-215': unknown,
  'NAME-406': unknown,
  'NAME-410': modelled('ResourceNotFound'),
  'LIMIT-710': modelled('LimitExceededFault'),
  'LIMIT-711': modelled('InvalidNextToken'),
  'STATE-700': modelled('ResourceConflict'),
  'STATE-703': modelled('ResourceConflict'),
  'STATE-701': busy,
  'STATE-702': busy,
  'CAP-103': throttled,
  'CAP-104': throttled,
  'KEY-400': plain('MissingAuthenticationTokenException', 'MissingAuthenticationToken', 403),
  'KEY-401': plain('ExpiredTokenException', 'ExpiredToken', 403),
  'KEY-402': plain('UnrecognizedClientException', 'InvalidClientTokenId', 403),
  'KEY-403': plain('AccessDeniedException', 'AccessDenied', 403),
  'KEY-404': plain('InvalidSignatureException', 'SignatureDoesNotMatch', 403),
  'KEY-405': plain('InvalidSignatureException', 'SignatureDoesNotMatch', 403),
  'KEY-406': plain('IncompleteSignatureException', 'IncompleteSignature', 403),
};

const byFault: Readonly<Record<Fault, ErrorName>> = {
  [Fault.Caller]: badValue,
  [Fault.Access]: plain('AccessDeniedException', 'AccessDenied', 403),
  [Fault.Missing]: modelled('ResourceNotFound'),
  [Fault.Capacity]: busy,
  [Fault.Model]: broken,
  [Fault.Host]: broken,
  [Fault.Stowage]: broken,
};

/** Any thrown thing as CloudWatch names it. */
export function monitoringError(thrown: unknown): MonitoringError {
  const error = asStowageError(thrown);
  const name = nameOf(error);
  return {
    ...name,
    message: errorText(error),
    stowageCode: error.code,
    retryAfterSeconds: name === busy ? Math.max(1, Math.ceil(error.retryAfterSeconds ?? 1)) : null,
  };
}

function nameOf(error: StowageError): ErrorName {
  if (isTypeError(error)) return notReadable;
  if (error.code === 'REQ-210' && onlyMissing.test(error.message)) return missingValue;
  return byCode[error.code] ?? byFault[error.row.fault];
}

const onlyMissing =
  /^\d+ validation errors? detected: (?:Value null at '[^']*' failed to satisfy constraint: Member must not be null(?:; |$))+$/;

/** The headers that a failure has in every protocol. */
export function errorHeaders(error: MonitoringError, requestId: string): Record<string, string> {
  const fault = error.status < 500 ? 'Sender' : 'Receiver';
  return {
    'x-amzn-RequestId': requestId,
    'x-amzn-query-error': `${error.queryCode};${fault}`,
    'x-stowage-error': error.stowageCode,
    ...(error.retryAfterSeconds === null ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
  };
}
