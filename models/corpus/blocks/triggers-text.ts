/** What triggers are made of: their text, their moments, and tests on the records. */
import type { Assignment } from '../assignments.js';
import { drawConditions, type Condition } from '../conditions.js';
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { listed, thirdPerson, withArticle } from '../phrase.js';
import { indented } from './soql.js';

export type Moment = 'insert' | 'update' | 'insert, update';

export const moments: readonly (readonly [number, Moment])[] = [
  [5, 'insert'],
  [3, 'update'],
  [3, 'insert, update'],
];

export const whenWords: Record<Moment, { clause: string; events: string; plainEvents: string }> = {
  insert: {
    clause: '{is {created|inserted|created|added}|gets created|is created|comes in}',
    events: '{insert|before insert|before insert|create}',
    plainEvents: '{insert|insert|create|creation}',
  },
  update: {
    clause: '{is {updated|changed|edited|modified}|gets {updated|changed}}',
    events: '{update|before update|update}',
    plainEvents: 'update',
  },
  'insert, update': {
    clause:
      '{is {created or updated|inserted or updated|saved|saved|created or changed}|gets saved|is saved}',
    events: '{insert and update|insert or update|before insert and before update|save}',
    plainEvents: '{insert and update|insert or update|save}',
  },
};

export const triggerWord =
  '{{write |create |I need |we need |give me |make |build |add |}{a|an Apex} trigger|trigger|apex trigger}';

/** `trigger CaseTrigger on Case (before insert) { for (…) { … } }`. */
export function trigger(thing: Thing, events: string, body: string, records: 'new' | 'old' = 'new'): string {
  const loop = `for (${thing.api} ${thing.one} : Trigger.${records}) {\n${indented(body)}\n}`;
  return wrapped(thing, events, loop);
}

/** A trigger with the whole body given. */
export function wrapped(thing: Thing, events: string, body: string): string {
  return `trigger ${thing.className}Trigger on ${thing.api} (${events}) {\n${indented(body)}\n}`;
}

/** `an open case`; `my open case` stays. */
export function oneOf(noun: string): string {
  return noun.startsWith('my ') ? noun : withArticle(noun);
}

/** `before insert, before update`. */
export function before(moment: Moment): string {
  return moment
    .split(', ')
    .map((event) => `before ${event}`)
    .join(', ');
}

/** `body`, under an `if` where there are tests. */
export function inIf(tests: readonly string[], body: string): string {
  return tests.length === 0 ? body : `if (${tests.join(' && ')}) {\n${indented(body)}\n}`;
}

/** Conditions that can be tested on a record in memory, with the test of `variable`. */
export function drawTests(
  draw: Draw,
  thing: Thing,
  count: number,
  without: readonly string[] = [],
): readonly Condition[] {
  return drawConditions(draw, thing, count, { isInMemory: true, without }).filter(
    ({ apex }) => apex !== null,
  );
}

export function tests(conditions: readonly Condition[], variable: string): readonly string[] {
  return conditions.map(({ apex }) => apex!(variable));
}

export function assignments(thing: Thing, list: readonly Assignment[]): string {
  return list.map(({ field, value }) => `${thing.one}.${field.api} = ${value};`).join('\n');
}

/** What stands between "when …" and what is to be done: mostly a comma. */
export const comma = '{,|,|,|,|,|:| then|, then|}';

/** Why somebody wants it: changes nothing. */
const reasons =
  '{so that nobody has to do it by hand|so nobody forgets it|so that the data stays clean|so that our reports are right|so we do not have to do it manually|to keep the data clean}';

/** As who somebody wants it. */
const roles =
  '{an admin|an admin|a sales rep|a sales manager|a support agent|a service manager|a user|a business user|a product owner|a team lead}';

/** A user story around `body`, which goes on after "I want". */
export function story(body: string): string {
  return `As ${roles}{,|} I {want|want|need|would like} ${body}{|||, ${reasons}| ${reasons}}`;
}

/** `sets the status to Open and marks it as paid`. */
export function inThirdPerson(imperatives: readonly string[]): string {
  return listed(imperatives.map((imperative) => imperative.replace(/^\w+/, thirdPerson)));
}

/** `status` and `Late` of "set the status to Late"; null = it is said otherwise. */
export function settingOf({ imperative }: Assignment): { name: string; value: string } | null {
  const found = /^(?:set|change|update) (?:(?:the|its|their) )?((?:(?! to ).)+) to (.+)$/.exec(imperative);
  return found === null ? null : { name: found[1]!, value: found[2]! };
}

/** `with status Open and without an email`; null = a condition is said otherwise after the noun. */
export function withWords(conditions: readonly Condition[]): string | null {
  const words = conditions.map(({ after }) => after);
  const isWith = words.every((word) => /^with(out)? /.test(word));
  return words.length > 0 && isWith ? words.join(' and ') : null;
}
