/** How many records, and figures of groups of them. */
import type { Draw } from '../draw.js';
import { drawConditions } from '../conditions.js';
import { drawField, said, type Field, type Thing } from '../nouns.js';
import { camelCase, phrase } from '../phrase.js';
import type { Random } from '../random.js';
import type { Kind, Made } from './kind.js';
import { drawAsker } from './queries-asking.js';
import { drawMeasure } from './queries-measures.js';
import { allOf, drawRecords, isMine, type Records } from './queries-words.js';
import { soql } from './soql.js';

export const countKinds: readonly Kind[] = [
  { kind: 'count', weight: 7, make: makeCount },
  { kind: 'aggregate', weight: 8, make: makeAggregate },
];

/** How often a last condition is said behind the whole request. */
const looseShare = 0.14;

/** Records with, at times, a last condition behind the request: `, only those created today`. */
function withLoose(
  draw: Draw,
  thing: Thing,
  records: Records,
): { conditions: readonly string[]; tail: string } {
  const { random } = draw;
  const without = [...thing.fields.map(({ api }) => api)].filter((api) =>
    records.conditions.some((condition) => condition.startsWith(api)),
  );
  const [last] = random.chance(looseShare) ? drawConditions(draw, thing, 1, { without }) : [];
  const clashes = last !== undefined && records.conditions.join(' ').includes(last.field.api);
  if (
    last === undefined ||
    clashes ||
    /IsClosed|IsWon|StageName|Status/.test(last.soql + records.conditions.join())
  )
    return { conditions: records.conditions, tail: '' };
  const tail = phrase(
    random,
    `{, only {those|the ones|${thing.plural}}|, only {those|the ones}|, but only {those|the ones}| - only {those|the ones}| - but only {those|the ones}|, just {the ones|those}|, for those| (only {those|the ones}} ${last.after}`,
  );
  return {
    conditions: [...records.conditions, last.soql],
    tail: tail.includes('(only') ? ` ${tail})` : tail.startsWith('-') ? ` ${tail}` : tail,
  };
}

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
    [
      3,
      `{number of|number of|count of|count of|COUNT of|COUNT|the number of|total number of|total count of|how many|# of|no. of|a count of|record count of} ${noun}`,
    ],
    [1, `${noun}: {how many|how many are there|count|count them|just the {count|number}}{|?}`],
    [1, `{can you|could you} {count ${allOf(noun)}|tell me how many ${noun} there are}?`],
    [1, `${drawAsker(random)} {needs|wants|asked for|wants to know} the {number|count} of ${noun}`],
    [1, `{do we know|any idea} how many ${noun} {there are|we have}?`],
    [0.7, `I {only|just} {need|want} {the number|the count|a count} of ${noun}, not the {records|list}`],
    [0.7, `{just|only} {count|the {count|number} of} ${allOf(noun)}`],
    [0.5, `count(*) of ${noun}`],
    [1, `{store|put|save|get} the {number|count} of ${noun} {in|into} a variable`],
    [1, `{for|of|from} ${allOf(noun)} I {only |just |}need the {number|count}`],
    [
      records.predicate === null ? 0 : 4,
      `how many {|of our |of the }${records.plural} ${records.predicate!}?`,
    ],
  ]);
  const said = phrase(random, prompt);
  const loose = said.endsWith('?')
    ? { conditions: records.conditions, tail: '' }
    : withLoose(draw, thing, records);
  const query = soql({ select: ['COUNT()'], from: thing.api, conditions: loose.conditions });
  return { prompt: said + loose.tail, answer: `Integer ${camelCase(thing.label)}Count = ${query};` };
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
    '{per|per|per|by|by|for each|for every|for each|grouped by|broken down by|split by|group by|, grouped by|, by|, per|, broken down by|, split by}',
  );
  const isCounting = random.chance(0.35);
  const [figure, english] = isCounting
    ? (['COUNT(Id) total', countedEnglish(random, records.english, per, groupSaid, group)] as const)
    : drawFigure(draw, thing, group, records.english, per, groupSaid);
  if (figure === null) return null;
  const alias = figure.split(' ')[1]!;
  const asked = phrase(random, english);
  const loose = asked.endsWith('?')
    ? { conditions: records.conditions, tail: '' }
    : withLoose(draw, thing, records);
  const query = soql({
    select: [group.api, figure],
    from: thing.api,
    conditions: loose.conditions,
    groupBy: group.api,
  });
  const answer = `for (AggregateResult result : ${query}) {\n    System.debug(result.get('${group.api}') + ': ' + result.get('${alias}'));\n}`;
  const ending =
    loose.tail === '' && random.chance(0.12) && !asked.endsWith('?')
      ? '{ and log {it|them|the {result|results}}|, log {the|each} {result|line}|, write it to the debug log}'
      : '';
  return { prompt: asked + phrase(random, ending).replace(/^(?=[a-z])/, ' ') + loose.tail, answer };
}

