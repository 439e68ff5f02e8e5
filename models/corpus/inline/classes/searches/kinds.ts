/** Kinds of classes that query. */
import { classKind } from '../class-kind.js';
import type { FileKind } from '../../file-kind.js';
import { criteriaSearch, sortedSearch, termSearch } from './dynamic.js';
import { countsAndPages, oneRecord, selector } from './selectors.js';

/** Dynamic searches, selectors, single records, counts and pages. */
export const searchKinds: readonly FileKind[] = [
  classKind('criteria search', ['Search', 'Finder', 'SearchService', 'Query', 'Controller'], criteriaSearch),
  classKind('sorted search', ['List', 'Finder', 'TableController', 'Search', 'Query'], sortedSearch),
  classKind('term search', ['Search', 'Lookup', 'LookupController', 'Finder'], termSearch),
  classKind('selector methods', ['Selector', 'Selector', 'Repository', 'Dao', 'Queries'], selector),
  classKind('one record', ['Selector', 'Repository', 'Loader', 'Provider', 'Reader'], oneRecord),
  classKind('counts and pages', ['Pager', 'Paging', 'Controller', 'Queries'], countsAndPages),
];
