/**
 * What an answer must look like, as a grammar over bytes. Schemas, patterns and GBNF all become this; `network.ts` makes
 * it runnable. Expressions may share parts; only `rule` may lead back to where it came from.
 */

export type Expression =
  /** One byte of one of the ranges, both ends included. */
  | { readonly kind: 'bytes'; readonly ranges: readonly ByteRange[] }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly options: readonly Expression[] }
  /** `max` null = as often as one likes. */
  | {
      readonly kind: 'repeat';
      readonly of: Expression;
      readonly min: number;
      readonly max: number | null;
    }
  | { readonly kind: 'rule'; readonly name: string };

export type ByteRange = readonly [low: number, high: number];

export interface Grammar {
  readonly rules: ReadonlyMap<string, Expression>;
  readonly root: string;
}

/** What is wrong with a schema, a pattern or a grammar, as a sentence without its subject. */
export class GrammarProblem extends Error {
  override readonly name = 'GrammarProblem';
}

/** Groups, arrays, schemas within each other. */
export const nestingMax = 64;
/** The largest count that `{n,m}`, `maxLength`, `maxItems` and the like may name. */
export const repetitionsMax = 10_000;

/** Matches the empty text. */
export const empty: Expression = { kind: 'sequence', parts: [] };

export function sequence(...parts: readonly Expression[]): Expression {
  return sequenceOf(parts);
}

/** The same of a list of any length: what is spread into a call has to fit on the stack. */
export function sequenceOf(parts: readonly Expression[]): Expression {
  return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
}

export function choice(options: readonly Expression[]): Expression {
  return options.length === 1 ? options[0]! : { kind: 'choice', options };
}

export function optional(of: Expression): Expression {
  return { kind: 'repeat', of, min: 0, max: 1 };
}

export function rule(name: string): Expression {
  return { kind: 'rule', name };
}

/** Throws GrammarProblem for counts that are too large or in the wrong order. */
export function repeat(of: Expression, min: number, max: number | null): Expression {
  if (Math.max(min, max ?? 0) > repetitionsMax) {
    throw new GrammarProblem(`repeats something more than ${repetitionsMax} times`);
  }
  if (max !== null && max < min) {
    throw new GrammarProblem(`repeats something at least ${min} and at most ${max} times`);
  }
  return { kind: 'repeat', of, min, max };
}
