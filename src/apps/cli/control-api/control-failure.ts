/** What went wrong with a call of the control API, as an error of the table: the server's own if it is a Stowage. Pure. */
import { errorTable, StowageError } from '../../../domain/errors.js';
import type { ErrorCode } from '../../../domain/errors.js';
import { errorOfCall, errorOfText } from '../call-failure.js';

/** As much of the SDK's exceptions as is looked at. */
interface SdkFailure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string | undefined>> };
  readonly cause?: unknown;
}

/** `address`: where the call went, for the reader. */
export function errorOfControl(thrown: unknown, address: string): StowageError {
  const failure = thrown as SdkFailure;
  const message = failure.message ?? String(thrown);
  const status = failure.$metadata?.httpStatusCode ?? null;
  const told = errorOfText(message);
  if (told !== null) return told;
  const code = failure.$response?.headers?.['x-stowage-error'];
  if (code !== undefined && isErrorCode(code)) {
    return StowageError.fromData({ code, message, mend: mendOf(code, message) });
  }
  if (/could not find/i.test(message) || failure.name === 'ObjectNotFoundException') {
    return StowageError.fromData({ code: 'NAME-410', message, mend: mendOf('NAME-410', message) });
  }
  if (/already exist/i.test(message)) {
    return StowageError.fromData({ code: 'NAME-411', message, mend: mendOf('NAME-411', message) });
  }
  if (failure.name === 'ResourceLimitExceeded' || failure.name === 'LimitExceededException') {
    return StowageError.fromData({ code: 'LIMIT-710', message, mend: mendOf('LIMIT-710', message) });
  }
  if (failure.name === 'UnknownOperationException') {
    const text = `${failure.name}: ${message}`;
    return StowageError.fromData({ code: 'NAME-406', message: text, mend: mendOf('NAME-406', text) });
  }
  if (failure.name === 'CredentialsProviderError') {
    return StowageError.of('KEY-400', { problem: message }, { cause: thrown });
  }
  const kind = networkCode(failure) ?? failure.name ?? '';
  if (status === null) {
    return errorOfCall({ kind, message, status: null, retryAfterSeconds: null }, address);
  }
  // JSON protocols tell it with status 400.
  if (status === 401 || status === 403 || failure.name === 'AccessDeniedException') {
    const text = `${failure.name}: ${message}`;
    return StowageError.fromData({ code: 'KEY-404', message: text, mend: mendOf('KEY-404', text) });
  }
  return errorOfCall(
    { kind, message: `${failure.name}: ${message}`, status, retryAfterSeconds: null },
    address,
  );
}

function networkCode(failure: SdkFailure): string | null {
  for (let error: SdkFailure | undefined = failure; error !== undefined;) {
    if (typeof error.code === 'string') return error.code;
    error = error.cause as SdkFailure | undefined;
  }
  return null;
}

/** The table's mend with its slots filled from the message, as far as that names them; empty where it does not. */
function mendOf(code: ErrorCode, message: string): string {
  const field = /(?:\bat '|\bparameter '?|`)([\w.[\]]+)['`]?/.exec(message)?.[1];
  const kind = kinds.find(([words]) => words.test(message))?.[1] ?? 'KIND';
  const facts: Readonly<Record<string, string | undefined>> = { field, kind };
  let isWhole = true;
  const mend = errorTable[code].mend.replace(/\{(\w+)\}/g, (_, name: string) => {
    isWhole &&= facts[name] !== undefined;
    return facts[name] ?? '';
  });
  return isWhole ? mend : '';
}

/** What AWS's sentences call the kinds of things, the longer names first. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/inference[- ]component/i, 'component'],
  [/endpoint[- ]config/i, 'endpoint-config'],
  [/endpoint/i, 'endpoint'],
  [/model/i, 'model'],
];

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorTable, text);
}
