/** Triggers that set fields: always, on some records, where a field is empty, or when a field changes. */
import type { Assignment } from '../assignments.js';
import { nounPhrase, type Condition } from '../conditions.js';
import type { Draw } from '../draw.js';
import { drawField, said, type Thing } from '../nouns.js';
import { listed, phrase, withArticle } from '../phrase.js';
import { readOnly } from '../words/standard.js';
import { drawAssignments } from './changes-job.js';
import type { Made } from './kind.js';
import {
  assignments,
  before,
  comma,
  drawTests,
  inIf,
  inThirdPerson,
  type Moment,
  moments,
  oneOf,
  settingOf,
  story,
  tests,
  trigger,
  triggerWord,
  whenWords,
  withWords,
} from './triggers-text.js';

type Choices = readonly (readonly [weight: number, template: string])[];

/** "when an invoice is created with status Draft, set the priority to High". */
export function setTrigger(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const moment = random.weighted(moments);
  const isConditional = random.chance(0.6);
  const count = random.chance(0.8) ? 1 : 2;
  const found = isConditional ? drawTests(draw, thing, count) : [];
  if (isConditional && found.length === 0) return null;
  const without = found.map(({ field }) => field.api);
  const list = drawAssignments(draw, thing, 'one', random.chance(0.75) ? 1 : 2, without);
  if (list.length === 0) return null;
  const noun = nounPhrase(draw, thing, found, 'one');
  const isByNoun = random.chance(0.4);
  const english = isByNoun
    ? random.weighted(byNoun(noun.english, moment, list))
    : random.weighted(byClause(thing, moment, found, list));
  const conditions = isByNoun ? noun.conditions : found;
  return {
    prompt: phrase(random, english),
    answer: trigger(thing, before(moment), inIf(tests(conditions, thing.one), assignments(thing, list))),
    shape: 'trigger',
  };
}

/** Wordings in which the conditions stand with the noun. */
function byNoun(noun: string, moment: Moment, list: readonly Assignment[]): Choices {
  const { clause, plainEvents } = whenWords[moment];
  const imperatives = listed(list.map(({ imperative }) => imperative));
  const nouns = listed(list.map(({ noun: given }) => given));
  const isPronounFree = !/\b(it|its)\b/.test(imperatives);
  const one = oneOf(noun);
  const setting = list.length === 1 ? settingOf(list[0]!) : null;
  return [
    [3, `${triggerWord}: {when|whenever|if} ${one} ${clause}${comma} ${imperatives}`],
    [4, `{when|whenever|every time|each time|if|as soon as|once} ${one} ${clause}${comma} ${imperatives}`],
    [2, `{before|on|upon} ${plainEvents} of ${one}${comma} ${imperatives}`],
    [1, `before ${one} ${clause}, ${imperatives}`],
    [1, `{every|each|any} ${noun} that ${clause} {gets|should get|must get} ${nouns}`],
    [1, `${story(`{the system |Salesforce |}to ${imperatives}`)} {when|whenever} ${one} ${clause}`],
    [
      isPronounFree ? 2 : 0,
      `{automatically |}${imperatives} {when|whenever|as soon as|every time} ${one} ${clause}`,
    ],
    [
      setting === null ? 0 : 2,
      `{when|whenever|if} ${one} ${clause}, {the|its} ${setting?.name} {should|must|has to} be {set to |changed to |}${setting?.value}`,
    ],
    [
      setting === null ? 0 : 1,
      `${story(`the ${setting?.name} to be set to ${setting?.value}`)} {when|whenever} ${one} ${clause}`,
    ],
  ];
}

