/** Maps of queried records, and parents with their children. */
import type { Draw } from '../draw.js';
import { drawField, drawThing, said, type FieldType, type Thing } from '../nouns.js';
import { capitalized, pascalCase, phrase } from '../phrase.js';
import type { Kind, Made } from './kind.js';
import { commands } from './queries-asking.js';
import { allOf, drawAskedFields, drawRecords, isMine } from './queries-words.js';
import { selected, soql, subquery } from './soql.js';

export const mapKinds: readonly Kind[] = [
  { kind: 'map by id', weight: 5, make: makeMapById },
  { kind: 'map by field', weight: 4, make: makeMapByField },
  { kind: 'children', weight: 5, make: makeChildren },
];

const fewConditions = [
  [3, 0],
  [5, 1],
  [2, 2],
] as const;

const mapVerbs =
  '{build|create|make|get|load|query|I need|we need|fetch|put together|give me|return|set up|I want}';

function makeMapById(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const records = drawRecords(draw, thing, fewConditions);
  const fields = random.chance(0.35) ? drawAskedFields(draw, thing, 3) : null;
  const noun = records.english;
  const id = '{id|Id|ID|their id|their ids|record id}';
  const wording = random.weighted([
    [4, `${mapVerbs} a map of ${allOf(noun)} {by|keyed by|by} ${id}`],
    [2, `${mapVerbs} a map {by id of|by Id with|from id to|keyed by id with} ${allOf(noun)}`],
    [
      2,
      `{get|load|query|put|fetch|read|store|select|collect} ${allOf(noun)} {into|in} a map {by|keyed by} ${id}`,
    ],
    [2.5, `{|a }map of ${allOf(noun)} {by|keyed by|by} ${id}`],
    [1, `{Map<Id, ${thing.api}>|a Map<Id, ${thing.api}>|Map<Id, ${thing.api}>} {of|with|for} ${allOf(noun)}`],
    [1, `{id|Id|ID} to ${thing.label} map {of|for} ${allOf(noun)}`],
    [1, `${mapVerbs} {an id map|a map by id} of ${allOf(noun)}`],
    [1.5, `map ${allOf(noun)} by ${id}`],
    [1, `${allOf(noun)} {as a map|in a map} {by|keyed by} ${id}`],
  ]);
  const name = `${thing.many}ById`;
  const query = soql({
    select: selected(fields?.apis ?? [thing.nameField]),
    from: thing.api,
    conditions: records.conditions,
  });
  return {
    prompt: phrase(random, wording + extraFields(fields?.english ?? null)),
    answer: `Map<Id, ${thing.api}> ${name} = new Map<Id, ${thing.api}>(${query});`,
  };
}

const keyTypes: readonly FieldType[] = ['text', 'text', 'email', 'phone', 'picklist', 'reference'];

function makeMapByField(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const key = drawField(draw, thing, keyTypes);
  if (key === null) return null;
  const records = drawRecords(draw, thing, fewConditions);
  const noun = records.english;
  const by = said(draw, key);
  const wording = random.weighted([
    [4, `${mapVerbs} a map of ${allOf(noun)} {by|keyed by|by their} ${by}`],
    [
      2,
      `{query|load|fetch|get|select} ${allOf(noun)} {and {map|index} them|into a map {keyed|}} by {|their }${by}`,
    ],
    [1.5, `map of ${allOf(noun)} {by|keyed by|by their} ${by}`],
    [1, `${mapVerbs} a map from ${by} to ${thing.label} {for|of} ${allOf(noun)}`],
  ]);
  const name = `${thing.many}By${pascalCase(key.api)}`;
  const type = `Map<${key.type === 'reference' ? 'Id' : 'String'}, ${thing.api}>`;
  const query = soql({ select: selected([key.api]), from: thing.api, conditions: records.conditions });
  return {
    prompt: phrase(random, wording),
    answer: [
      `${type} ${name} = new ${type}();`,
      `for (${thing.api} ${thing.one} : ${query}) {`,
      `    ${name}.put(${thing.one}.${key.api}, ${thing.one});`,
      '}',
    ].join('\n'),
  };
}

