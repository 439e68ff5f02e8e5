/** Constants of jobs, messages, templates and queries: declared above, used below. */
import type { Field } from '../../nouns.js';
import { capitalized, pascalCase } from '../../phrase.js';
import { apex, free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import { apexType, variableOf, type Member, type Part } from '../part.js';
import { declared, drawException, opened, told, wordOr, type Constant } from './words.js';

const crons = [
  '0 0 2 * * ?',
  '0 30 4 * * ?',
  '0 0 6 ? * MON',
  '0 0 1 1 * ?',
  '0 0 22 ? * MON-FRI',
  '0 15 0 * * ?',
];

/** Cron expression, name and size of the class's own job; it starts and schedules itself. */
export const ownSchedule: Member = (part) => {
  const when = wordOr(part, 'nightly', 'daily', 'weekly', 'hourly', 'monthly', 'default');
  const cron = part.pick(
    'CRON',
    'CRON_EXPRESSION',
    `CRON_${constantName(when)}`,
    `${constantName(when)}_CRON`,
    'SCHEDULE',
  );
  const name = part.pick('JOB_NAME', 'NAME', 'SCHEDULE_NAME', 'JOB_LABEL', `${constantName(when)}_JOB`);
  const isId = part.random.chance(0.5);
  const isGiven = part.random.chance(0.3);
  const given = part.pick('cronExpression', 'cron', 'expression');
  const job = `new ${part.className}()`;
  const variable = part.pick('job', 'scheduler', 'instance');
  const hasVariable = part.random.chance(0.25);
  const call = `System.schedule(${name}, ${isGiven ? given : cron}, ${hasVariable ? variable : job})`;
  const constants: Constant[] = [
    [cron, 'String', `'${part.random.pick(crons)}'`],
    [
      name,
      'String',
      `'${capitalized(when)} ${part.thing.plural} ${part.pick('job', 'check', 'run', 'update')}'`,
    ],
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

/** Starts its own batch with a constant size, or finds it running. */
export const ownBatchSize: Member = (part) => {
  const size = part.pick('BATCH_SIZE', 'SCOPE_SIZE', 'CHUNK_SIZE', 'RECORDS_PER_BATCH', 'MAX_SCOPE');
  const isScheduled = part.random.chance(0.4);
  const isId = !isScheduled && part.random.chance(0.5);
  const hasVariable = part.random.chance(0.3);
  const variable = part.pick('job', 'batch', 'instance');
  const call = `Database.executeBatch(${hasVariable ? variable : `new ${part.className}()`}, ${size})`;
  const head = isScheduled
    ? free(`${part.style.access} void execute(SchedulableContext ${part.pick('sc', 'context', 'ctx')})`)
    : `${opened(part, isId ? 'Id' : 'void', part.pick('run', 'start', 'execute', 'runNow', 'launch'))}()`;
  return apex`
    ${declared(part, [[size, 'Integer', part.pick('1', '10', '50', '100', '200', '2000')]])}

    ${told(part, part.pick(`runs this batch with ${size} records at a time`, `starts the batch in chunks of ${size}`, 'starts itself with the batch size above'))}
    ${head} {
        ${hasVariable ? `${part.className} ${seen(variable)} = new ${part.className}();` : ''}
        ${isId ? `return ${call};` : `${call};`}
    }
  `;
};

/** Other classes' jobs, started with the sizes and names of constants that bear theirs. */
export const jobStarter: Member = (part) => {
  const verbs = part.random.sample(
    ['Cleanup', 'Archive', 'Sync', 'Renewal', 'Recalculation', 'Export', 'Import', 'Merge'],
    3,
  );
  const kind = part.pick('batch', 'batch', 'schedule', 'queueable');
  const chosen = verbs.slice(0, part.random.integer(2, 3));
  const delayName = (verb: string): string =>
    `${constantName(verb)}_${part.style.hasThis ? 'DELAY' : 'DELAY_MINUTES'}`;
  const ending = kind === 'batch' ? 'Batch' : kind === 'schedule' ? 'Scheduler' : 'Job';
  const constants = chosen.flatMap((verb): Constant[] =>
    kind === 'batch'
      ? [[`${constantName(verb)}_SIZE`, 'Integer', part.pick('50', '100', '200')]]
      : kind === 'queueable'
        ? [[delayName(verb), 'Integer', part.pick('1', '5', '10')]]
        : [
            [`${constantName(verb)}_CRON`, 'String', `'${part.random.pick(crons)}'`],
            [`${constantName(verb)}_NAME`, 'String', `'${part.thing.className} ${verb.toLowerCase()}'`],
          ],
  );
  const call = (verb: string): string => {
    const made = `new ${part.thing.className}${verb}${ending}()`;
    const upper = constantName(verb);
    if (kind === 'batch') return `Database.executeBatch(${made}, ${upper}_SIZE);`;
    return kind === 'schedule'
      ? `System.schedule(${upper}_NAME, ${upper}_CRON, ${made});`
      : `System.enqueueJob(${made}, ${delayName(verb)});`;
  };
  const prefix = part.pick('run', 'start', 'launch', 'begin');
  const isOne = part.random.chance(0.4);
  const class_ = (verb: string): string => `${part.thing.className}${verb}${ending}`;
  const methods = isOne
    ? apex`
      ${told(part, `starts ${chosen.map(class_).join(', then ')}`)}
      ${opened(part, 'void', `${prefix}All`)}() {
          ${chosen.map(call)}
      }
    `
    : chosen
        .map(
          (verb) => apex`
      ${told(part, `${prefix}s ${class_(verb)}`.replace('launchs', 'launches'))}
      ${opened(part, 'void', `${prefix}${verb}`)}() {
          ${call(verb)}
      }
    `,
        )
        .join('\n\n');
  return `${declared(part, constants, false)}\n\n${methods}`;
};

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
  const manner = part.pick('record', 'field', 'throw', 'list', 'return');
  const exception = drawException(part);
  const isBlank = part.random.chance(0.5);
  const errors = part.pick('errors', 'messages', 'problems', 'missing');
  const refused = (field: Field): string => {
    const message = nameOf(field);
    if (manner === 'record') return `${names.one}.addError(${message});`;
    if (manner === 'field') return `${names.one}.${field.api}.addError(${message});`;
    if (manner === 'return') return `return ${message};`;
    return manner === 'throw' ? `throw new ${exception.name}(${message});` : `${errors}.add(${message});`;
  };
  const value = (field: Field): string => `${names.one}.${field.api}`;
  const checks = fields.map((field) => {
    const test =
      isBlank && apexType(field) === 'String' ? `String.isBlank(${value(field)})` : `${value(field)} == null`;
    return `if (${test}) {\n    ${refused(field)}\n}`;
  });
  const type = manner === 'list' ? 'List<String>' : manner === 'return' ? 'String' : 'void';
  const texts = ['Please enter the $', 'The $ is missing', '$ is required', 'No $ given'];
  const text = part.random.pick(texts);
  return apex`
    ${declared(
      part,
      fields.map(
        (field) => [nameOf(field), 'String', `'${capitalized(text.replace('$', field.label))}.'`] as const,
      ),
      false,
    )}\n
    ${manner === 'throw' ? exception.declaration : ''}
    ${told(part, `${part.pick('checks', 'makes sure')} that ${fields.map((field) => `the ${field.label}`).join(', ')} ${part.pick('are filled', 'are there')}`, [names.one])}
    ${opened(part, type, part.pick('check', 'requireFields', `validate${thing.className}`, 'assertComplete', 'findMissing'))}(${thing.api} ${names.newOne}) {
        ${manner === 'list' ? `List<String> ${seen(errors)} = new List<String>();` : ''}
        ${checks}
        ${manner === 'list' ? `return ${errors};` : manner === 'return' ? `return ${free(part.pick('null', "''"))};` : ''}
    }
  `;
};

interface Template {
  readonly name: string;
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

/** Templates of messages, filled in the order of their places. */
export const formatTemplates: Member = (part) => {
  const { thing, names } = part;
  const templates = drawTemplates(part);
  if (templates.some(({ fields }) => fields.length === 0)) return null;
  const isOwn = part.random.chance(0.4);
  const list = part.pick('List<Object>', 'List<Object>', 'List<Object>', 'Object[]');
  const methods = templates.map(({ name, text, fields }) => {
    const values = [thing.nameField, ...fields.map(({ api }) => api)].map((api) => `${names.one}.${api}`);
    const example = text.replace(
      /\{(\d)\}/g,
      (_all, at: string) => ['Nimbus', '12', 'North', '7'][Number(at)]!,
    );
    const method = name.replace('_TEMPLATE', '').toLowerCase();
    return apex`
      ${part.random.chance(0.6) ? part.comment(`e.g. "${example}"`) : told(part, `the ${method} of a ${thing.label}`)}
      ${opened(part, 'String', part.pick(method, `get${pascalCase(method)}`, `build${pascalCase(method)}`), !isOwn)}(${isOwn ? '' : `${thing.api} ${names.newOne}`}) {
          return String.format(${name}, new ${list}{ ${values.join(', ')} });
      }
    `;
  });
  return [
    declared(
      part,
      templates.map(({ name, text }) => [name, 'String', `'${text}'`] as const),
    ),
    ...(isOwn
      ? [
          `private ${thing.api} ${seen(names.one)};`,
          `public ${part.className}(${thing.api} ${names.one}) {\n    this.${names.one} = ${names.one};\n}`,
        ]
      : []),
    ...methods,
  ].join('\n\n');
};

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
  const list = part
    .pick('conditions', 'clauses', 'filters', 'where_x', 'criteria')
    .replace('where_x', 'whereParts');
  const soql = part.pick('soql', 'query', 'soql', 'queryString');
  const most = part.pick('MAX_ROWS', 'ROW_LIMIT', 'LIMIT_ROWS', 'PAGE_SIZE', 'MAX_RESULTS');
  const parameters = fields.map((field) => ({ field, name: variableOf(field, part), type: apexType(field) }));
  if (new Set(parameters.map(({ name }) => name)).size < parameters.length) return null;
  const conditions = parameters.map(({ field, name, type }) => {
    const test = type === 'String' ? `String.isNotBlank(${name})` : `${name} != null`;
    const sign = type === 'Decimal' || type === 'Date' ? free(part.pick('>=', '<=', '>')) : '=';
    return `if (${test}) {\n    ${list}.add('${field.api} ${sign} :${name}');\n}`;
  });
  const hasLimit = part.random.chance(0.7);
  const order = part.random.chance(0.4) ? ` ORDER BY ${part.pick(thing.nameField, 'CreatedDate DESC')}` : '';
  const start = `SELECT Id, ${thing.nameField} FROM ${thing.api}`;
  const where = `if (!${list}.isEmpty()) {\n    ${soql} += ' WHERE ' + String.join(${list}, ' AND ');\n}`;
  const form = part.pick('+=', '=', 'String.valueOf');
  const limited =
    form === '='
      ? `${soql} = ${soql} + ' LIMIT ' + ${most};`
      : `${soql} += ' LIMIT ' + ${form === '+=' ? most : `String.valueOf(${most})`};`;
  const returned = `Database.query(${soql})`;
  return apex`
    ${hasLimit ? `${declared(part, [[most, 'Integer', part.pick('50', '100', '200', '2000')]])}\n` : ''}
    ${told(part, part.pick(`${thing.plural} that meet every condition that is given`, `finds ${thing.plural} by what is not blank`))}
    ${opened(part, `List<${thing.api}>`, part.pick('search', 'find', `find${thing.className}`, 'query', 'lookup'))}(${parameters.map(({ name, type }) => `${type} ${seen(name)}`).join(', ')}) {
        List<String> ${seen(list)} = new List<String>();
        ${conditions}
        String ${seen(soql)} = ${free(`'${start}'`)};
        ${where}
        ${order === '' ? '' : `${soql} += ${free(`'${order}'`)};`}
        ${hasLimit ? `${free('')}${limited}` : ''}
        ${part.random.chance(0.7) ? `return ${returned};` : `List<${thing.api}> ${names.newMany} = ${returned};\nreturn ${names.many};`}
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
  const isLimited = part.random.chance(0.7);
  const list = `Id, ${seen(thing.nameField)}`;
  const isCount = part.random.chance(0.25);
  const methods = values.map((value) => {
    const sign = part.random.chance(0.2) ? '!=' : '=';
    const where = `WHERE ${field.api} ${sign} :${nameOf(value)}`;
    const english = `${thing.plural} whose ${field.label} is ${sign === '!=' ? 'not ' : ''}${nameOf(value)}`;
    return apex`
      ${told(part, isCount ? `how many ${english.replace('whose', 'there are whose')}` : `${isLimited ? `up to ${most} ` : ''}${english}`)}
      ${opened(part, isCount ? 'Integer' : `List<${thing.api}>`, `${isCount ? 'count' : part.pick('get', 'find', 'select')}${sign === '!=' ? 'Not' : ''}${pascalCase(constantName(value).toLowerCase())}`)}() {
          return [SELECT ${isCount ? 'COUNT()' : list} FROM ${thing.api} ${where}${isLimited && !isCount ? ` LIMIT :${most}` : ''}];
      }
    `;
  });
  const constants: Constant[] = values.map((value) => [
    nameOf(value),
    'String',
    `'${value.replace(/'/g, '')}'`,
  ]);
  if (isLimited && !isCount) constants.push([most, 'Integer', part.pick('10', '50', '100', '200')]);
  return [declared(part, constants), ...methods].join('\n\n');
};

