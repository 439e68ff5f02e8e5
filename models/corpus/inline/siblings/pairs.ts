/** Sibling methods that write, check, overload or answer events: one shape, another operation, parameter or event. */
import type { Field } from '../../nouns.js';
import { capitalized, pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import { apexType, signature, variableOf, type Member, type Part } from '../part.js';
import { isReserved } from '../style.js';
import {
  candidatesMax,
  checkedForNull,
  drawGuard,
  drawModifiers,
  loopHead,
  meets,
  otherPart,
} from './parts.js';

/** Each operation and what methods that do it are called. */
const operations = [
  ['insert', 'insert', 'create', 'add'],
  ['update', 'update', 'change', 'refresh'],
  ['upsert', 'upsert', 'save', 'store'],
  ['delete', 'delete', 'remove', 'drop'],
  ['undelete', 'restore', 'undelete', 'recover'],
] as const;

/** Apex does not take these as names of methods. */
const operationNames: ReadonlySet<string> = new Set([
  'insert',
  'update',
  'upsert',
  'delete',
  'undelete',
  'merge',
]);

/** Methods that write in another way each and treat a failure alike. */
export const siblingSaves: Member = (part) => {
  const { thing, names, style } = part;
  const modifiers = drawModifiers(part);
  const exception = `${part.pick(thing.className, pascalCase(unknownWord(part.random)), 'Data', 'Sync', 'Store')}${part.pick('Exception', 'SaveException', 'FailedException', 'ServiceException')}`;
  const error = style.error;
  const isOwn = part.random.chance(0.65);
  const caught = part.pick('DmlException', 'DmlException', 'Exception');
  const message = `${error}.getMessage()`;
  const text = part.pick(message, message, `${message}, ${error}`);
  const handled = [
    ...(part.random.chance(0.6) || !isOwn ? [part.log(message, 'error')] : []),
    ...(isOwn
      ? [`throw new ${exception}(${text});`]
      : part.pick([`throw ${error};`], [`throw new AuraHandledException(${message});`], [])),
  ].map((line) => seen(line.replace(/;$/, '')) + ';');
  const isFinal = part.random.chance(0.15);
  const guard = drawGuard(part, '', 0.35);
  const chosen = part.random.sample(operations, part.random.integer(2, 3));
  const suffix = part.pick(pascalCase(thing.plural), pascalCase(thing.plural), 'All', 'Records', '');
  const announced = part.random.chance(0.2)
    ? `${seen(part.log(`${names.many}.size()`).replace(/;$/, ''))};`
    : '';
  const methods = chosen.map(([operation, ...verbs]) => {
    const verb = part.random.chance(0.7) ? verbs[0] : part.pick(...verbs);
    const name = `${verb}${suffix}`;
    return apex`
      ${part.random.chance(0.2) ? part.doc(`${operation}s the ${thing.plural}`, [names.many]) : ''}
      ${signature(modifiers, 'void', isReserved(name) || operationNames.has(name) ? `${name}All` : name)}(List<${thing.api}> ${names.newMany}) {
          ${guard(names.many)}
          ${seen('try')} {
              ${announced}
              ${operation} ${names.many};
          } catch (${seen(caught)} ${error}) {
              ${handled.length === 0 ? part.log(seen(`${error}.getStackTraceString()`), 'error') : handled}
          }${isFinal ? ` finally {\n    ${seen(`written += ${names.many}.size()`)};\n}` : ''}
      }
    `;
  });
  const counter = `private ${modifiers.includes('static') ? 'static ' : ''}Integer written = 0;`;
  return [
    ...(isOwn ? [`public class ${seen(exception)} extends Exception {}`] : []),
    ...(isFinal ? [counter] : []),
    ...methods,
  ].join('\n\n');
};

/** A default of a parameter: its constant and what the parameter is called. */
function drawDefault(
  part: Part,
): readonly [type: string, parameter: string, constant: string, value: string] {
  return part.pick<readonly [string, string, string, string]>(
    [
      'Integer',
      'maxRows',
      part.pick('DEFAULT_MAX_ROWS', 'MAX_ROWS', 'ROW_LIMIT'),
      String(part.pick(50, 100, 200, 500)),
    ],
    ['Integer', 'days', part.pick('DEFAULT_DAYS', 'DAYS', 'GRACE_DAYS'), String(part.pick(3, 7, 10, 14, 30))],
    [
      'Integer',
      'batchSize',
      part.pick('DEFAULT_BATCH_SIZE', 'BATCH_SIZE', 'CHUNK_SIZE'),
      String(part.pick(20, 50, 100, 200)),
    ],
    [
      'Boolean',
      'allOrNone',
      part.pick('DEFAULT_ALL_OR_NONE', 'ALL_OR_NONE', 'STRICT'),
      part.pick('true', 'false'),
    ],
    [
      'String',
      'locale',
      part.pick('DEFAULT_LOCALE', 'FALLBACK_LOCALE', 'HOME_LOCALE'),
      part.pick("'en_US'", "'de_DE'", "'fr_FR'"),
    ],
    [
      'String',
      'reason',
      part.pick('DEFAULT_REASON', 'NO_REASON', 'REASON_UNKNOWN'),
      `'${capitalized(unknownWord(part.random))}'`,
    ],
    [
      'Decimal',
      'factor',
      part.pick('DEFAULT_FACTOR', 'FACTOR', 'STANDARD_FACTOR'),
      part.pick('1', '0.5', '1.19', '2.5'),
    ],
    [
      'Decimal',
      'discount',
      part.pick('DEFAULT_DISCOUNT', 'NO_DISCOUNT', 'BASE_DISCOUNT'),
      part.pick('0', '5', '10'),
    ],
  );
}

/** What a method does with its parameter that has a default. */
function defaultUse(part: Part, parameter: string, field: Field): string {
  const { names, thing } = part;
  const loop = `for (${thing.api} ${names.one} : ${names.many}) {`;
  const access = `${names.one}.${field.api}`;
  switch (parameter) {
    case 'maxRows':
      return `return [SELECT Id FROM ${thing.api} WHERE Id IN :${names.many} LIMIT :maxRows];`;
    case 'allOrNone':
      return `Database.update(${names.many}, allOrNone);\nreturn ${names.many};`;
    case 'days':
      return `${loop}\n    ${names.one}.${field.api} = Date.today().addDays(days);\n}\nreturn ${names.many};`;
    case 'factor':
      return `${loop}\n    ${access} = ${access} * factor;\n}\nreturn ${names.many};`;
    case 'discount':
      return `${loop}\n    ${access} = ${access} - discount;\n}\nreturn ${names.many};`;
    case 'batchSize':
      return `List<${thing.api}> part = new List<${thing.api}>();\n${loop}\n    if (part.size() < batchSize) {\n        part.add(${names.one});\n    }\n}\nreturn part;`;
    default:
      return `${loop}\n    ${access} = ${parameter};\n}\nreturn ${names.many};`;
  }
}

/** Overloads that call one another: the shorter ones give a constant or wrap one record. */
export const siblingOverloads: Member = (part) => {
  const { thing, names, style } = part;
  const [type, parameter, constant, value] = drawDefault(part);
  const numeric = parameter === 'days' ? 'date' : 'currency';
  const field = part.settable(1, [type === 'String' ? 'text' : numeric])[0];
  if (field === undefined) return null;
  const verb = part.pick('prepare', 'process', 'apply', 'handle', 'select', 'run', unknownWord(part.random));
  const name = part.random.chance(0.5) ? `${verb}${pascalCase(thing.plural)}` : verb;
  if (isReserved(name)) return null;
  const list = `List<${thing.api}>`;
  const modifiers = `${style.access} static`;
  const isOne = part.random.chance(0.6);
  const isReturned = /Rows|Size/.test(parameter) || part.random.chance(0.8);
  const call = (inner: string): string => (isReturned ? `return ${inner};` : `${inner};`);
  const returned = isReturned ? list : 'void';
  const body = defaultUse(part, parameter, field);
  const full = apex`
    ${modifiers} ${returned} ${seen(name)}(${list} ${names.many}, ${type} ${seen(parameter)}) {
        ${free(isReturned ? body : body.replace(/\nreturn \w+;$/, ''))}
    }
  `;
  const short = apex`
    ${part.doc(part.pick(`with the default ${parameter}`, `uses ${constant}`, `the same with ${constant}`), [names.many])}
    ${modifiers} ${returned} ${seen(name)}(${list} ${names.many}) {
        ${call(`${seen(name)}(${names.many}, ${seen(constant)})`)}
    }
  `;
  const hasBoth = part.random.chance(0.4);
  const single = apex`
    ${part.doc(`for one ${thing.label}`, [names.one])}
    ${modifiers} ${returned} ${seen(name)}(${thing.api} ${names.one}${hasBoth ? `, ${type} ${seen(parameter)}` : ''}) {
        ${call(`${seen(name)}(new ${list}{ ${names.one} }${hasBoth ? `, ${parameter}` : free('')})`)}
    }
  `;
  return [
    `private static final ${type} ${seen(constant)} = ${free(value)};`,
    ...part.pick([short, full], [full, short]),
    ...(isOne ? [single] : []),
  ].join('\n\n');
};

/** A longer constructor is written over several lines. */
const constructorLengthMax = 89;

/** The same check for each parameter, with its own name in the message. */
export const siblingRequired: Member = (part) => {
  const { thing, style } = part;
  const fields = part.settable(part.random.integer(2, 4));
  if (fields.length < 2) return null;
  const modifiers = part.pick('@AuraEnabled\npublic static', `${style.access} static`, 'public');
  const exception = modifiers.startsWith('@')
    ? 'AuraHandledException'
    : part.pick(
        'IllegalArgumentException',
        'IllegalArgumentException',
        'AuraHandledException',
        `${thing.className}Exception`,
      );
  const isOwn = exception === `${thing.className}Exception`;
  const sentenceOf = part.pick<(name: string, label: string) => string>(
    (name) => `${name} ${seen('is required')}`,
    (name) => `${name} ${seen('must not be null')}`,
    (_name, label) => `${capitalized(label)} ${seen('is missing')}`,
    (_name, label) => `${seen('Please enter the')} ${label}.`,
    (name) => `${seen('Parameter')} ${name} ${seen('is missing')}`,
    (_name, label) => `${capitalized(label)} ${seen('is required')}`,
    (name) => `${seen('Required')}: ${name}`,
    (_name, label) => `${seen('No')} ${label} ${seen('given')}`,
  );
  const isBlank = part.random.chance(0.6);
  const blank = part.pick('String.isBlank', 'String.isBlank', 'String.isEmpty');
  const shape = part.pick('throw', 'throw', 'errors', 'helper');
  const errors = part.pick('errors', 'messages', 'problems', 'missing');
  const helper = part.pick('require', 'check', 'assertPresent', 'mustHave');
  const checks = fields.map((field) => {
    const name = variableOf(field, part);
    const test =
      apexType(field) === 'String' && isBlank ? `${seen(blank)}(${name})` : `${name} ${seen('== null')}`;
    const text = `'${sentenceOf(name, field.label)}'`;
    if (shape === 'helper') return `${seen(helper)}(${name}, '${name}');`;
    if (shape === 'errors') return `if (${test}) {\n    ${seen(errors)}.add(${text});\n}`;
    return `if (${test}) {\n    throw new ${seen(exception)}(${text});\n}`;
  });
  const parameters = fields.map((field) => `${apexType(field)} ${seen(variableOf(field, part))}`).join(', ');
  const sets = fields.map((field) => `${field.api} = ${variableOf(field, part)}`);
  const isCreated = shape !== 'errors';
  const name = isCreated
    ? part.pick('create', 'register', 'add', `new${thing.className}`)
    : part.pick('validate', 'check', 'verify');
  const isLine = sets.join(', ').length <= constructorLengthMax;
  const made = isLine
    ? `insert new ${thing.api}(${sets.join(', ')});`
    : `insert new ${thing.api}(\n    ${sets.join(',\n    ')}\n);`;
  const method = apex`
    ${signature(modifiers, isCreated ? 'void' : 'List<String>', name)}(${parameters}) {
        ${isCreated ? '' : `List<String> ${seen(errors)} = new List<String>();`}
        ${checks}
        ${isCreated ? made : `return ${errors};`}
    }
  `;
  const thrown = isOwn && shape === 'helper' ? 'IllegalArgumentException' : exception;
  const checking = apex`
    private ${modifiers.includes('static') ? 'static ' : ''}void ${seen(helper)}(Object value, String name) {
        if (value == null) {
            throw new ${thrown}(name + ${free("' is required'")});
        }
    }
  `;
  return [
    ...(isOwn && shape === 'throw' ? [`public class ${seen(exception)} extends Exception {}`] : []),
    method,
    ...(shape === 'helper' ? [checking] : []),
  ].join('\n\n');
};

/** How many objects are looked through for one with a parent in common; only the last may share no more than an owner. */
const othersMax = 8;

/** Another object that refers to the same one, and by which fields. */
function drawSharedParent(part: Part): readonly [other: Part, first: Field, second: Field] | null {
  const firsts = part.fields(candidatesMax, ['reference']);
  for (let tries = 0; tries < othersMax; tries++) {
    const other = otherPart(part);
    const seconds = other.fields(candidatesMax, ['reference']);
    const isOwner = tries === othersMax - 1;
    for (const first of firsts) {
      const second = seconds.find(({ target }) => target === first.target);
      if (second === undefined || meets(part, other) || (first.api === 'OwnerId') !== isOwner) continue;
      return [other, first, second];
    }
  }
  return null;
}

/** Ids of two lists collected into one set, then used. */
export const siblingIds: Member = (part) => {
  const found = drawSharedParent(part);
  if (found === null) return null;
  const [other, first, second] = found;
  const base = first.api === 'OwnerId' ? 'owner' : variableOf(first).replace(/Id$/, '');
  const ids = part.pick(
    `${base}Ids`,
    'parentIds',
    'touched',
    'allIds',
    'keys',
    `${base}Set`,
    unknownWord(part.random),
  );
  const isSaid = ids.startsWith(base);
  const check = part.pick('if', 'none', 'none', 'remove');
  const isIndexed = part.random.chance(0.3);
  const loop = ({ thing, names }: Part, field: Field): string => {
    const one = isIndexed ? `${names.many}[i]` : names.one;
    const access = `${one}.${isSaid ? field.api : seen(field.api)}`;
    const add = `${ids}.add(${access});`;
    return apex`
      ${loopHead(thing.api, names.one, names.many, isIndexed)}
          ${checkedForNull(check === 'if' ? 'if' : 'none', access, add)}
      }
    `;
  };
  const doc = part.doc(
    part.pick(
      `ids of the ${base} records of both lists`,
      `every ${base} that is touched`,
      `which ${base} records are concerned`,
    ),
    [part.names.many, other.names.many],
  );
  const head = signature(
    drawModifiers(part),
    'Set<Id>',
    part.pick(`${base}Of`, `collect${capitalized(base)}Ids`, `touched${capitalized(base)}s`),
  );
  return apex`
    ${doc}
    ${head}(List<${part.thing.api}> ${part.names.newMany}, List<${other.thing.api}> ${other.names.newMany}) {
        Set<Id> ${seen(ids)} = new Set<Id>();
        ${loop(part, first)}
        ${loop(other, second)}
        ${check === 'remove' ? `${free('')}${ids}.remove(null);` : ''}
        return ${ids};
    }
  `;
};

/** A trigger's events: a method's name, how comments call them, the records. */
const events = [
  ['beforeInsert', 'before insert', 'Trigger.new'],
  ['afterInsert', 'after insert', 'Trigger.new'],
  ['beforeUpdate', 'before update', 'Trigger.new'],
  ['afterUpdate', 'after update', 'Trigger.new'],
  ['beforeDelete', 'before delete', 'Trigger.old'],
  ['afterDelete', 'after delete', 'Trigger.old'],
  ['afterUndelete', 'after undelete', 'Trigger.new'],
] as const;

/** Methods for a trigger's events that call the same service; comments say which one comes. */
export const siblingEvents: Member = (part) => {
  const { thing, names } = part;
  const prefix = part.pick('', '', 'on', 'handle', 'run');
  const service = `${thing.className}${part.pick('Service', 'Rules', 'Domain', 'Sync', 'Actions', 'Logic')}`;
  const isStatic = part.random.chance(0.4);
  const modifiers = `public${isStatic ? ' static' : ''}`;
  const isCast = part.random.chance(isStatic ? 0.2 : 0.5);
  const work = part.pick(
    'refreshTotals',
    'setDefaults',
    'recalculate',
    'publishChanges',
    'checkDates',
    `sync${pascalCase(thing.plural)}`,
    `${unknownWord(part.random)}All`,
  );
  const isCalled = part.random.chance(0.35);
  const chosen = part.random
    .sample(events, part.random.integer(3, 4))
    .sort((a, b) => events.indexOf(a) - events.indexOf(b));
  const list = `List<${thing.api}>`;
  return chosen
    .map(([event, said, records], index) => {
      const name = prefix === '' ? event : `${prefix}${capitalized(event)}`;
      const given = isCast ? `(${list}) ${records}` : names.many;
      const called = isCalled ? `${seen(service)}.${name}` : `${seen(service)}.${seen(work)}`;
      const isSaid = index > 0 && part.random.chance(0.5);
      const line = isSaid
        ? part.comment(
            part.pick(`${said}: the same`, `the same for ${said}`, `${said} as well`, `${said} does it too`),
          )
        : '';
      const head = isSaid ? `${seen(modifiers)} void ${name}` : signature(modifiers, 'void', name);
      return apex`
        ${line}
        ${head}(${isCast ? '' : `${list} ${isSaid ? names.many : names.newMany}`}) {
            ${called}(${given});
        }
      `;
    })
    .join('\n\n');
};
