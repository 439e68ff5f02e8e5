/** Classes about queries with GROUP BY and what becomes of their rows. */
import type { FileKind } from '../../file-kind.js';
import type { Member, Weighted } from '../../part.js';
import { figuresByParent, nestedGroups, picklistGroups, recalculated, writtenToParents } from './maps.js';
import {
  comparedFigures,
  grandTotals,
  havingGroups,
  loadedFigures,
  rowsOfFigures,
  topGroups,
} from './rows.js';

const seconds: Weighted = [
  [1, grandTotals],
  [1, havingGroups],
  [1, picklistGroups],
];

/** Now and then a second method that asks something else. */
function kindOf(kind: string, first: Member, ...suffixes: readonly string[]): FileKind {
  const members = seconds.filter(([, member]) => member !== first);
  return { kind, weight: 1, suffixes, first, members, least: 0, most: 1, writtenMax: 1 };
}

/** Whole classes around AggregateResult: maps, records of parents, rows, rankings and totals. */
export const aggregateKinds: readonly FileKind[] = [
  kindOf(
    'aggregate to parents',
    writtenToParents,
    'Rollup',
    'Totals',
    'RollupService',
    'Calculator',
    'Summary',
  ),
  kindOf('aggregate recalculation', recalculated, 'Rollup', 'Recount', 'Totals', 'Counter'),
  kindOf('aggregate maps', figuresByParent, 'Selector', 'Stats', 'Figures', 'Repository', 'Totals'),
  kindOf('aggregate picklists', picklistGroups, 'Stats', 'Report', 'Dashboard', 'Selector'),
  kindOf('aggregate nested', nestedGroups, 'Breakdown', 'Stats', 'Matrix'),
  kindOf('aggregate rows', rowsOfFigures, 'Summary', 'Report', 'Overview', 'SummaryService'),
  kindOf('aggregate loaded', loadedFigures, 'Stats', 'Totals', 'Counts', 'Lookup'),
  kindOf('aggregate having', havingGroups, 'Duplicates', 'Finder', 'Checks', 'DuplicateFinder'),
  kindOf('aggregate grand', grandTotals, 'Total', 'Kpi', 'Figures', 'Metrics'),
  kindOf('aggregate top', topGroups, 'Ranking', 'Leaders', 'Top'),
  kindOf('aggregate limits', comparedFigures, 'Limits', 'Budget', 'Ceiling'),
];
