/** What the makers of jobs share: which records a job takes, what it does to them, what stands at the end of a batch. */
import { pascalCase } from '../../../phrase.js';
import { apex, free, indented, seen } from '../../apex.js';
import { literal, lines } from '../../bulk/base.js';
import { constantName } from '../../constant-names.js';
import type { Part } from '../../part.js';
import { declaredInOrder, textConstant, told, type Constant } from '../../scope/words.js';

/** Which records a job takes, and the change that it makes. */
export interface Work {
  /** Declarations; may be empty. */
  readonly constants: string;
  /** After WHERE. */
  readonly where: string;
  /** What the query asks for beside the id. */
  readonly fields: readonly string[];
  /** The field that is set, and its value. */
  readonly api: string;
  readonly value: string;
  /** `sets status to Closed`. */
  readonly said: string;
  /** `cases with status New`. */
  readonly which: string;
}

/** That a field gets a value, in one of several ways. */
function saidOf(part: Part, label: string, value: string): string {
  return part.pick(
    `sets ${label} to ${value}`,
    `sets ${label} to ${value}`,
    `changes the ${label} to ${value}`,
    `gives each record the ${label} ${value}`,
    `puts ${value} into ${label}`,
  );
}

/** Values that would be words of the language as constants. */
const keywords = new Set([
  'private',
  'public',
  'protected',
  'virtual',
  'abstract',
  'transient',
  'override',
  'continue',
  'break',
  'before',
  'after',
  'system',
  'test',
  'instanceof',
  'activate',
  'begin',
  'commit',
  'rollback',
  'import',
  'package',
  'parallel',
  'switch',
  'object',
  'number',
  'interface',
  'implements',
]);

/** From one value of a picklist to another, each of them a constant. */
function betweenValues(part: Part): Work | null {
  const { thing } = part;
  const field = part
    .settable(9, ['picklist'])
    .find(({ values }) => values.filter((value) => /^[A-Za-z][\w ]*$/.test(value)).length > 1);
  if (field === undefined) return null;
  const [from, to] = part.random.sample(
    field.values.filter((value) => /^[A-Za-z][\w ]*$/.test(value)),
    2,
  ) as [string, string];
  const isTaken = [from, to].some((value) => keywords.has(value.toLowerCase()));
  const prefix = isTaken || part.random.chance(0.35) ? `${constantName(field.label)}_` : '';
  const [old, fresh] = part.random.chance(0.8)
    ? [`${prefix}${constantName(from)}`, `${prefix}${constantName(to)}`]
    : part.pick(['OLD_VALUE', 'NEW_VALUE'], ['FROM_VALUE', 'TO_VALUE']);
  if (old === fresh) return null;
  const constants: Constant[] = [textConstant(old!, from), textConstant(fresh!, to)];
  return {
    constants: declaredInOrder(part, constants),
    where: `${field.api} = :${old!}`,
    fields: [field.api],
    api: field.api,
    value: fresh!,
    said: saidOf(part, field.label, to),
    which: `${thing.plural} with ${field.label} ${from}`,
  };
}

/** A checkbox is turned, where a date is past or for all that have it. */
export function turned(part: Part): Work | null {
  const { thing } = part;
  const field = part.settable(1, ['checkbox'])[0];
  if (field === undefined) return null;
  const date = part.random.chance(0.7) ? part.field(['date']) : null;
  const isOn = part.random.chance(0.5);
  const first = `${field.api} = ${String(isOn)}`;
  const second = date === null ? '' : `${date.api} < TODAY`;
  const both = [first, second].filter((piece) => piece !== '');
  return {
    constants: '',
    where: both.join(' AND '),
    fields: [field.api, ...(date === null ? [] : part.random.chance(0.3) ? [date.api] : [])],
    api: field.api,
    value: String(!isOn),
    said: saidOf(part, field.label, String(!isOn)),
    which: `${thing.plural} whose ${field.label} is ${String(isOn)}${date === null ? '' : ` and whose ${date.label} is past`}`,
  };
}

