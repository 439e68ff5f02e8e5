/** From the records of a list to a map or a set: group by, index by, collect ids or values. */
import type { Draw } from '../draw.js';
import { drawField, said, type Field, type Thing } from '../nouns.js';
import { capitalized, pascalCase, phrase } from '../phrase.js';
import { pluralOf } from '../plurals.js';
import type { Random } from '../random.js';
import type { Kind, Made } from './kind.js';

export const gatherKinds: readonly Kind[] = [
  { kind: 'group by', weight: 5, make: makeGroups },
  { kind: 'index', weight: 3, make: makeIndex },
  { kind: 'collect', weight: 6, make: makeCollection },
];

/** Declares the list that is there. */
export function givenList(thing: Thing): string {
  return `List<${thing.api}> ${thing.many} = new List<${thing.api}>();`;
}

/** How the list that is there is named: `the list of cases`. */
export function listSaid(random: Random, thing: Thing): string {
  return phrase(
    random,
    `{the ${thing.plural}|the ${thing.plural}|the list of ${thing.plural}|the given ${thing.plural}|a list of ${thing.plural}|the ${thing.label} list|the ${thing.plural} in the list|these ${thing.plural}|the ${thing.plural} list|the ${thing.plural} list|my ${thing.plural} list|the list ${thing.many}|my list of ${thing.plural}|our list of ${thing.plural}|the ${thing.plural} I {have|already have|queried|got}|the ${thing.plural} {we have|I have} {|in the list}}`,
  );
}

export function loopOver(thing: Thing, body: readonly string[]): string {
  return [
    `for (${thing.api} ${thing.one} : ${thing.many}) {`,
    ...body.map((line) => `    ${line}`),
    '}',
  ].join('\n');
}

function keyType(field: Field): string {
  return field.type === 'reference' ? 'Id' : 'String';
}

function makeGroups(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const field = drawField(draw, thing, ['picklist', 'picklist', 'reference', 'reference', 'text']);
  if (field === null) return null;
  const by = said(draw, field);
  const list = listSaid(random, thing);
  const into = '{|| into a map| in a map| into a map of lists| in a map of lists}';
  const prompt = random.weighted([
    [6, `{group|group|group|bucket|organize|cluster|split} ${list} by {|their |the }${by}${into}`],
    [
      2,
      `{build|create|make|I need|we need|fill} a map {of|with} lists {of ${thing.plural}|} {by|per|keyed by|for each} ${by} {from|out of} ${list}`,
    ],
    [1.5, `{put|collect|gather} ${list} {into|in} a map of lists {by|keyed by|per} ${by}`],
    [
      1.5,
      `map {each |every |}${by} to {its|the list of its|a list of its} ${thing.plural}, {from|for|using|given} ${list}`,
    ],
    [1, `${list} grouped by ${by}`],
    [
      2,
      `{I have|I've got|we have|there is|given} a list of ${thing.plural}{,|:| -|;} {group|group|bucket|split} them by {|their |the }${by}`,
    ],
    [0.7, `{I have|given|from} ${list}{,|:} {need|I need|build} a map of lists by ${by}`],
    [1, `{loop over|go through} ${list} and group them by ${by}`],
  ]);
  const map = `${thing.many}By${pascalCase(field.api)}`;
  const key = `${thing.one}.${field.api}`;
  const type = `Map<${keyType(field)}, List<${thing.api}>>`;
  return {
    prompt: phrase(random, prompt),
    answer: [
      `${type} ${map} = new ${type}();`,
      loopOver(thing, [
        `if (!${map}.containsKey(${key})) {`,
        `    ${map}.put(${key}, new List<${thing.api}>());`,
        '}',
        `${map}.get(${key}).add(${thing.one});`,
      ]),
    ].join('\n'),
    given: givenList(thing),
  };
}

function makeIndex(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const field = drawField(draw, thing, ['text', 'email', 'phone', 'reference', 'picklist']);
  if (field === null) return null;
  const by = said(draw, field);
  const list = listSaid(random, thing);
  const prompt = random.weighted([
    [5, `{index|index|key} ${list} by {|their |the }${by}`],
    [3, `{put|turn|convert|transform|change} ${list} into a map {by|keyed by|with the key} ${by}`],
    [2, `{build|create|make|I need} a map {by|keyed by} ${by} {from|out of} ${list}`],
    [1, `{make|build} a lookup map of ${list} by ${by}`],
    [
      1.5,
      `{I have|I've got|we have|given} a list of ${thing.plural}{,|:| -} {index|key|map} them by {|their }${by}`,
    ],
    [1, `map {each |}${by} to {its|the} ${thing.label}{, from| using|, given} ${list}`],
  ]);
  const map = `${thing.many}By${pascalCase(field.api)}`;
  const type = `Map<${keyType(field)}, ${thing.api}>`;
  return {
    prompt: phrase(random, prompt),
    answer: [
      `${type} ${map} = new ${type}();`,
      loopOver(thing, [`${map}.put(${thing.one}.${field.api}, ${thing.one});`]),
    ].join('\n'),
    given: givenList(thing),
  };
}

