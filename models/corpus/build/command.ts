/** `npm run models:corpus -- --out FOLDER …`: the options of the builder, and its progress. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ProgressLine } from '../../progress.js';
import { UsageError } from '../../usage-error.js';
import { buildCorpus, type CorpusOptions } from './build-corpus.js';
import { given, wholeNumber } from './options.js';
import { tasks, type Task } from './tasks.js';

/** Threads; each holds a tokenizer and some shards. */
const workersMax = 64;

export const corpusUsage = `corpus --out FOLDER [options]
  --samples 600000       of training, all tasks together
  --seed 1
  --only inline,block,flow
  --shares 40,38,22      parts of inline, block and flow by tokens: always three
  --tokenizer FILE       a tokenizer.json to use instead of training one
  --parse-every 20       the answers of every so manieth draw for training are parsed; of the test and dev sets all are
  --drop-wrong           answers that do not parse are dropped and counted; without it they end the run
  --test 400 --dev 300   samples of these sets, per task
  --workers 2            threads, ${workersMax} at most
  --replace              the folder may hold a corpus, which makes place for this one`;

/** Gives the exit code; throws UsageError for wrong options. `programs` is the folder of the bundled programs. */
export async function runCorpus(commandArguments: readonly string[], programs: string): Promise<number> {
  const { values } = parseArgs({
    args: [...commandArguments],
    options: {
      out: { type: 'string' },
      samples: { type: 'string', default: '600000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: tasks.join() },
      shares: { type: 'string', default: '40,38,22' },
      tokenizer: { type: 'string' },
      'parse-every': { type: 'string', default: '20' },
      'drop-wrong': { type: 'boolean', default: false },
      test: { type: 'string', default: '400' },
      dev: { type: 'string', default: '300' },
      workers: { type: 'string', default: '2' },
      replace: { type: 'boolean', default: false },
    },
  });
  const progress = new ProgressLine(() => performance.now());
  const options: CorpusOptions = {
    folder: path.resolve(given('--out FOLDER', values.out)),
    replaces: values.replace,
    seed: values.seed,
    sampleCount: wholeNumber('--samples', values.samples),
    shares: sharesOf(values.shares, values.only),
    parseEvery: wholeNumber('--parse-every', values['parse-every']),
    dropsWrong: values['drop-wrong'],
    tokenizerPath: values.tokenizer ?? null,
    testCount: wholeNumber('--test', values.test),
    devCount: wholeNumber('--dev', values.dev),
    workerCount: wholeNumber('--workers', values.workers, workersMax),
    workerProgram: path.join(programs, 'corpus', 'build', 'shard-process.js'),
    onProgress: progress.show,
  };
  try {
    await buildCorpus(options);
  } finally {
    progress.end();
  }
  return 0;
}

/** The shares of the tasks that `only` names; `shares` has one for each task there is. */
function sharesOf(shares: string, only: string): Partial<Record<Task, number>> {
  const names = only.split(',');
  const unknown = names.filter((name) => !(tasks as readonly string[]).includes(name));
  if (unknown.length > 0) throw new UsageError(`--only: no task is called ${unknown.join(', ')}`);
  const parts = shares.split(',').map((part) => wholeNumber('--shares', part));
  if (parts.length !== tasks.length)
    throw new UsageError(`--shares: ${shares} is not one part for each of ${tasks.join(', ')}`);
  const chosen = tasks.map((task, index) => [task, parts[index]!] as const);
  return Object.fromEntries(chosen.filter(([task]) => names.includes(task)));
}
