/** What a kind of file is made of. */
import type { Weighted } from './members.js';
import type { Member } from './part.js';

export interface FileKind {
  readonly kind: string;
  readonly weight: number;
  readonly suffixes: readonly string[];
  /** Of every file of this kind, before the others. */
  readonly first?: Member;
  readonly members: Weighted;
  /** How many of the members, without the first. */
  readonly least: number;
  readonly most: number;
  /** How many members that BlockGen writes there may be. */
  readonly writtenMax: number;
  readonly superclass?: string;
  /** `Database.Batchable<SObject>`. */
  readonly interfaces?: readonly string[];
  readonly isTest?: boolean;
}
