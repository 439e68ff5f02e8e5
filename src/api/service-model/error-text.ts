/** How errors of the table are told by dialects whose clients know AWS's own texts. */
import type { ErrorCode, StowageError } from '../../domain/errors.js';
import { isConstraintError, isTypeError } from './constraint-errors.js';

/** Rows whose message can be AWS's own sentence; tools and waiters look for it, so it is told alone. */
const sentences: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'REQ-210',
  'CAP-106',
  'NAME-410',
  'NAME-411',
  'NAME-412',
  'NAME-413',
  'STATE-700',
  'STATE-703',
  'LIMIT-710',
  'LIMIT-711',
]);

/** What happened, in one line: AWS's words alone where they are, otherwise code, message, cause and mend. */
export function errorText(error: StowageError): string {
  const { code, message } = error;
  if (sentences.has(code) && /^[A-Z].*\.$/s.test(message)) return message;
  if (isConstraintError(error) || isTypeError(error)) return message;
  const cause = error.reason === undefined ? '' : ` (cause: ${error.reason})`;
  return `${code}: ${message}${cause}; mend: ${error.mend}`;
}
