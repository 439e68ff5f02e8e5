/** Constants of jobs, and what they start with them: sizes, names, cron expressions. */
import { capitalized, thirdPerson } from '../../phrase.js';
import { apex, free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import type { Member, Part } from '../part.js';
import { declared, declaredInOrder, opened, textConstant, told, wordOr, type Constant } from './words.js';

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
  const context = part.pick('sc', 'context', 'ctx');
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

    public void execute(SchedulableContext ${seen(context)}) {
        ${free(`new ${part.className}Work().run();`)}
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
