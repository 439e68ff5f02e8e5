/** Factories of test records: a method for each object, whose parameters are the constructor's values. */
import { drawThing, type Field, type Thing } from '../../../nouns.js';
import { capitalized } from '../../../phrase.js';
import { apex, free, indented, seen } from '../../apex.js';
import { apexType, variableOf, type Member, type Part } from '../../part.js';
import { isReserved } from '../../style.js';

/** A value that a factory's method takes: the field it is for, its type and its name. */
interface Value {
  readonly api: string;
  readonly type: string;
  readonly parameter: string;
}

/** One object of a factory. */
interface Made {
  readonly thing: Thing;
  readonly one: string;
  readonly values: readonly Value[];
}

const shortNames: Readonly<Record<string, readonly string[]>> = {
  Account: ['acc', 'account', 'a'],
  Contact: ['con', 'contact', 'c'],
  Opportunity: ['opp', 'opportunity', 'o'],
  Case: ['cs', 'caseRecord', 'c'],
  Lead: ['lead', 'ld', 'l'],
  Task: ['task1', 'todo', 'tsk'],
};

/** A variable for one record. */
function oneName(part: Part, thing: Thing): string {
  const name = part.pick(...(shortNames[thing.api] ?? [thing.one, thing.one, 'rec', 'record']));
  return isReserved(name) && name.length > 1 ? thing.one : name;
}

/** What must be given, and what the fields drawn add to it. */
function valuesOf(part: Part, thing: Thing, fields: readonly Field[]): readonly Value[] {
  const known: Readonly<Record<string, readonly Value[]>> = {
    Contact: [
      { api: 'LastName', type: 'String', parameter: 'lastName' },
      { api: 'AccountId', type: 'Id', parameter: part.pick('accountId', 'accountId', 'accId') },
    ],
    Opportunity: [
      { api: 'Name', type: 'String', parameter: 'name' },
      { api: 'AccountId', type: 'Id', parameter: 'accountId' },
      { api: 'StageName', type: 'String', parameter: part.pick('stageName', 'stage') },
      { api: 'CloseDate', type: 'Date', parameter: 'closeDate' },
    ],
    Case: [
      { api: 'Subject', type: 'String', parameter: 'subject' },
      { api: 'ContactId', type: 'Id', parameter: 'contactId' },
    ],
    Lead: [
      { api: 'LastName', type: 'String', parameter: 'lastName' },
      { api: 'Company', type: 'String', parameter: 'company' },
    ],
    Task: [
      { api: 'Subject', type: 'String', parameter: 'subject' },
      { api: 'WhatId', type: 'Id', parameter: part.pick('whatId', 'relatedTo') },
    ],
  };
  const name: readonly Value[] =
    thing.nameField === 'Name' ? [{ api: 'Name', type: 'String', parameter: 'name' }] : [];
  const base = known[thing.api] ?? name;
  for (const { api } of base) part.draw.noteField(thing.api, api);
  const own = fields
    .filter(({ api }) => base.every((value) => value.api !== api))
    .map((field) => ({ api: field.api, type: apexType(field), parameter: variableOf(field, part) }));
  const all = [...base, ...own];
  return all.filter(({ parameter }, at) => all.findIndex((value) => value.parameter === parameter) === at);
}

/** An object with the part's fields where it is the part's own. */
function made(part: Part, thing: Thing, extraMax: number): Made {
  const fields = thing === part.thing ? part.settable(part.random.integer(0, extraMax)) : [];
  return {
    thing,
    one: oneName(part, thing),
    values: valuesOf(
      part,
      thing,
      fields.filter(({ type }) => type !== 'reference'),
    ),
  };
}

