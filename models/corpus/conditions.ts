/** Conditions on records: what is asked, in SOQL, in Apex and in English. */
import { checkboxMeaning } from './conditions-checkbox.js';
import { dateMeaning } from './conditions-date.js';
import { numberMeaning } from './conditions-number.js';
import { picklistMeaning } from './conditions-picklist.js';
import { referenceMeaning } from './conditions-reference.js';
import { textMeaning } from './conditions-text.js';
import { worded, type Draws, type WordedCondition } from './conditions-wording.js';
import type { Draw } from './draw.js';
import { fieldsOf, type Field, type FieldType, type Thing } from './nouns.js';
import type { Random } from './random.js';

export interface Condition {
  /** Its API name may be a path: `Account.Industry`. */
  readonly field: Field;
  /** `Status__c = 'Open'` */
  readonly soql: string;
  /** The same test in memory; null = cannot be said so. */
  readonly apex: ((variable: string) => string) | null;
  /** Stands after the noun: `with status Open`, `older than 30 days`. */
  readonly after: string;
  /** Stands before the noun: `open`, `high priority`; null = none. */
  readonly before: string | null;
  /** Stands as a clause about one record: `its status is Open`. */
  readonly clause: string;
}

export interface ConditionOptions {
  readonly types?: readonly FieldType[];
  readonly without?: readonly string[];
  /** Only those that can be tested in memory. */
  readonly isInMemory?: boolean;
}

const meanings: Readonly<Record<FieldType, Draws>> = {
  picklist: picklistMeaning,
  currency: numberMeaning,
  integer: numberMeaning,
  date: dateMeaning,
  datetime: dateMeaning,
  checkbox: checkboxMeaning,
  text: textMeaning,
  email: textMeaning,
  phone: textMeaning,
  reference: referenceMeaning,
};

/** How often a condition is on a field of the type. */
const typeWeights: readonly (readonly [number, FieldType])[] = [
  [30, 'picklist'],
  [11, 'currency'],
  [7, 'integer'],
  [14, 'date'],
  [11, 'datetime'],
  [11, 'checkbox'],
  [14, 'text'],
  [3, 'email'],
  [1.5, 'phone'],
  [13, 'reference'],
];
/** Statuses and creation dates are what people ask for most. */
const favourites =
  /^(Status|Status__c|StageName|CreatedDate|Amount|Amount__c|Due_Date__c|CloseDate|Industry|Priority|ActivityDate|EndDate|IsClosed|(Billing|Mailing)?(City|Country)(__c)?)$/;
const favouriteShare = 0.35;
const attempts = 12;

/** One condition on a field of `thing`; null = it has none of the kind. */
export function drawCondition(draw: Draw, thing: Thing, options: ConditionOptions = {}): Condition | null {
  return drawWorded(draw, thing, options);
}

function drawWorded(draw: Draw, thing: Thing, options: ConditionOptions): WordedCondition | null {
  const { random } = draw;
  const weights = typeWeights.filter(([, type]) => options.types?.includes(type) ?? true);
  if (weights.length === 0) return null;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const fields = fieldsOf(thing, [random.weighted(weights)], options.without);
    if (fields.length === 0) continue;
    const favourite = fields.filter(({ api }) => favourites.test(api));
    const field = random.pick(favourite.length > 0 && random.chance(favouriteShare) ? favourite : fields);
    const meaning = meanings[field.type](draw, thing, field);
    if (meaning === null || (options.isInMemory && meaning.apex === null)) continue;
    draw.noteField(thing.api, meaning.field.api);
    return worded(draw, meaning);
  }
  return null;
}

/** Conditions on different fields; may be fewer than `count`. */
export function drawConditions(
  draw: Draw,
  thing: Thing,
  count: number,
  options: ConditionOptions = {},
): readonly Condition[] {
  const conditions: Condition[] = [];
  const without = [...(options.without ?? [])];
  for (let at = 0; at < count; at++) {
    const condition = drawCondition(draw, thing, { ...options, without });
    if (condition === null) break;
    conditions.push(condition);
    without.push(condition.field.api, rootOf(thing, condition.field.api), ...relatedTo(condition.field.api));
  }
  return conditions;
}

/** The lookup that a path goes through. */
function rootOf(thing: Thing, path: string): string {
  const [root, ...rest] = path.split('.');
  if (rest.length === 0) return path;
  const field = thing.fields.find(
    ({ api, type }) => type === 'reference' && api.replace(/(__c|Id)$/, '') === root!.replace(/__r$/, ''),
  );
  return field?.api ?? path;
}

/** Fields that say the same of a record: nobody asks for both. */
function relatedTo(api: string): readonly string[] {
  const group = ['IsClosed', 'IsWon', 'StageName', 'Status'];
  return group.includes(api) ? group : [];
}

const terseShare = 0.07;
const relative = /^(that|which|who|whose|where|I) /;
const beforeShare = 0.55;

interface Phrase {
  readonly english: string;
  readonly conditions: readonly Condition[];
}

