/** Kinds of classes: asynchronous jobs, tests, and the small classes around them. */
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { saidNumber } from '../numbers.js';
import { phrase } from '../phrase.js';
import { drawEnding } from './changes-ending.js';
import { drawDeleteJob, drawUpdateJob, jobLines, type Job } from './changes-job.js';
import { askedFor } from './classes-asking.js';
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
  { kind: 'test count', weight: 2, make: countTest },
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

const batchWords =
  '{a batch class|a batch job|a batch|batch apex|a batch apex class|a Database.Batchable|an Apex batch|a batchable class|a Batchable|a batch class|a batch|a batch job|a nightly batch}';

function batch(draw: Draw, thing: Thing): Made | null {
  const job = drawJob(draw, thing);
  if (job === null) return null;
  const ending = drawEnding(draw);
  const asked = askedFor(draw, thing, batchWords, 'Batch', job);
  const write = ending.lines(job.operation, thing.many);
  return {
    prompt: `${asked.english}${ending.english}`,
    answer: [
      `public class ${asked.className} implements Database.Batchable<SObject> {`,
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
    '{a queueable|a queueable class|a Queueable job|a queueable apex class|queueable apex|an async job (queueable)|a class that implements Queueable|an asynchronous queueable job|a queueable|a queueable job|a queueable}',
  Schedulable:
    '{a schedulable|a schedulable class|a scheduled job|a scheduled class|scheduled apex|a scheduler class|a Schedulable|a class that implements Schedulable|a scheduled Apex job|a schedulable|a scheduled class|a nightly scheduled class|a class I can schedule}',
} as const;

function asynchronous(draw: Draw, thing: Thing, contract: 'Queueable' | 'Schedulable'): Made | null {
  const job = drawJob(draw, thing);
  if (job === null) return null;
  const ending = drawEnding(draw);
  const asked = askedFor(draw, thing, asynchronousWords[contract], contract, job);
  return {
    prompt: `${asked.english}${ending.english}`,
    answer: [
      `public class ${asked.className} implements ${contract} {`,
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
