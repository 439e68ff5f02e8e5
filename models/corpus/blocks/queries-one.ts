/** One record: by superlative, by name, by id, or any that meets conditions. */
import { drawConditions } from '../conditions.js';
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { phrase, withArticle } from '../phrase.js';
import type { Random } from '../random.js';
import type { Kind, Made } from './kind.js';
import { commands } from './queries-asking.js';
import { drawAskedFields, drawRank, isMine, saidRecords, theOne, type AskedFields } from './queries-words.js';
import { drawRecordName } from './queries-names.js';
import { selected, soql } from './soql.js';

export const oneKinds: readonly Kind[] = [{ kind: 'one', weight: 9, make: makeOne }];

/** One record: how it is said, and the query's parts. */
export interface OneRecord {
  /** With its article: `the newest open case`. */
  readonly english: string;
  readonly conditions: readonly string[];
  readonly orderBy: string | null;
  readonly given: string;
}

/** One record, said in one of the ways; null = the draw led to nothing. */
export function drawOneRecord(draw: Draw, thing: Thing): OneRecord | null {
  const draws: readonly (readonly [number, (draw: Draw, thing: Thing) => OneRecord | null])[] = [
    [5, byRank],
    [4, byName],
    [3, byConditions],
    [1.5, byId],
  ];
  return draw.random.weighted(draws)(draw, thing);
}

function makeOne(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const record = drawOneRecord(draw, thing);
  if (record === null) return null;
  const fields = random.chance(0.4) ? drawAskedFields(draw, thing, 4) : null;
  const query = soql({
    select: selected(fields?.apis ?? [thing.nameField]),
    from: thing.api,
    conditions: record.conditions,
    orderBy: record.orderBy,
    limit: 1,
  });
  return {
    prompt: askedForOne(random, record.english, fields),
    answer: `${thing.api} ${thing.one} = ${query};`,
    given: record.given,
  };
}

function askedForOne(random: Random, record: string, fields: AskedFields | null): string {
  const plain = [
    [8, `${commands} ${record}`],
    [
      2.5,
      `{I need|we need|I want|we want|I would like to see|I am looking for|looking for|need|can I get|can I have|I want to see|just give me|I only need} ${record}`,
    ],
    [record.startsWith('the ') ? 1.2 : 0, `{what|which} is ${record}?`],
    [1.5, record],
    [1, `{load|read|put|store|query|fetch} ${record} {into|in} a variable`],
    [0.8, `a query for ${record}`],
  ] as const;
  if (fields === null) return phrase(random, random.weighted(plain));
  const them = fields.english;
  return phrase(
    random,
    random.weighted([
      [5, `${commands} {the |}${them} {of|of|for|from} ${record}`],
      [2, `{what is|what's} the ${them} of ${record}?`],
      [
        2,
        `${commands} ${record} {with its|with its|including its|and its|including|, with its|and show its|along with its|together with its|, showing|, including|, incl.|, need|, need the|, I need|, just the| -|:|, with|plus its|, show} ${them}`,
      ],
      [1, `{for|of|from} ${record}{,|} {get|show|read|I need|fetch|query|select} {the |}${them}`],
      [1.5, `${commands} ${record}. {I need|include|return|I only need|show|list} {the |}${them}`],
      [1, `{the |}${them} of ${record}`],
      [1.2, `${record}{,| -|:} ${them}`],
      [0.7, `${record} (${them})`],
      [0.8, `{I|we} {need|want} the ${them} of ${record}`],
    ]),
  );
}

function byRank(draw: Draw, thing: Thing): OneRecord | null {
  const rank = drawRank(draw, thing);
  if (rank === null) return null;
  const few = drawConditions(
    draw,
    thing,
    draw.random.weighted([
      [5, 0],
      [4, 1],
      [1, 2],
    ]),
  );
  const records = saidRecords(draw, thing, few, 'one');
  const english =
    rank.before === null
      ? `${theOne(records.english, '')} ${rank.after!.replace(/^that have/, 'that has')}`
      : theOne(records.english, rank.before);
  return { english, conditions: records.conditions, orderBy: rank.orderBy, given: '' };
}

function byName(draw: Draw, thing: Thing): OneRecord | null {
  const { random } = draw;
  const name = draw.keep(drawRecordName(random, thing));
  const label = thing.label;
  const quoted = random.weighted([
    [4, name],
    [3, `'${name}'`],
    [2, `"${name}"`],
  ]);
  const english = /Number$/.test(thing.nameField)
    ? `{the |}${label} {|number |no. |with number |with the number |with ${label} number }${quoted}`
    : thing.nameField === 'Subject'
      ? `the ${label} {with {the |}subject|whose subject is} '${name}'`
      : `{the ${label} {named|called|named|with the name|with name|whose name is} ${quoted}|{one ${label}|${withArticle(label)}} {named|called} ${quoted}}`;
  return {
    english: phrase(random, english),
    conditions: [`${thing.nameField} = '${name}'`],
    orderBy: null,
    given: '',
  };
}

function byConditions(draw: Draw, thing: Thing): OneRecord | null {
  const { random } = draw;
  const conditions = drawConditions(draw, thing, random.chance(0.75) ? 1 : 2);
  if (conditions.length === 0) return null;
  const records = saidRecords(draw, thing, conditions, 'one');
  const noun = records.english;
  const english = isMine(noun)
    ? noun
    : phrase(
        random,
        `{{one|one|a single|any|any one|just one|one single|the|the|the} ${noun}|${withArticle(noun)}}`,
      );
  return { english, conditions: records.conditions, orderBy: null, given: '' };
}

function byId(draw: Draw, thing: Thing): OneRecord | null {
  const { random } = draw;
  const variable = random.weighted([
    [3, 'recordId'],
    [3, `${thing.className.slice(0, 1).toLowerCase()}${thing.className.slice(1)}Id`],
  ]);
  const english = phrase(
    random,
    `the ${thing.label} {with {the |}{id|Id|ID} ${variable}|by {id|Id} ${variable}|whose {id|Id} is {|in }${variable}|with the {id|Id} in ${variable}}`,
  );
  return { english, conditions: [`Id = :${variable}`], orderBy: null, given: `Id ${variable} = null;` };
}
