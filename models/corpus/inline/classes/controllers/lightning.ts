/** Controllers of Lightning components: what they read, what they save, and how they say what went wrong. */
import { oneName } from '../columns.js';
import { pascalCase } from '../../../phrase.js';
import { apex, free, indented, seen, when } from '../../apex.js';
import { joinedMembers, lines, literal, relation, selected } from '../../bulk/base.js';
import { signature, variableOf, type Member, type Part } from '../../part.js';
import { told } from '../../scope/words.js';
import { isReserved } from '../../style.js';

/** The statement that tells the component what went wrong. */
function thrown(error: string, message = `${error}.getMessage()`): string {
  return `throw new AuraHandledException(${message});`;
}

/** Runs the statements, and hands what they throw to the component. */
function tried(part: Part, type: string, ...body: readonly string[]): string {
  const { error } = part.style;
  const log = part.random.chance(0.25) ? `${free('')}${part.log(`${error}.getMessage()`, 'error')}` : '';
  return `try {\n${indented(lines(...body))}\n${part.caught(type, ...log.split('\n').filter((line) => line !== ''), thrown(error))}`;
}

/** One way to ask for records. */
interface Ask {
  readonly said: string;
  readonly given: string;
  readonly name: string;
  readonly where: string;
  readonly end: string;
  readonly isOne: boolean;
}

/** By id, by one value, by a day that is to come, by a mark. */
function fieldAsks(part: Part): readonly (Ask | null)[] {
  const { thing } = part;
  const id = part.pick('recordId', `${thing.one.replace(/Record$/, '')}Id`);
  const [pick] = part.fields(1, ['picklist']);
  const [date] = part.fields(1, ['date']);
  const [flag] = part.fields(1, ['checkbox']);
  const many = pascalCase(thing.plural);
  return [
    {
      said: `the ${thing.label} with this id`,
      given: `Id ${seen(id)}`,
      name: `get${thing.className}`,
      where: ` WHERE Id = :${id}`,
      end: ' LIMIT 1',
      isOne: true,
    },
    pick === undefined || isReserved(variableOf(pick))
      ? null
      : {
          said: `the ${thing.plural} of one ${pick.label}, by name`,
          given: `String ${seen(variableOf(pick, part))}`,
          name: `get${many}By${pascalCase(pick.label)}`,
          where: ` WHERE ${pick.api} = :${variableOf(pick, part)}`,
          end: ` ORDER BY ${thing.nameField}`,
          isOne: false,
        },
    date === undefined
      ? null
      : {
          said: `the ${thing.plural} whose ${date.label} is still to come, the earliest first`,
          given: '',
          name: `getUpcoming${many}`,
          where: ` WHERE ${date.api} > TODAY`,
          end: ` ORDER BY ${date.api}`,
          isOne: false,
        },
    flag === undefined
      ? null
      : {
          said: `the ${thing.plural} that are marked as ${flag.label}`,
          given: '',
          name: `get${pascalCase(flag.label)}${many}`,
          where: ` WHERE ${flag.api} = true`,
          end: '',
          isOne: false,
        },
  ];
}

/** By a parent, by age, by a term. */
function otherAsks(part: Part): readonly (Ask | null)[] {
  const { thing } = part;
  const parent = part.random.chance(0.5) ? relation(part) : null;
  const count = part.pick('5', '10', '20', '50', '100');
  const text = part.pick('searchKey', 'searchTerm', 'term');
  const many = pascalCase(thing.plural);
  return [
    parent === null
      ? null
      : {
          said: `all ${thing.plural} of one ${parent.up.thing.label}`,
          given: `Id ${seen(`${parent.noun}Id`)}`,
          name: `get${many}`,
          where: ` WHERE ${parent.asked} = :${parent.noun}Id`,
          end: '',
          isOne: false,
        },
    {
      said: `the ${count} ${thing.plural} that were made last`,
      given: '',
      name: `getRecent${many}`,
      where: '',
      end: ` ORDER BY CreatedDate DESC LIMIT ${count}`,
      isOne: false,
    },
    thing.nameField === 'CaseNumber'
      ? null
      : {
          said: `the ${thing.plural} whose name holds the term`,
          given: `String ${seen(text)}`,
          name: part.pick(`search${many}`, `find${many}`),
          where: ` WHERE ${thing.nameField} LIKE :pattern`,
          end: '',
          isOne: false,
        },
  ];
}

