/** What rows are put in order by, and the words that say which way. */
import type { Field } from '../../../nouns.js';
import { apexType, variableOf, type Part } from '../../part.js';
import { spaced } from '../../scope/words.js';

type KeyType = 'Integer' | 'Decimal' | 'Date' | 'Datetime' | 'String';

/** A value that rows are put in order by. */
export interface Key {
  /** As code names it: `points`, `Due_Date__c`. */
  readonly name: string;
  readonly type: KeyType;
  /** As comments name it. */
  readonly label: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** One way of sorting by a key. */
export interface Direction {
  readonly isDown: boolean;
  readonly words: string;
}

function key(name: string, type: KeyType, up: string, down: string): Key {
  return { name, type, label: spaced(name), up: up.split('|'), down: down.split('|') };
}

/** `$` is the key's label. */
const numberUp = 'ascending by $|lowest $ first|smallest $ first|by $, the lowest comes first';
const numberDown = 'descending by $|highest $ first|largest $ first|by $, the highest comes first';
const dayUp = 'earliest $ first|oldest $ first|ascending by $|by $, the earliest comes first';
const dayDown = 'latest $ first|newest $ first|descending by $|by $, the latest comes first';
const textUp = 'alphabetically by $|$ from A to Z|ascending by $|by $';
const textDown = '$ from Z to A|descending by $|by $ in reverse';

const plainKeys: readonly Key[] = [
  key('points', 'Integer', 'fewest points first|lowest first', 'most points first|highest first'),
  key('score', 'Integer', 'lowest score first|worst score first', 'highest score first|best score first'),
  key('rank', 'Integer', 'lowest rank first|rank 1 comes first', 'highest rank first|rank 1 comes last'),
  key('votes', 'Integer', 'fewest votes first|least popular first', 'most votes first|most popular first'),
  key('age', 'Integer', 'youngest first', 'oldest first'),
  key('stock', 'Integer', 'smallest stock first|least stock first', 'largest stock first|most stock first'),
  key('priority', 'Integer', 'lowest priority number first', 'highest priority number first'),
  key('position', 'Integer', 'in the order of their position', 'last position first'),
  key('daysLeft', 'Integer', 'fewest days left first|most urgent first', 'most days left first'),
  key('level', 'Integer', 'lowest level first', 'highest level first'),
  key('pages', 'Integer', 'fewest pages first|shortest first', 'most pages first|longest first'),
  key('amount', 'Decimal', 'smallest amount first|lowest first', 'biggest amount first|largest first'),
  key('price', 'Decimal', 'cheapest first|cheapest comes first', 'most expensive first|highest price first'),
  key('weight', 'Decimal', 'lightest first', 'heaviest first|heaviest comes first'),
  key(
    'distance',
    'Decimal',
    'nearest first|shortest distance first',
    'farthest first|longest distance first',
  ),
  key('cost', 'Decimal', 'cheapest first|lowest cost first', 'most expensive first|highest cost first'),
  key('hours', 'Decimal', 'fewest hours first', 'most hours first|highest first'),
  key('total', 'Decimal', 'smallest total first', 'largest total first|biggest total first'),
  key(
    'rating',
    'Decimal',
    'worst rating first|lowest rating first',
    'best rating first|highest rating first',
  ),
  key('dueOn', 'Date', 'due soonest first|earliest due date first', 'latest due date first'),
  key('startsOn', 'Date', 'earliest start first|those that start first come first', 'latest start first'),
  key('receivedOn', 'Date', 'oldest first|earliest first', 'newest first|latest first'),
  key('bornOn', 'Date', 'eldest first|oldest person first', 'youngest first|youngest person first'),
  key('expiresOn', 'Date', 'expiring soonest first|earliest first', 'expiring last comes first|latest first'),
  key('visitedOn', 'Date', 'longest ago first|oldest visit first', 'most recent visit first|newest first'),
  key('sentAt', 'Datetime', 'oldest first|in the order they were sent', 'newest first|most recent first'),
  key('createdAt', 'Datetime', 'oldest first|first in, first out', 'newest first|last in, first out'),
];

const textKeys: readonly Key[] = ['name', 'code', 'title', 'city', 'lastName', 'label', 'region'].map(
  (name) => key(name, 'String', textUp, textDown),
);

/** A key of a class's own, by number or day. */
export function drawKey(part: Part): Key {
  return part.pick(...plainKeys);
}

/** A text to sort by. */
export function drawTextKey(part: Part): Key {
  return part.pick(...textKeys);
}

function wordsOf(type: KeyType, isDown: boolean): readonly string[] {
  if (type === 'String') return (isDown ? textDown : textUp).split('|');
  if (type === 'Date' || type === 'Datetime') return (isDown ? dayDown : dayUp).split('|');
  return (isDown ? numberDown : numberUp).split('|');
}

/** A field of the part's object as a key, named as in Apex or as a variable would be. */
export function keyOfField(part: Part, field: Field, isVariable: boolean): Key {
  const type = apexType(field) as KeyType;
  return {
    name: isVariable ? variableOf(field, part) : field.api,
    type,
    label: field.label,
    up: wordsOf(type, false),
    down: wordsOf(type, true),
  };
}

/** Which way, and the comment that says so. */
export function drawDirection(part: Part, by: Key): Direction {
  const isDown = part.random.chance(0.5);
  const own = isDown ? by.down : by.up;
  const general = wordsOf(by.type, isDown);
  const words = part.random.chance(0.7) ? part.pick(...own) : part.pick(...general);
  return { isDown, words: words.replace('$', by.label) };
}
