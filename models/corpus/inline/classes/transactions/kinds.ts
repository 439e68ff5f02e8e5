/** Kinds of classes that write in transactions: savepoints, services that answer failures, partial writes. */
import { classKind } from '../class-kind.js';
import type { FileKind } from '../../file-kind.js';
import { collectedResults, failedRecords, partialSiblings, resultHolder } from './partial.js';
import { movedChildren, oneByOne, parentWithChildren, savepointSiblings } from './savepoint.js';
import { finallyReset, messagesOfWrites, serviceOfWrites, twoCatches } from './services.js';

const services = ['Service', 'Manager', 'Writer', 'Dml', 'Repository', 'Operations'];

/** Savepoints and rollbacks, services of writes with one manner of failing, partial writes and their results. */
export const transactionKinds: readonly FileKind[] = [
  classKind(
    'savepoint family',
    ['Service', 'Creator', 'Builder', 'Controller', 'Importer'],
    parentWithChildren,
  ),
  classKind('savepoint move', ['MergeService', 'Mover', 'Transfer', 'Reassigner', 'Service'], movedChildren),
  classKind('savepoint each', ['Processor', 'Runner', 'Worker', 'Service'], oneByOne),
  classKind('savepoint siblings', ['Transactions', 'UnitOfWork', 'Service', 'Store'], savepointSiblings),
  classKind('service of writes', services, serviceOfWrites),
  classKind('two catches', ['Controller', 'Service', 'Editor', 'Updater'], twoCatches),
  classKind('finally reset', ['Service', 'Bypass', 'Saver', 'Writer'], finallyReset),
  classKind('messages of writes', ['Service', 'Saver', 'Changes', 'Sync'], messagesOfWrites),
  classKind('partial siblings', services, partialSiblings),
  classKind('collected results', ['Saver', 'Loader', 'Service', 'Dml', 'Import'], collectedResults),
  classKind('failed records', ['Saver', 'Loader', 'Retry', 'Import', 'Service'], failedRecords),
  classKind('result holder', ['Result', 'SaveReport', 'Saver', 'Outcome'], resultHolder),
];
