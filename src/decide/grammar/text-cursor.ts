/** Reads a pattern or a grammar character by character. */
import { GrammarProblem } from './expression.js';

export class TextCursor {
  private readonly characters: readonly string[];
  private at = 0;

  constructor(text: string) {
    this.characters = [...text];
  }

  get isAtEnd(): boolean {
    return this.at >= this.characters.length;
  }

  get position(): number {
    return this.at;
  }

  set position(position: number) {
    this.at = position;
  }

  /** The character so far ahead, or '' behind the end. */
  peek(ahead = 0): string {
    return this.characters[this.at + ahead] ?? '';
  }

  /** The next character; throws GrammarProblem at the end. */
  next(): string {
    const character = this.characters[this.at];
    if (character === undefined) throw this.problem('ends too early');
    this.at += 1;
    return character;
  }

  /** True, and past it, when that text comes next. */
  take(text: string): boolean {
    for (let index = 0; index < text.length; index += 1) {
      if (this.characters[this.at + index] !== text[index]) return false;
    }
    this.at += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw this.problem(`needs \`${text}\` here`);
  }

  /** Exactly so many hexadecimal digits. */
  hex(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1) {
      const digit = Number.parseInt(this.next(), 16);
      if (Number.isNaN(digit)) throw this.problem(`needs ${count} hexadecimal digits here`);
      value = value * 16 + digit;
    }
    return value;
  }

  /** Decimal digits, at most six of them; null when there are none. */
  integer(): number | null {
    let digits = '';
    while (/^[0-9]$/.test(this.peek())) digits += this.next();
    if (digits.length > 6) throw this.problem('has a count that is too large');
    return digits === '' ? null : Number(digits);
  }

  /** `{n}`, `{n,}`, `{,m}` or `{n,m}` from its brace on; null, and nothing read, when it is none of them. */
  counts(): readonly [min: number, max: number | null] | null {
    const start = this.at;
    if (!this.take('{')) return null;
    const min = this.integer();
    const isRange = this.take(',');
    const max = isRange ? this.integer() : min;
    if (this.take('}') && (min !== null || max !== null)) return [min ?? 0, max];
    this.at = start;
    return null;
  }

  problem(text: string): GrammarProblem {
    return new GrammarProblem(`${text} (character ${this.at + 1})`);
  }
}
