/**
 * The whole error table in the runtime's shape: status, `x-amzn-ErrorType` and `{"Message"}`; of a ModelError
 * also what the model's side said. A row that is missing here does not compile.
 *
 * Which names an operation may answer, and their status, stand in the service model. Names of access errors are
 * AWS's common ones; SDKs know them, correct their clock by them, and do not try again.
 */
import { asStowageError, type ErrorCode, errorTable, type StowageError } from '../../domain/errors.js';
import type { EncodedError } from '../http/exchange.js';
import { type DeclaredError, isConstraintError, type Operation, statusOf } from './operations.js';

/** The runtime's name of an error; of a ModelError also the status that a container would have answered. */
type RuntimeError =
  | { readonly name: Exclude<DeclaredError, 'ModelError'> }
  | { readonly name: 'ModelError'; readonly originalStatus: number }
  | { readonly name: AccessError }
  | { readonly name: 'UnknownOperationException' };

type AccessError =
  | 'MissingAuthenticationTokenException'
  | 'ExpiredTokenException'
  | 'UnrecognizedClientException'
  | 'AccessDeniedException'
  | 'InvalidSignatureException'
  | 'IncompleteSignatureException';

const validation = { name: 'ValidationError' } as const;
const brokenModel = { name: 'ModelError', originalStatus: 500 } as const;
const busy = { name: 'ServiceUnavailable' } as const;
/** Never tried again by SDKs, unlike InternalFailure. */
const brokenHost = { name: 'InternalDependencyException' } as const;

const runtimeErrors: Readonly<Record<ErrorCode, RuntimeError>> = {
  'FILE-010': validation,
  'FILE-011': validation,
  'FILE-012': validation,
  'FILE-013': validation,
  'MODEL-020': brokenModel,
  'MODEL-021': brokenModel,
  'MODEL-022': brokenModel,
  'MODEL-023': brokenModel,
  'MODEL-024': brokenModel,
  'MODEL-025': brokenModel,
  'CAP-101': busy,
  'CAP-102': busy,
  'CAP-103': busy,
  'CAP-104': busy,
  'CTX-201': validation,
  'CTX-202': validation,
  'REQ-210': validation,
  'REQ-211': validation,
  'REQ-212': validation,
  'REQ-213': validation,
  'REQ-214': validation,
  'REQ-215': { name: 'UnknownOperationException' },
  'RUN-301': brokenModel,
  'RUN-302': brokenModel,
  'RUN-303': brokenModel,
  'RUN-304': brokenModel,
  'RUN-305': brokenModel,
  'RUN-306': { name: 'ModelError', originalStatus: 504 },
  'RUN-307': validation,
  'RUN-308': brokenModel,
  'RUN-309': validation,
  'KEY-400': { name: 'MissingAuthenticationTokenException' },
  'KEY-401': { name: 'ExpiredTokenException' },
  'KEY-402': { name: 'UnrecognizedClientException' },
  'KEY-403': { name: 'AccessDeniedException' },
  'KEY-404': { name: 'InvalidSignatureException' },
  'KEY-405': { name: 'InvalidSignatureException' },
  'KEY-406': { name: 'IncompleteSignatureException' },
  'NAME-404': validation,
  'NAME-405': validation,
  'NAME-406': { name: 'UnknownOperationException' },
  'NAME-407': validation,
  'COLD-501': { name: 'ModelNotReadyException' },
  'COLD-502': busy,
  'COLD-503': busy,
  'HOST-601': brokenHost,
  'HOST-602': brokenHost,
  'HOST-603': brokenHost,
  'HOST-604': brokenHost,
  'HOST-605': brokenHost,
  'HOST-606': brokenHost,
  'HOST-607': busy,
  'USE-640': validation,
  'INT-500': { name: 'InternalFailure' },
};

/** `Message` of the model. */
const messageCharsMax = 2048;