/** Wordings in which the conditions are clauses of their own, or stand after the verb. */
function byClause(
  thing: Thing,
  moment: Moment,
  found: readonly Condition[],
  list: readonly Assignment[],
): Choices {
  const { clause, events, plainEvents } = whenWords[moment];
  const { label } = thing;
  const times = before(moment).replace(', ', '{, | and |/| + }');
  const imperatives = listed(list.map(({ imperative }) => imperative));
  const sets = inThirdPerson(list.map(({ imperative }) => imperative));
  const clauses = listed(found.map((condition) => condition.clause));
  const has = found.length > 0;
  const ifs = has ? ` {if|when} ${clauses}` : '';
  const ifFirst = has ? `{if|when} ${clauses}${comma} ` : '';
  const withs = withWords(found);
  return [
    [
      3,
      `${triggerWord} {on|for} ${label} {${events}|(${events})|for ${events}} {to|that should} ${imperatives}${ifs}`,
    ],
    [3, `${triggerWord} {on|for} ${label} {${events}|(${times})|, ${times},} {that|which} ${sets}${ifs}`],
    [2, `{a |an Apex |}${times} trigger {on|for} ${label} {that|which} ${sets}${ifs}`],
    [2, `{on|before|in a trigger on} ${label} ${plainEvents}, ${imperatives}${ifs}`],
    [
      2,
      `{when|whenever} ${withArticle(label)} ${clause}${has ? ` and ${clauses}` : ''}${comma} ${imperatives}`,
    ],
    [1, `${label} trigger, ${times}: ${ifFirst}${imperatives}`],
    [1, `${label} trigger (${times}): ${ifFirst}${imperatives}`],
    [2, `trigger, ${label}, ${times}: ${ifFirst}${imperatives}`],
    [1, `{${label}|${thing.api}} ${times}: ${ifFirst}${imperatives}`],
    [
      1,
      `{trigger on|object:} ${label}{. |, |; }{event|when|events}: ${times}{. |; }${ifFirst}${imperatives}`,
    ],
    [has ? 3 : 0, `${triggerWord} {on|for} ${label} ${events}: {if|when} ${clauses}${comma} ${imperatives}`],
    [
      withs === null ? 0 : 4,
      `{when|whenever|if|each time|as soon as} ${withArticle(label)} ${clause} ${withs}, ${imperatives}`,
    ],
    [1, story(`a trigger on ${label} that ${sets} on ${plainEvents}${ifs}`)],
  ];
}

const empty =
  '{is empty|is blank|is blank|is missing|is null|is not set|is not filled in|was left blank|has no value}';

/** "if the country of a new lead is empty, set it to Germany". */
export function defaultTrigger(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const moment = random.weighted(moments);
  const [assignment] = drawAssignments(draw, thing, 'one', 1);
  const setting = assignment === undefined ? null : settingOf(assignment);
  if (assignment === undefined || setting === null || assignment.field.type === 'checkbox') return null;
  const name = said(draw, assignment.field);
  const always = defaultWordings(thing, moment, name, setting.value);
  const { label, plural } = thing;
  const onNew = [
    `the default ${name} of {a new ${label}|new ${plural}} is ${setting.value}, {in a trigger|use a trigger|trigger}`,
    `new ${plural} {that have no|that come without a|without any} ${name} {should|must} {get|have} ${setting.value} {there|as ${name}}, {in a trigger|use a trigger}`,
    `{if|when} no ${name} is {given|entered|set} on a new ${label}, {set it to|default to|use|fill in} ${setting.value}`,
  ];
  const english = random.pick([...always, ...(moment === 'insert' ? onNew : [])]);
  const test = `${thing.one}.${assignment.field.api} == null`;
  return {
    prompt: phrase(random, english),
    answer: trigger(thing, before(moment), inIf([test], assignments(thing, [assignment]))),
    shape: 'trigger',
  };
}

function defaultWordings(thing: Thing, moment: Moment, name: string, value: string): readonly string[] {
  const { clause, plainEvents } = whenWords[moment];
  const { label } = thing;
  const noName = `{without ${withArticle(name)}|with no ${name}|without ${name}|and has no ${name}}`;
  const one = withArticle(label);
  return [
    `${triggerWord} {on|for} ${label} ${plainEvents}: if the ${name} ${empty}${comma} set it to ${value}`,
    `${triggerWord} {on|for} ${label} ${plainEvents} that {sets|defaults} the ${name} to ${value} {if|when} it ${empty}`,
    `{on|before} ${label} ${plainEvents}, {set|default} the ${name} to ${value} {if|when} it ${empty}`,
    `{when|whenever} ${one} ${clause} and the ${name} ${empty}${comma} {set|default} it to ${value}`,
    `{when|whenever|if} ${one} ${clause} ${noName}, {set|default} the ${name} to ${value}`,
    `{when|whenever|if} ${one} ${clause} ${noName}, {fill in|use|put} ${value} {as the ${name}|there}`,
    `${triggerWord} {to|that should} default the ${name} of ${thing.plural} to ${value} on ${plainEvents}`,
    `trigger, ${label}, ${before(moment)}: ${name} defaults to ${value} {if|when} {empty|blank|it ${empty}}`,
    `${story(`the ${name} to default to ${value}`)} when ${one} ${clause} without one`,
  ];
}

