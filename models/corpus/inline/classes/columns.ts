/** Properties that fields of a record fill: what rows and controllers share. */
import type { Field, FieldType } from '../../nouns.js';
import { apexType, everyType, variableOf, type Part } from '../part.js';
import { isReserved } from '../style.js';

/** One property of a row, and what of a record it holds. */
export interface Column {
  readonly name: string;
  readonly type: string;
  /** What the property holds, for a record in variable `one`. */
  readonly source: (one: string) => string;
  /** What a query has to select for it. */
  readonly api: string;
  /** null = it cannot be set on the record. */
  readonly field: Field | null;
  /** Whether name and source tell the type. */
  readonly isTold: boolean;
}

const telling: Partial<Readonly<Record<FieldType, RegExp>>> = {
  date: /\bdate$/,
  datetime: /\b(time|at)$/,
  currency: /\b(amount|price|cost|fee|total|value|budget|revenue|rate|sum|balance)\b/,
  email: /email/,
  phone: /phone/,
  picklist: /\b(status|stage|type|priority|category|source|region|origin)\b/,
  text: /\b(name|city|country|description|title|notes|street|code|comment)\b/,
};

function columnOf(part: Part, field: Field): Column {
  const name = variableOf(field, part);
  const { api } = field;
  const isCast = field.type === 'integer' && api.endsWith('__c') && part.random.chance(0.5);
  const cast = part.pick(
    (one: string) => `(Integer) ${one}.${api}`,
    (one: string) => `(Integer) ${one}.${api}`,
    (one: string) => `Integer.valueOf(${one}.${api})`,
  );
  return {
    name,
    type: isCast ? 'Integer' : apexType(field),
    source: isCast ? cast : (one) => `${one}.${api}`,
    api,
    field,
    isTold: isCast || telling[field.type]?.test(field.label) === true,
  };
}

/** Fields whose values a record has of itself, each a property; the names are apart. */
export function plainColumns(part: Part, least: number, most: number, canSet = false): readonly Column[] {
  const count = part.random.integer(least, most);
  const fields = canSet ? part.settable(count, everyType) : part.fields(count, everyType);
  return apartColumns(
    part,
    fields.map((field) => columnOf(part, field)),
  );
}

/** The columns without those whose names another one has, or nobody may take. */
export function apartColumns(part: Part, columns: readonly Column[]): readonly Column[] {
  const taken = new Set(
    [...Object.values(part.names), 'rows', 'items', 'records', 'rec', 'record', 'source', 'data'].map(
      (name) => name.toLowerCase(),
    ),
  );
  return columns.filter(({ name }) => {
    const key = name.toLowerCase();
    if (taken.has(key) || isReserved(name)) return false;
    taken.add(key);
    return true;
  });
}

/** A variable for one record that the row is made of. */
export function oneName(part: Part, columns: readonly Column[] = []): string {
  const { names, thing } = part;
  const name = part.random.chance(0.5)
    ? names.one
    : part.pick(thing.one, thing.one, 'record', 'rec', 'source', `${thing.one[0]!}Record`);
  return columns.some((column) => column.name.toLowerCase() === name.toLowerCase()) || isReserved(name)
    ? 'rec'
    : name;
}
