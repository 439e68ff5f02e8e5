/** Classes that serve others: services, selectors, controllers. */
import type { FileKind } from './file-kind.js';
import { invocableAction, picklistOptions } from './bulk/boundaries.js';
import { twoLists } from './bulk/parents.js';
import { aggregated, subqueried } from './bulk/rollups.js';
import { aggregating, children, dynamicQuery, paging } from './idioms.js';
import { parents } from './members-changes.js';
import { collecting, filtering, lazy, singleton } from './members-logic.js';
import { controllerMethod, controllerSave, mapBy, selector } from './members-queries.js';
import { bulk, changes, logic, scoped, siblingMembers } from './members.js';
import { jobStarter } from './scope/jobs.js';
import { formatTemplates } from './scope/messages.js';
import { boundConstants, conditionList } from './scope/queries.js';
import { siblingFilters, siblingGroups, siblingLookups, siblingMaps } from './siblings/maps.js';
import { siblingRequired, siblingSaves } from './siblings/pairs.js';

export const serviceKinds: readonly FileKind[] = [
  {
    kind: 'service',
    weight: 12,
    suffixes: ['Service', 'Manager', 'Helper', 'Processor', 'Domain'],
    members: [
      ...changes,
      ...logic,
      [0.5, singleton],
      [0.5, lazy],
      ...siblingMembers,
      ...scoped,
      ...bulk,
      [1, jobStarter],
      [1, invocableAction],
      [1, formatTemplates],
    ],
    least: 1,
    most: 3,
    writtenMax: 2,
  },
  {
    kind: 'selector',
    weight: 3,
    suffixes: ['Selector', 'Repository', 'Queries', 'Dao', 'Provider'],
    first: selector,
    members: [
      [1, mapBy],
      [1, parents],
      [1, lazy],
      [1, aggregating],
      [2, dynamicQuery],
      [2, paging],
      [1, children],
      [1, singleton],
      [1, collecting],
      [2, siblingLookups],
      [2, siblingFilters],
      [1, siblingMaps],
      [1, siblingGroups],
      [1.5, conditionList],
      [1.5, boundConstants],
      [1.5, aggregated],
      [1, subqueried],
      [1, twoLists],
    ],
    least: 0,
    most: 2,
    writtenMax: 1,
  },
  {
    kind: 'controller',
    weight: 3,
    suffixes: ['Controller', 'Ctrl', 'ListController', 'LwcController'],
    members: [
      [3, controllerMethod],
      [3, controllerSave],
      [1, filtering],
      [1, lazy],
      [2, picklistOptions],
      [2, siblingRequired],
      [1, siblingSaves],
      [1, siblingFilters],
      [1, conditionList],
    ],
    least: 2,
    most: 4,
    writtenMax: 1,
  },
];
