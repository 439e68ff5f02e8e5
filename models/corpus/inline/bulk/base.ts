/** What the makers of bulk code share: children and their parents, blocks, loops, values and events. */
import { customName, drawThing, type Field, type FieldType, type Thing } from '../../nouns.js';
import { capitalized, pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, indented, seen } from '../apex.js';
import { Part } from '../part.js';
import { isReserved, namesOf } from '../style.js';

/** A child's object (that of the part) and its parent's, and what joins them. */
export interface Relation {
  /** The parent's object and names. */
  readonly up: Part;
  /** `Depot__c`, `AccountId`. */
  readonly lookup: string;
  /** The same, marked where nobody could tell it from the parent's name. */
  readonly asked: string;
  /** `Depot__r`, `Account`. */
  readonly path: string;
  /** The parent's children: `Visits__r`, `Contacts`. */
  readonly children: string;
  /** In names of variables: `depot`. */
  readonly noun: string;
  /** Variables for ids of parents, parents by id, one parent, one id. */
  readonly ids: string;
  readonly map: string;
  readonly one: string;
  readonly oneId: string;
}

/** How often a standard object is drawn in the hope of one that the child refers to. */
const parentTriesMax = 25;

/** An object that a standard child refers to, mostly; otherwise any other one. */
function drawParent(part: Part): Thing {
  const { thing, random, draw } = part;
  const targets = thing.fields.flatMap(({ api, target }) =>
    /[a-z]Id$/.test(api) && target !== null ? [target] : [],
  );
  if (!thing.isCustom && targets.length > 0 && random.chance(0.7)) {
    for (let tries = 0; tries < parentTriesMax; tries++) {
      const drawn = drawThing(draw, { isCustom: false, without: thing.api });
      if (targets.includes(drawn.api)) return drawn;
    }
  }
  return drawThing(draw, { without: thing.api });
}

/** The relation to a parent that is drawn; null = its names would meet those of the children. */
export function relation(part: Part): Relation | null {
  const { thing, random, draw, names } = part;
  const parent = drawParent(part);
  const known = thing.fields.find(
    ({ api, target }) => api.endsWith('Id') && api !== 'OwnerId' && target === parent.api,
  );
  const prefix = random.chance(0.15) ? `${part.pick('main', 'primary', 'home', 'parent', 'lead')} ` : '';
  const lookup = known === undefined ? customName(`${prefix}${parent.label}`) : known.api;
  draw.noteField(thing.api, lookup);
  const word = random.chance(0.08) ? unknownWord(random) : parent.one;
  const noun = isReserved(word) ? parent.one : word;
  const big = capitalized(noun);
  const style = { ...part.style, ownNoun: noun === parent.one ? null : noun };
  const up = new Part(draw, style, parent, namesOf(style, parent), part.className);
  const relating: Relation = {
    up,
    lookup,
    asked:
      noun === parent.one && [customName(parent.label), `${parent.api}Id`].includes(lookup)
        ? lookup
        : seen(lookup),
    path: known === undefined ? lookup.replace(/__c$/, '__r') : lookup.replace(/Id$/, ''),
    children:
      known === undefined ? customName(thing.plural).replace(/__c$/, '__r') : pascalCase(thing.plural),
    noun,
    ids: part.pick(`${noun}Ids`, `${noun}Ids`, `${noun}IdSet`, 'parentIds', `idsOf${big}s`, `${noun}Keys`),
    map: part.pick(
      `${parent.many}ById`,
      `${noun}ById`,
      `${noun}Map`,
      'parentsById',
      `id2${big}`,
      'parentMap',
    ),
    one: part.pick(noun, noun, noun, 'parent', `parent${big}`, `its${big}`),
    oneId: part.pick(`${noun}Id`, `${noun}Id`, 'parentId', 'key'),
  };
  const own = [names.one, names.many, names.map, names.ids];
  const others = [relating.ids, relating.map, relating.one, relating.oneId, up.names.many];
  return own.some((name) => others.includes(name)) || isReserved(relating.one) || isReserved(names.one)
    ? null
    : relating;
}

/** Line after line, without the empty pieces. */
export function lines(...pieces: readonly string[]): string {
  return pieces.filter((piece) => piece !== '').join('\n');
}

/** Members of a class with a blank line between them, without the empty ones. */
export function joinedMembers(...members: readonly string[]): string {
  return members.filter((member) => member !== '').join('\n\n');
}

/** What a method begins with: public and static mostly. */
export function modifiers(part: Part): string {
  return part.pick(
    `${part.style.access} static`,
    `${part.style.access} static`,
    'private static',
    'public',
    'private',
  );
}

/** A loop over one record after another. */
export function loop(type: string, one: string, many: string, ...body: readonly string[]): string {
  return `for (${type} ${seen(one)} : ${many}) {\n${indented(lines(...body))}\n}`;
}

/** A loop by element or, in some files, by index. */
export function anyLoop(
  part: Part,
  type: string,
  one: string,
  many: string,
  ...body: readonly string[]
): string {
  if (!part.random.chance(0.12)) return loop(type, one, many, ...body);
  const index = part.pick('i', 'i', 'index', 'n');
  const element = part.pick(`${many}[${index}]`, `${many}.get(${index})`);
  return apex`
    ${free('')}for (Integer ${index} = 0; ${index} < ${many}.size(); ${index}++) {
        ${type} ${seen(one)} = ${element};
        ${lines(...body)}
    }
  `;
}

/** A condition and what is done when it holds and when it does not. */
export function either(condition: string, yes: string, no: string): string {
  return `if (${condition}) {\n${indented(yes)}\n} else {\n${indented(no)}\n}`;
}

/** A new record for a list, each of its values on a line of its own. */
export function addedInLines(list: string, type: string, values: readonly string[]): string {
  return `${list}.add(new ${type}(\n${indented(values.join(',\n'))}\n));`;
}

/** A value that code sets or compares, as Apex writes it. */
export function literal(part: Part, field: Field): string {
  switch (field.type) {
    case 'picklist':
      return `'${part.pick(...field.values.filter((value) => !value.includes("'")), 'Open')}'`;
    case 'checkbox':
      return part.pick('true', 'true', 'false');
    case 'currency':
    case 'integer':
      return String(part.pick(1, 5, 10, 25, 50, 100, 250, 1000, 5000));
    case 'date':
      return part.pick('Date.today()', 'System.today()');
    case 'datetime':
      return part.pick('System.now()', 'Datetime.now()');
    default:
      return `'${capitalized(unknownWord(part.random))}'`;
  }
}

/** How the child calls a field of its parent's: as the parent does where that is a custom field. */
export function mirrored(part: Part, field: Field): string {
  const api = field.api.endsWith('__c') ? field.api : customName(field.label);
  part.draw.noteField(part.thing.api, api);
  return api;
}

/** Two fields of one type of those, in random order; null = there are no two. */
export function pairOfFields(part: Part, types: readonly FieldType[]): readonly [Field, Field] | null {
  for (const type of part.random.shuffled(types)) {
    const [first, second] = part.settable(2, [type]);
    if (first !== undefined && second !== undefined) return [first, second];
  }
  return null;
}

/** What a query selects: the id and the fields, each of which can be known where it is used afterwards. */
export function selected(fields: readonly string[]): string {
  return ['Id', ...new Set(fields.filter((api) => api !== 'Id').map((api) => seen(api)))].join(', ');
}