/** A field that is empty gets a value, which a constant keeps where it is no date. */
function filled(part: Part): Work | null {
  const { thing } = part;
  const field = part.settable(1, ['picklist', 'date', 'text', 'currency', 'integer'])[0];
  if (field === undefined || !field.api.endsWith('__c')) return null;
  const value = literal(part, field);
  const name = part.pick(
    'DEFAULT_VALUE',
    `DEFAULT_${constantName(field.label)}`,
    'FALLBACK',
    `${constantName(field.label)}_DEFAULT`,
  );
  const type = /^'/.test(value) ? 'String' : field.type === 'integer' ? 'Integer' : 'Decimal';
  const isConstant = field.type !== 'date' && part.random.chance(0.7);
  return {
    constants: isConstant ? declaredInOrder(part, [[name, type, value]]) : '',
    where: `${field.api} = null`,
    fields: [field.api],
    api: field.api,
    value: isConstant ? name : value,
    said: saidOf(part, field.label, isConstant ? 'the default' : value.replace(/'/g, '')),
    which: `${thing.plural} without ${field.label}`,
  };
}

/** One of those. */
export function drawWork(part: Part): Work | null {
  return part.pick(betweenValues, betweenValues, turned, turned, filled)(part);
}

/** The context of a batch. */
export function batchContext(part: Part): string {
  return part.pick('bc', 'bc', 'context', 'ctx', 'BC', 'batchContext');
}

/** The first method of a batch: its query in brackets, in a text, in a variable, in pieces. */
export function startMethod(
  part: Part,
  context: string,
  work: Pick<Work, 'where' | 'fields'>,
  which: string,
): string {
  const { thing, style } = part;
  const select = `SELECT ${['Id', ...new Set(work.fields)].map((api, index) => (index === 0 ? api : seen(api))).join(', ')}`;
  const [from, where] = [`FROM ${thing.api}`, `WHERE ${work.where}`];
  const asText = (text: string): string => text.replace(/'/g, "\\'");
  const whole = `${select} ${from} ${where}`;
  const query = part.pick('query', 'query', 'soql', 'q');
  const body = part.random.weighted([
    [5, `return Database.getQueryLocator([${whole}]);`],
    [2, `return Database.getQueryLocator('${asText(whole)}');`],
    [2, `String ${seen(query)} = '${asText(whole)}';\nreturn Database.getQueryLocator(${query});`],
    [1, `return Database.getQueryLocator(\n    '${select} ' +\n    '${from} ' +\n    '${asText(where)}'\n);`],
    [
      1,
      `String ${seen(query)} = '${select} ${from}';\n${query} += ' ${asText(where)}';\nreturn Database.getQueryLocator(${query});`,
    ],
  ]);
  return apex`
    ${told(part, which)}
    ${style.access} Database.QueryLocator start(Database.BatchableContext ${seen(context)}) {
        ${body}
    }
  `;
}

/** The state of the job itself, asked for at the end of a batch. */
function jobState(part: Part, context: string): string {
  const job = part.pick('job', 'job', 'asyncJob', 'aaj', 'batchJob');
  const [form, fields] = part.pick(
    ['done', ['Id', 'Status', 'JobItemsProcessed', 'TotalJobItems']],
    ['errors', ['Id', 'Status', 'NumberOfErrors']],
    ['all', ['Status', 'NumberOfErrors', 'JobItemsProcessed', 'TotalJobItems']],
  ) as ['done' | 'errors' | 'all', string[]];
  const texts = {
    done: `${job}.JobItemsProcessed + ' of ' + ${job}.TotalJobItems`,
    errors: `${job}.Status + ' with ' + ${job}.NumberOfErrors + ' errors'`,
    all: `${job}.Status + ': ' + ${job}.JobItemsProcessed + '/' + ${job}.TotalJobItems + ', errors: ' + ${job}.NumberOfErrors`,
  };
  const query = `[SELECT ${fields.map((api) => seen(api)).join(', ')} FROM AsyncApexJob WHERE Id = :${context}.getJobId()]`;
  const isOnlyErrors = form === 'errors' && part.random.chance(0.5);
  const log = part.log(texts[form], form === 'errors' ? 'error' : 'info');
  return lines(
    part.comment(
      {
        done: 'how many chunks were processed, e.g. "3 of 7"',
        errors: `${isOnlyErrors ? 'a line in the log when there were errors' : 'the state of the job for the log'}, e.g. "Completed with 2 errors"`,
        all: 'the state of the job for the log, e.g. "Completed: 7/7, errors: 0"',
      }[form],
    ),
    `AsyncApexJob ${seen(job)} = ${query};`,
    isOnlyErrors ? `if (${job}.NumberOfErrors > 0) {\n    ${log}\n}` : log,
  );
}

/** What may stand in a batch's last method; `counted` is what a batch with a memory says of it. */
export function finishMethod(part: Part, context: string, counted = ''): string {
  const { thing, style } = part;
  const subject = part.pick(thing.className, pascalCase(thing.plural));
  const purpose = part.pick('Report', 'Cleanup', 'Summary', 'Archive', 'Notify');
  const nextBatch = `${subject}${purpose}Batch`;
  const nextJob = `${subject}${purpose}${part.pick('Job', 'Queueable')}`;
  const plain = part.random.weighted([
    [3, (): string => part.log(`${free(`'${part.className} finished'`)}`)],
    [3, (): string => jobState(part, context)],
    [
      2,
      (): string =>
        lines(
          part.comment(`then ${nextBatch} goes on`),
          `Database.executeBatch(new ${nextBatch}()${part.pick('', '', `, ${free('100')}`)});`,
        ),
    ],
    [
      1,
      (): string =>
        lines(part.comment(`the job ${nextJob} takes over`), `System.enqueueJob(new ${nextJob}());`),
    ],
    [2, (): string => part.comment(part.pick('nothing to do', 'nothing left to do', 'no follow-up'))],
  ]);
  return `${style.access} void finish(Database.BatchableContext ${seen(context)}) {\n${indented(lines(counted === '' ? plain() : counted))}\n}`;
}
