/**
 * Where the cursor stands in a file, and what is asked for there.
 *
 * An answer ends where an editor would stop: with a suffix, where the suffix goes on; without one, at the end of the line, or, when the
 * line before has just opened a block, at the end of that block. No answer contains what cannot be known (the marks of apex.ts).
 */
import type { Random } from '../random.js';
import { prefixCharsMax, suffixCharsMax, type InlineSample } from '../samples.js';
import type { Span } from './apex.js';
import { hole, upToSign } from './cuts-holes.js';
import {
  body,
  closing,
  crossingLines,
  ending,
  restOfLine,
  restOfWord,
  severalLines,
  wholeLine,
} from './cuts-lines.js';
import { lastLineOf, sourceOf, type Maker, type Range, type Source } from './source.js';

const answerCharsMax = 400;
/** How many places are tried for one cut. */
const triesMax = 24;
/** How many cuts see no more than the method they are in. */
const excerptShare = 0.2;

/** Shares of the cuts, nearly: a few files have no place of a kind. */
const makers: readonly (readonly [weight: number, maker: Maker])[] = [
  [18, restOfLine],
  [6, restOfWord],
  [20, wholeLine],
  [14, severalLines],
  [9, crossingLines],
  [6, body],
  [12, hole],
  [12, upToSign],
  [2, closing],
  [3, ending],
];

/** At most `count` cuts of one file, none where another is. */
export function cuts(
  random: Random,
  shape: 'class' | 'trigger',
  marked: string,
  count: number,
): InlineSample[] {
  const source = sourceOf(marked);
  const samples: InlineSample[] = [];
  const taken: Range[] = [];
  for (let made = 0; made < count; made++) {
    const maker = random.weighted(makers);
    for (let tries = 0; tries < triesMax; tries++) {
      const range = maker(random, source, random.integer(0, lastLineOf(source)));
      if (range === null || !isAskable(source, range) || taken.some((other) => isNear(other, range)))
        continue;
      const sample = sampleOf(shape, source, range, random.chance(excerptShare));
      if (sample === null) continue;
      taken.push(range);
      samples.push(sample);
      break;
    }
  }
  return samples;
}

function isAskable(source: Source, range: Range): boolean {
  return range.end > range.start && range.end - range.start <= answerCharsMax && !isWeak(source, range);
}

function isNear(one: Range, other: Range): boolean {
  return one.start < other.end + 1 && other.start < one.end + 1;
}

/** A head of a method without what uses its parameters, or the frame of a comment. */
function isWeak({ text }: Source, { kind, start, end, isLast }: Range): boolean {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, end).trimStart();
  if (/^\/?\*/.test(line) && !line.startsWith('* @param')) return true;
  return isLast === true && kind !== 'body' && /^(?:public|private|global|protected|static)\b/.test(line);
}

function sampleOf(
  shape: 'class' | 'trigger',
  source: Source,
  range: Range,
  isExcerpt: boolean,
): InlineSample | null {
  const { text } = source;
  const before = text.slice(0, range.start);
  const after = text.slice(range.end);
  const answer = text.slice(range.start, range.end);
  if (answer.trim() === '') return null;
  const prefix = prefixOf(source, range, isExcerpt);
  const suffix = range.isLast === true ? '' : suffixOf(after, isExcerpt);
  if (suffix === null) return null;
  if (source.spans.some((span) => isHidden(span, range, text, prefix, suffix))) return null;
  return { task: 'inline', kind: range.kind, prefix, suffix, answer, file: { shape, before, after } };
}

function prefixOf({ text, starts }: Source, range: Range, isExcerpt: boolean): string {
  const from = starts.find((start) => range.start - start <= prefixCharsMax) ?? range.start;
  const gap = isExcerpt ? text.lastIndexOf('\n\n', range.start - 1) : -1;
  return text.slice(Math.min(Math.max(from, gap < 0 ? 0 : gap + 2), range.start), range.start);
}

/** null = a line is longer than a suffix may be. */
function suffixOf(after: string, isExcerpt: boolean): string | null {
  const gap = isExcerpt ? after.indexOf('\n\n') : -1;
  const near = gap > 0 && after.slice(0, gap).trim() !== '' ? after.slice(0, gap + 1) : after;
  if (near.length <= suffixCharsMax) return near;
  const to = near.lastIndexOf('\n', suffixCharsMax - 1) + 1;
  return to === 0 ? null : near.slice(0, to);
}

/** The answer would have to contain something that cannot be known. */
function isHidden(span: Span, range: Range, text: string, prefix: string, suffix: string): boolean {
  const isWithin =
    span.start === span.end
      ? span.start >= range.start && span.start < range.end
      : span.start < range.end && span.end > range.start;
  if (!isWithin) return false;
  if (span.isFree) return true;
  const word = text.slice(span.start, span.end);
  return !hasWord(suffix, word) && !hasWord(prefix, word);
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!/\w/.test(text[at - 1] ?? ' ') && !/\w/.test(text[at + word.length] ?? ' ')) return true;
  }
  return false;
}
