/** Guards: leave when there is nothing to do, throw when something is missing. */
import { drawCondition } from '../conditions.js';
import type { Draw } from '../draw.js';
import { drawField, said, type Thing } from '../nouns.js';
import { phrase, withArticle } from '../phrase.js';
import type { Random } from '../random.js';
import type { Kind, Made } from './kind.js';
import { givenList } from './lists-gathering.js';

export const guardKinds: readonly Kind[] = [
  { kind: 'guard return', weight: 3, make: (draw, thing) => makeReturn(draw.random, thing) },
  { kind: 'guard throw', weight: 4, make: makeThrow },
];

const leave = '{return|return|return early|exit|exit early|leave|stop|stop here|do nothing|bail out|return immediately|quit}';

function makeReturn(random: Random, thing: Thing): Made {
  const [test, state] = random.pick([
    [`${thing.many}.isEmpty()`, '{is empty|is empty|has no {records|entries|elements|items}|contains {nothing|no records}}'],
    [`${thing.many}.isEmpty()`, '{is empty|is empty|has no {records|entries|elements|items}|contains {nothing|no records}}'],
    [`${thing.many} == null || ${thing.many}.isEmpty()`, '{is null or empty|is null or is empty|is empty or null|is {missing|null} or has no {records|entries}}'],
    [`${thing.many} == null`, '{is null|is null}'],
  ] as const);
  const list = `{the list of ${thing.plural}|the ${thing.label} list|the list ${thing.many}}`;
  const isEmptyOnly = !test.includes('null');
  const none = isEmptyOnly
    ? `|${leave} {if|when} there are no ${thing.plural}|if there are no ${thing.plural}, ${leave}|${leave} {if|when} no ${thing.plural} {are|were} {given|passed in|found}`
    : '';
  const prompt = `{${leave} {if|when|if|as soon as|in case} ${list} ${state}|{if|when} ${list} ${state}{,|} ${leave}|guard: ${leave} {if|when} ${list} ${state}${none}}`;
  return { prompt: phrase(random, prompt), answer: `if (${test}) {\n    return;\n}`, given: givenList(thing) };
}

const throwing = '{throw|throw|raise} {an exception|an exception|an IllegalArgumentException|an error|an illegal argument exception}';

function makeThrow(draw: Draw, thing: Thing): Made | null {
  return draw.random.chance(0.6) ? makeThrowMissing(draw, thing) : makeThrowWhen(draw, thing);
}

function makeThrowMissing(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const field = drawField(draw, thing, ['text', 'email', 'phone', 'picklist', 'date', 'currency', 'reference']);
  if (field === null) return null;
  const label = said(draw, field);
  const message = phrase(random, `{${field.label} is {missing|required|mandatory|needed}|please {enter|set|provide} the ${field.label}|missing ${field.label}|no ${field.label} given}`);
  const text = message.slice(0, 1).toUpperCase() + message.slice(1);
  const lacks = `{the ${label} of the ${thing.label} is {missing|null|not set|not given}|the ${thing.label} has no ${label}|the ${label} of the ${thing.label} is missing|the ${thing.label}'s ${label} is {missing|null|not set}|the ${thing.label} is missing {the|its} ${label}|${withArticle(thing.label)} has no ${label}}`;
  return {
    prompt: phrase(random, thrown(text, lacks)),
    answer: `if (${thing.one}.${field.api} == null) {\n    throw new IllegalArgumentException('${text}');\n}`,
    given: givenOne(thing),
  };
}

const refusals = ['Not allowed', 'Cannot be processed', 'Check the data', 'Invalid record', 'This is not possible', 'Contact your administrator', 'Please check the values', 'Wrong state', 'Not ready yet', 'Must be approved first'];

function makeThrowWhen(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const condition = drawCondition(draw, thing, { isInMemory: true });
  if (condition === null || condition.apex === null) return null;
  const text = random.pick(refusals);
  const state = `the ${thing.label} is one ${condition.after}`;
  const prompt = random.chance(0.75)
    ? `{for|given} ${withArticle(thing.label)}, ${thrown(text, condition.clause)}`
    : thrown(text, state);
  return {
    prompt: phrase(random, prompt),
    answer: `if (${condition.apex(thing.one)}) {\n    throw new IllegalArgumentException('${text}');\n}`,
    given: givenOne(thing),
  };
}

function thrown(message: string, when: string): string {
  return `{${throwing} {'${message}'|saying '${message}'|with the message '${message}'|with '${message}'|with message '${message}'} {if|when|if|in case} ${when}|{if|when} ${when}, ${throwing} {'${message}'|saying '${message}'|with the message '${message}'|with '${message}'}}`;
}

function givenOne(thing: Thing): string {
  return `${thing.api} ${thing.one} = new ${thing.api}();`;
}
