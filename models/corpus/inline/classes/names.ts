/** Names of variables and fields that several groups draw. */
import { capitalized, camelCase } from '../../phrase.js';
import type { Part } from '../part.js';
import { isReserved } from '../style.js';

/** Whether two of the names are one to Apex. */
export function clash(...names: readonly string[]): boolean {
  return new Set(names.map((name) => name.toLowerCase())).size < names.length;
}

/** A variable for a list: as elsewhere in the file, or as a list of this purpose is called. */
export function listName(part: Part, ...others: readonly string[]): string {
  const { thing, names } = part;
  return part.random.chance(0.5)
    ? names.many
    : part.pick('records', 'records', thing.many, 'rows', ...others);
}

/** A variable for one record. */
export function recordName(part: Part): string {
  return part.random.chance(0.55)
    ? part.names.one
    : part.pick('rec', 'record', 'row', 'item', part.thing.one);
}

/** Variables for one record and for many, the file's own or what people often say. */
export function recordNames(part: Part): { readonly one: string; readonly many: string } {
  const { thing, names } = part;
  if (part.random.chance(0.5)) return names;
  const plain = camelCase(thing.label);
  return {
    one: part.pick('rec', 'item', 'r', 'row', 'record', isReserved(plain) ? 'entry' : plain),
    many: part.pick(
      'records',
      'scope',
      'items',
      'rows',
      'toUpdate',
      'updates',
      `new${capitalized(thing.many)}`,
    ),
  };
}

/** Whether two of the names are one to Apex, or one cannot be a name. */
export function cannotShareScope(...names: readonly string[]): boolean {
  const low = names.map((name) => name.toLowerCase());
  return (
    new Set(low).size < low.length || low.some((name) => /^(?:date|time|list|map|set|string)$/.test(name))
  );
}

/** `check in date` → `checkInDate`. */
export function variableFor(label: string): string {
  const name = camelCase(label);
  return isReserved(name) ? `${name}Value` : name;
}

/** The field of a record's name that may be set: `Name`, `LastName` of people; '' = none. */
export function nameApi({ thing }: Part): string {
  if (['Contact', 'Lead', 'User'].includes(thing.api)) return 'LastName';
  return thing.nameField === 'Name' ? 'Name' : '';
}
