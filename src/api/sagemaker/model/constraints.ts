/**
 * What a service model demands of an operation's input, made ready once and checked for each request: what
 * is required, lengths, values and patterns, with AWS's words for what is violated. Members are scalars here,
 * because all of the runtime's are; they travel in the path, in headers or as the body.
 */
import { modelPattern } from './pattern.js';

export interface ModelShape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, ModelMember>>;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly sensitive?: boolean;
  readonly payload?: string;
  readonly error?: { readonly httpStatusCode: number };
}

export interface ModelMember {
  readonly shape: string;
  readonly location?: string;
  readonly locationName?: string;
}

export interface MemberRule {
  /** As the model spells it, e.g. `EndpointName`. */
  readonly member: string;
  /** As callers know it, e.g. `X-Amzn-SageMaker-Session-Id`. */
  readonly wireName: string;
  /** Lower-case name of the header it travels in; null = path or body. */
  readonly header: string | null;
  readonly isRequired: boolean;
  readonly isNumber: boolean;
  /** Of strings and blobs the length, of numbers the value. */
  readonly min: number;
  readonly max: number;
  readonly pattern: { readonly text: string; readonly expression: RegExp } | null;
  readonly isSensitive: boolean;
}

/** The rules of an input shape, in the model's order. */
export function rulesOf(shapes: Readonly<Record<string, ModelShape>>, input: string): readonly MemberRule[] {
  const { members = {}, required = [] } = shapes[input] ?? {};
  return Object.entries(members).map(([member, { shape, location, locationName }]) => {
    const { type, min, max, pattern, sensitive } = shapes[shape] ?? { type: 'string' };
    return {
      member,
      wireName: locationName ?? member,
      header: location === 'header' ? (locationName ?? member).toLowerCase() : null,
      isRequired: required.includes(member),
      isNumber: type === 'integer' || type === 'long',
      min: min ?? -Infinity,
      max: max ?? Infinity,
      pattern: pattern === undefined ? null : { text: pattern, expression: modelPattern(pattern) },
      isSensitive: sensitive === true,
    };
  });
}

/** What is wrong with a member's value, in AWS's words; empty when nothing is. */
export function violationsOf(rule: MemberRule, value: string | Uint8Array | undefined): readonly string[] {
  if (value === undefined) return rule.isRequired ? [`${subject(rule, null)}Member must not be null`] : [];
  const problems = rule.isNumber ? numberProblems(rule, value) : lengthProblems(rule, value);
  return problems.map((problem) => subject(rule, value) + problem);
}

function numberProblems(rule: MemberRule, value: string | Uint8Array): readonly string[] {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : NaN;
  if (Number.isNaN(number)) return ['Member must be a number'];
  if (number < rule.min) return [`Member must have value greater than or equal to ${rule.min}`];
  if (number > rule.max) return [`Member must have value less than or equal to ${rule.max}`];
  return [];
}

function lengthProblems(rule: MemberRule, value: string | Uint8Array): readonly string[] {
  // Longer than allowed is not matched as well: the cost of a pattern stays bounded.
  if (value.length > rule.max) return [`Member must have length less than or equal to ${rule.max}`];
  const problems: string[] = [];
  if (value.length < rule.min) problems.push(`Member must have length greater than or equal to ${rule.min}`);
  if (rule.pattern !== null && typeof value === 'string' && !rule.pattern.expression.test(value)) {
    problems.push(`Member must satisfy regular expression pattern: ${rule.pattern.text}`);
  }
  return problems;
}

/** A value longer than this is not repeated in whole. */
const shownCharsMax = 256;

function subject(rule: MemberRule, value: string | Uint8Array | null): string {
  const at = `at '${rule.member.charAt(0).toLowerCase()}${rule.member.slice(1)}' failed to satisfy constraint: `;
  if (value === null) return `Value null ${at}`;
  if (rule.isSensitive || typeof value !== 'string') return `Value ${at}`;
  return `Value '${value.slice(0, shownCharsMax)}' ${at}`;
}
