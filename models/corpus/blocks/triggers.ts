/** Kinds of triggers, and of handler classes that they call. */
import type { Assignment } from '../assignments.js';
import { nounPhrase, type Condition } from '../conditions.js';
import type { Draw } from '../draw.js';
import { drawField, drawThing, said, type Thing } from '../nouns.js';
import { listed, phrase, withArticle } from '../phrase.js';
import { drawAssignments } from './changes-job.js';
import { construction, drawName, members, nameable } from './changes-records.js';
import type { Kind, Made } from './kind.js';
import { indented } from './soql.js';
import { handlerOnly, triggerWithHandler } from './triggers-handler.js';
import { forbidDelete, rejectTrigger, requiredTrigger } from './triggers-errors.js';
import {
  type Moment,
  moments,
  whenWords,
  triggerWord,
  trigger,
  wrapped,
  oneOf,
  before,
  inIf,
  drawTests,
  tests,
  assignments,
} from './triggers-text.js';

export const triggerKinds: readonly Kind[] = [
  { kind: 'trigger set', weight: 7, make: setTrigger },
  { kind: 'trigger default', weight: 2.5, make: defaultTrigger },
  { kind: 'trigger changed', weight: 3.5, make: changedTrigger },
  { kind: 'trigger reject', weight: 5, make: rejectTrigger },
  { kind: 'trigger required', weight: 2, make: requiredTrigger },
  { kind: 'trigger create', weight: 4, make: createTrigger },
  { kind: 'trigger forbid delete', weight: 2.5, make: forbidDelete },
  { kind: 'trigger handler', weight: 3, make: triggerWithHandler },
  { kind: 'handler', weight: 2, make: handlerOnly },
];

/** "when an invoice is created with status Draft, set the priority to High". */
function setTrigger(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const moment = random.weighted(moments);
  const isConditional = random.chance(0.6);
  const found = isConditional
    ? drawTests(
        draw,
        thing,
        random.weighted([
          [8, 1],
          [2, 2],
        ]),
      )
    : [];
  if (isConditional && found.length === 0) return null;
  const without = found.map(({ field }) => field.api);
  const list = drawAssignments(
    draw,
    thing,
    'one',
    random.weighted([
      [75, 1],
      [25, 2],
    ]),
    without,
  );
  if (list.length === 0) return null;
  const wording = settingWording(draw, thing, moment, found, list);
  return {
    prompt: phrase(random, wording.english),
    answer: trigger(
      thing,
      before(moment),
      inIf(tests(wording.conditions, thing.one), assignments(thing, list)),
    ),
    shape: 'trigger',
  };
}

function settingWording(
  draw: Draw,
  thing: Thing,
  moment: Moment,
  found: readonly Condition[],
  list: readonly Assignment[],
): { english: string; conditions: readonly Condition[] } {
  const { random } = draw;
  const { clause, events, plainEvents } = whenWords[moment];
  const imperatives = listed(list.map(({ imperative }) => imperative));
  const nouns = listed(list.map(({ noun }) => noun));
  const noun = nounPhrase(draw, thing, found, 'one');
  const ifs = found.length === 0 ? '' : ` {if|when} ${listed(found.map((condition) => condition.clause))}`;
  const byNoun: (readonly [number, string])[] = [
    [4, `${triggerWord}: {when|whenever|if} ${oneOf(noun.english)} ${clause}, ${imperatives}`],
    [4, `{when|whenever|every time|each time} ${oneOf(noun.english)} ${clause}, ${imperatives}`],
    [2, `{before|on} ${plainEvents} of ${oneOf(noun.english)}, ${imperatives}`],
    [1, `{every|each|any} ${noun.english} that ${clause} {gets|should get|must get} ${nouns}`],
  ];
  const byClause: (readonly [number, string])[] = [
    [
      4,
      `${triggerWord} on ${thing.label} {${events}|(${events})|for ${events}} {to|that should} ${imperatives}${ifs}`,
    ],
    [3, `{on|before|in a trigger on} ${thing.label} ${plainEvents}, ${imperatives}${ifs}`],
    [
      2,
      `{when|whenever} ${withArticle(thing.label)} ${clause}${found.length === 0 ? '' : ` and ${listed(found.map((condition) => condition.clause))}`}, ${imperatives}`,
    ],
    [1, `${thing.label} trigger, ${events}: ${imperatives}${ifs}`],
    [
      found.length === 0 ? 0 : 2,
      `${triggerWord} on ${thing.label} ${events}: if ${listed(found.map((condition) => condition.clause))}, ${imperatives}`,
    ],
  ];
  return random.chance(0.45)
    ? { english: random.weighted(byNoun), conditions: noun.conditions }
    : { english: random.weighted(byClause), conditions: found };
}

