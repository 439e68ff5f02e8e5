/** How a list of records is asked for: commands, wishes, questions, telegrams; the parts in many orders. */
import { capitalized, phrase } from '../phrase.js';
import type { Random } from '../random.js';
import type { AskedFields, Rank, Records } from './queries-words.js';

export interface ListWish {
  readonly records: Records;
  readonly fields: AskedFields | null;
  /** An order said with the limit: `the 5 newest …`; then there is no other order, but a limit. */
  readonly rank: Rank | null;
  readonly order: { readonly english: string; readonly soql: string } | null;
  readonly limit: { readonly english: string; readonly limit: number } | null;
}

/** `get`, `show me`, `I need`. */
export const commands =
  '{get|get|get|get me|fetch|query|query|select|retrieve|find|find|find me|list|list|show|show me|show me|give me|load|pull|pull up|look up|search for|read|return|return|bring me|collect|display|query for|grab}';
const wishes =
  "{{I|we} {need|need|want|would like|are looking for|require|have to have|want to see|need to see|want to get}|I'd like|I'd like to see|looking for|let me see|let's get|let's see|we have to fetch|I am after|I'm interested in|I want a list of|I need a list of}"
    .replace('I are', 'I am');
const lists = '{{a |the |}list of|list of|a query for|SOQL for|query for|SOQL query for|a SOQL query that returns|a query that {gets|returns|finds}|query returning|overview of}';

/** One part of a wish that comes behind the records: as a tail of the sentence, or as a sentence of its own. */
interface Tail {
  readonly inSentence: string;
  readonly ownSentence: string;
}

export function askedForList(random: Random, wish: ListWish): string {
  const hasFields = wish.fields !== null;
  const shape = random.weighted([
    [hasFields ? 4 : 0, fieldsFirst],
    [7, recordsFirst],
    [1.6, telegram],
    [wish.order === null ? 0 : 1.2, orderFirst],
    [wish.limit === null || wish.rank !== null ? 0 : 0.8, limitFirst],
    [1, amongAll],
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
    [0.7, `{what|which} are ${head.definite}`],
    [wish.limit === null ? 1.4 : 0, `{which|what} ${wish.records.english} {are there|do we have|exist|can you find|are in the {system|org|database}}`],
    [0.7, `${head.english} {should be|must be|need to be|have to be|are to be} {listed|queried|fetched|retrieved|loaded|shown|returned|selected}`],
  ]);
  return withTails(random, phrase(random, asking), tailsOf(random, wish, head.saysLimit));
}

/** `the name and email of all contacts from Berlin`. */
function fieldsFirst(random: Random, wish: ListWish): string {
  const head = headOf(random, wish);
  const fields = fieldsOfWish(random, wish.fields!);
  const asking = random.weighted([
    [7, `${commands} ${fields} {of|of|of|for|from} ${head.english}`],
    [2, `${wishes} ${fields} {of|for|from} ${head.english}`],
    [1.3, `{what are|what's|what is} the ${wish.fields!.english} {of|for} ${head.definite}`],
    [1.5, `${fields} {of|for|from} ${head.english}`],
    [2, `{for|of|from} ${head.english} {${commands}|I need|we need|I want|return} {|just |only }{the |their |}${wish.fields!.english}`],
    [1, `{for|of|from} ${head.english}, {${commands}|I need|we need|I want|return} {|just |only }{the |their |}${wish.fields!.english}`],
  ]);
  return withTails(random, phrase(random, asking), tailsOf(random, { ...wish, fields: null }, head.saysLimit));
}

/** `open cases, newest first, 5 max`. */
function telegram(random: Random, wish: ListWish): string {
  const head = random.chance(0.5) ? headOf(random, wish) : ranked(random, wish, '');
  const tails = tailsOf(random, wish, head.saysLimit).map(({ inSentence }) => inSentence.replace(/^,? ?(and )?/, ''));
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
    `{{limit ${limit}|at most ${limit}|max ${limit}|${limit} max|no more than ${limit}|up to ${limit} {records|rows|results}}{:|,} {${commands}|} {the |all |}|{with|using} {a|the} limit of ${limit}, ${commands} {the |}}${wish.records.english}`,
  );
  return withTails(random, start, tailsOf(random, wish, true));
}

