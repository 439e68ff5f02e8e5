/** Rows that are made of a record: properties and constructor, lists of them, and queries that follow from them. */
import { oneName, plainColumns, type Column } from '../columns.js';
import { pascalCase, withArticle } from '../../../phrase.js';
import { apex, free, indented, seen } from '../../apex.js';
import { joinedMembers, lines, relation, selected } from '../../bulk/base.js';
import { emptyGuard } from '../../members-changes.js';
import { signature, type Member, type Part } from '../../part.js';
import { told } from '../../scope/words.js';
import {
  drawColumns,
  fillRows,
  manyName,
  propertyLines,
  recordConstructor,
  rowsName,
  rowType,
} from './parts.js';

function emptyConstructor(part: Part, type: string): string {
  return part.random.chance(0.15) ? `${free('')}public ${type}() {}` : '';
}

/** A static method that makes a row of each record. */
function fromRecords(part: Part, type: string, one: string): string {
  const many = manyName(part);
  const rows = rowsName(part);
  if (many === rows || many === one || rows === one) return '';
  const doc = part.doc(
    part.pick(`a row for each ${part.thing.label}`, `wraps the ${part.thing.plural}, one by one`),
    [many],
  );
  const head = signature(
    'public static',
    `List<${type}>`,
    part.pick(
      'fromRecords',
      'fromRecords',
      'of',
      'toRows',
      'wrap',
      `from${pascalCase(part.thing.plural)}`,
      'convertAll',
    ),
  );
  return apex`
    ${doc}
    ${head}(List<${part.thing.api}> ${seen(many)}) {
        ${fillRows(part, type, rows, many, one)}
        return ${rows};
    }
  `;
}

/** A class of its own for what is shown of a record. */
export const rowOfRecord: Member = (part) => {
  const columns = drawColumns(part, 1, 4);
  if (columns.length < 2) return null;
  const type = part.className;
  const one = oneName(part, columns);
  const more = part.random.chance(0.6) ? fromRecords(part, type, one) : '';
  return joinedMembers(
    propertyLines(part, columns, false),
    emptyConstructor(part, type),
    recordConstructor(part, type, columns, one),
    more,
  );
};

/** How a query picks its records; what is chosen nobody knows. */
function drawEnd(part: Part): { readonly given: string; readonly clause: string; readonly ask: string } {
  const { thing } = part;
  const status = part.fields(1, ['picklist'])[0];
  const limit = part.pick('', ` LIMIT ${free(part.pick('50', '100', '200'))}`);
  const order = part.pick('', ` ORDER BY ${free(part.pick(thing.nameField, 'CreatedDate DESC'))}`);
  const end = `${order}${limit}`;
  switch (part.pick('ids', 'ids', 'value', 'owner', 'all')) {
    case 'ids':
      return {
        given: `Set<Id> ${seen('recordIds')}`,
        clause: ` WHERE Id IN :recordIds${end}`,
        ask: 'by their ids',
      };
    case 'value':
      if (status !== undefined && status.values.length > 0) {
        const given = part.pick('wanted', 'selected', 'value');
        return {
          given: `String ${seen(given)}`,
          clause: ` WHERE ${seen(status.api)} = :${given}${end}`,
          ask: `by their ${status.label}`,
        };
      }
      return { given: '', clause: end === '' ? free(' LIMIT 100') : free('') + end, ask: '' };
    case 'owner':
      return {
        given: '',
        clause: ` WHERE ${free('OwnerId')} = :${free('UserInfo')}.getUserId()${end}`,
        ask: 'of the running user',
      };
    default:
      return { given: '', clause: end === '' ? free(' LIMIT 100') : free('') + end, ask: '' };
  }
}

