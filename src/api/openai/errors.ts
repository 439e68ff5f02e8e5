/**
 * The whole error table in OpenAI's shape. A fault gives the status; the rows for which OpenAI has a
 * status or a code of its own are named. The message begins with our code and ends with the mend.
 *
 * `x-should-retry` is what OpenAI's clients obey before they look at the status.
 */
import { asStowageError, type ErrorCode, Fault, type StowageError } from '../../domain/errors.js';
import type { EncodedError } from '../http/exchange.js';

interface Shape {
  readonly status: number;
  readonly type: string;
  /** OpenAI's own code; ours when null. */
  readonly code: string | null;
}

const byFault: Readonly<Record<Fault, Shape>> = {
  [Fault.Caller]: { status: 400, type: 'invalid_request_error', code: null },
  [Fault.Access]: { status: 401, type: 'invalid_request_error', code: 'invalid_api_key' },
  [Fault.Missing]: { status: 404, type: 'invalid_request_error', code: null },
  [Fault.Capacity]: { status: 503, type: 'server_error', code: null },
  [Fault.Model]: { status: 500, type: 'server_error', code: null },
  [Fault.Host]: { status: 500, type: 'server_error', code: null },
  [Fault.Stowage]: { status: 500, type: 'server_error', code: null },
};

const byCode: Partial<Readonly<Record<ErrorCode, Shape>>> = {
  'CAP-101': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  'CAP-103': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  'CAP-104': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  'CAP-110': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  'LIMIT-720': { status: 429, type: 'tokens', code: 'rate_limit_exceeded' },
  'CTX-202': { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded' },
  'REQ-211': { status: 413, type: 'invalid_request_error', code: null },
  'REQ-212': { status: 400, type: 'invalid_request_error', code: 'unsupported_parameter' },
  'REQ-215': { status: 405, type: 'invalid_request_error', code: null },
  'RUN-306': { status: 504, type: 'server_error', code: null },
  'KEY-403': { status: 403, type: 'permission_error', code: null },
  'NAME-404': { status: 404, type: 'invalid_request_error', code: 'model_not_found' },
  'NAME-405': { status: 404, type: 'invalid_request_error', code: 'model_not_found' },
};

/** Any thrown thing as status, headers and body. */
export function encodeError(thrown: unknown): EncodedError {
  const error = asStowageError(thrown);
  const { status } = shapeOf(error);
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-stowage-error': error.code,
    'x-should-retry': String(error.row.retryable),
  };
  if (status === 429 || status === 503) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterSeconds ?? 1)));
    // OpenAI's clients look at this one first.
    if (error.code === 'LIMIT-720') {
      headers['retry-after-ms'] = String(Math.max(1, Math.ceil((error.retryAfterSeconds ?? 1) * 1000)));
    }
  }
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  return { status, headers, body: encodeErrorBody(error) };
}

/** `{"error":{…}}`: the body of an error answer, and the last event of a stream that broke. */
export function encodeErrorBody(thrown: unknown): string {
  const error = asStowageError(thrown);
  const { type, code } = shapeOf(error);
  const cause = error.reason === undefined ? '' : ` (cause: ${error.reason})`;
  const message = `${error.code}: ${error.message}${cause}; mend: ${error.mend}`;
  return JSON.stringify({
    error: { message, type, code: code ?? error.code, param: error.location ?? null },
  });
}

function shapeOf(error: StowageError): Shape {
  return byCode[error.code] ?? byFault[error.row.fault];
}