/** The record that a method makes, from its parameters. */
function constructed({ thing, one, values }: Made, isLong: boolean, last = ''): string {
  const given = values.map(({ api, parameter }) => `${api} = ${parameter}`);
  const all = last === '' ? given : [`${given[0]!} + ${last}`, ...given.slice(1)];
  return `${thing.api} ${seen(one)} = new ${thing.api}(${isLong && all.length > 1 ? `\n${indented(all.join(',\n'))}\n` : all.join(', ')});`;
}

function parameters(values: readonly Value[]): string {
  return values.map(({ type, parameter }) => `${free(type)} ${seen(parameter)}`).join(', ');
}

type Writing = 'if' | 'line' | 'ternary';

/** Inserts where the flag says so. */
function inserted(writing: Writing, flag: string, variable: string): string {
  switch (writing) {
    case 'if':
      return `if (${flag}) {\n    insert ${variable};\n}`;
    case 'line':
      return `if (${flag}) insert ${variable};`;
    case 'ternary':
      return `if (!${flag}) {\n    return ${variable};\n}\ninsert ${variable};`;
  }
}

/** The objects of one factory: the part's, and some that many orgs have. */
function drawObjects(part: Part, count: number): readonly Made[] {
  const things: Thing[] = [part.thing];
  for (let tries = 0; tries < 12 && things.length < count; tries++) {
    const thing = drawThing(part.draw, { isCustom: part.random.chance(0.3), without: part.thing.api });
    if (things.every(({ className }) => className !== thing.className)) things.push(thing);
  }
  return part.random.shuffled(
    things.map((thing) => made(part, thing, 2)).filter(({ values }) => values.length > 0),
  );
}

/** Two to four methods with a flag for the insert, always in one manner. */
export const recordFactory: Member = (part) => {
  const objects = drawObjects(part, part.random.integer(2, 4));
  if (objects.length < 2) return null;
  const flag = part.pick(
    'doInsert',
    'doInsert',
    'isInserted',
    'shouldInsert',
    'insertIt',
    'toInsert',
    'persist',
  );
  const verb = part.pick('create', 'create', 'make', 'build', 'get', 'new');
  const writing = part.pick<Writing>('if', 'if', 'line', 'ternary');
  const isLong = part.random.chance(0.3);
  const isAlways = part.random.chance(0.15);
  const hasDoc = part.random.chance(0.3);
  if (
    objects.some(({ values, one }) => values.some(({ parameter }) => parameter === flag || parameter === one))
  )
    return null;
  const method = (object: Made): string => apex`
    ${hasDoc ? part.doc(`a ${object.thing.label}; it is inserted ${isAlways ? 'at once' : `where ${flag} says so`}`) : ''}
    ${free('public static')} ${object.thing.api} ${free(verb + object.thing.className)}(${parameters(object.values)}${isAlways ? '' : `, Boolean ${seen(flag)}`}) {
        ${constructed(object, isLong)}
        ${isAlways ? `insert ${object.one};` : inserted(writing, flag, object.one)}
        return ${object.one};
    }
  `;
  return objects.map(method).join('\n\n');
};

