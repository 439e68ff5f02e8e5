/** Jobs, and clients of other systems. */
import type { FileKind } from './file-kind.js';
import { checkedClient } from './bulk/boundaries.js';
import { chainedQueueable, constantBatch } from './bulk/jobs.js';
import { ownException, upsertByKey } from './bulk/writes.js';
import { batch, callout, queueable, schedulable } from './jobs.js';
import { related, savepoint, updating } from './members-changes.js';
import { collecting, filtering, mapping, tool } from './members-logic.js';
import { ownBatchSize, ownSchedule } from './scope/jobs.js';
import { batchFields, jobFields } from './scope/members.js';
import { siblingMarks } from './siblings/methods.js';
import { siblingSaves } from './siblings/pairs.js';

export const jobKinds: readonly FileKind[] = [
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
];
