/**
 * The whole error table as SageMaker's control plane says it: status and `{"__type", "message"}`. A row that is missing
 * here does not compile.
 *
 * Things that are not there, are there already, or are in the wrong state are all ValidationException: that is what
 * SageMaker says of models, endpoints and components, and what the SDKs' waiters wait for.
 */
import { asStowageError, type ErrorCode } from '../../../domain/errors.js';
import type { EncodedError } from '../../http/exchange.js';
import { isTypeError } from '../../service-model/constraint-errors.js';
import { errorText } from '../../service-model/error-text.js';

interface ControlError {
  readonly name: string;
  readonly status: number;
}

const validation: ControlError = { name: 'ValidationException', status: 400 };
const notJson: ControlError = { name: 'SerializationException', status: 400 };
const unknown: ControlError = { name: 'UnknownOperationException', status: 400 };
const limit: ControlError = { name: 'ResourceLimitExceeded', status: 400 };
const throttled: ControlError = { name: 'ThrottlingException', status: 400 };
/** Tried again by SDKs. */
const busy: ControlError = { name: 'ServiceUnavailable', status: 503 };
const broken: ControlError = { name: 'InternalFailure', status: 500 };

function access(name: string): ControlError {
  return { name, status: 403 };
}

const controlErrors: Readonly<Record<ErrorCode, ControlError>> = {
  'FILE-010': validation,
  'FILE-011': validation,
  'FILE-012': validation,
  'FILE-013': validation,
  'MODEL-020': validation,
  'MODEL-021': validation,
  'MODEL-022': validation,
  'MODEL-023': validation,
  'MODEL-024': validation,
  'MODEL-025': validation,
  'MODEL-030': validation,
  'MODEL-031': validation,
  'MODEL-032': validation,
  'MODEL-033': limit,
  'MODEL-034': validation,
  'MODEL-035': validation,
  'MODEL-036': validation,
  'CAP-101': throttled,
  'CAP-102': limit,
  'CAP-103': throttled,
  'CAP-104': throttled,
  'CAP-105': limit,
  'CAP-106': limit,
  'CAP-107': limit,
  'CAP-108': limit,
  'CAP-110': throttled,
  'CAP-112': limit,
  'CTX-201': validation,
  'CTX-202': validation,
  'REQ-210': validation,
  'REQ-211': validation,
  'REQ-212': validation,
  'REQ-213': validation,
  'REQ-214': notJson,
  'REQ-215': unknown,
  'REQ-216': validation,
  'REQ-217': validation,
  'RUN-301': broken,
  'RUN-302': broken,
  'RUN-303': broken,
  'RUN-304': broken,
  'RUN-305': broken,
  'RUN-306': busy,
  'RUN-307': validation,
  'RUN-308': broken,
  'RUN-309': validation,
  'RUN-310': busy,
  'RUN-311': broken,
  'RUN-312': broken,
  'RUN-313': broken,
  'KEY-400': access('MissingAuthenticationTokenException'),
  'KEY-401': access('ExpiredTokenException'),
  'KEY-402': access('UnrecognizedClientException'),
  'KEY-403': access('AccessDeniedException'),
  'KEY-404': access('InvalidSignatureException'),
  'KEY-405': access('InvalidSignatureException'),
  'KEY-406': access('IncompleteSignatureException'),
  'NAME-404': validation,
  'NAME-405': validation,
  'NAME-406': unknown,
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
  'STATE-704': broken,
  'STATE-705': broken,
  'LIMIT-710': limit,
  'LIMIT-711': validation,
  'LIMIT-720': throttled,
  'COLD-501': busy,
  'COLD-502': busy,
  'COLD-503': busy,
  'COLD-504': busy,
  'HOST-601': broken,
  'HOST-602': broken,
  'HOST-603': broken,
  'HOST-604': broken,
  'HOST-605': broken,
  'HOST-606': broken,
  'HOST-607': busy,
  'HOST-608': broken,
  'USE-640': validation,
  'INT-500': broken,
};

export const controlContentType = 'application/x-amz-json-1.1';

/** Any thrown thing as the answer to a call. */
export function encodeControlError(thrown: unknown, requestId: string): EncodedError {
  const error = asStowageError(thrown);
  const { name, status } = isTypeError(error) ? notJson : controlErrors[error.code];
  const headers: Record<string, string> = {
    'content-type': controlContentType,
    'x-amzn-RequestId': requestId,
    'x-stowage-error': error.code,
  };
  if (status === busy.status) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterSeconds ?? 1)));
  }
  return { status, headers, body: JSON.stringify({ __type: name, message: errorText(error) }) };
}