/** Finds records and answers with rows. */
function rowQuery(part: Part, type: string, columns: readonly Column[], one: string): string | null {
  const { api, plural } = part.thing;
  const rows = rowsName(part);
  const many = manyName(part);
  if (many === rows || many === one || rows === one) return null;
  const { given, clause, ask } = drawEnd(part);
  const query = `[SELECT ${selected(columns.map((column) => column.api))} FROM ${api}${clause}]`;
  const body = part.random.chance(0.55)
    ? `List<${type}> ${seen(rows)} = new List<${type}>();\nfor (${api} ${seen(one)} : ${query}) {\n    ${rows}.add(new ${type}(${one}));\n}`
    : `List<${api}> ${seen(many)} = ${query};\n${fillRows(part, type, rows, many, one)}`;
  const annotation = part.pick(
    '@AuraEnabled(cacheable=true)',
    '@AuraEnabled(cacheable=true)',
    '@AuraEnabled',
    '',
  );
  const doc = part.doc(
    `the ${plural}${ask === '' ? '' : ` ${ask}`} as rows`,
    given === '' ? [] : [given.replace(/^.*[ ‹]([a-zA-Z]+)›$/, '$1')],
  );
  const head = signature(
    'public static',
    `List<${type}>`,
    part.pick('getRows', `get${pascalCase(plural)}`, 'load', 'listRows', 'findAll', 'fetchData'),
  );
  return apex`
    ${doc}
    ${annotation === '' ? '' : free(annotation)}
    ${head}(${given}) {
        ${body}
        return ${rows};
    }
  `;
}

/** A controller's query, whose fields follow from the row's constructor. */
export const innerRows: Member = (part) => {
  const columns = drawColumns(part, 1, 4);
  if (columns.length < 2) return null;
  const type = rowType(part);
  const one = oneName(part, columns);
  const query = rowQuery(part, type, columns, one);
  if (query === null) return null;
  const inner = apex`
    public ${part.pick('', 'with sharing ', '')}class ${seen(type)} {
        ${propertyLines(part, columns, false)}

        ${recordConstructor(part, type, columns, one)}
    }
  `;
  return part.random.chance(0.6) ? joinedMembers(query, inner) : joinedMembers(inner, query);
};

/** The record that a row stands for: its fields given at once or one after another. */
function toRecord(part: Part, columns: readonly Column[]): string {
  const { api, one, className } = part.thing;
  const name = part.pick('toRecord', 'toRecord', 'toSObject', `to${className}`, 'asRecord', 'build');
  const head = `public ${free(`${api} ${name}`)}() {`;
  const self = part.random.chance(0.6) ? 'this.' : '';
  const variable = part.pick(one, 'record', 'rec', part.names.one);
  const shape = part.pick('lines', 'assigned', 'one');
  const values = columns.map((column) => `${column.api} = ${self}${column.name}`);
  const isClash = columns.some((column) => column.name === variable);
  if (shape === 'assigned' && !isClash) {
    return `${head}\n${indented(lines(`${api} ${seen(variable)} = new ${api}();`, ...values.map((value) => `${variable}.${value};`), `return ${variable};`))}\n}`;
  }
  return shape === 'one' && values.length < 4
    ? `${head}\n    return ${free('')}new ${api}(${values.join(', ')});\n}`
    : `${head}\n    return ${free('')}new ${api}(\n${indented(indented(values.join(',\n')))}\n    );\n}`;
}

/** From the record into the row, and back. */
export const rowBackAndForth: Member = (part) => {
  const own = plainColumns(part, 3, 5, true);
  if (own.length < 2) return null;
  const type = part.className;
  const id: Column = {
    name: 'recordId',
    type: 'Id',
    source: (record) => `${record}.Id`,
    api: 'Id',
    field: null,
    isTold: true,
  };
  const columns = part.random.chance(0.3) ? [id, ...own] : own;
  const one = oneName(part, columns);
  const back = toRecord(part, columns);
  const many = part.pick('rows', 'dtos', 'items');
  const records = part.names.many;
  const all =
    records === many || part.random.chance(0.6)
      ? ''
      : apex`
        ${part.doc('the records that the rows stand for', [many])}
        ${signature('public static', `List<${part.thing.api}>`, part.pick('toRecords', 'unwrap', 'allRecords'))}(List<${type}> ${seen(many)}) {
            List<${part.thing.api}> ${seen(records)} = new List<${part.thing.api}>();
            for (${type} ${seen('row')} : ${many}) {
                ${records}.add(row.${/ (\w+)»\(\)/.exec(back)![1]!}());
            }
            return ${records};
        }
      `;
  return joinedMembers(
    propertyLines(part, columns, false),
    recordConstructor(part, type, columns, one),
    back,
    all,
  );
};

