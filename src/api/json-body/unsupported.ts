/**
 * Fields that would change the answer and that are not done here. Each dialect has its own table of them;
 * whether a value asks for anything is the same for all.
 */
import { type Fields, isObject, unsupportedField } from './fields.js';

/** Field → its neutral values beside null, false, "", [] and {}; and why any other is refused. */
export type UnsupportedFields = Readonly<
  Record<string, readonly [neutral: readonly unknown[], problem: string]>
>;

/** Throws REQ-212 for a field of the table whose value asks for something; unknown fields are ignored. */
export function refuseUnsupported(fields: Fields, table: UnsupportedFields): void {
  for (const field in fields.object) {
    if (!Object.hasOwn(table, field)) continue;
    const row = table[field];
    if (row === undefined || isNeutral(fields.object[field], row[0])) continue;
    throw unsupportedField(fields.path(field), row[1]);
  }
}

function isNeutral(value: unknown, neutral: readonly unknown[]): boolean {
  if (value === null || value === undefined || value === false || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  return neutral.includes(value);
}
