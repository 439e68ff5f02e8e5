/** Triggers that refuse: records that may not be saved, fields that are required, records that may not be deleted. */
import { nounPhrase } from '../conditions.js';
import type { Draw } from '../draw.js';
import { drawField, said, type Thing } from '../nouns.js';
import { listed, phrase, withArticle } from '../phrase.js';
import type { Made } from './kind.js';
import { drawMessage } from './triggers-messages.js';
import {
  moments,
  whenWords,
  triggerWord,
  trigger,
  oneOf,
  before,
  inIf,
  drawTests,
  tests,
} from './triggers-text.js';

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
  const { message, english: withMessage } = drawMessage(draw, thing);
  const many = nounPhrase(draw, thing, found, 'many');
  const one = nounPhrase(draw, thing, found, 'one');
  const clauses = listed(found.map((condition) => condition.clause));
  const saving = {
    insert: '{creating|inserting|adding}',
    update: '{updating|changing|editing}',
    'insert, update': '{saving|saving|creating or updating|inserting or updating}',
  }[moment];
  const doing = {
    insert: '{created|inserted}',
    update: '{updated|edited|changed}',
    'insert, update': '{saved|created or updated|saved}',
  }[moment];
  const { events, plainEvents, clause } = whenWords[moment];
  const [english, conditions] = random.pick([
    [
      `${triggerWord} {that should |to |to }${rejectVerbs} ${saving} ${many.english}${withMessage}`,
      many.conditions,
    ] as const,
    [`{prevent|stop|block} {users from |}${saving} ${many.english}${withMessage}`, many.conditions] as const,
    [`{don't|do not|never} let ${many.english} be ${doing}${withMessage}`, many.conditions] as const,
    [
      `${many.english} {must not|may not|cannot|can't|should not} be ${doing}${withMessage}`,
      many.conditions,
    ] as const,
    [`{reject|block|refuse} ${many.english} on ${events}${withMessage}`, many.conditions] as const,
    [
      `{when|if} ${oneOf(one.english)} ${clause}, {show|add|throw|raise} {an|the} error '${message}'`,
      one.conditions,
    ] as const,
    [
      `${triggerWord} on ${thing.label} ${events}: {if|when} ${clauses}, {add|show} {an|the} error {'${message}'|"${message}"}`,
      found,
    ] as const,
    [
      `{on|before} ${thing.label} ${plainEvents}, {reject it|add an error|show an error|block it} '${message}' if ${clauses}`,
      found,
    ] as const,
  ]);
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
  const { message, english: withMessage } = drawMessage(draw, thing);
  const name = said(draw, field);
  const ifs = found.length === 0 ? '' : ` {if|when} ${listed(found.map((condition) => condition.clause))}`;
  const ands = found.length === 0 ? '' : ` and ${found[0]!.clause}`;
  const doing = {
    insert: '{created|inserted}',
    update: '{updated|edited}',
    'insert, update': '{saved|created or updated}',
  }[moment];
  const { events, plainEvents } = whenWords[moment];
  const english = random.pick([
    `${triggerWord} on ${thing.label} ${events} that requires the ${name}${ifs}${withMessage}`,
    `{require|make users fill in|require} the ${name} on ${thing.label} ${events}${ifs}, error on the field {'${message}'|"${message}"}`,
    `{on|before} ${thing.label} ${plainEvents}{, | }put the error '${message}' on the ${name} {field |}if it is {empty|blank|missing}${ands}`,
    `the ${name} {is required|must be filled in|is mandatory|must not be empty} when ${withArticle(thing.label)} is ${doing}${ands}${withMessage}`,
  ]);
  const test = [`${thing.one}.${field.api} == null`, ...tests(found, thing.one)];
  return {
    prompt: phrase(random, english),
    answer: trigger(thing, before(moment), inIf(test, `${thing.one}.${field.api}.addError('${message}');`)),
    shape: 'trigger',
  };
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
  const { message, english: withMessage } = drawMessage(draw, thing);
  const many = nounPhrase(draw, thing, found, 'many');
  const [english, conditions] = random.pick([
    [
      `${triggerWord} {that should |to }{prevent|block|forbid|stop} {deleting|the deletion of|deletion of} ${many.english}${withMessage}`,
      many.conditions,
    ] as const,
    [
      `{prevent|block|forbid|disallow|stop users from} deleting ${many.english}${withMessage}`,
      many.conditions,
    ] as const,
    [
      `{don't|do not|never} {let {anyone|users|people}|allow users to} delete ${many.english}${withMessage}`,
      many.conditions,
    ] as const,
    [
      `${many.english} {must not|may not|cannot|can't|should not|must never} be deleted${withMessage}`,
      many.conditions,
    ] as const,
    [`{nobody|no one} {may|can|should} delete ${many.english}${withMessage}`, many.conditions] as const,
    [
      `${triggerWord} on ${thing.label} before delete: {add|show} {an|the} error '${message}'${found.length === 0 ? '' : ` if ${listed(found.map((condition) => condition.clause))}`}`,
      found,
    ] as const,
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
