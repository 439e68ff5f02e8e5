/** Rows that are made of values: constructors with parameters, callers, maps, JSON, equality and totals. */
import { oneName, plainColumns, type Column } from '../columns.js';
import { capitalized, pascalCase } from '../../../phrase.js';
import { unknownWord } from '../../../words/invented.js';
import { apex, free, indented, seen } from '../../apex.js';
import { joinedMembers, lines } from '../../bulk/base.js';
import { signature, type Member, type Part } from '../../part.js';
import { told } from '../../scope/words.js';
import { manyName, propertyLines, rowsName, rowType } from './parts.js';

function example(part: Part, type: string): string {
  switch (type) {
    case 'Boolean':
      return part.pick('true', 'false');
    case 'Integer':
      return String(part.random.integer(0, 40));
    case 'Decimal':
      return part.pick('0', '10.5', '250', '99.90', '1200');
    case 'Date':
      return part.pick('Date.today()', 'null', 'Date.newInstance(2025, 3, 14)');
    case 'Datetime':
      return part.pick('Datetime.now()', 'null');
    default:
      return `'${capitalized(unknownWord(part.random))}'`;
  }
}

/** One parameter for each property; on lines of their own where they are many. */
function valueConstructor(part: Part, type: string, columns: readonly Column[]): string {
  const given = columns.map((column) => `${column.type} ${seen(column.name)}`);
  const isLong = columns.length > 3 && part.random.chance(0.5);
  const head = isLong ? `(\n${indented(given.join(',\n'))}\n)` : `(${given.join(', ')})`;
  return `public ${type}${head} {\n${indented(columns.map(({ name }) => `this.${name} = ${name};`).join('\n'))}\n}`;
}

/** A second constructor, with one value less, that calls the first. */
function shorterConstructor(part: Part, type: string, columns: readonly Column[]): string {
  const last = columns.at(-1)!;
  const rest = columns.slice(0, -1);
  const value = part.pick(free('null'), free(example(part, last.type)));
  return `public ${type}(${rest.map((column) => `${column.type} ${seen(column.name)}`).join(', ')}) {\n    this(${[...rest.map(({ name }) => name), value].join(', ')});\n}`;
}

/** Fields, constructor, and a method that returns the values one after another. */
export const rowOfValues: Member = (part) => {
  const columns = plainColumns(part, 3, 5, true);
  if (columns.length < 2) return null;
  const type = part.className;
  const shorter =
    columns.length > 2 && part.random.chance(0.35) ? shorterConstructor(part, type, columns) : '';
  const separator = part.pick("', '", "' / '", "' - '", "';'");
  const shown = columns.slice(0, 3).map(({ name }) => name);
  const text = apex`
    public override String toString() {
        return ${shown.map((name, index) => (index === 0 ? name : `${index === 1 ? free(separator) : separator} + ${seen(name)}`)).join(' + ')};
    }
  `;
  const record = `${part.thing.api} ${part.pick('toRecord', 'toSObject', 'build')}`;
  const back = apex`
    public ${free(record)}() {
        return ${free('')}new ${part.thing.api}(
        ${indented(columns.map(({ api, name }) => `${api} = ${name}`).join(',\n'))}
        );
    }
  `;
  const more = part.pick('', text, back, back);
  return joinedMembers(
    propertyLines(part, columns, true),
    valueConstructor(part, type, columns),
    shorter,
    more,
  );
};

/** A caller that makes a row of each record's values, in the order of the constructor. */
export const rowCaller: Member = (part) => {
  const columns = plainColumns(part, 2, 5);
  if (columns.length < 2) return null;
  const type = rowType(part);
  const one = oneName(part, columns);
  const many = manyName(part);
  const rows = rowsName(part);
  if ([one, rows].includes(many) || one === rows) return null;
  const values = columns.map(({ source }) => source(one));
  const isLong = values.length > 3 || part.random.chance(0.2);
  const made = isLong
    ? `new ${type}(\n${indented(values.join(',\n'))}\n)`
    : `new ${type}(${values.join(', ')})`;
  const doc = part.doc(`what is shown of each ${part.thing.label}`, [many]);
  const method = apex`
    ${doc}
    ${signature('public static', `List<${type}>`, part.pick('toRows', 'collect', 'rowsOf', 'present', 'summarize'))}(List<${part.thing.api}> ${seen(many)}) {
        List<${type}> ${seen(rows)} = new List<${type}>();
        for (${part.thing.api} ${seen(one)} : ${many}) {
            ${rows}.add(${made});
        }
        return ${rows};
    }
  `;
  const inner = apex`
    public class ${seen(type)} {
        ${propertyLines(part, columns, true)}

        ${valueConstructor(part, type, columns)}
    }
  `;
  return part.random.chance(0.5) ? joinedMembers(method, inner) : joinedMembers(inner, method);
};

