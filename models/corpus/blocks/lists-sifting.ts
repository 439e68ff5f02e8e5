/** From the records of a list to fewer of them or to a figure: keep, find, any, count, sum. */
import { drawConditions, nounPhrase } from '../conditions.js';
import type { Draw } from '../draw.js';
import { said, type Thing } from '../nouns.js';
import { capitalized, phrase } from '../phrase.js';
import type { Kind, Made } from './kind.js';
import { drawMeasure } from './queries-measures.js';
import { isMine } from './queries-words.js';
import { givenList, listSaid, loopOver, prefixed } from './lists-gathering.js';

export const siftKinds: readonly Kind[] = [
  { kind: 'keep', weight: 6, make: makeKept },
  { kind: 'find first', weight: 2.5, make: makeFirst },
  { kind: 'any', weight: 2, make: makeAny },
  { kind: 'count in list', weight: 3, make: makeListCount },
  { kind: 'sum', weight: 5, make: makeSum },
];

/** A test on the records of a list. */
interface Test {
  /** `unpaid invoices from Berlin`. */
  readonly many: string;
  readonly one: string;
  /** `!invoice.Paid__c && …`. */
  readonly apex: string;
  /** `from Berlin`; null = there is more than one condition. */
  readonly after: string | null;
}

/** Template of those that meet the test: `the open cases`. */
function theMany(many: string): string {
  return isMine(many) ? many : `{the|the|all|all the} ${many}`;
}

function drawTest(draw: Draw, thing: Thing, count: number): Test | null {
  const conditions = drawConditions(draw, thing, count, { isInMemory: true });
  const isTestable = conditions.length > 0 && conditions.every(({ apex }) => apex !== null);
  if (!isTestable) return null;
  const many = nounPhrase(draw, thing, conditions, 'many');
  const tests = many.conditions.map(({ apex }) => apex!(thing.one));
  const parts = tests.map((test) =>
    tests.length > 1 && / \|\| /.test(test) && !test.startsWith('(') ? `(${test})` : test,
  );
  const one =
    count === 1 ? nounPhrase(draw, thing, conditions, 'one').english.replace(/^(an?|the) /i, '') : '';
  if (isMine(one)) return null; // no article, no "first" goes with it
  return {
    many: many.english,
    one,
    apex: parts.join(' && '),
    after: conditions.length === 1 ? conditions[0]!.after : null,
  };
}

function makeKept(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const test = drawTest(draw, thing, random.chance(0.7) ? 1 : 2);
  if (test === null) return null;
  const list = listSaid(random, thing);
  const those = '{those|the ones|only those|only the ones}';
  const prompt = random.weighted([
    [
      test.after === null ? 0 : 4,
      `{from|out of|of} ${list}{,|} {keep|pick|select|take} ${those} ${test.after!}`,
    ],
    [
      test.after === null ? 0 : 3,
      `{filter ${list} {down |}to|filter ${list}, keeping|keep of ${list}|reduce ${list} to} ${those} ${test.after!}`,
    ],
    [
      test.after === null ? 0 : 2,
      `{loop over|go through} ${list} and {keep|collect|pick} ${those} ${test.after!}`,
    ],
    [
      test.after === null ? 0 : 3,
      `{{from|out of|of|in} ${list}{,|:| -|} {|please }{keep|keep|take|pick|select|return|leave|give me|get} {|just |only }{those|the ones} ${test.after!}|filter ${list} down to {the ones|those|just those} ${test.after!}|{I have|I've got|we have|given} a list of ${thing.plural}{,|:| -} {keep|I need|I want|take|pick} {only |just |}{those|the ones} ${test.after!}|${list}: {keep|take} {only |just |}{those|the ones} ${test.after!}|{drop|remove|throw out} everything from ${list} {but|except} {those|the ones} ${test.after!}}`,
    ],
    [3, `{keep|filter|pick|take|select|collect} {|only }${theMany(test.many)} {from|out of} the list`],
    [2, `{keep|filter} only ${theMany(test.many)}{| of the list| in a new list}`],
    [
      1.5,
      `{make|build|create|I need} a new list {with|of} {|only }${theMany(test.many)} {from|out of} the list`,
    ],
  ]);
  const kept = `filtered${capitalized(thing.many)}`;
  return {
    prompt: phrase(random, prompt),
    answer: [
      `List<${thing.api}> ${kept} = new List<${thing.api}>();`,
      loopOver(thing, [`if (${test.apex}) {`, `    ${kept}.add(${thing.one});`, '}']),
    ].join('\n'),
    given: givenList(thing),
  };
}

