/** The English that queries of all kinds share: which records, which fields, how many, in which order. */
import { drawConditions, nounPhrase, type Condition } from '../conditions.js';
import type { Draw } from '../draw.js';
import { drawField, said, type Field, type FieldType, type Thing } from '../nouns.js';
import { saidNumber } from '../numbers.js';
import { listed, phrase } from '../phrase.js';
import type { Random } from '../random.js';

/** Which records: their noun phrase and what it means. */
export interface Records {
  /** `unpaid invoices older than 30 days`. */
  readonly english: string;
  /** SOQL, in the order in which they are said. */
  readonly conditions: readonly string[];
  /** `invoices`. */
  readonly plural: string;
  /** All conditions in that order behind `the ones`; null = there is none. */
  readonly after: string | null;
  /** The only condition as what the records do: `have no email`, `were created today`; null = none or several, or it cannot be said so. */
  readonly predicate: string | null;
  /** All conditions as clauses without a subject: `status is Open`; null = none, or one that cannot be said so. */
  readonly clauses: readonly string[] | null;
}

/** Template of the records with what may stand before all of them; "my" takes no article. */
export function allOf(records: string): string {
  return isMine(records) ? `{|all |all }${records}` : `{|all |the |all the |}${records}`;
}

/** `my` as a whole, which nothing but `all` stands before. */
export function isMine(records: string): boolean {
  return /^my\b/i.test(records);
}

/** Template of one record with its article: `my newest lead`, `the newest lead`. */
export function theOne(record: string, superlative: string): string {
  const bare = record.replace(/^(an?|the|my) /i, '');
  return [isMine(record) ? 'my' : 'the', superlative, bare].filter(Boolean).join(' ');
}

/** Fields that are asked for. */
export interface AskedFields {
  readonly apis: readonly string[];
  /** `name, status and due date`, without an article. */
  readonly english: string;
  readonly count: number;
}

const shownTypes: readonly FieldType[] = [
  'picklist',
  'picklist',
  'currency',
  'integer',
  'date',
  'datetime',
  'checkbox',
  'text',
  'text',
  'email',
  'phone',
  'reference',
];

/** How often nothing but the id is asked for. */
const idOnlyShare = 0.05;

/** Records in one noun phrase; `counts` says how often there are so many conditions. */
export function drawRecords(
  draw: Draw,
  thing: Thing,
  counts: readonly (readonly [number, number])[],
): Records {
  return saidRecords(draw, thing, drawConditions(draw, thing, draw.random.weighted(counts)), 'many');
}

export function saidRecords(
  draw: Draw,
  thing: Thing,
  conditions: readonly Condition[],
  number: 'one' | 'many',
): Records {
  const noun = nounPhrase(draw, thing, conditions, number);
  return recordsOf(thing, noun.english, noun.conditions);
}

function recordsOf(thing: Thing, english: string, conditions: readonly Condition[]): Records {
  const after = conditions.length === 0 ? null : conditions.map((condition) => condition.after).join(' and ');
  return {
    english,
    conditions: conditions.map(({ soql }) => soql),
    plural: thing.plural,
    after,
    predicate: conditions.length === 1 ? predicateOf(after!) : null,
    clauses: clausesOf(conditions),
  };
}

function clausesOf(conditions: readonly Condition[]): readonly string[] | null {
  const clauses = conditions.map(({ clause }) => /^(?:its|the) (.*)$/.exec(clause)?.[1] ?? null);
  return clauses.length === 0 || clauses.includes(null) ? null : clauses.map((clause) => clause!);
}

/** What stands behind a noun, and the verb that makes a predicate of it; `$1` = the rest. */
const predicates: readonly (readonly [RegExp, string])[] = [
  [/^(?:that|which|who) (.*)$/, '$1'],
  [/^(?:with|having) (.*)$/, 'have $1'],
  [/^without (.*)$/, 'have no $1'],
  [/^(created|modified|changed|updated|edited|touched) (.*)$/, 'were $1 $2'],
  [
    /^((?:from|in|at|older|newer|missing|due|closing|owned|not|located|based|over|under|assigned|starting|ending) .*)$/,
    'are $1',
  ],
];

function predicateOf(after: string): string | null {
  const found = predicates.find(([pattern]) => pattern.test(after));
  return found === undefined
    ? null
    : after.replace(found[0], found[1]).replace(/^have no (an?|the|any) /, 'have no ');
}

/** Up to `most` fields and how they are said; null = there is none. */
export function drawAskedFields(draw: Draw, thing: Thing, most: number): AskedFields | null {
  const { random } = draw;
  if (random.chance(idOnlyShare))
    return { apis: ['Id'], english: random.pick(['id', 'ids', 'Id', 'Ids', 'ID']), count: 1 };
  const fields: Field[] = [];
  const count = Math.min(
    most,
    random.weighted([
      [4, 1],
      [6, 2],
      [4, 3],
      [2, 4],
      [1, 5],
    ]),
  );
  while (fields.length < count) {
    const field = drawField(
      draw,
      thing,
      shownTypes,
      fields.map(({ api }) => api),
    );
    if (field === null) break;
    fields.push(field);
  }
  if (fields.length === 0) return null;
  const items = fields.map((field) => shownField(draw, field));
  if (random.chance(0.06) && most > 1) items.unshift({ api: 'Id', english: random.pick(['id', 'Id', 'ID']) });
  return {
    apis: items.map(({ api }) => api),
    english: series(
      random,
      items.map(({ english }) => english),
    ),
    count: items.length,
  };
}