/** `orderCount` → `order_count`, in classes that do so. */
function keys(part: Part): (name: string) => string {
  const isSnake = part.random.chance(0.3);
  return (name) => (isSnake ? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : name);
}

/** The row as a map from names to values, and from such a map. */
export const rowMap: Member = (part) => {
  const columns = plainColumns(part, 2, 5);
  if (columns.length < 2) return null;
  const key = keys(part);
  const map = part.pick('result', 'values', 'payload', 'body', 'asMap');
  const shape = part.pick('put', 'literal');
  const entries = columns.map(({ name }) => [key(name), name] as const);
  const out =
    shape === 'put'
      ? lines(
          `Map<String, Object> ${seen(map)} = new Map<String, Object>();`,
          ...entries.map(([to, name]) => `${map}.put('${to}', ${name});`),
          `return ${map};`,
        )
      : `return new Map<String, Object>{\n${indented(entries.map(([to, name]) => `'${to}' => ${name}`).join(',\n'))}\n};`;
  const type = part.className;
  const given = part.pick('values', 'data', 'input', 'raw');
  const row = part.pick('row', 'created', 'instance', 'dto');
  const ins = columns.map(
    (column) => `${row}.${column.name} = (${column.type}) ${given}.get('${key(column.name)}');`,
  );
  const to = apex`
    public Map<String, Object> ${free(part.pick('toMap', 'asMap', 'toPayload', 'serialize'))}() {
        ${out}
    }
  `;
  const from = apex`
    public static ${type} ${free(part.pick('fromMap', 'of', 'parse'))}(Map<String, Object> ${seen(given)}) {
        ${type} ${seen(row)} = new ${type}();
        ${ins}
        return ${row};
    }
  `;
  const both = part.pick([to], [to], [to, from], [from, to], [from]);
  return joinedMembers(propertyLines(part, columns, both.includes(from)), ...both);
};

/** JSON of a row or of a list of rows, both ways. */
export const rowJson: Member = (part) => {
  const columns = plainColumns(part, 2, 5);
  if (columns.length < 2) return null;
  const type = part.className;
  const isList = part.random.chance(0.4);
  const target = isList ? `List<${type}>` : type;
  const text = part.pick('json', 'body', 'payload', 'jsonText', 'content');
  const strict = part.pick('', 'Strict');
  const parse = apex`
    ${part.doc(`reads ${isList ? 'a list of rows' : 'one row'} from JSON`, [text])}
    ${signature('public static', target, part.pick('parse', 'fromJson', 'deserialize', 'read'))}(String ${seen(text)}) {
        ${part.random.chance(0.4) ? `${free('')}if (String.isBlank(${text})) {\n    return ${isList ? `new List<${type}>()` : 'null'};\n}` : ''}
        return (${target}) JSON.deserialize${free(strict)}(${text}, ${target}.class);
    }
  `;
  const write = apex`
    public String ${free(part.pick('toJson', 'serialize', 'asJson'))}() {
        return JSON.serialize${free(part.pick('', '', 'Pretty'))}(this);
    }
  `;
  return joinedMembers(
    propertyLines(part, columns, false),
    part.random.chance(0.3) ? valueConstructor(part, type, columns) : '',
    parse,
    part.random.chance(0.7) ? write : '',
  );
};

/** Rows that are equal when some of their values are. */
export const rowEquality: Member = (part) => {
  const columns = plainColumns(part, 2, 4);
  if (columns.length < 2) return null;
  const type = part.className;
  const same = columns.slice(0, part.random.integer(1, 2));
  const named = same.map(({ name }) => name).join(' and ');
  const that = part.pick('other', 'that', 'o');
  const cast = part.pick('row', 'compared', 'their');
  const checks = same.map(({ name }) => `this.${name} == ${cast}.${name}`).join(' && ');
  const codes = same.map(({ name }) => `${name} == null ? 0 : System.hashCode(${name})`);
  return joinedMembers(
    propertyLines(part, columns, true),
    valueConstructor(part, type, columns),
    apex`
      ${told(part, `two rows are equal when ${named} ${same.length > 1 ? 'are' : 'is'} the same`)}
      public Boolean equals(Object ${seen(that)}) {
          if (!(${that} instanceof ${type})) {
              return false;
          }
          ${type} ${seen(cast)} = (${type}) ${that};
          return ${checks};
      }
    `,
    apex`
      public Integer hashCode() {
          return ${codes.length === 1 ? codes[0]! : `${free('31')} * (${codes[0]!}) + (${codes[1]!})`};
      }
    `,
  );
};