/** "if the country of a new lead is empty, set it to Germany". */
function defaultTrigger(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const moment = random.weighted(moments);
  const [assignment] = drawAssignments(draw, thing, 'one', 1);
  const value =
    assignment === undefined
      ? undefined
      : /^(?:set|change|update|switch|put) (?:(?! to ).)+ to (.+)$/.exec(assignment.imperative)?.[1];
  if (assignment === undefined || value === undefined || assignment.field.type === 'checkbox') return null;
  const { clause, plainEvents } = whenWords[moment];
  const name = said(draw, assignment.field);
  const empty = '{is empty|is blank|is missing|is null|is not set|is not filled in}';
  const noName = `{without ${withArticle(name)}|with no ${name}|without ${name}}`;
  const english = random.pick(
    [
      `${triggerWord} on ${thing.label} ${plainEvents}: if the ${name} ${empty}, set it to ${value}`,
      `{on|before} ${thing.label} ${plainEvents}, {set|default} the ${name} to ${value} {if|when} it ${empty}`,
      `{when|whenever} ${withArticle(thing.label)} ${clause} and the ${name} ${empty}, {set|default} it to ${value}`,
      `{when|whenever} ${withArticle(thing.label)} ${clause} ${noName}, {set|default} the ${name} to ${value}`,
      `${triggerWord} {to|that should} default the ${name} of ${thing.plural} to ${value} on ${plainEvents}`,
      `the default ${name} of {a new ${thing.label}|new ${thing.plural}} is ${value}, {in a trigger|use a trigger|trigger}`,
    ].slice(0, moment === 'insert' ? undefined : -1),
  );
  const test = `${thing.one}.${assignment.field.api} == null`;
  return {
    prompt: phrase(random, english),
    answer: trigger(thing, before(moment), inIf([test], assignments(thing, [assignment]))),
    shape: 'trigger',
  };
}

/** "when the status of a case changes, set …", also "changes to Closed". */
function changedTrigger(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const field = drawField(draw, thing, [
    'picklist',
    'picklist',
    'currency',
    'date',
    'email',
    'phone',
    'text',
  ]);
  if (field === null) return null;
  const value = field.type === 'picklist' && random.chance(0.5) ? random.pick(field.values) : null;
  const list = drawAssignments(
    draw,
    thing,
    'one',
    random.weighted([
      [8, 1],
      [2, 2],
    ]),
    [field.api],
  );
  if (list.length === 0) return null;
  const imperatives = listed(list.map(({ imperative }) => imperative));
  const name = said(draw, field);
  const label = withArticle(thing.label);
  const changes =
    value === null
      ? '{changes|is changed|changes|is updated|gets changed}'
      : `{changes to|is changed to|becomes|is set to|moves to|goes to} {${value}|'${value}'|${value}}`;
  const english =
    `{when|whenever|if|once|every time} the ${name} {of|on} {${label}|${label}|the ${thing.label}} ${changes}, ${imperatives}` +
    `|${triggerWord} {on|for} ${thing.label}: {when|if|whenever} {the|its} ${name} ${changes}, ${imperatives}` +
    `|${triggerWord} {on|for} ${thing.plural} {that should|to} ${imperatives} {when|if|whenever|once} the ${name} ${changes}` +
    `|${thing.label} trigger: ${value === null ? `on ${name} change` : `when ${name} ${changes}`}, ${imperatives}` +
    `|{when|if} ${label}'s ${name} ${changes}, ${imperatives}`;
  const isChanged = `${thing.one}.${field.api} != Trigger.oldMap.get(${thing.one}.Id).${field.api}`;
  const test = value === null ? [isChanged] : [isChanged, `${thing.one}.${field.api} == '${value}'`];
  return {
    prompt: phrase(random, `{${english}}`),
    answer: trigger(thing, 'before update', inIf(test, assignments(thing, list))),
    shape: 'trigger',
  };
}

