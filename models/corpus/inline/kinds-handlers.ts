/** Handlers of triggers. */
import type { FileKind } from './file-kind.js';
import { parentChecks, parentCopies } from './bulk/parents.js';
import { oneForEach } from './bulk/writes.js';
import { aggregated, groupedChildren, recalculating } from './bulk/rollups.js';
import { handlerOverrides } from './bulk/triggers.js';
import { changedOnes, parents, related, updating, validating } from './members-changes.js';
import { bulkTriggers } from './members.js';
import { dayOffsets, limits } from './scope/constants.js';
import { handlerFields } from './scope/members.js';
import { messageConstants } from './scope/messages.js';
import { siblingMarks } from './siblings/methods.js';
import { siblingEvents, siblingIds } from './siblings/pairs.js';
import { handlerEvents, handlerRun } from './triggers.js';

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

/** Two are named `handler`, and stay so: which pairs of kind and object are held out goes by the name, and these are one kind with and without a first member. */
export const handlerKinds: readonly FileKind[] = [
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
];
