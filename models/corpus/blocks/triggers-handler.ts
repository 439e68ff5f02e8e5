/** Triggers that leave the work to a class, and that class. */
import type { Assignment } from '../assignments.js';
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { drawConditions } from '../conditions.js';
import { listed, phrase } from '../phrase.js';
import { drawAssignments } from './changes-job.js';
import type { Made } from './kind.js';
import { indented } from './soql.js';
import { assignments, inIf, inThirdPerson, settingOf } from './triggers-text.js';

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

interface Body {
  /** `set the status to Open if it is paid` */
  readonly english: string;
  /** `sets the status to Open if it is paid` */
  readonly does: string;
  readonly body: string;
}

/** One job of a handler: fields set on the records, perhaps only on some. */
function drawBody(draw: Draw, thing: Thing): Body | null {
  const { random } = draw;
  if (random.chance(0.25)) return drawDefault(draw, thing);
  const found = random.chance(0.4) ? drawConditions(draw, thing, 1, { isInMemory: true }) : [];
  const [condition] = found;
  const without = condition === undefined ? [] : [condition.field.api];
  const list = drawAssignments(draw, thing, 'one', random.chance(0.8) ? 1 : 2, without);
  if (list.length === 0 || (condition !== undefined && condition.apex === null)) return null;
  const imperatives = list.map(({ imperative }) => imperative);
  const test = condition === undefined ? null : condition.apex!(thing.one);
  const ifs = condition === undefined ? '' : ` ${random.pick(['if', 'when'])} ${condition.clause}`;
  return {
    english: `${listed(imperatives)}${ifs}`,
    does: `${inThirdPerson(imperatives)}${ifs}`,
    body: loop(thing, list, test),
  };
}

/** "set the department to Unknown when it is blank". */
function drawDefault(draw: Draw, thing: Thing): Body | null {
  const { random } = draw;
  const [assignment] = drawAssignments(draw, thing, 'one', 1);
  const setting = assignment === undefined ? null : settingOf(assignment);
  if (assignment === undefined || setting === null || assignment.field.type === 'checkbox') return null;
  const empty = phrase(random, '{if|when} it is {still |}{blank|empty|missing|not set|null|not filled in}');
  const verb = random.pick(['set', 'set', 'default']);
  const rest = `the ${setting.name} to ${setting.value} ${empty}`;
  return {
    english: `${verb} ${rest}`,
    does: `${verb}s ${rest}`,
    body: loop(thing, [assignment], `${thing.one}.${assignment.field.api} == null`),
  };
}

function loop(thing: Thing, list: readonly Assignment[], test: string | null): string {
  const body = inIf(test === null ? [] : [test], assignments(thing, list));
  return `for (${thing.api} ${thing.one} : ${thing.many}) {\n${indented(body)}\n}`;
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
  const english = random.pick(withHandler(thing, event, job));
  return {
    prompt: phrase(random, english),
    answer: `${triggerText(thing, [event])}\n\n${handlerText(thing, [{ event, body: job.body }])}`,
    shape: 'trigger',
  };
}

function withHandler(thing: Thing, event: Event, { english, does }: Body): readonly string[] {
  const { label } = thing;
  const handler = '{a handler|a handler|a handler class|a trigger handler|handler|handler class}';
  const usesHandler =
    '{, use a handler class|, with the logic in a handler| using the handler pattern|, with a handler|, handler pattern please|. Put the logic into a handler class|. Use a handler' +
    `|, logic in ${thing.className}TriggerHandler}`;
  return [
    `${triggerWord} {with|and|with} ${handler} {on|for} ${label} ${event} {to|that should} ${english}`,
    `${triggerWord} {with|and} ${handler} {on|for} ${label} (${event}) {that|which} ${does}`,
    `${label} trigger {with|and|with} ${handler} {that|which} ${does}, {${event}|on ${event}}`,
    `${label} trigger {with {a |}handler|and handler class|+ handler} {(${event}): |, ${event}: }${english}`,
    `${triggerWord} on ${label} ${event} {to|that should} ${english}${usesHandler}`,
    `${triggerWord} {on|for} ${label} ${event} {that|which} ${does}${usesHandler}`,
    `{on |}${event} {of|on} {${label}|${thing.plural}} ${english}, {as |}{a |}trigger {plus|and|with} handler class`,
    `${triggerWord} {on|for} ${label} {that|which} calls a handler {on ${event}|${event}}{. The|, the} handler {should ${english}|${does}}`,
    `trigger + handler, ${label}, ${event}: ${english}`,
    `{apex |}trigger and handler class {for|on} ${label}, ${event}{: |, }{it should |}${english}`,
  ];
}

/** The handler class alone. */
export function handlerOnly(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const event = random.pick(['before insert', 'before update'] as const);
  const job = drawBody(draw, thing);
  if (job === null) return null;
  const english =
    `{write |create |I need |give me |}{a|the} {trigger handler|trigger handler class|handler class} for ${thing.plural} {with a ${event} method that should|that on ${event} should|, ${event}:|whose ${event} method should} ${job.english}` +
    `|{write |create |I need |need |}{a|the} {handler class|trigger handler} for {the |}${thing.label} {trigger |}that ${job.does} {on|in} {${event}|its ${event} method}` +
    `|{class |}${thing.className}TriggerHandler{:|, | -} {on ${event}|${event}}{:|,} ${job.english}` +
    `|${thing.className}TriggerHandler {class |}{that|which} ${job.does} {on|in} ${event}` +
    `|${thing.className}TriggerHandler {class |}with {a |}{${event} method|${handlerMethod(event)}}: ${job.english}`;
  return {
    prompt: phrase(random, `{${english}}`),
    answer: handlerText(thing, [{ event, body: job.body }]),
    shape: 'class',
  };
}
