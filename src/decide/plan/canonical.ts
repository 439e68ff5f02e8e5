/** Values as text that does not depend on the order of their members, for digests and comparisons. */

/** JSON with sorted keys; members that are undefined are left out. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** Every leaf of a value with the way to it; members of a list are named by what tells them apart, else by number. */
export function leavesOf(value: unknown, path = ''): Map<string, string> {
  const leaves = new Map<string, string>();
  collect(value, path, leaves);
  return leaves;
}

function collect(value: unknown, path: string, leaves: Map<string, string>): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'object') {
    leaves.set(path, String(value));
    return;
  }
  const members: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((member: unknown, index) => [nameOf(member) ?? String(index), member] as const)
    : Object.entries(value);
  for (const [key, member] of members) collect(member, path === '' ? key : `${path}.${key}`, leaves);
}

/** A variant's name, or the instance type that a specification is for. */
function nameOf(member: unknown): string | null {
  if (typeof member !== 'object' || member === null) return null;
  const { variantName } = member as { variantName?: unknown };
  return typeof variantName === 'string' ? variantName : null;
}
