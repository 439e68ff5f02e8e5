/** Triggers that refuse: records that may not be saved, fields that are required, records that may not be deleted. */
import { nounPhrase, type Condition } from '../conditions.js';
import type { Draw } from '../draw.js';
import { drawField, said, type Thing } from '../nouns.js';
import { listed, phrase, withArticle } from '../phrase.js';
import type { Made } from './kind.js';
import { drawMessage } from './triggers-messages.js';
import {
  comma,
  type Moment,
  moments,
  story,
  whenWords,
  triggerWord,
  trigger,
  oneOf,
  before,
  inIf,
  drawTests,
  tests,
  withWords,
} from './triggers-text.js';

/** A message as `drawMessage` says it, or as a sentence of its own, which needs no quotes: `. Error: Please enter an email`. */
function spokenMessage(draw: Draw, thing: Thing): { message: string; english: string } {
  const { random } = draw;
  const drawn = drawMessage(draw, thing);
  if (random.chance(0.75)) return drawn;
  const { message } = drawn;
  const isBare = !/\W$/.test(message) && random.chance(0.5);
  const text = isBare ? message : random.pick([`'${message}'`, `"${message}"`]);
  const english = phrase(
    random,
    '{. Error:|. Error:|. Error message:|. Message:|. The error message is|. The error should say|, error should say|, error message:|. The message should be|; error:|. Show the error|. Users should see the message}',
  );
  return { message, english: `${english} ${text}` };
}

const rejectVerbs = '{reject|block|prevent|refuse|stop}';

/** "reject invoices without a due date with the message '…'". */
export function rejectTrigger(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const moment = random.weighted(moments);
  const found = drawTests(
    draw,
    thing,
    random.weighted([
      [8, 1],
      [3, 2],
    ]),
  );
  if (found.length === 0) return null;
  const { message, english: withMessage } = spokenMessage(draw, thing);
  const [english, conditions] = random.weighted(
    rejectWordings(draw, thing, moment, found, { message, withMessage }),
  );
  return {
    prompt: phrase(random, english),
    answer: trigger(
      thing,
      before(moment),
      inIf(tests(conditions, thing.one), `${thing.one}.addError('${message}');`),
    ),
    shape: 'trigger',
  };
}

interface Message {
  readonly message: string;
  /** Said after the request. */
  readonly withMessage: string;
}

type Worded = readonly [weight: number, said: readonly [english: string, conditions: readonly Condition[]]];

const savings: Record<Moment, { saving: string; doing: string; save: string }> = {
  insert: {
    saving: '{creating|inserting|adding}',
    doing: '{created|inserted|added}',
    save: '{create|insert|add}',
  },
  update: {
    saving: '{updating|changing|editing}',
    doing: '{updated|edited|changed}',
    save: '{update|edit|change}',
  },
  'insert, update': {
    saving: '{saving|saving|creating or updating|inserting or updating}',
    doing: '{saved|created or updated|saved}',
    save: '{save|save|create or update}',
  },
};
const people = '{users|users|people|anybody|anyone|reps|our users|agents}';

/** The conditions stand with the noun, or as clauses, or after the verb, or as what a field must not be. */
function rejectWordings(
  draw: Draw,
  thing: Thing,
  moment: Moment,
  found: readonly Condition[],
  said: Message,
): readonly Worded[] {
  const many = nounPhrase(draw, thing, found, 'many');
  const one = nounPhrase(draw, thing, found, 'one');
  const clauses = listed(found.map((condition) => condition.clause));
  const manyWords = rejectingMany(many.english, moment, said.withMessage);
  const oneWords = rejectingOne(one.english, moment, said);
  const clauseWords = rejectingByClause(thing, moment, clauses, said);
  const withs = withWords(found);
  const verbWords = withs === null ? [] : rejectingWith(thing, moment, withs, said);
  const ban = bannedValue(thing, moment, found);
  return [
    ...manyWords.map((text): Worded => [1.2, [text, many.conditions]]),
    ...oneWords.map((text): Worded => [1, [text, one.conditions]]),
    ...clauseWords.map((text): Worded => [1, [text, found]]),
    ...verbWords.map((text): Worded => [1.5, [text, found]]),
    [ban === null ? 0 : 3, [`${ban}${said.withMessage}`, found]],
  ];
}

