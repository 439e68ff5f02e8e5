/** What triggers are made of: their text, their moments, and tests on the records. */
import type { Assignment } from '../assignments.js';
import { drawConditions, type Condition } from '../conditions.js';
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { withArticle } from '../phrase.js';
import { indented } from './soql.js';

export type Moment = 'insert' | 'update' | 'insert, update';

export const moments: readonly (readonly [number, Moment])[] = [
  [5, 'insert'],
  [3, 'update'],
  [3, 'insert, update'],
];

export const whenWords: Record<Moment, { clause: string; events: string; plainEvents: string }> = {
  insert: {
    clause: 'is {created|inserted|created|added}',
    events: '{insert|before insert|insert|create}',
    plainEvents: '{insert|insert|create}',
  },
  update: {
    clause: 'is {updated|changed|edited|modified}',
    events: '{update|before update|update}',
    plainEvents: 'update',
  },
  'insert, update': {
    clause: 'is {created or updated|inserted or updated|saved|saved|created or changed}',
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
