/** Sibling methods that make maps, sums and queries: the later ones with another field or object. */
import type { Field } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import { apexType, signature, variableOf, type Member, type Part } from '../part.js';
import {
  apart,
  candidatesMax,
  checkedForNull,
  drawGuard,
  drawModifiers,
  drawNamed,
  headOf,
  loopHead,
  meets,
  otherPart,
  type NullCheck,
} from './parts.js';

/** What a loop does to bring one record under its key. */
type Body = (key: string, map: string, one: string, api: string) => string;

/** How records come into a map, and the type of what stands in it. */
function drawMapped(part: Part): readonly [type: (api: string) => string, verb: string, body: Body] {
  const put: Body = (key, map, one) => `${map}.put(${key}, ${one});`;
  const isNegated = part.random.chance(0.8);
  const group: Body = (key, map, one, api) =>
    isNegated
      ? `if (!${map}.containsKey(${key})) {\n    ${map}.put(${key}, new List<${api}>());\n}\n${map}.get(${key}).add(${one});`
      : `if (${map}.containsKey(${key})) {\n    ${map}.get(${key}).add(${one});\n} else {\n    ${map}.put(${key}, new List<${api}>{ ${one} });\n}`;
  const set: Body = (key, map, one) =>
    `if (${map}.get(${key}) == null) {\n    ${map}.put(${key}, new Set<Id>());\n}\n${map}.get(${key}).add(${one}.Id);`;
  const count: Body = (key, map) =>
    `Integer count = ${map}.containsKey(${key}) ? ${map}.get(${key}) : 0;\n${map}.put(${key}, count + 1);`;
  return part.random.weighted<readonly [(api: string) => string, string, Body]>([
    [4, [(api) => api, part.pick('mapBy', 'indexBy', 'keyedBy', 'toMapBy', 'lookupBy'), put]],
    [5, [(api) => `List<${api}>`, part.pick('groupBy', 'listBy', 'splitBy', 'collectBy', 'bucketBy'), group]],
    [2, [() => 'Set<Id>', part.pick('idsBy', 'idSetBy', 'getIdsBy'), set]],
    [2, [() => 'Integer', part.pick('countBy', 'tallyBy', 'numberBy'), count]],
  ]);
}

/** How keys that are null are treated: mostly not at all. */
function drawKeyCheck(part: Part): NullCheck {
  return part.random.weighted([
    [5, 'none'],
    [2, 'if'],
    [2, 'continue'],
  ] as const);
}

/** Maps of one list by one field and by another. */
export const siblingMaps: Member = (part) => {
  const { thing, names } = part;
  const fields = apart(
    part.fields(part.random.chance(0.85) ? 2 : 3, [
      'picklist',
      'text',
      'email',
      'date',
      'currency',
      'reference',
    ]),
  );
  if (fields.length < 2) return null;
  const modifiers = drawModifiers(part);
  const [typeOf, verb, body] = drawMapped(part);
  const check = drawKeyCheck(part);
  const guard = drawGuard(part, 'null', 0.12);
  const map = part.pick(
    'result',
    'byKey',
    'found',
    'index',
    part.style.result,
    'grouped',
    'mapped',
    unknownWord(part.random),
  );
  const key = part.random.chance(0.35) ? 'key' : null;
  return fields
    .map((field) => {
      const type = `Map<${apexType(field)}, ${typeOf(thing.api)}>`;
      const access = `${names.one}.${seen(field.api)}`;
      const again = `${names.one}.${field.api}`;
      const filled = body(key ?? again, map, names.one, thing.api);
      const checked = checkedForNull(check, key ?? again, filled);
      const inner = key === null ? checked : `${apexType(field)} ${key} = ${access};\n${checked}`;
      const doc = part.random.chance(0.5)
        ? part.doc(
            part.pick(
              `${thing.plural} by ${field.label}`,
              `${field.label} is the key`,
              `the ${thing.plural} of each ${field.label}`,
            ),
            [names.many],
          )
        : '';
      return apex`
        ${doc}
        ${signature(modifiers, type, `${verb}${headOf(field)}`)}(List<${thing.api}> ${names.newMany}) {
            ${guard(names.many)}
            ${type} ${seen(map)} = new ${type}();
            for (${thing.api} ${names.newOne} : ${names.many}) {
                ${inner}
            }
            return ${map};
        }
      `;
    })
    .join('\n\n');
};

