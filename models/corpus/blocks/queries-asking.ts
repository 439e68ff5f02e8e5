/** How a list of records is asked for: commands, wishes, questions, telegrams; the parts in many orders. */
import { capitalized, phrase } from '../phrase.js';
import type { Random } from '../random.js';
import { isCommand, tailsOf, withTails } from './queries-tails.js';
import { allOf, isMine, type AskedFields, type ListWish } from './queries-words.js';

/** `get`, `show me`, `I need`. */
export const commands =
  '{get|get|get|get me|fetch|query|query|select|retrieve|find|find|find me|list|list|show|show me|show me|give me|load|pull|pull up|look up|search for|read|return|return|bring me|display|query for|grab|grab|pull|pull|pull together|dig up|dig out|hand me|view|bring up}';
const wishes =
  "{{I|we} {need|need|want|would like|require|want to see|need to see|want to get}|I'd like|I'd like to see|looking for|I'm looking for|we are looking for|let me see|let's get|let's see|we have to fetch|I am after|I'm interested in|I want a list of|I need a list of|need|need|need|want|{can|could} I {get|have|see}|can we {get|see|have}|I want to see|we'd need|I'm after|we are after|I have to see|I should get|as {a|an} ROLE I {want|need} {to see|to get|to find|a list of}|USER {needs|wants|wants to see|needs to see|asked for|is asking for}}";
const lists =
  '{{a |the |}list of|list of|a query for|SOQL for|query for|SOQL query for|a SOQL query that returns|a query that {gets|returns|finds}|query returning|overview of|report of|report on|a list of|list with|a list with|export of|a table of|collection of}';

export function askedForList(random: Random, wish: ListWish): string {
  const hasFields = wish.fields !== null;
  const shape = random.weighted([
    [hasFields ? 4 : 0, fieldsFirst],
    [7, recordsFirst],
    [1.6, telegram],
    [wish.order === null || isCommand(wish.order.english) ? 0 : 1.2, orderFirst],
    [wish.limit === null || wish.rank !== null ? 0 : 0.8, limitFirst],
    [1.5, inPassing],
    [
      wish.order !== null &&
      wish.rank === null &&
      wish.records.after !== null &&
      wish.last === null &&
      !isCommand(wish.order.english)
        ? 1.5
        : 0,
      orderBetween,
    ],
    [wish.records.after === null || wish.rank !== null || wish.last !== null ? 0 : 1, amongAll],
    [wish.rank === null && wish.records.predicate !== null && wish.last === null ? 2.5 : 0, asQuestion],
    [wish.rank === null && wish.records.clauses !== null && wish.last === null ? 1.6 : 0, sheet],
  ]);
  return shape(random, wish);
}

/** `get the first 10 open cases, newest first, with their subject`. */
function recordsFirst(random: Random, wish: ListWish): string {
  const head = headOf(random, wish);
  const asking = random.weighted([
    [9, `${commands} ${head.english}`],
    [3, `${wishes} ${head.indefinite}`],
    [1.3, `${lists} ${head.indefinite}`],
    [1, `{load|put|store|read|query|get|fetch|select|save} ${head.english} {into|in} a list`],
    [0.9, `{what|which} are ${head.definite}`],
    [0.6, `{where can I find|where are|how do I get|how do I find} ${head.definite}`],
    [0.8, `${head.indefinite} {please|pls}`],
    [
      wish.limit === null ? 1.4 : 0,
      `{which|what} ${wish.records.english} {are there|do we have|exist|can you find|are in the {system|org|database}}`,
    ],
    [
      0.7,
      `${head.english} {should be|must be|need to be|have to be|are to be} {listed|queried|fetched|retrieved|loaded|shown|returned|selected}`,
    ],
  ]);
  return withTails(random, phrase(random, withRoles(random, asking)), tailsOf(random, wish, head.saysLimit));
}

const roles =
  'sales rep|sales manager|service agent|support agent|support lead|team lead|manager|admin|controller|recruiter|account manager|dispatcher|planner|user|developer|warehouse clerk|coach|marketer|product owner'.split(
    '|',
  );
const askers =
  'Finance|Sales|Support|Marketing|HR|Legal|Ops|the CFO|the CEO|management|the team|the sales team|the support team|my boss|my manager|the customer|the auditor|accounting|the business|someone from sales|the data team|our partner'.split(
    '|',
  );

/** Who wants it, in place of ROLE and USER. */
function withRoles(random: Random, template: string): string {
  const role = random.pick(roles);
  const article = /^[aeiou]/.test(role) && role !== 'user' ? 'an' : 'a';
  return template.replaceAll('{a|an} ROLE', `${article} ${role}`).replaceAll('USER', drawAsker(random));
}

/** `Finance`, `the support team`. */
export function drawAsker(random: Random): string {
  return random.pick(askers);
}

