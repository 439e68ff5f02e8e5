/**
 * The whole error table in the runtime's shape: status, `x-amzn-ErrorType` and `{"Message"}`; of a ModelError
 * also what the model's side said. A row that is missing here does not compile.
 *
 * Which names an operation may answer, and their status, stand in the service model. Names of access errors are
 * AWS's common ones; SDKs know them, correct their clock by them, and do not try again.
 */
import { asStowageError, type ErrorCode, type StowageError } from '../../domain/errors.js';
import type { EncodedError } from '../http/exchange.js';
import { type DeclaredError, isConstraintError, type Operation, statusOf } from './operations.js';

/** The runtime's name of an error; of a ModelError also the status that a container would have answered, unless it did answer one. */
type RuntimeError =
  | { readonly name: Exclude<DeclaredError, 'ModelError'> }
  | { readonly name: 'ModelError'; readonly originalStatus: number }
  | { readonly name: AccessError }
  | { readonly name: 'ThrottlingException' }
  | { readonly name: 'UnknownOperationException' };

type AccessError =
  | 'MissingAuthenticationTokenException'
  | 'ExpiredTokenException'
  | 'UnrecognizedClientException'
  | 'AccessDeniedException'
  | 'InvalidSignatureException'
  | 'IncompleteSignatureException';

const validation = { name: 'ValidationError' } as const satisfies RuntimeError;
const brokenModel = { name: 'ModelError', originalStatus: 500 } as const;
const busy = { name: 'ServiceUnavailable' } as const;
/** AWS's common error for a caller that asks for too much; SDKs try again, later each time. */
const throttled = { name: 'ThrottlingException' } as const;
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
  'MODEL-030': brokenModel,
  'MODEL-031': brokenModel,
  'MODEL-032': brokenModel,
  'MODEL-033': brokenModel,
  'MODEL-034': brokenModel,
  'MODEL-035': brokenModel,
  'MODEL-036': brokenModel,
  'CAP-101': busy,
  'CAP-102': busy,
  'CAP-103': busy,
  'CAP-104': busy,
  'CAP-105': brokenHost,
  'CAP-106': busy,
  'CAP-107': busy,
  'CAP-108': busy,
  'CAP-110': throttled,
  'CAP-112': busy,
  'CTX-201': validation,
  'CTX-202': validation,
  'REQ-210': validation,
  'REQ-211': validation,
  'REQ-212': validation,
  'REQ-213': validation,
  'REQ-214': validation,
  'REQ-215': { name: 'UnknownOperationException' },
  'REQ-216': { name: 'ModelError', originalStatus: 400 },
  'REQ-217': validation,
  'RUN-301': brokenModel,
  'RUN-302': brokenModel,
  'RUN-303': brokenModel,
  'RUN-304': brokenModel,
  'RUN-305': brokenModel,
  'RUN-306': { name: 'ModelError', originalStatus: 504 },
  'RUN-307': validation,
  'RUN-308': brokenModel,
  'RUN-309': validation,
  'RUN-310': busy,
  'RUN-311': brokenModel,
  'RUN-312': brokenModel,
  'RUN-313': brokenModel,
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
  'NAME-410': validation,
  'NAME-411': validation,
  'NAME-412': validation,
  'NAME-413': validation,
  'NAME-415': validation,
  'STATE-700': validation,
  'STATE-701': busy,
  'STATE-702': busy,
  'STATE-703': validation,
  'STATE-704': brokenHost,
  'STATE-705': brokenModel,
  'LIMIT-710': validation,
  'LIMIT-711': validation,
  'LIMIT-720': throttled,
  'COLD-501': { name: 'ModelNotReadyException' },
  'COLD-502': busy,
  'COLD-503': busy,
  'COLD-504': validation,
  'HOST-601': brokenHost,
  'HOST-602': brokenHost,
  'HOST-603': brokenHost,
  'HOST-604': brokenHost,
  'HOST-605': brokenHost,
  'HOST-606': brokenHost,
  'HOST-607': busy,
  'HOST-608': brokenHost,
  'USE-640': validation,
  'INT-500': { name: 'InternalFailure' },
};