function makeFirst(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const test = drawTest(draw, thing, 1);
  if (test === null) return null;
  const list = '{in the list|from the list|of the list|in the given list}';
  const prompt = `{{find|get|take|pick|search for|look for|return} the first ${test.one} ${list}|{in|from|of|among} ${listSaid(random, thing)}{,|} {find|get|take|pick|return} the first {one|${thing.label}} ${test.after!}|{loop over|go through} ${listSaid(random, thing)} and {stop at|find|take} the first {one |}${test.after!}}`;
  const found = `first${thing.className}`;
  return {
    prompt: phrase(random, prompt),
    answer: [
      `${thing.api} ${found};`,
      loopOver(thing, [`if (${test.apex}) {`, `    ${found} = ${thing.one};`, '    break;', '}']),
    ].join('\n'),
    given: givenList(thing),
  };
}

function makeAny(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const test = drawTest(draw, thing, 1);
  if (test === null) return null;
  const list = listSaid(random, thing);
  const prompt = `{{check|find out|determine|tell me|test|see} {whether|if} any {of ${list} is one ${test.after!}|${test.one} is in the list}|{check|find out|determine} {whether|if} {there is|the list has|the list contains|the list holds} {any|at least one} ${test.one}{| in the list}|is there any ${test.one} in the list?|does the list {contain|have} {any|a single} ${test.one}?}`;
  const flag = `hasMatch`;
  return {
    prompt: phrase(random, prompt),
    answer: [
      `Boolean ${flag} = false;`,
      loopOver(thing, [`if (${test.apex}) {`, `    ${flag} = true;`, '    break;', '}']),
    ].join('\n'),
    given: givenList(thing),
  };
}

function makeListCount(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const test = drawTest(draw, thing, random.chance(0.75) ? 1 : 2);
  if (test === null) return null;
  const list = listSaid(random, thing);
  const prompt = random.weighted([
    [3, `count ${theMany(test.many)} in the list`],
    [
      3,
      `how many ${test.many} {are in the list|are there in the list|does the list have|does the list contain}?`,
    ],
    [test.after === null ? 0 : 3, `count {those|the ones} {in|of|among} ${list} ${test.after!}`],
    [test.after === null ? 0 : 2, `{loop over|go through} ${list} and count {those|the ones} ${test.after!}`],
    [2, `{from|in|for} the list{,|} {get|determine|I need} the number of ${test.many}`],
  ]);
  const counter = 'matchCount';
  return {
    prompt: phrase(random, prompt),
    answer: [
      `Integer ${counter} = 0;`,
      loopOver(thing, [`if (${test.apex}) {`, `    ${counter}++;`, '}']),
    ].join('\n'),
    given: givenList(thing),
  };
}

function makeSum(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const field = drawMeasure(draw, thing);
  if (field === null) return null;
  const test = random.chance(0.35) ? drawTest(draw, thing, 1) : null;
  const label = said(draw, field);
  const list = test === null ? listSaid(random, thing) : `${theMany(test.many)} in the list`;
  const prompt = random.weighted([
    [5, `{sum|sum up|add up|total|sum} the ${label} {of|over|across|for} ${list}`],
    [
      3,
      `{calculate|compute|get|determine|work out|I need} the {total|sum of the|total|overall} ${label} {of|over|for} ${list}`,
    ],
    [1.5, `{what is|what's} the {total|sum of the} ${label} of ${list}?`],
    [2, `{|the }{total|sum of the|overall} ${label} {of|over|across|in} ${list}`],
    [2, `{how do I|how can I|how would I} {sum up|sum|add up|total|total up} the ${label} of ${list}{?|}`],
    [1, `${list}: {sum up|add up|sum|total} the ${label}`],
    [1, `what does the ${label} of ${list} add up to?`],
    [1, `{I need|need|give me} the {sum|total} of the ${label} {of|in} ${list}`],
    [1, `{loop over|go through} ${list} and {add up|sum|sum up|total} {the|their} ${label}`],
  ]);
  const total = prefixed('total', field);
  const add = `${total} += ${thing.one}.${field.api};`;
  return {
    prompt: phrase(random, prompt),
    answer: [
      `Decimal ${total} = 0;`,
      loopOver(thing, test === null ? [add] : [`if (${test.apex}) {`, `    ${add}`, '}']),
    ].join('\n'),
    given: givenList(thing),
  };
}
