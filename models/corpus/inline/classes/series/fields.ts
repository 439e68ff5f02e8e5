/** Classes whose methods say the same of one field, value or collection after another, in the order of what is declared above. */
import { capitalized, pascalCase } from '../../../phrase.js';
import { unknownWord } from '../../../words/invented.js';
import { apex, free, indented, seen } from '../../apex.js';
import { apexType, variableOf, type Member } from '../../part.js';
import { areDistinct, drawPicklist, self } from '../../scope/words.js';
import { constantName } from '../../constant-names.js';
import { isReserved } from '../../style.js';
import { drawNouns, drawWords, followed, kept, single } from './words.js';

/** One record that is kept, with a getter for each field of the list above. */
export const fieldGetters: Member = (part) => {
  const { thing, className, names } = part;
  const fields = part.settable(part.random.integer(3, 4)).filter(({ type }) => type !== 'reference');
  if (fields.length < 3) return null;
  const record = part.pick('record', 'source', 'rec', names.one);
  const form = part.pick('plain', 'default', 'default', 'guard');
  const me = self(part);
  const isNumber = (type: string): boolean => /Decimal|Integer/.test(type);
  const other = (type: string): string =>
    isNumber(type) ? '0' : type === 'String' ? "''" : type === 'Boolean' ? 'false' : 'null';
  const said =
    form === 'plain'
      ? ''
      : part.comment('a number without a value is 0, a text is empty, a checkbox is false, a date is null');
  const wanted = fields.map((field) => `${capitalized(field.label)}`);
  const doc = free(
    `// ${part.pick('In this order', 'Getters for', 'What can be read')}: ${wanted.join(', ')}`,
  );
  const getters = followed(fields, (field, head) => {
    const type = apexType(field);
    const value = `${me}${record}.${field.api}`;
    const body =
      form === 'plain' || type === 'Date' || type === 'Datetime'
        ? `return ${value};`
        : form === 'default'
          ? `return ${value} == null ? ${other(type)} : ${value};`
          : `if (${value} == null) {\n    return ${other(type)};\n}\nreturn ${value};`;
    return `${head(`public ${type} get${pascalCase(field.label)}()`)} {\n${indented(body)}\n}`;
  });
  return apex`
    ${doc}
    ${said}
    private ${part.pick('', 'final ')}${thing.api} ${seen(record)};

    ${part.style.access} ${className}(${thing.api} ${seen(record)}) {
        this.${record} = ${record};
    }

    ${getters}
  `;
};

