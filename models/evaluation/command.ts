/** `npm run models:eval [-- …]`: the options of the evaluation, its progress, and where its results go. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { circumstancesOf, circumstancesText, withFigures } from './card.js';
import { evaluate, parts, type Part } from './evaluate.js';
import { freeReport } from './free-report.js';
import { precisions, type Precision } from './precisions.js';
import { tasks, type Task } from './questions.js';
import { resultTables } from './tables.js';
import { textEvalTable } from './text-eval.js';

export const evaluationUsage = `eval [options]
  --models FOLDER        of apex-inline-Q8_0.gguf and the others; models/ when left out
  --prompts FOLDER       of test-TASK.jsonl and free-TASK.jsonl; models/prompts when left out
  --files ${precisions.join()}
                         precisions; other than Q8_0 are made of it
  --count 300            held-out samples of each task
  --only NAMES           of inline,block,flow (tasks; all when none is named) and answers,free,draft,nll,texteval
                         (parts); a task by itself is asked for its held-out answers
  --threads N            all cores when left out
  --json FILE            results as JSON too
  --card                 tables into models/MODEL-CARD.md`;

export async function runEvaluation(commandArguments: readonly string[], programs: string): Promise<number> {
  const root = path.dirname(path.dirname(programs));
  const { values } = parseArgs({
    args: [...commandArguments],
    options: {
      models: { type: 'string', default: path.join(root, 'models') },
      prompts: { type: 'string', default: path.join(root, 'models', 'prompts') },
      files: { type: 'string', default: precisions.join() },
      count: { type: 'string', default: '300' },
      only: { type: 'string' },
      threads: { type: 'string', default: String(availableParallelism()) },
      json: { type: 'string' },
      card: { type: 'boolean', default: false },
    },
  });
  const cacheFolder = path.join(root, '.cache', 'models');
  const threads = wholeNumber('--threads', values.threads);
  const modelFolder = path.resolve(values.models);
  const onProgress = progressLine(() => performance.now());
  const chosen = chosenParts(values.only);
  const result = await evaluate({
    modelFolder,
    promptFolder: path.resolve(values.prompts),
    cacheFolder,
    precisions: chosenOf('--files', values.files, precisions) as readonly Precision[],
    ...chosen,
    count: wholeNumber('--count', values.count),
    threads: wholeNumber('--threads', values.threads),
    onProgress,
  });
  const textEval = chosen.parts.has('texteval') ? await textEvalText(modelFolder, threads, onProgress) : '';
  const circumstances = circumstancesOf(root, commandArguments);
  const tables = [circumstancesText(circumstances), resultTables(result), textEval];
  const text = tables.filter((table) => table !== '').join('\n\n');
  console.log(text);
  if (result.wrongFree.length > 0) {
    mkdirSync(cacheFolder, { recursive: true });
    writeFileSync(path.join(cacheFolder, 'free.md'), freeReport(result.wrongFree));
  }
  if (values.json !== undefined) {
    const { files, drafts } = result;
    writeFileSync(values.json, `${JSON.stringify({ ...circumstances, files, drafts }, null, 2)}\n`);
  }
  if (values.card) {
    const card = path.join(root, 'models', 'MODEL-CARD.md');
    writeFileSync(card, withFigures(readFileSync(card, 'utf8'), text));
  }
  return 0;
}

/** Tasks and parts of `--only`; all when it is left out. */
export function chosenParts(only: string | undefined): { tasks: readonly Task[]; parts: ReadonlySet<Part> } {
  if (only === undefined) return { tasks, parts: new Set(parts) };
  const names = chosenOf('--only', only, [...tasks, ...parts]);
  const namedTasks = tasks.filter((task) => names.includes(task));
  const namedParts = new Set(parts.filter((part) => names.includes(part)));
  if (namedParts.size === 0) namedParts.add('answers');
  const isOfTasks = [...namedParts].some((part) => part !== 'texteval');
  return { tasks: namedTasks.length > 0 ? namedTasks : isOfTasks ? tasks : [], parts: namedParts };
}

/** Pairs of each of TextEval's two sets. */
const textPairCount = 2000;

/** Empty where the model is not there. */
async function textEvalText(
  folder: string,
  threads: number,
  onProgress: ReturnType<typeof progressLine>,
): Promise<string> {
  const modelPath = path.join(folder, 'text-eval.onnx');
  if (!existsSync(modelPath)) return '';
  const tokenizerPath = path.join(folder, 'tokenizer.json');
  const sizes = { pairCount: textPairCount, seed: '1', threads };
  return textEvalTable({ modelPath, tokenizerPath, ...sizes, onProgress });
}

function chosenOf(option: string, text: string, known: readonly string[]): readonly string[] {
  const names = text.split(',');
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`${option}: there is no ${unknown.join(', ')}, only ${known.join(', ')}`);
  return names;
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${option}: ${text} is no whole number above 0`);
  return value;
}

/** Milliseconds between two lines of progress: written over each other on a terminal, one after the other elsewhere. */
const progressMsMin = process.stderr.isTTY ? 500 : 30_000;

function progressLine(now: () => number): (doing: string, done: number, of: number) => void {
  let shownAt = -Infinity;
  return (doing, done, of) => {
    if (done < of && now() - shownAt < progressMsMin) return;
    shownAt = now();
    const [begin, end] = process.stderr.isTTY ? ['\r\x1b[K', done === of ? '\n' : ''] : ['', '\n'];
    process.stderr.write(`${begin}${doing} ${done} of ${of}${end}`);
  };
}
