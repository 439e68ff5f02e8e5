/** Whole schedulable classes: constants for expression and name, what starts and what stops them. */
import { clash, recordName } from '../names.js';
import { capitalized, pascalCase } from '../../../phrase.js';
import { joinedMembers, lines, loop } from '../../bulk/base.js';
import { free, indented, seen, when } from '../../apex.js';
import type { Member, Part } from '../../part.js';
import { declared, told, type Constant } from '../../scope/words.js';
import { cronConstant } from './crons.js';
import { drawWork } from './words.js';

interface Job {
  readonly cron: string;
  readonly name: string;
}

function drawJob(part: Part): Job {
  const [cron, name] = part.pick(
    ['CRON', 'JOB_NAME'],
    ['CRON_EXPRESSION', 'JOB_NAME'],
    ['CRON_EXP', 'NAME'],
    ['SCHEDULE', 'NAME'],
    ['NIGHTLY', 'JOB_LABEL'],
    ['DEFAULT_CRON', 'DEFAULT_NAME'],
  ) as [string, string];
  return { cron, name };
}

function jobText(part: Part): string {
  return `'${capitalized(part.thing.plural)} ${part.pick('job', 'nightly run', 'check', 'cleanup', 'update')}'`;
}

/** What a scheduled job does. */
interface Executed {
  readonly method: string;
  /** Constants that it needs. */
  readonly constants: readonly Constant[];
  /** Declarations of others. */
  readonly own: string;
}

type Method = (said: string, body: string) => string;

/** Queries, changes and updates records; null = the draw leads to nothing. */
function updating(
  part: Part,
  method: Method,
  { context, many, record }: Readonly<Record<'context' | 'many' | 'record', string>>,
): Executed | null {
  const { thing } = part;
  const work = drawWork(part);
  if (work === null || clash(many, record, context)) return null;
  const fields = ['Id', ...new Set(work.fields)].map((api) => (api === 'Id' ? api : seen(api))).join(', ');
  const query = `[SELECT ${fields} FROM ${thing.api} WHERE ${work.where}]`;
  const body = lines(
    `List<${thing.api}> ${seen(many)} = ${query};`,
    loop(thing.api, record, many, `${record}.${work.api} = ${work.value};`),
    `update ${many};`,
  );
  return { method: method(`${work.which}: ${work.said}`, body), constants: [], own: work.constants };
}

/** What the scheduled job does, and the constants that it needs. */
function executed(part: Part): Executed | null {
  const { thing, style } = part;
  const context = part.pick('sc', 'context', 'ctx', 'schedulableContext');
  const form = part.pick('batch', 'batch', 'queue', 'update', 'delete');
  const size = part.pick('BATCH_SIZE', 'SCOPE_SIZE', 'CHUNK_SIZE');
  const job = `${part.pick(thing.className, pascalCase(thing.plural))}${part.pick('Batch', 'CleanupBatch', 'SyncBatch', 'UpdateBatch')}`;
  const queueable = `${part.pick(thing.className, pascalCase(thing.plural))}${part.pick('Queueable', 'Job', 'Worker')}`;
  const method: Method = (said, body) =>
    lines(
      told(part, said),
      `${style.access} void execute(SchedulableContext ${free(context)}) {`,
      indented(body),
      '}',
    );
  const record = recordName(part);
  const many = part.pick(part.names.many, part.thing.many, 'records');
  switch (form) {
    case 'batch': {
      const hasSize = part.random.chance(0.6);
      const hasVariable = part.random.chance(0.3);
      const variable = part.pick('batch', 'job', 'worker');
      const made = `new ${job}()`;
      const run = `Database.executeBatch(${hasVariable ? variable : made}${hasSize ? `, ${size}` : ''});`;
      return {
        method: method(
          `starts ${job}${hasSize ? ' with the constant size' : ''}`,
          lines(hasVariable ? `${free('')}${job} ${seen(variable)} = ${made};` : '', run),
        ),
        constants: hasSize ? [[size, 'Integer', String(part.pick(10, 50, 100, 200))]] : [],
        own: '',
      };
    }
    case 'queue':
      return {
        method: method(`hands the work to ${queueable}`, `System.enqueueJob(new ${queueable}());`),
        constants: [],
        own: '',
      };
    case 'delete': {
      const days = part.pick(30, 90, 180, 365);
      const query = `[SELECT Id FROM ${thing.api} WHERE CreatedDate < LAST_N_DAYS:${days}]`;
      const isInline = part.random.chance(0.5);
      return {
        method: method(
          `deletes the ${thing.plural} created before the last ${days} days`,
          isInline
            ? `delete ${query};`
            : lines(`List<${thing.api}> ${seen(many)} = ${query};`, `delete ${many};`),
        ),
        constants: [],
        own: '',
      };
    }
    case 'update':
      return updating(part, method, { context, many, record });
  }
}