function countedEnglish(random: Random, noun: string, per: string, group: string, field: Field): string {
  const own =
    field.type === 'reference' && !isMine(noun) && group === field.label
      ? `|how many ${noun} does {each|every} ${group} have?|{for each|for every} ${group}, {log|show|print|debug} the number of its ${noun}`
      : '';
  const asker = drawAsker(random);
  return `{{count|count|COUNT|number|#} of ${noun} ${per} ${group}|count of ${noun} ${per} ${group}|how many ${noun} ${per} ${group}{|?}|${asker} {wants|needs|wants to know|asked for} the number of ${noun} ${per} ${group}|{a |}breakdown of the number of ${noun} by ${group}|${noun} per ${group}: {count|how many|just the count}|{do a count|run a count|get counts|get me a count|show counts|record count} of ${noun} ${per} ${group}|{can|could} you count ${allOf(noun)} ${per} ${group}?${own}|count ${allOf(noun)} ${per} ${group}|{get|show|show me|calculate|log|query|give me|I need|we need|we want} the {number|count} of ${noun} ${per} ${group}|how many ${noun} {are there|do we have|exist} ${per} ${group}?|number of ${noun} ${per} ${group}|{for each|per|for every} ${group}{,|} {count the|how many|the number of|show the number of|log the number of} ${noun}|what is the number of ${noun} ${per} ${group}?}`;
}

function drawFigure(
  draw: Draw,
  thing: Thing,
  group: Field,
  noun: string,
  per: string,
  groupSaid: string,
): readonly [figure: string | null, english: string] {
  const { random } = draw;
  const field = drawMeasure(draw, thing, [group.api]);
  if (field === null) return [null, ''];
  const [call, alias, words] = random.weighted(figures);
  const label = said(draw, field);
  const what = `the ${words} ${label} of ${allOf(noun)}`;
  const isOwn = group.type === 'reference' && !isMine(noun) && groupSaid === group.label;
  const asker = drawAsker(random);
  const english = random.weighted([
    [isOwn ? 6 : 0, ownFigure(words, label, noun, groupSaid)],
    [1.5, `what's ${what} ${per} ${groupSaid}?`],
    [
      1.5,
      `${asker} {wants|needs|wants to see|wants to know|asked for|needs to know} ${what} ${per} ${groupSaid}`,
    ],
    [2, `${words} ${label} ${per} ${groupSaid} {over|across|for|of|from} {all |}${noun}`],
    [1, `${words} ${label} ${per} ${groupSaid}, ${allOf(noun)}`],
    [1, `{report|overview|summary|rollup}: ${words} ${label} of ${noun} ${per} ${groupSaid}`],
    [
      1,
      `{for|across|over|from} ${allOf(noun)}{,|} {get|show|log|give me|I need|calculate|compute} the ${words} ${label} ${per} ${groupSaid}`,
    ],
    [call === 'SUM' ? 1 : 0, `{sum|sum up|add up|total up|roll up} ${label} of ${noun} ${per} ${groupSaid}`],
    [0.6, `${call}(${field.api}) of ${noun} ${per} ${groupSaid}`],
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

/** `for each auction lot, log the highest amount of its open bids`: what the records point to comes first. */
function ownFigure(words: string, label: string, noun: string, group: string): string {
  return `{{for each|for each|for every|per} ${group}{,|,|:|} {log|log|show|get|give me|print|debug|calculate|compute|find|I need} the ${words} ${label} of {its|its|all its} ${noun}|{what is|what's} the ${words} ${label} of {each|every} ${group}'s ${noun}?|{get|log|show|calculate} {each|every} ${group}'s ${words} ${label} of ${noun}|the ${words} ${label} of the ${noun} of {each|every} ${group}}`;
}
