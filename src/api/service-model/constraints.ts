/**
 * What a service model demands of one scalar, made ready once and checked for each value: lengths, values, patterns and
 * closed sets, with AWS's words for what is violated. The words are its clients' to read, so they never change.
 */
import { modelPattern } from './pattern.js';
import type { ModelShape } from './service-model.js';

export interface ScalarRule {
  /** Of strings and blobs the length, of numbers the value. */
  readonly min: number;
  readonly max: number;
  readonly pattern: { readonly text: string; readonly expression: RegExp } | null;
  /** The values that are allowed; null = any. */
  readonly values: ReadonlySet<string> | null;
  /** Values that are taken as well, beyond what the service's own model allows; lengths still count. */
  readonly extension: RegExp | null;
}

/** The models' integers have 32 bits. */
const integerMax = 2 ** 31 - 1;

export function scalarRule(shape: ModelShape, extension: RegExp | null = null): ScalarRule {
  const bound = shape.type === 'integer' ? integerMax : Infinity;
  const { min = -bound, max = bound, pattern } = shape;
  return {
    min,
    max,
    pattern: pattern === undefined ? null : { text: pattern, expression: modelPattern(pattern) },
    values: shape.enum === undefined ? null : new Set(shape.enum),
    extension,
  };
}

const failed = 'failed to satisfy constraint: ';

/** `Value 'x' at 'path' failed to satisfy constraint: problem`; `shown` is the value as it may be told. */
export function violationText(path: string, shown: ShownValue, problem: string): string {
  return `Value ${shown}at '${path}' ${failed}${problem}`;
}

/** Ends with a space when it is not empty. */
export type ShownValue = `${string} ` | '';

/** A value longer than this is not repeated in whole. */
const shownCharsMax = 256;

export function shownText(value: string): ShownValue {
  return `'${value.slice(0, shownCharsMax)}' `;
}

export const shownNull: ShownValue = 'null ';
export const mustNotBeNull = 'Member must not be null';

/** What is wrong with a number; empty when nothing is. */
export function numberProblems({ min, max }: ScalarRule, value: number): readonly string[] {
  if (value < min) return [`Member must have value greater than or equal to ${min}`];
  if (value > max) return [`Member must have value less than or equal to ${max}`];
  return [];
}

/** What is wrong with a count of elements, bytes or characters; empty when nothing is. */
export function lengthProblems(
  { min, max }: Pick<ScalarRule, 'min' | 'max'>,
  length: number,
): readonly string[] {
  if (length > max) return [`Member must have length less than or equal to ${max}`];
  if (length < min) return [`Member must have length greater than or equal to ${min}`];
  return [];
}

/** What is wrong with a text; empty when nothing is. */
export function textProblems(rule: ScalarRule, value: string): readonly string[] {
  const problems = [...lengthProblems(rule, lengthOf(value, rule.max))];
  // Longer than allowed is not matched as well: the cost of a pattern stays bounded.
  if (value.length > rule.max * 2) return problems;
  if (rule.extension?.test(value) === true) return problems;
  if (rule.values !== null && !rule.values.has(value)) problems.push(valueSetText(rule.values));
  if (rule.pattern !== null && !rule.pattern.expression.test(value)) {
    problems.push(`Member must satisfy regular expression pattern: ${rule.pattern.text}`);
  }
  return problems;
}

/** Characters of Unicode, as the models count them, where UTF-16 units cannot settle it. */
function lengthOf(value: string, max: number): number {
  if (value.length <= max || value.length > max * 2) return value.length;
  let length = 0;
  for (const _ of value) length += 1;
  return length;
}

function valueSetText(values: ReadonlySet<string>): string {
  return `Member must satisfy enum value set: [${[...values].join(', ')}]`;
}

/** All that a rule demands of the elements of a list or a map, as AWS lists it for each violated one. */
export function demandsText({ min, max, pattern, values }: ScalarRule): string {
  const demands: string[] = [];
  if (max !== Infinity) demands.push(`Member must have length less than or equal to ${max}`);
  if (min !== -Infinity) demands.push(`Member must have length greater than or equal to ${min}`);
  if (values !== null) demands.push(valueSetText(values));
  if (pattern !== null) demands.push(`Member must satisfy regular expression pattern: ${pattern.text}`);
  return `[${demands.join(', ')}]`;
}