/** Any thrown thing as an answer of `operation`; null = an address that is none. */
export function encodeError(thrown: unknown, requestId: string, operation: Operation | null): EncodedError {
  const error = asStowageError(thrown);
  return encode(error.code, textOf(error), requestId, operation, {
    retryAfterSeconds: error.retryAfterSeconds ?? 1,
  });
}

/**
 * What a dialect behind this one answered instead of a success. `x-stowage-error` names the row; an answer
 * without it is a container's own, which is passed on as a ModelError.
 */
export function encodeContainerError(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
  requestId: string,
  operation: Operation,
): EncodedError {
  const code = headers['x-stowage-error'] ?? '';
  const text = messageOf(body);
  if (!isErrorCode(code)) {
    return modelError(status, text, requestId, {});
  }
  const retryAfterSeconds = Number(headers['retry-after'] ?? 1);
  return encode(code, text, requestId, operation, { retryAfterSeconds });
}

/** What happened, in one line: code, message, cause and mend; of violated constraints AWS's words alone. */
export function textOf(error: StowageError): string {
  if (isConstraintError(error)) return error.message;
  const cause = error.reason === undefined ? '' : ` (cause: ${error.reason})`;
  return `${error.code}: ${error.message}${cause}; mend: ${error.mend}`;
}

function encode(
  code: ErrorCode,
  text: string,
  requestId: string,
  operation: Operation | null,
  { retryAfterSeconds }: { readonly retryAfterSeconds: number },
): EncodedError {
  const runtime = runtimeErrors[code];
  const extra: Record<string, string> = { 'x-stowage-error': code };
  if (errorTable[code].retryable) extra['retry-after'] = String(Math.max(1, Math.ceil(retryAfterSeconds)));
  switch (runtime.name) {
    case 'ModelError':
      return modelError(runtime.originalStatus, text, requestId, extra);
    case 'ModelNotReadyException':
    case 'InternalDependencyException': {
      const name = operation === null || operation.errors.has(runtime.name) ? runtime.name : insteadOf[runtime.name];
      return answer(statusOf(name), name, { Message: text }, requestId, extra);
    }
    case 'UnknownOperationException':
      return answer(code === 'REQ-215' ? 405 : 404, runtime.name, { Message: text }, requestId, extra);
    case 'ValidationError':
    case 'InternalFailure':
    case 'ServiceUnavailable':
    case 'ModelStreamError':
    case 'InternalStreamFailure':
      return answer(statusOf(runtime.name), runtime.name, { Message: text }, requestId, extra);
    default:
      return answer(403, runtime.name satisfies AccessError, { Message: text }, requestId, extra);
  }
}

/** What an operation says that does not declare these. */
const insteadOf = {
  ModelNotReadyException: 'ServiceUnavailable',
  InternalDependencyException: 'InternalFailure',
} as const;

function modelError(
  originalStatus: number,
  text: string,
  requestId: string,
  extra: Readonly<Record<string, string>>,
): EncodedError {
  const fields = {
    Message: `Received server error (${originalStatus}) from primary with message "${text}"`,
    OriginalStatusCode: originalStatus,
    OriginalMessage: text.slice(0, messageCharsMax),
  };
  return answer(statusOf('ModelError'), 'ModelError', fields, requestId, extra);
}

function answer(
  status: number,
  name: string,
  fields: { readonly Message: string },
  requestId: string,
  extra: Readonly<Record<string, string>>,
): EncodedError {
  const headers = {
    'content-type': 'application/json',
    'x-amzn-ErrorType': name,
    'x-amzn-RequestId': requestId,
    ...extra,
  };
  const body = JSON.stringify({ ...fields, Message: fields.Message.slice(0, messageCharsMax) });
  return { status, headers, body };
}

/** The text of `{"error":{"message"}}`, or the body as it is. */
function messageOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } };
    if (typeof error?.message === 'string') return error.message;
  } catch {
    // Not JSON: then the body is the text.
  }
  return body;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
