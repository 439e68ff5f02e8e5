/** Cuts that end with a line: its rest, the whole of it, several, and what closes. */
import type { Random } from '../random.js';
import { boundaries, extent, isBrace, lastLineOf, type Maker, type Range, type Source } from './source.js';

const linesMax = 6;
/** How many cuts of whole lines begin before the line's margin, where an editor's cursor may stand, too. */
const marginShare = 0.15;
/** How many rests of a line begin with the blank before a token. */
const blankShare = 0.12;
const endingLinesMax = 8;

export const restOfLine: Maker = (random, source, line) => {
  const { start, end, content } = extent(source, line);
  if (isBrace(content)) return null;
  const places = boundaries(content).filter((at) => content.length - at > 1);
  if (places.length === 0) return null;
  const place = random.pick(places);
  const isBlankToo = content[place - 1] === ' ' && random.chance(blankShare);
  return {
    kind: 'rest of line',
    start: start + place - (isBlankToo ? 1 : 0),
    end,
    isLast: random.chance(0.25),
  };
};

/** Some letters of a word are there. */
export const restOfWord: Maker = (random, source, line) => {
  const { start, end, content } = extent(source, line);
  const words = [...content.matchAll(/\w{4,}/g)];
  if (words.length === 0) return null;
  const word = random.pick(words);
  const typed = random.integer(2, word[0].length - 1);
  return { kind: 'rest of word', start: start + word.index + typed, end, isLast: random.chance(0.25) };
};

function opensBlock(source: Source, line: number): boolean {
  return line >= 0 && extent(source, line).content.endsWith('{');
}

/** Where a cut of whole lines begins: mostly behind the margin. */
function startOf(random: Random, source: Source, line: number): number {
  return random.chance(marginShare) ? source.starts[line]! : extent(source, line).start;
}

export const wholeLine: Maker = (random, source, line) => {
  const { end, content } = extent(source, line);
  if (isBrace(content) || line === 0) return null;
  const isFirst = extent(source, line - 1).content === '' || opensBlock(source, line - 1);
  const isLast = !isFirst && random.chance(0.15);
  return { kind: 'line', start: startOf(random, source, line), end, isLast };
};

/** Lines that close what they open; a statement may still go on before or behind them. */
export const severalLines: Maker = (random, source, line) => {
  const last = Math.min(line + random.integer(1, linesMax - 2), lastLineOf(source));
  const nesting = nestingOf(source, line, last);
  if (nesting === null || nesting.least < 0 || nesting.end !== 0) return null;
  return linesFrom(random, source, line, last);
};

/** Lines that go on where a block ends: they close what was open, or open what the suffix closes. */
export const crossingLines: Maker = (random, source, line) => {
  const last = Math.min(line + random.integer(1, linesMax - 1), lastLineOf(source));
  const nesting = nestingOf(source, line, last);
  if (nesting === null || (nesting.least === 0 && nesting.end === 0)) return null;
  if (nesting.end > 0 && random.chance(0.7)) return null;
  return linesFrom(random, source, line, last);
};

function linesFrom(random: Random, source: Source, first: number, last: number): Range {
  return { kind: 'lines', start: startOf(random, source, first), end: extent(source, last).end };
}

/** How deep lines end, and how low they go, against where they begin; null = not to be asked for. */
function nestingOf(
  source: Source,
  first: number,
  last: number,
): { readonly least: number; readonly end: number } | null {
  if (first === 0 || last <= first || isBrace(extent(source, first).content)) return null;
  let [depth, least] = [0, 0];
  for (let line = first; line <= last; line++) {
    const { content } = extent(source, line);
    if (content === '' && (line === first || line === last)) return null;
    for (const sign of content) {
      if ('{[('.includes(sign)) depth++;
      else if ('}])'.includes(sign)) depth--;
      least = Math.min(least, depth);
    }
  }
  return { least, end: depth };
}

/** What stands in a block; without a suffix also its end. */
export const body: Maker = (random, source, line) => {
  if (!opensBlock(source, line)) return null;
  const opening = extent(source, line);
  const margin = opening.start - source.starts[line]!;
  let last = line + 1;
  while (last <= lastLineOf(source)) {
    const { start, content } = extent(source, last);
    if (content.startsWith('}') && start - source.starts[last]! <= margin) break;
    last++;
  }
  if (last > lastLineOf(source) || last === line + 1) return null;
  const isLast = random.chance(0.3) && /^\}[)};]*$/.test(extent(source, last).content);
  const end = isLast ? extent(source, last).end : extent(source, last - 1).end;
  return { kind: 'body', start: startOf(random, source, line + 1), end, isLast };
};

/** The braces after a return, up to where the next member begins or the file ends. */
export const closing: Maker = (random, source, line) => {
  const { content } = extent(source, line);
  if (!/^\}+$/.test(content) || line === 0) return null;
  const above = extent(source, line - 1).content;
  if (!above.endsWith(';') && above !== '}') return null;
  let last = line;
  while (last < lastLineOf(source) && /^\}+$/.test(extent(source, last + 1).content)) last++;
  const end = extent(source, random.integer(line, last)).end;
  return { kind: 'closing', start: startOf(random, source, line), end };
};

/** All that is left of the file: behind the cursor stands the last line's end alone. */
export const ending: Maker = (random, source) => {
  const last = lastLineOf(source);
  const line = last - random.integer(1, endingLinesMax - 1);
  if (line < 1 || extent(source, line).content === '') return null;
  return { kind: 'ending', start: startOf(random, source, line), end: extent(source, last).end };
};