/** `the name and email of all contacts from Berlin`. */
function fieldsFirst(random: Random, wish: ListWish): string {
  const head = headOf(random, wish);
  const fields = fieldsOfWish(random, wish.fields!);
  const asking = random.weighted([
    [7, `${commands} ${fields} {of|of|of|for|from} ${head.english}`],
    [2, `${wishes} ${fields} {of|for|from} ${head.english}`],
    [1.3, `{what are|what's|what is} the ${wish.fields!.english} {of|for} ${head.definite}`],
    [2.5, `${fields} {of|for|from} ${head.english}`],
    [
      1,
      `{for {every|each} one of|for each of} ${head.definite}{,| |:} {${commands}|I need|we need|return} {the |}${wish.fields!.english}`,
    ],
    [
      1.5,
      `{for|of|from} ${head.english} {${commands}|I need|we need|I want|return} {|just |only }{the |their |}${wish.fields!.english}`,
    ],
    [
      1,
      `{for|of|from} ${head.english}, {${commands}|I need|we need|I want|return} {|just |only }{the |their |}${wish.fields!.english}`,
    ],
  ]);
  return withTails(
    random,
    phrase(random, withRoles(random, asking)),
    tailsOf(random, { ...wish, fields: null }, head.saysLimit),
  );
}

/** `open cases, newest first, 5 max`. */
function telegram(random: Random, wish: ListWish): string {
  const head = random.chance(0.5) ? headOf(random, wish) : ranked(random, wish, '');
  const tails = tailsOf(random, wish, head.saysLimit).map(({ inSentence }) =>
    inSentence.replace(/^([,:-] )?[(]?(and )?/, '').replace(/[)]$/, ''),
  );
  const glue = random.pick([', ', ', ', ', ', '; ', ' - ', ' / ']);
  return phrase(random, [head.indefinite, ...random.shuffled(tails)].join(glue));
}

/** `newest first, list the open cases`. */
function orderFirst(random: Random, wish: ListWish): string {
  const head = headOf(random, { ...wish, order: null });
  const start = `${wish.order!.english}{,|,|:} ${commands} ${head.english}`;
  return withTails(random, phrase(random, start), tailsOf(random, { ...wish, order: null }, head.saysLimit));
}

/** `at most 10: open cases`. */
function limitFirst(random: Random, wish: ListWish): string {
  const limit = wish.limit!.english;
  const start = phrase(
    random,
    `{{limit ${limit}|at most ${limit}|max ${limit}|${limit} max|no more than ${limit}|up to ${limit} {records|rows|results}}{:|,} {${commands}|} |{with|using} {a|the} limit of ${limit}, ${commands} }${allOf(wish.records.english)}`,
  );
  return withTails(random, start, tailsOf(random, wish, true));
}

/** `first 200 donations, oldest first, with status Open`: the order before the conditions. */
function orderBetween(random: Random, wish: ListWish): string {
  const { plural, after, clauses } = wish.records;
  const limit =
    wish.limit === null ? '{|all |the |all the }' : `{first|the first|top|max|up to} ${wish.limit.english} `;
  const conditions =
    clauses !== null && random.chance(0.5)
      ? `{where|where|only where} ${clauses.map((clause) => `the ${clause}`).join(' and ')}`
      : `{|only those |only the ones |just the ones }${after!}`;
  const start = `{${commands} |${commands} |${wishes} |}${limit}${plural}, ${wish.order!.english}, ${conditions}`;
  const tails = tailsOf(random, { ...wish, order: null }, true);
  return withTails(random, phrase(random, withRoles(random, start)), tails);
}

/** `of all our cases, find the ones from Berlin`. */
function amongAll(random: Random, wish: ListWish): string {
  const { plural, after } = wish.records;
  const start = phrase(
    random,
    `{{from|of|out of|among} {all|all our|our|all the} ${plural}{,|} ${commands} {the ones|those|only those|only the ones|just the ones} ${after!}|{there are|we have|I have} {many|a lot of|too many} ${plural}. {I need|Get|Show me|Give me|Find|List|We need|Return} {the ones|only those|only the ones|just the ones|those} ${after!}}`,
  );
  return withTails(random, start, tailsOf(random, wish, false));
}

/** `which contacts have no email?`. */
function asQuestion(random: Random, wish: ListWish): string {
  const { plural, predicate } = wish.records;
  const start = phrase(random, `{which|which|what|which of {our|the}} ${plural} ${predicate!}`);
  return withTails(random, start, tailsOf(random, wish, false));
}

/** `cases: status is Open, newest first, 10 max`; the conditions as clauses without their subject. */
function sheet(random: Random, wish: ListWish): string {
  const { plural, clauses } = wish.records;
  const joined = clauses!.join(random.pick([' and ', ' and ', ', ', ' AND ']));
  const conditions = phrase(
    random,
    '{where|where|where|when|filter:|criteria:|conditions:|condition:|only where|only if|}',
  );
  const tails = tailsOf(random, wish, false).map(({ inSentence }) =>
    inSentence.replace(/^([,:-] )?[(]?(and )?/, '').replace(/[)]$/, ''),
  );
  const pieces = random.chance(0.5) ? tails : random.shuffled(tails);
  const start = phrase(
    random,
    withRoles(random, `{|all |${commands} |${commands} |${commands} all |${wishes} |${lists} }${plural}`),
  );
  if (random.chance(0.2)) {
    const front = `{where|where|for those where} ${joined}, ${commands} {the |all |}${plural}`;
    return withTails(random, phrase(random, front), tailsOf(random, wish, false));
  }
  const glue = random.pick([', ', ', ', '; ', '. ']);
  const opening = conditions === '' ? ': ' : random.pick([' ', ' ', ', ', ' - ']);
  const rest = glue === '. ' ? pieces.map(capitalized) : pieces;
  return phrase(random, [`${start}${opening}${conditions} ${joined}`, ...rest].join(glue));
}