/** Lists joined and texts split with a separator that is a constant. */
export const separators: Member = (part) => {
  const { thing, names } = part;
  const field = part.field(['email', 'text', 'phone']);
  if (field === null) return null;
  const constant = part.pick('SEPARATOR', 'DELIMITER', 'JOINER', 'GLUE', 'LIST_SEPARATOR');
  const values = part.pick('values', 'parts', 'texts', `${variableOf(field, part)}List`);
  const text = part.pick('text', 'joined', 'line', 'csv');
  const one = part.pick('part', 'piece', 'token');
  const isGuarded = part.random.chance(0.5);
  const access = `${names.one}.${field.api}`;
  const add = isGuarded
    ? `if (String.isNotBlank(${access})) {\n    ${values}.add(${access});\n}`
    : `${values}.add(${access});`;
  const joining = apex`
    ${told(part, `the ${field.label} of ${isGuarded ? 'every one that has it' : 'each'}, joined with the ${constant.toLowerCase().replace('_', ' ')}`, [names.many])}
    ${opened(part, 'String', part.pick('join', `join${pascalCase(field.label)}`, `${variableOf(field)}Line`))}(List<${thing.api}> ${names.newMany}) {
        List<String> ${seen(values)} = new List<String>();
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${add}
        }
        return String.join(${values}, ${constant});
    }
  `;
  const splitting = apex`
    ${told(part, `splits at the ${constant.toLowerCase().replace('_', ' ')}, without blanks around the parts`, [text])}
    ${opened(part, 'List<String>', part.pick('split', 'splitText', 'parse', 'toList'))}(String ${seen(text)}) {
        List<String> ${seen(values)} = new List<String>();
        for (String ${seen(one)} : ${text}.split(${constant})) {
            ${values}.add(${one}.trim());
        }
        return ${values};
    }
  `;
  const methods = part.random.shuffled([joining, splitting]).slice(0, part.random.integer(1, 2));
  return [
    declared(part, [[constant, 'String', part.pick("';'", "','", "', '", "' / '", "'-'")]]),
    ...methods,
  ].join('\n\n');
};
