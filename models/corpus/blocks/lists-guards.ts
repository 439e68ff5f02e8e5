/** Guards: leave when there is nothing to do, throw when something is missing. */
import { drawCondition } from '../conditions.js';
import type { Draw } from '../draw.js';
import { drawField, said, type Thing } from '../nouns.js';
import { capitalized, phrase, withArticle } from '../phrase.js';
import type { Random } from '../random.js';
import type { Kind, Made } from './kind.js';
import { givenList } from './lists-gathering.js';
import { withUnknownWords } from '../words/invented.js';
import { naturalText } from '../words/sentences.js';

export const guardKinds: readonly Kind[] = [
  { kind: 'guard return', weight: 3, make: makeReturn },
  { kind: 'guard throw', weight: 4, make: makeThrow },
];

const leave =
  '{return|return|return early|exit|exit early|leave|stop|stop here|do nothing|bail out|return immediately|quit}';

function makeReturn(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const make = random.weighted([
    [5, () => makeReturnOfList(random, thing)],
    [1, () => makeReturnOfNone(random, thing)],
    [2, () => makeReturnWhen(draw, thing)],
  ]);
  return make();
}

function makeReturnOfNone(random: Random, thing: Thing): Made {
  const prompt = `{${leave} {if|when|in case} the ${thing.label} {is null|is null|is missing}|if the ${thing.label} is null{,|} ${leave}|${leave} {if|when} there is no ${thing.label}}`;
  return {
    prompt: phrase(random, prompt),
    answer: `if (${thing.one} == null) {\n    return;\n}`,
    given: givenOne(thing),
  };
}

function makeReturnWhen(draw: Draw, thing: Thing): Made | null {
  const condition = drawCondition(draw, thing, { isInMemory: true });
  if (condition === null || condition.apex === null) return null;
  const when = aboutThing(thing, condition.clause);
  return {
    prompt: phrase(draw.random, `{${leave} {if|when|in case} ${when}|{if|when} ${when}{,|} ${leave}}`),
    answer: `if (${condition.apex(thing.one)}) {\n    return;\n}`,
    given: givenOne(thing),
  };
}

/** A clause about "it" with the thing for a subject: `the case's status is Open`, `the case is closed`. */
function aboutThing(thing: Thing, clause: string): string {
  const own = /^(?:its|the) (.*)$/.exec(clause);
  if (own !== null) return `the ${thing.label}'s ${own[1]!}`;
  if (clause.startsWith('it ')) return `the ${thing.label} ${clause.slice('it '.length)}`;
  return `for ${withArticle(thing.label)} ${clause}`;
}

function makeReturnOfList(random: Random, thing: Thing): Made {
  const [test, state] = random.pick([
    [
      `${thing.many}.isEmpty()`,
      '{is empty|is empty|has no {records|entries|elements|items}|contains {nothing|no records}}',
    ],
    [
      `${thing.many}.isEmpty()`,
      '{is empty|is empty|has no {records|entries|elements|items}|contains {nothing|no records}}',
    ],
    [
      `${thing.many} == null || ${thing.many}.isEmpty()`,
      '{is null or empty|is null or is empty|is empty or null|is {missing|null} or has no {records|entries}}',
    ],
    [`${thing.many} == null`, '{is null|is null}'],
  ] as const);
  const list = `{the list of ${thing.plural}|the ${thing.label} list|the list ${thing.many}}`;
  const isEmptyOnly = !test.includes('null');
  const none = isEmptyOnly
    ? `|${leave} {if|when} there are no ${thing.plural}|if there are no ${thing.plural}, ${leave}|${leave} {if|when} no ${thing.plural} {are|were} {given|passed in|found}`
    : '';
  const prompt = `{${leave} {if|when|if|as soon as|in case} ${list} ${state}|{if|when} ${list} ${state}{,|} ${leave}|guard: ${leave} {if|when} ${list} ${state}|guard: ${list} ${state} {->|=>|:} ${leave}|{if|when} ${list} ${state} just {return|leave|exit|stop}|${list} ${state}? {return|exit}|nothing to do {if|when} ${list} ${state}{,|:} {return|leave}${none}}`;
  return {
    prompt: phrase(random, prompt),
    answer: `if (${test}) {\n    return;\n}`,
    given: givenList(thing),
  };
}

const throwing =
  '{throw|throw|throw|raise} {an exception|an exception|an exception|an IllegalArgumentException|an error|an illegal argument exception}';

