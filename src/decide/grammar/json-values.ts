/**
 * JSON as a grammar. White space between its tokens is bounded, for a model that likes spaces could otherwise write them
 * to the end of its answer: one space, or, where lines are allowed, also a line end and up to 20 spaces or tabs.
 */
import {
  type CodePointRange,
  codePointMax,
  complement,
  intersection,
  literal,
  oneOf,
} from './code-points.js';
import { integersBetween } from './integer-range.js';
import {
  choice,
  empty,
  type Expression,
  GrammarProblem,
  optional,
  repeat,
  rule,
  sequence,
} from './expression.js';

export const quote = literal('"');
const digit = oneOf([[0x30, 0x39]]);
const integerDigits = choice([literal('0'), sequence(oneOf([[0x31, 0x39]]), repeat(digit, 0, 15))]);
const fraction = sequence(literal('.'), repeat(digit, 1, 16));
const exponent = sequence(
  oneOf([
    [0x45, 0x45],
    [0x65, 0x65],
  ]),
  optional(
    oneOf([
      [0x2b, 0x2b],
      [0x2d, 0x2d],
    ]),
  ),
  repeat(digit, 1, 2),
);
/** A fraction that is not zero, so that the number lies strictly between two whole ones. */
const properFraction = sequence(literal('.'), repeat(digit, 0, 8), oneOf([[0x31, 0x39]]));

export const integer = sequence(optional(literal('-')), integerDigits);
export const number = sequence(integer, optional(fraction), optional(exponent));

/** Characters that stand in a string as themselves. */
const plainCharacters = complement([
  [0, 0x1f],
  [0x22, 0x22],
  [0x5c, 0x5c],
  [0xd800, 0xdfff],
]);
/** Characters of one name that a further key must differ from, and of all such names of an object. */
const nameCharactersMax = 256;
const namesCharactersMax = 4000;
/** Characters that have an escape of one letter. */
const shortEscapes: readonly (readonly [character: number, letter: string])[] = [
  [0x22, '"'],
  [0x5c, '\\'],
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [12, 'f'],
  [13, 'r'],
];

const anyCharacter = writeInString([[0, codePointMax]]);
const hexDigit = oneOf([
  [0x30, 0x39],
  [0x41, 0x46],
  [0x61, 0x66],
]);
/** `\uXXXX` of what is no surrogate, as models write letters they will not write plainly. */
const unicodeEscape = sequence(
  literal('\\u'),
  choice([
    sequence(
      oneOf([
        [0x30, 0x39],
        [0x41, 0x43],
        [0x45, 0x46],
        [0x61, 0x63],
        [0x65, 0x66],
      ]),
      repeat(hexDigit, 3, 3),
    ),
    sequence(
      oneOf([
        [0x44, 0x44],
        [0x64, 0x64],
      ]),
      oneOf([[0x30, 0x37]]),
      repeat(hexDigit, 2, 2),
    ),
  ]),
);

const lineEnd = sequence(
  literal('\n'),
  repeat(
    oneOf([
      [9, 9],
      [0x20, 0x20],
    ]),
    0,
    20,
  ),
);

/** The rules that the others refer to. */
export function jsonRules({
  areLinesAllowed,
}: {
  readonly areLinesAllowed: boolean;
}): Map<string, Expression> {
  const member = sequence(rule('string'), colon, rule('value'));
  const list = (of: Expression): Expression => optional(sequence(of, repeat(sequence(comma, of), 0, null)));
  return new Map([
    ['space', choice([empty, literal(' '), ...(areLinesAllowed ? [lineEnd] : [])])],
    ['character', choice([anyCharacter, literal('\\/'), unicodeEscape])],
    ['string', sequence(quote, repeat(rule('character'), 0, null), quote)],
    ['object', wrapped('{', list(member), '}')],
    ['array', wrapped('[', list(rule('value')), ']')],
    [
      'value',
      choice([
        rule('object'),
        rule('array'),
        rule('string'),
        number,
        literal('true'),
        literal('false'),
        literal('null'),
      ]),
    ],
  ]);
}