function rejectingMany(noun: string, moment: Moment, withMessage: string): readonly string[] {
  const { saving, doing, save } = savings[moment];
  return [
    `${triggerWord} {that should |to |to }${rejectVerbs} ${saving} ${noun}${withMessage}`,
    `${triggerWord} {that|which} {rejects|blocks|prevents|refuses|stops} ${saving} ${noun}${withMessage}`,
    `{prevent|stop|block|forbid|disallow} {${people} from |}${saving} ${noun}${withMessage}`,
    `{don't|do not|never} let {${noun} be ${doing}|${people} ${save} ${noun}}${withMessage}`,
    `{don't|do not|never} allow {${noun} to be ${doing}|${people} to ${save} ${noun}}${withMessage}`,
    `${noun} {must not|may not|cannot|can't|should not|must never|are not allowed to} be ${doing}${withMessage}`,
    `{reject|block|refuse} ${noun} on ${whenWords[moment].events}${withMessage}`,
    `${people} {must|should} not be {able|allowed} to ${save} ${noun}${withMessage}`,
    `it {should|must} not be possible to ${save} ${noun}${withMessage}`,
    `{nobody|no one} {may|can|should|should be able to|must be able to} ${save} ${noun}${withMessage}`,
    `{make sure|ensure} {that |}{nobody|no one} can ${save} ${noun}${withMessage}`,
    `${saving} ${noun} {must|should} be {blocked|rejected|refused|impossible}${withMessage}`,
    `${story(`to {stop|prevent} users from ${saving} ${noun}`)}${withMessage}`,
  ];
}

function rejectingOne(noun: string, moment: Moment, { message, withMessage }: Message): readonly string[] {
  const { doing } = savings[moment];
  const { clause } = whenWords[moment];
  const when = `{when|if|whenever|as soon as} ${oneOf(noun)} ${clause}`;
  const shown = `{'${message}'|"${message}"}`;
  return [
    `${when}, {show|add|throw|raise|give|display} {an|the} error ${shown}`,
    `${when}${comma} {reject it|block it|refuse it|stop it|do not let it through|don't allow it|it {must|should} be {rejected|refused|blocked}}${withMessage}`,
    `${when}${comma} {reject|block|refuse|stop} it with ${shown}`,
    `no ${noun} {may|can|should|must} {ever |}be ${doing}${withMessage}`,
    `{make sure|ensure} {that |}no ${noun} {is|can be|gets} ${doing}${withMessage}`,
    `{show|throw|add|raise} {an|the} error ${shown} {when|if|whenever} ${oneOf(noun)} ${clause}`,
  ];
}

function rejectingByClause(
  thing: Thing,
  moment: Moment,
  clauses: string,
  { message, withMessage }: Message,
): readonly string[] {
  const { events, plainEvents, clause } = whenWords[moment];
  const { label } = thing;
  const shown = `{'${message}'|"${message}"}`;
  const one = withArticle(label);
  return [
    `${triggerWord} {on|for} ${label} ${events}: {if|when} ${clauses}${comma} {add|show|throw} {an|the} error ${shown}`,
    `trigger, ${label}, ${before(moment)}: {if|when} ${clauses}${comma} {error|add error|addError|reject with} ${shown}`,
    `{on|before} ${label} ${plainEvents}, {reject it with|add an error|show an error|block it with|show the error} ${shown} if ${clauses}`,
    `${triggerWord} {on|for} ${label} {${events}|${events}|on ${plainEvents}} that {adds|shows|throws} {an|the} error ${shown} {if|when} ${clauses}`,
    `{when|whenever} ${one} ${clause} and ${clauses}, {reject it|refuse it|block it|do not allow it}${withMessage}`,
    `${one} {must not|may not|cannot|can't|should not} be ${savings[moment].doing} {if|when|while} ${clauses}${withMessage}`,
  ];
}

