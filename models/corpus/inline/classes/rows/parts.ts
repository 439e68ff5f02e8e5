/** What the makers of rows share: properties, constructors, loops that fill rows, and names of lists and classes. */
import { type Column, plainColumns, apartColumns } from '../columns.js';
import { capitalized } from '../../../phrase.js';
import { unknownWord } from '../../../words/invented.js';
import { free, indented, seen } from '../../apex.js';
import { lines, relation } from '../../bulk/base.js';
import { type Part } from '../../part.js';

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