/** Objects whose records have no field `Name`. */
const nameless: readonly (string | null)[] = [null, 'Case', 'Task', 'Event', 'Contract', 'Order'];

/** The field itself; of a reference at times the name of what it points to: `account's name`. */
function shownField(draw: Draw, field: Field): { readonly api: string; readonly english: string } {
  const isName = field.type === 'reference' && !nameless.includes(field.target) && draw.random.chance(0.25);
  if (!isName) return { api: field.api, english: said(draw, field) };
  const path = field.api.endsWith('__c') ? field.api.replace(/__c$/, '__r') : field.api.replace(/Id$/, '');
  const isPlain = ['AccountId', 'OwnerId'].includes(field.api);
  const english = `{${field.label}'s name${isPlain ? `|${field.label} name` : ''}}`;
  return { api: `${path}.Name`, english: phrase(draw.random, english) };
}

/** `a, b and c` and other ways of writing a series. */
export function series(random: Random, items: readonly string[]): string {
  if (items.length === 1) return items[0]!;
  const style = random.weighted([
    [12, 'and'],
    [3, 'commas'],
    [1, 'oxford'],
    [1, 'ands'],
    [0.6, '&'],
    [0.6, 'as well as'],
    [0.7, 'plus'],
    [1, '+'],
    [0.3, '/'],
  ]);
  if (style === '+' || style === '/') return items.join(` ${style} `);
  if (style === 'commas') return items.join(', ');
  if (style === 'oxford') return listed(items, items.length > 2 ? ', and' : 'and').replace(' , and', ', and');
  if (style === 'ands') return items.join(' and ');
  return listed(items, style);
}

/** An order by superlative. */
export interface Rank {
  /** `Amount DESC`. */
  readonly orderBy: string;
  /** Before the noun: `newest`; null = none. */
  readonly before: string | null;
  /** Behind it: `with the highest amount`; null = none. */
  readonly after: string | null;
  /** Behind `top 10 invoices`: `by amount`; null = cannot be said so. */
  readonly top: string | null;
}

const timesOfRecords: readonly (readonly [orderBy: string, before: string])[] = [
  ['CreatedDate DESC', '{newest|newest|latest|most recent|most recently created|last created|youngest}'],
  ['CreatedDate ASC', '{oldest|oldest|earliest|earliest created|first created}'],
  [
    'LastModifiedDate DESC',
    '{most recently {changed|modified|updated|edited}|last {changed|modified|updated}|latest changed}',
  ],
];

export function drawRank(draw: Draw, thing: Thing): Rank | null {
  const { random } = draw;
  if (random.chance(0.45)) {
    const [orderBy, before] = random.weighted([
      [5, timesOfRecords[0]!],
      [3, timesOfRecords[1]!],
      [1.5, timesOfRecords[2]!],
    ]);
    return { orderBy, before: phrase(random, before), after: null, top: null };
  }
  const field = drawField(draw, thing, ['currency', 'currency', 'integer', 'date']);
  if (field === null) return null;
  const isDescending = random.chance(0.65);
  const label = said(draw, field);
  const isDate = field.type === 'date';
  const most = isDate ? '{latest|most recent}' : '{highest|highest|largest|biggest|greatest|most}';
  const least = isDate ? '{earliest|earliest|oldest|first}' : '{lowest|lowest|smallest|least}';
  const superlative = (isDescending ? most : least).replace(/\|(most|least|first)\}/, '}');
  return {
    orderBy: `${field.api} ${isDescending ? 'DESC' : 'ASC'}`,
    before: null,
    after: phrase(random, `{with|with|that have|having} the ${superlative} ${label}`),
    top: isDescending && !isDate ? `by ${label}` : null,
  };
}

const limits = [
  2, 3, 4, 5, 5, 6, 7, 8, 10, 10, 10, 12, 15, 20, 20, 25, 30, 40, 50, 50, 100, 100, 150, 200, 250, 500, 1000,
  2000,
];

/** How many at most, and how that is said; two or more. */
export function drawLimit(random: Random): { readonly limit: number; readonly english: string } {
  const limit = random.chance(0.15) ? random.integer(2, 300) : random.pick(limits);
  return { limit, english: saidNumber(random, limit) };
}

/** A list of records as it is asked for. */
export interface ListWish {
  readonly records: Records;
  /** A last condition, said after the records: `from Berlin`; null = none. Its SOQL is the last of the records'. */
  readonly last: string | null;
  readonly fields: AskedFields | null;
  /** An order said with the limit: `the 5 newest …`; then there is no other order, but a limit. */
  readonly rank: Rank | null;
  readonly order: { readonly english: string; readonly soql: string } | null;
  readonly limit: { readonly english: string; readonly limit: number } | null;
}
