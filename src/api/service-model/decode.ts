/**
 * Plain JSON values -> an operation's checked input: members in camel case, timestamps as milliseconds, blobs as bytes.
 * Everything that the model demands is checked, and every violation is told at once in AWS's words.
 *
 * Three kinds of refusal, in this order: a value of the wrong type (at once), members that are unknown or not
 * supported, violated constraints. Nesting is bounded by the model, whatever the caller nests.
 */
import { nearest } from '../../domain/nearest.js';
import { StowageError } from '../../domain/errors.js';
import { badType, constraintError, violationsShownMax } from './constraint-errors.js';
import {
  demandsText,
  lengthProblems,
  mustNotBeNull,
  numberProblems,
  shownNull,
  type ShownValue,
  shownText,
  textProblems,
  violationText,
} from './constraints.js';
import type { ActedOn } from './coverage.js';
import {
  isScalar,
  type ListNode,
  type MapNode,
  type MemberNode,
  type ScalarNode,
  type ShapeNode,
  type StructureNode,
} from './shape-tree.js';

/** The input of an operation. Throws REQ-210 for types and constraints, REQ-212 for what is not supported. */
export function decodeInput(operation: string, node: StructureNode, value: unknown): object {
  const decoder = new Decoder(operation);
  const input = decoder.structure(node, value, { camel: '', wire: '' });
  decoder.finish();
  return input;
}

/** Where a value is: as AWS's messages spell it, and as the caller wrote it. */
interface Place {
  readonly camel: string;
  readonly wire: string;
}

/** Members that are named when several are refused. */
const refusalsShownMax = 5;

class Decoder {
  private readonly violations: string[] = [];
  private violationCount = 0;
  private firstPlace = '';
  private readonly refusals: { readonly field: string; readonly reason: string }[] = [];

  constructor(private readonly operation: string) {}

  finish(): void {
    this.throwRefusals();
    if (this.violationCount === 0) return;
    throw constraintError(this.violations, this.violationCount, this.firstPlace);
  }

  structure(node: StructureNode, value: unknown, place: Place): object {
    const fields = objectOf(value, place);
    this.refuseUnknown(node, fields, place);
    const result: Record<string, unknown> = {};
    let count = 0;
    for (const member of node.members.values()) {
      const raw = Object.hasOwn(fields, member.wireName) ? fields[member.wireName] : undefined;
      const at = placeOf(place, member);
      if (raw === undefined || raw === null) {
        if (member.isRequired) this.violate(at, shownNull, mustNotBeNull);
        continue;
      }
      count += 1;
      if (!this.mayTake(member, raw, at)) continue;
      result[member.name] = this.value(member.node, raw, at);
    }
    if (node.isUnion && count !== 1) this.violate(place, '', 'Exactly one member must be set');
    return result;
  }

  private value(node: ShapeNode, raw: unknown, place: Place): unknown {
    switch (node.kind) {
      case 'structure':
        return this.structure(node, raw, place);
      case 'list':
        return this.list(node, raw, place);
      case 'map':
        return this.map(node, raw, place);
      default: {
        const value = scalarOf(node, raw, place);
        const shown = node.isSensitive ? '' : shownScalar(raw);
        for (const problem of scalarProblems(node, value)) this.violate(place, shown, problem);
        return value;
      }
    }
  }

  private list(node: ListNode, raw: unknown, place: Place): readonly unknown[] {
    if (!Array.isArray(raw)) throw badType(raw, 'a List', place.wire);
    const elements: readonly unknown[] = raw;
    const countProblems = lengthProblems(node, elements.length);
    for (const problem of countProblems) this.violate(place, elements.length === 0 ? "'[]' " : '', problem);
    if (elements.length > node.max) return [];
    const { element } = node;
    if (isScalar(element)) return this.scalars(element, elements, place);
    return elements.map((one, index) => {
      const at = {
        camel: `${place.camel}.${index + 1}.member`,
        wire: `${place.wire}[${index}]`,
      };
      if (one !== null) return this.value(element, one, at);
      this.violate(at, shownNull, mustNotBeNull);
      return null;
    });
  }

  /** AWS tells of a list of scalars as of one value. */
  private scalars(node: ScalarNode, elements: readonly unknown[], place: Place): readonly unknown[] {
    let isViolated = false;
    const values = elements.map((one, index) => {
      const value = scalarOf(node, one, { ...place, wire: `${place.wire}[${index}]` });
      isViolated ||= scalarProblems(node, value).length > 0;
      return value;
    });
    if (isViolated) {
      const shown = node.isSensitive ? '' : shownText(`[${elements.slice(0, 100).join(', ')}]`);
      this.violate(place, shown, `Member must satisfy constraint: ${demandsText(node.rule)}`);
    }
    return values;
  }

  /** Values of maps are never repeated: they are where secrets are. */
  private map(node: MapNode, raw: unknown, place: Place): object {
    const entries = Object.entries(objectOf(raw, place));
    for (const problem of lengthProblems(node, entries.length)) this.violate(place, '', problem);
    if (entries.length > node.max) return {};
    const { key: keyNode, value: valueNode } = node;
    let hasBadKey = false;
    let hasBadValue = false;
    const decoded = entries.map(([key, one]): readonly [string, unknown] => {
      const shownKey = key.slice(0, 64);
      const at = { camel: `${place.camel}.${shownKey}.member`, wire: `${place.wire}.${shownKey}` };
      hasBadKey ||= scalarProblems(keyNode, key).length > 0;
      if (!isScalar(valueNode)) return [key, this.value(valueNode, one, at)];
      const value = scalarOf(valueNode, one, at);
      hasBadValue ||= scalarProblems(valueNode, value).length > 0;
      return [key, value];
    });
    if (hasBadKey) this.violate(place, '', `Map keys must satisfy constraint: ${demandsText(keyNode.rule)}`);
    if (hasBadValue && isScalar(valueNode)) {
      this.violate(place, '', `Map value must satisfy constraint: ${demandsText(valueNode.rule)}`);
    }
    // Keys are the caller's: `fromEntries` makes each of them a property of its own, even `__proto__`.
    return Object.fromEntries(decoded);
  }