function rejectingWith(
  thing: Thing,
  moment: Moment,
  withs: string,
  { message, withMessage }: Message,
): readonly string[] {
  const { label } = thing;
  const { clause } = whenWords[moment];
  const { doing } = savings[moment];
  const when = `{when|if|whenever} ${withArticle(label)} ${clause} ${withs}`;
  return [
    `${when}, {reject|block|refuse|stop} it with {'${message}'|"${message}"}`,
    `${when}, {reject it|block it|refuse it|show an error|throw an error|do not allow it}${withMessage}`,
    `no ${label} {may|can|should|must} be ${doing} ${withs}${withMessage}`,
    `${thing.plural} {must not|may not|cannot|can't|should not} be ${doing} ${withs}${withMessage}`,
    `{don't|do not} {allow ${thing.plural} to|let ${thing.plural}} be ${doing} ${withs}${withMessage}`,
  ];
}

/** "the amount of an order must not be below 10": said without a moment it is meant at any saving; null = it cannot be said so. */
function bannedValue(thing: Thing, moment: Moment, found: readonly Condition[]): string | null {
  const [condition] = found;
  if (condition === undefined || found.length > 1 || moment !== 'insert, update') return null;
  const { field, soql, clause } = condition;
  const isPlain = /^(picklist|currency|integer|date)$/.test(field.type) && !/ (=|!=) null$/.test(soql);
  const words =
    /^(?:its|the) (.+?) is (?!not\b|neither\b|none\b|either\b|anything\b|different\b|other\b)(.+)$/.exec(
      clause,
    );
  if (!isPlain || field.api.includes('.') || words === null) return null;
  const must = '{must not|may not|cannot|can not|should not|must never} be';
  return `{the ${words[1]!} {of|on} {${withArticle(thing.label)}|${thing.plural}} ${must} ${words[2]!}{| on save}|${withArticle(thing.label)}'s ${words[1]!} ${must} ${words[2]!}{| on save| when saved}}`;
}

/** "a due date is required when …": the error stands at the field. */
export function requiredTrigger(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const moment = random.weighted(moments);
  const field = drawField(
    draw,
    thing,
    ['text', 'date', 'email', 'phone', 'currency', 'integer', 'picklist'],
    ['Name', thing.nameField],
  );
  if (field === null) return null;
  const found = random.chance(0.45) ? drawTests(draw, thing, 1, [field.api]) : [];
  const { message, english: withMessage } = spokenMessage(draw, thing);
  const english = random.weighted(
    requiredWordings(thing, moment, said(draw, field), found, { message, withMessage }),
  );
  const test = [`${thing.one}.${field.api} == null`, ...tests(found, thing.one)];
  return {
    prompt: phrase(random, english),
    answer: trigger(thing, before(moment), inIf(test, `${thing.one}.${field.api}.addError('${message}');`)),
    shape: 'trigger',
  };
}

const required =
  '{is required|is required|must be filled in|is mandatory|is mandatory|must be set|must not be empty|must not be blank|has to be filled in|needs to be filled in|is a required field|is a must}';

function requiredWordings(
  thing: Thing,
  moment: Moment,
  name: string,
  found: readonly Condition[],
  { message, withMessage }: Message,
): readonly (readonly [number, string])[] {
  const { label, plural } = thing;
  const clauses = listed(found.map((condition) => condition.clause));
  const ifs = found.length === 0 ? '' : ` {if|when|once|as long as} ${clauses}`;
  const ands = found.length === 0 ? '' : ` and ${clauses}`;
  const one = withArticle(label);
  const { doing, save } = savings[moment];
  const { events, plainEvents } = whenWords[moment];
  const isAny = moment === 'insert, update';
  const shown = `{'${message}'|"${message}"}`;
  const withs = withWords(found);
  return [
    [
      1,
      `${triggerWord} {on|for} ${label} ${events} that {requires|enforces} the ${name}${ifs}${withMessage}`,
    ],
    [
      1,
      `{require|make users fill in|require|enforce} the ${name} on ${label} ${events}${ifs}, error on the field ${shown}`,
    ],
    [
      1,
      `{on|before} ${label} ${plainEvents}{, | }put the error ${shown} on the ${name} {field |}if it is {empty|blank|missing}${ands}`,
    ],
    [2, `{the |}${name} ${required} when ${one} is ${doing}${ands}${withMessage}`],
    [1, `{the |}${name} ${required} {to ${save}|for ${savings[moment].saving}} ${one}${ifs}${withMessage}`],
    [isAny ? 2 : 0, `{the |}${name} ${required} {on|for|on the} ${label}${ifs}${withMessage}`],
    [isAny ? 2 : 0, `{the |}${name} {of|on} {${one}|${plural}} ${required}${ifs}${withMessage}`],
    [
      isAny ? 1 : 0,
      `make {the |}${name} {mandatory|required} {on|for} {the |}{${label}|${plural}}${ifs}${withMessage}`,
    ],
    [
      isAny ? 1 : 0,
      `{every|each} ${label} {must have|needs|has to have} ${withArticle(name)}${ifs}${withMessage}`,
    ],
    [isAny && withs !== null ? 2 : 0, `{the |}${name} ${required} {on|for} ${plural} ${withs}${withMessage}`],
    [
      1,
      `trigger, ${label}, ${before(moment)}: ${name} {required|mandatory}${ifs}, error on the field ${shown}`,
    ],
  ];
}

