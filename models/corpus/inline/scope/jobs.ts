/** Constants of jobs, messages, templates and queries: declared above, used below. */
import type { Field } from '../../nouns.js';
import { capitalized, pascalCase, thirdPerson } from '../../phrase.js';
import { apex, free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import { apexType, variableOf, type Member, type Part } from '../part.js';
import {
  areDistinct,
  declared,
  declaredInOrder,
  drawException,
  opened,
  recordParameter,
  refused,
  textConstant,
  told,
  when,
  wordOr,
  type Constant,
  type Refusal,
} from './words.js';

const crons = [
  '0 0 2 * * ?',
  '0 30 4 * * ?',
  '0 0 6 ? * MON',
  '0 0 1 1 * ?',
  '0 0 22 ? * MON-FRI',
  '0 15 0 * * ?',
];

/** Cron expression and name of the class's own job, which schedules itself. */
export const ownSchedule: Member = (part) => {
  const often = wordOr(part, 'nightly', 'daily', 'weekly', 'hourly', 'monthly', 'default');
  const cron = part.pick(
    'CRON',
    'CRON_EXPRESSION',
    `CRON_${constantName(often)}`,
    `${constantName(often)}_CRON`,
    'SCHEDULE',
  );
  const name = part.pick('JOB_NAME', 'NAME', 'SCHEDULE_NAME', 'JOB_LABEL', `${constantName(often)}_JOB`);
  const isId = part.random.chance(0.5);
  const isGiven = part.random.chance(0.3);
  const given = part.pick('cronExpression', 'cron', 'expression');
  const job = `new ${part.className}()`;
  const variable = part.pick('job', 'scheduler', 'instance');
  const hasVariable = part.random.chance(0.25);
  const call = `System.schedule(${name}, ${isGiven ? given : cron}, ${hasVariable ? variable : job})`;
  const constants = [
    textConstant(cron, part.random.pick(crons)),
    textConstant(
      name,
      `${capitalized(often)} ${part.thing.plural} ${part.pick('job', 'check', 'run', 'update')}`,
    ),
  ];
  return apex`
    ${declared(part, isGiven ? constants.slice(1) : constants)}

    ${told(part, part.pick('schedules this job', 'puts the job into the schedule', 'starts the schedule under the name of the job'))}
    ${opened(part, isId ? part.pick('Id', 'String') : 'void', part.pick('schedule', 'scheduleJob', 'start', 'scheduleMe'))}(${isGiven ? `String ${seen(given)}` : ''}) {
        ${hasVariable ? `${part.className} ${seen(variable)} = ${job};` : ''}
        ${isId ? `return ${call};` : `${call};`}
    }
  `;
};

/** A batch that starts itself with a constant size. */
export const ownBatchSize: Member = (part) => {
  const size = part.pick('BATCH_SIZE', 'SCOPE_SIZE', 'CHUNK_SIZE', 'RECORDS_PER_BATCH', 'MAX_SCOPE');
  const isScheduled = part.random.chance(0.4);
  const isId = !isScheduled && part.random.chance(0.5);
  const job = `new ${part.className}()`;
  const hasVariable = part.random.chance(0.3);
  const variable = part.pick('job', 'batch', 'instance');
  const call = `Database.executeBatch(${hasVariable ? variable : job}, ${size})`;
  const head = isScheduled
    ? free(`${part.style.access} void execute(SchedulableContext ${part.pick('sc', 'context', 'ctx')})`)
    : `${opened(part, isId ? 'Id' : 'void', part.pick('run', 'start', 'execute', 'runNow', 'launch'))}()`;
  return apex`
    ${declared(part, [[size, 'Integer', part.pick('1', '10', '50', '100', '200', '2000')]])}

    ${told(part, part.pick(`runs this batch with ${size} records at a time`, `starts the batch in chunks of ${size}`, 'starts itself with the batch size above'))}
    ${head} {
        ${hasVariable ? `${part.className} ${seen(variable)} = ${job};` : ''}
        ${isId ? `return ${call};` : `${call};`}
    }
  `;
};

/** How jobs of one sort are started, and what constants that takes. */
interface Starting {
  /** Of the names of their classes. */
  readonly ending: string;
  readonly constants: (part: Part, verb: string) => readonly Constant[];
  readonly call: (verb: string, job: string, part: Part) => string;
}

const startingBatches: Starting = {
  ending: 'Batch',
  constants: (part, verb) => [[`${constantName(verb)}_SIZE`, 'Integer', part.pick('50', '100', '200')]],
  call: (verb, job) => `Database.executeBatch(${job}, ${constantName(verb)}_SIZE);`,
};

const startingSchedules: Starting = {
  ending: 'Scheduler',
  constants: (part, verb) => [
    textConstant(`${constantName(verb)}_CRON`, part.random.pick(crons)),
    textConstant(`${constantName(verb)}_NAME`, `${part.thing.className} ${verb.toLowerCase()}`),
  ],
  call: (verb, job) => `System.schedule(${constantName(verb)}_NAME, ${constantName(verb)}_CRON, ${job});`,
};

function delayName(part: Part, verb: string): string {
  return `${constantName(verb)}_${part.style.hasThis ? 'DELAY' : 'DELAY_MINUTES'}`;
}

const startingQueueables: Starting = {
  ending: 'Job',
  constants: (part, verb) => [[delayName(part, verb), 'Integer', part.pick('1', '5', '10')]],
  call: (verb, job, part) => `System.enqueueJob(${job}, ${delayName(part, verb)});`,
};

/** Other classes' jobs, started with the sizes and names of constants that bear theirs. */
export const jobStarter: Member = (part) => {
  const verbs = part.random.sample(
    ['Cleanup', 'Archive', 'Sync', 'Renewal', 'Recalculation', 'Export', 'Import', 'Merge'],
    3,
  );
  const starting = part.pick(startingBatches, startingBatches, startingSchedules, startingQueueables);
  const chosen = verbs.slice(0, part.random.integer(2, 3));
  const constants = chosen.flatMap((verb) => starting.constants(part, verb));
  const jobOf = (verb: string): string => `${part.thing.className}${verb}${starting.ending}`;
  const call = (verb: string): string => starting.call(verb, `new ${jobOf(verb)}()`, part);
  const prefix = part.pick('run', 'start', 'launch', 'begin');
  const startsAll = part.random.chance(0.4);
  const methods = startsAll
    ? [
        apex`
          ${told(part, `starts ${chosen.map(jobOf).join(', then ')}`)}
          ${opened(part, 'void', `${prefix}All`)}() {
              ${chosen.map(call)}
          }
        `,
      ]
    : chosen.map(
        (verb) => apex`
          ${told(part, `${thirdPerson(prefix)} ${jobOf(verb)}`)}
          ${opened(part, 'void', `${prefix}${verb}`)}() {
              ${call(verb)}
          }
        `,
      );
  return [declaredInOrder(part, constants), ...methods].join('\n\n');
};

/** What a method returns that refuses records in this manner. */
function answerType(manner: Refusal['manner']): string {
  if (manner === 'list') return 'List<String>';
  return manner === 'return' ? 'String' : 'void';
}

/** Messages as constants, one for each check that a field is there. */
export const messageConstants: Member = (part) => {
  const { thing, names } = part;
  const fields = part.settable(part.random.integer(2, 4), [
    'text',
    'email',
    'date',
    'picklist',
    'currency',
    'phone',
  ]);
  if (fields.length < 2) return null;
  const shape = part.pick('MISSING_$', '$_MISSING', '$_REQUIRED', 'NO_$', 'ERR_$', 'MSG_$', 'ERROR_$_EMPTY');
  const nameOf = (field: Field): string => shape.replace('$', constantName(field.label));
  const manner = part.pick<Refusal['manner']>('record', 'field', 'throw', 'list', 'return');
  const exception = drawException(part);
  const isBlank = part.random.chance(0.5);
  const errors = part.pick('errors', 'messages', 'problems', 'missing');
  const refusal = { manner, exception: exception.name, errors };
  const checks = fields.map((field) => {
    const value = `${names.one}.${field.api}`;
    const test = isBlank && apexType(field) === 'String' ? `String.isBlank(${value})` : `${value} == null`;
    return when(test, refused(part, refusal, field.api, nameOf(field)));
  });
  const text = part.pick('Please enter the $', 'The $ is missing', '$ is required', 'No $ given');
  return apex`
    ${declaredInOrder(
      part,
      fields.map((field) => textConstant(nameOf(field), `${capitalized(text.replace('$', field.label))}.`)),
    )}\n
    ${manner === 'throw' ? exception.declaration : ''}
    ${told(part, `${part.pick('checks', 'makes sure')} that ${fields.map((field) => `the ${field.label}`).join(', ')} ${part.pick('are filled', 'are there')}`, [names.one])}
    ${opened(part, answerType(manner), part.pick('check', 'requireFields', `validate${thing.className}`, 'assertComplete', 'findMissing'))}(${recordParameter(part, false)}) {
        ${manner === 'list' ? `List<String> ${seen(errors)} = new List<String>();` : ''}
        ${checks}
        ${manner === 'list' ? `return ${errors};` : ''}
        ${manner === 'return' ? `return ${free(part.pick('null', "''"))};` : ''}
    }
  `;
};

interface Template {
  readonly name: string;
  /** `{0} - status {1}`. */
  readonly text: string;
  readonly fields: readonly Field[];
}

function drawTemplates(part: Part): readonly Template[] {
  const fields = part
    .fields(4, ['text', 'picklist', 'integer', 'currency'])
    .filter(({ api }) => api !== part.thing.nameField);
  const labels = part.random.sample(
    ['title', 'summary', 'subject', 'greeting', 'caption', 'notice', 'subtitle'],
    2,
  );
  return labels.slice(0, part.random.integer(1, 2)).map((label, index) => {
    const own = part.random.shuffled(fields).slice(0, part.random.integer(1, 3));
    const said = own.map((field, at) =>
      part.pick(`${field.label} {${at + 1}}`, `${field.label}: {${at + 1}}`),
    );
    const upper = constantName(label);
    return {
      name: index === 0 && part.random.chance(0.3) ? `${upper}_TEMPLATE` : upper,
      text: `{0}${part.pick(' - ', ': ', ', ')}${said.join(part.pick(', ', ' / ', ' | '))}`,
      fields: own,
    };
  });
}

/** What an example shows in the places of a template. */
const exampleValues = ['Nimbus', '12', 'North', '7'];

/** Templates of messages, filled in the order of their places. */
export const formatTemplates: Member = (part) => {
  const { thing, names } = part;
  const templates = drawTemplates(part);
  if (templates.some(({ fields }) => fields.length === 0)) return null;
  const isOwn = part.random.chance(0.4);
  const list = part.pick('List<Object>', 'List<Object>', 'List<Object>', 'Object[]');
  const methods = templates.map(({ name, text, fields }) => {
    const values = [thing.nameField, ...fields.map(({ api }) => api)].map((api) => `${names.one}.${api}`);
    const example = text.replace(/\{(\d)\}/g, (_all, at: string) => exampleValues[Number(at)]!);
    const method = name.replace('_TEMPLATE', '').toLowerCase();
    return apex`
      ${part.random.chance(0.6) ? part.comment(`e.g. "${example}"`) : told(part, `the ${method} of a ${thing.label}`)}
      ${opened(part, 'String', part.pick(method, `get${pascalCase(method)}`, `build${pascalCase(method)}`), !isOwn)}(${isOwn ? '' : recordParameter(part, false)}) {
          return String.format(${name}, new ${list}{ ${values.join(', ')} });
      }
    `;
  });
  const held = [
    `private ${thing.api} ${seen(names.one)};`,
    `public ${part.className}(${thing.api} ${names.one}) {\n    this.${names.one} = ${names.one};\n}`,
  ];
  return [
    declared(
      part,
      templates.map(({ name, text }) => textConstant(name, text)),
    ),
    ...(isOwn ? held : []),
    ...methods,
  ].join('\n\n');
};

type LimitForm = 'appended' | 'assigned' | 'converted';

/** The statement that adds a limit to the query's text. */
function limited(form: LimitForm, soql: string, most: string): string {
  switch (form) {
    case 'appended':
      return `${soql} += ' LIMIT ' + ${most};`;
    case 'assigned':
      return `${soql} = ${soql} + ' LIMIT ' + ${most};`;
    case 'converted':
      return `${soql} += ' LIMIT ' + String.valueOf(${most});`;
  }
}

/** A query put together of the conditions that are given. */
export const conditionList: Member = (part) => {
  const { thing, names } = part;
  const fields = part.fields(part.random.integer(2, 4), [
    'text',
    'picklist',
    'currency',
    'date',
    'reference',
  ]);
  if (fields.length < 2) return null;
  const list = part.pick('conditions', 'clauses', 'filters', 'whereParts', 'criteria');
  const soql = part.pick('soql', 'query', 'soql', 'queryString');
  const most = part.pick('MAX_ROWS', 'ROW_LIMIT', 'LIMIT_ROWS', 'PAGE_SIZE', 'MAX_RESULTS');
  const parameters = fields.map((field) => ({ field, name: variableOf(field, part), type: apexType(field) }));
  if (!areDistinct(parameters.map(({ name }) => name))) return null;
  const conditions = parameters.map(({ field, name, type }) => {
    const test = type === 'String' ? `String.isNotBlank(${name})` : `${name} != null`;
    const sign = type === 'Decimal' || type === 'Date' ? free(part.pick('>=', '<=', '>')) : '=';
    return when(test, `${list}.add('${field.api} ${sign} :${name}');`);
  });
  const hasLimit = part.random.chance(0.7);
  const order = part.random.chance(0.4) ? ` ORDER BY ${part.pick(thing.nameField, 'CreatedDate DESC')}` : '';
  const limitForm = part.pick<LimitForm>('appended', 'assigned', 'converted');
  const start = `SELECT Id, ${thing.nameField} FROM ${thing.api}`;
  const found = `Database.query(${soql})`;
  return apex`
    ${hasLimit ? `${declared(part, [[most, 'Integer', part.pick('50', '100', '200', '2000')]])}\n` : ''}
    ${told(part, part.pick(`${thing.plural} that meet every condition that is given`, `finds ${thing.plural} by what is not blank`))}
    ${opened(part, `List<${thing.api}>`, part.pick('search', 'find', `find${thing.className}`, 'query', 'lookup'))}(${parameters.map(({ name, type }) => `${type} ${seen(name)}`).join(', ')}) {
        List<String> ${seen(list)} = new List<String>();
        ${conditions}
        String ${seen(soql)} = ${free(`'${start}'`)};
        ${when(`!${list}.isEmpty()`, `${soql} += ' WHERE ' + String.join(${list}, ' AND ');`)}
        ${order === '' ? '' : `${soql} += ${free(`'${order}'`)};`}
        ${hasLimit ? `${free('')}${limited(limitForm, soql, most)}` : ''}
        ${part.random.chance(0.7) ? `return ${found};` : `List<${thing.api}> ${names.newMany} = ${found};\nreturn ${names.many};`}
    }
  `;
};

/** Queries that bind constants: a status, a limit. */
export const boundConstants: Member = (part) => {
  const { thing } = part;
  const field = part.field(['picklist']);
  if (field === null || field.values.length < 2) return null;
  const most = part.pick('MAX_ROWS', 'ROW_LIMIT', 'PAGE_SIZE', 'MAX_RECORDS', 'TOP_COUNT');
  const values = part.random.sample(field.values, part.random.integer(1, 2));
  const nameOf = (value: string): string =>
    part.style.hasThis ? `${constantName(field.label)}_${constantName(value)}` : constantName(value);
  const mayBeLimited = part.random.chance(0.7);
  const isCount = part.random.chance(0.25);
  const isLimited = mayBeLimited && !isCount;
  const selected = isCount ? 'COUNT()' : `Id, ${seen(thing.nameField)}`;
  const methods = values.map((value) => {
    const isNegated = part.random.chance(0.2);
    const where = `WHERE ${field.api} ${isNegated ? '!=' : '='} :${nameOf(value)}`;
    const condition = `whose ${field.label} is ${isNegated ? 'not ' : ''}${nameOf(value)}`;
    const english = isCount
      ? `how many ${thing.plural} there are ${condition}`
      : `${isLimited ? `up to ${most} ` : ''}${thing.plural} ${condition}`;
    const verb = isCount ? 'count' : part.pick('get', 'find', 'select');
    return apex`
      ${told(part, english)}
      ${opened(part, isCount ? 'Integer' : `List<${thing.api}>`, `${verb}${isNegated ? 'Not' : ''}${pascalCase(constantName(value).toLowerCase())}`)}() {
          return [SELECT ${selected} FROM ${thing.api} ${where}${isLimited ? ` LIMIT :${most}` : ''}];
      }
    `;
  });
  const constants: Constant[] = values.map((value) => textConstant(nameOf(value), value.replace(/'/g, '')));
  if (isLimited) constants.push([most, 'Integer', part.pick('10', '50', '100', '200')]);
  return [declared(part, constants), ...methods].join('\n\n');
};
