/** Classes that look things up in maps: running totals, groups, parents by id, children of parents, imports. */
import type { FileKind } from '../../file-kind.js';
import type { Member } from '../../part.js';
import { childrenByParent, handedDown, keptParents, subqueryCounts } from './children.js';
import { frequencies, groupClass, pairTotals } from './classes.js';
import { matchedImport, namedParents, recordIndex } from './imports.js';
import { differing, markedParents, parentsById, sharedIds } from './parents.js';
import { groupings, runningTotals, totalsClass } from './totals.js';

function kindOf(kind: string, first: Member, ...suffixes: readonly string[]): FileKind {
  return { kind, weight: 1, suffixes, first, members: [], least: 0, most: 0, writtenMax: 1 };
}

/** Whole classes around maps by id or key. */
export const lookupKinds: readonly FileKind[] = [
  kindOf('lookup running totals', runningTotals, 'Totals', 'Counter', 'Stats', 'Summary'),
  kindOf('lookup totals class', totalsClass, 'Tally', 'Totals', 'Counter', 'Ledger', 'Balance'),
  kindOf('lookup groupings', groupings, 'Grouper', 'Groups', 'Index', 'Sorter'),
  kindOf('lookup parents', parentsById, 'Handler', 'Service', 'Sync', 'Rules', 'TriggerHandler'),
  kindOf('lookup shared ids', sharedIds, 'Handler', 'TriggerHandler', 'Service', 'Domain'),
  kindOf('lookup marked parents', markedParents, 'Marker', 'Handler', 'Service', 'Notifier'),
  kindOf('lookup differing', differing, 'Check', 'Comparer', 'Audit', 'Sync'),
  kindOf('lookup subqueries', subqueryCounts, 'Counter', 'Recount', 'Stats', 'Service'),
  kindOf('lookup handed down', handedDown, 'Cascade', 'Handler', 'Sync', 'TriggerHandler'),
  kindOf('lookup children', childrenByParent, 'Service', 'Refresh', 'Selector', 'Helper'),
  kindOf('lookup kept parents', keptParents, 'Guard', 'Handler', 'Protection', 'TriggerHandler'),
  kindOf('lookup import', matchedImport, 'Import', 'Importer', 'Loader', 'Sync'),
  kindOf('lookup index', recordIndex, 'Index', 'Finder', 'Directory', 'Cache'),
  kindOf('lookup named parents', namedParents, 'Import', 'Importer', 'Loader', 'Intake'),
  kindOf('lookup group class', groupClass, 'Groups', 'Grouper', 'Buckets', 'Collector'),
  kindOf('lookup pair totals', pairTotals, 'Matrix', 'Grid', 'Pivot', 'Totals'),
  kindOf('lookup frequencies', frequencies, 'Frequency', 'Counts', 'Counter', 'Statistics'),
];
