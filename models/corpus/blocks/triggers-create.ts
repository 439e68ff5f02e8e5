/** Triggers that create a related record after an insert. */
import { nounPhrase, type Condition } from '../conditions.js';
import type { Draw } from '../draw.js';
import { drawThing, type Thing } from '../nouns.js';
import { listed, phrase, withArticle } from '../phrase.js';
import { drawAssignments } from './changes-job.js';
import { construction, drawName, members, nameable } from './changes-records.js';
import type { Made } from './kind.js';
import { indented } from './soql.js';
import { drawTests, inIf, oneOf, story, tests, triggerWord, withWords, wrapped } from './triggers-text.js';

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
export function createTrigger(draw: Draw, thing: Thing): Made | null {
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
  const english = random.weighted(wordings(thing, noun.english, what, found));
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

/** How it is asked for: by the record that was created, or by what it gets. */
function wordings(
  thing: Thing,
  noun: string,
  what: string,
  found: readonly Condition[],
): readonly (readonly [number, string])[] {
  const { label } = thing;
  const made = '{is {created|inserted|added}|is created|was created|gets created|has been created}';
  const one = oneOf(noun);
  const add = '{create|create|insert|add|make}';
  const tied = `{|||| for it| {linked|related|attached} to it| {linked|related} to {the|that} ${label}}`;
  const ifs = found.length === 0 ? '' : ` {if|when} ${found[0]!.clause}`;
  const ifFirst = found.length === 0 ? '' : `if ${found[0]!.clause}, `;
  const withs = withWords(found);
  const when = '{when|whenever|after|every time|once|as soon as|each time|if}';
  return [
    [
      4,
      `${when} ${one} ${made}{,|,|,| then|} ${add} {${what}|a {related|new} ${what.replace(/^an? /, '')}}${tied}`,
    ],
    [2, `${triggerWord}: {when|after} ${one} ${made}, ${add} ${what}${tied}`],
    [
      2,
      `${triggerWord} {on|for} ${label} after insert {that creates|to create|which creates|creating} ${what}${ifs}`,
    ],
    [2, `{create|insert|add} ${what} for {every|each} new ${noun}`],
    [2, `{every|each} new ${noun} {should get|gets|needs|must have|should have} ${what}`],
    [2, `after {insert|insert|creation|the creation} of ${one}{,|} ${add} ${what}${tied}`],
    [1, `trigger, ${label}, after insert: ${ifFirst}${add} ${what}${tied}`],
    [1, `${label} trigger (after insert): ${ifFirst}${add} ${what}${tied}`],
    [1, `{automatically|auto} create ${what} {when|whenever|as soon as} ${one} ${made}`],
    [1, story(`${what} to be created {automatically |}{when|whenever} ${one} ${made}`)],
    [withs === null ? 0 : 3, `${when} ${withArticle(label)} ${made} ${withs}, ${add} ${what}`],
  ];
}