function extraFields(fields: string | null): string {
  return fields === null
    ? ''
    : `{, with their ${fields}|, including {|the |their }${fields}| including {|their |the }${fields}|. {Include|I need|Select} {|the |their }${fields}|, need {the |}${fields}| with {their |}${fields}| (${fields})| - ${fields}|, with ${fields}|, with the fields ${fields}|, {select|include} {|the }${fields}}`;
}

/** Children of standard objects: object and relationship. */
const standardChildren: Readonly<
  Record<string, readonly (readonly [child: string, relationship: string])[]>
> = {
  Account: [
    ['Contact', 'Contacts'],
    ['Contact', 'Contacts'],
    ['Opportunity', 'Opportunities'],
    ['Opportunity', 'Opportunities'],
    ['Case', 'Cases'],
    ['Contract', 'Contracts'],
    ['Order', 'Orders'],
    ['Asset', 'Assets'],
  ],
  Contact: [['Case', 'Cases']],
  Contract: [['Order', 'Orders']],
};

/** Draws until a thing is the wanted child; few objects are standard, so it is soon there. */
const childDrawsMax = 60;

function drawChild(
  draw: Draw,
  parent: Thing,
): { readonly child: Thing; readonly relationship: string } | null {
  const standard = standardChildren[parent.api];
  if (standard === undefined || draw.random.chance(0.2)) {
    const child = drawThing(draw, { isCustom: true, without: parent.api });
    const relationship = `${child.plural.split(' ').map(capitalized).join('_')}__r`;
    return { child, relationship };
  }
  const [api, relationship] = draw.random.pick(standard);
  for (let attempt = 0; attempt < childDrawsMax; attempt++) {
    const child = drawThing(draw, { isCustom: false, without: parent.api });
    if (child.api === api) return { child, relationship };
  }
  return null;
}

function makeChildren(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const found = drawChild(draw, thing);
  if (found === null) return null;
  const { child, relationship } = found;
  const parents = drawRecords(draw, thing, fewConditions);
  const children = drawRecords(draw, child, [
    [5, 0],
    [2, 1],
  ]);
  if (isMine(children.english)) return null;
  const fields = random.chance(0.45) ? drawAskedFields(draw, child, 3) : null;
  const shown = fields?.english ?? '';
  const wording = childrenWording(thing, parents.english, children.english, shown);
  const inner = subquery({
    select: selected(fields?.apis ?? [child.nameField]),
    from: relationship,
    conditions: children.conditions,
  });
  const query = soql({
    select: ['Id', thing.nameField, inner],
    from: thing.api,
    conditions: parents.conditions,
  });
  return { prompt: phrase(random, wording), answer: `List<${thing.api}> ${thing.many} = ${query};` };
}

function childrenWording(thing: Thing, parents: string, children: string, shown: string): string {
  const own = `{their|all their|their related|their own} ${children}`;
  // An "and" behind a condition could go on with its values.
  const joint = `{with|together with|together with|along with|including|plus${parents === thing.plural ? '|and' : ''}}`;
  const ask = `{|${commands}|${commands}|I need|we need}`;
  if (shown === '') {
    const forEach =
      parents === thing.plural
        ? `|for {each|every} ${thing.label}{,|} {get|list|query|show} {|all |the |its }${children}`
        : '';
    return `{{|${commands} |${commands} }${allOf(parents)} ${joint} ${own}|${commands} ${allOf(parents)} {, each with its|and for each {of them|${thing.label}} the} ${children}${forEach}}`;
  }
  return `{${ask} ${allOf(parents)} ${joint} the ${shown} of ${own}|${ask} ${allOf(parents)} ${joint} ${own} (${shown})|${ask} ${allOf(parents)} ${joint} ${own} (${shown})|${ask} ${allOf(parents)} ${joint} ${own}: ${shown}|${ask} ${allOf(parents)}, each with {its|all its} ${children} (${shown})|${ask} ${allOf(parents)} ${joint} ${own} - ${shown} of {each|the ${ofChildren(children)}}|${commands} ${allOf(parents)} ${joint} ${own}, {showing|with|including} the ${shown} of the ${ofChildren(children)}}`;
}

/** The last words repeat only the noun itself. */
function ofChildren(children: string): string {
  return children.split(' ').length === 1 ? children : 'latter';
}
