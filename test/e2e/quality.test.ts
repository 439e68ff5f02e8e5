/**
 * The models' held-out tasks through the whole HTTP path, scored as the models' own evaluation scores them: what a caller
 * gets is as good as the model card says. The files that `npm start` serves, with the prompts and options of its
 * configuration.
 *
 * A hundred prompts of each task, of those the card's figures were made with; `STOWAGE_QUALITY_ROWS` asks more of them, as
 * far as the card's reach. Where all of them are asked, no difference is left that the choice of prompts could explain.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Sample } from '../../models/corpus/samples.js';
import { type AnyQuestion, heldOutQuestions, modelOfTask } from '../../models/evaluation/questions.js';
import { type Figures, figuresOf, scoreAnswer } from '../../models/evaluation/scores.js';
import { heldOut, readTokenizer } from './apex-prompts.js';
import { modelsFolder, repository, type StowageProcess, startStowage } from './stowage-process.js';

type Task = Sample['task'];

const rowCount = Number(process.env['STOWAGE_QUALITY_ROWS'] ?? 100);
const requestsAtOnce = 24;
/** How far a figure of some of the card's prompts may lie from that of all of them, in standard errors of the choice. */
const standardErrorsMax = 3;
/** Besides, so many answers may come out otherwise, since in other company sums are rounded otherwise. */
const otherwiseMax = 2;
/** Of all flows: JSON that flow.schema.json allows. */
const validShareMin = 0.97;
const componentOf = { block: 'blockgen', flow: 'flowgpt', inline: 'inline' } as const;

let server: StowageProcess;

beforeAll(async () => {
  const yaml = readFileSync(path.join(repository, 'stowage.yaml'), 'utf8');
  server = await startStowage({ yaml: yaml.replaceAll('./models/', `${modelsFolder}/`) });
});
afterAll(async () => {
  await server.stop();
});

it.each(['block', 'flow', 'inline'] as const)(
  '%s scores through HTTP what the model card says',
  async (task) => {
    const startedAt = performance.now();
    const questions = heldOutQuestions(path.join(modelsFolder, 'prompts'), task, rowCount);
    const answers = await answersTo(questions);
    // Exactly the card's prompts: nothing cut off, no control token more or less.
    expect(answers.map(({ promptTokens }) => promptTokens)).toEqual(promptLengths(task));
    const figures = figuresOf(
      questions.map((question, index) => {
        const { text, isEnded } = answers[index]!;
        return { question, text, isEnded, scores: scoreAnswer(question, text, isEnded) };
      }),
    );
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${task}: ${questions.length} answers in ${seconds} s`);
    const compared = comparedWithCard(task, figures);
    console.table(compared);
    for (const row of compared) {
      expect(Math.abs(row.measured - row.card), JSON.stringify(row)).toBeLessThanOrEqual(row.allowed);
    }
    if (task === 'flow') expect(figures.values['valid']).toBeGreaterThanOrEqual(validShareMin);
  },
);

interface Answer {
  readonly text: string;
  readonly isEnded: boolean;
  readonly promptTokens: number;
}

/** All questions, some at a time; answers in the order of the questions. */
async function answersTo(questions: readonly AnyQuestion[]): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const waiting = questions.entries();
  const client = async () => {
    for (const [index, question] of waiting) answers[index] = await answerTo(question);
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, client));
  return answers;
}

async function answerTo(question: AnyQuestion): Promise<Answer> {
  const input =
    question.task === 'inline'
      ? { prompt: question.prefix, suffix: question.suffix }
      : { prompt: question.prompt };
  const response = await fetch(`${server.url}/v1/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: componentOf[question.task], ...input, temperature: 0 }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const { choices, usage } = (await response.json()) as {
    choices: [{ text: string; finish_reason: string }];
    usage: { prompt_tokens: number };
  };
  const [{ text, finish_reason: reason }] = choices;
  return { text, isEnded: reason === 'stop', promptTokens: usage.prompt_tokens };
}

function promptLengths(task: Task): readonly number[] {
  const tokenizer = readTokenizer();
  return heldOut(task)
    .slice(0, rowCount)
    .map((sample) => tokenizer.promptOf(sample).length);
}

interface Compared {
  readonly figure: string;
  /** Percent. */
  readonly card: number;
  readonly measured: number;
  /** Points. */
  readonly allowed: number;
}

function comparedWithCard(task: Task, figures: Figures): readonly Compared[] {
  const { count, percentOf } = cardOf(task);
  return Object.entries(figures.values).map(([figure, value]) => {
    const card = percentOf(figure);
    return { figure, card, measured: 100 * value, allowed: pointsMax(card / 100, figures.count, count) };
  });
}

/** `share`: of all `count`. Of a hundred among four hundred at 90 %: 3 × 2.6 + 2 points. */
function pointsMax(share: number, measured: number, count: number): number {
  const spread = (share * (1 - share) * (count - measured)) / (measured * (count - 1));
  return 100 * (standardErrorsMax * Math.sqrt(spread) + otherwiseMax / measured);
}

interface Card {
  /** Of the prompts its figures were made with. */
  readonly count: number;
  percentOf(figure: string): number;
}

/** What `npm run models:eval -- --card` wrote of the file that is served (models/evaluation/tables.ts). */
function cardOf(task: Task): Card {
  const card = readFileSync(path.join(modelsFolder, 'MODEL-CARD.md'), 'utf8');
  const [, figures = ''] = /<!-- eval:begin -->(.*)<!-- eval:end -->/s.exec(card) ?? [];
  const file = `${modelOfTask[task]}-Q8_0`;
  const section = figures.split(/^### /m).find((text) => text.includes(`\n| ${file} |`)) ?? '';
  const cellsOf = (beginning: string) => {
    const line = section.split('\n').find((text) => text.startsWith(`| ${beginning} |`)) ?? '';
    return line.split('|').map((cell) => cell.trim());
  };
  const [head, row] = [cellsOf('file'), cellsOf(file)];
  const count = Number(/^(\d+) held-out prompts/m.exec(section)?.[1]);
  if (!(count >= rowCount)) throw new Error(`the card has no figures of ${rowCount} prompts for ${file}`);
  return {
    count,
    percentOf: (figure) => {
      const column = head.indexOf(figure === 'ends' ? 'ends by itself %' : `${figure} %`);
      if (column < 0) throw new Error(`the card has no column ${figure} for ${file}`);
      return Number(row[column]);
    },
  };
}