/** `Message` of the model. */
const messageCharsMax = 2048;

/** Which call failed; what a ModelError is told with. */
export interface FailedCall {
  readonly requestId: string;
  /** Null before an operation was begun: then its declared errors are not looked at. */
  readonly operation: Operation | null;
  /** Empty when none was addressed. */
  readonly endpoint: string;
  /** Empty when it is not known which. */
  readonly variant: string;
  readonly account: string;
}

/** Any thrown thing before an operation was begun. */
export function encodeEarlyError(thrown: unknown, requestId: string): EncodedError {
  return encodeError(thrown, { requestId, operation: null, endpoint: '', variant: '', account: '' });
}

/** Any thrown thing as the answer to a call. */
export function encodeError(thrown: unknown, call: FailedCall): EncodedError {
  const error = asStowageError(thrown);
  const runtime = runtimeErrors[error.code];
  const text = textOf(error);
  switch (runtime.name) {
    case 'ModelError':
      return modelError(error, error.programStatus ?? runtime.originalStatus, call);
    case 'ModelNotReadyException':
    case 'InternalDependencyException': {
      const { operation } = call;
      const isDeclared = operation === null || operation.errors.has(runtime.name);
      const name = isDeclared ? runtime.name : insteadOf[runtime.name];
      return answer(statusOf(name), name, { Message: text }, error, call);
    }
    case 'UnknownOperationException':
      return answer(error.code === 'REQ-215' ? 405 : 404, runtime.name, { Message: text }, error, call);
    case 'ThrottlingException':
      // 429 rather than AWS's 400, so that clients without an SDK know it, too.
      return answer(429, runtime.name, { Message: text }, error, call);
    case 'ValidationError':
    case 'InternalFailure':
    case 'ServiceUnavailable':
      return answer(statusOf(runtime.name), runtime.name, { Message: text }, error, call);
    default:
      return answer(403, runtime.name satisfies AccessError, { Message: text }, error, call);
  }
}

/** What happened, in one line: code, message, cause and mend; of violated constraints AWS's words alone. */
export function textOf(error: StowageError): string {
  if (isConstraintError(error)) return error.message;
  const cause = error.reason === undefined ? '' : ` (cause: ${error.reason})`;
  return `${error.code}: ${error.message}${cause}; mend: ${error.mend}`;
}

/** What an operation says that does not declare these. */
const insteadOf = {
  ModelNotReadyException: 'ServiceUnavailable',
  InternalDependencyException: 'InternalFailure',
} as const;

function modelError(error: StowageError, originalStatus: number, call: FailedCall): EncodedError {
  const text = textOf(error);
  const { account, endpoint, variant, requestId } = call;
  const fields = {
    Message: `Received server error (${originalStatus}) from primary with message "${text}"`,
    OriginalStatusCode: originalStatus,
    OriginalMessage: text.slice(0, messageCharsMax),
    // There is no log service here: the name leads to the request's lines in the server's log.
    LogStreamArn:
      `arn:stowage:logs:local:${account}:log-group:/aws/sagemaker/Endpoints/${endpoint}` +
      `:log-stream:${variant}/${requestId}`,
  };
  return answer(statusOf('ModelError'), 'ModelError', fields, error, call);
}

function answer(
  status: number,
  name: string,
  fields: { readonly Message: string },
  error: StowageError,
  { requestId }: FailedCall,
): EncodedError {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-amzn-ErrorType': name,
    'x-amzn-RequestId': requestId,
    'x-stowage-error': error.code,
  };
  if (error.row.retryable) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterSeconds ?? 1)));
  }
  const body = JSON.stringify({ ...fields, Message: fields.Message.slice(0, messageCharsMax) });
  return { status, headers, body };
}
