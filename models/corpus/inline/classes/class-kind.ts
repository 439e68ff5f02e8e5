/** How kinds of one maker are declared. */
import type { FileKind } from '../file-kind.js';
import type { Member } from '../part.js';

/** A kind of class that one maker writes, in half of the files with another one beside it. */
export function classKind(kind: string, suffixes: readonly string[], first: Member, also?: Member): FileKind {
  const members = also === undefined ? [] : ([[1, also]] as const);
  return { kind, weight: 1, suffixes, first, members, least: 0, most: members.length, writtenMax: 1 };
}