/** "closed invoices must not be deleted". */
export function forbidDelete(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const found = random.chance(0.8)
    ? drawTests(
        draw,
        thing,
        random.weighted([
          [8, 1],
          [2, 2],
        ]),
      )
    : [];
  const { message, english: withMessage } = spokenMessage(draw, thing);
  const many = nounPhrase(draw, thing, found, 'many');
  const one = nounPhrase(draw, thing, found, 'one');
  const byMany = keepingMany(many.english, withMessage);
  const byOne = keepingOne(one.english, withMessage);
  const shown = `{'${message}'|"${message}"}`;
  const ifs = found.length === 0 ? '' : ` if ${listed(found.map((condition) => condition.clause))}`;
  const byClause = [
    `${triggerWord} {on|for} ${thing.label} before delete: {add|show} {an|the} error ${shown}${ifs}`,
    `{before|on} ${thing.label} {delete|deletion}, {add|show|throw} {an|the} error ${shown}${ifs}`,
    `trigger, ${thing.label}, before delete: {error|addError|add error} ${shown}${ifs}`,
  ];
  const [english, conditions] = random.pick([
    ...byMany.map((text) => [text, many.conditions] as const),
    ...byOne.map((text) => [text, one.conditions] as const),
    ...byClause.map((text) => [text, found] as const),
  ]);
  return {
    prompt: phrase(random, english),
    answer: trigger(
      thing,
      'before delete',
      inIf(tests(conditions, thing.one), `${thing.one}.addError('${message}');`),
      'old',
    ),
    shape: 'trigger',
  };
}

function keepingMany(noun: string, withMessage: string): readonly string[] {
  return [
    `${triggerWord} {that should |to }{prevent|block|forbid|stop} {deleting|the deletion of|deletion of} ${noun}${withMessage}`,
    `${triggerWord} {that|which} {prevents|blocks|forbids|stops} {deleting|the deletion of} ${noun}${withMessage}`,
    `{prevent|block|forbid|disallow|stop users from|prevent users from|keep people from} deleting ${noun}${withMessage}`,
    `{don't|do not|never} {let ${people}|allow ${people} to} delete ${noun}${withMessage}`,
    `${noun} {must not|may not|cannot|can't|should not|must never|are not allowed to} be deleted${withMessage}`,
    `{nobody|no one} {may|can|should|should be able to|is allowed to} delete ${noun}${withMessage}`,
    `${people} {must|should} not be {able|allowed} to delete ${noun}${withMessage}`,
    `it {should|must} not be possible to delete ${noun}${withMessage}`,
    `deleting ${noun} {is not allowed|is forbidden|must be blocked|should be blocked|must not be possible}${withMessage}`,
    `{make sure|ensure} {that |}{nobody|no one} {can delete|deletes} ${noun}${withMessage}`,
    `${story(`to {stop|prevent} users from deleting ${noun}`)}${withMessage}`,
  ];
}

function keepingOne(noun: string, withMessage: string): readonly string[] {
  const one = oneOf(noun);
  return [
    `{when|if|whenever} {somebody|someone|a user|anybody} {tries to delete|deletes} ${one}, {stop it|block it|reject it|stop them|prevent it|show an error|refuse it}${withMessage}`,
    `{don't|do not} {let ${people}|allow ${people} to} delete ${one}${withMessage}`,
    `no ${noun} {may|can|should} {ever |}be deleted${withMessage}`,
    `${one} {must not|may not|cannot|can't|should never} be deleted${withMessage}`,
  ];
}
