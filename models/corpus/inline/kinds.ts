/** The kinds of classes that files are: their names' endings and their members. */
import type { FileKind } from './file-kind.js';
import { wholeClassKinds } from './classes/kinds.js';
import { calloutMock } from './idioms-platform.js';
import { dataKinds } from './kinds-data.js';
import { handlerKinds } from './kinds-handlers.js';
import { jobKinds } from './kinds-jobs.js';
import { serviceKinds } from './kinds-services.js';
import { toolKinds } from './kinds-tools.js';
import { testFields } from './members-series.js';
import { siblingTests } from './members.js';
import { testBulk, testFailure, testJob, testSetup, testUpdate } from './tests.js';

export const fileKinds: readonly FileKind[] = [
  ...serviceKinds,
  ...dataKinds,
  ...handlerKinds,
  ...toolKinds,
  ...jobKinds,
  ...wholeClassKinds,
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
    annotation: () => '@IsTest',
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
