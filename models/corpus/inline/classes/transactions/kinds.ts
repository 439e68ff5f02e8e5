/** Kinds of classes that write in transactions: savepoints, services that answer failures, partial writes. */
import type { FileKind } from '../../file-kind.js';
import type { Member } from '../../part.js';
import { collectedResults, failedRecords, partialSiblings, resultHolder } from './partial.js';
import { movedChildren, oneByOne, parentWithChildren, savepointSiblings } from './savepoint.js';
import { finallyReset, messagesOfWrites, serviceOfWrites, twoCatches } from './services.js';

/** A class of one maker alone. */
function whole(kind: string, suffixes: readonly string[], first: Member): FileKind {
  return { kind, weight: 1, suffixes, first, members: [], least: 0, most: 0, writtenMax: 1 };
}

const services = ['Service', 'Manager', 'Writer', 'Dml', 'Repository', 'Operations'];

/** Savepoints and rollbacks, services of writes with one manner of failing, partial writes and their results. */
export const transactionKinds: readonly FileKind[] = [
  whole('savepoint family', ['Service', 'Creator', 'Builder', 'Controller', 'Importer'], parentWithChildren),
  whole('savepoint move', ['MergeService', 'Mover', 'Transfer', 'Reassigner', 'Service'], movedChildren),
  whole('savepoint each', ['Processor', 'Runner', 'Worker', 'Service'], oneByOne),
  whole('savepoint siblings', ['Transactions', 'UnitOfWork', 'Service', 'Store'], savepointSiblings),
  whole('service of writes', services, serviceOfWrites),
  whole('two catches', ['Controller', 'Service', 'Editor', 'Updater'], twoCatches),
  whole('finally reset', ['Service', 'Bypass', 'Saver', 'Writer'], finallyReset),
  whole('messages of writes', ['Service', 'Saver', 'Changes', 'Sync'], messagesOfWrites),
  whole('partial siblings', services, partialSiblings),
  whole('collected results', ['Saver', 'Loader', 'Service', 'Dml', 'Import'], collectedResults),
  whole('failed records', ['Saver', 'Loader', 'Retry', 'Import', 'Service'], failedRecords),
  whole('result holder', ['Result', 'SaveReport', 'Saver', 'Outcome'], resultHolder),
];
