/** How many records, and figures of groups of them. */
import type { Draw } from '../draw.js';
import { drawField, said, type Thing } from '../nouns.js';
import { camelCase, phrase } from '../phrase.js';
import type { Kind, Made } from './kind.js';
import { allOf, drawRecords } from './queries-words.js';
import { soql } from './soql.js';

export const countKinds: readonly Kind[] = [
  { kind: 'count', weight: 7, make: makeCount },
  { kind: 'aggregate', weight: 8, make: makeAggregate },
];

function makeCount(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const records = drawRecords(draw, thing, [
    [1, 0],
    [6, 1],
    [4, 2],
    [1, 3],
  ]);
  const noun = records.english;
  const prompt = random.weighted([
    [
      5,
      `{count|count|get the number of|show me the number of|determine the number of|calculate the number of|get the count of|get a count of} ${allOf(noun)}`,
    ],
    [
      4,
      `how many ${noun} {are there|do we have|exist|are in the {system|org|database}|have we got|can be found|do you find|}?`,
    ],
    [2, `{what is|what's} {the number of|the count of|our number of} ${noun}?`],
    [
      3,
      `{I|we} {{need|want} the number of|{need|want|would like|have} to know {the number of|how many}} ${noun}`,
    ],
    [2, `{tell me|find out|show me|check|calculate|determine} how many ${noun} {there are|we have|exist}`],
    [1.5, `{number of|count of|the number of|total number of|how many|# of} ${noun}`],
    [1, `{store|put|save|get} the {number|count} of ${noun} {in|into} a variable`],
    [1, `{for|of|from} ${allOf(noun)} I {only |just |}need the {number|count}`],
    [
      records.predicate === null ? 0 : 4,
      `how many {|of our |of the }${records.plural} ${records.predicate!}?`,
    ],
  ]);
  const query = soql({ select: ['COUNT()'], from: thing.api, conditions: records.conditions });
  return { prompt: phrase(random, prompt), answer: `Integer ${camelCase(thing.label)}Count = ${query};` };
}

/** Function, its alias and how it is said; with its weight. */
const figures: readonly (readonly [
  weight: number,
  figure: readonly [call: string, alias: string, words: string],
])[] = [
  [4, ['SUM', 'total', '{total|total|sum of the|overall|summed}']],
  [3, ['AVG', 'average', '{average|average|mean|avg}']],
  [2, ['MAX', 'highest', '{highest|maximum|max|largest|biggest}']],
  [1.5, ['MIN', 'lowest', '{lowest|minimum|min|smallest}']],
];

function makeAggregate(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const group = drawField(
    draw,
    thing,
    ['picklist', 'picklist', 'picklist', 'reference', 'text'],
    [thing.nameField],
  );
  if (group === null) return null;
  const records = drawRecords(draw, thing, [
    [5, 0],
    [4, 1],
    [1, 2],
  ]);
  const groupSaid = said(draw, group);
  const per = phrase(
    random,
    '{per|per|by|by|for each|for every|grouped by|broken down by|split by|group by}',
  );
  const isCounting = random.chance(0.35);
  const [figure, english] = isCounting
    ? (['COUNT(Id) total', countedEnglish(records.english, per, groupSaid)] as const)
    : drawFigure(draw, thing, group.api, records.english, per, groupSaid);
  if (figure === null) return null;
  const alias = figure.split(' ')[1]!;
  const query = soql({
    select: [group.api, figure],
    from: thing.api,
    conditions: records.conditions,
    groupBy: group.api,
  });
  const answer = `for (AggregateResult result : ${query}) {\n    System.debug(result.get('${group.api}') + ': ' + result.get('${alias}'));\n}`;
  const ending =
    random.chance(0.12) && !english.endsWith('?')
      ? '{ and log {it|them|the {result|results}}|, log {the|each} {result|line}|, write it to the debug log}'
      : '';
  return { prompt: phrase(random, english + ending), answer };
}

function countedEnglish(noun: string, per: string, group: string): string {
  return `{count ${allOf(noun)} ${per} ${group}|{get|show|show me|calculate|log|query|give me|I need|we need|we want} the {number|count} of ${noun} ${per} ${group}|how many ${noun} {are there|do we have|exist} ${per} ${group}?|number of ${noun} ${per} ${group}|{for each|per|for every} ${group}{,|} {count the|how many|the number of|show the number of|log the number of} ${noun}|what is the number of ${noun} ${per} ${group}?}`;
}

function drawFigure(
  draw: Draw,
  thing: Thing,
  group: string,
  noun: string,
  per: string,
  groupSaid: string,
): readonly [figure: string | null, english: string] {
  const { random } = draw;
  const field = drawField(draw, thing, ['currency', 'currency', 'integer'], [group]);
  if (field === null) return [null, ''];
  const [call, alias, words] = random.weighted(figures);
  const label = said(draw, field);
  const what = `the ${words} ${label} of ${allOf(noun)}`;
  const english = random.weighted([
    [
      5,
      `{get|calculate|compute|show|show me|give me|query|log|find|work out|determine|list|report|I need|we need|I want|we want} ${what} ${per} ${groupSaid}`,
    ],
    [2, `what is ${what} ${per} ${groupSaid}?`],
    [1.5, `{${words} ${label}} ${per} ${groupSaid} {for|of|over} ${allOf(noun)}`],
    [1.5, `${words} ${label} of ${allOf(noun)} ${per} ${groupSaid}`],
    [
      2,
      `{for each|per|for every|by} ${groupSaid}, {get|show|calculate|log|compute|query|I need|print} ${what}`,
    ],
    [call === 'SUM' ? 2 : 0, `{sum|sum up|add up|total} the ${label} of ${allOf(noun)} ${per} ${groupSaid}`],
    [call === 'AVG' ? 1 : 0, `average the ${label} of ${allOf(noun)} ${per} ${groupSaid}`],
  ]);
  return [`${call}(${field.api}) ${alias}`, english];
}