const space = rule('space');
export const comma = sequence(space, literal(','), space);
export const colon = sequence(space, literal(':'), space);

/** What stands between brackets. */
export function wrapped(open: string, inside: Expression, close: string): Expression {
  return sequence(literal(open), space, inside, space, literal(close));
}

/** One character of the ranges, as a JSON string has it: short escapes where there are some, `\u00XX` for controls. */
export function writeInString(ranges: readonly CodePointRange[]): Expression {
  const has = (codePoint: number): boolean =>
    ranges.some(([low, high]) => low <= codePoint && codePoint <= high);
  const options: Expression[] = [];
  const plain = intersection(ranges, plainCharacters);
  if (plain.length > 0) options.push(oneOf(plain));
  for (const [character, letter] of shortEscapes) if (has(character)) options.push(literal(`\\${letter}`));
  for (let control = 0; control < 0x20; control += 1) {
    if (shortEscapes.some(([character]) => character === control) || !has(control)) continue;
    options.push(literal(`\\u${control.toString(16).padStart(4, '0')}`));
  }
  return choice(options);
}

/** A string of so many characters. */
export function stringOfLength(min: number, max: number | null): Expression {
  return sequence(quote, repeat(rule('character'), min, max), quote);
}

/** Numbers between whole bounds; `isMinIncluded` and `isMaxIncluded` say whether the bounds themselves are among them. */
export function numbersBetween(
  min: number,
  max: number,
  { isMinIncluded, isMaxIncluded }: { readonly isMinIncluded: boolean; readonly isMaxIncluded: boolean },
): Expression {
  const options: Expression[] = [];
  const first = isMinIncluded ? min : min + 1;
  const last = isMaxIncluded ? max : max - 1;
  if (first <= last) options.push(integersBetween(first, last));
  const positiveFrom = Math.max(0, min);
  if (positiveFrom <= max - 1) options.push(sequence(integersBetween(positiveFrom, max - 1), properFraction));
  const negativeFrom = Math.max(0, -max);
  if (negativeFrom <= -min - 1) {
    options.push(sequence(literal('-'), integersBetween(negativeFrom, -min - 1), properFraction));
  }
  if (options.length === 0) throw new GrammarProblem(`allows no number between ${min} and ${max}`);
  return choice(options);
}

/**
 * A key that is none of these. It is written without escapes, so that there is only one way to spell it. Throws
 * GrammarProblem for names that are too long.
 */
export function otherKey(names: readonly string[]): Expression {
  const root: KeyNode = { children: new Map(), isName: false };
  const isLong = names.some(({ length }) => length > nameCharactersMax);
  if (isLong || names.reduce((sum, { length }) => sum + length, 0) > namesCharactersMax) {
    throw new GrammarProblem(
      `has \`additionalProperties\` beside a name of more than ${nameCharactersMax} characters, or more than ${namesCharactersMax} in all names`,
    );
  }
  for (const name of names) {
    const spelled = JSON.stringify(name).slice(1, -1);
    if (spelled.includes('\\')) continue;
    let node = root;
    for (const character of spelled) {
      const codePoint = character.codePointAt(0)!;
      let child = node.children.get(codePoint);
      if (child === undefined) node.children.set(codePoint, (child = { children: new Map(), isName: false }));
      node = child;
    }
    node.isName = true;
  }
  return sequence(quote, notBelow(root), quote);
}

interface KeyNode {
  readonly children: Map<number, KeyNode>;
  isName: boolean;
}

function notBelow(node: KeyNode): Expression {
  const taken = [...node.children.keys()].map((codePoint): CodePointRange => [codePoint, codePoint]);
  const others = intersection(plainCharacters, complement(taken));
  const options: Expression[] = [sequence(oneOf(others), repeat(oneOf(plainCharacters), 0, null))];
  if (!node.isName) options.push(empty);
  for (const [codePoint, child] of node.children) {
    options.push(sequence(literal(String.fromCodePoint(codePoint)), notBelow(child)));
  }
  return choice(options);
}

/** Exactly this value, as JSON.stringify writes it. */
export function jsonLiteral(value: unknown): Expression {
  return literal(JSON.stringify(value));
}
