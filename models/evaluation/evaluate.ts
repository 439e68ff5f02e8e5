/** Reads one model file after the other and scores it: answers, likelihoods, and what a draft model proposes. */
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Engine } from '../../src/contracts/engine.js';
import { drive, openEngine, sequenceTokensMax } from './drive.js';
import { fileOfPrecision, type Precision } from './precisions.js';
import { freeQuestions, heldOutQuestions, modelOfTask, promptTokens } from './questions.js';
import type { AnyQuestion, Task } from './questions.js';
import { AnswerReading, LikelihoodReading, proposedMax, ProposalReading } from './readings.js';
import { type Answered, type Figures, figuresOf, scoreAnswer } from './scores.js';

/**
 * What is measured: held-out answers, answers to freely worded prompts, what the draft model proposes, negative
 * log-likelihoods, and TextEval, which is no model of a task (text-eval.ts).
 */
export const measurements = ['answers', 'free', 'draft', 'nll', 'texteval'] as const;
export type Measurement = (typeof measurements)[number];

export interface EvaluationOptions {
  /** Of MODEL-Q8_0.gguf of every model that is read. */
  readonly modelFolder: string;
  /** Of test-TASK.jsonl and, where there are any, free-TASK.jsonl. */
  readonly promptFolder: string;
  /** Files of other precisions are made in it. */
  readonly cacheFolder: string;
  readonly precisions: readonly Precision[];
  readonly tasks: readonly Task[];
  readonly measurements: ReadonlySet<Measurement>;
  /** Held-out samples of a task, at most; ≥ 1. */
  readonly count: number;
  /** That compute; ≥ 1. */
  readonly threads: number;
  /** `done` of `of` readings of a file have ended. */
  readonly onProgress: (doing: string, done: number, of: number) => void;
}

/** Of one model file. */
export interface FileResult {
  readonly task: Task;
  readonly model: string;
  readonly precision: Precision;
  readonly bytes: number;
  /** Null = not measured; so are `free`, also where there are no such prompts, and `tokenNll`. */
  readonly heldOut: Figures | null;
  readonly free: Figures | null;
  /** Mean negative log-likelihood of a token of the held-out answers, end token included; natural logarithm. */
  readonly tokenNll: number | null;
}

export interface DraftResult {
  readonly task: Task;
  readonly prompts: number;
  /** Share (0 to 1) of right ones at each position, of those proposed behind right ones only; NaN where there were none. */
  readonly acceptedBehindRight: readonly number[];
  /** Share (0 to 1) of all proposed tokens that stay. */
  readonly accepted: number;
  /** Tokens of the answers by the passes of the target that they take; 1 = as many as without a draft model. */
  readonly tokensPerTargetPass: number;
}

export interface Evaluation {
  readonly files: readonly FileResult[];
  readonly drafts: readonly DraftResult[];
  /** Answers to freely worded prompts that are wrong, by file. */
  readonly wrongFree: readonly { readonly file: string; readonly answered: readonly Answered[] }[];
}

export const draftModel = 'apex-draft';
/** The precision that the draft model proposes in, and that its targets are read in. */
export const draftPrecision: Precision = 'Q8_0';

/** Reads every task's model in every precision, in their order. Rejects where a file is missing or a prompt is too long. */
export async function evaluate(options: EvaluationOptions): Promise<Evaluation> {
  const files: FileResult[] = [];
  const drafts: DraftResult[] = [];
  const wrongFree: { file: string; answered: readonly Answered[] }[] = [];
  for (const task of options.tasks) {
    for (const precision of options.precisions) {
      const { file, free, chosen } = await evaluateFile(options, task, precision);
      files.push(file);
      const answered = free.filter(({ scores }) => !scores.right);
      if (free.length > 0) wrongFree.push({ file: `${file.model}-${precision}`, answered });
      if (chosen !== null) drafts.push(await evaluateDraft(options, task, chosen));
    }
  }
  return { files, drafts, wrongFree };
}

interface Chosen {
  readonly prompt: readonly number[];
  readonly tokens: readonly number[];
}

async function evaluateFile(
  options: EvaluationOptions,
  task: Task,
  precision: Precision,
): Promise<{ file: FileResult; free: readonly Answered[]; chosen: readonly Chosen[] | null }> {
  const model = modelOfTask[task];
  const modelPath = pathOf(options, model, precision);
  const isDrafted = options.measurements.has('draft') && precision === draftPrecision;
  const engine = await openEngine(modelPath, path.basename(modelPath), options.threads);
  const { held, free, tokenNll } = await readingsOf(engine, options, task, precision).finally(() =>
    engine.close(),
  );
  const scored = options.measurements.has('answers') ? held.map(scoredAnswer) : [];
  const freeScored = free.map(scoredAnswer);
  return {
    file: {
      task,
      model,
      precision,
      bytes: statSync(modelPath).size,
      heldOut: scored.length > 0 ? figuresOf(scored) : null,
      free: free.length > 0 ? figuresOf(freeScored) : null,
      tokenNll,
    },
    free: freeScored,
    chosen: isDrafted ? held.map(({ prompt, chosen }) => ({ prompt, tokens: chosen })) : null,
  };
}

