/** The scores of any answer, alike for all tasks, and their means over many. */
import { scoreBlock } from './block-scores.js';
import { scoreFlow } from './flow-scores.js';
import { scoreInline } from './inline-scores.js';
import type { AnyQuestion } from './questions.js';

export interface Scores {
  /** What the task is judged by. */
  readonly right: boolean;
  /** 0 to 1, by name. */
  readonly values: Readonly<Record<string, number>>;
  /** Parts that are asked for, and whether they are right. */
  readonly parts: readonly (readonly [string, boolean])[];
}

export interface Share {
  readonly right: number;
  readonly count: number;
}

export interface Figures {
  readonly count: number;
  /** Means, 0 to 1. */
  readonly values: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, Share>>;
  readonly parts: Readonly<Record<string, Share>>;
}

export interface Answered {
  readonly question: AnyQuestion;
  readonly text: string;
  readonly isEnded: boolean;
  readonly scores: Scores;
}

export function scoreAnswer(question: AnyQuestion, text: string, isEnded: boolean): Scores {
  const ends = Number(isEnded);
  switch (question.task) {
    case 'block': {
      const { parses, slotsRight, right, exact, slots } = scoreBlock(question, text);
      const values = { parses: Number(parses), slots: Number(slotsRight), right: Number(right) };
      return { right, values: { ...values, exact: Number(exact), ends }, parts: [...slots] };
    }
    case 'flow': {
      const { right, ...scores } = scoreFlow(question.accepted, text);
      const { isJson, isValid, object, event, conditions, steps, exact } = scores;
      const parts = Object.entries({ object, event, conditions, steps });
      const asNumbers = Object.fromEntries(parts.map(([name, isRight]) => [name, Number(isRight)]));
      const values = { json: Number(isJson), valid: Number(isValid), ...asNumbers, right: Number(right) };
      return { right, values: { ...values, exact: Number(exact), ends }, parts };
    }
    case 'inline': {
      const { parses, exact, firstLine, similarity } = scoreInline(question, text);
      const values = { parses: Number(parses), exact: Number(exact), 'first line': Number(firstLine) };
      return { right: exact, values: { ...values, similarity, ends }, parts: [] };
    }
    default:
      return question satisfies never;
  }
}

export function figuresOf(answered: readonly Answered[]): Figures {
  const sums: Record<string, number> = {};
  for (const { scores } of answered) {
    for (const [name, value] of Object.entries(scores.values)) sums[name] = (sums[name] ?? 0) + value;
  }
  const count = answered.length;
  return {
    count,
    values: Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / count])),
    kinds: sharesOf(answered.map(({ question, scores }) => [question.kind, scores.right])),
    parts: sharesOf(answered.flatMap(({ scores }) => scores.parts)),
  };
}

function sharesOf(entries: readonly (readonly [string, boolean])[]): Record<string, Share> {
  const shares: Record<string, Share> = {};
  for (const [name, isRight] of entries) {
    const { right, count } = shares[name] ?? { right: 0, count: 0 };
    shares[name] = { right: right + Number(isRight), count: count + 1 };
  }
  return Object.fromEntries(Object.entries(shares).sort(([a], [b]) => (a < b ? -1 : 1)));
}
