/** What went wrong with a call, as an error of the table: the server's own one if it sent one. Pure. */
import { isReasonOf } from '../../decide/reconcile/failures.js';
import { errorTable, StowageError } from '../../domain/errors.js';
import type { ErrorCode } from '../../domain/errors.js';
import type { CallFailure } from '../../toolkit/benchmark/inference-client.js';
import { keyMend } from './data-folder.js';

/** `address`: where the call went, for the reader. */
export function errorOfCall(failure: CallFailure, address: string): StowageError {
  if (isErrorCode(failure.kind)) return serverError(failure.kind, failure);
  const problem =
    failure.status === null
      ? networkProblem(failure)
      : `it answered ${failure.status}, ${failure.message || 'without a word'}`;
  return StowageError.of('HOST-607', { address, problem, suggestion: suggestionFor(failure) });
}

/** The server's text is `CODE: message (cause: …); mend: …`; takes it apart again. */
function serverError(code: ErrorCode, failure: CallFailure): StowageError {
  const text = failure.message.startsWith(`${code}: `)
    ? failure.message.slice(code.length + 2)
    : failure.message;
  return apart(code, text, failure.retryAfterSeconds);
}

/** An error that was told as text, such as a FailureReason; null when it is not one of the table. */
export function errorOfText(told: string): StowageError | null {
  const [, code = '', text = ''] = /^([A-Z]+-\d+): (.*)$/s.exec(told) ?? [];
  return isErrorCode(code) ? apart(code, text, null) : null;
}

/** The same, with the mend for those who call with a command of ours instead of a program of their own. */
export function withKeyMend(error: StowageError): StowageError {
  return error.code === 'KEY-400' ? StowageError.fromData({ ...error.toData(), mend: keyMend }) : error;
}

/** Rows with fewer fixed letters in their message could be anything. */
const fixedCharsMin = 24;

/** The code of the row that a FailureReason without a code was made from; null when there is no such row. */
export function codeOfSentence(told: string): ErrorCode | null {
  const codes = Object.keys(errorTable) as ErrorCode[];
  const isTelling = (code: ErrorCode) =>
    errorTable[code].message.replace(/\{\w+\}/g, '').length >= fixedCharsMin;
  return codes.find((code) => isTelling(code) && isReasonOf(code, told)) ?? null;
}

function apart(code: ErrorCode, text: string, retryAfterSeconds: number | null): StowageError {
  const [, message = text, reason, mend = errorTable[code].mend] =
    /^(.*?)(?: \(cause: (.*)\))?; mend: (.*)$/s.exec(text) ?? [];
  return StowageError.fromData({
    code,
    message,
    mend,
    ...(reason === undefined ? {} : { reason }),
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
  });
}

function networkProblem({ kind, message }: CallFailure): string {
  switch (kind) {
    case 'ECONNREFUSED':
      return 'nothing listens there';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'that name is not known';
    case 'ECONNRESET':
      return 'the connection broke';
    default:
      return message || kind;
  }
}

function suggestionFor({ kind, status }: CallFailure): string {
  if (kind === 'ECONNREFUSED')
    return 'start it with `stowage serve`, or name another address with --endpoint-url';
  if (kind === 'ENOTFOUND' || kind === 'EAI_AGAIN') return 'correct the address after --endpoint-url';
  if (/CERT|SSL|TLS|SELF_SIGNED/i.test(kind))
    return 'set NODE_EXTRA_CA_CERTS to the file of the server’s authority';
  if (status === 401 || status === 403) return 'give a key with --api-key or STOWAGE_API_KEY';
  if (status === 404) return 'correct the address after --endpoint-url, or the name';
  return 'try again; if it stays, look at the server’s log';
}

function isErrorCode(kind: string): kind is ErrorCode {
  return Object.hasOwn(errorTable, kind);
}