/** Whether anything is measured on the held-out samples. */
export function readsHeldOut(asked: ReadonlySet<Measurement>): boolean {
  return asked.has('answers') || asked.has('draft') || asked.has('nll');
}

interface ReadingsOfFile {
  readonly held: readonly Held[];
  readonly free: readonly Held[];
  readonly tokenNll: number | null;
}

async function readingsOf(
  engine: Engine,
  options: EvaluationOptions,
  task: Task,
  precision: Precision,
): Promise<ReadingsOfFile> {
  const { promptFolder, count, measurements: asked } = options;
  const progress = (doing: string, of: number) => (done: number) =>
    options.onProgress(`${modelOfTask[task]}-${precision}: ${doing}`, done, of);
  const heldOut = readsHeldOut(asked) ? heldOutQuestions(promptFolder, task, count) : [];
  const freely = asked.has('free') ? freeQuestions(promptFolder, task) : [];
  const isAnswering = asked.has('answers') || (asked.has('draft') && precision === draftPrecision);
  return {
    held: isAnswering ? await answersTo(engine, heldOut, progress('held-out answers', heldOut.length)) : [],
    free: await answersTo(engine, freely, progress('freely worded', freely.length)),
    tokenNll: asked.has('nll')
      ? await meanNll(engine, heldOut, progress('likelihoods', heldOut.length))
      : null,
  };
}

function pathOf(options: EvaluationOptions, model: string, precision: Precision): string {
  const { modelFolder: folder, cacheFolder, threads } = options;
  return fileOfPrecision({ folder, model, precision, cacheFolder, threads });
}

interface Held {
  readonly question: AnyQuestion;
  readonly prompt: readonly number[];
  readonly text: string;
  readonly isEnded: boolean;
  /** The answer's tokens, with the end token where it ended by itself. */
  readonly chosen: readonly number[];
}

function scoredAnswer({ question, text, isEnded }: Held): Answered {
  return { question, text, isEnded, scores: scoreAnswer(question, text, isEnded) };
}

async function answersTo(
  engine: Engine,
  questions: readonly AnyQuestion[],
  onDone: (done: number) => void,
): Promise<readonly Held[]> {
  const prompts = questions.map((question) => promptTokens(engine, question));
  const readings = prompts.map((prompt) => new AnswerReading(engine, prompt));
  await drive(engine, readings, onDone);
  const end = endToken(engine);
  return readings.map((reading, index) => {
    const { tokens, text, isEnded } = reading.answer();
    const chosen = isEnded ? [...tokens, end] : tokens;
    return { question: questions[index]!, prompt: prompts[index]!, text, isEnded, chosen };
  });
}

/** Answers that do not fit behind their prompts are left out. */
async function meanNll(
  engine: Engine,
  questions: readonly AnyQuestion[],
  onDone: (done: number) => void,
): Promise<number> {
  let tokenCount = 0;
  const readings = questions.flatMap((question) => {
    const prompt = promptTokens(engine, question);
    const answer = [...engine.tokenize(question.accepted[0]!), endToken(engine)];
    if (prompt.length + answer.length > sequenceTokensMax) return [];
    tokenCount += answer.length;
    return [new LikelihoodReading(prompt.length, [...prompt, ...answer])];
  });
  await drive(engine, readings, onDone);
  return readings.reduce((sum, reading) => sum + reading.negativeLogLikelihood, 0) / tokenCount;
}

async function proposalsTo(
  options: EvaluationOptions,
  task: Task,
  chosen: readonly Chosen[],
): Promise<readonly ProposalReading[]> {
  const engine = await openEngine(pathOf(options, draftModel, draftPrecision), draftModel, options.threads);
  try {
    const end = endToken(engine);
    const readings = chosen.map(({ prompt, tokens }) => new ProposalReading(prompt, tokens, end));
    await drive(engine, readings, (done) =>
      options.onProgress(`${draftModel} for ${modelOfTask[task]}`, done, readings.length),
    );
    return readings;
  } finally {
    engine.close();
  }
}

async function evaluateDraft(
  options: EvaluationOptions,
  task: Task,
  chosen: readonly Chosen[],
): Promise<DraftResult> {
  const readings = await proposalsTo(options, task, chosen);
  const sum = (of: (reading: ProposalReading) => number) =>
    readings.reduce((total, one) => total + of(one), 0);
  const right = Array.from({ length: proposedMax }, (_, at) => sum((reading) => reading.right[at]!));
  const tokenCount = chosen.reduce((total, { tokens }) => total + tokens.length, 0);
  return {
    task,
    prompts: readings.length,
    acceptedBehindRight: right.map((count, at) => count / sum((reading) => reading.tried[at]!)),
    accepted: right.reduce((total, count) => total + count, 0) / sum(({ proposed }) => proposed),
    tokensPerTargetPass: tokenCount / sum(({ targetPasses }) => targetPasses),
  };
}

function endToken(engine: Engine): number {
  const token = engine.specialTokens.get('<|endoftext|>');
  if (token === undefined) throw new Error('the model has no token <|endoftext|>');
  return token;
}