function drawAsks(part: Part): readonly Ask[] {
  const found = [...fieldAsks(part), ...otherAsks(part)].filter((ask) => ask !== null);
  const sorted = part.random.shuffled(found);
  return sorted.filter(({ name }, index) => sorted.findIndex((other) => other.name === name) === index);
}

function asked(part: Part, ask: Ask, select: string): string {
  const { thing } = part;
  const type = ask.isOne ? thing.api : `List<${thing.api}>`;
  const query = `[SELECT ${select} FROM ${thing.api}${ask.where}${ask.end}]`;
  const parameter = / ‹(\w+)›$/.exec(ask.given)?.[1] ?? '';
  const hasPattern = ask.where.includes(':pattern');
  const before = hasPattern
    ? `String ${seen('pattern')} = '%' + ${free(part.pick(parameter, `String.escapeSingleQuotes(${parameter})`))} + '%';`
    : '';
  const empty = ask.isOne ? 'null' : `new List<${thing.api}>()`;
  const test = ask.given.startsWith('String') ? `String.isBlank(${parameter})` : `${parameter} == null`;
  const guard =
    parameter !== '' && part.random.chance(0.4)
      ? part.step(part.pick('nothing without it', 'nothing is asked for'), when(test, `return ${empty};`))
      : '';
  const variable = ask.isOne ? part.names.one : part.names.many;
  const direct = part.random.chance(0.65);
  const body = direct
    ? `return ${query};`
    : lines(`${type} ${seen(variable)} = ${query};`, `return ${variable};`);
  const isSafe = part.random.chance(0.25);
  return apex`
    ${told(part, ask.said, parameter === '' ? [] : [parameter])}
    @AuraEnabled(cacheable=true)
    ${signature('public static', type, ask.name)}(${ask.given}) {
        ${guard}
        ${before}
        ${isSafe ? `${free('')}${tried(part, free('Exception'), body)}` : body}
    }
  `;
}

/** Several ways of reading one object for a component; a sibling tells the fields. */
export const cacheableGetters: Member = (part) => {
  const asks = drawAsks(part).slice(0, part.random.integer(2, 3));
  const fields = part.fields(part.random.integer(1, 3), ['picklist', 'currency', 'date', 'text', 'email']);
  if (fields.length === 0 || asks.length < 2) return null;
  const apis = [part.thing.nameField, ...fields.map(({ api }) => api)];
  const first = selected(apis);
  return joinedMembers(...asks.map((ask) => asked(part, ask, first)));
};

/** What is said to the user where something is missing. */
function checkOf(part: Part, test: string, missing: string): string {
  const message = free(
    part.pick(
      `'The ${missing} is missing.'`,
      `'Please choose a ${missing} first.'`,
      `'No ${missing} was given.'`,
    ),
  );
  const body = thrown('', message);
  return `if (${test}) {\n    ${body}\n}`;
}

