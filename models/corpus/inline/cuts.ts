/**
 * Where the cursor stands in a file, and what is asked for there.
 *
 * An answer ends where an editor would stop: with a suffix, where the suffix goes on; without one, at the end of the line, or, when the
 * line before has just opened a block, at the end of that block. No answer contains what cannot be known (the marks of apex.ts).
 */
import type { Random } from '../random.js';
import { prefixCharsMax, suffixCharsMax, type InlineSample } from '../samples.js';
import { unmarked, type Span } from './apex.js';

const answerCharsMax = 400;
const linesMax = 5;
const triesMax = 24;
/** How many cuts see no more than the method they are in. */
const excerptShare = 0.2;

interface Range {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  /** Without a suffix. */
  readonly isLast?: boolean;
}

interface Source {
  readonly text: string;
  readonly spans: readonly Span[];
  /** Where each line starts; and one more, behind the last. */
  readonly starts: readonly number[];
}

type Maker = (random: Random, source: Source, line: number) => Range | null;

const makers: readonly (readonly [weight: number, maker: Maker])[] = [
  [34, restOfLine],
  [12, restOfWord],
  [20, wholeLine],
  [56, severalLines],
  [20, body],
  [24, hole],
  [40, upToSign],
  [4, closing],
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
  for (let tries = 0; tries < triesMax && samples.length < count; tries++) {
    const range = random.weighted(makers)(random, source, random.integer(0, source.starts.length - 2));
    if (
      range === null ||
      isWeak(source, range) ||
      range.end <= range.start ||
      range.end - range.start > answerCharsMax
    )
      continue;
    if (taken.some((other) => other.start < range.end + 1 && range.start < other.end + 1)) continue;
    const sample = sampleOf(shape, source, range, random.chance(excerptShare));
    if (sample === null) continue;
    taken.push(range);
    samples.push(sample);
  }
  return samples;
}

/** A head of a method without what uses its parameters, or the frame of a comment. */
function isWeak({ text }: Source, { kind, start, end, isLast }: Range): boolean {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, end).trimStart();
  if (/^\/?\*/.test(line) && !line.startsWith('* @param')) return true;
  return isLast === true && kind !== 'body' && /^(?:public|private|global|protected|static)\b/.test(line);
}

function sourceOf(marked: string): Source {
  const { text, spans } = unmarked(marked);
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  if (!text.endsWith('\n')) starts.push(text.length + 1);
  return { text, spans, starts };
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

/** The line's text: from its first character that is no blank to its end. */
function extent(
  source: Source,
  line: number,
): { readonly start: number; readonly end: number; readonly content: string } {
  const from = source.starts[line]!;
  const end = source.starts[line + 1]! - 1;
  const whole = source.text.slice(from, end);
  const content = whole.trimStart();
  return { start: end - content.length, end, content };
}

const isBrace = (content: string): boolean => /^[{}]?[)};]*$/.test(content);

/** Places inside a line where a token begins and something has been said before. */
function boundaries(content: string): number[] {
  const places: number[] = [];
  for (const match of content.matchAll(/\w+|'[^']*'|[^\s\w]/g)) if (match.index > 0) places.push(match.index);
  return places;
}

function restOfLine(random: Random, source: Source, line: number): Range | null {
  const { start, end, content } = extent(source, line);
  if (isBrace(content)) return null;
  const places = boundaries(content).filter((at) => content.length - at > 1);
  if (places.length === 0) return null;
  return { kind: 'rest of line', start: start + random.pick(places), end, isLast: random.chance(0.25) };
}

/** Some letters of a word are there. */
function restOfWord(random: Random, source: Source, line: number): Range | null {
  const { start, end, content } = extent(source, line);
  const words = [...content.matchAll(/\w{4,}/g)];
  if (words.length === 0) return null;
  const word = random.pick(words);
  const typed = random.integer(2, word[0].length - 1);
  return { kind: 'rest of word', start: start + word.index + typed, end, isLast: random.chance(0.25) };
}

function opensBlock(source: Source, line: number): boolean {
  return line >= 0 && extent(source, line).content.endsWith('{');
}

function wholeLine(random: Random, source: Source, line: number): Range | null {
  const { start, end, content } = extent(source, line);
  if (isBrace(content) || line === 0) return null;
  const isFirst = extent(source, line - 1).content === '' || opensBlock(source, line - 1);
  const isLast = !isFirst && random.chance(0.15);
  return { kind: 'line', start, end, isLast };
}

function severalLines(random: Random, source: Source, line: number): Range | null {
  const first = extent(source, line);
  const last = Math.min(line + random.integer(1, linesMax - 1), source.starts.length - 2);
  if (isBrace(first.content) || line === 0 || !isBalanced(source, line, last)) return null;
  return { kind: 'lines', start: first.start, end: extent(source, last).end };
}

/** Whole statements: every block that opens there closes there, and none closes that was open. */
function isBalanced(source: Source, first: number, last: number): boolean {
  let depth = 0;
  for (let line = first; line <= last; line++) {
    const { content } = extent(source, line);
    if (content === '' && (line === first || line === last)) return false;
    for (const sign of content) {
      if ('{[('.includes(sign)) depth++;
      else if ('}])'.includes(sign)) depth--;
      if (depth < 0) return false;
    }
  }
  return depth === 0;
}

/** What stands in a block; without a suffix also its end. */
function body(random: Random, source: Source, line: number): Range | null {
  if (!opensBlock(source, line)) return null;
  const opening = extent(source, line);
  const margin = opening.start - source.starts[line]!;
  let last = line + 1;
  while (last < source.starts.length - 1) {
    const { start, content } = extent(source, last);
    if (content.startsWith('}') && start - source.starts[last]! <= margin) break;
    last++;
  }
  if (last >= source.starts.length - 1 || last === line + 1) return null;
  const isLast = random.chance(0.3) && /^\}[)};]*$/.test(extent(source, last).content);
  const end = isLast ? extent(source, last).end : extent(source, last - 1).end;
  return { kind: 'body', start: extent(source, line + 1).start, end, isLast };
}

