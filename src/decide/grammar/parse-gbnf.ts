/**
 * GBNF, as llama.cpp writes it (grammars/README.md there), and the EBNF of XGrammar as far as it is the same: rules
 * `name ::= …`, literals, character classes, `.`, groups, `|`, `* + ? {n,m}`, comments from `#` on.
 * Tokens by number or name (`<[1]>`) are not taken: they would tie a grammar to one vocabulary.
 */
import {
  codePointMax,
  complement,
  ExpressionOnce,
  literal,
  oneOf,
  type CodePointRange,
} from './code-points.js';
import {
  choice,
  type Expression,
  type Grammar,
  GrammarProblem,
  nestingMax,
  repeat,
  rule,
  sequenceOf,
} from './expression.js';
import { TextCursor } from './text-cursor.js';

const rootName = 'root';
/** `*`, `+`, `?` and counts behind one another. */
const postfixesMax = 4;
const nameStart = /^[a-zA-Z_]$/;
const nameRest = /^[a-zA-Z0-9_-]$/;

/** Throws GrammarProblem. */
export function parseGbnf(text: string): Grammar {
  const parser = new GbnfParser(text);
  return { rules: parser.rules(), root: rootName };
}

class GbnfParser {
  private readonly cursor: TextCursor;
  private readonly referred = new Set<string>([rootName]);
  private readonly classes = new ExpressionOnce(oneOf);

  constructor(text: string) {
    this.cursor = new TextCursor(text);
  }

  rules(): ReadonlyMap<string, Expression> {
    const rules = new Map<string, Expression>();
    this.skipSpace();
    while (!this.cursor.isAtEnd) {
      const name = this.ruleName();
      if (rules.has(name)) throw this.cursor.problem(`has the rule \`${name}\` twice`);
      rules.set(name, this.alternatives(0));
      this.skipSpace();
    }
    for (const name of this.referred) {
      if (!rules.has(name)) throw new GrammarProblem(`has no rule \`${name}\``);
    }
    return rules;
  }

  /** `name ::=` */
  private ruleName(): string {
    const name = this.name();
    if (name === '') throw this.cursor.problem('needs a rule here');
    this.skipSpace();
    this.cursor.expect('::=');
    return name;
  }

  private alternatives(depth: number): Expression {
    if (depth > nestingMax) throw this.cursor.problem(`nests more than ${nestingMax} groups`);
    const options = [this.sequence(depth)];
    while (this.cursor.take('|')) options.push(this.sequence(depth));
    return choice(options);
  }

  private sequence(depth: number): Expression {
    const parts: Expression[] = [];
    for (;;) {
      this.skipSpace();
      const next = this.cursor.peek();
      if (next === '' || next === '|' || next === ')' || this.isRuleAhead()) return sequenceOf(parts);
      parts.push(this.repeated(this.element(depth)));
    }
  }

  private element(depth: number): Expression {
    const { cursor } = this;
    if (cursor.take('"')) return this.literal();
    if (cursor.take('[')) return this.characterClass();
    if (cursor.take('.')) return this.classes.of([[0, codePointMax]]);
    if (cursor.take('(')) {
      const inside = this.alternatives(depth + 1);
      this.skipSpace();
      cursor.expect(')');
      return inside;
    }
    const name = this.name();
    if (name === '') throw cursor.problem(`has \`${cursor.peek()}\`, which means nothing here`);
    this.referred.add(name);
    return rule(name);
  }

  private repeated(of: Expression): Expression {
    let expression = of;
    for (let count = 0; ; count += 1) {
      if (count > postfixesMax)
        throw this.cursor.problem(`repeats one thing more than ${postfixesMax} times over`);
      if (this.cursor.take('*')) expression = repeat(expression, 0, null);
      else if (this.cursor.take('+')) expression = repeat(expression, 1, null);
      else if (this.cursor.take('?')) expression = repeat(expression, 0, 1);
      else {
        const counts = this.cursor.counts();
        if (counts === null) return expression;
        expression = repeat(expression, counts[0], counts[1]);
      }
    }
  }

  private literal(): Expression {
    let text = '';
    while (!this.cursor.take('"')) text += String.fromCodePoint(this.character());
    return literal(text);
  }

  private characterClass(): Expression {
    const isNegated = this.cursor.take('^');
    const ranges: CodePointRange[] = [];
    while (!this.cursor.take(']')) {
      const low = this.character();
      const isRange = this.cursor.peek() === '-' && this.cursor.peek(1) !== ']';
      if (isRange) this.cursor.next();
      const high = isRange ? this.character() : low;
      if (high < low) throw this.cursor.problem('has a range that ends before it begins');
      ranges.push([low, high]);
    }
    return this.classes.of(isNegated ? complement(ranges) : ranges);
  }

  /** One character of a literal or class, escapes resolved. */
  private character(): number {
    const character = this.cursor.next();
    if (character !== '\\') return character.codePointAt(0)!;
    const escape = this.cursor.next();
    switch (escape) {
      case 'n':
        return 10;
      case 'r':
        return 13;
      case 't':
        return 9;
      case 'x':
        return this.cursor.hex(2);
      case 'u':
        return this.cursor.hex(4);
      case 'U': {
        const codePoint = this.cursor.hex(8);
        if (codePoint > codePointMax) throw this.cursor.problem('has an escape that is no character');
        return codePoint;
      }
      default:
        if (/^["\\[\]^.'-]$/.test(escape)) return escape.codePointAt(0)!;
        throw this.cursor.problem(`has the escape \`\\${escape}\`, which means nothing`);
    }
  }

  private name(): string {
    if (!nameStart.test(this.cursor.peek())) return '';
    let name = this.cursor.next();
    while (nameRest.test(this.cursor.peek())) name += this.cursor.next();
    return name;
  }

  /** True before `name ::=`: the next rule begins. */
  private isRuleAhead(): boolean {
    const start = this.cursor.position;
    const isRule = this.name() !== '' && (this.skipSpace(), this.cursor.take('::='));
    this.cursor.position = start;
    return isRule;
  }

  /** White space, line ends and comments. */
  private skipSpace(): void {
    for (;;) {
      const next = this.cursor.peek();
      if (next === '#') while (!this.cursor.isAtEnd && this.cursor.peek() !== '\n') this.cursor.next();
      else if (next !== '' && /^\s$/.test(next)) this.cursor.next();
      else return;
    }
  }
}