/** The noun with its conditions, and the conditions in the order in which they are said. */
export function nounPhrase(
  draw: Draw,
  thing: Thing,
  conditions: readonly Condition[],
  number: 'one' | 'many',
): Phrase {
  const { random } = draw;
  const noun = nounOf(random, thing, number);
  const order = random.shuffled(conditions);
  const early = order
    .filter((condition) => condition.before !== null && random.chance(beforeShare))
    .slice(0, 2);
  const late = order.filter((condition) => !early.includes(condition));
  const before = ordered(early);
  const after = terseText(random, late) ?? lateText(random, late);
  const people = isPerson(thing) && random.chance(0.5);
  const later = people
    ? after.replace(/\b(that|which) (are|have|were|lack|do|don't|aren't|haven't)\b/g, 'who $2')
    : after;
  const text = [...before.map((condition) => condition.before!), noun, later]
    .filter(Boolean)
    .join(' ')
    .replace(' , ', ', ');
  return {
    english: number === 'one' ? singular(text) : text,
    conditions: [...before, ...late],
  };
}

/** "my" stands first. */
function ordered(conditions: readonly Condition[]): readonly Condition[] {
  return [...conditions].sort((one, other) => Number(other.before === 'my') - Number(one.before === 'my'));
}

function isPerson({ api }: Thing): boolean {
  return api === 'Contact' || api === 'Lead' || api === 'User';
}

/** Its label, or what else it is called. */
function nounOf(random: Random, thing: Thing, number: 'one' | 'many'): string {
  const isMany = number === 'many';
  const choice = random.unit();
  if (thing.api === 'Opportunity' && choice < 0.2)
    return `${random.pick(['deal', 'deal', 'opp'])}${isMany ? 's' : ''}`;
  if (choice > 0.97) return `${thing.label} record${isMany ? 's' : ''}`;
  if (choice > 0.95) return `${thing.api} record${isMany ? 's' : ''}`;
  return isMany ? thing.plural : thing.label;
}

function bareOf(condition: Condition): string | null {
  return (condition as Partial<WordedCondition>).bare ?? null;
}

/** All conditions after the noun. */
function lateText(random: Random, conditions: readonly Condition[]): string {
  const bares = conditions.map(bareOf);
  const isAboutRecords = conditions.some(({ field }) =>
    /^(CreatedDate|LastModifiedDate|OwnerId)$/.test(field.api),
  );
  const groupShare = isAboutRecords ? 0.05 : 0.3;
  if (conditions.length > 1 && random.chance(groupShare) && bares.every((bare) => bare !== null)) {
    const opening = random.pick(['where', 'where', 'whose', 'for which']);
    const the = opening === 'for which' ? 'the ' : '';
    return `${opening} ${joinedClauses(
      random,
      bares.map((bare) => `${the}${bare}`),
    )}`;
  }
  return conditions.reduce((text, { after }) => (text === '' ? after : joinedAfter(random, text, after)), '');
}

/** "cases, priority High, origin Web"; null = said in whole phrases. */
function terseText(random: Random, conditions: readonly Condition[]): string | null {
  const shorts = conditions.map((condition) => (condition as Partial<WordedCondition>).short ?? null);
  if (conditions.length === 0 || !shorts.every((short) => short !== null)) return null;
  if (!random.chance(terseShare)) return null;
  const text = shorts.join(random.pick([', ', ', ', ' and ', ' and ', ' + ', ' & ']));
  return random.weighted([
    [3, `(${text})`],
    [/ (is|starts|begins|contains|includes|mentions|ends|finishes) /.test(text) ? 0 : 2, `with ${text}`],
    [2, `, ${text}`],
    [1, `where ${text}`],
    [0.3, `[${text}]`],
  ]);
}

function joinedClauses(random: Random, clauses: readonly string[]): string {
  if (clauses.length === 2) return clauses.join(random.pick([' and ', ' and ', ', and ']));
  return random.chance(0.5)
    ? clauses.join(' and ')
    : `${clauses.slice(0, -1).join(', ')} and ${clauses.at(-1)!}`;
}

/** "with status Open" and "with a city": "with status Open and a city"; relative clauses take an "and". */
function joinedAfter(random: Random, text: string, after: string): string {
  const isWith = /^(with|w\/) /;
  if (isWith.test(text) && !/ (and|or) /.test(text) && isWith.test(after) && random.chance(0.75)) {
    return `${text} and ${after.replace(isWith, '')}`;
  }
  // "where the test date has passed and older than 4 days" would be the date's age.
  if (/^(where|whose|for which) /.test(text) && /^(older|over|more) /.test(after))
    return `${text} and that are ${after}`;
  if (relative.test(text) || relative.test(after))
    return `${text}${random.pick([' and ', ' and ', ', '])}${after}`;
  return `${text}${random.pick([' ', ' ', ' and ', ', '])}${after}`;
}

/** "the invoices that are paid" → "the invoice that is paid". */
function singular(text: string): string {
  return text
    .replace(/\b(that|which|who) are\b/g, '$1 is')
    .replace(/\b(that|which|who) were\b/g, '$1 was')
    .replace(/\b(that|which|who) have\b/g, '$1 has')
    .replace(/\b(that|which|who) aren't\b/g, "$1 isn't")
    .replace(/\b(that|which|who) haven't\b/g, "$1 hasn't")
    .replace(/\b(that|which|who) do(n't| not)\b/g, '$1 does$2')
    .replace(/\b(that|which) (lack|close|start|end|expire|renew|belong|make|cost)\b/g, '$1 $2s')
    .replace(/\bpast their due date\b/g, 'past its due date')
    .replace('except those with', 'except with');
}
