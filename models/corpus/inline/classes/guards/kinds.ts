/** Classes that check what they are given: parameters, records, fields. */
import type { FileKind } from '../../file-kind.js';
import { guardedInsert, guardedUpdate } from './actions.js';
import { guardedSum } from './sums.js';
import { comparedFields, isValid, limitedFields, missingFields, requiredFields } from './records.js';

const alone = { members: [], least: 0, most: 0, writtenMax: 1 } as const;
const checking = ['Validator', 'Checks', 'Rules', 'Validation', 'Guard'] as const;

/** Classes of guards and validations. */
export const guardKinds: readonly FileKind[] = [
  {
    kind: 'guarded update',
    weight: 1,
    suffixes: ['Service', 'Updater', 'Manager'],
    first: guardedUpdate,
    ...alone,
  },
  {
    kind: 'guarded insert',
    weight: 1,
    suffixes: ['Controller', 'Service', 'Desk', 'Factory'],
    first: guardedInsert,
    ...alone,
  },
  {
    kind: 'guarded sum',
    weight: 1,
    suffixes: ['Math', 'Calculator', 'Tools', 'Figures'],
    first: guardedSum,
    ...alone,
  },
  { kind: 'compared fields', weight: 1, suffixes: checking, first: comparedFields, ...alone },
  { kind: 'limited fields', weight: 1, suffixes: checking, first: limitedFields, ...alone },
  { kind: 'required fields', weight: 1, suffixes: checking, first: requiredFields, ...alone },
  { kind: 'missing fields', weight: 1, suffixes: checking, first: missingFields, ...alone },
  { kind: 'valid question', weight: 1, suffixes: checking, first: isValid, ...alone },
];
