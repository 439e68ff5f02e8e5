/** Classes that look things up in maps: running totals, groups, parents by id, children of parents, imports. */
import { classKind } from '../class-kind.js';
import type { FileKind } from '../../file-kind.js';
import { childrenByParent, handedDown, keptParents, subqueryCounts } from './children.js';
import { frequencies, groupClass, pairTotals } from './classes.js';
import { matchedImport, namedParents, recordIndex } from './imports.js';
import { differing, markedParents, parentsById, sharedIds } from './parents.js';
import { groupings, runningTotals, totalsClass } from './totals.js';

/** Whole classes around maps by id or key. */
export const lookupKinds: readonly FileKind[] = [
  classKind('lookup running totals', ['Totals', 'Counter', 'Stats', 'Summary'], runningTotals),
  classKind('lookup totals class', ['Tally', 'Totals', 'Counter', 'Ledger', 'Balance'], totalsClass),
  classKind('lookup groupings', ['Grouper', 'Groups', 'Index', 'Sorter'], groupings),
  classKind('lookup parents', ['Handler', 'Service', 'Sync', 'Rules', 'TriggerHandler'], parentsById),
  classKind('lookup shared ids', ['Handler', 'TriggerHandler', 'Service', 'Domain'], sharedIds),
  classKind('lookup marked parents', ['Marker', 'Handler', 'Service', 'Notifier'], markedParents),
  classKind('lookup differing', ['Check', 'Comparer', 'Audit', 'Sync'], differing),
  classKind('lookup subqueries', ['Counter', 'Recount', 'Stats', 'Service'], subqueryCounts),
  classKind('lookup handed down', ['Cascade', 'Handler', 'Sync', 'TriggerHandler'], handedDown),
  classKind('lookup children', ['Service', 'Refresh', 'Selector', 'Helper'], childrenByParent),
  classKind('lookup kept parents', ['Guard', 'Handler', 'Protection', 'TriggerHandler'], keptParents),
  classKind('lookup import', ['Import', 'Importer', 'Loader', 'Sync'], matchedImport),
  classKind('lookup index', ['Index', 'Finder', 'Directory', 'Cache'], recordIndex),
  classKind('lookup named parents', ['Import', 'Importer', 'Loader', 'Intake'], namedParents),
  classKind('lookup group class', ['Groups', 'Grouper', 'Buckets', 'Collector'], groupClass),
  classKind('lookup pair totals', ['Matrix', 'Grid', 'Pivot', 'Totals'], pairTotals),
  classKind('lookup frequencies', ['Frequency', 'Counts', 'Counter', 'Statistics'], frequencies),
];
