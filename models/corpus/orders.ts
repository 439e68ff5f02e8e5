/** Orders of a query and how they are said. */
import type { Draw } from './draw.js';
import { fieldsOf, said, type Field, type Thing } from './nouns.js';
import { phrase } from './phrase.js';
import type { Random } from './random.js';

interface Order {
  readonly soql: string;
  readonly english: string;
}

const sortVerb = '{|||sorted|ordered|sort|order|sort them|order them}';

function byCreation(random: Random): Order {
  if (random.chance(0.65)) {
    const english =
      '{newest first|newest first|latest first|most recent first|the newest first|most recently created first|from newest to oldest|newest to oldest|newest on top|the most recent ones first|{sorted|ordered} {by newest|newest first|from new to old}|by created date descending|recent ones first|starting with the newest}';
    return { soql: 'CreatedDate DESC', english: phrase(random, english) };
  }
  const english =
    '{oldest first|oldest first|the oldest first|earliest created first|from oldest to newest|oldest to newest|oldest on top|the oldest ones first|{sorted|ordered} {by oldest|oldest first|from old to new}|by created date ascending|starting with the oldest}';
  return { soql: 'CreatedDate ASC', english: phrase(random, english) };
}

function byChange(random: Random): Order {
  const english =
    '{most recently modified first|most recently updated first|last modified first|recently changed ones first|latest changes first}';
  return { soql: 'LastModifiedDate DESC', english: phrase(random, english) };
}

function byName(random: Random, thing: Thing): Order {
  const isDescending = random.chance(0.15);
  const english = isDescending
    ? '{by name descending|{sorted|ordered} by name descending|{|sorted |ordered }by name {from Z to A|Z to A|Z-A}|in reverse alphabetical order}'
    : '{alphabetically|sorted alphabetically|ordered alphabetically|in alphabetical order|by name|sorted by name|ordered by name|sort by name|alphabetically by name|by name A to Z|from A to Z|A to Z|order by name ascending}';
  return { soql: `${thing.nameField} ${isDescending ? 'DESC' : 'ASC'}`, english: phrase(random, english) };
}

const directions = {
  number: {
    DESC: '{highest LABEL first|highest LABEL first|largest LABEL first|biggest LABEL first|the highest LABEL first|LABEL from high to low|highest to lowest LABEL|with the highest LABEL first|by LABEL, highest first|by LABEL from high to low|by LABEL, largest first|starting with the highest LABEL|ordered by LABEL, biggest first|those with the highest LABEL first}',
    ASC: '{lowest LABEL first|lowest LABEL first|smallest LABEL first|the lowest LABEL first|LABEL from low to high|lowest to highest LABEL|with the lowest LABEL first|by LABEL, lowest first|by LABEL from low to high|by LABEL, smallest first|starting with the lowest LABEL}',
  },
  date: {
    DESC: '{latest LABEL first|latest LABEL first|most recent LABEL first|the latest LABEL first|newest LABEL first|by LABEL, latest first|by LABEL, newest first|with the latest LABEL first}',
    ASC: '{earliest LABEL first|earliest LABEL first|soonest LABEL first|oldest LABEL first|the earliest LABEL first|by LABEL, earliest first|by LABEL, soonest first|by LABEL, oldest first|with the earliest LABEL first}',
  },
};
const anyDirection = {
  DESC: `${sortVerb} by LABEL {descending|descending|desc|in descending order|(descending)|(desc)}`,
  ASC: `${sortVerb} by {|the }LABEL {||ascending|ascending|asc|in ascending order}`,
};

function byField(draw: Draw, field: Field): Order {
  const { random } = draw;
  const sort = /currency|integer/.test(field.type) ? 'number' : /date/.test(field.type) ? 'date' : null;
  const direction = random.chance(sort === 'number' ? 0.7 : 0.45) ? 'DESC' : 'ASC';
  const template =
    sort !== null && random.chance(0.55) ? directions[sort][direction] : anyDirection[direction];
  return {
    soql: `${field.api} ${direction}`,
    english: phrase(random, template).replaceAll('LABEL', said(draw, field)),
  };
}

/** An order for records of `thing`. */
export function drawOrder(draw: Draw, thing: Thing): Order | null {
  const { random } = draw;
  const choice = random.unit();
  if (choice < 0.25) return byCreation(random);
  if (choice < 0.28) return byChange(random);
  if (choice < 0.42 && thing.nameField === 'Name') return byName(random, thing);
  const fields = fieldsOf(
    thing,
    ['currency', 'integer', 'date', 'datetime', 'picklist', 'text'],
    ['CreatedDate', 'Description'],
  );
  const ranked = fields.filter(({ type }) => !/picklist|text/.test(type));
  const field = random.pick(ranked.length > 0 && random.chance(0.8) ? ranked : fields);
  draw.noteField(thing.api, field.api);
  return byField(draw, field);
}