/** A field that refers to another record, but not to who owns or made it. */
function drawLookup(part: Part): Field | null {
  return (
    part.fields(candidatesMax, ['reference']).find(({ api }) => !/^(OwnerId|CreatedById)$/.test(api)) ?? null
  );
}

/** The same grouping for the records of two objects. */
export const siblingGroups: Member = (part) => {
  const other = otherPart(part);
  const [first, second] = [drawLookup(part), drawLookup(other)];
  if (first === null || second === null || meets(part, other)) return null;
  const [typeOf, , body] = drawMapped(part);
  const check = drawKeyCheck(part);
  const modifiers = drawModifiers(part);
  const map = part.pick(
    'result',
    'grouped',
    'byParent',
    'index',
    'children',
    part.style.result,
    unknownWord(part.random),
  );
  const join = part.pick('By', 'Per', 'Of', 'For');
  const methods = [
    [part, first],
    [other, second],
  ] as const;
  return methods
    .map(([{ thing, names }, field]) => {
      const type = `Map<Id, ${typeOf(thing.api)}>`;
      const key = `${names.one}.${field.api}`;
      return apex`
        ${part.random.chance(0.3) ? part.doc(`${thing.plural} ${join.toLowerCase()} ${field.label}`, [names.many]) : ''}
        ${signature(modifiers, type, `${thing.many}${join}${headOf(field)}`)}(List<${thing.api}> ${names.newMany}) {
            ${type} ${seen(map)} = new ${type}();
            for (${thing.api} ${names.newOne} : ${names.many}) {
                ${checkedForNull(check, key, body(key, map, names.one, thing.api))}
            }
            return ${map};
        }
      `;
    })
    .join('\n\n');
};

/** How a value is compared with what was found before it, by the verb; the other verbs compare nothing. */
const comparisons: ReadonlyMap<string, '<' | '>'> = new Map([
  ['max', '>'],
  ['highest', '>'],
  ['min', '<'],
  ['lowest', '<'],
]);

/** What methods that compute a number of a list have in common. */
interface Computing {
  readonly total: string;
  /** Counts the values for an average; null = none is computed. */
  readonly counter: string | null;
  /** Compares a value with the extreme so far; null = none is looked for. */
  readonly sign: '<' | '>' | null;
  readonly check: NullCheck | 'ternary';
}

/** What is done with each value. */
function computing({ total, counter, sign, check }: Computing, value: string): string {
  if (sign !== null)
    return `if (${value} != null && (${total} == null || ${value} ${sign} ${total})) {\n    ${total} = ${value};\n}`;
  const add = `${total} += ${value};${counter === null ? '' : `\n${counter}++;`}`;
  if (check !== 'ternary') return checkedForNull(check, value, add);
  return counter === null ? `${total} += ${value} == null ? 0 : ${value};` : checkedForNull('if', value, add);
}

/** Sums, averages or extremes of one field and of another. */
export const siblingSums: Member = (part) => {
  const { thing, names } = part;
  const fields = apart(part.fields(part.random.integer(2, 3), ['currency', 'integer']));
  if (fields.length < 2) return null;
  const modifiers = drawModifiers(part);
  const verb = part.pick('sum', 'total', 'add', 'average', 'mean', 'max', 'highest', 'min', 'lowest');
  const total = part.pick(
    'total',
    'sum',
    'value',
    'running',
    part.style.result,
    'answer',
    unknownWord(part.random),
  );
  const isAverage = verb === 'average' || verb === 'mean';
  const sign = comparisons.get(verb) ?? null;
  const counter = part.pick('count', 'n', 'filled');
  const check = part.pick<'if' | 'continue' | 'none' | 'ternary'>('if', 'if', 'continue', 'none', 'ternary');
  const isIndexed = part.random.chance(0.2);
  const one = isIndexed ? `${names.many}[i]` : names.one;
  const computed: Computing = { total, counter: isAverage ? counter : null, sign, check };
  return fields
    .map((field) => {
      return apex`
        ${part.random.chance(0.3) ? part.doc(`${verb} of the ${field.label}`, [names.many], 'a number') : ''}
        ${signature(modifiers, 'Decimal', `${verb}${headOf(field)}`)}(List<${thing.api}> ${names.newMany}) {
            Decimal ${seen(total)} = ${sign === null ? '0' : 'null'};
            ${isAverage ? `Integer ${seen(counter)} = 0;` : ''}
            ${loopHead(thing.api, names.one, names.many, isIndexed)}
                ${computing(computed, `${one}.${field.api}`)}
            }
            return ${isAverage ? `${seen(`${counter} == 0`)} ? ${seen('null')} : ${total} / ${counter}` : total};
        }
      `;
    })
    .join('\n\n');
};

