/**
 * What the runtime's model demands of an operation's input. Members are scalars here; they travel in the path, in
 * headers or as the body, so numbers arrive as texts.
 */
import {
  lengthProblems,
  mustNotBeNull,
  numberProblems,
  type ScalarRule,
  scalarRule,
  shownNull,
  shownText,
  textProblems,
  violationText,
} from '../../service-model/constraints.js';
import { camelCase, type ModelShape } from '../../service-model/service-model.js';

export interface MemberRule {
  /** As the model spells it, e.g. `EndpointName`. */
  readonly member: string;
  /** As callers know it, e.g. `X-Amzn-SageMaker-Session-Id`. */
  readonly wireName: string;
  /** Lower-case name of the header it travels in; null = path or body. */
  readonly header: string | null;
  readonly isRequired: boolean;
  readonly isNumber: boolean;
  readonly rule: ScalarRule;
  readonly isSensitive: boolean;
}

/** The rules of an input shape, in the model's order. */
export function rulesOf(shapes: Readonly<Record<string, ModelShape>>, input: string): readonly MemberRule[] {
  const { members = {}, required = [] } = shapes[input] ?? {};
  return Object.entries(members).map(([member, { shape: shapeName, location, locationName }]) => {
    const shape = shapes[shapeName] ?? { type: 'string' };
    return {
      member,
      wireName: locationName ?? member,
      header: location === 'header' ? (locationName ?? member).toLowerCase() : null,
      isRequired: required.includes(member),
      isNumber: shape.type === 'integer' || shape.type === 'long',
      rule: scalarRule(shape),
      isSensitive: shape.sensitive === true,
    };
  });
}

/** What is wrong with a member's value, in AWS's words; empty when nothing is. */
export function violationsOf(rule: MemberRule, value: string | Uint8Array | undefined): readonly string[] {
  const path = camelCase(rule.member);
  if (value === undefined) return rule.isRequired ? [violationText(path, shownNull, mustNotBeNull)] : [];
  const shown = rule.isSensitive || typeof value !== 'string' ? '' : shownText(value);
  return problemsOf(rule, value).map((problem) => violationText(path, shown, problem));
}

function problemsOf({ rule, isNumber }: MemberRule, value: string | Uint8Array): readonly string[] {
  if (typeof value !== 'string') return lengthProblems(rule, value.length);
  if (!isNumber) return textProblems(rule, value);
  return /^-?\d{1,15}$/.test(value) ? numberProblems(rule, Number(value)) : ['Member must be a number'];
}
