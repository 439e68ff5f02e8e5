/** Kinds of classes for data that is shown or sent: rows, wrappers, transfer objects. */
import { classKind } from '../class-kind.js';
import type { FileKind } from '../../file-kind.js';
import { chosenRows, innerRows, nestedRows, rowBackAndForth, rowOfRecord } from './records.js';
import { groupRows, optionRows, rowCaller, rowEquality, rowJson, rowMap, rowOfValues } from './values.js';

const rowSuffixes = ['Row', 'Dto', 'DTO', 'Wrapper', 'Info', 'View', 'Data', 'Item', 'Vm'];
const ownerSuffixes = ['Controller', 'Ctrl', 'Rows', 'Service', 'ListController', 'Presenter'];

/** Rows that records or values make, and what is done with them; each kind is one whole class. */
export const rowKinds: readonly FileKind[] = [
  classKind('row of a record', rowSuffixes, rowOfRecord),
  classKind('row and record', rowSuffixes, rowBackAndForth),
  classKind('row of values', rowSuffixes, rowOfValues),
  classKind('row as map', rowSuffixes, rowMap),
  classKind('row as json', [...rowSuffixes, 'Payload', 'Message'], rowJson),
  classKind('row equality', [...rowSuffixes, 'Key'], rowEquality),
  classKind('inner rows', ownerSuffixes, innerRows),
  classKind('chosen rows', ownerSuffixes, chosenRows),
  classKind('nested rows', ownerSuffixes, nestedRows),
  classKind('row caller', ownerSuffixes, rowCaller),
  classKind('group rows', [...ownerSuffixes, 'Report'], groupRows),
  classKind('option rows', [...ownerSuffixes, 'Options'], optionRows),
];
