/** Cuts inside a line: what stands in brackets, a word, an operand, up to a sign. */
import type { Random } from '../random.js';
import { boundaries, extent, isComment, type Maker } from './source.js';

type Found = readonly [start: number, end: number] | null;
type Finder = (random: Random, content: string) => Found;

/** What stands in brackets, a word after a dot, a side of an assignment or a comparison, a type, an argument. */
export const hole: Maker = (random, source, line) => {
  const { start, content } = extent(source, line);
  if (isComment(content)) return null;
  const found = random.weighted(finders)(random, content);
  return found === null ? null : { kind: 'hole', start: start + found[0], end: start + found[1] };
};

/** Where an answer has to stop exactly: the signs that the suffix begins with; rare ones are asked for more. */
const stops: readonly (readonly [weight: number, sign: RegExp])[] = [
  [1, /;/g],
  [2.5, /\)(?! \{)/g],
  [11, /\];/g],
  [6, /\) \{/g],
  [1.5, /, /g],
  [2, / (?:&&|\|\|) /g],
  [1, /(?<=\w)>/g],
  [1, / (?:[=!<>]=|[<>:?+*/-]) /g],
  [0.7, / (?:AND|OR|FROM|WHERE|ORDER BY|LIMIT) /g],
];

/** From where a word or a sign begins up to such a sign, mostly of the same line. */
export const upToSign: Maker = (random, source, line) => {
  const stop = random.weighted(stops);
  const count = source.starts.length - 1;
  // Few lines have the rarer ones: the next that has is taken, from the top again where none follows.
  for (let step = 0; step < count; step++) {
    const at = (line + step) % count;
    const { start, content } = extent(source, at);
    if (isComment(content)) continue;
    const ends = [...content.matchAll(stop)].map(({ index }) => start + index);
    if (ends.length === 0) continue;
    const end = random.pick(ends);
    const first = end === start && at > 0 ? extent(source, at - 1) : { start, content };
    const places = boundaries(first.content).filter((place) => first.start + place < end);
    if (places.length > 0) return { kind: 'hole', start: first.start + random.pick(places), end };
  }
  return null;
};

function oneOf(random: Random, content: string, pattern: RegExp): Found {
  const found = [...content.matchAll(pattern)];
  if (found.length === 0) return null;
  const one = random.pick(found);
  return [one.index, one.index + one[0].length];
}

const closingOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '<': '>' };

const inBrackets: Finder = (random, content) => {
  const opened = [...content.matchAll(/[([]|(?<=\w)<(?=\w)/g)];
  if (opened.length === 0) return null;
  const { index: from, 0: sign } = random.pick(opened);
  let depth = 0;
  for (let at = from; at < content.length; at++) {
    if (content[at] === sign) depth++;
    else if (content[at] === closingOf[sign] && --depth === 0) return [from + 1, at];
  }
  return null;
};

/** `Id, Account` of `Map<Id, Account>`; of types within types the innermost. */
const typeArguments: Finder = (random, content) => oneOf(random, content, /(?<=\w<)[\w., ]+(?=>)/g);

const afterDot: Finder = (random, content) => oneOf(random, content, /(?<=\w\)?\.)\w+/g);

const rightSide: Finder = (_random, content) => {
  const at = content.indexOf(' = ');
  return at < 0 || !content.endsWith(';') ? null : [at + 3, content.length - 1];
};

const word: Finder = (random, content) => oneOf(random, content, /\b[A-Za-z]\w+(?:<[\w, ]+>)?/g);

const term = /[\w.]+(?:\([^()]*\))?(?:\.\w+(?:\([^()]*\))?)*|'[^']*'/.source;

/** A side of a comparison, or the whole of it. */
const operand: Finder = (random, content) =>
  oneOf(
    random,
    content,
    random.pick([
      new RegExp(`(?<= (?:[=!<>]=|[<>+*-]) )${term}`, 'g'),
      new RegExp(`${term}(?= (?:[=!<>]=|[<>+*-]) )`, 'g'),
      new RegExp(`!?${term} (?:[=!<>]=|[<>]) ${term}`, 'g'),
      new RegExp(`(?<= [?:] )${term}`, 'g'),
    ]),
  );

/** One of several arguments. */
const argument: Finder = (random, content) =>
  oneOf(random, content, new RegExp(`(?<=\\(|, )${term}(?=, |\\))`, 'g'));

/** `Account account` of a loop over a list. */
const loopVariable: Finder = (random, content) =>
  oneOf(random, content, random.pick([/(?<=^for ?\()\w+ \w+(?= : )/g, /(?<= : )[\w.]+(?=\))/g]));

const finders: readonly (readonly [weight: number, finder: Finder])[] = [
  [5, inBrackets],
  [2, typeArguments],
  [6, afterDot],
  [5, rightSide],
  [4, word],
  [5, operand],
  [4, argument],
  [2, loopVariable],
];