/** Whether a record has this field and that, and at last whether it has all or any of them. */
export const hasFields: Member = (part) => {
  const { thing, names } = part;
  const fields = part.settable(3, ['text', 'date', 'currency', 'email', 'phone', 'picklist']);
  if (fields.length < 2) return null;
  const one = part.pick(names.one, 'rec', 'record');
  const isBlank = part.random.chance(0.5);
  const call = (label: string): string => `has${pascalCase(label)}(${one})`;
  const isAll = part.random.chance(0.5);
  const present = (type: string, value: string): string =>
    isBlank && type === 'String' ? `String.isNotBlank(${value})` : `${value} != null`;
  const methods = followed(
    fields,
    (field, head) =>
      `${head(`public static Boolean has${pascalCase(field.label)}(${thing.api} ${one})`)} {\n    return ${present(apexType(field), `${one}.${field.api}`)};\n}`,
  );
  const joined = fields.map(({ label }) => call(label)).join(isAll ? ' && ' : ' || ');
  return apex`
    ${free(`// ${fields.map(({ label }) => label).join(', ')}, and whether there ${isAll ? 'are all of them' : 'is any of them'}`)}
    ${methods}

    ${part.random.chance(0.5) ? 'public static Boolean ' + free(isAll ? 'isComplete' : 'isStarted') : `public static Boolean ${isAll ? 'hasAll' : 'hasAny'}`}(${thing.api} ${seen(one)}) {
        return ${joined};
    }
  `;
};

type ValueForm = 'is' | 'count' | 'only';

/** Constants of a picklist's values; a question, a count or a selection for each. */
export const perValue: Member = (part) => {
  const { thing, names } = part;
  const drawn = drawPicklist(part, 3);
  if (drawn === null) return null;
  const { field } = drawn;
  const values = drawn.values.slice(0, part.random.integer(3, 4));
  const form = part.pick<ValueForm>('is', 'count', 'only');
  const one = part.pick(names.one, 'rec', 'item', 'row');
  const many = part.pick(names.many, 'records', 'rows');
  const kept = part.pick('found', 'matching', 'kept');
  const total = part.pick('count', 'total', 'n', 'counted');
  if (!areDistinct([one, many, kept, total])) return null;
  const hasConstants = part.random.chance(0.6);
  const isPrefixed =
    part.random.chance(0.4) ||
    values.some((value) => /^(?:private|protected|virtual|abstract|system|transient|override)$/i.test(value));
  const constant = (value: string): string =>
    isPrefixed ? `${constantName(field.label)}_${constantName(value)}` : constantName(value);
  const asked = (value: string): string => (hasConstants ? constant(value) : `'${value}'`);
  const word = (value: string): string => pascalCase(value.replace(/[^A-Za-z0-9 ]+/g, ' '));
  const test = (value: string): string => `${one}.${field.api} == ${asked(value)}`;
  const methods = followed(values, (value, head) => {
    if (form === 'is')
      return `${head(`public static Boolean is${word(value)}(${thing.api} ${one})`)} {\n    return ${test(value)};\n}`;
    if (form === 'count')
      return apex`
        ${head(`public static Integer count${word(value)}(List<${thing.api}> ${many})`)} {
            Integer ${seen(total)} = 0;
            for (${thing.api} ${seen(one)} : ${many}) {
                if (${test(value)}) {
                    ${total}++;
                }
            }
            return ${total};
        }
      `;
    return apex`
      ${head(`public static List<${thing.api}> only${word(value)}(List<${thing.api}> ${many})`)} {
          List<${thing.api}> ${seen(kept)} = new List<${thing.api}>();
          for (${thing.api} ${seen(one)} : ${many}) {
              if (${test(value)}) {
                  ${kept}.add(${one});
              }
          }
          return ${kept};
      }
    `;
  });
  const constants = values.map(
    (value) => `private static final String ${seen(constant(value))} = ${free(`'${value}'`)};`,
  );
  return apex`
    ${hasConstants ? constants : free(`// ${capitalized(field.label)}: ${values.join(', ')}`)}

    ${methods}
  `;
};

/** Two or three collections, each with what adds to it, removes from it and counts it. */
export const collectionPairs: Member = (part) => {
  const nouns = drawNouns(part, part.random.integer(2, 3));
  const type = part.pick('String', 'Id', 'Integer');
  const isSet = part.random.chance(0.5);
  const collection = isSet ? `Set<${type}>` : `List<${type}>`;
  const me = self(part);
  const verbs = part.pick(
    ['add', 'remove'],
    ['add', 'clear'],
    ['put', 'count'],
    ['add', 'has'],
    ['add', 'count'],
  ) as [string, string];
  const value = part.pick('value', 'item', 'entry', 'key');
  const modifiers = kept(part);
  const declared = nouns.map((noun) => `${modifiers} ${collection} ${seen(noun)} = new ${collection}();`);
  const methods = followed(nouns, (noun, head) => {
    const big = capitalized(single(noun));
    const list = `${me}${noun}`;
    const parameter = part.style.hasThis ? single(noun) : value;
    const second = {
      remove: [
        `public void remove${big}(${type} ${parameter})`,
        isSet
          ? `${list}.remove(${parameter});`
          : `Integer at = ${list}.indexOf(${parameter});\nif (at >= 0) {\n    ${list}.remove(at);\n}`,
      ],
      clear: [`public void clear${capitalized(noun)}()`, `${list}.clear();`],
      count: [`public Integer count${capitalized(noun)}()`, `return ${list}.size();`],
      has: [`public Boolean has${big}(${type} ${parameter})`, `return ${list}.contains(${parameter});`],
    }[verbs[1]] as [string, string];
    return apex`
      ${head(`public void ${verbs[0]}${big}(${type} ${parameter})`)} {
          ${list}.add(${parameter});
      }

      ${head(second[0])} {
          ${second[1]}
      }
    `;
  });
  const last = part.pick('isEmpty', 'size');
  const all = nouns.map((noun) => `${me}${noun}.${last}()`).join(last === 'size' ? ' + ' : ' && ');
  const sum = `${free(`public ${last === 'size' ? 'Integer' : 'Boolean'} ${last === 'size' ? 'total' : 'isEmpty'}`)}() {\n    return ${all};\n}`;
  return [declared.join('\n'), methods, part.random.chance(0.5) ? sum : '']
    .filter((text) => text !== '')
    .join('\n\n');
};

const switches =
  'Alerts,Emails,Reminders,Logs,Backups,Retries,Approvals,Discounts,Uploads,Exports,Chats,Surveys'.split(',');

/** Flags that are switched on and off, one after another. */
export const switchPairs: Member = (part) => {
  const words = drawWords(part, switches, 3);
  const [on, off, state] = part.pick(
    ['enable', 'disable', 'Enabled'],
    ['start', 'stop', 'Running'],
    ['open', 'close', 'Open'],
    ['lock', 'unlock', 'Locked'],
    ['allow', 'forbid', 'Allowed'],
    ['show', 'hide', 'Shown'],
  ) as [string, string, string];
  const isStatic = part.random.chance(0.4);
  const modifiers = isStatic ? 'public static' : 'public';
  const hasQuestion = part.random.chance(0.5);
  const flag = (word: string): string => `${word[0]!.toLowerCase()}${word.slice(1)}${state}`;
  const me = isStatic ? '' : self(part);
  const declared = words.map(
    (word) => `private ${isStatic ? 'static ' : ''}Boolean ${seen(flag(word))} = false;`,
  );
  const methods = followed(words, (word, head) =>
    [
      `${head(`${modifiers} void ${on}${word}()`)} {\n    ${me}${flag(word)} = true;\n}`,
      `${head(`${modifiers} void ${off}${word}()`)} {\n    ${me}${flag(word)} = false;\n}`,
      ...(hasQuestion
        ? [
            `${head(`${modifiers} Boolean ${word.endsWith('s') ? 'are' : 'is'}${word}${state}()`)} {\n    return ${me}${flag(word)};\n}`,
          ]
        : []),
    ].join('\n\n'),
  );
  const all = part.random.chance(0.5)
    ? `\n\n${free(`${modifiers} void ${off}All`)}() {\n${indented(words.map((word) => `${off}${word}();`).join('\n'))}\n}`
    : '';
  return `${declared.join('\n')}\n\n${methods}${all}`;
};

/** The total, largest, smallest or average of each number field. */
export const fieldSums: Member = (part) => {
  const { thing, names } = part;
  const fields = part.settable(3, ['currency', 'integer']);
  if (fields.length < 2) return null;
  const many = part.pick(names.many, 'records', 'rows');
  const one = part.pick(names.one, 'rec', 'row', 'item');
  if (one === many || isReserved(one)) return null;
  const form = part.pick('total', 'largest', 'smallest', 'average');
  const hasGuard = form === 'total' && part.random.chance(0.7);
  const neutral = part.pick('sum', 'result', 'answer', 'value');
  const local = form === 'total' || form === 'average' ? neutral : form;
  if ([one, many].includes(local)) return null;
  const word = (label: string): string => pascalCase(label);
  const said = free(
    `// ${capitalized(form)} of: ${fields.map(({ label }) => label).join(', ')}${hasGuard ? '; what is empty is skipped' : ''}`,
  );
  const methods = followed(fields, (field, head) => {
    const value = `${one}.${field.api}`;
    const loop = {
      total: hasGuard ? `if (${value} != null) {\n    ${local} += ${value};\n}` : `${local} += ${value};`,
      average: `${local} += ${value};`,
      largest: `if (${local} == null || ${value} > ${local}) {\n    ${local} = ${value};\n}`,
      smallest: `if (${local} == null || ${value} < ${local}) {\n    ${local} = ${value};\n}`,
    }[form];
    const start = form === 'total' || form === 'average' ? ' = 0' : '';
    return apex`
      ${head(`public static Decimal ${form}${word(field.label)}(List<${thing.api}> ${many})`)} {
          Decimal ${seen(local)}${start};
          for (${thing.api} ${seen(one)} : ${many}) {
              ${loop}
          }
          return ${form === 'average' ? `${many}.isEmpty() ? 0 : ${local} / ${many}.size()` : local};
      }
    `;
  });
  return `${said}\n${methods}`;
};

/** A setter for each variable declared above. */
export const setterChain: Member = (part) => {
  const fields = part.settable(4).filter(({ type }) => type !== 'reference');
  const words = fields.map((field) => ({ name: variableOf(field, part), type: apexType(field) }));
  if (words.length < 3 || !areDistinct(words.map(({ name }) => name.toLowerCase()))) return null;
  const isReturning = part.random.chance(0.5);
  const verb = part.pick('set', 'change', 'use');
  const hasCount = part.random.chance(0.4);
  const counter = part.pick('changes', 'version', unknownWord(part.random));
  if (words.some(({ name }) => name === counter)) return null;
  const declared = words.map(({ name, type }) => `private ${type} ${seen(name)};`);
  if (hasCount) declared.push(`private Integer ${seen(counter)} = 0;`);
  const methods = followed(
    words,
    ({ name, type }, head) => apex`
      ${head(`public ${isReturning ? part.className : 'void'} ${verb}${capitalized(name)}(${type} ${name})`)} {
          this.${name} = ${name};
          ${hasCount ? `${self(part)}${counter}++;` : ''}
          ${isReturning ? 'return this;' : ''}
      }
    `,
  );
  return `${declared.join('\n')}\n\n${methods}`;
};
