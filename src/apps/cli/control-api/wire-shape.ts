/**
 * The control API's shapes in the spelling of the domain and back: members begin with a small letter here and with a
 * capital on the wire. Keys of an environment are data and stay as they are; times become milliseconds.
 */

/** Members whose keys are the caller's own. */
const mapMembers: ReadonlySet<string> = new Set(['environment', 'tags']);

export function toWire(value: unknown): unknown {
  return respelled(value, (key) => key.charAt(0).toUpperCase() + key.slice(1));
}

/** Times become wall-clock milliseconds. */
export function fromWire(value: unknown): unknown {
  return respelled(value, (key) => key.charAt(0).toLowerCase() + key.slice(1));
}

function respelled(value: unknown, spell: (key: string) => string): unknown {
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map((one) => respelled(one, spell));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
      if (member === undefined || key === '$metadata') return [];
      // Tags are a map in some services and a list in others.
      const isMap = mapMembers.has(key.toLowerCase()) && !Array.isArray(member);
      return [[spell(key), isMap ? member : respelled(member, spell)]];
    }),
  );
}