/** Sets fields of one record, or makes or deletes one, for a component. */
export const savingController: Member = (part) => {
  const { thing, style } = part;
  const fields = part.settable(2, ['picklist', 'text', 'date', 'checkbox', 'email']);
  const [first, second] = fields;
  if (first === undefined || second === undefined) return null;
  const one = oneName(part);
  const id = part.pick('recordId', `${thing.one.replace(/Record$/, '')}Id`);
  if (
    fields.some((field) => [one, id].includes(variableOf(field, part)) || isReserved(variableOf(field, part)))
  )
    return null;
  const typeOf = (type: string): string =>
    type === 'date' ? 'Date' : type === 'checkbox' ? 'Boolean' : 'String';
  const change = (field: typeof first): string => {
    const name = variableOf(field, part);
    const check = checkOf(part, `${id} == null`, thing.label);
    const given = `new ${thing.api}(Id = ${id}, ${field.api} = ${name})`;
    const setting = part.random.chance(0.5)
      ? [`${thing.api} ${seen(one)} = ${given};`, `update ${one};`]
      : [`${free('')}update ${given};`];
    return apex`
      ${part.doc(`sets the ${field.label} of one ${thing.label}`, [id, name])}
      @AuraEnabled
      ${signature('public static', 'void', `update${pascalCase(field.label)}`)}(Id ${seen(id)}, ${typeOf(field.type)} ${seen(name)}) {
          ${free('')}${check}
          ${tried(part, 'DmlException', ...setting)}
      }
    `;
  };
  const saving = apex`
    ${part.doc(`saves what the form holds and returns the id`, [one])}
    @AuraEnabled
    ${signature('public static', 'Id', part.pick('save', `save${thing.className}`))}(${thing.api} ${seen(one)}) {
        ${part.random.chance(0.5) ? `${free('')}${checkOf(part, `${one} == null`, thing.label)}` : ''}
        ${tried(part, 'DmlException', `upsert ${one};`, `return ${one}.Id;`)}
    }
  `;
  const deleting = apex`
    ${part.doc(`deletes the ${thing.label} with this id`, [id])}
    @AuraEnabled
    ${signature('public static', 'void', part.pick('remove', `delete${thing.className}`))}(Id ${seen(id)}) {
        ${tried(part, 'DmlException', part.random.chance(0.6) ? `delete new ${thing.api}(Id = ${id});` : `${free('')}delete [SELECT Id FROM ${thing.api} WHERE Id = :${id}];`)}
    }
  `;
  const error = style.error;
  return one === error || one === id
    ? null
    : joinedMembers(
        ...part.random
          .shuffled([change(first), change(second), saving, deleting])
          .slice(0, part.random.integer(2, 3)),
      );
};

/** A form's values: each is checked, then a record is made of them. */
export const creatingController: Member = (part) => {
  const { thing } = part;
  const fields = part.settable(part.random.integer(2, 4), ['text', 'email', 'phone', 'date', 'picklist']);
  const named = fields.map((field) => ({
    field,
    name: variableOf(field, part),
    type: field.type === 'date' ? 'Date' : 'String',
  }));
  const one = oneName(part);
  if (
    named.length < 2 ||
    new Set([one, ...named.map(({ name }) => name)].map((name) => name.toLowerCase())).size <= named.length ||
    named.some(({ name }) => isReserved(name))
  )
    return null;
  const must = named.slice(0, part.random.integer(1, 2));
  const checks = must.map(({ field, name, type }) =>
    checkOf(part, type === 'Date' ? `${name} == null` : `String.isBlank(${name})`, field.label),
  );
  const isLong = named.length > 2 && part.random.chance(0.5);
  const given = named.map(({ type, name }) => `${type} ${seen(name)}`);
  const head = isLong ? `(\n${indented(given.join(',\n'))}\n)` : `(${given.join(', ')})`;
  const made = part.random.chance(0.6)
    ? `${thing.api} ${seen(one)} = new ${thing.api}(\n${indented(named.map(({ field, name }) => `${field.api} = ${name}`).join(',\n'))}\n);`
    : lines(
        `${thing.api} ${seen(one)} = new ${thing.api}();`,
        ...named.map(({ field, name }) => `${one}.${field.api} = ${name};`),
      );
  const [status] = part
    .settable(3, ['picklist'])
    .filter(({ api }) => named.every(({ field }) => field.api !== api));
  const preset =
    status === undefined || part.random.chance(0.5)
      ? ''
      : `${free('')}${one}.${free(status.api)} = ${free(literal(part, status))};`;
  const body = lines(made, preset, `insert ${one};`, `return ${one}.Id;`);
  const said = `makes a ${thing.label} of the form's values; ${must.map(({ field }) => field.label).join(' and ')} must be there`;
  return apex`
    ${told(
      part,
      said,
      named.map(({ name }) => name),
    )}
    @AuraEnabled
    ${signature('public static', 'Id', part.pick('create', `create${thing.className}`, 'submit', 'register'))}${head} {
        ${checks}
        ${part.random.chance(0.6) ? tried(part, 'DmlException', body) : `${free('')}${body}`}
    }
  `;
};