/** A schedulable class that schedules itself by its constants. */
export const selfScheduled: Member = (part) => {
  const { className } = part;
  const { cron, name } = drawJob(part);
  const work = executed(part);
  if (work === null) return null;
  const variable = part.pick('job', 'scheduler', 'instance', 'self');
  const form = part.random.weighted([
    [4, 'plain'],
    [2, 'variable'],
    [2, 'given'],
    [1.5, 'overload'],
    [1, 'void'],
  ]);
  const [givenName, givenCron] = part.pick(
    ['jobName', 'cron'],
    ['name', 'cronExpression'],
    ['label', 'expression'],
  ) as [string, string];
  const type = part.pick('Id', 'String');
  const method = part.pick('schedule', 'schedule', 'scheduleJob', 'start', 'install');
  const head = (parameters = '', answer = type): string =>
    `${free(`public static ${answer} ${method}`)}(${parameters}) {`;
  const job = `new ${className}()`;
  const both = `String ${seen(givenName)}, String ${seen(givenCron)}`;
  const said = part.pick(
    'schedules this job',
    'puts the job into the schedule',
    'plans the job with its own name and expression',
  );
  const withGiven = lines(
    told(part, 'schedules this job under any name, at any time'),
    head(both),
    indented(`return System.schedule(${givenName}, ${givenCron}, ${job});`),
    '}',
  );
  const plain = (call: string): string => lines(told(part, said), head(), indented(call), '}');
  const call = `System.schedule(${name}, ${cron}, ${job})`;
  const methods = {
    plain: (): readonly string[] => [plain(`return ${call};`)],
    variable: (): readonly string[] => [
      plain(
        lines(
          `${className} ${seen(variable)} = ${job};`,
          `return System.schedule(${name}, ${cron}, ${variable});`,
        ),
      ),
    ],
    given: (): readonly string[] => [withGiven],
    overload: (): readonly string[] =>
      part.random.shuffled([plain(`return ${method}(${name}, ${cron});`), withGiven]),
    void: (): readonly string[] => [lines(told(part, said), head('', 'void'), indented(`${call};`), '}')],
  }[form as 'plain']();
  const constants: Constant[] = [
    ...(form === 'given' ? [] : ([[name, 'String', jobText(part)]] as Constant[])),
    ...work.constants,
  ];
  const order = part.random.chance(0.5) ? [...methods, work.method] : [work.method, ...methods];
  return joinedMembers(
    lines(
      form === 'given' ? '' : cronConstant(part, cron),
      constants.length === 0 ? '' : declared(part, constants),
      work.own,
    ),
    ...order,
  );
};

/** A job that runs at several hours: a loop schedules it once for each. */
export const hourlySchedule: Member = (part) => {
  const { className } = part;
  const { name } = drawJob(part);
  const work = executed(part);
  if (work === null) return null;
  const hour = part.pick('hour', 'h', 'i');
  const form = part.pick('steps', 'hours', 'minutes');
  const step = part.pick(2, 3, 4, 6);
  const [hours, every] = [
    part.pick('HOURS', 'RUN_HOURS', 'TIMES'),
    part.pick('STEP', 'EVERY_HOURS', 'INTERVAL'),
  ];
  const minute = part.pick('minute', 'm');
  const gap = part.pick(10, 15, 20, 30);
  const between = part.pick(' - ', ' ', ' at ');
  const text = jobText(part);
  const label = (one: string): string => `${name} + '${between}' + ${one}`;
  const bodies = {
    steps: {
      constants: [[every, 'Integer', String(step)]],
      said: `schedules the job from midnight on every so many hours as the constant says, under the name with the hour`,
      body: `for (Integer ${seen(hour)} = 0; ${hour} < 24; ${hour} += ${every}) {\n${indented(`System.schedule(${label(hour)}, '0 0 ' + ${hour} + ' * * ?', new ${className}());`)}\n}`,
    },
    hours: {
      constants: [
        [
          hours,
          'List<Integer>',
          `new List<Integer>{ ${part.pick('6, 12, 18', '0, 6, 16', '6, 19', '5, 6, 17, 23')} }`,
        ],
      ],
      said: 'schedules the job at each of the hours, under the name with the hour',
      body: loop(
        'Integer',
        hour,
        hours,
        `System.schedule(${label(hour)}, '0 0 ' + ${hour} + ' * * ?', new ${className}());`,
      ),
    },
    minutes: {
      constants: [],
      said: `schedules the job for every ${gap} minutes, under the name with the minute`,
      body: `for (Integer ${seen(minute)} = 0; ${minute} < 60; ${minute} += ${gap}) {\n${indented(`System.schedule(${label(minute)}, '0 ' + ${minute} + ' * * * ?', new ${className}());`)}\n}`,
    },
  } as const;
  const example = `, e.g. "${text.replace(/'/g, '')}${between}${{ minutes: gap, steps: step, hours: 6 }[form]}"`;
  const drawn = bodies[form];
  const constants = [[name, 'String', text], ...drawn.constants, ...work.constants] as Constant[];
  const scheduling = lines(
    told(part, drawn.said + example),
    `${free(`public static void ${part.pick('scheduleAll', 'schedule', 'install', 'start')}`)}() {`,
    indented(drawn.body),
    '}',
  );
  const order = part.random.chance(0.5) ? [scheduling, work.method] : [work.method, scheduling];
  return joinedMembers(lines(declared(part, constants), work.own), ...order);
};

