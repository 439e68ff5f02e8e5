/** What comes behind the records that are asked for: order, limit, fields, a last condition. */
import { capitalized, phrase } from '../phrase.js';
import type { Random } from '../random.js';
import type { AskedFields, ListWish } from './queries-words.js';

/** One part of a wish that comes behind the records: as a tail of the sentence, or as a sentence of its own. */
export interface Tail {
  readonly inSentence: string;
  readonly ownSentence: string;
}

/** Order, limit, last condition and fields as tails, in the order in which they come. */
export function tailsOf(random: Random, wish: ListWish, saysLimit: boolean): readonly Tail[] {
  const tails: Tail[] = [];
  if (wish.order !== null) tails.push(orderTail(random, wish.order.english));
  if (wish.limit !== null && !saysLimit) tails.push(limitTail(random, wish.limit.english));
  if (wish.last !== null) tails.push(conditionTail(random, wish.last));
  const isMixed = random.chance(0.3);
  const fields = wish.fields === null ? [] : [fieldsTail(random, wish.fields)];
  if (isMixed) return random.shuffled([...tails, ...fields]);
  return random.chance(0.6) ? [...fields, ...tails] : [...tails, ...fields];
}

/** `sort them by amount`: a command, which cannot stand behind another verb. */
export function isCommand(order: string): boolean {
  return /^(sort|order)( them)? /.test(order);
}

function orderTail(random: Random, order: string): Tail {
  if (isCommand(order)) {
    return { inSentence: phrase(random, `{, ${order}|, ${order}| and ${order}}`), ownSentence: order };
  }
  return {
    inSentence: phrase(
      random,
      `{, ${order}|, ${order}|, ${order}| ${order}| (${order})| - ${order}|; ${order}|, ${order} please}`,
    ),
    ownSentence: phrase(
      random,
      `{{return|show|list|give me|put|I want|I need} them ${order}|they should {be listed|come|appear|be returned} ${order}|${order}|${order}, please|order: ${order}|{ideally |}${order}}`,
    ),
  };
}

function conditionTail(random: Random, after: string): Tail {
  return {
    inSentence: phrase(
      random,
      `{, but only {those|the ones|ones}| - but only {those|the ones|ones}| - only {those|the ones}|; only {those|the ones}|, limited to {those|the ones}|, though only {those|the ones}|, only ones|, but just {those|the ones}|, but only {those|the ones}|, only {those|the ones}|, just {the ones|those}|, namely those|, and only {those|the ones}} ${after}`,
    ),
    ownSentence: phrase(
      random,
      `{{|I |we }{only |just }need {those|the ones}|only {those|the ones}|just {those|the ones}|take only {those|the ones}|{leave out|skip} all but those} ${after}`,
    ),
  };
}

function limitTail(random: Random, limit: string): Tail {
  return {
    inSentence: phrase(
      random,
      `{, limit ${limit}|, limit ${limit}| limit ${limit}| LIMIT ${limit}| - limit ${limit}| - max ${limit}| - top ${limit} only|, top ${limit}|, top ${limit} only|, {not|no} more than ${limit} please|, {max|at most} ${limit} {rows|records} please|, stop at ${limit}|, ${limit} is enough|, limited to ${limit}| limited to ${limit}|, at most ${limit}|, ${limit} at most|, max ${limit}|, ${limit} max|, maximum ${limit}|, but {only |}{the first ${limit}|at most ${limit}|no more than ${limit}}|, only the first ${limit}|, just the first ${limit}|, first ${limit} only|, only ${limit}|, just ${limit}|, no more than ${limit}|, up to ${limit}|, capped at ${limit}|, {not|never} more than ${limit}|, with a limit of ${limit}| with a limit of ${limit}|, ${limit} {records|rows|results} max|, at most ${limit} {records|rows|results|of them}| (max ${limit})| (limit ${limit})| (at most ${limit})| and stop after ${limit}}`,
    ),
    ownSentence: phrase(
      random,
      `{{|I |we }only need {the first |}${limit}|${limit} are enough|{|the |only the |just the }first ${limit} {|are enough|will do}|limit {it|the result|the list|them} to ${limit}|limit ${limit}|at most ${limit}{| records| rows}|no more than ${limit}{| records| rows}|{stop|cut off} after ${limit}|${limit} {records|rows|results} at most|${limit} will do|cap {it|the list} at ${limit}}`,
    ),
  };
}

function fieldsTail(random: Random, fields: AskedFields): Tail {
  const { english } = fields;
  const few =
    `{, need {|the }ENGLISH|, {just|only} {need|want} {the |}ENGLISH|, I {need|want|only need|just need} {|the |their }ENGLISH|, with ENGLISH|, with ENGLISH|, incl. ENGLISH| incl. {|their }ENGLISH| w/ their ENGLISH|, w/ ENGLISH| - ENGLISH| - ENGLISH|, {showing|show|pull|output} ENGLISH|, {for each|each with} {its |the |}ENGLISH|, plus their ENGLISH| plus their ENGLISH|, and {I need|include|also} the ENGLISH| - {need|just|only} ENGLISH| - with ENGLISH|; I need ENGLISH|; ENGLISH| (need ENGLISH)| ({just|only|incl.|with} ENGLISH)|: just ENGLISH}`.replaceAll(
      'ENGLISH',
      english,
    );
  if (random.chance(0.4)) {
    return { inSentence: phrase(random, few), ownSentence: phrase(random, fieldsSentence(english)) };
  }
  const plural =
    fields.count > 1 ? `|, fields ${english}|, with the fields ${english}|, fields: ${english}` : '';
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

/** `I want the name and the status`. */
function fieldsSentence(english: string): string {
  return `{{|I |We }{need|want|only need|just need|only want} {the |their |to see the |}${english}|{Need|Want} ${english}{| only}|Just {the |}${english}{| is fine| will do|, nothing else}|${english} {only|please}|{With|Plus} {the |their |}${english}|{Please |}{include|show|add|return|pull|select|give me} {the |their |}${english}|{Fields|Columns|Output|Show}: ${english}|I'd like {to see |}{the |their }${english}|{It|The list|The result} should {have|show|include} {the |}${english}|For each {of them |one |}{|I need |show |give me }{the |}${english}}`;
}

/** Tails behind a start, some as sentences of their own. */
export function withTails(random: Random, start: string, tails: readonly Tail[]): string {
  const isQuestion = /^(what|which|who|how (do|can|would))\b/i.test(start);
  let text = start;
  let isOpen = true;
  for (const tail of tails) {
    const splits = !isOpen || random.chance(0.16);
    text += splits
      ? `${isOpen && isQuestion ? '?' : '.'} ${capitalized(tail.ownSentence)}`
      : ` ${tail.inSentence}`;
    if (splits) isOpen = false;
  }
  return phrase(random, isOpen && isQuestion && random.chance(0.8) ? `${text}?` : text);
}
