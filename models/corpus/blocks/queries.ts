/** Kinds that read records: lists of them, one, how many, figures of groups, maps, parents with children, loops. */
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { drawOrder } from '../orders.js';
import type { Kind, Made } from './kind.js';
import { askedForList, type ListWish } from './queries-asking.js';
import { countKinds } from './queries-counts.js';
import { mapKinds } from './queries-maps.js';
import { oneKinds } from './queries-one.js';
import { drawAskedFields, drawLimit, drawRank, drawRecords } from './queries-words.js';
import { selected, soql } from './soql.js';

/** How often a query has so many conditions. */
const conditionCounts = [
  [2, 0],
  [6, 1],
  [4, 2],
  [1, 3],
] as const;

export const queryKinds: readonly Kind[] = [
  { kind: 'query', weight: 30, make: makeQuery },
  ...oneKinds,
  ...countKinds,
  ...mapKinds,
];

function makeQuery(draw: Draw, thing: Thing): Made | null {
  const wish = drawListWish(draw, thing);
  const query = soql({
    select: selected(wish.fields?.apis ?? [thing.nameField]),
    from: thing.api,
    conditions: wish.records.conditions,
    orderBy: wish.rank?.orderBy ?? wish.order?.soql ?? null,
    limit: wish.limit?.limit ?? null,
  });
  return { prompt: askedForList(draw.random, wish), answer: `List<${thing.api}> ${thing.many} = ${query};` };
}

function drawListWish(draw: Draw, thing: Thing): ListWish {
  const { random } = draw;
  const records = drawRecords(draw, thing, conditionCounts);
  const fields = random.chance(0.5) ? drawAskedFields(draw, thing, 5) : null;
  const rank = random.chance(0.14) ? drawRank(draw, thing) : null;
  if (rank !== null) return { records, fields, rank, order: null, limit: drawLimit(random) };
  const order = random.chance(0.34) ? drawOrder(draw, thing) : null;
  const limit = random.chance(0.33) ? drawLimit(random) : null;
  return { records, fields, rank: null, order, limit };
}
