/** Classes that choose one of several values: `switch`, tables, ternaries. */
import { classKind } from '../class-kind.js';
import type { FileKind } from '../../file-kind.js';
import { flagChoice } from './flags.js';
import { appliedTable, heldTable, mapTable, tables } from './lookups.js';
import { constantResults, steps, thereAndBack, typeSwitch } from './types.js';

const suffixes = ['Rates', 'Table', 'Lookup', 'Levels', 'Mapper', 'Labels', 'Rules'] as const;

/** Classes that look something up by a value or a question. */
export const choiceKinds: readonly FileKind[] = [
  classKind('held table', ['Level', 'Badge', 'Status', 'Label'], heldTable),
  classKind('comment tables', suffixes, tables),
  classKind('map table', suffixes, mapTable),
  classKind('applied table', ['Defaults', 'Prefill', 'Levels'], appliedTable),
  classKind('flag choice', ['Rates', 'Fees', 'Pricing', 'Limits'], flagChoice),
  classKind('type switch', ['Labels', 'Titles', 'Describer'], typeSwitch),
  classKind('there and back', ['Codes', 'Mapper', 'Translator'], thereAndBack),
  classKind('constant results', suffixes, constantResults),
  classKind('steps', ['Grades', 'Tiers', 'Levels', 'Scoring'], steps),
];
