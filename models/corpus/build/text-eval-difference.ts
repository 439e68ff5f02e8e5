/** What two pieces of code differ in: which tokens of the second have no partner in the first, and what that amounts to. */

/** Names of differences, in the order in which they stand in tables. */
export const differences = [
  'object',
  'field',
  'value',
  'number',
  'checkbox',
  'operator',
  'condition',
  'order',
  'limit',
  'event',
  'data operation',
  'several',
] as const;
export type Difference = (typeof differences)[number];

interface Hunk {
  /** Where it begins, and how much of it each has. */
  readonly first: readonly [start: number, count: number];
  readonly second: readonly [start: number, count: number];
}

/** The parts of two lists that have no partner in the other, by a longest common subsequence. */
export function hunksOf<T>(first: readonly T[], second: readonly T[]): readonly Hunk[] {
  let start = 0;
  while (start < first.length && start < second.length && first[start] === second[start]) start++;
  let [firstEnd, secondEnd] = [first.length, second.length];
  while (firstEnd > start && secondEnd > start && first[firstEnd - 1] === second[secondEnd - 1]) {
    firstEnd--;
    secondEnd--;
  }
  const middle = middleHunks(first.slice(start, firstEnd), second.slice(start, secondEnd));
  return middle.map(({ first, second }) => ({
    first: [first[0] + start, first[1]],
    second: [second[0] + start, second[1]],
  }));
}

function middleHunks<T>(first: readonly T[], second: readonly T[]): Hunk[] {
  const width = second.length + 1;
  const longest = new Uint16Array((first.length + 1) * width);
  for (let i = first.length - 1; i >= 0; i--) {
    for (let j = second.length - 1; j >= 0; j--) {
      longest[i * width + j] =
        first[i] === second[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
    }
  }
  const hunks: Hunk[] = [];
  let [i, j, fromI, fromJ] = [0, 0, 0, 0];
  const close = () => {
    if (i > fromI || j > fromJ) hunks.push({ first: [fromI, i - fromI], second: [fromJ, j - fromJ] });
  };
  while (i < first.length && j < second.length) {
    if (first[i] === second[j]) {
      close();
      [i, j] = [i + 1, j + 1];
      [fromI, fromJ] = [i, j];
    } else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) i++;
    else j++;
  }
  [i, j] = [first.length, second.length];
  close();
  return hunks;
}

/** Per token of `second`: 1 where it is not what `first` has, or stands behind something that is missing. */
export function marksOf(first: readonly number[], second: readonly number[]): Uint8Array {
  const marks = new Uint8Array(second.length);
  for (const hunk of hunksOf(first, second)) {
    const [start, count] = hunk.second;
    marks.fill(1, start, start + Math.max(count, 1));
  }
  return marks;
}

const word = /'(?:[^'\\]|\\.)*'|[A-Za-z_][\w.]*|\d[\d.]*|[<>!=]=|&&|\|\||\S/g;
/** Where the object of the code is named, the surest first. */
const objectNames = [
  /\bFROM (\w+)/,
  /\btrigger \w+ on (\w+)/,
  /\bnew ([A-Z]\w*)\(\w+ = /,
  /\bfor \(([A-Z]\w*) \w+ :/,
  /\bList<([A-Z]\w*)>/,
];

/** What one has to change in `first` to get `second`. */
export function differenceOf(first: string, second: string): Difference {
  if (objectOf(first) !== objectOf(second)) return 'object';
  const words = [first.match(word) ?? [], second.match(word) ?? []] as const;
  const found = new Set(hunksOf(...words).map((hunk) => differenceOfHunk(words[0], words[1], hunk)));
  const [only] = found;
  return found.size === 1 ? only! : 'several';
}

function objectOf(code: string): string | undefined {
  for (const name of objectNames) {
    const found = name.exec(code);
    if (found !== null) return found[1];
  }
  return undefined;
}

/** In this order: the first that all its words are. */
const sorts: readonly (readonly [Difference, RegExp])[] = [
  ['order', /^(ASC|DESC|NULLS|LAST|FIRST)$/],
  ['data operation', /^(insert|update|delete|undelete|upsert|Database\.\w+)$/],
  ['checkbox', /^(true|false|!)$/],
  ['value', /^'/],
  ['number', /^-?[\d.]+$/],
  ['operator', /^([<>!=]=?|[!=]=|IN|NOT|LIKE|&&|\|\|)$/],
  ['field', /^([a-z]\w*\.)?[A-Z]\w*(\.\w+)*$|^,$/],
];

/** A clause is there or not: its words are on one side only, and no other clause's. */
const clauseWords: readonly (readonly [Difference, readonly string[]])[] = [
  ['limit', ['LIMIT']],
  ['order', ['ORDER']],
  ['condition', ['WHERE', 'AND', '&&']],
];

function differenceOfHunk(first: readonly string[], second: readonly string[], hunk: Hunk): Difference {
  const wordsOf = (words: readonly string[], [start, count]: Hunk['first']) =>
    words.slice(start, start + count);
  const sides = [wordsOf(first, hunk.first), wordsOf(second, hunk.second)];
  const changed = sides.flat();
  const before = first[hunk.first[0] - 1] ?? '';
  const has = (...some: readonly string[]) => some.some((one) => changed.includes(one));
  const clauses = clauseWords.filter(([, words]) => has(...words)).map(([clause]) => clause);
  if (clauses.length > 0)
    return clauses.length === 1 && sides.some((side) => side.length === 0) ? clauses[0]! : 'several';
  if (before === 'LIMIT') return 'limit';
  if (before === 'BY') return 'order';
  if (changed.every((one) => /^(before|after|insert|update|delete|,)$/.test(one))) {
    return has('before', 'after') || /^(before|after)$/.test(before) ? 'event' : 'data operation';
  }
  return sorts.find(([, pattern]) => changed.every((one) => pattern.test(one)))?.[0] ?? 'several';
}
