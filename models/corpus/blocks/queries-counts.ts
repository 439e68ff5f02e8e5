/** How many records, and figures of groups of them. */
import type { Draw } from '../draw.js';
import { drawField, said, type Thing } from '../nouns.js';
import { camelCase, phrase } from '../phrase.js';
import type { Kind, Made } from './kind.js';
import { drawRecords } from './queries-words.js';
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
    [5, `{count|count|count up|tell me how many|get the number of|show me the number of|find out how many|determine the number of|calculate the number of|get the count of|get a count of} {|the |all |all the |our }${noun}`],
    [4, `how many ${noun} {are there|do we have|exist|are in the {system|org|database}|have we got|can be found|do you find|}?`],
    [2, `{what is|what's} {the number of|the count of|our number of} ${noun}?`],
    [3, `{I|we} {need|want|need to know|want to know|would like to know|have to know} {the number of|how many {|of the }} ${noun}`.replace(/need how many/, 'need the number of')],
    [1.5, `{number of|count of|the number of|total number of|how many} ${noun}`],
    [1, `{for|of|from} {|all |the }${noun} I {only |just |}need the {number|count}`],
  ]);
  const query = soql({ select: ['COUNT()'], from: thing.api, conditions: records.conditions });
  return { prompt: countSaid(phrase(random, prompt)), answer: `Integer ${camelCase(thing.label)}Count = ${query};` };
}

/** Wishes for a clause with `how many` need a verb of knowing. */
function countSaid(text: string): string {
  return text.replace(/^(I|we) (need|want|have) how many/, '$1 $2 to know how many');
}

const figures = [
  ['SUM', 'total', '{total|total|sum of the|overall|summed}'],
  ['AVG', 'average', '{average|average|mean|avg}'],
  ['MAX', 'highest', '{highest|maximum|max|largest|biggest}'],
  ['MIN', 'lowest', '{lowest|minimum|min|smallest}'],
] as const;

function makeAggregate(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const group = drawField(draw, thing, ['picklist', 'picklist', 'picklist', 'reference', 'text']);
  if (group === null) return null;
  const records = drawRecords(draw, thing, [
    [5, 0],
    [4, 1],
    [1, 2],
  ]);
  const groupSaid = said(draw, group);
  const per = phrase(random, `{per|per|by|by|for each|for every|grouped by|broken down by|in each|split by|group by}`.replace('in each', group.type === 'picklist' ? 'in each' : 'per'));
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
  return { prompt: phrase(random, english), answer };
}

function countedEnglish(noun: string, per: string, group: string): string {
  return `{count {|the |all }${noun} ${per} ${group}|{get|show|show me|calculate|log|query|give me|I need|we need|we want} the {number|count} of ${noun} ${per} ${group}|how many ${noun} {are there|do we have|exist} ${per} ${group}?|number of ${noun} ${per} ${group}|{for each|per|for every} ${group}{,|} {count the|how many|the number of|show the number of|log the number of} ${noun}|what is the number of ${noun} ${per} ${group}?}`;
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
  const [call, alias, words] = random.weighted([
    [4, figures[0]],
    [3, figures[1]],
    [2, figures[2]],
    [1.5, figures[3]],
  ] as const);
  const label = said(draw, field);
  const what = `the ${words} ${label} of {|all |the }${noun}`;
  const english = random.weighted([
    [5, `{get|calculate|compute|show|show me|give me|query|log|find|work out|determine|list|report|I need|we need|I want|we want} ${what} ${per} ${groupSaid}`],
    [2, `what is ${what} ${per} ${groupSaid}?`],
    [1.5, `{${words} ${label}} ${per} ${groupSaid} {for|of|over} {|all |the }${noun}`],
    [1.5, `${words} ${label} of {|all |the }${noun} ${per} ${groupSaid}`],
    [2, `{for each|per|for every|by} ${groupSaid}, {get|show|calculate|log|compute|query|I need|print} ${what}`],
    [call === 'SUM' ? 2 : 0, `{sum|sum up|add up|total} the ${label} of {|all |the }${noun} ${per} ${groupSaid}`],
    [call === 'AVG' ? 1 : 0, `average the ${label} of {|all |the }${noun} ${per} ${groupSaid}`],
  ]);
  return [`${call}(${field.api}) ${alias}`, english];
}