/** A row for each group: how many records it has and what they add up to. */
export const groupRows: Member = (part) => {
  const { thing } = part;
  const [key] = part.fields(1, ['picklist', 'text']);
  const [amount] = part.fields(1, ['currency', 'integer']);
  if (key === undefined || amount === undefined) return null;
  const type = part.pick('Group', 'Bucket', 'Total', `${thing.className}Group`, 'GroupRow', 'Summary');
  const one = oneName(part);
  const many = manyName(part);
  const map = part.pick('groups', 'byKey', 'totals', `by${pascalCase(key.label)}`, 'buckets');
  const group = part.pick('current', 'bucket', 'entry', 'target');
  const [count, total] = part.pick(
    ['count', 'total'],
    ['size', 'sum'],
    ['recordCount', 'amount'],
    ['quantity', 'volume'],
  ) as [string, string];
  const label = part.pick('name', 'label', 'key');
  if (new Set([one, many, map, group, type].map((name) => name.toLowerCase())).size < 5) return null;
  const value = `${one}.${amount.api}`;
  const add = part.pick(
    `${total} += ${value} == null ? 0 : ${value};`,
    `if (${value} != null) {\n    ${total} += ${value};\n}`,
  );
  const inner = apex`
    public class ${seen(type)} {
        @AuraEnabled public String ${seen(label)};
        @AuraEnabled public Integer ${seen(count)} = 0;
        @AuraEnabled public Decimal ${seen(total)} = 0;

        public ${type}(String ${label}) {
            this.${label} = ${label};
        }

        ${part.comment(`one more, and its ${amount.label}${add.startsWith('if') ? ' where there is one' : ', none counting as 0'}`)}
        public void add(${thing.api} ${seen(one)}) {
            ${count}++;
            ${add}
        }
    }
  `;
  const by = `${one}.${key.api}`;
  const method = apex`
    ${told(part, part.pick(`count and ${amount.label} of the ${thing.plural} by ${key.label}`, `one row for each ${key.label}`), [many])}
    ${signature('public static', `List<${type}>`, part.pick('groupRows', 'summarize', `by${pascalCase(key.label)}Rows`))}(List<${thing.api}> ${seen(many)}) {
        Map<String, ${type}> ${seen(map)} = new Map<String, ${type}>();
        for (${thing.api} ${seen(one)} : ${many}) {
            ${type} ${seen(group)} = ${map}.get(${by});
            if (${group} == null) {
                ${group} = new ${type}(${by});
                ${map}.put(${by}, ${group});
            }
            ${group}.add(${one});
        }
        return ${map}.values();
    }
  `;
  return part.random.chance(0.5) ? joinedMembers(inner, method) : joinedMembers(method, inner);
};

/** Options of a list: label and value of each entry of a picklist. */
export const optionRows: Member = (part) => {
  const { thing } = part;
  const [field] = part.fields(1, ['picklist']);
  if (field === undefined) return null;
  const type = part.pick('Option', 'Choice', 'PicklistOption', 'Entry');
  const [label, value] = part.pick(['label', 'value'], ['text', 'code'], ['name', 'key']) as [string, string];
  const list = part.pick('options', 'choices', 'entries', 'result');
  const entry = type === 'Entry' ? 'ple' : part.pick('entry', 'ple', 'picklistEntry', 'pe');
  const isActive = part.random.chance(0.5);
  const add = `${list}.add(new ${type}(${entry}.getLabel(), ${entry}.getValue()));`;
  const inner = apex`
    public class ${seen(type)} {
        @AuraEnabled public String ${seen(label)};
        @AuraEnabled public String ${seen(value)};

        public ${type}(String ${label}, String ${value}) {
            this.${label} = ${label};
            this.${value} = ${value};
        }
    }
  `;
  const method = apex`
    ${told(part, `the ${isActive ? 'active ' : ''}entries of ${field.label}, as ${label} and ${value}`)}
    ${free('@AuraEnabled(cacheable=true)')}
    ${signature('public static', `List<${type}>`, part.pick('getOptions', `get${pascalCase(field.label)}Options`, 'listChoices'))}() {
        List<${type}> ${seen(list)} = new List<${type}>();
        for (Schema.PicklistEntry ${seen(entry)} : ${thing.api}.${seen(field.api)}.getDescribe().getPicklistValues()) {
            ${isActive ? `if (${entry}.isActive()) {\n    ${add}\n}` : add}
        }
        return ${list};
    }
  `;
  return part.random.chance(0.5) ? joinedMembers(inner, method) : joinedMembers(method, inner);
};