  private mayTake(member: MemberNode, raw: unknown, place: Place): boolean {
    const { coverage } = member;
    switch (coverage.kind) {
      case 'stored':
        return true;
      case 'acted':
        return this.mayAct(coverage, raw, place);
      case 'refused':
        if (!coverage.neutral.includes(raw) && !isEmpty(member.node, raw)) {
          this.refuse(place.wire, coverage.reason);
        }
        return false;
      default:
        return coverage satisfies never;
    }
  }

  private mayAct(coverage: ActedOn, raw: unknown, place: Place): boolean {
    if (Array.isArray(raw) && raw.length > coverage.countMax) {
      this.refuse(place.wire, coverage.countReason);
      return false;
    }
    const elements: readonly unknown[] = Array.isArray(raw) ? raw.slice(0, 100) : [raw];
    for (const value of elements) {
      if (typeof value !== 'string' || !Object.hasOwn(coverage.refusedValues, value)) continue;
      this.refuse(`${place.wire}: ${value}`, coverage.refusedValues[value] ?? '');
      return false;
    }
    return true;
  }

  private refuseUnknown(node: StructureNode, fields: Readonly<Record<string, unknown>>, place: Place): void {
    for (const field of Object.keys(fields)) {
      if (node.members.has(field)) continue;
      const known = nearest(field, [...node.members.keys()]);
      const hint = known === null ? '' : ` (did you mean \`${known}\`?)`;
      const shown = field.slice(0, 100);
      this.refuse(
        place.wire === '' ? shown : `${place.wire}.${shown}`,
        `${this.operation} has no such member${hint}`,
      );
      if (this.refusals.length >= refusalsShownMax) return;
    }
  }

  private violate(place: Place, shown: ShownValue, problem: string): void {
    this.violationCount += 1;
    if (this.violations.length >= violationsShownMax) return;
    if (this.violationCount === 1) this.firstPlace = place.wire;
    this.violations.push(violationText(place.camel, shown, problem));
  }

  private refuse(field: string, reason: string): void {
    if (this.refusals.length < refusalsShownMax) this.refusals.push({ field, reason });
  }

  private throwRefusals(): void {
    const [first, ...others] = this.refusals;
    if (first === undefined) return;
    const more = others.map(({ field, reason }) => `; nor is \`${field}\`: ${reason}`).join('');
    const { field, reason } = first;
    throw StowageError.of('REQ-212', { field, problem: reason + more }, { location: field });
  }
}

function placeOf({ camel, wire }: Place, { name, wireName }: MemberNode): Place {
  if (wire === '') return { camel: name, wire: wireName };
  return { camel: `${camel}.${name}`, wire: `${wire}.${wireName}` };
}

function objectOf(value: unknown, place: Place): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badType(value, 'a Structure', place.wire);
  }
  return value as Readonly<Record<string, unknown>>;
}

function isEmpty(node: ShapeNode, raw: unknown): boolean {
  if (Array.isArray(raw)) return raw.length === 0;
  return node.kind === 'map' && typeof raw === 'object' && raw !== null && Object.keys(raw).length === 0;
}

/** The value of a scalar; throws REQ-210 when it is of another type. */
function scalarOf(node: ScalarNode, raw: unknown, place: Place): string | number | boolean | Uint8Array {
  switch (node.kind) {
    case 'string':
      if (typeof raw === 'string') return raw;
      throw badType(raw, 'a String', place.wire);
    case 'boolean':
      if (typeof raw === 'boolean') return raw;
      throw badType(raw, 'a Boolean', place.wire);
    case 'integer':
      if (typeof raw === 'number' && Number.isSafeInteger(raw)) return raw;
      throw badType(raw, 'an Integer', place.wire);
    case 'float':
      if (typeof raw === 'number' && Number.isFinite(raw)) return raw;
      throw badType(raw, 'a Double', place.wire);
    case 'timestamp':
      if (typeof raw === 'number' && Math.abs(raw) <= timestampSecondsMax) return Math.round(raw * 1000);
      throw badType(raw, 'a Timestamp', place.wire);
    case 'blob':
      if (raw instanceof Uint8Array) return raw;
      if (typeof raw === 'string' && base64.test(raw)) return Buffer.from(raw, 'base64');
      throw badType(raw, 'a Blob', place.wire);
    default:
      return node.kind satisfies never;
  }
}

/** What JavaScript's dates can be. */
const timestampSecondsMax = 8.64e12;
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

function scalarProblems(node: ScalarNode, value: string | number | boolean | Uint8Array): readonly string[] {
  if (typeof value === 'string') return textProblems(node.rule, value);
  if (value instanceof Uint8Array) return lengthProblems(node.rule, value.length);
  if (typeof value === 'number' && node.kind !== 'timestamp') return numberProblems(node.rule, value);
  return [];
}

function shownScalar(raw: unknown): ShownValue {
  return typeof raw === 'string' || typeof raw === 'number' ? shownText(String(raw)) : '';
}
