/**
 * The runtime's operations as the published service model has them: address, members, limits and errors.
 * Nothing about them is written by hand, so a newer model is a new file and nothing else.
 */
import { StowageError } from '../../domain/errors.js';
import type { Exchange } from '../http/exchange.js';
import { pathParts } from '../http/path.js';
import { constraintError } from '../service-model/constraint-errors.js';
import type { ModelShape } from '../service-model/service-model.js';
import { type MemberRule, rulesOf, violationsOf } from './model/constraints.js';
import serviceModel from './model/runtime-2017-05-13.json' with { type: 'json' };

export { isConstraintError } from '../service-model/constraint-errors.js';

export type OperationName = keyof typeof serviceModel.operations;
type InputShape =
  'InvokeEndpointInput' | 'InvokeEndpointWithResponseStreamInput' | 'InvokeEndpointAsyncInput';
/** Names of members of the operations' inputs. */
export type InputMember = {
  [Shape in InputShape]: keyof (typeof serviceModel.shapes)[Shape]['members'];
}[InputShape];
/** The errors that the runtime's operations declare before a stream begins; each is a shape of the model. */
export type DeclaredError = Extract<
  keyof typeof serviceModel.shapes,
  | 'ValidationError'
  | 'ModelError'
  | 'ModelNotReadyException'
  | 'InternalFailure'
  | 'ServiceUnavailable'
  | 'InternalDependencyException'
>;

const shapes: Readonly<Record<string, ModelShape>> = serviceModel.shapes;

export interface Operation {
  readonly name: OperationName;
  readonly method: string;
  /** The path's parts; a name in braces stands for any part. */
  readonly parts: readonly string[];
  readonly rules: readonly MemberRule[];
  readonly bodyBytesMax: number;
  readonly errors: ReadonlySet<string>;
}

/** The input of one call; every value is as the model demands. */
export type Input = Readonly<Partial<Record<InputMember, string>>>;

export const operations: readonly Operation[] = (Object.keys(serviceModel.operations) as OperationName[]).map(
  (name) => {
    const { http, input, errors } = serviceModel.operations[name];
    const rules = rulesOf(shapes, input.shape);
    const payload = rules.find(({ member }) => member === shapes[input.shape]?.payload);
    return {
      name,
      method: http.method,
      parts: http.requestUri.split('/').slice(1),
      rules,
      bodyBytesMax: payload?.rule.max ?? 0,
      errors: new Set(errors.map(({ shape }) => shape)),
    };
  },
);

/** The status that the model gives an error. */
export function statusOf(error: DeclaredError): number {
  const status = shapes[error]?.error?.httpStatusCode;
  if (status === undefined) throw new Error(`the service model has no status for ${error}`);
  return status;
}

export interface MatchedOperation {
  readonly operation: Operation;
  /** Values of the names in braces. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The operation at a path (not decoded, no query). Throws REQ-215 when it wants another method. */
export function matchOperation(method: string, path: string): MatchedOperation | undefined {
  if (!path.startsWith('/endpoints/')) return undefined;
  const parts = pathParts(path);
  if (parts === undefined) return undefined;
  for (const operation of operations) {
    const labels = labelsOf(operation.parts, parts);
    if (labels === undefined) continue;
    if (method === operation.method) return { operation, labels };
    throw StowageError.of('REQ-215', { method, allowed: operation.method });
  }
  return undefined;
}

function labelsOf(
  template: readonly string[],
  parts: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (template.length !== parts.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const wanted = template[index] ?? '';
    if (wanted.startsWith('{')) labels[wanted.slice(1, -1)] = part;
    else if (wanted !== part) return undefined;
  }
  return labels;
}

/** The call's input, checked against the whole model; throws REQ-210 with AWS's words for all violations. */
export function readInput(
  { operation, labels }: MatchedOperation,
  exchange: Pick<Exchange, 'headers' | 'body'>,
): Input {
  const input: Record<string, string> = {};
  const violations: string[] = [];
  let field = '';
  for (const rule of operation.rules) {
    const { member, header } = rule;
    const value = header === null ? (labels[member] ?? bodyOf(exchange)) : headerOf(exchange, header);
    if (typeof value === 'string') input[member] = value;
    if (value === undefined && !rule.isRequired) continue;
    const problems = violationsOf(rule, value);
    if (problems.length > 0 && violations.length === 0) field = rule.wireName;
    violations.push(...problems);
  }
  if (violations.length === 0) return input;
  throw constraintError(violations, violations.length, field);
}

/** A body of no bytes cannot be told from none. */
function bodyOf(exchange: Pick<Exchange, 'body'>): Uint8Array | undefined {
  return exchange.body.length === 0 ? undefined : exchange.body;
}

function headerOf(exchange: Pick<Exchange, 'headers'>, name: string): string | undefined {
  const value = exchange.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
