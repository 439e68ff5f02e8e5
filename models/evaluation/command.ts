/** `npm run models:eval [-- …]`: the options of the evaluation, its progress, and where its results go. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { wholeNumber } from '../corpus/build/options.js';
import { withMarkedBlock } from '../marked-block.js';
import { ProgressLine } from '../progress.js';
import { UsageError } from '../usage-error.js';
import { type Circumstances, circumstancesOf, circumstancesText } from './card.js';
import { draftModel, draftPrecision, evaluate, measurements, readsHeldOut } from './evaluate.js';
import type { Evaluation, EvaluationOptions, Measurement } from './evaluate.js';
import { freeReport } from './free-report.js';
import { precisions } from './precisions.js';
import { modelOfTask, tasks, type Task } from './questions.js';
import { resultTables } from './tables.js';
import { measureTextEval, textEvalTable, type TextEvalOptions, type TextEvalResult } from './text-eval.js';

export const evaluationUsage = `eval [options]
  --models FOLDER        of apex-inline-Q8_0.gguf and the others; models/ when left out
  --prompts FOLDER       of test-TASK.jsonl and free-TASK.jsonl; models/prompts when left out
  --files ${precisions.join()}
                         precisions; other than Q8_0 are made of it
  --count 300            held-out samples of each task
  --only NAMES           of inline,block,flow (tasks; all when none is named) and answers,free,draft,nll,texteval (what
                         is measured); tasks for which nothing is named are asked for their held-out answers
  --threads N            all cores when left out
  --json FILE            results as JSON too
  --card                 tables into models/MODEL-CARD.md, all of them: not with --only or --files`;

/** What the options ask for. */
export interface EvaluationChoice {
  readonly evaluation: Omit<EvaluationOptions, 'onProgress'>;
  /** `--only` was given: what cannot be measured is an error then, and otherwise left out with a line that says so. */
  readonly isNamed: boolean;
  readonly jsonFile: string | null;
  readonly isForCard: boolean;
}

/**
 * Measures the models and prints the tables; other files' paths go to standard error. `root` is the repository's folder.
 * Gives the exit code. Rejects with UsageError, also where a file that it needs is not there, what parseArgs throws, and
 * whatever keeps a file from being read.
 */
