/**
 * Regular expressions in JavaScript's spelling, of the whole text. Groups of any kind only group; `^` and `$` are
 * taken at the ends. What no automaton of finite size can do (back references), and what would need two of them at
 * once (lookaround, word borders), is a problem.
 */
import {
  type CharacterWriter,
  codePointMax,
  complement,
  ExpressionOnce,
  oneOf,
  type CodePointRange,
  normalized,
} from './code-points.js';
import { choice, type Expression, GrammarProblem, nestingMax, repeat, sequenceOf } from './expression.js';
import { TextCursor } from './text-cursor.js';

export interface ParsedPattern {
  readonly expression: Expression;
  readonly isAnchoredAtStart: boolean;
  readonly isAnchoredAtEnd: boolean;
}

const digits: readonly CodePointRange[] = [[0x30, 0x39]];
const wordCharacters: readonly CodePointRange[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const spaces: readonly CodePointRange[] = [
  [9, 13],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const lineEnds: readonly CodePointRange[] = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];
const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, '0': 0 };

/** `write`: how one character of a set stands in the answer. Throws GrammarProblem. */
export function parseRegex(pattern: string, write: CharacterWriter = oneOf): ParsedPattern {
  return new RegexParser(pattern, write).parse();
}

class RegexParser {
  private readonly cursor: TextCursor;
  private readonly sets: ExpressionOnce;

  constructor(pattern: string, write: CharacterWriter) {
    this.cursor = new TextCursor(pattern);
    this.sets = new ExpressionOnce(write);
  }

  parse(): ParsedPattern {
    const isAnchoredAtStart = this.cursor.take('^');
    const expression = this.alternatives(0);
    const isAnchoredAtEnd = this.cursor.take('$');
    if (!this.cursor.isAtEnd) {
      throw this.cursor.problem(`has \`${this.cursor.peek()}\` where it cannot stand`);
    }
    const isSplit = expression.kind === 'choice' && (isAnchoredAtStart || isAnchoredAtEnd);
    if (isSplit && this.hasOuterChoice) {
      throw new GrammarProblem('has `^` or `$` beside `|`; put the alternatives into a group');
    }
    return { expression, isAnchoredAtStart, isAnchoredAtEnd };
  }

  private hasOuterChoice = false;

  private alternatives(depth: number): Expression {
    if (depth > nestingMax) throw this.cursor.problem(`nests more than ${nestingMax} groups`);
    const options = [this.sequence(depth)];
    while (this.cursor.take('|')) {
      if (depth === 0) this.hasOuterChoice = true;
      options.push(this.sequence(depth));
    }
    return choice(options);
  }

  private sequence(depth: number): Expression {
    const parts: Expression[] = [];
    for (;;) {
      const next = this.cursor.peek();
      if (next === '' || next === '|' || next === ')') return sequenceOf(parts);
      if (next === '$' && depth === 0 && this.cursor.peek(1) === '') return sequenceOf(parts);
      parts.push(this.repeated(this.element(depth)));
    }
  }

  private element(depth: number): Expression {
    const { cursor } = this;
    const next = cursor.next();
    switch (next) {
      case '(': {
        this.groupKind();
        const inside = this.alternatives(depth + 1);
        cursor.expect(')');
        return inside;
      }
      case '[':
        return this.sets.of(this.characterClass());
      case '.':
        return this.sets.of(complement(lineEnds));
      case '\\':
        return this.sets.of(this.escape());
      case '^':
      case '$':
        throw cursor.problem(`has \`${next}\` within it; only its ends are anchors here`);
      case '*':
      case '+':
      case '?':
        throw cursor.problem(`has \`${next}\` with nothing to repeat`);
      default:
        return this.sets.of([[next.codePointAt(0)!, next.codePointAt(0)!]]);
    }
  }

  /** What stands behind a group's parenthesis. */
  private groupKind(): void {
    const { cursor } = this;
    if (!cursor.take('?')) return;
    if (cursor.take(':')) return;
    if (cursor.take('P<') || (cursor.peek() === '<' && /^[A-Za-z_]$/.test(cursor.peek(1)))) {
      while (cursor.next() !== '>');
      return;
    }
    throw cursor.problem('looks around or sets flags, which is not done here');
  }

  private repeated(of: Expression): Expression {
    const { cursor } = this;
    let min: number;
    let max: number | null;
    if (cursor.take('*')) [min, max] = [0, null];
    else if (cursor.take('+')) [min, max] = [1, null];
    else if (cursor.take('?')) [min, max] = [0, 1];
    else {
      const counts = cursor.counts();
      if (counts === null) return of;
      [min, max] = counts;
    }
    cursor.take('?');
    return repeat(of, min, max);
  }

  private characterClass(): readonly CodePointRange[] {
    const { cursor } = this;
    const isNegated = cursor.take('^');
    const ranges: CodePointRange[] = [];
    while (!cursor.take(']')) {
      const low = this.classAtom();
      const isRange = cursor.peek() === '-' && cursor.peek(1) !== ']';
      if (!isRange) {
        ranges.push(...low);
        continue;
      }
      cursor.next();
      const from = low[0]!;
      const to = this.classAtom()[0]!;
      if (from[0] !== from[1] || to[0] !== to[1] || to[0] < from[0]) {
        throw cursor.problem('has a range that ends before it begins');
      }
      ranges.push([from[0], to[0]]);
    }
    return isNegated ? complement(ranges) : normalized(ranges);
  }

  private classAtom(): readonly CodePointRange[] {
    const character = this.cursor.next();
    if (character !== '\\') return [[character.codePointAt(0)!, character.codePointAt(0)!]];
    if (this.cursor.take('b')) return [[8, 8]];
    return this.escape();
  }

  private escape(): readonly CodePointRange[] {
    const { cursor } = this;
    const escape = cursor.next();
    const one = (codePoint: number): readonly CodePointRange[] => [[codePoint, codePoint]];
    switch (escape) {
      case 'd':
        return digits;
      case 'D':
        return complement(digits);
      case 'w':
        return wordCharacters;
      case 'W':
        return complement(wordCharacters);
      case 's':
        return spaces;
      case 'S':
        return complement(spaces);
      case 'x':
        return one(cursor.hex(2));
      case 'u':
        return one(this.unicodeEscape());
      default: {
        const control = Object.hasOwn(controls, escape) ? controls[escape] : undefined;
        if (control !== undefined) return one(control);
        if (/^[A-Za-z0-9]$/.test(escape)) {
          throw cursor.problem(`has \`\\${escape}\`, which is not done here`);
        }
        return one(escape.codePointAt(0)!);
      }
    }
  }

  private unicodeEscape(): number {
    const { cursor } = this;
    if (!cursor.take('{')) {
      const unit = cursor.hex(4);
      if (unit < 0xd800 || unit > 0xdbff || !cursor.take('\\u')) return unit;
      return 0x10000 + ((unit - 0xd800) << 10) + (cursor.hex(4) - 0xdc00);
    }
    let codePoint = 0;
    while (!cursor.take('}')) codePoint = codePoint * 16 + cursor.hex(1);
    if (codePoint > codePointMax) throw cursor.problem('has an escape that is no character');
    return codePoint;
  }
}
