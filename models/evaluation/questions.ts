/** What the models are asked: held-out samples (one right answer each) and freely worded prompts (several). */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { tasks, type Task } from '../corpus/build/tasks.js';
import { parseErrors } from '../corpus/parses.js';
import type { BlockSample, FlowSample, InlineSample, Shape } from '../corpus/samples.js';

export { tasks, type Task };

/** The beginning of the names of a task's model files. */
export const modelOfTask: Readonly<Record<Task, string>> = {
  inline: 'apex-inline',
  block: 'apex-blockgen',
  flow: 'apex-flow',
};

interface Question {
  readonly id: string;
  readonly kind: string;
  /** Each of them is right; the first is the one that likelihoods are taken of. */
  readonly accepted: readonly string[];
}

export interface BlockQuestion extends Question {
  readonly task: 'block';
  readonly prompt: string;
  readonly shape: Shape;
  readonly given: string;
}

export interface FlowQuestion extends Question {
  readonly task: 'flow';
  readonly prompt: string;
}

export interface InlineQuestion extends Question {
  readonly task: 'inline';
  readonly prefix: string;
  readonly suffix: string;
  readonly file: InlineSample['file'];
}

export type AnyQuestion = BlockQuestion | FlowQuestion | InlineQuestion;

/** The first `count` held-out samples of a task, out of `folder`'s test-TASK.jsonl; throws where there is none. */
export function heldOutQuestions(folder: string, task: Task, count: number): readonly AnyQuestion[] {
  const lines = linesOf(path.join(folder, `test-${task}.jsonl`)).slice(0, count);
  return lines.map((line, index) => {
    const id = `test-${task}-${index + 1}`;
    const sample = { ...(line as BlockSample | FlowSample | InlineSample), task };
    const { answer, ...asked } = sample;
    return { ...asked, id, accepted: [answer] } as AnyQuestion;
  });
}

interface FreeLine {
  readonly id: string;
  readonly prompt: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly answers: readonly string[];
}

/** The freely worded prompts of a task, out of `folder`'s free-TASK.jsonl; empty where there is no such file. */
export function freeQuestions(folder: string, task: Task): readonly AnyQuestion[] {
  const file = path.join(folder, `free-${task}.jsonl`);
  return existsSync(file) ? linesOf(file).map((line) => freeQuestion(task, line as FreeLine)) : [];
}

function freeQuestion(task: Task, { id, prompt, prefix, suffix, answers }: FreeLine): AnyQuestion {
  const asked = { id, kind: 'free', accepted: answers };
  switch (task) {
    case 'flow':
      return { ...asked, task, prompt };
    case 'block':
      return { ...asked, task, prompt, shape: shapeOf(answers[0]!), given: '' };
    case 'inline': {
      const shape = /^\s*trigger\b/.test(prefix) ? 'trigger' : 'class';
      return { ...asked, task, prefix, suffix, file: { shape, before: prefix, after: suffix } };
    }
    default:
      return task satisfies never;
  }
}

const shapes: readonly Shape[] = ['statements', 'member', 'class', 'trigger'];

/** How an answer of Apex that parses must be wrapped to do so; of one that does not, `statements`. */
export function shapeOf(answer: string): Shape {
  return shapes.find((shape) => parseErrors(shape, '', answer).length === 0) ?? 'statements';
}

function linesOf(file: string): unknown[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/** Encodes a prompt as models/TASKS.md has it, by the model's own tokenizer. Throws where it has no such control token. */
export function promptTokens(
  engine: { readonly specialTokens: ReadonlyMap<string, number>; tokenize(text: string): number[] },
  question: AnyQuestion,
): readonly number[] {
  const control = (spelling: string): number => {
    const token = engine.specialTokens.get(spelling);
    if (token === undefined) throw new Error(`the model has no token ${spelling}`);
    return token;
  };
  if (question.task !== 'inline') {
    return [control(`<|${question.task}|>`), ...engine.tokenize(question.prompt), control('<|out|>')];
  }
  return [
    control('<|fim_suffix|>'),
    ...engine.tokenize(question.suffix),
    control('<|fim_prefix|>'),
    ...engine.tokenize(question.prefix),
    control('<|fim_middle|>'),
  ];
}
