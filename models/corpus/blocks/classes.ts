/** Kinds of classes: asynchronous jobs, tests, and the small classes around them. */
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { saidNumber } from '../numbers.js';
import { phrase, thirdPerson } from '../phrase.js';
import { drawEnding } from './changes-ending.js';
import { drawDeleteJob, drawUpdateJob, jobLines, tidied, type Job } from './changes-job.js';
import { constantsClass, exceptionClass, wrapperClass } from './classes-small.js';
import { countTest, insertTest, rejectTest } from './classes-tests.js';
import type { Kind, Made } from './kind.js';
import { indented } from './soql.js';

export const classKinds: readonly Kind[] = [
  { kind: 'batch', weight: 6, make: batch },
  { kind: 'queueable', weight: 4, make: (draw, thing) => asynchronous(draw, thing, 'Queueable') },
  { kind: 'schedulable', weight: 4, make: (draw, thing) => asynchronous(draw, thing, 'Schedulable') },
  { kind: 'batch scheduler', weight: 1.5, make: batchScheduler },
  { kind: 'test', weight: 4, make: insertTest },
  { kind: 'test count', weight: 1.5, make: countTest },
  { kind: 'test reject', weight: 1.5, make: rejectTest },
  { kind: 'exception', weight: 0.7, make: exceptionClass },
  { kind: 'wrapper', weight: 2.5, make: wrapperClass },
  { kind: 'constants', weight: 1.5, make: constantsClass },
];

/** A job, and how a class that does it is asked for: "a batch class that closes …". */
function drawJob(draw: Draw, thing: Thing): Job | null {
  const job = draw.random.chance(0.65) ? drawUpdateJob(draw, thing) : drawDeleteJob(draw, thing);
  return job === null || job.target.limit !== null ? null : job;
}

/** `delete old leads` → `deletes old leads`; only the first word. */
function inThirdPerson(command: string): string {
  const [verb = '', ...rest] = command.split(' ');
  return [thirdPerson(verb), ...rest].join(' ');
}

/** A name said with the class; mostly none is said, and the class is called by the object. */
function drawClassName(draw: Draw, canonical: string): string {
  return draw.random.chance(0.2) ? phrase(draw.random, `{called|named} ${canonical}`) : '';
}

function askedFor(draw: Draw, what: string, className: string, job: Job): string {
  const { random } = draw;
  const naming = drawClassName(draw, className);
  const lead = phrase(
    random,
    `{{write |create |give me |make |build |I need |we need |}${what}|${what}} ${naming}`,
  );
  const { command } = job;
  // "gets … and sets": only a single command may be put into the third person
  const isSingle =
    !/ (and|then) /.test(command) &&
    !/[:]/.test(command) &&
    !command.includes('clean') &&
    !/^(bulk|mass)/.test(command);
  const wording = random.weighted([
    [4, `${lead} to ${command}`],
    [isSingle ? 5 : 0, `${lead} {that|which} ${inThirdPerson(command)}`],
    [1, `${lead}: ${command}`],
    [1.5, `${lead} that should ${command}`],
    [1.5, `${lead}. It should ${command}`],
    [job.sentence === null ? 0 : 1, `${lead}: ${job.sentence ?? ''}`],
    [naming === '' ? 2 : 0, `${command} {in|with|using} ${what}`],
  ]);
  return tidied(`${phrase(random, wording)}${job.tail}`);
}

const batchWords =
  '{a batch class|a batch job|a batch|batch apex|a batch apex class|a Database.Batchable|an Apex batch|a batchable class|a Batchable}';

function batch(draw: Draw, thing: Thing): Made | null {
  const job = drawJob(draw, thing);
  if (job === null) return null;
  const ending = drawEnding(draw);
  const className = `${thing.className}Batch`;
  const write = ending.lines(job.operation, thing.many);
  return {
    prompt: `${askedFor(draw, batchWords, className, job)}${ending.english}`,
    answer: [
      `public class ${className} implements Database.Batchable<SObject> {`,
      '    public Database.QueryLocator start(Database.BatchableContext context) {',
      indented(`return Database.getQueryLocator(${job.query});`, 2),
      '    }',
      '',
      `    public void execute(Database.BatchableContext context, List<${thing.api}> ${thing.many}) {`,
      indented([...(job.loop === '' ? [] : [job.loop]), ...write].join('\n'), 2),
      '    }',
      '',
      '    public void finish(Database.BatchableContext context) {}',
      '}',
    ].join('\n'),
    shape: 'class',
  };
}

const asynchronousWords = {
  Queueable:
    '{a queueable|a queueable class|a Queueable job|a queueable apex class|queueable apex|an async job (queueable)|a class that implements Queueable|an asynchronous queueable job}',
  Schedulable:
    '{a schedulable|a schedulable class|a scheduled job|a scheduled class|scheduled apex|a scheduler class|a Schedulable|a class that implements Schedulable|a scheduled Apex job}',
} as const;

function asynchronous(draw: Draw, thing: Thing, contract: 'Queueable' | 'Schedulable'): Made | null {
  const job = drawJob(draw, thing);
  if (job === null) return null;
  const ending = drawEnding(draw);
  const className = `${thing.className}${contract}`;
  return {
    prompt: `${askedFor(draw, asynchronousWords[contract], className, job)}${ending.english}`,
    answer: [
      `public class ${className} implements ${contract} {`,
      `    public void execute(${contract}Context context) {`,
      indented(jobLines(thing, job, ending.lines(job.operation, thing.many)), 2),
      '    }',
      '}',
    ].join('\n'),
    shape: 'class',
  };
}

const nightly = [
  'every night',
  'daily',
  'nightly',
  'every day',
  'each morning',
  'every week',
  'weekly',
  'on a schedule',
] as const;

/** "a scheduler that runs InvoiceBatch with 200 records at a time". */
function batchScheduler(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const size = random.chance(0.6) ? random.pick([1, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000]) : null;
  const batchName = `${thing.className}${random.pick(['Batch', 'CleanupBatch', 'SyncBatch', 'UpdateBatch', 'ArchiveBatch'])}`;
  const sizeWords =
    size === null
      ? ''
      : `{ with {a |}{batch size|scope size|scope} {of |}${size}| with ${saidNumber(random, size)} records {at a time|per batch}|, ${size} records at a time|, batch size ${size}}`;
  const when = random.chance(0.3) ? ` ${random.pick(nightly)}` : '';
  const english = random.pick([
    `{write |create |}{a schedulable|a schedulable class|a scheduler|a scheduled class|scheduled apex} {that|which} {runs|starts|executes|launches|kicks off} ${batchName}${sizeWords}${when}`,
    `{schedule|run} ${batchName}${when} from a {schedulable|scheduled} class${sizeWords}`,
    `schedulable {to|that should} {run|start|execute} ${batchName}${sizeWords}${when}`,
  ]);
  return {
    prompt: phrase(random, english),
    answer: [
      `public class ${batchName}Schedulable implements Schedulable {`,
      '    public void execute(SchedulableContext context) {',
      `        Database.executeBatch(new ${batchName}()${size === null ? '' : `, ${size}`});`,
      '    }',
      '}',
    ].join('\n'),
    shape: 'class',
  };
}