export async function runEvaluation(commandArguments: readonly string[], root: string): Promise<number> {
  const choice = evaluationChoice(commandArguments, root);
  refuseMissing(choice);
  const { evaluation } = choice;
  const { result, textEval } = await measured(choice);
  const circumstances = circumstancesOf(root, commandArguments);
  const text = [
    circumstancesText(circumstances),
    resultTables(result),
    textEval === null ? '' : textEvalTable(textEval),
    ...leftOut(evaluation, textEval),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
  console.log(text);
  if (result.wrongFree.length > 0) {
    mkdirSync(evaluation.cacheFolder, { recursive: true });
    writeShown(path.join(evaluation.cacheFolder, 'free.md'), freeReport(result.wrongFree));
  }
  if (choice.jsonFile !== null) writeShown(choice.jsonFile, resultJson(circumstances, result, textEval));
  if (choice.isForCard) {
    const card = path.join(root, 'models', 'MODEL-CARD.md');
    writeShown(card, withMarkedBlock(readFileSync(card, 'utf8'), 'eval', text));
  }
  return 0;
}

/** Before minutes of work: throws UsageError for a file that will be read, or a folder that will be written into, that is not there. */
function refuseMissing({ evaluation, jsonFile }: EvaluationChoice): void {
  const { modelFolder, promptFolder, tasks: asked, measurements: named } = evaluation;
  const models = asked.map((task) => modelOfTask[task]);
  const drafts = asked.length > 0 && named.has('draft') ? [draftModel] : [];
  for (const name of [...models, ...drafts].map((model) => `${model}-${draftPrecision}.gguf`)) {
    if (!existsSync(path.join(modelFolder, name)))
      throw new UsageError(`--models: ${modelFolder} has no ${name}`);
  }
  const sets = readsHeldOut(named) ? ['test'] : named.has('free') ? ['free'] : [];
  for (const name of asked.flatMap((task) => sets.map((set) => `${set}-${task}.jsonl`))) {
    if (!existsSync(path.join(promptFolder, name)))
      throw new UsageError(`--prompts: ${promptFolder} has no ${name}`);
  }
  const folder = jsonFile === null ? null : path.dirname(path.resolve(jsonFile));
  if (folder !== null && !existsSync(folder)) throw new UsageError(`--json: there is no folder ${folder}`);
}

async function measured(choice: EvaluationChoice) {
  const progress = new ProgressLine(() => performance.now());
  const textEvalOptions = textEvalOptionsOf(choice, progress.show);
  try {
    const result = await evaluate({ ...choice.evaluation, onProgress: progress.show });
    return { result, textEval: textEvalOptions === null ? null : await measureTextEval(textEvalOptions) };
  } finally {
    progress.end();
  }
}

/** Throws UsageError, or what parseArgs throws. Folders that are left out are those of the repository `root`. */
export function evaluationChoice(commandArguments: readonly string[], root: string): EvaluationChoice {
  const { values } = parseArgs({
    args: [...commandArguments],
    options: {
      models: { type: 'string', default: path.join(root, 'models') },
      prompts: { type: 'string', default: path.join(root, 'models', 'prompts') },
      files: { type: 'string' },
      count: { type: 'string', default: '300' },
      only: { type: 'string' },
      threads: { type: 'string', default: String(availableParallelism()) },
      json: { type: 'string' },
      card: { type: 'boolean', default: false },
    },
  });
  if (values.card && (values.only !== undefined || values.files !== undefined)) {
    throw new UsageError('--card replaces all figures of the card: it goes with neither --only nor --files');
  }
  const named = chosenMeasurements(values.only);
  const files = values.files === undefined ? precisions : chosenOf('--files', values.files, precisions);
  if (values.only !== undefined && named.measurements.has('draft') && !files.includes(draftPrecision)) {
    throw new UsageError(`--only draft needs --files ${draftPrecision}: ${draftIsFor}`);
  }
  return {
    evaluation: {
      modelFolder: path.resolve(values.models),
      promptFolder: path.resolve(values.prompts),
      cacheFolder: path.join(root, '.cache', 'models'),
      precisions: files,
      ...named,
      count: wholeNumber('--count', values.count),
      threads: wholeNumber('--threads', values.threads),
    },
    isNamed: values.only !== undefined,
    jsonFile: values.json ?? null,
    isForCard: values.card,
  };
}

interface Named {
  readonly tasks: readonly Task[];
  readonly measurements: ReadonlySet<Measurement>;
}

/** Tasks and measurements of `--only`; all when it is left out. */
function chosenMeasurements(only: string | undefined): Named {
  if (only === undefined) return { tasks, measurements: new Set(measurements) };
  const names = chosenOf('--only', only, [...tasks, ...measurements]);
  const namedTasks = tasks.filter((task) => names.includes(task));
  const named = new Set(measurements.filter((name) => names.includes(name)));
  const hasOfTasks = [...named].some((name) => name !== 'texteval');
  if (namedTasks.length > 0)
    return { tasks: namedTasks, measurements: hasOfTasks ? named : named.add('answers') };
  return { tasks: hasOfTasks ? tasks : [], measurements: named };
}

const draftIsFor = `${draftModel} proposes for ${draftPrecision} files only`;

/** Pairs of each of TextEval's two sets. */
const textPairCount = 2000;
const textEvalFile = 'text-eval.onnx';

/** Null where it is not asked for, or is not there. */
function textEvalOptionsOf(
  { evaluation, isNamed }: EvaluationChoice,
  onProgress: EvaluationOptions['onProgress'],
): TextEvalOptions | null {
  if (!evaluation.measurements.has('texteval')) return null;
  const { modelFolder, threads } = evaluation;
  const modelPath = path.join(modelFolder, textEvalFile);
  if (existsSync(modelPath)) {
    const tokenizerPath = path.join(modelFolder, 'tokenizer.json');
    return { modelPath, tokenizerPath, pairCount: textPairCount, seed: '1', threads, onProgress };
  }
  if (!isNamed) return null;
  throw new Error(
    `there is no ${modelPath}; models/training/text-eval.py makes it, as models/evaluation/TEXT-EVAL.md says under “Making it again”`,
  );
}

/** A line of Markdown for everything that was asked for and not measured. */
export function leftOut(
  { measurements: asked, precisions: files }: Pick<EvaluationOptions, 'measurements' | 'precisions'>,
  textEval: TextEvalResult | null,
): readonly string[] {
  const isDraftLeft = asked.has('draft') && !files.includes(draftPrecision);
  const isTextEvalLeft = asked.has('texteval') && textEval === null;
  return [
    ...(isDraftLeft ? [`${draftModel} was not measured: ${draftIsFor}.`] : []),
    ...(isTextEvalLeft
      ? [
          `TextEval was not measured: there is no \`${textEvalFile}\`; evaluation/TEXT-EVAL.md says how to make it.`,
        ]
      : []),
  ];
}

/** What `--json` writes; `textEval` is null where it was not measured. */
export function resultJson(
  circumstances: Circumstances,
  { files, drafts }: Pick<Evaluation, 'files' | 'drafts'>,
  textEval: TextEvalResult | null,
): string {
  return `${JSON.stringify({ ...circumstances, files, drafts, textEval }, null, 2)}\n`;
}

function writeShown(file: string, text: string): void {
  writeFileSync(file, text);
  console.error(`written: ${file}`);
}

function chosenOf<Name extends string>(
  option: string,
  text: string,
  known: readonly Name[],
): readonly Name[] {
  const names = new Set(text.split(','));
  const unknown = [...names].filter((name) => !(known as readonly string[]).includes(name));
  if (unknown.length > 0)
    throw new UsageError(`${option}: there is no ${unknown.join(', ')}, only ${known.join(', ')}`);
  return [...names] as Name[];
}
