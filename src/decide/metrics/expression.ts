/**
 * CloudWatch's metric math, read: names of other queries, numbers, texts, `+ - * /`, parentheses, lists and calls of
 * functions. What a function does is in `apply-expression.ts`. Depth and length are bounded.
 */

/** Characters of an expression: the service model's own bound. */
const lengthMax = 2048;
/** Nesting of parentheses, calls and lists. */
const depthMax = 16;

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly elements: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly inputs: readonly Expression[] }
  | {
      readonly kind: 'operation';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };

export type Operator = '+' | '-' | '*' | '/';

/** Why an expression cannot be read or applied; a sentence for the caller. */
export class ExpressionProblem extends Error {}

/** Throws `ExpressionProblem`. */
export function parseExpression(text: string): Expression {
  if (text.length > lengthMax) throw new ExpressionProblem(`it is longer than ${lengthMax} characters`);
  const parser = new Parser(tokensOf(text));
  const expression = parser.sum(0);
  parser.end();
  return expression;
}

interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'sign' | 'end';
  readonly text: string;
}

const tokenPattern =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|'([^']*)'|"([^"]*)"|([A-Za-z_]\w*)|([-+*/(),[\]]))/y;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < end) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (match === null) throw new ExpressionProblem(`it cannot be read from character ${at + 1} on`);
    const [, number, single, double, name, sign] = match;
    const quoted = single ?? double;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  end(): void {
    if (this.at < this.tokens.length) throw new ExpressionProblem(`"${this.peek().text}" is not expected`);
  }

  sum(depth: number): Expression {
    let left = this.product(depth);
    for (let operator = this.takeOne('+', '-'); operator !== null; operator = this.takeOne('+', '-')) {
      left = { kind: 'operation', operator, left, right: this.product(depth) };
    }
    return left;
  }

  private product(depth: number): Expression {
    let left = this.factor(depth);
    for (let operator = this.takeOne('*', '/'); operator !== null; operator = this.takeOne('*', '/')) {
      left = { kind: 'operation', operator, left, right: this.factor(depth) };
    }
    return left;
  }

  private factor(depth: number): Expression {
    if (depth > depthMax) throw new ExpressionProblem(`it is nested deeper than ${depthMax}`);
    if (this.takeOne('-') !== null) {
      const zero: Expression = { kind: 'number', value: 0 };
      return { kind: 'operation', operator: '-', left: zero, right: this.factor(depth + 1) };
    }
    const { kind, text } = this.peek();
    this.at++;
    if (kind === 'number') return { kind, value: Number(text) };
    if (kind === 'text') return { kind, value: text };
    if (kind === 'name') {
      if (!this.skip('(')) return { kind, name: text };
      return { kind: 'call', name: text, inputs: this.elements(')', depth) };
    }
    if (text === '[') return { kind: 'list', elements: this.elements(']', depth) };
    if (text !== '(') {
      throw new ExpressionProblem(text === '' ? 'it ends too early' : `"${text}" is not expected`);
    }
    const inner = this.sum(depth + 1);
    if (!this.skip(')')) throw new ExpressionProblem('a ")" is missing');
    return inner;
  }

  private elements(end: string, depth: number): readonly Expression[] {
    const elements: Expression[] = [];
    if (this.skip(end)) return elements;
    do elements.push(this.sum(depth + 1));
    while (this.skip(','));
    if (!this.skip(end)) throw new ExpressionProblem(`a "${end}" is missing`);
    return elements;
  }

  private peek(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '' };
  }

  private skip(sign: string): boolean {
    const { kind, text } = this.peek();
    if (kind !== 'sign' || text !== sign) return false;
    this.at++;
    return true;
  }

  private takeOne(...operators: readonly Operator[]): Operator | null {
    return operators.find((operator) => this.skip(operator)) ?? null;
  }
}