/** `every open case`: the records are said in the singular. */
export function askedForEach(random: Random, wish: ListWish): string {
  const { english } = wish.records;
  const one = isMine(english) ? `${english.replace(/^my /i, '')} that is mine` : english;
  const start = phrase(
    random,
    `{{${commands}|${commands}|I need|we need|I want|we want} {every|every|each|every single|each and every} ${one}}`,
  );
  if (wish.fields !== null && random.chance(0.5)) {
    const fields = fieldsOfWish(random, wish.fields);
    const asking = `{${commands}|I need|we need|I want|} ${fields} {of|of|for|from} {every|each|every single} ${one}`;
    return withTails(random, phrase(random, asking), tailsOf(random, { ...wish, fields: null }, false));
  }
  return withTails(random, start, tailsOf(random, wish, false));
}

/** `we need to load the open cases`, `write a query that finds the open cases`. */
function inPassing(random: Random, wish: ListWish): string {
  const head = headOf(random, wish);
  const start = phrase(
    random,
    `{{I have to|we have to|I want to|we need to|I need to|we want to|it is time to|now} {get|fetch|query|load|see|list|find|retrieve|look at|select|read|show}|{write|create|build|make|run} {a {query|SOQL query}|SOQL} {for|to get|to fetch|that returns|that finds|that selects|which reads|to find}|write {Apex|code|Apex code|a line of Apex} {to get|that gets|to fetch|that queries|to query|that loads}|how {do I|can I|would I|do you|can we|to} {get|query|select|fetch|find|read}|{declare|create|make|fill|build} a list {with|of|that holds}|{fill|populate} a list with|use SOQL to {get|find|fetch}|from the {database|org}, get} ${head.english}`,
  );
  return withTails(random, start, tailsOf(random, wish, head.saysLimit));
}

interface Head {
  readonly english: string;
  /** Without an article that names all of them: for `I need …`. */
  readonly indefinite: string;
  readonly definite: string;
  readonly saysLimit: boolean;
}

/** The records with what stands before them: `all open cases`, `the first 10 open cases`, `the 5 newest open cases`. */
export function headOf(random: Random, wish: ListWish): Head {
  if (wish.rank !== null) return ranked(random, wish, 'the');
  const { english } = wish.records;
  const mine = isMine(english);
  if (wish.limit !== null && !mine && random.chance(0.5)) {
    const limit = wish.limit.english;
    const counted = phrase(
      random,
      `{${wish.order === null ? '' : `top ${limit}|top ${limit}|the top ${limit}|`}the first ${limit}|the first ${limit}|first ${limit}|${limit}|just ${limit}|up to ${limit}|at most ${limit}|no more than ${limit}|max ${limit}|a maximum of ${limit}|maximum ${limit}|not more than ${limit}} ${english}`,
    );
    return {
      english: counted,
      indefinite: counted,
      definite: `the first ${limit} ${english}`,
      saysLimit: true,
    };
  }
  return {
    english: phrase(
      random,
      mine
        ? `{|all |all of }${english}`
        : `{|all |all |the |all the |all our |our |all of the |any } ${english}`,
    ),
    indefinite: phrase(random, mine ? english : `{|all |the |all the |all our } ${english}`),
    definite: mine ? english : phrase(random, `{the|our|all the} ${english}`),
    saysLimit: false,
  };
}

/** `the 5 newest open cases`, `top 10 open cases by amount`. */
function ranked(random: Random, wish: ListWish, article: string): Head {
  if (wish.rank === null) {
    const { english } = wish.records;
    return { english, indefinite: english, definite: english, saysLimit: false };
  }
  const { before, after, top } = wish.rank;
  const limit = wish.limit!.english;
  const noun = wish.records.english;
  const records = isMine(noun) ? `${noun.replace(/^my /i, '')} that are mine` : noun;
  const choices = [
    ...(before === null
      ? []
      : [`${article} ${limit} ${before} ${records}`, `${article} ${before} ${limit} ${records}`]),
    ...(after === null ? [] : [`${article} ${limit} ${records} ${after}`]),
    ...(top === null ? [] : [`${article} top ${limit} ${records} ${top}`]),
  ];
  const english = phrase(random, random.pick(choices));
  return { english, indefinite: english, definite: english, saysLimit: true };
}

function fieldsOfWish(random: Random, fields: AskedFields): string {
  const plain = fields.english;
  const ofOne = `{the |the |the |just the |only the |}${plain}`;
  return phrase(random, fields.count === 1 ? ofOne : `{${ofOne}|the fields ${plain}|the values of ${plain}}`);
}
