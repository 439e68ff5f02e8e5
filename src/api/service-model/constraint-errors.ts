/**
 * Errors of inputs that are not as the service model says, as rows of the table, and how they are told from others:
 * their texts are AWS's to the letter, because clients and people look for these words.
 */
import { StowageError } from '../../domain/errors.js';

/** Violations that are told; their count is told in any case. */
export const violationsShownMax = 50;

/** REQ-210 with all violations, as `violationText` has them; `field` is the first one's. */
export function constraintError(violations: readonly string[], count: number, field: string): StowageError {
  const detected = `${count} validation error${count === 1 ? '' : 's'} detected`;
  const problem = `${detected}: ${violations.slice(0, violationsShownMax).join('; ')}`;
  return StowageError.of('REQ-210', { problem, field }, { location: field });
}

const constraintPattern = /^\d+ validation errors? detected: /;

/** True for errors that `constraintError` made, whose message is AWS's to the letter. */
export function isConstraintError(error: StowageError): boolean {
  return error.code === 'REQ-210' && constraintPattern.test(error.message);
}

/** REQ-210 for a value of another JSON type than the model's; `wanted` with its article. */
export function badType(value: unknown, wanted: string, field: string): StowageError {
  const problem = `${foundText(value, wanted)} (at '${field}')`;
  return StowageError.of('REQ-210', { problem, field }, { location: field });
}

const typePattern = /^(?:Start of (?:list|structure or map) found|[A-Z]+_VALUE can not be converted)/;

/** True for errors that `badType` made. */
export function isTypeError(error: StowageError): boolean {
  return error.code === 'REQ-210' && typePattern.test(error.message);
}

function foundText(value: unknown, wanted: string): string {
  if (Array.isArray(value)) return 'Start of list found where not expected';
  switch (typeof value) {
    case 'object':
      if (value !== null) return 'Start of structure or map found where not expected';
      return `NULL_VALUE can not be converted to ${wanted}`;
    case 'boolean':
      return `${value ? 'TRUE' : 'FALSE'}_VALUE can not be converted to ${wanted}`;
    case 'number':
      return `NUMBER_VALUE can not be converted to ${wanted}`;
    default:
      return `STRING_VALUE can not be converted to ${wanted}`;
  }
}
