/** Kinds that read records: lists of them, one, how many, figures of groups, maps, parents with children, loops. */
import { drawConditions } from '../conditions.js';
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { drawOrder } from '../orders.js';
import type { Kind, Made } from './kind.js';
import { askedForEach, askedForList } from './queries-asking.js';
import { countKinds } from './queries-counts.js';
import { loopKinds } from './queries-loops.js';
import { mapKinds } from './queries-maps.js';
import { oneKinds } from './queries-one.js';
import { statementKinds } from './queries-statement.js';
import { drawAskedFields, drawLimit, drawRank, saidRecords, type ListWish } from './queries-words.js';
import { selected, soql } from './soql.js';

/** How often a query has so many conditions. */
const conditionCounts = [
  [2, 0],
  [6, 1],
  [4, 2],
  [1, 3],
] as const;

export const queryKinds: readonly Kind[] = [
  { kind: 'query', weight: 45, make: makeQuery },
  ...oneKinds,
  ...countKinds,
  ...mapKinds,
  ...loopKinds,
  ...statementKinds,
];

/** How often the records are said in the singular: `every open case`. */
const eachShare = 0.04;
/** How often the last condition is said apart: `…, but only those from Berlin`. */
const looseShare = 0.13;

function makeQuery(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const isEach = random.chance(eachShare);
  const wish = isEach ? drawEachWish(draw, thing) : drawListWish(draw, thing);
  const query = soql({
    select: selected(wish.fields?.apis ?? [thing.nameField]),
    from: thing.api,
    conditions: wish.records.conditions,
    orderBy: wish.rank?.orderBy ?? wish.order?.soql ?? null,
    limit: wish.limit?.limit ?? null,
  });
  const prompt = isEach ? askedForEach(random, wish) : askedForList(random, wish);
  return { prompt, answer: `List<${thing.api}> ${thing.many} = ${query};` };
}

function drawEachWish(draw: Draw, thing: Thing): ListWish {
  const { random } = draw;
  const conditions = drawConditions(draw, thing, random.weighted(conditionCounts));
  return {
    records: saidRecords(draw, thing, conditions, 'one'),
    last: null,
    fields: random.chance(0.5) ? drawAskedFields(draw, thing, 4) : null,
    rank: null,
    order: random.chance(0.25) ? drawOrder(draw, thing) : null,
    limit: null,
  };
}

function drawListWish(draw: Draw, thing: Thing): ListWish {
  const { random } = draw;
  const conditions = drawConditions(draw, thing, random.weighted(conditionCounts));
  const isLoose = conditions.length > 0 && random.chance(looseShare);
  const said = saidRecords(draw, thing, isLoose ? conditions.slice(0, -1) : conditions, 'many');
  const last = isLoose ? conditions.at(-1)! : null;
  const records = last === null ? said : { ...said, conditions: [...said.conditions, last.soql] };
  const core = { records, last: last?.after ?? null };
  const fields = random.chance(0.5) ? drawAskedFields(draw, thing, 5) : null;
  const rank = random.chance(0.14) ? drawRank(draw, thing) : null;
  if (rank !== null) return { ...core, fields, rank, order: null, limit: drawLimit(random) };
  const order = random.chance(0.34) ? drawOrder(draw, thing) : null;
  const limit = random.chance(0.33) ? drawLimit(random) : null;
  return { ...core, fields, rank: null, order, limit };
}
