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

/** The records that up to `most` conditions leave. */
export function drawRecords(draw: Draw, thing: Thing, counts: readonly (readonly [number, number])[]): Records {
  const conditions = drawConditions(draw, thing, draw.random.weighted(counts));
  return saidRecords(draw, thing, conditions, 'many');
}

/** Mostly one noun phrase; at times the last condition comes behind it: `…, but only those from Berlin`. */
export function saidRecords(draw: Draw, thing: Thing, conditions: readonly Condition[], number: 'one' | 'many'): Records {
  const { random } = draw;
  const last = conditions.at(-1);
  if (last === undefined || number === 'one' || !random.chance(0.12)) {
    const noun = nounPhrase(draw, thing, conditions, number);
    return { english: noun.english, conditions: noun.conditions.map(({ soql }) => soql) };
  }
  const noun = nounPhrase(draw, thing, conditions.slice(0, -1), number);
  const addition = phrase(random, '{, but only {those|the ones}|, only {those|the ones}|, just {the ones|those}|, namely those}');
  return {
    english: `${noun.english}${addition} ${last.after}`,
    conditions: [...noun.conditions, last].map(({ soql }) => soql),
  };
}

/** Up to `most` fields and how they are said; null = there is none. */
export function drawAskedFields(draw: Draw, thing: Thing, most: number): AskedFields | null {
  const { random } = draw;
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
    const field = drawField(draw, thing, shownTypes, fields.map(({ api }) => api));
    if (field === null) break;
    fields.push(field);
  }
  if (fields.length === 0) return null;
  const items = fields.map((field) => ({ api: field.api, english: said(draw, field) }));
  if (random.chance(0.06) && most > 1) items.unshift({ api: 'Id', english: random.pick(['id', 'Id', 'ID']) });
  return {
    apis: items.map(({ api }) => api),
    english: series(random, items.map(({ english }) => english)),
    count: items.length,
  };
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
  ]);
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
  ['LastModifiedDate DESC', '{most recently {changed|modified|updated|edited}|last {changed|modified|updated}|latest changed}'],
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

const limits = [2, 3, 4, 5, 5, 6, 7, 8, 10, 10, 10, 12, 15, 20, 20, 25, 30, 40, 50, 50, 100, 100, 150, 200, 250, 500, 1000, 2000];

/** How many at most, and how that is said; two or more. */
export function drawLimit(random: Random): { readonly limit: number; readonly english: string } {
  const limit = random.chance(0.15) ? random.integer(2, 300) : random.pick(limits);
  return { limit, english: saidNumber(random, limit) };
}