function makeThrow(draw: Draw, thing: Thing): Made | null {
  return draw.random.chance(0.6) ? makeThrowMissing(draw, thing) : makeThrowWhen(draw, thing);
}

function makeThrowMissing(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const field = drawField(draw, thing, [
    'text',
    'email',
    'phone',
    'picklist',
    'date',
    'currency',
    'reference',
  ]);
  if (field === null) return null;
  const label = said(draw, field);
  const message = phrase(
    random,
    `{${withArticle(thing.label)} needs ${withArticle(field.label)}|${thing.label} needs ${withArticle(field.label)}|${field.label} must {be set|be filled|not be empty}|cannot continue without ${withArticle(field.label)}|the ${thing.label} has no ${field.label}|enter ${withArticle(field.label)} first|${field.label} is {missing|required|mandatory|needed}|please {enter|set|provide} the ${field.label}|missing ${field.label}|no ${field.label} given}`,
  );
  const isSaid = random.chance(0.7);
  const text = capitalized(isSaid ? message : `${field.label} is missing`);
  const lacks = `{the ${label} of the ${thing.label} is {missing|null|not set|not given}|the ${thing.label} has no ${label}|the ${label} of the ${thing.label} is missing|the ${thing.label}'s ${label} is {missing|null|not set}|the ${thing.label} is missing {the|its} ${label}|${withArticle(thing.label)} has no ${label}|the ${thing.label} {has no|lacks the} ${label}|there is no ${label} on the ${thing.label}|{no|missing} ${label} on the ${thing.label}|${thing.one}.${field.api} is {null|missing|empty}|the ${thing.label}'s ${label} is {empty|blank|not there}}`;
  const demand = `{make sure|check that|ensure|assert that} {the|every} ${thing.label} has ${withArticle(label)}`;
  const lacksShort = `{no ${label} on the ${thing.label}|${thing.label} without ${withArticle(label)}|missing ${label} on the ${thing.label}|${thing.label} has no ${label}}`;
  return {
    prompt: phrase(
      random,
      random.chance(0.4)
        ? thrownShort(random, isSaid ? draw.keep(text) : null, lacksShort, demand)
        : thrown(isSaid ? text : null, lacks),
    ),
    answer: `if (${thing.one}.${field.api} == null) {\n    throw new IllegalArgumentException('${text}');\n}`,
    given: givenOne(thing),
  };
}

const refusals = [
  'Not allowed',
  'Cannot be processed',
  'Check the data',
  'Invalid record',
  'This is not possible',
  'Contact your administrator',
  'Please check the values',
  'Wrong state',
  'Not ready yet',
  'Must be approved first',
];

function makeThrowWhen(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const condition = drawCondition(draw, thing, { isInMemory: true });
  if (condition === null || condition.apex === null) return null;
  const text = random.chance(0.5)
    ? naturalText(random)
    : withUnknownWords(random, random.pick(refusals), { share: 0.2 });
  const prompt = random.chance(0.4)
    ? `{for|given} ${withArticle(thing.label)}, ${thrown(text, condition.clause)}`
    : thrown(text, aboutThing(thing, condition.clause));
  return {
    prompt: phrase(random, prompt),
    answer: `if (${condition.apex(thing.one)}) {\n    throw new IllegalArgumentException('${text}');\n}`,
    given: givenOne(thing),
  };
}

/** `guard: no due date on the invoice -> throw 'A due date is needed'`, `make sure the invoice has a due date, else throw …`. */
function thrownShort(random: Random, message: string | null, lacks: string, demand: string): string {
  const quote = random.pick(["'", "'", '"']);
  const what =
    message === null
      ? '{throw|throw an exception|throw an error}'
      : `{throw|throw|throw an exception|raise} ${quote}${message}${quote}`;
  return `{{guard: |guard clause: |check: |validation: |}${lacks} {->|->|=>|:|,} ${what}|${demand}, {otherwise|else|or else|if not,|or} ${what}}`;
}

/** No message said = the one that goes without saying: the field is missing. */
function thrown(message: string | null, when: string): string {
  if (message === null) return `{${throwing} {if|when|if|in case} ${when}|{if|when} ${when}, ${throwing}}`;
  return `{${throwing} {'${message}'|saying '${message}'|with the message '${message}'|with '${message}'|with message '${message}'} {if|when|if|in case} ${when}|{if|when} ${when}, ${throwing} {'${message}'|saying '${message}'|with the message '${message}'|with '${message}'}}`;
}

function givenOne(thing: Thing): string {
  return `${thing.api} ${thing.one} = new ${thing.api}();`;
}
