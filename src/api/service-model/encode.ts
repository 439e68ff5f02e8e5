/**
 * An operation's output -> plain JSON values of the wire: the members that the output's shape has, in its spelling and
 * order, milliseconds as epoch seconds, bytes as base64. Members that are undefined or null are left out.
 */
import type { ShapeNode, StructureNode } from './shape-tree.js';

/** How a protocol writes what JSON has no type for. */
export interface ScalarEncoding {
  /** A timestamp; milliseconds since 1970. */
  timestamp(milliseconds: number): unknown;
  blob(bytes: Uint8Array): unknown;
  /** A map, where it is not written as an object; values are encoded. */
  map?(entries: readonly (readonly [string, unknown])[]): unknown;
}

export const jsonScalars: ScalarEncoding = {
  timestamp: (milliseconds) => milliseconds / 1000,
  blob: (bytes) => Buffer.from(bytes).toString('base64'),
};

export function encodeOutput(
  node: StructureNode,
  output: object,
  scalars: ScalarEncoding = jsonScalars,
): Readonly<Record<string, unknown>> {
  const fields = output as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = {};
  for (const { wireName, name, node: memberNode } of node.members.values()) {
    const value = fields[name];
    if (value === undefined || value === null) continue;
    result[wireName] = encodeValue(memberNode, value, scalars);
  }
  return result;
}

function encodeValue(node: ShapeNode, value: unknown, scalars: ScalarEncoding): unknown {
  switch (node.kind) {
    case 'structure':
      return encodeOutput(node, value as object, scalars);
    case 'list':
      return (value as readonly unknown[]).map((one) => encodeValue(node.element, one, scalars));
    case 'map': {
      const entries = Object.entries(value as object).map(([key, one]): readonly [string, unknown] => [
        key,
        encodeValue(node.value, one, scalars),
      ]);
      return scalars.map?.(entries) ?? Object.fromEntries(entries);
    }
    case 'timestamp':
      return scalars.timestamp(value as number);
    case 'blob':
      return scalars.blob(value as Uint8Array);
    case 'string':
    case 'integer':
    case 'float':
    case 'boolean':
      return value;
    default:
      return node satisfies never;
  }
}
