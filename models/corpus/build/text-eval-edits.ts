/** Wrong answers made of right ones by hand: what a model leaves out, spells wrong or takes for something else. */
import type { Random } from '../random.js';

/** One way of making code wrong; null = there is nothing in it to do so. */
type Edit = (random: Random, code: string) => string | null;

const turned: Readonly<Record<string, string>> = {
  '=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '!=',
  '!=': '=',
};

/** In a query, or at the start of an `if`: `!=` only in queries, where `=` is its opposite. */
const comparison = /(?<=\b(?:WHERE|AND) [\w.]+ )(?:[<>]=?|!?=)(?= )|(?<=\bif \(+[\w.]+ )(?:[<>]=?|==)(?= )/g;

/** Made for training and for tests. */
export const trainedEdits = {
  'limit missing': (random, code) => without(random, code, / LIMIT \d+(?=[\]\n])|\n *LIMIT \d+(?=\n)/g),
  'order missing': (random, code) => without(random, code, /(?: |\n *)ORDER BY \S+ (?:ASC|DESC)/g),
  'condition missing': (random, code) =>
    without(random, code, /(?: |\n *)AND (?:'[^'\n]*'|[^'\n\]])+?(?= AND | ORDER | LIMIT |\]|\n)/g),
  'operator turned': (random, code) => replacedOne(random, code, comparison, (found) => turned[found]!),
  'other data operation': (random, code) =>
    replacedOne(random, code, /\b(?:insert|update|delete)(?= \w+;)/g, (found) =>
      random.pick(['insert', 'update', 'delete'].filter((one) => one !== found)),
    ),
  'name misspelt': (random, code) => misspelt(random, code, /\b[A-Z][a-z]+(?:_[A-Z][a-z]+)*__c\b/g),
  'cut short': (random, code) => {
    const end = random.integer(Math.ceil(code.length / 3), code.length - 2);
    return code.slice(0, end).trimEnd();
  },
} as const satisfies Record<string, Edit>;

/** Made for the second test set only: no training has such an answer. */
export const unseenEdits = {
  'values exchanged': (_random, code) => exchanged(code, /'[^'\n]+'/g),
  'or for and': (random, code) =>
    replacedOne(random, code, /(?<=\s)AND(?= )|&&/g, (found) => (found === 'AND' ? 'OR' : '||')),
  'statement missing': (random, code) =>
    code.includes('\n')
      ? without(random, code, /\n *(?:[\w.]+ = |[a-z]+ [a-z]\w*;|\w+\.)[^\n]*;?(?=\n|$)/g)
      : null,
  'value misspelt': (random, code) => misspelt(random, code, /(?<=')[A-Z][a-z]{3,}(?=')/g),
} as const satisfies Record<string, Edit>;

export type EditName = keyof typeof trainedEdits | keyof typeof unseenEdits;

/** What `name` makes of the code; null = nothing else than it was. */
export function edited(random: Random, name: EditName, code: string): string | null {
  const edits: Readonly<Record<EditName, Edit>> = { ...trainedEdits, ...unseenEdits };
  const changed = edits[name](random, code);
  return changed === code ? null : changed;
}

function replacedOne(
  random: Random,
  code: string,
  pattern: RegExp,
  by: (found: string) => string,
): string | null {
  const found = [...code.matchAll(pattern)];
  if (found.length === 0) return null;
  const { index, 0: text } = random.pick(found);
  return code.slice(0, index) + by(text) + code.slice(index + text.length);
}

function without(random: Random, code: string, pattern: RegExp): string | null {
  return replacedOne(random, code, pattern, () => '');
}

/** One word of them with a letter left out, doubled or two exchanged, wherever it stands. */
function misspelt(random: Random, code: string, pattern: RegExp): string | null {
  const words = (code.match(pattern) ?? []).filter((word) => word.length > 4);
  if (words.length === 0) return null;
  const right = random.pick(words);
  const at = random.integer(1, right.replace(/__c$/, '').length - 2);
  const [before, after] = [right.slice(0, at), right.slice(at + 1)];
  const wrong = random.pick([before + after, before + right[at]! + right[at]! + after]);
  return code.replaceAll(right, wrong);
}

/** The first text and another one change places. */
function exchanged(code: string, pattern: RegExp): string | null {
  const [first, ...rest] = [...code.matchAll(pattern)];
  const second = rest.find(([text]) => text !== first![0]);
  if (first === undefined || second === undefined) return null;
  const between = code.slice(first.index + first[0].length, second.index);
  // In a list of values the order does not matter.
  if (/^, $/.test(between)) return null;
  const end = second.index + second[0].length;
  return code.slice(0, first.index) + second[0] + between + first[0] + code.slice(end);
}
