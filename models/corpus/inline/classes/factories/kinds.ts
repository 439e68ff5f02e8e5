/** Kinds of classes that make test data: factories of records and lists, overloads, builders, defaults. */
import { classKind } from '../class-kind.js';
import type { FileKind } from '../../file-kind.js';
import { defaultsFactory, recordBuilder, valueBuilder } from './builders.js';
import { listFactory, overloads, recordFactory } from './records.js';

const factories = [
  'TestFactory',
  'TestData',
  'DataFactory',
  'TestDataFactory',
  'Factory',
  'Fixtures',
  'Samples',
];
const builders = ['Builder', 'TestBuilder', 'Maker'];

/** Whole factories and builders of test data. */
export const factoryKinds: readonly FileKind[] = [
  { ...classKind('factory of records', factories, recordFactory), weight: 2 },
  classKind('factory of lists', factories, listFactory),
  classKind('factory with overloads', factories, overloads),
  classKind('builder of a record', builders, recordBuilder),
  classKind('builder of values', builders, valueBuilder),
  classKind('factory with defaults', factories, defaultsFactory),
];