/** A parent's row with the rows of its children, and the query for both. */
export const nestedRows: Member = (part) => {
  const related = relation(part);
  if (related === null) return null;
  const { up, children } = related;
  const inner = plainColumns(part, 2, 3);
  const outer = plainColumns(up, 1, 3);
  const parentOne = oneName(up, outer);
  const one = oneName(part, inner);
  const kept = part.pick('lines', part.thing.many, 'children', 'details', 'items');
  const [childType, type] = [
    `${part.thing.className}${part.pick('Row', 'Line', 'Dto', 'Info')}`,
    part.pick('Summary', 'Overview', 'View', `${up.thing.className}Dto`),
  ];
  if (
    inner.length < 2 ||
    outer.length < 1 ||
    one === parentOne ||
    one === kept ||
    outer.some(({ name }) => name === kept)
  )
    return null;
  const list = `${part.pick('@AuraEnabled ', '')}public List<${childType}> ${seen(kept)}${part.pick(';', ' { get; set; }')}`;
  const own = outer.map(({ name, source }) => `this.${name} = ${source(parentOne)};`);
  const id = `${up.thing.one.replace(/Record$/, '')}Id`;
  const query = `[SELECT ${selected(outer.map(({ api }) => api))}, (SELECT ${selected(inner.map(({ api }) => api))} FROM ${children}) FROM ${up.thing.api} WHERE Id = :${id}]`;
  const getter = apex`
    ${told(part, part.pick(`one ${up.thing.label} with its ${part.thing.plural}`, `the ${up.thing.label} and all ${part.thing.plural} below it`), [id])}
    ${free(part.pick('@AuraEnabled(cacheable=true)', '@AuraEnabled'))}
    ${signature('public static', type, part.pick('load', `get${type}`, 'fetch', 'read'))}(Id ${seen(id)}) {
        ${up.thing.api} ${seen(parentOne)} = ${query};
        return new ${type}(${parentOne});
    }
  `;
  const parentClass = apex`
    public class ${seen(type)} {
        ${propertyLines(up, outer, false)}
        ${list}

        public ${type}(${up.thing.api} ${seen(parentOne)}) {
            ${own}
            this.${kept} = new List<${childType}>();
            for (${part.thing.api} ${seen(one)} : ${parentOne}.${seen(children)}) {
                this.${kept}.add(new ${childType}(${one}));
            }
        }
    }
  `;
  const childClass = apex`
    public class ${seen(childType)} {
        ${propertyLines(part, inner, false)}

        ${recordConstructor(part, childType, inner, one)}
    }
  `;
  return part.random.chance(0.6)
    ? joinedMembers(getter, parentClass, childClass)
    : joinedMembers(parentClass, childClass, getter);
};

/** A row for each of those that fulfil what is said, the others left out. */
export const chosenRows: Member = (part) => {
  const columns = plainColumns(part, 2, 4);
  const flag = part
    .fields(3, ['checkbox', 'date'])
    .find(({ api }) => columns.every((column) => column.api !== api));
  if (columns.length < 2 || flag === undefined) return null;
  const type = rowType(part);
  const one = oneName(part, columns);
  const many = manyName(part);
  const rows = rowsName(part);
  if ([one, rows].includes(many) || one === rows) return null;
  const isOut = part.random.chance(0.5);
  const isDate = flag.type === 'date';
  const has = isDate ? `${one}.${flag.api} != null` : `${one}.${flag.api}`;
  const lacks = isDate ? `${one}.${flag.api} == null` : `!${one}.${flag.api}`;
  const said = `${isOut ? 'those with' : 'only those with'} ${isDate ? withArticle(flag.label) : `the mark ${flag.label}`}${isOut ? ' are left out' : ''}`;
  const add = `${rows}.add(new ${type}(${one}));`;
  const [keeps, skips] = isOut ? [lacks, has] : [has, lacks];
  const body = part.random.chance(0.5)
    ? `if (${keeps}) {\n    ${add}\n}`
    : lines(`${free('')}if (${skips}) ${part.pick('continue;', '{\n    continue;\n}')}`, add);
  const method = apex`
    ${told(part, `rows of the ${part.thing.plural}; ${said}`, [many])}
    ${signature('public static', `List<${type}>`, part.pick('rowsOf', 'select', 'visibleRows', 'toRows'))}(List<${part.thing.api}> ${seen(many)}) {
        List<${type}> ${seen(rows)} = new List<${type}>();
        ${emptyGuard(part, many, rows)}
        for (${part.thing.api} ${seen(one)} : ${many}) {
            ${body}
        }
        return ${rows};
    }
  `;
  const inner = apex`
    public class ${seen(type)} {
        ${propertyLines(part, columns, false)}

        ${recordConstructor(part, type, columns, one)}
    }
  `;
  return part.random.chance(0.5) ? joinedMembers(method, inner) : joinedMembers(inner, method);
};
