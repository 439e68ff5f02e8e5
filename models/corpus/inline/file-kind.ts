/** What a kind of file is made of. */
import type { Member, Part, Weighted } from './part.js';

export interface FileKind {
  readonly kind: string;
  readonly weight: number;
  readonly suffixes: readonly string[];
  /** Of every file of this kind, before the others. */
  readonly first?: Member;
  readonly members: Weighted;
  /** How many of the members are aimed for, without the first; there are fewer where draws lead to nothing. */
  readonly least: number;
  readonly most: number;
  /** How many members that BlockGen writes there may be; the first counts as one, so that 1 beside a first means none. */
  readonly writtenMax: number;
  readonly superclass?: string;
  /** `Database.Batchable<SObject>`. */
  readonly interfaces?: readonly string[];
  readonly isTest?: boolean;
  /** Other than the style's: classes of REST resources are global (Apex Developer Guide, RestResource annotation). */
  readonly access?: 'global';
  /** Of the class, on the line above it. */
  readonly annotation?: (part: Part) => string;
}