/** `of all cases, find the ones from Berlin`: here with everything in the noun phrase. */
function amongAll(random: Random, wish: ListWish): string {
  const head = headOf(random, wish);
  const start = phrase(
    random,
    `{{I have to|we have to|I want to|we need to|I need to|we want to|it is time to|now} {get|fetch|query|load|see|list|find|retrieve|look at|select|read|show}|{write|create|build|make|run} a {query|SOQL query|SOQL} {for|to get|to fetch|that returns|that finds|that selects|which reads|to find}} ${head.english}`,
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
function headOf(random: Random, wish: ListWish): Head {
  if (wish.rank !== null) return ranked(random, wish, 'the');
  const { english } = wish.records;
  const isMine = /^my\b/i.test(english);
  if (wish.limit !== null && !isMine && random.chance(0.5)) {
    const limit = wish.limit.english;
    const counted = phrase(
      random,
      `{the first ${limit}|the first ${limit}|${limit}|up to ${limit}|at most ${limit}|no more than ${limit}|max ${limit}|a maximum of ${limit}|maximum ${limit}|not more than ${limit}} ${english}`,
    );
    return { english: counted, indefinite: counted, definite: `the first ${limit} ${english}`, saysLimit: true };
  }
  return {
    english: phrase(random, isMine ? `{|all |all of }${english}` : `{|all |all |the |all the |all our |our |all of the |any } ${english}`),
    indefinite: phrase(random, isMine ? english : `{|all |the |all the |all our } ${english}`),
    definite: isMine ? english : phrase(random, `{the|our|all the} ${english}`),
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
  const isPlain = !/^my\b/i.test(noun);
  const records = isPlain ? noun : noun.replace(/^my\b\s*/i, '') + ' that are mine';
  const choices = [
    ...(before === null ? [] : [`${article} ${limit} ${before} ${records}`, `${article} ${before} ${limit} ${records}`]),
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

/** Order, limit and fields as tails, in the order in which they come. */
function tailsOf(random: Random, wish: ListWish, saysLimit: boolean): readonly Tail[] {
  const tails: Tail[] = [];
  if (wish.order !== null) tails.push(orderTail(random, wish.order.english));
  if (wish.limit !== null && !saysLimit) tails.push(limitTail(random, wish.limit.english));
  const isMixed = random.chance(0.3);
  const fields = wish.fields === null ? [] : [fieldsTail(random, wish.fields)];
  if (isMixed) return random.shuffled([...tails, ...fields]);
  return random.chance(0.6) ? [...fields, ...tails] : [...tails, ...fields];
}

function orderTail(random: Random, order: string): Tail {
  return {
    inSentence: phrase(random, `{, ${order}|, ${order}| ${order}| (${order})}`),
    ownSentence: phrase(
      random,
      `{{return|show|list|give me|put|I want|I need} them ${order}|they should {be listed|come|appear|be returned} ${order}|${order}|${order}, please|order: ${order}}`,
    ),
  };
}

function limitTail(random: Random, limit: string): Tail {
  return {
    inSentence: phrase(
      random,
      `{, limit ${limit}|, limit ${limit}| limit ${limit}|, limited to ${limit}| limited to ${limit}|, at most ${limit}|, ${limit} at most|, max ${limit}|, ${limit} max|, maximum ${limit}|, but {only |}{the first ${limit}|at most ${limit}|no more than ${limit}}|, only the first ${limit}|, just the first ${limit}|, first ${limit} only|, only ${limit}|, just ${limit}|, no more than ${limit}|, up to ${limit}|, capped at ${limit}|, {not|never} more than ${limit}|, with a limit of ${limit}| with a limit of ${limit}|, ${limit} {records|rows|results} max|, at most ${limit} {records|rows|results|of them}| (max ${limit})| (limit ${limit})| (at most ${limit})| and stop after ${limit}}`,
    ),
    ownSentence: phrase(
      random,
      `{{|I |we }only need {the first |}${limit}|${limit} are enough|{|the |only the |just the }first ${limit} {|are enough|will do}|limit {it|the result|the list|them} to ${limit}|limit ${limit}|at most ${limit}{| records| rows}|no more than ${limit}{| records| rows}|{stop|cut off} after ${limit}|${limit} {records|rows|results} at most|${limit} will do|cap {it|the list} at ${limit}}`,
    ),
  };
}

function fieldsTail(random: Random, fields: AskedFields): Tail {
  const { english } = fields;
  const plural = fields.count > 1 ? `|, fields ${english}|, with the fields ${english}|, fields: ${english}` : '';
  return {
    inSentence: phrase(
      random,
      `{ with their ${english}| with their ${english}|, with their ${english}| and their ${english}|, including {|the |their }${english}| including {|the |their }${english}|, showing {|the |their }${english}| {along|together} with their ${english}| and {show|return|include|give me|get|list|select|read} {|the |their |also the }${english}|, {just|only} {|the |their }${english}|: ${english}| - ${english}| (${english})|, {return|select|include|show|give me|I need} {|only |just }{|the |their }${english}${plural}}`,
    ),
    ownSentence: phrase(
      random,
      `{{I|we} {|only |just }need {|the |their |to see the |to know the }${english}|{include|return|show|select|list|give me|show me|add} {|only |also |just }{|the |their }${english}|{fields|columns|fields needed|show}: ${english}|{|only |just }the ${english}, please}`,
    ),
  };
}

/** Tails behind a start, some as sentences of their own. */
function withTails(random: Random, start: string, tails: readonly Tail[]): string {
  const isQuestion = /^(what|which|who)\b/i.test(start);
  let text = start;
  let isOpen = true;
  for (const tail of tails) {
    const splits = !isOpen || random.chance(0.16);
    text += splits ? `${isOpen && isQuestion ? '?' : '.'} ${capitalized(tail.ownSentence)}` : tail.inSentence;
    if (splits) isOpen = false;
  }
  return phrase(random, isOpen && isQuestion && random.chance(0.8) ? `${text}?` : text);
}
