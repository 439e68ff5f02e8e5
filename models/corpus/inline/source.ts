/** A file's text by lines, as makers of cuts look at it. */
import type { Random } from '../random.js';
import { unmarked, type Span } from './apex.js';

export interface Source {
  readonly text: string;
  readonly spans: readonly Span[];
  /** Where each line starts; and one more, behind the last. */
  readonly starts: readonly number[];
}

/** What an answer would be. */
export interface Range {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  /** Without a suffix. */
  readonly isLast?: boolean;
}

/** null = nothing to ask for at that line. */
export type Maker = (random: Random, source: Source, line: number) => Range | null;

export function sourceOf(marked: string): Source {
  const { text, spans } = unmarked(marked);
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  if (!text.endsWith('\n')) starts.push(text.length + 1);
  return { text, spans, starts };
}

/** The line's text: from its first character that is no blank to its end. */
export function extent(
  source: Source,
  line: number,
): { readonly start: number; readonly end: number; readonly content: string } {
  const from = source.starts[line]!;
  const end = source.starts[line + 1]! - 1;
  const whole = source.text.slice(from, end);
  const content = whole.trimStart();
  return { start: end - content.length, end, content };
}

export const lastLineOf = (source: Source): number => source.starts.length - 2;

export const isBrace = (content: string): boolean => /^[{}]?[)};]*$/.test(content);

export const isComment = (content: string): boolean => /^(\/\/|\/?\*)/.test(content);

/** Places inside a line where a token begins and something has been said before. */
export function boundaries(content: string): number[] {
  const places: number[] = [];
  for (const match of content.matchAll(/\w+|'[^']*'|[^\s\w]/g)) if (match.index > 0) places.push(match.index);
  return places;
}
