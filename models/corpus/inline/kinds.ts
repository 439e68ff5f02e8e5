/** The kinds of classes that files are: their names' endings and their members. */
import {
  aggregating,
  byIdMap,
  children,
  creating,
  dynamicQuery,
  json,
  mailing,
  paging,
  permission,
  restGet,
} from './idioms.js';
import { calloutMock, comparator, enqueuing, overdue } from './idioms-platform.js';
import { batch, callout, queueable, schedulable } from './jobs.js';
import {
  changedOnes,
  parents,
  partialSuccess,
  related,
  savepoint,
  updating,
  validating,
} from './members-changes.js';
import { builder, constants, constructed, wrapper } from './members-data.js';
import { collecting, filtering, lazy, mapping, singleton, summing, tool } from './members-logic.js';
import { controllerMethod, controllerSave, mapBy, selector } from './members-queries.js';
import {
  comparing,
  copying,
  enumeration,
  logging,
  parsing,
  patching,
  testFields,
  toMap,
} from './members-series.js';
import {
  chainedQueueable,
  checkedClient,
  constantBatch,
  invocableAction,
  picklistOptions,
} from './bulk/jobs.js';
import { parentChecks, parentCopies, twoLists } from './bulk/parents.js';
import { oneForEach, ownException, upsertByKey } from './bulk/results.js';
import { aggregated, groupedChildren, recalculating, subqueried } from './bulk/rollups.js';
import { handlerOverrides } from './bulk/triggers.js';
import {
  bulk,
  bulkTriggers,
  general,
  scoped,
  siblingClasses,
  siblingMembers,
  siblingTests,
  type Weighted,
} from './members.js';
import type { Member } from './part.js';
import { dayOffsets, limits } from './scope/constants.js';
import {
  boundConstants,
  conditionList,
  formatTemplates,
  jobStarter,
  messageConstants,
  ownBatchSize,
  ownSchedule,
} from './scope/jobs.js';
import { batchFields, calculator, jobFields } from './scope/members.js';
import { comparableRow, handlerFields, pageState } from './scope/orders.js';
import { commentTable, constantSwitch, stateObject, tiers } from './scope/tables.js';
import { siblingConstants } from './siblings/fields.js';
import { siblingFilters, siblingGroups, siblingLookups, siblingMaps } from './siblings/maps.js';
import { siblingMarks } from './siblings/methods.js';
import { siblingEvents, siblingIds, siblingRequired, siblingSaves } from './siblings/pairs.js';
import { siblingTable } from './siblings/tables.js';
import { testBulk, testFailure, testJob, testSetup, testUpdate } from './tests.js';
import { handlerEvents, handlerRun } from './triggers.js';

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

const changes = [
  [3, updating],
  [2, partialSuccess],
  [2, related],
  [2, parents],
  [1, savepoint],
  [1, changedOnes],
  [1, validating],
] as const;

const series = [
  [1, copying],
  [1, parsing],
  [1, toMap],
  [1, patching],
  [1, comparing],
  [0.7, logging],
  [0.7, enumeration],
] as const;

const logic = [
  ...series,
  [1, mailing],
  [0.7, comparator],
  [1, overdue],
  [1, enqueuing],
  [1, aggregating],
  [1, creating],
  [0.7, byIdMap],
  [0.7, json],
  [0.7, permission],
  [0.7, children],
  [2, mapBy],
  [2, mapping],
  [1, summing],
  [2, filtering],
  [2, collecting],
  [1, tool],
  [1, constants],
] as const;

const bulkOfHandlers = [
  [2, parentCopies],
  [1, parentChecks],
  [1, groupedChildren],
  [2, aggregated],
  [1, recalculating],
  [2, oneForEach],
  [1, limits],
  [1, dayOffsets],
  [1, messageConstants],
  [1, siblingMarks],
  [1, siblingIds],
] as const;

