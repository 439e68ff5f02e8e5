/** Texts that stand for a whole record: lines of CSV, keys of several values. */
import { cannotShareScope, recordNames } from '../names.js';
import { pascalCase } from '../../../phrase.js';
import { apex, free, seen, when } from '../../apex.js';
import { joinedMembers, lines, loop } from '../../bulk/base.js';
import type { Member } from '../../part.js';
import { declaredInOrder, opened, told } from '../../scope/words.js';
import { guard, methodOf } from '../methods.js';

/** CSV: a header that names the fields, a row for each record in the same order. */
export const csvRows: Member = (part) => {
  const fields = part.fields(part.random.integer(2, 4), [
    'text',
    'picklist',
    'currency',
    'date',
    'email',
    'checkbox',
  ]);
  if (fields.length < 2) return null;
  const { one, many } = recordNames(part);
  const [rows, cells] = part.pick(
    ['rows', 'cells'],
    ['lines', 'values'],
    ['output', 'columns'],
    ['csv', 'fieldValues'],
  ) as [string, string];
  const separator = part.pick('SEPARATOR', 'DELIMITER', 'COMMA');
  const name = part.pick('escape', 'quoted', 'cell');
  if (cannotShareScope(one, many, rows, cells)) return null;
  const hasEscape = part.random.chance(0.6);
  const values = fields.map(({ api, type }) => {
    const isText = /text|picklist|email/.test(type);
    const value = `${one}.${api}`;
    if (hasEscape) return isText ? `${name}(${value})` : `String.valueOf(${value})`;
    return isText ? value : `String.valueOf(${value})`;
  });
  const isTall = part.random.chance(0.5);
  const list = isTall
    ? `new List<String>{\n${values.map((value) => `    ${value}`).join(',\n')}\n}`
    : `new List<String>{ ${values.join(', ')} }`;
  const header = fields.map(({ label }) => pascalCase(label).replace(/(?!^)([A-Z])/g, ' $1')).join(';');
  const escaping = (): string =>
    methodOf(part, {
      said: 'in double quotes, quotes inside doubled; null as empty text',
      type: 'String',
      name,
      given: [['String', 'text']],
      lines: [
        guard(part.random.chance(0.4), 'text == null', `return '';`),
        `return '"' + text.replace('"', '""') + '"';`,
      ],
    });
  return joinedMembers(
    declaredInOrder(part, [
      [separator, 'String', "';'"],
      ['HEADER', 'String', `'${header}'`],
    ]),
    apex`
      ${told(part, `the HEADER, then ${fields.map(({ label }) => label).join(', ')} of every record on a line`)}
      ${opened(part, 'String', part.pick('toCsv', 'exportCsv', 'buildCsv', 'asCsv'))}(List<${part.thing.api}> ${seen(many)}) {
          List<String> ${seen(rows)} = new List<String>{ HEADER };
          ${loop(part.thing.api, one, many, `List<String> ${seen(cells)} = ${list};`, `${rows}.add(String.join(${cells}, ${separator}));`)}
          return String.join(${rows}, ${free(part.pick("'\\n'", "'\\r\\n'"))});
      }
    `,
    hasEscape ? escaping() : '',
  );
};

/** Keys of several values, and a map by such a key. */
export const compositeKeys: Member = (part) => {
  const fields = part.fields(part.random.integer(2, 3), ['text', 'picklist', 'email', 'date']);
  if (fields.length < 2) return null;
  const { one, many } = recordNames(part);
  const name = part.pick('keyOf', 'buildKey', 'makeKey', 'compositeKey');
  const separator = part.random.chance(0.5) ? part.pick('SEPARATOR', 'KEY_SEPARATOR', 'GLUE') : null;
  const map = part.pick('byKey', 'recordsByKey', 'existing', 'known');
  if (cannotShareScope(one, many, map)) return null;
  const sign = part.pick('|', '-', '#', ':', '~');
  const glue = separator ?? `'${sign}'`;
  const isLower = part.random.chance(0.4);
  const value = fields.map(({ api }) => `${one}.${api}`).join(` + ${glue} + `);
  const said = fields.map(({ label }) => label).join(' and ');
  const keying = methodOf(part, {
    said: `${said}, with ${separator === null ? `"${sign}"` : `the ${separator}`} between them${isLower ? ', in lower case' : ''}`,
    type: 'String',
    name,
    given: [[part.thing.api, one]],
    lines: [`return ${isLower ? `(${value}).toLowerCase()` : value};`],
  });
  const isFirst = part.random.chance(0.4);
  const key = `${name}(${one})`;
  const put = isFirst
    ? lines(`String ${seen('key')} = ${key};`, when(`!${map}.containsKey(key)`, `${map}.put(key, ${one});`))
    : `${map}.put(${key}, ${one});`;
  const type = `Map<String, ${part.thing.api}>`;
  const mapping = methodOf(part, {
    said: `the ${part.thing.plural} by their key; ${isFirst ? 'the first one stays' : 'the last one wins'}`,
    type,
    name: part.pick('mapByKey', 'byKeyOf', 'index', 'toMap'),
    given: [[`List<${part.thing.api}>`, many]],
    lines: [`${type} ${seen(map)} = new ${type}();`, loop(part.thing.api, one, many, put), `return ${map};`],
  });
  return joinedMembers(
    separator === null ? '' : declaredInOrder(part, [[separator, 'String', `'${sign}'`]]),
    ...part.random.shuffled([keying, mapping]),
  );
};