/** Lists of so many records: one numbered record after another. */
export const listFactory: Member = (part) => {
  const objects = drawObjects(part, part.random.integer(1, 2)).filter(
    ({ values }) => values[0]!.type === 'String',
  );
  if (objects.length === 0) return null;
  const flag = part.pick('doInsert', 'isInserted', 'shouldInsert');
  const count = part.pick('count', 'howMany', 'amountOfRecords', 'numberOfRecords', 'size');
  const verb = part.pick('create', 'make', 'build');
  const isInline = part.random.chance(0.5);
  const hasOne = part.random.chance(0.5);
  const start = part.pick('0', '0', '1');
  const method = (object: Made): string => {
    const { thing, one, values } = object;
    const many = part.pick(thing.many, 'records', 'rows', `${one}s`);
    const own = new Set([one, many, flag, count, ...values.map(({ parameter }) => parameter)]);
    if (own.size < values.length + 4 || isReserved(many)) return '';
    const given = values.map(({ parameter }, at) =>
      at === 0 ? `${parameter} + ${hasOne ? "' ' + " : ''}i` : parameter,
    );
    const record = `new ${thing.api}(${values.map(({ api }, at) => `${api} = ${given[at]!}`).join(', ')})`;
    const single = `${verb}${thing.className}`;
    const body = hasOne
      ? `${many}.add(${single}(${given.join(', ')}, false));`
      : isInline
        ? `${many}.add(${record});`
        : `${constructed(object, false, 'i')}\n${many}.add(${one});`;
    const singular = apex`
      ${free('public static')} ${thing.api} ${free(single)}(${parameters(values)}, Boolean ${seen(flag)}) {
          ${constructed(object, false)}
          ${inserted('if', flag, one)}
          return ${one};
      }
    `;
    const plural = apex`
      ${part.doc(`so many ${thing.plural}, numbered from ${start} on`)}
      ${free(`public static List<${thing.api}> ${verb}${capitalized(thing.many)}`)}(Integer ${seen(count)}, ${parameters(values)}, Boolean ${seen(flag)}) {
          List<${thing.api}> ${seen(many)} = new List<${thing.api}>();
          for (Integer i = ${free(start)}; i ${start === '0' ? '<' : '<='} ${count}; i++) {
              ${body}
          }
          ${inserted('if', flag, many)}
          return ${many};
      }
    `;
    return hasOne ? `${singular}\n\n${plural}` : plural;
  };
  const text = objects
    .map(method)
    .filter((one) => one !== '')
    .join('\n\n');
  return text === '' ? null : text;
};

/** Overloads with fewer and fewer parameters, each calling the next longer one with a default. */
export const overloads: Member = (part) => {
  const object = made(part, part.thing, 3);
  const { thing, one, values } = object;
  if (values.length < 2) return null;
  const name = `${part.pick('create', 'make', 'newSample', 'build')}${part.pick(thing.className, thing.className, 'Record')}`;
  const defaults = values.map(({ type, api }) => defaultOf(part, type, api));
  const isTop = part.random.chance(0.7);
  const shortest = part.random.integer(0, values.length - 2);
  const hasDoc = part.random.chance(0.5);
  const short = (count: number): string => apex`
    ${hasDoc ? told(part, values[count]!, defaults[count]!) : ''}
    ${free('public static')} ${thing.api} ${free(name)}(${parameters(values.slice(0, count))}) {
        return ${name}(${[...values.slice(0, count).map(({ parameter }) => parameter), hasDoc ? defaults[count]! : free(defaults[count]!)].join(', ')});
    }
  `;
  const long = apex`
    ${free('public static')} ${thing.api} ${free(name)}(${parameters(values)}) {
        ${constructed(object, part.random.chance(0.4))}
        ${part.random.chance(0.7) ? `insert ${one};` : ''}
        return ${one};
    }
  `;
  if (values.some(({ parameter }) => parameter === one)) return null;
  const shorter = values.slice(shortest, -1).map((_value, at) => short(shortest + at));
  const all = [...shorter, short(values.length - 1), long];
  return (isTop ? all : [...all].reverse()).join('\n\n');
};

/** `'Test'`; a default of each type. */
export function defaultOf(part: Part, type: string, api: string): string {
  switch (type) {
    case 'Decimal':
    case 'Integer':
      return String(part.pick(0, 1, 10, 100));
    case 'Boolean':
      return part.pick('true', 'false');
    case 'Date':
      return part.pick('Date.today()', 'Date.today().addDays(7)');
    case 'Datetime':
      return 'System.now()';
    case 'Id':
      return 'null';
    default:
      return `'${part.pick('Test', 'Sample', 'Default')} ${api.replace(/__c$/, '').replace(/_/g, ' ')}'`;
  }
}

function told(part: Part, { parameter }: Value, value: string): string {
  return part.comment(`${part.pick('the default for', 'without')} ${parameter}: ${value}`);
}