/** Aborts each job that the query finds. */
function abortingLoop(part: Part, query: string, trigger: string, jobs: string): string {
  const act = `System.abortJob(${trigger}.Id);`;
  return part.random.chance(0.6)
    ? loop('CronTrigger', trigger, query, act)
    : lines(`List<CronTrigger> ${seen(jobs)} = ${query};`, loop('CronTrigger', trigger, jobs, act));
}

/** A job that can be stopped, asked for, or set anew. */
export const stoppableSchedule: Member = (part) => {
  const { className } = part;
  const { cron, name } = drawJob(part);
  const work = executed(part);
  if (work === null) return null;
  const trigger = part.pick('ct', 'entry', 'cronTrigger', 'job', 'planned');
  const isLike = part.random.chance(0.2);
  const where = isLike ? `CronJobDetail.Name LIKE :(${name} + '%')` : `CronJobDetail.Name = :${name}`;
  const abort = part.pick('abort', 'stop', 'unschedule', 'cancel', 'abortExisting');
  const jobs = part.pick('jobs', 'triggers', 'planned', 'existing');
  if (clash(trigger, jobs)) return null;
  const query = `[SELECT Id FROM CronTrigger WHERE ${where}]`;
  const aborting = abortingLoop(part, query, trigger, jobs);
  const isAsked = part.random.chance(0.5);
  const isScheduled = part.random.chance(0.5)
    ? `return [SELECT COUNT() FROM CronTrigger WHERE ${where}] > 0;`
    : `return !${query}.isEmpty();`;
  const form = part.pick('restart', 'guard', 'plain');
  const scheduled = `System.schedule(${name}, ${cron}, new ${className}());`;
  const helper = part.pick('isScheduled', 'isPlanned', 'exists');
  const hasHelper = isAsked || form === 'guard';
  const body = {
    restart: lines(`${abort}();`, `return ${scheduled}`),
    guard: lines(when(`${helper}()`, 'return null;'), `return ${scheduled}`),
    plain: `return ${scheduled}`,
  }[form];
  const said = {
    restart: 'aborts the jobs of this name and schedules a new one',
    guard: 'schedules the job, or returns null when it is scheduled already',
    plain: 'schedules the job',
  }[form];
  const members = [
    lines(
      told(part, said),
      `${free(`public static Id ${part.pick('schedule', 'reschedule', 'start')}`)}() {`,
      indented(body),
      '}',
    ),
    lines(
      told(
        part,
        isLike ? 'aborts all jobs whose name begins with that of the job' : 'aborts the jobs of this name',
      ),
      `${free(`public static void ${abort}`)}() {`,
      indented(aborting),
      '}',
    ),
    hasHelper
      ? lines(
          told(part, 'whether the job is in the schedule'),
          `${free(`public static Boolean ${helper}`)}() {`,
          indented(isScheduled),
          '}',
        )
      : '',
  ];
  const constants: Constant[] = [[name, 'String', jobText(part)], ...work.constants];
  return joinedMembers(
    lines(cronConstant(part, cron), declared(part, constants), work.own),
    ...(part.random.chance(0.5) ? [work.method, ...members] : [...members, work.method]),
  );
};
