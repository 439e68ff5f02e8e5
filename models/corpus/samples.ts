/** What the generators give: one sample of one of the three tasks (models/TASKS.md). */

/** How an answer must be wrapped to be a whole file that parses. */
export type Shape = 'statements' | 'member' | 'class' | 'trigger';

export interface BlockSample {
  readonly task: 'block';
  /** What is asked for, as `query` or `batch`. */
  readonly kind: string;
  /** English, without its decoration. */
  readonly prompt: string;
  /** Apex without a line break at its end; four spaces a level. */
  readonly answer: string;
  readonly shape: Shape;
  /** Statements that declare what `answer` takes for given, as `List<Account> accounts = new List<Account>();`; empty = none. */
  readonly given: string;
}

export interface FlowSample {
  readonly task: 'flow';
  /** As `flow create`. */
  readonly kind: string;
  readonly prompt: string;
  /** Compact JSON. */
  readonly answer: string;
}

export interface InlineSample {
  readonly task: 'inline';
  /** How it was cut, as `line` or `hole`. */
  readonly kind: string;
  /** At most `prefixCharsMax` and `suffixCharsMax` characters of the file before and after the cursor. */
  readonly prefix: string;
  readonly suffix: string;
  readonly answer: string;
  /** The whole file, to parse with another answer: what stands before and after the answer. */
  readonly file: { readonly shape: 'class' | 'trigger'; readonly before: string; readonly after: string };
}

export type Sample = BlockSample | FlowSample | InlineSample;

/** Characters of a file that a prompt holds. */
export const prefixCharsMax = 1600;
export const suffixCharsMax = 600;
/** Tokens of prompt and answer together. */
export const sampleTokensMax = 1024;
