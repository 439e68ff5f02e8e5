/**
 * A request → the members of an operation's input, checked against the service model. The words of a
 * violation are the service's own.
 */
import { StowageError } from '../../domain/errors.js';
import { type Member, MemberPlace, type Operation, type Shape } from './service-model.js';

/** Where members are read from. */
export interface InputSource {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

/** Member name → value; the body is not among them. Numbers are read as such. */
export type OperationInput = Readonly<Partial<Record<string, string | number>>>;

/** Longest value that a message repeats. */
const shownCharsMax = 128;

/** Values of the path's members when the path is the operation's, otherwise undefined. */
export function matchPath(
  operation: Operation,
  parts: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (parts.length !== operation.pathParts.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, wanted] of operation.pathParts.entries()) {
    const part = parts[index] ?? '';
    if (wanted.startsWith('{')) values[wanted.slice(1, -1)] = part;
    else if (wanted !== part) return undefined;
  }
  return values;
}

/** Throws REQ-210 with every violation in one message; its field is the first one's name on the wire. */
export function readInput(
  operation: Operation,
  pathValues: Readonly<Record<string, string>>,
  source: InputSource,
): OperationInput {
  const input: Record<string, string | number> = {};
  const violations: string[] = [];
  let firstField: string | null = null;
  for (const member of operation.members) {
    const value = valueOf(member, pathValues, source);
    const found = violationsOf(member, value);
    if (found.length > 0) firstField ??= member.wireName;
    violations.push(...found);
    if (typeof value === 'string') input[member.name] = isNumber(member.shape) ? Number(value) : value;
  }
  if (firstField === null) return input;
  const count = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
  const problem = `${count} detected: ${violations.join('; ')}`;
  throw StowageError.of('REQ-210', { problem, field: firstField }, { location: firstField });
}

function valueOf(
  member: Member,
  pathValues: Readonly<Record<string, string>>,
  source: InputSource,
): string | Uint8Array | undefined {
  switch (member.place) {
    case MemberPlace.Path:
      return pathValues[member.wireName];
    case MemberPlace.Header: {
      const value = source.headers[member.wireName.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : value;
    }
    case MemberPlace.Payload:
      // A body of no bytes cannot be told from none.
      return source.body.length === 0 ? undefined : source.body;
    default:
      return member.place satisfies never;
  }
}

/** One phrase for each constraint that does not hold. */
function violationsOf(member: Member, value: string | Uint8Array | undefined): readonly string[] {
  const at = `at '${member.name.charAt(0).toLowerCase()}${member.name.slice(1)}'`;
  if (value === undefined) {
    return member.isRequired ? [`Value null ${at} failed to satisfy constraint: Member must not be null`] : [];
  }
  const shown =
    member.shape.sensitive === true || typeof value !== 'string' ? 'Value' : `Value '${shorten(value)}'`;
  return brokenConstraints(member, value).map(
    (constraint) => `${shown} ${at} failed to satisfy constraint: Member must ${constraint}`,
  );
}

function brokenConstraints(member: Member, value: string | Uint8Array): readonly string[] {
  const { shape, pattern } = member;
  if (isNumber(shape)) return brokenNumberConstraints(shape, String(value));
  const broken: string[] = [];
  const length = typeof value === 'string' ? [...value].length : value.length;
  if (shape.max !== undefined && length > shape.max) {
    broken.push(`have length less than or equal to ${shape.max}`);
  }
  if (shape.min !== undefined && length < shape.min) {
    broken.push(`have length greater than or equal to ${shape.min}`);
  }
  if (pattern !== null && typeof value === 'string' && !pattern.test(value)) {
    broken.push(`satisfy regular expression pattern: ${shape.pattern}`);
  }
  if (shape.enum !== undefined && typeof value === 'string' && !shape.enum.includes(value)) {
    broken.push(`satisfy enum value set: [${shape.enum.join(', ')}]`);
  }
  return broken;
}

function brokenNumberConstraints(shape: Shape, text: string): readonly string[] {
  if (!/^-?\d{1,15}$/.test(text)) return ['be a whole number'];
  const value = Number(text);
  if (shape.max !== undefined && value > shape.max) return [`have value less than or equal to ${shape.max}`];
  if (shape.min !== undefined && value < shape.min) return [`have value greater than or equal to ${shape.min}`];
  return [];
}

/** Every number of this service's inputs is a whole one; a new kind must be noticed here. */
function isNumber(shape: Shape): boolean {
  switch (shape.type) {
    case 'integer':
    case 'long':
      return true;
    case 'string':
    case 'blob':
      return false;
    default:
      throw new Error(`the service model has a ${shape.type} in an input, which is not read here`);
  }
}

/** Printable ASCII of bounded length. */
function shorten(value: string): string {
  const printable = value.replace(/[^\x20-\x7e]/gu, '?');
  return printable.length <= shownCharsMax ? printable : `${printable.slice(0, shownCharsMax)}…`;
}