/** "when the status of a case changes, set …", also "changes to Closed". */
export function changedTrigger(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const types = ['picklist', 'picklist', 'currency', 'date', 'email', 'phone', 'text'] as const;
  const field = drawField(draw, thing, types);
  if (field === null) return null;
  const value = field.type === 'picklist' && random.chance(0.5) ? random.pick(field.values) : null;
  const stamp = random.chance(0.35) ? drawStamp(draw, thing, field.api) : null;
  const list =
    stamp === null ? drawAssignments(draw, thing, 'one', random.chance(0.8) ? 1 : 2, [field.api]) : [stamp];
  if (list.length === 0) return null;
  const isChanged = `${thing.one}.${field.api} != Trigger.oldMap.get(${thing.one}.Id).${field.api}`;
  const test = value === null ? [isChanged] : [isChanged, `${thing.one}.${field.api} == '${value}'`];
  return {
    prompt: phrase(random, random.weighted(changedWordings(thing, said(draw, field), value, list))),
    answer: trigger(thing, 'before update', inIf(test, assignments(thing, list))),
    shape: 'trigger',
  };
}

function changedWordings(
  thing: Thing,
  name: string,
  value: string | null,
  list: readonly Assignment[],
): Choices {
  const { label } = thing;
  const one = withArticle(label);
  const imperatives = listed(list.map(({ imperative }) => imperative));
  const sets = inThirdPerson(list.map(({ imperative }) => imperative));
  const changes =
    value === null
      ? '{changes|is changed|changes|is updated|gets changed|has changed|was changed|is modified}'
      : `{changes to|is changed to|becomes|is set to|moves to|goes to|gets changed to|changed to} {${value}|'${value}'|${value}}`;
  const of = `the ${name} {of|on} {${one}|${one}|the ${label}|any ${label}}`;
  const noted =
    value === null
      ? `{on ${name} change|on change of {the |}${name}|when {the |}${name} changes|if ${name} changed}`
      : `{when|if|once} {the |}${name} ${changes}`;
  return [
    [
      6,
      `{when|whenever|if|once|every time|as soon as|each time|after} ${of} ${changes}${comma} ${imperatives}`,
    ],
    [
      3,
      `${triggerWord} {on|for} {${label}|${thing.plural}}: {when|if|whenever} {the|its} ${name} ${changes}${comma} ${imperatives}`,
    ],
    [
      2,
      `${triggerWord} {on|for} ${thing.plural} {that should|to} ${imperatives} {when|if|whenever|once} the ${name} ${changes}`,
    ],
    [
      3,
      `${triggerWord} {on|for} ${label} {that|which} ${sets} {when|if|whenever|once|every time} the ${name} ${changes}`,
    ],
    [2, `${label} trigger: ${noted}, ${imperatives}`],
    [1, `trigger, ${label}, before update: ${noted}${comma} ${imperatives}`],
    [2, `{when|if|whenever} ${one}'s ${name} ${changes}${comma} ${imperatives}`],
    [1, `${story(`{Salesforce |the system |}to ${imperatives}`)} {when|whenever} ${of} ${changes}`],
    [
      value === null ? 2 : 0,
      `{if|when|whenever} {somebody|someone|a user|anybody|sales} changes ${of}${comma} ${imperatives}`,
    ],
    [
      value === null ? 0 : 2,
      `{when|if|whenever} {somebody|someone|a user} {sets|changes|moves} ${of} to ${value}${comma} ${imperatives}`,
    ],
  ];
}

/** "write today's date into …": what a change is most often followed by; null = there is no date to set. */
function drawStamp(draw: Draw, thing: Thing, without: string): Assignment | null {
  const { random } = draw;
  const taken = [...readOnly].map((path) => path.split('.')[1]!);
  const field = drawField(draw, thing, ['date'], [without, ...taken, 'CreatedDate', 'LastModifiedDate']);
  if (field === null) return null;
  const name = said(draw, field);
  const today = "{today's date|today's date|the current date|today|the date of today|todays date}";
  const imperative = phrase(
    random,
    `{{write|put|store|save|record|enter|stamp|fill|note} ${today} {in|into|in} {the ${name}|the field ${name}|${name}|the ${name} field}` +
      `|{set|update} {the |the field |}${name} to ${today}|set ${name} = today|stamp {the |}${name} with ${today}|fill {the |}${name} with ${today}}`,
  );
  return { field, value: 'Date.today()', json: 'TODAY', imperative, noun: `${name} today` };
}
