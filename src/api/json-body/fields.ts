/**
 * Reading the fields of a JSON body, for every dialect that takes one. `null` and absent mean the same. Everything that
 * is not as it must be is REQ-210 with the field's path; nothing here recurses, so deep JSON cannot
 * exhaust the stack.
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

/** REQ-210 for a field, e.g. ``badField('inputs', 'is required')``. */
export function badField(field: string, problem: string): StowageError {
  return StowageError.of('REQ-210', { problem: `\`${field}\` ${problem}`, field }, { location: field });
}

/** REQ-212: a field that would change the answer and that we do not do. */
export function unsupportedField(field: string, problem: string): StowageError {
  return StowageError.of('REQ-212', { field, problem }, { location: field });
}

/** The fields of one object of a body; `prefix` is what stands before a field's name in messages. */
export class Fields {
  constructor(
    readonly object: JsonObject,
    readonly prefix: string,
  ) {}

  path(field: string): string {
    return `${this.prefix}${field}`;
  }

  has(field: string): boolean {
    const value = this.object[field];
    return Object.hasOwn(this.object, field) && value !== undefined && value !== null;
  }

  get(field: string): unknown {
    return this.has(field) ? this.object[field] : undefined;
  }

  bad(field: string, problem: string): StowageError {
    return badField(this.path(field), problem);
  }

  /** A number in [min, max], or null. */
  number(field: string, min: number, max: number): number | null {
    const value = this.get(field);
    if (value === undefined) return null;
    if (typeof value === 'number' && value >= min && value <= max) return value;
    throw this.bad(field, `must be a number from ${min} to ${max}`);
  }

  /** A whole number in [min, max], or null. */
  integer(field: string, min: number, max: number): number | null {
    const value = this.get(field);
    if (value === undefined) return null;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    throw this.bad(field, `must be a whole number from ${min} to ${max}`);
  }

  /** A boolean, or null. */
  boolean(field: string): boolean | null {
    const value = this.get(field);
    if (value === undefined) return null;
    if (typeof value === 'boolean') return value;
    throw this.bad(field, 'must be true or false');
  }

  /** A string, or null. */
  text(field: string): string | null {
    const value = this.get(field);
    if (value === undefined) return null;
    if (typeof value === 'string') return value;
    throw this.bad(field, 'must be a string');
  }
}
