/** `npm run models:corpus -- --out FOLDER …`: the options of the builder, and its progress. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildCorpus, type CorpusOptions } from './build-corpus.js';
import { tasks, type Task } from './tasks.js';

export const corpusUsage = `corpus --out FOLDER [options]
  --samples 600000       of training, all tasks together
  --seed 1
  --only inline,block,flow
  --shares 40,38,22      parts of the three by tokens
  --tokenizer FILE       a tokenizer.json to use instead of training one
  --parse-every 20       the answers of every so manieth draw for training are parsed; of the test and dev sets all are
  --drop-wrong           answers that do not parse are dropped and counted; without it they end the run
  --test 400 --dev 300   samples of these sets, per task
  --workers 2            threads`;

/** Milliseconds between two lines of progress. */
const progressMsMin = 500;

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
    },
  });
  if (values.out === undefined) throw new Error('--out FOLDER is missing');
  const only = values.only.split(',');
  const unknown = only.filter((name) => !(tasks as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`no task is called ${unknown.join(', ')}`);
  const parts = values.shares.split(',').map((part) => wholeNumber('--shares', part));
  const shares = tasks.flatMap((task, index): [Task, number][] =>
    only.includes(task) ? [[task, parts[index] ?? 0]] : [],
  );
  const options: CorpusOptions = {
    folder: path.resolve(values.out),
    seed: values.seed,
    sampleCount: wholeNumber('--samples', values.samples),
    shares: Object.fromEntries(shares),
    parseEvery: wholeNumber('--parse-every', values['parse-every']),
    dropsWrong: values['drop-wrong'],
    tokenizerPath: values.tokenizer ?? null,
    testCount: wholeNumber('--test', values.test),
    devCount: wholeNumber('--dev', values.dev),
    workerCount: wholeNumber('--workers', values.workers),
    workerProgram: path.join(programs, 'corpus', 'build', 'shard-process.js'),
    onProgress: progressLine(() => performance.now()),
  };
  await buildCorpus(options);
  process.stderr.write('\n');
  return 0;
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${option}: ${text} is no whole number above 0`);
  return value;
}

/** One line on standard error that is written again and again: how many, how fast, how long it takes yet. */
function progressLine(now: () => number): CorpusOptions['onProgress'] {
  const startedAt = new Map<string, number>();
  let shownAt = -Infinity;
  return (doing, done, of) => {
    const begun = startedAt.get(doing) ?? now();
    startedAt.set(doing, begun);
    if (done < of && done > 0 && now() - shownAt < progressMsMin) return;
    shownAt = now();
    const perSecond = done / Math.max((now() - begun) / 1000, 1e-3);
    const count = `${done} of ${of}, ${Math.round(perSecond)}/s, ${Math.ceil((of - done) / perSecond)} s left`;
    process.stderr.write(`\r\x1b[K${doing}${done > 0 ? `: ${count}` : ' …'}`);
  };
}
