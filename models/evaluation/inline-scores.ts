/** How near a completion is to the text that was there. */
import { parseErrors } from '../corpus/parses.js';
import { textOf, writtenTokens } from './apex-tokens.js';
import type { InlineQuestion } from './questions.js';

export interface InlineScores {
  readonly parses: boolean;
  /** The file is the same up to spacing between words and signs; texts and comments are compared as they are. */
  readonly exact: boolean;
  readonly firstLine: boolean;
  /** 0 = nothing alike, 1 = the same. */
  readonly similarity: number;
}

/** Of several accepted answers the best counts. */
export function scoreInline(question: InlineQuestion, answer: string): InlineScores {
  const { shape, before, after } = question.file;
  const { accepted } = question;
  const written = (text: string) => textOf(writtenTokens(before + text + after));
  return {
    parses: parseErrors(shape, '', before + answer + after).length === 0,
    exact: accepted.some((expected) => written(expected) === written(answer)),
    firstLine: accepted.some((expected) => firstLine(expected) === firstLine(answer)),
    similarity: Math.max(...accepted.map((expected) => editSimilarity(expected.trimEnd(), answer.trimEnd()))),
  };
}

/** The text with every run of white space as one space. */
export function spaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function firstLine(text: string): string {
  return spaced(text.split('\n').find((line) => line.trim() !== '') ?? '');
}

/** 1 − Levenshtein's distance / the longer length, of UTF-16 units; of two empty texts 1. */
export function editSimilarity(a: string, b: string): number {
  const longer = Math.max(a.length, b.length);
  if (longer === 0) return 1;
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return 1 - above[b.length]! / longer;
}