function makeCollection(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  if (random.chance(0.22)) return makeIds(random, thing);
  const field = drawField(draw, thing, [
    'reference',
    'reference',
    'reference',
    'email',
    'text',
    'picklist',
    'phone',
  ]);
  if (field === null) return null;
  const isReference = field.type === 'reference';
  const what = said(draw, field);
  const isApi = /Id$|__c$/.test(what);
  const values = isApi
    ? `{${what} values|values of ${what}|${what} values}`
    : isReference
      ? `{${what} ids|${what} ids|${what} Ids|ids of the ${pluralOf(what)}}`
      : `{${what} values|${pluralOf(what)}|values of ${what}|different ${pluralOf(what)}|distinct ${pluralOf(what)}|unique ${pluralOf(what)}|distinct ${what} values}`;
  const skips = random.chance(0.3);
  const skipping = skips
    ? '{, skip {NOUNS|those|the ones|records|any} without one|, skipping {those|NOUNS|the ones} without one|, ignoring {those|the ones} without one|, but only {if|where|when} there is one|, leave out {those|the ones} without one|, skip {nulls|blanks|empty ones|empties}|, no nulls|, nulls {excluded|left out|skipped}|, if {present|set|there is one|filled}|, where {filled|set|present}| - skip {nulls|blanks|those without one}| (no nulls)|, skipping {nulls|null values|empty ones|blanks}|, ignoring {nulls|empty values}|, {but |}{leave out|skip|ignore} {nulls|empty ones|the empty ones}|, {but |}without nulls|, only {where|if} it is not null|. {Skip|Ignore|Leave out} {nulls|empty values|missing ones}}'.replaceAll(
        'NOUNS',
        thing.plural,
      )
    : '';
  const type = keyType(field);
  const set = isReference
    ? `${firstLower(pascalCase(field.api)).replace(/Id$/, '')}Ids`
    : `${firstLower(pascalCase(field.api))}Values`;
  const isList = random.chance(0.12);
  const collection = isList ? 'List' : 'Set';
  const add = `${set}.add(${thing.one}.${field.api});`;
  const body = skips ? [`if (${thing.one}.${field.api} != null) {`, `    ${add}`, '}'] : [add];
  return {
    prompt: phrase(
      random,
      collecting(random, values, listSaid(random, thing), isList ? 'list' : 'set') + skipping,
    ),
    answer: [`${collection}<${type}> ${set} = new ${collection}<${type}>();`, loopOver(thing, body)].join(
      '\n',
    ),
    given: givenList(thing),
  };
}

function makeIds(random: Random, thing: Thing): Made {
  const set = `${firstLower(thing.className)}Ids`;
  return {
    prompt: phrase(random, collecting(random, '{ids|Ids|record ids|IDs}', listSaid(random, thing), 'set')),
    answer: [`Set<Id> ${set} = new Set<Id>();`, loopOver(thing, [`${set}.add(${thing.one}.Id);`])].join('\n'),
    given: givenList(thing),
  };
}

/** A set goes without saying, a list does not. */
function collecting(random: Random, values: string, list: string, into: 'set' | 'list'): string {
  const said = `{in|into|as} a ${into === 'set' ? 'set' : 'new list'}`;
  const mayGo = into === 'set' ? `{||${said}}` : said;
  return random.weighted([
    [
      6,
      `{collect|collect|gather|extract|get|pull out|pick up} {the|all|all the|the} ${values} {of|from|of} ${list} ${mayGo}`,
    ],
    [
      2,
      `{build|create|make|I need|we need|fill|get} a ${into} {of|with} {the |all |}${values} {of|from} ${list}`,
    ],
    [1.5, `{put|add} {the|all} ${values} {of|from} ${list} {into|in|to} a ${into}`],
    [1.5, `{|a |need a |give me a |get me a }${into} of {the |all |}${values} {of|from|out of} ${list}`],
    [
      2,
      `{get|get|get me|give me|I need|need|pull|take|fetch|grab} {all |the |all the |}${values} {out of|of|from} ${list} ${said}`,
    ],
    [1, `${list}: {collect|gather|get|extract} {the|all|all the} ${values} ${mayGo}`],
    [
      1,
      `{how do I|how can I} {collect|get|extract|gather} {the|all|all the} ${values} {of|from} ${list} ${mayGo}`,
    ],
    [
      1.5,
      `{loop over|go through|iterate over} ${list} and {collect|gather} {the|all|their} ${values} ${mayGo}`,
    ],
  ]);
}

function firstLower(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

/** `totalAmount`. */
export function prefixed(prefix: string, field: Field): string {
  return prefix + capitalized(pascalCase(field.api));
}
