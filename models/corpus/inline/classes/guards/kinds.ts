/** Classes that check what they are given: parameters, records, fields. */
import { classKind } from '../class-kind.js';
import type { FileKind } from '../../file-kind.js';
import { guardedInsert, guardedUpdate } from './actions.js';
import { guardedSum } from './sums.js';
import { comparedFields, isValid, limitedFields, missingFields, requiredFields } from './records.js';

const checking = ['Validator', 'Checks', 'Rules', 'Validation', 'Guard'] as const;

/** Classes of guards and validations. */
export const guardKinds: readonly FileKind[] = [
  classKind('guarded update', ['Service', 'Updater', 'Manager'], guardedUpdate),
  classKind('guarded insert', ['Controller', 'Service', 'Desk', 'Factory'], guardedInsert),
  classKind('guarded sum', ['Math', 'Calculator', 'Tools', 'Figures'], guardedSum),
  classKind('compared fields', checking, comparedFields),
  classKind('limited fields', checking, limitedFields),
  classKind('required fields', checking, requiredFields),
  classKind('missing fields', checking, missingFields),
  classKind('valid question', checking, isValid),
];
