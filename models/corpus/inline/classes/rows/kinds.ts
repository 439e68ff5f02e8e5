/** Kinds of classes for data that is shown or sent: rows, wrappers, transfer objects. */
import type { FileKind } from '../../file-kind.js';
import type { Member } from '../../part.js';
import { chosenRows, innerRows, nestedRows, rowBackAndForth, rowOfRecord } from './records.js';
import { groupRows, optionRows, rowCaller, rowEquality, rowJson, rowMap, rowOfValues } from './values.js';

const rowSuffixes = ['Row', 'Dto', 'DTO', 'Wrapper', 'Info', 'View', 'Data', 'Item', 'Vm'];
const ownerSuffixes = ['Controller', 'Ctrl', 'Rows', 'Service', 'ListController', 'Presenter'];

function kindOf(kind: string, suffixes: readonly string[], first: Member): FileKind {
  return { kind, weight: 1, suffixes, first, members: [], least: 0, most: 0, writtenMax: 1 };
}

/** Rows that records or values make, and what is done with them; each kind is one whole class. */
export const rowKinds: readonly FileKind[] = [
  kindOf('row of a record', rowSuffixes, rowOfRecord),
  kindOf('row and record', rowSuffixes, rowBackAndForth),
  kindOf('row of values', rowSuffixes, rowOfValues),
  kindOf('row as map', rowSuffixes, rowMap),
  kindOf('row as json', [...rowSuffixes, 'Payload', 'Message'], rowJson),
  kindOf('row equality', [...rowSuffixes, 'Key'], rowEquality),
  kindOf('inner rows', ownerSuffixes, innerRows),
  kindOf('chosen rows', ownerSuffixes, chosenRows),
  kindOf('nested rows', ownerSuffixes, nestedRows),
  kindOf('row caller', ownerSuffixes, rowCaller),
  kindOf('group rows', [...ownerSuffixes, 'Report'], groupRows),
  kindOf('option rows', [...ownerSuffixes, 'Options'], optionRows),
];
