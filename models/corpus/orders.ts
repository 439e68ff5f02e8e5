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
      '{newest first|newest first|latest first|most recent first|the newest first|most recently created first|from newest to oldest|newest to oldest|newest on top|the most recent ones first|{sorted|ordered} {by newest|newest first|from new to old}|by created date descending|recent ones first|starting with the newest|newest ones first|latest ones first|{newest|latest} {at the top|on top}|{sorted |}newest to oldest|by {creation date|created date}, newest first|most recent on top|last created first}';
    return { soql: 'CreatedDate DESC', english: phrase(random, english) };
  }
  const english =
    '{oldest first|oldest first|the oldest first|earliest created first|from oldest to newest|oldest to newest|oldest on top|the oldest ones first|{sorted|ordered} {by oldest|oldest first|from old to new}|by created date ascending|starting with the oldest|oldest ones first|oldest at the top|{sorted |}oldest to newest|by {creation date|created date}, oldest first|by age, oldest first}';
  return { soql: 'CreatedDate ASC', english: phrase(random, english) };
}

function byChange(random: Random): Order {
  const english =
    '{most recently modified first|most recently updated first|last modified first|recently changed ones first|latest changes first|last changed first|latest modified first|last touched first|by last modified date, newest first}';
  return { soql: 'LastModifiedDate DESC', english: phrase(random, english) };
}

function byName(random: Random, thing: Thing): Order {
  const isDescending = random.chance(0.15);
  const english = isDescending
    ? '{by name descending|{sorted|ordered} by name descending|{|sorted |ordered }by name {from Z to A|Z to A|Z-A}|in reverse alphabetical order}'
    : '{alphabetically|sorted alphabetically|ordered alphabetically|in alphabetical order|by name|sorted by name|ordered by name|sort by name|alphabetically by name|by name A to Z|from A to Z|A to Z|order by name ascending|a-z|A-Z|{sorted |}by name {a to z|a-z|A-Z|ascending|asc}|name a to z|alphabetical|alphabetical order|sort them by name|sort {alphabetically|by name}}';
  return { soql: `${thing.nameField} ${isDescending ? 'DESC' : 'ASC'}`, english: phrase(random, english) };
}

const directions = {
  number: {
    DESC: '{highest LABEL first|highest LABEL first|largest LABEL first|biggest LABEL first|the highest LABEL first|LABEL from high to low|highest to lowest LABEL|with the highest LABEL first|by LABEL, highest first|by LABEL from high to low|by LABEL, largest first|starting with the highest LABEL|ordered by LABEL, biggest first|those with the highest LABEL first|biggest LABEL first|largest LABEL first|{highest|biggest|largest} LABEL {on top|at the top}|{highest|biggest|largest} by LABEL first|by LABEL {high to low|highest to lowest|biggest to smallest|largest to smallest}|sorted by LABEL, {highest|biggest|largest} first|LABEL {high to low|biggest to smallest}}',
    ASC: '{lowest LABEL first|lowest LABEL first|smallest LABEL first|the lowest LABEL first|LABEL from low to high|lowest to highest LABEL|with the lowest LABEL first|by LABEL, lowest first|by LABEL from low to high|by LABEL, smallest first|starting with the lowest LABEL|smallest LABEL first|{lowest|smallest} LABEL {on top|at the top}|by LABEL {low to high|lowest to highest|smallest to biggest}|sorted by LABEL, {lowest|smallest} first|LABEL {low to high|smallest to biggest}}',
  },
  date: {
    DESC: '{latest LABEL first|latest LABEL first|most recent LABEL first|the latest LABEL first|newest LABEL first|by LABEL, latest first|by LABEL, newest first|with the latest LABEL first|{latest|newest|most recent} LABEL {on top|at the top}|sorted by LABEL, {latest|newest|most recent} first|by LABEL {newest to oldest|latest to earliest|from newest to oldest}|furthest LABEL first}',
    ASC: '{earliest LABEL first|earliest LABEL first|soonest LABEL first|oldest LABEL first|the earliest LABEL first|by LABEL, earliest first|by LABEL, soonest first|by LABEL, oldest first|with the earliest LABEL first|soonest LABEL first|{earliest|soonest|oldest} LABEL {on top|at the top}|sorted by LABEL, {earliest|soonest|oldest} first|by LABEL {oldest to newest|earliest to latest|from oldest to newest}|nearest LABEL first|in order of LABEL|chronologically by LABEL}',
  },
};
const anyDirection = {
  DESC: `{${sortVerb} by LABEL {descending|descending|desc|in descending order|(descending)|(desc)}|${sortVerb} by LABEL {descending|desc}|LABEL {descending|desc}|in descending order of LABEL|descending by LABEL|order: LABEL desc}`,
  ASC: `{${sortVerb} by {|the }LABEL {||ascending|ascending|asc|in ascending order}|${sortVerb} by LABEL|LABEL {ascending|asc}|in ascending order of LABEL|sorted on LABEL|ascending by LABEL|order: LABEL asc}`,
};
/** From A to Z, of texts. */
const alphabetical = {
  DESC: '{{|sorted |ordered }by LABEL {from Z to A|z to a|Z-A|Z to A}|LABEL Z to A|in reverse alphabetical order of LABEL}',
  ASC: '{{|sorted |ordered |sort }by LABEL {from A to Z|a to z|A-Z|A to Z|alphabetically}|LABEL a to z|alphabetically by LABEL|in alphabetical order of LABEL}',
};
/** Of scores where high is good, and of prices. */
const judged: readonly (readonly [label: RegExp, DESC: string, ASC: string])[] = [
  [
    /^(score|rating|rating score|quality score|satisfaction score|test score|credit score|health score)$/,
    '{best LABEL first|best LABEL first|from best to worst LABEL|best to worst LABEL|best LABEL on top|by LABEL, best first}',
    '{worst LABEL first|worst LABEL first|from worst to best LABEL|worst to best LABEL|worst LABEL on top|by LABEL, worst first|poorest LABEL first}',
  ],
  [
    /^(price|unit price|list price)$/,
    '{most expensive first by LABEL|by LABEL, most expensive first|by LABEL, priciest first}',
    '{by LABEL, cheapest first|cheapest first by LABEL|cheapest LABEL first}',
  ],
];
const judgedShare = 0.3;
const alphabeticalShare = 0.4;

function byField(draw: Draw, field: Field): Order {
  const { random } = draw;
  const sort = /currency|integer/.test(field.type) ? 'number' : /date/.test(field.type) ? 'date' : null;
  const direction = random.chance(sort === 'number' ? 0.7 : 0.45) ? 'DESC' : 'ASC';
  const template = templateOf(random, field, sort, direction);
  return {
    soql: `${field.api} ${direction}`,
    english: phrase(random, template).replaceAll('LABEL', said(draw, field)),
  };
}

function templateOf(
  random: Random,
  { type, label }: Field,
  sort: 'number' | 'date' | null,
  direction: 'DESC' | 'ASC',
): string {
  const own = judged.find(([pattern]) => pattern.test(label));
  if (own !== undefined && random.chance(judgedShare)) return direction === 'DESC' ? own[1] : own[2];
  if (sort !== null && random.chance(0.55)) return directions[sort][direction];
  if (type === 'text' && random.chance(alphabeticalShare)) return alphabetical[direction];
  return anyDirection[direction];
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