/** What stands in brackets, a word after a dot, a side of an assignment, a type. */
function hole(random: Random, source: Source, line: number): Range | null {
  const { start, content } = extent(source, line);
  if (/^(\/\/|\/?\*)/.test(content)) return null;
  const found = random.pick([inBrackets, afterDot, afterDot, rightSide, word])(random, content);
  return found === null ? null : { kind: 'hole', start: start + found[0], end: start + found[1] };
}

/** Where an answer has to stop exactly: the signs that the suffix begins with; rare ones are asked for more. */
const stops: readonly (readonly [weight: number, sign: RegExp])[] = [
  [1, /;/g],
  [2.5, /\)(?! \{)/g],
  [7, /\];/g],
  [4, /\) \{/g],
];

/** From where a word or a sign begins up to such a sign, mostly of the same line. */
function upToSign(random: Random, source: Source, line: number): Range | null {
  const stop = random.weighted(stops);
  const count = source.starts.length - 1;
  // Few lines have the rarer ones: the next that has is taken, from the top again where none follows.
  for (let step = 0; step < count; step++) {
    const at = (line + step) % count;
    const { start, content } = extent(source, at);
    if (/^(\/\/|\/?\*)/.test(content)) continue;
    const ends = [...content.matchAll(stop)].map(({ index }) => start + index);
    if (ends.length === 0) continue;
    const end = random.pick(ends);
    const first = end === start && at > 0 ? extent(source, at - 1) : { start, content };
    const places = boundaries(first.content).filter((place) => first.start + place < end);
    if (places.length > 0) return { kind: 'hole', start: first.start + random.pick(places), end };
  }
  return null;
}

type Found = readonly [start: number, end: number] | null;

function inBrackets(random: Random, content: string): Found {
  const opened = [...content.matchAll(/[([]/g)];
  if (opened.length === 0) return null;
  const from = random.pick(opened).index;
  let depth = 0;
  for (let at = from; at < content.length; at++) {
    if ('(['.includes(content[at]!)) depth++;
    else if (')]'.includes(content[at]!) && --depth === 0) return [from + 1, at];
  }
  return null;
}

function afterDot(random: Random, content: string): Found {
  const words = [...content.matchAll(/(?<=\w\)?\.)\w+/g)];
  if (words.length === 0) return null;
  const one = random.pick(words);
  return [one.index, one.index + one[0].length];
}

function rightSide(_random: Random, content: string): Found {
  const at = content.indexOf(' = ');
  return at < 0 || !content.endsWith(';') ? null : [at + 3, content.length - 1];
}

function word(random: Random, content: string): Found {
  const words = [...content.matchAll(/\b[A-Za-z]\w+(?:<[\w, ]+>)?/g)];
  if (words.length === 0) return null;
  const one = random.pick(words);
  return [one.index, one.index + one[0].length];
}

/** The braces after a return, up to where the next member begins or the file ends. */
function closing(random: Random, source: Source, line: number): Range | null {
  const { content } = extent(source, line);
  if (!/^\}+$/.test(content) || line === 0) return null;
  const above = extent(source, line - 1).content;
  if (!above.endsWith(';') && above !== '}') return null;
  let last = line;
  while (last + 1 < source.starts.length - 1 && /^\}+$/.test(extent(source, last + 1).content)) last++;
  const end = extent(source, random.integer(line, last)).end;
  return { kind: 'closing', start: extent(source, line).start, end };
}
