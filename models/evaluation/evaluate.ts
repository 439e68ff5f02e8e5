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

export const parts = ['answers', 'free', 'draft', 'nll', 'texteval'] as const;
export type Part = (typeof parts)[number];

export interface EvaluationOptions {
  readonly modelFolder: string;
  readonly promptFolder: string;
  readonly cacheFolder: string;
  readonly precisions: readonly Precision[];
  readonly tasks: readonly Task[];
  readonly parts: ReadonlySet<Part>;
  /** Held-out samples of a task. */
  readonly count: number;
  readonly threads: number;
  readonly onProgress: (doing: string, done: number, of: number) => void;
}

/** Of one model file. */
export interface FileResult {
  readonly task: Task;
  readonly model: string;
  readonly precision: Precision;
  readonly bytes: number;
  readonly heldOut: Figures | null;
  readonly free: Figures | null;
  /** Mean negative log-likelihood of a token of the held-out answers, end token included; natural logarithm. */
  readonly tokenNll: number | null;
}

export interface DraftResult {
  readonly task: Task;
  readonly prompts: number;
  /** Share of right ones at each position, of those proposed behind right ones only. */
  readonly acceptedBehindRight: readonly number[];
  /** Share of all proposed tokens that stay. */
  readonly accepted: number;
  readonly tokensPerTargetPass: number;
}

export interface Evaluation {
  readonly files: readonly FileResult[];
  readonly drafts: readonly DraftResult[];
  /** Answers to freely worded prompts that are wrong, by file. */
  readonly wrongFree: readonly { readonly file: string; readonly answered: readonly Answered[] }[];
}

export const draftModel = 'apex-draft';
/** The precision that targets and draft model propose in. */
const draftPrecision: Precision = 'Q8_0';

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
  const { promptFolder, count } = options;
  const model = modelOfTask[task];
  const asked = (part: Part) => options.parts.has(part);
  const isDrafted = asked('draft') && precision === draftPrecision;
  const modelPath = pathOf(options, model, precision);
  const engine = await openEngine(modelPath, path.basename(modelPath), options.threads);
  const progress = (doing: string, of: number) => (done: number) =>
    options.onProgress(`${model}-${precision}: ${doing}`, done, of);
  const heldOut = heldOutQuestions(promptFolder, task, count);
  const freely = asked('free') ? freeQuestions(promptFolder, task) : [];
  const held =
    asked('answers') || isDrafted
      ? await answersTo(engine, heldOut, progress('held-out answers', heldOut.length))
      : [];
  const free = await answersTo(engine, freely, progress('freely worded', freely.length));
  const tokenNll = asked('nll')
    ? await meanNll(engine, heldOut, progress('likelihoods', heldOut.length))
    : null;
  engine.close();
  const scored = asked('answers') ? held.map(scoredAnswer) : [];
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

async function evaluateDraft(
  options: EvaluationOptions,
  task: Task,
  chosen: readonly Chosen[],
): Promise<DraftResult> {
  const engine = await openEngine(pathOf(options, draftModel, draftPrecision), draftModel, options.threads);
  const readings = chosen.map(({ prompt, tokens }) => new ProposalReading(prompt, tokens));
  await drive(engine, readings, (done) =>
    options.onProgress(`${draftModel} for ${modelOfTask[task]}`, done, readings.length),
  );
  engine.close();
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
