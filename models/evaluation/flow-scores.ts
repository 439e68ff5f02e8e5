/** What counts of a flow: object, event, conditions, and the steps in order; names count only for "exact". */
import { z } from 'zod';
import flowSchema from '../flow.schema.json' with { type: 'json' };
import { apexTokens } from './apex-tokens.js';
import { conditionsOf } from './soql-slots.js';

export interface FlowScores {
  readonly isJson: boolean;
  readonly isValid: boolean;
  readonly object: boolean;
  readonly event: boolean;
  readonly conditions: boolean;
  readonly steps: boolean;
  /** Valid, and object, event, conditions and steps are those of one and the same accepted answer. */
  readonly right: boolean;
  readonly exact: boolean;
}

/** A flow without its names: what the four parts say, each as text that can be compared. */
export interface FlowParts {
  readonly object: string;
  readonly event: string;
  readonly conditions: string;
  readonly steps: string;
}

type Members = Readonly<Record<string, unknown>>;

const schema = z.fromJSONSchema(flowSchema as Parameters<typeof z.fromJSONSchema>[0]);

/** Of several accepted answers the one that most parts agree with counts. */
export function scoreFlow(accepted: readonly string[], answer: string): FlowScores {
  const flow = parsed(answer);
  const isValid = flow !== undefined && schema.safeParse(flow).success;
  const parts = flow === undefined ? null : flowParts(flow);
  const compared = accepted.map((text) => {
    const expected = flowParts(JSON.parse(text))!;
    const agrees = (part: keyof FlowParts) => parts !== null && parts[part] === expected[part];
    const object = agrees('object');
    const event = agrees('event');
    const conditions = agrees('conditions');
    const steps = agrees('steps');
    return { object, event, conditions, steps, right: isValid && object && event && conditions && steps };
  });
  const best = compared.reduce((most, one) => (countTrue(one) > countTrue(most) ? one : most));
  return {
    isJson: flow !== undefined,
    isValid,
    ...best,
    exact: flow !== undefined && accepted.some((text) => ordered(JSON.parse(text)) === ordered(flow)),
  };
}

function countTrue(scores: Readonly<Record<string, boolean>>): number {
  return Object.values(scores).filter(Boolean).length;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Null where it is no flow at all. */
export function flowParts(flow: unknown): FlowParts | null {
  if (!isMembers(flow)) return null;
  const { object, on, when, steps } = flow;
  const conditions = (Array.isArray(when) ? when : [when]).map((condition) => conditionText(condition));
  return {
    object: ordered(object),
    event: ordered(on),
    conditions: ordered(conditions.sort()),
    steps: Array.isArray(steps) ? ordered(steps.map((step) => namelessStep(step, steps))) : '',
  };
}

/** A step without its name; a decision points to places instead of names. */
function namelessStep(step: unknown, steps: readonly unknown[]): unknown {
  if (!isMembers(step)) return step;
  const { name: _name, ...rest } = step;
  if (rest['type'] !== 'decision') return rest;
  const placeOf = (name: unknown): unknown => {
    const place = steps.findIndex((other) => isMembers(other) && other['name'] === name);
    return place < 0 ? name : place;
  };
  return { ...rest, if: conditionText(rest['if']), yes: placeOf(rest['yes']), no: placeOf(rest['no']) };
}

/** As conditions of queries: spacing and the order of a list or around AND do not count. */
function conditionText(condition: unknown): string {
  if (typeof condition !== 'string') return ordered(condition);
  return conditionsOf(apexTokens(condition)).sort().join(' AND ');
}

/** JSON whose members stand in the order of their names, so that equal values are equal texts. */
function ordered(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(ordered).join()}]`;
  if (!isMembers(value)) return JSON.stringify(value) ?? '';
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${ordered(value[key])}`);
  return `{${members.join()}}`;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
