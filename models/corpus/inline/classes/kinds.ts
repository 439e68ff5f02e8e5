/** The kinds of whole classes, each written in one go about one idea, and how often each group of them is drawn. */
import type { FileKind } from '../file-kind.js';
import { aggregateKinds } from './aggregates/kinds.js';
import { choiceKinds } from './choices/kinds.js';
import { controllerKinds } from './controllers/kinds.js';
import { dateKinds } from './dates/kinds.js';
import { factoryKinds } from './factories/kinds.js';
import { guardKinds } from './guards/kinds.js';
import { classHandlerKinds } from './handlers/kinds.js';
import { classJobKinds } from './jobs/kinds.js';
import { lookupKinds } from './lookups/kinds.js';
import { orderingKinds } from './ordering/kinds.js';
import { priceKinds } from './prices/kinds.js';
import { rowKinds } from './rows/kinds.js';
import { searchKinds } from './searches/kinds.js';
import { seriesKinds } from './series/kinds.js';
import { testingKinds } from './testing/kinds.js';
import { transactionKinds } from './transactions/kinds.js';
import { wordingKinds } from './wording/kinds.js';

/** A group's weight is divided among its kinds by their own weights. */
const groups: readonly (readonly [weight: number, kinds: readonly FileKind[]])[] = [
  [6, transactionKinds],
  [6, classJobKinds],
  [5, aggregateKinds],
  [6, lookupKinds],
  [4, orderingKinds],
  [5, choiceKinds],
  [5, guardKinds],
  [3, dateKinds],
  [3, wordingKinds],
  [4, searchKinds],
  [3, priceKinds],
  [5, rowKinds],
  [4, controllerKinds],
  [5, classHandlerKinds],
  [7, testingKinds],
  [2, factoryKinds],
  [3, seriesKinds],
];

/** All of them, beside those of kinds.ts. */
export const wholeClassKinds: readonly FileKind[] = groups.flatMap(([total, kinds]) => {
  const sum = kinds.reduce((all, { weight }) => all + weight, 0);
  return kinds.map((kind) => ({ ...kind, weight: (kind.weight / sum) * total }));
});
