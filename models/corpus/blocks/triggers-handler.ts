/** Triggers that leave the work to a class, and that class. */
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { drawConditions } from '../conditions.js';
import { listed, phrase } from '../phrase.js';
import { drawAssignments } from './changes-job.js';
import type { Made } from './kind.js';
import { indented } from './soql.js';

type Event =
  'before insert' | 'before update' | 'after insert' | 'after update' | 'before delete' | 'after delete';

const events: readonly (readonly [number, readonly Event[]])[] = [
  [4, ['before insert']],
  [2, ['before update']],
  [2, ['after insert']],
  [2, ['after update']],
  [3, ['before insert', 'before update']],
  [2, ['after insert', 'after update']],
  [1, ['before insert', 'after insert']],
  [1, ['before insert', 'after update']],
  [1, ['before insert', 'before update', 'after insert', 'after update']],
  [1, ['before delete']],
  [1, ['after delete']],
];

function handlerMethod(event: Event): string {
  return event.replace(/ (.)/, (_whole, letter: string) => letter.toUpperCase());
}

function isOld(event: Event): boolean {
  return event.endsWith('delete');
}

/** Calls of the handler; with more than one event each stands under its test. */
function calls(thing: Thing, chosen: readonly Event[]): string {
  const call = (event: Event): string =>
    `${thing.className}TriggerHandler.${handlerMethod(event)}(Trigger.${isOld(event) ? 'old' : 'new'});`;
  if (chosen.length === 1) return call(chosen[0]!);
  const test = (event: Event): string => {
    const [time, operation] = event.split(' ') as [string, string];
    return `Trigger.is${time === 'before' ? 'Before' : 'After'} && Trigger.is${operation.slice(0, 1).toUpperCase()}${operation.slice(1)}`;
  };
  return chosen
    .map((event, index) => `${index === 0 ? '' : '} else '}if (${test(event)}) {\n    ${call(event)}\n`)
    .join('')
    .concat('}');
}

function triggerText(thing: Thing, chosen: readonly Event[]): string {
  return `trigger ${thing.className}Trigger on ${thing.api} (${chosen.join(', ')}) {\n${indented(calls(thing, chosen))}\n}`;
}

/** One job of a handler: fields set on the records, perhaps only on some. */
function drawBody(draw: Draw, thing: Thing): { english: string; body: string } | null {
  const { random } = draw;
  const found = random.chance(0.4) ? drawConditions(draw, thing, 1, { isInMemory: true }) : [];
  const [condition] = found;
  const list = drawAssignments(
    draw,
    thing,
    'one',
    random.weighted([
      [8, 1],
      [2, 2],
    ]),
    condition === undefined ? [] : [condition.field.api],
  );
  if (list.length === 0 || (condition !== undefined && condition.apex === null)) return null;
  const lines = list.map(({ field, value }) => `${thing.one}.${field.api} = ${value};`).join('\n');
  const guarded =
    condition === undefined ? lines : `if (${condition.apex!(thing.one)}) {\n${indented(lines)}\n}`;
  return {
    english: `${listed(list.map(({ imperative }) => imperative))}${condition === undefined ? '' : ` if ${condition.clause}`}`,
    body: `for (${thing.api} ${thing.one} : ${thing.many}) {\n${indented(guarded)}\n}`,
  };
}

function handlerText(thing: Thing, methods: readonly { event: Event; body: string }[]): string {
  const texts = methods.map(({ event, body }) =>
    [
      `public static void ${handlerMethod(event)}(List<${thing.api}> ${thing.many}) {`,
      ...(body === '' ? [] : [indented(body)]),
      '}',
    ].join('\n'),
  );
  return `public class ${thing.className}TriggerHandler {\n${indented(texts.join('\n\n'))}\n}`;
}

const triggerWord = '{{write |create |I need |give me |make |}{a|an Apex} trigger|trigger|apex trigger}';

/** The trigger and its class, or the trigger alone where the handler "exists". */
export function triggerWithHandler(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  if (random.chance(0.35)) {
    const chosen = random.weighted(events);
    const english = `${triggerWord} {on|for} ${thing.label} {(${chosen.join(', ')})|${listed(chosen)}|for ${listed(chosen)}|on ${listed(chosen)}} that {only |just |}{calls|delegates to|hands over to|dispatches to} {${thing.className}TriggerHandler|the existing handler|its existing handler class}`;
    return { prompt: phrase(random, english), answer: triggerText(thing, chosen), shape: 'trigger' };
  }
  const event = random.pick(['before insert', 'before update'] as const);
  const job = drawBody(draw, thing);
  if (job === null) return null;
  const english =
    `${triggerWord} {with a handler|with a handler class|and a handler|and handler class} {on|for} ${thing.label} ${event} {to|that should} ${job.english}` +
    `|${thing.label} trigger {with {a |}handler|and handler class}, ${event}: ${job.english}` +
    `|${triggerWord} on ${thing.label} ${event} {to|that should} ${job.english}{, use a handler class|, with the logic in a handler| using the handler pattern|, logic in ${thing.className}TriggerHandler}`;
  return {
    prompt: phrase(random, `{${english}}`),
    answer: `${triggerText(thing, [event])}\n\n${handlerText(thing, [{ event, body: job.body }])}`,
    shape: 'trigger',
  };
}

/** The handler class alone. */
export function handlerOnly(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const event = random.pick(['before insert', 'before update'] as const);
  const job = drawBody(draw, thing);
  if (job === null) return null;
  const english =
    `{write |create |I need |give me |}{a|the} {trigger handler|trigger handler class|handler class} for ${thing.plural} {with a ${event} method that should|that on ${event} should|, ${event}:|whose ${event} method should} ${job.english}` +
    `|${thing.className}TriggerHandler {class |}with {a |}{${event} method|${handlerMethod(event)}}: ${job.english}`;
  return {
    prompt: phrase(random, `{${english}}`),
    answer: handlerText(thing, [{ event, body: job.body }]),
    shape: 'class',
  };
}
