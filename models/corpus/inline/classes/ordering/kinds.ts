/** Classes whose instances know their order, and comparators of records. */
import { classKind } from '../class-kind.js';
import type { FileKind } from '../../file-kind.js';
import { board, comparators, ownOrder, recordOrder, turningComparator } from './classes.js';
import { rankedOrder } from './ranks.js';

const rowSuffixes = ['Row', 'Entry', 'Item', 'Ranking', 'Candidate', 'Line', 'Wrapper', 'Score'] as const;

/** Classes that can be sorted and classes that sort. */
export const orderingKinds: readonly FileKind[] = [
  { ...classKind('ranked order', rowSuffixes, rankedOrder), interfaces: ['Comparable'] },
  { ...classKind('own order', rowSuffixes, ownOrder), interfaces: ['Comparable'] },
  { ...classKind('record order', rowSuffixes, recordOrder), interfaces: ['Comparable'] },
  classKind('comparators', ['Sorting', 'Orders', 'Comparators', 'Sorter'], comparators),
  classKind('turning comparator', ['Sorting', 'Sorter', 'Orders'], turningComparator),
  classKind('board', ['Board', 'Ranking', 'Queue', 'Leaderboard'], board),
];
