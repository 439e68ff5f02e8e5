/** What the makers of rows share: columns that a record fills, names of variables, classes and rows. */
import type { Field, FieldType } from '../../../nouns.js';
import { capitalized } from '../../../phrase.js';
import { unknownWord } from '../../../words/invented.js';
import { free, indented, seen } from '../../apex.js';
import { lines, relation } from '../../bulk/base.js';
import { apexType, variableOf, type Part } from '../../part.js';
import { isReserved } from '../../style.js';

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

const rowFieldTypes: readonly FieldType[] = [
  'picklist',
  'currency',
  'integer',
  'date',
  'datetime',
  'checkbox',
  'text',
  'email',
  'phone',
];

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
  const fields = canSet ? part.settable(count, rowFieldTypes) : part.fields(count, rowFieldTypes);
  return apartColumns(
    part,
    fields.map((field) => columnOf(part, field)),
  );
}

function apartColumns(part: Part, columns: readonly Column[]): readonly Column[] {
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

/** Those and, now and then, the id, the record's name and a parent's name. */
export function drawColumns(part: Part, least: number, most: number): readonly Column[] {
  const { thing } = part;
  const before: Column[] = [];
  if (part.random.chance(0.4)) {
    const name = part.pick(
      'recordId',
      'id',
      `${thing.className[0]!.toLowerCase()}${thing.className.slice(1)}Id`,
    );
    before.push({ name, type: 'Id', source: (one) => `${one}.Id`, api: 'Id', field: null, isTold: true });
  }
  if (part.random.chance(0.5)) {
    const api = thing.nameField;
    const name =
      api === 'Name'
        ? part.pick('name', 'name', 'label', 'title')
        : `${api[0]!.toLowerCase()}${api.slice(1)}`;
    before.push({ name, type: 'String', source: (one) => `${one}.${api}`, api, field: null, isTold: true });
  }
  const parent = part.random.chance(0.35) ? relation(part) : null;
  const after: Column[] = [];
  if (parent !== null && parent.up.thing.nameField === 'Name') {
    const api = `${parent.path}.Name`;
    const isSame = parent.noun === parent.up.thing.one;
    const shown = isSame ? api : seen(api);
    after.push({
      name: `${parent.noun}Name`,
      type: 'String',
      source: (one) => `${one}.${shown}`,
      api,
      field: null,
      isTold: true,
    });
  }
  return apartColumns(part, [...before, ...plainColumns(part, least, most), ...after]);
}

/** How properties are declared in one class. */
export function propertyLines(part: Part, columns: readonly Column[], isTyped: boolean): string {
  const annotation = part.pick('', '', '@AuraEnabled ', '@AuraEnabled ', '@AuraEnabled\n');
  const ending = part.pick(
    ';',
    ';',
    ' { get; set; }',
    ' { get; set; }',
    annotation === '' ? ' { get; private set; }' : ' { get; set; }',
  );
  const gap = annotation.endsWith('\n') && part.random.chance(0.3) ? '\n\n' : '\n';
  return columns
    .map(
      ({ name, type, isTold }) =>
        `${annotation}public ${isTyped || isTold ? type : free(type)} ${seen(name)}${ending}`,
    )
    .join(gap);
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

/** A variable for the list of records. */
export function manyName(part: Part): string {
  return part.random.chance(0.5)
    ? part.names.many
    : part.pick(part.thing.many, 'records', 'source', `${part.thing.many}ToShow`, 'found');
}

/** The class of the rows where it stands inside another one. */
export function rowType(part: Part): string {
  const { thing } = part;
  return part.pick(
    'Row',
    'Row',
    'Item',
    'Entry',
    `${thing.className}Row`,
    `${thing.className}Wrapper`,
    `${thing.className}Dto`,
    `${thing.className}Info`,
    'ViewModel',
    'Card',
    capitalized(unknownWord(part.random)),
  );
}

/** The list of rows. */
export function rowsName(part: Part): string {
  return part.pick('rows', 'rows', 'items', 'dtos', 'wrappers', part.style.result, 'output', 'entries');
}

/** The constructor from a record. */
export function recordConstructor(part: Part, type: string, columns: readonly Column[], one: string): string {
  const self = part.random.chance(0.8) ? 'this.' : '';
  const sets = columns.map(({ name, source }) => `${self}${name} = ${source(one)};`);
  const hasGuard = part.random.chance(0.12);
  const guard = hasGuard ? `${free('')}if (${one} == null) {\n    return;\n}` : '';
  return `public ${type}(${part.thing.api} ${seen(one)}) {\n${indented(lines(guard, ...sets))}\n}`;
}

/** `new Row(record)` for each record, kept in a list. */
export function fillRows(part: Part, type: string, rows: string, many: string, one: string): string {
  const { api } = part.thing;
  const shape = part.random.weighted([
    [6, 'for'],
    [1.5, 'index'],
    [1, 'variable'],
  ] as const);
  const declared = `List<${type}> ${seen(rows)} = new List<${type}>();`;
  switch (shape) {
    case 'for':
      return `${declared}\nfor (${api} ${seen(one)} : ${many}) {\n    ${rows}.add(new ${type}(${one}));\n}`;
    case 'index':
      return `${declared}\n${free('')}for (Integer i = 0; i < ${many}.size(); i++) {\n    ${rows}.add(new ${type}(${many}[i]));\n}`;
    case 'variable': {
      const row = ['Row', 'Item'].includes(type) ? 'dto' : part.pick('row', 'item', 'dto', 'wrapper');
      return `${declared}\nfor (${api} ${seen(one)} : ${many}) {\n    ${type} ${free(row)} = new ${type}(${one});\n    ${rows}.add(${row});\n}`;
    }
  }
}
