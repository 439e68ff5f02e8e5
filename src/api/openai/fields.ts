/**
 * Reading the fields of a JSON body. `null` and absent mean the same. Everything that is not as it must
 * be is REQ-210 with the field's name; nothing here recurses, so deep JSON cannot exhaust the stack.
 */
import { StowageError } from '../../domain/errors.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The body as a JSON object; throws REQ-214. */
export function parseObject(body: Buffer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    const problem = body.length === 0 ? 'it is empty' : error instanceof Error ? error.message : 'unreadable';
    throw StowageError.of('REQ-214', { problem });
  }
  if (!isObject(value)) throw StowageError.of('REQ-214', { problem: 'it is not an object' });
  return value;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** REQ-210 for a field, e.g. ``badField('n', 'must be a number')``. */
export function badField(field: string, problem: string): StowageError {
  return StowageError.of('REQ-210', { problem: `\`${field}\` ${problem}`, field }, { location: field });
}

/** REQ-212: a field that would change the answer and that we do not do. */
export function unsupportedField(field: string, problem: string): StowageError {
  return StowageError.of('REQ-212', { field, problem }, { location: field });
}

/** A number in [min, max], or null. */
export function numberField(body: JsonObject, field: string, min: number, max: number): number | null {
  const value = body[field];
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw badField(field, `must be a number from ${min} to ${max}`);
}

/** A whole number in [min, max], or null. */
export function integerField(body: JsonObject, field: string, min: number, max: number): number | null {
  const value = body[field];
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw badField(field, `must be a whole number from ${min} to ${max}`);
}

/** A boolean; false when absent. */
export function booleanField(body: JsonObject, field: string): boolean {
  const value = body[field];
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw badField(field, 'must be true or false');
}

/** A string, or null. */
export function textField(body: JsonObject, field: string): string | null {
  const value = body[field];
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  throw badField(field, 'must be a string');
}