/** Lookup of `child` that points to `parent`; null = none that this family knows of. */
function lookupTo(parent: Thing, child: Thing): string | null {
  if (child.api === 'Task' || child.api === 'Event')
    return parent.api === 'Contact' || parent.api === 'Lead' ? 'WhoId' : 'WhatId';
  const standard = child.fields.find(({ target }) => target === parent.api)?.api;
  if (standard !== undefined) return standard;
  return child.isCustom ? `${parent.api.replace(/__c$/, '')}__c` : null;
}

const childTriesMax = 8;

/** Another object that can point to `thing`; tasks more often than chance has it. */
function drawChild(draw: Draw, thing: Thing): { child: Thing; lookup: string } | null {
  const isTask = thing.api !== 'Task' && draw.random.chance(0.35);
  let found: { child: Thing; lookup: string } | null = null;
  for (let turn = 0; turn < childTriesMax; turn++) {
    const child = drawThing(draw, isTask ? { isCustom: false, without: thing.api } : { without: thing.api });
    const lookup =
      child.api === 'User' || child.api === thing.api || thing.api === 'User' ? null : lookupTo(thing, child);
    if (lookup !== null) found = { child, lookup };
    if (found !== null && (!isTask || found.child.api === 'Task')) return found;
  }
  return found;
}

/** "when an opportunity is created, create a project for it". */
function createTrigger(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const related = drawChild(draw, thing);
  if (related === null) return null;
  const { child, lookup } = related;
  const found = random.chance(0.45) ? drawTests(draw, thing, 1) : [];
  const nameField = nameable(child);
  const isNamed = nameField !== null && random.chance(0.6);
  const name = isNamed ? drawName(draw, nameField) : '';
  const list = drawAssignments(
    draw,
    child,
    'one',
    random.weighted([
      [isNamed ? 4 : 0, 0],
      [5, 1],
      [2, 2],
    ]),
    ['Name', 'Subject', 'LastName', lookup],
  );
  if (!isNamed && list.length === 0) return null;
  const nouns = listed(list.map(({ noun }) => noun));
  const naming = !isNamed
    ? ''
    : nameField === 'LastName'
      ? `with last name ${name}`
      : nameField === 'Subject'
        ? `{'${name}'|with subject '${name}'}`
        : `{named|called} '${name}'`;
  const having =
    nouns === ''
      ? ''
      : naming.startsWith('with') || naming.startsWith("{'")
        ? `, ${nouns}`
        : ` with ${nouns}`;
  const what = `${withArticle(child.label)} ${naming}${having}`;
  const noun = nounPhrase(draw, thing, found, 'one');
  const made = '{is {created|inserted|added}|is created}';
  const english = random.pick([
    `{when|whenever|after|every time|once} ${oneOf(noun.english)} ${made}, {create|insert|add} {${what}|a {related|new} ${what.replace(/^an? /, '')}}`,
    `${triggerWord}: {when|after} ${oneOf(noun.english)} ${made}, {create|insert|add} ${what}`,
    `${triggerWord} on ${thing.label} after insert {that creates|to create} ${what}${found.length === 0 ? '' : ` {if|when} ${found[0]!.clause}`}`,
    `{create|insert|add} ${what} for {every|each} new ${noun.english}`,
    `{every|each} new ${noun.english} {should get|gets|needs} ${what}`,
  ]);
  const fields = [
    ...(isNamed ? [`${nameField} = '${name}'`] : []),
    ...members(list),
    `${lookup} = ${thing.one}.Id`,
  ];
  return {
    prompt: phrase(random, english),
    answer: wrapped(
      thing,
      'after insert',
      [
        `List<${child.api}> ${child.many} = new List<${child.api}>();`,
        `for (${thing.api} ${thing.one} : Trigger.new) {`,
        indented(
          inIf(tests(noun.conditions, thing.one), `${child.many}.add(${construction(child, fields)});`),
        ),
        '}',
        `insert ${child.many};`,
      ].join('\n'),
    ),
    shape: 'trigger',
  };
}
