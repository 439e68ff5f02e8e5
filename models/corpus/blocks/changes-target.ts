/** Which records a change is for: how they are said, and the query that finds them. */
import { drawConditions, nounPhrase, type Condition } from '../conditions.js';
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { saidNumber } from '../numbers.js';
import { drawOrder } from '../orders.js';
import { phrase } from '../phrase.js';
import { selected, soql } from './soql.js';

/** The records that a change is for. */
export interface Target {
  /** `all unpaid invoices older than 30 days`, `every open case`. */
  readonly english: string;
  /** `every open case` goes on with "it", `all open cases` with "them". */
  readonly number: 'one' | 'many';
  /** As said; none = all records. */
  readonly conditions: readonly Condition[];
  readonly orderBy: string | null;
  readonly limit: number | null;
  /** Said after the whole request: `, limit 100`; mostly empty. */
  readonly tail: string;
}

const limits = [5, 10, 20, 25, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000] as const;
const untouchedDays = [7, 10, 14, 15, 20, 30, 45, 60, 90, 120, 180, 365] as const;

/** "nobody touched for 30 days": what such requests hang on more often than on any field. */
function untouched(draw: Draw): Condition {
  const days = draw.random.pick(untouchedDays);
  const span = `${saidNumber(draw.random, days)} days`;
  return {
    field: {
      api: 'LastModifiedDate',
      label: 'last modified date',
      type: 'datetime',
      values: [],
      target: null,
    },
    soql: `LastModifiedDate < LAST_N_DAYS:${days}`,
    apex: null,
    after: phrase(
      draw.random,
      `{{that |}nobody {has |}{touched|updated|changed|edited} {for|in} ${span}` +
        `|{that were |}not {touched|modified|updated|changed|edited} {in|for|within} {the last|the past} ${span}` +
        `|{that were |}not {touched|modified|updated} {for|in} ${span}|untouched {for|in} {more than |over |}${span}` +
        `|{without|with no} {changes|updates|activity} {in|for} {the last |the past |}${span}` +
        `|{last modified|last updated|last changed|last touched} more than ${span} ago}`,
    ),
    before: null,
    clause: `it was not modified in the last ${span}`,
  };
}

/** How often the last condition is said behind the whole request. */
const looseShare = 0.18;

/** A last condition behind the request: ` - but only those from Berlin`. */
function looseTail(draw: Draw, after: string): string {
  const those = '{those|the ones|ones|those|the ones}';
  const tail = phrase(
    draw.random,
    `{, but only ${those}|- but only ${those}|, only ${those}|- only ${those}|, just {those|the ones}|, and only ${those}|; only ${those}|, limited to {those|the ones}|, though only ${those}} ${after}`,
  );
  return tail.startsWith('-') ? ` ${tail}` : tail;
}

/** Records to change; null = no condition could be drawn. */
export function drawTarget(
  draw: Draw,
  thing: Thing,
  options: { canBeAll?: boolean; without?: readonly string[] } = {},
): Target | null {
  const { random } = draw;
  const count =
    options.canBeAll === true && random.chance(0.04)
      ? 0
      : random.weighted([
          [58, 1],
          [34, 2],
          [8, 3],
        ]);
  const isUntouched = count > 0 && random.chance(0.1);
  const drawn = drawConditions(draw, thing, isUntouched ? count - 1 : count, {
    without: [...(options.without ?? []), 'LastModifiedDate'],
  });
  const conditions = isUntouched ? [...drawn, untouched(draw)] : drawn;
  if (conditions.length === 0 && count > 0) return null;
  const number = random.chance(0.14) ? 'one' : 'many';
  const last =
    number === 'many' && conditions.length > 1 && random.chance(looseShare) ? conditions.at(-1)! : null;
  const noun = nounPhrase(draw, thing, last === null ? conditions : conditions.slice(0, -1), number);
  const isMine = noun.english.startsWith('my ');
  if (isMine && number === 'one') return null;
  const unbounded = { number, conditions: noun.conditions, orderBy: null, limit: null, tail: '' } as const;
  if (number === 'one')
    return { ...unbounded, english: phrase(random, `{every|each|every single|any} ${noun.english}`) };
  if (isMine || last !== null || random.chance(0.88)) {
    const quantifier = isMine ? '{all|all of||}' : '{all|all|all|all the|all of the|the|the||||any}';
    const english = phrase(random, `${quantifier} ${noun.english}`);
    if (last === null) return { ...unbounded, english };
    return {
      ...unbounded,
      english,
      conditions: [...noun.conditions, last],
      tail: looseTail(draw, last.after),
    };
  }
  const { before, after, ...bounds } = drawBounds(draw, thing);
  return { ...unbounded, ...bounds, english: `${before} ${noun.english}${after}`.trim() };
}

/** How many of them at most, and in which order. */
function drawBounds(
  draw: Draw,
  thing: Thing,
): Pick<Target, 'orderBy' | 'limit' | 'tail'> & { before: string; after: string } {
  const { random } = draw;
  const limit = random.pick(limits);
  const most = saidNumber(random, limit);
  const order = random.chance(0.4) ? drawOrder(draw, thing) : null;
  const bounds = { orderBy: order?.soql ?? null, limit };
  if (order !== null && random.chance(0.5)) {
    return {
      ...bounds,
      before: phrase(random, `{the first|the top|up to|at most} ${most}`),
      after: `, ${order.english},`,
      tail: '',
    };
  }
  if (order !== null) {
    const tail = phrase(
      random,
      `, ${order.english}, {limit ${most}|at most ${most}|${most} max|max ${most}}`,
    );
    return { ...bounds, before: phrase(random, '{all||the}'), after: '', tail };
  }
  if (random.chance(0.6)) {
    const before = phrase(
      random,
      `{the first|the first|up to|at most|no more than|max|a maximum of} ${most}`,
    );
    return { ...bounds, before, after: '', tail: '' };
  }
  const tail = random.pick([
    `, limit ${most}`,
    `, at most ${most}`,
    `, ${most} at most`,
    `, limited to ${most}`,
    ` (limit ${most})`,
    ` (max ${most})`,
    `, no more than ${most} of them`,
    `, max ${most} records`,
  ]);
  return { ...bounds, before: phrase(random, '{all||the}'), after: '', tail };
}

/** `[SELECT Id, Status__c FROM Invoice__c WHERE …]`. */
export function targetQuery(thing: Thing, target: Target, fields: readonly string[]): string {
  const { orderBy, limit } = target;
  return soql({
    select: selected(fields),
    from: thing.api,
    conditions: target.conditions.map((condition) => condition.soql),
    orderBy,
    limit,
  });
}
