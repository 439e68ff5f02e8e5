/** Endpoints, constants, rules and tools. */
import { free } from './apex.js';
import type { FileKind } from './file-kind.js';
import { creating, json, restGet } from './idioms.js';
import { constants } from './members-data.js';
import { mapping, tool } from './members-logic.js';
import { patching, toMap } from './members-series.js';
import { general, logic, scoped, siblingClasses, siblingMembers } from './members.js';
import { calculator, pageState } from './scope/members.js';
import { comparableRow } from './scope/orders.js';
import { commentTable, constantSwitch, stateObject, tiers } from './scope/tables.js';
import { siblingConstants } from './siblings/fields.js';
import { siblingTable } from './siblings/tables.js';

export const toolKinds: readonly FileKind[] = [
  {
    kind: 'rest',
    weight: 1,
    suffixes: ['Rest', 'RestService', 'Resource', 'Endpoint'],
    first: restGet,
    members: [
      [1, json],
      [1, creating],
      [1, toMap],
      [1, patching],
    ],
    least: 0,
    most: 1,
    writtenMax: 1,
    access: 'global',
    annotation: ({ thing }) => `@RestResource(urlMapping=${free(`'/${thing.many}/*'`)})`,
  },
  {
    kind: 'constants',
    weight: 1,
    suffixes: ['Constants', 'Status', 'Rules'],
    first: constants,
    members: [
      [1, mapping],
      [1, siblingTable],
      [1, commentTable],
      [1, constantSwitch],
      [1, tiers],
    ],
    least: 0,
    most: 1,
    writtenMax: 0,
  },
  {
    kind: 'rules',
    weight: 4,
    suffixes: ['Rules', 'Constants', 'Policy', 'Calculator', 'Settings'],
    members: [...scoped, [2, siblingConstants], [2, siblingTable]],
    least: 1,
    most: 2,
    writtenMax: 0,
  },
  {
    kind: 'tools',
    weight: 4,
    suffixes: ['Tools', 'Util', 'Utils', 'Utility'],
    members: [[4, tool], ...logic, ...general, ...scoped, ...siblingMembers],
    least: 1,
    most: 3,
    writtenMax: 2,
  },
  {
    kind: 'plain',
    weight: 8,
    suffixes: ['', 'Tools', 'Math', 'Lists', 'Parser', 'Helper', 'Report', 'Planner', 'Registry'],
    members: general,
    least: 1,
    most: 2,
    writtenMax: 0,
  },
  {
    kind: 'data',
    weight: 4,
    suffixes: ['Dto', 'Entry', 'Row', 'Item', 'Holder', 'Model'],
    members: [...siblingClasses, [1, calculator], [1, pageState], [1, comparableRow], [1, stateObject]],
    least: 1,
    most: 1,
    writtenMax: 0,
  },
];
