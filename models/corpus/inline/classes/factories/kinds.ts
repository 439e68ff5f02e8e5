/** Kinds of classes that make test data: factories of records and lists, overloads, builders, defaults. */
import type { FileKind } from '../../file-kind.js';
import type { Member } from '../../part.js';
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

function factoryKind(kind: string, suffixes: readonly string[], first: Member): FileKind {
  return { kind, weight: 1, suffixes, first, members: [], least: 0, most: 0, writtenMax: 1 };
}

/** Whole factories and builders of test data. */
export const factoryKinds: readonly FileKind[] = [
  { ...factoryKind('factory of records', factories, recordFactory), weight: 2 },
  factoryKind('factory of lists', factories, listFactory),
  factoryKind('factory with overloads', factories, overloads),
  factoryKind('builder of a record', builders, recordBuilder),
  factoryKind('builder of values', builders, valueBuilder),
  factoryKind('factory with defaults', factories, defaultsFactory),
];