export const fileKinds: readonly FileKind[] = [
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
  {
    kind: 'wrapper',
    weight: 3,
    suffixes: ['Wrapper', 'Dto', 'DTO', 'Data', 'Model', 'Row'],
    first: wrapper,
    members: [...series, [1, tool]],
    least: 0,
    most: 1,
    writtenMax: 0,
  },
  {
    kind: 'value',
    weight: 2,
    suffixes: ['Info', 'Request', 'Result', 'Options', 'Config'],
    first: constructed,
    members: [...series, [1, tool]],
    least: 0,
    most: 1,
    writtenMax: 0,
  },
  {
    kind: 'builder',
    weight: 2,
    suffixes: ['Builder', 'Factory', 'Fixture'],
    first: builder,
    members: [...series, [1, tool]],
    least: 0,
    most: 1,
    writtenMax: 0,
  },
  {
    kind: 'handler',
    weight: 4,
    suffixes: ['TriggerHandler', 'Handler', 'TriggerHelper'],
    first: handlerEvents,
    members: [
      [3, handlerRun],
      [2, changedOnes],
      [2, validating],
      [1, related],
      [1, parents],
      [1, updating],
      ...bulkTriggers,
      ...bulkOfHandlers,
    ],
    least: 0,
    most: 2,
    writtenMax: 1,
  },
  {
    kind: 'handler',
    weight: 3,
    suffixes: ['TriggerHandler', 'Handler', 'Triggers'],
    members: [...bulkTriggers, ...bulkOfHandlers, [4, siblingEvents]],
    least: 1,
    most: 2,
    writtenMax: 0,
  },
  {
    kind: 'handler of fields',
    weight: 1,
    suffixes: ['TriggerHandler', 'Handler', 'Rules'],
    first: handlerFields,
    members: bulkOfHandlers,
    least: 0,
    most: 1,
    writtenMax: 0,
  },
  {
    kind: 'overriding handler',
    weight: 2,
    suffixes: ['TriggerHandler', 'Handler'],
    first: handlerOverrides,
    members: bulkOfHandlers,
    least: 0,
    most: 1,
    writtenMax: 0,
    superclass: 'TriggerHandler',
  },
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
  {
    kind: 'batch',
    weight: 3,
    suffixes: ['Batch', 'CleanupBatch', 'UpdateBatch', 'BatchJob'],
    first: batch,
    members: [
      [1, collecting],
      [3, ownBatchSize],
    ],
    least: 0,
    most: 1,
    writtenMax: 0,
    interfaces: ['Database.Batchable<SObject>', 'Database.Batchable<SObject>, Database.Stateful'],
  },
  {
    kind: 'stateful batch',
    weight: 2,
    suffixes: ['Batch', 'BatchJob', 'NightlyBatch'],
    first: (part) => part.pick(constantBatch, batchFields)(part),
    members: [[1, siblingMarks]],
    least: 0,
    most: 0,
    writtenMax: 0,
    interfaces: ['Database.Batchable<SObject>, Database.Stateful'],
  },
  {
    kind: 'queueable',
    weight: 3,
    suffixes: ['Queueable', 'Job', 'UpdateJob', 'AsyncUpdate'],
    first: queueable,
    members: [
      [1, filtering],
      [1, related],
    ],
    least: 0,
    most: 1,
    writtenMax: 0,
    interfaces: ['Queueable', 'Queueable, Database.AllowsCallouts'],
  },
  {
    kind: 'queueable of fields',
    weight: 3,
    suffixes: ['Queueable', 'Job', 'Worker'],
    first: (part) => part.pick(chainedQueueable, jobFields)(part),
    members: [
      [1, siblingMarks],
      [1, siblingSaves],
    ],
    least: 0,
    most: 1,
    writtenMax: 0,
    interfaces: ['Queueable', 'Queueable, Database.AllowsCallouts'],
  },
  {
    kind: 'schedulable',
    weight: 2,
    suffixes: ['Scheduler', 'Schedule', 'ScheduledJob'],
    first: schedulable,
    members: [[1, updating]],
    least: 0,
    most: 1,
    writtenMax: 1,
    interfaces: ['Schedulable'],
  },
  {
    kind: 'own schedule',
    weight: 1,
    suffixes: ['Scheduler', 'Schedule', 'Nightly'],
    first: ownSchedule,
    members: [[1, siblingMarks]],
    least: 0,
    most: 1,
    writtenMax: 0,
    interfaces: ['Schedulable'],
  },
  {
    kind: 'callout',
    weight: 2,
    suffixes: ['Client', 'Gateway', 'Api', 'CalloutService'],
    first: callout,
    members: [
      [1, mapping],
      [1, tool],
      [1, savepoint],
      [3, checkedClient],
      [1, ownException],
      [1, upsertByKey],
    ],
    least: 0,
    most: 1,
    writtenMax: 0,
  },
  {
    kind: 'test',
    weight: 7,
    suffixes: ['ServiceTest', 'Test', 'BatchTest', 'TriggerTest', 'ControllerTest'],
    members: [
      [3, testSetup],
      [3, testUpdate],
      [2, testBulk],
      [2, testFailure],
      [2, testFields],
      [1, calloutMock],
      [1, testJob],
      ...siblingTests,
    ],
    least: 1,
    most: 3,
    writtenMax: 0,
    isTest: true,
  },
  {
    kind: 'written',
    weight: 12,
    suffixes: ['Service', 'Actions', 'Tasks', 'Examples', 'Snippets', 'Jobs'],
    members: [],
    least: 0,
    most: 0,
    writtenMax: 4,
  },
];