/** Lists by what a field's value is: one method for each value. */
export const siblingFilters: Member = (part) => {
  const { thing, names } = part;
  const drawn = drawNamed(part, 2, 3);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const modifiers = drawModifiers(part);
  const kept = part.pick(
    'kept',
    'matching',
    'selected',
    'found',
    'chosen',
    part.style.result,
    unknownWord(part.random),
  );
  const isQuery = part.random.chance(0.4);
  const order = part.pick(
    '',
    ` ORDER BY ${thing.nameField}`,
    ' ORDER BY CreatedDate DESC',
    ' LIMIT 200',
    ' ORDER BY LastModifiedDate',
  );
  const verb = part.pick('get', 'find', 'only', 'list', 'select', 'fetch');
  const noun = part.random.chance(0.5) ? pascalCase(thing.plural) : '';
  const isNot = part.random.chance(0.2);
  return values
    .map(({ value, word }) => {
      const head = signature(modifiers, `List<${thing.api}>`, `${verb}${isNot ? 'Not' : ''}${word}${noun}`);
      const sign = isNot ? '!=' : '==';
      const doc = part.random.chance(0.3)
        ? part.doc(`${thing.plural} whose ${field.label} is ${isNot ? 'not ' : ''}${value}`)
        : '';
      return isQuery
        ? apex`
            ${doc}
            ${head}() {
                return [SELECT Id, ${seen(thing.nameField)} FROM ${thing.api} WHERE ${seen(field.api)} ${isNot ? '!=' : '='} '${value}'${order === '' ? free('') : seen(order.slice(1)).replace(/^/, ' ')}];
            }
          `
        : apex`
            ${doc}
            ${head}(List<${thing.api}> ${names.newMany}) {
                List<${thing.api}> ${seen(kept)} = new List<${thing.api}>();
                for (${thing.api} ${names.newOne} : ${names.many}) {
                    if (${names.one}.${seen(field.api)} ${sign} '${value}') {
                        ${kept}.add(${names.one});
                    }
                }
                return ${kept};
            }
          `;
    })
    .join('\n\n');
};

/** Queries by one field and by another. */
export const siblingLookups: Member = (part) => {
  const { thing, names } = part;
  const fields = apart(
    part.fields(part.random.integer(2, 3), ['text', 'email', 'picklist', 'date', 'reference']),
  );
  if (fields.length < 2) return null;
  const modifiers = drawModifiers(part);
  const verb = part.pick('findBy', 'getBy', 'selectBy', 'queryBy', 'loadBy', 'fetchBy');
  const isSet = part.random.chance(0.4);
  const isOne = !isSet && part.random.chance(0.4);
  const selected = `SELECT Id, ${seen(thing.nameField)}`;
  return fields
    .map((field) => {
      const base = variableOf(field, part);
      const value = isSet ? `${base.replace(/Id$/, '')}${base.endsWith('Id') ? 'Ids' : 'Values'}` : base;
      const type = isSet ? `Set<${apexType(field)}>` : apexType(field);
      const query = `[${selected} FROM ${thing.api} WHERE ${field.api} ${isSet ? 'IN ' : '= '}:${value}${isOne ? ' LIMIT 1' : ''}]`;
      const found = part.style.result;
      return isOne
        ? apex`
            ${signature(modifiers, thing.api, `${verb}${headOf(field)}`)}(${type} ${seen(value)}) {
                List<${thing.api}> ${seen(names.many)} = ${query};
                return ${names.many}.isEmpty() ? null : ${names.many}[0];
            }
          `
        : apex`
            ${signature(modifiers, `List<${thing.api}>`, `${verb}${headOf(field)}`)}(${type} ${seen(value)}) {
                ${part.style.hasThis ? `return ${query};` : `List<${thing.api}> ${seen(found)} = ${query};\nreturn ${found};`}
            }
          `;
    })
    .join('\n\n');
};
