/** What inner classes are made of: their names, properties and declarations. */
import { pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, seen } from '../apex.js';
import type { Part } from '../part.js';
import { wordOr } from './words.js';

export interface Property {
  readonly type: string;
  readonly name: string;
}

/** The types of properties, and names that go with them. */
const pools: readonly (readonly [type: string, names: readonly string[]])[] = [
  ['String', ['code', 'label', 'city', 'street', 'title', 'reason', 'color', 'unit', 'email', 'region']],
  ['Integer', ['quantity', 'seats', 'position', 'pages', 'floorLevel', 'weeks', 'attempts']],
  ['Decimal', ['price', 'weight', 'rate', 'discount', 'height', 'share', 'volume']],
  ['Date', ['startsOn', 'endsOn', 'dueDate', 'birthday', 'validFrom', 'closedOn']],
  ['Boolean', ['isActive', 'isPaid', 'isUrgent', 'visible', 'isLocked']],
  ['Id', ['ownerId', 'accountId', 'parentId', 'recordId']],
];

/** In case the same names are drawn again and again. */
const maxTries = 30;

/** Properties of different names, as many as that unless the tries end before. */
export function drawProperties(part: Part, count: number): readonly Property[] {
  const properties: Property[] = [];
  for (let tries = 0; tries < maxTries && properties.length < count; tries++) {
    const [type, names] = part.random.pick(pools);
    const name = wordOr(part, 0.2, ...names);
    if (properties.every((other) => other.name !== name)) properties.push({ type, name });
  }
  return properties;
}

const classNames = [
  'Line',
  'Entry',
  'Address',
  'Seat',
  'Parcel',
  'Ticket',
  'Offer',
  'Choice',
  'Booking',
  'Step',
  'Badge',
  'Tariff',
  'Voucher',
  'Stop',
] as const;

/** The name of an inner class: an invented one, one of the options, or one of those that fit any. */
export function drawClass(part: Part, ...options: readonly string[]): string {
  return part.random.chance(0.3)
    ? pascalCase(unknownWord(part.random))
    : part.random.pick(options.length > 0 ? options : classNames);
}

/** The properties as the parameters of a constructor or method. */
export function propertyParameters(properties: readonly Property[]): string {
  return properties.map(({ type, name }) => `${type} ${name}`).join(', ');
}

/** An inner class of those members. */
export function innerClass(part: Part, name: string, ...members: readonly string[]): string {
  return apex`
    ${part.pick('public', 'public', 'private')} class ${name} {
        ${members.join('\n\n')}
    }
  `;
}

/** The declarations of the properties; private members may be final. */
export function declaredOf(
  part: Part,
  properties: readonly Property[],
  ending: string,
  access = 'public',
  mayBeFinal = true,
): string {
  const isFinal = mayBeFinal && ending === ';' && access === 'private' && part.random.chance(0.5);
  return properties
    .map(({ type, name }) => `${access} ${isFinal ? 'final ' : ''}${seen(`${type} ${name}`)}${ending}`)
    .join('\n');
}
