/** Static handlers with private methods: ids that are collected, changes that are found, records that are refused or completed. */
import type { Field } from '../../../nouns.js';
import { pascalCase } from '../../../phrase.js';
import { apex, free, indented, seen, when } from '../../apex.js';
import {
  joinedMembers,
  lines,
  literal,
  mirrored,
  relation,
  selected,
  type Relation,
} from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { told } from '../../scope/words.js';
import { isReserved } from '../../style.js';

/** The head of a method that a trigger calls, without its parameters. */
export function entry(part: Part, event: string): string {
  const head = part.pick('on', 'handle', '');
  return free(`public static void ${head === '' ? event[0]!.toLowerCase() + event.slice(1) : head + event}`);
}

/** A parameter's name for the new records, one record, and the old map; null = names meet. */
export function drawNames(
  part: Part,
  ...others: readonly string[]
): { many: string; one: string; olds: string } | null {
  const { thing, names } = part;
  const many = part.pick(
    names.many,
    names.many,
    'newRecords',
    'records',
    `new${pascalCase(thing.plural)}`,
    thing.many,
    'scope',
  );
  const one = part.pick(names.one, names.one, thing.one, 'record', 'rec', 'item');
  const olds = part.pick('oldMap', 'oldMap', `old${thing.className}Map`, 'oldRecords', 'oldById', 'previous');
  const all = [many, one, olds, ...others].map((name) => name.toLowerCase());
  return new Set(all).size < all.length || isReserved(one) || all.includes(thing.api.toLowerCase())
    ? null
    : { many, one, olds };
}

/** The ids of the records' parents, without null. */
function collecting(
  part: Part,
  { ids, lookup, up }: Relation,
  name: string,
  many: string,
  one: string,
): string {
  const { api } = part.thing;
  const filter = part.pick('remove', 'remove', 'test', 'none', 'continue');
  const got = `${one}.${lookup}`;
  const add = `${ids}.add(${got});`;
  const body =
    filter === 'test'
      ? `${free('')}${when(`${got} != null`, add)}`
      : filter === 'continue'
        ? lines(`${free('')}if (${got} == null) {\n    continue;\n}`, add)
        : add;
  const said =
    filter === 'none'
      ? `the ids of the ${up.thing.plural}`
      : `the ids of the ${up.thing.plural}, null left out`;
  return apex`
    ${filter === 'remove' || part.random.chance(0.5) ? told(part, said, [many]) : ''}
    private static Set<Id> ${seen(name)}(List<${api}> ${seen(many)}) {
        Set<Id> ${seen(ids)} = new Set<Id>();
        for (${api} ${seen(one)} : ${many}) {
            ${body}
        }
        ${filter === 'remove' ? `${ids}.remove(null);` : ''}
        return ${ids};
    }
  `;
}

/** Hands over those whose parent is another one than before. */
function movedOnes(
  part: Part,
  { up, asked, lookup }: Relation,
  { many, one, olds }: Readonly<Record<'many' | 'one' | 'olds', string>>,
  helper: string,
): string {
  const moved = part.pick('moved', 'changed', 'reparented');
  if (moved === many) return '';
  return apex`
    ${told(part, `only for those that were moved to another ${up.thing.label}`, [many, olds])}
    ${entry(part, 'BeforeUpdate')}(List<${part.thing.api}> ${seen(many)}, Map<Id, ${part.thing.api}> ${seen(olds)}) {
        List<${part.thing.api}> ${seen(moved)} = new List<${part.thing.api}>();
        for (${part.thing.api} ${seen(one)} : ${many}) {
            if (${one}.${asked} != ${olds}.get(${one}.Id).${lookup}) {
                ${moved}.add(${one});
            }
        }
        ${helper}(${moved});
    }
  `;
}

/** Copies what the parents hold to records that lack it, or always. */
export const copyingHandler: Member = (part) => {
  const related = relation(part);
  if (related === null) return null;
  const { up, lookup, map, one: parent, ids } = related;
  const fields = up.fields(part.random.integer(1, 2), [
    'picklist',
    'currency',
    'text',
    'email',
    'phone',
    'date',
  ]);
  const names = drawNames(part, map, parent, ids);
  if (fields.length === 0 || names === null) return null;
  const { many, one, olds } = names;
  const collect = part.pick(
    `collect${pascalCase(related.noun)}Ids`,
    `get${pascalCase(related.noun)}Ids`,
    'collectParentIds',
    `${related.noun}IdsOf`,
  );
  const isOnlyEmpty = part.random.chance(0.4);
  const pairs = fields.map((field) => [mirrored(part, field), field.api] as const);
  const sets = pairs.map(([mine, its]) =>
    isOnlyEmpty
      ? when(`${one}.${mine} == null`, `${one}.${mine} = ${parent}.${its};`)
      : `${one}.${mine} = ${parent}.${its};`,
  );
  const helper = part.pick(
    'copyFromParents',
    `fillFrom${pascalCase(up.thing.plural)}`,
    'inherit',
    'applyParents',
  );
  const missing = part.pick('skip', 'test');
  const body =
    missing === 'skip'
      ? lines(
          `${up.thing.api} ${seen(parent)} = ${map}.get(${one}.${lookup});`,
          `${free('')}if (${parent} == null) ${part.pick('continue;', '{\n    continue;\n}')}`,
          ...sets,
        )
      : lines(
          `${up.thing.api} ${seen(parent)} = ${map}.get(${one}.${lookup});`,
          when(`${parent} != null`, ...sets),
        );
  const labels = fields.map(({ label }) => label).join(' and ');
  const onInsert = apex`
    ${entry(part, 'BeforeInsert')}(List<${part.thing.api}> ${seen(many)}) {
        ${helper}(${many});
    }
  `;
  const onUpdate = part.random.chance(0.5) ? '' : movedOnes(part, related, { many, one, olds }, helper);
  const work = apex`
    ${told(part, `${labels} ${fields.length > 1 ? 'are' : 'is'} taken from the ${up.thing.label}${isOnlyEmpty ? ' where empty' : ''}`, [many])}
    private static void ${seen(helper)}(List<${part.thing.api}> ${seen(many)}) {
        Map<Id, ${up.thing.api}> ${seen(map)} = new Map<Id, ${up.thing.api}>([SELECT ${selected(fields.map(({ api }) => api))} FROM ${up.thing.api} WHERE Id IN :${collect}(${many})]);
        for (${part.thing.api} ${seen(one)} : ${many}) {
            ${body}
        }
    }
  `;
  return joinedMembers(onInsert, onUpdate, work, collecting(part, related, collect, many, one));
};

/** A test of one field against its old value: any change, or a change to one value. */
interface Change {
  readonly field: Field;
  readonly said: string;
  readonly test: (one: string, old: string) => string;
  readonly name: string;
}

function drawChanges(part: Part, count: number): readonly Change[] {
  return part.settable(count, ['picklist', 'checkbox', 'currency', 'date', 'email']).map((field) => {
    const { api, label } = field;
    const value =
      field.type === 'checkbox' ? 'true' : field.type === 'picklist' ? literal(part, field) : null;
    if (value !== null && part.random.chance(0.6)) {
      const shown = value.replace(/'/g, '');
      const [now, before] =
        value === 'true'
          ? [(one: string) => `${one}.${api}`, (old: string) => `!${old}.${api}`]
          : [(one: string) => `${one}.${api} == ${value}`, (old: string) => `${old}.${api} != ${value}`];
      return {
        field,
        said: value === 'true' ? `the mark ${label} was set just now` : `the ${label} became ${shown}`,
        test: (one, old) => `${now(one)} && ${before(old)}`,
        name:
          value === 'true'
            ? `has${pascalCase(label)}JustBeenSet`
            : `has${pascalCase(label)}Become${/^[A-Za-z ]+$/.test(shown) ? pascalCase(shown) : 'It'}`,
      };
    }
    return {
      field,
      said: `the ${label} changed`,
      test: (one, old) => `${one}.${api} != ${old}.${api}`,
      name: `has${pascalCase(label)}Changed`,
    };
  });
}

/** Finds those that changed and hands them over; the test stands inline or in methods of its own. */
export const changeHandler: Member = (part) => {
  const { thing } = part;
  const old = part.pick('old', 'oldRecord', 'before', `old${thing.className}`, 'prior');
  const names = drawNames(part, old);
  const changes = drawChanges(part, part.random.integer(1, 2));
  if (names === null || changes.length === 0) return null;
  const { many, one, olds } = names;
  const lists = changes.map(
    (change) => `${part.pick('with', 'changed', 'of')}${pascalCase(change.field.label)}`,
  );
  const service = `${thing.className}${part.pick('Service', 'Notifier', 'Sync')}`;
  const isSplit = part.random.chance(0.5);
  const isInline = !isSplit && part.random.chance(0.3);
  const got = `${olds}.get(${one}.Id)`;
  const tests = changes.map((change, index) => {
    const test = isSplit ? `${change.name}(${one}, ${old})` : change.test(one, isInline ? got : old);
    return lines(
      isSplit ? '' : part.comment(part.pick(change.said, `only when ${change.said}`)),
      when(test, `${lists[index]!}.add(${one});`),
    );
  });
  if (new Set([...lists, many, one, olds, old]).size < lists.length + 4) return null;
  const method = apex`
    ${entry(part, 'AfterUpdate')}(List<${thing.api}> ${seen(many)}, Map<Id, ${thing.api}> ${seen(olds)}) {
        ${lists.map((list) => `List<${thing.api}> ${seen(list)} = new List<${thing.api}>();`)}
        for (${thing.api} ${seen(one)} : ${many}) {
            ${isInline ? '' : `${thing.api} ${seen(old)} = ${got};`}
            ${tests}
        }
        ${lists.map((list) => (part.random.chance(0.5) ? `${free('')}${when(`!${list}.isEmpty()`, `${free(`${service}.${part.pick('process', 'notify', 'handle', 'sync')}`)}(${list});`)}` : `${free(`${service}.${part.pick('process', 'notify', 'handle', 'sync')}`)}(${list});`))}
    }
  `;
  const questions = isSplit
    ? changes.map(
        (change) => apex`
          ${told(part, change.said.replace(/^the /, 'whether the '))}
          private static Boolean ${seen(change.name)}(${thing.api} ${seen(one)}, ${thing.api} ${seen(old)}) {
              return ${change.test(one, old)};
          }
        `,
      )
    : [];
  return joinedMembers(method, ...questions);
};

/** Fills what is empty: a constant, a value of another field, today; in the order of the sentence. */
export const defaultingHandler: Member = (part) => {
  const { thing } = part;
  const names = drawNames(part);
  const fields = part.settable(part.random.integer(2, 4), [
    'picklist',
    'currency',
    'date',
    'datetime',
    'text',
  ]);
  if (names === null || fields.length < 2) return null;
  const { many, one } = names;
  const values = fields.map((field) => [field, literal(part, field)] as const);
  const isHelper = part.random.chance(0.5);
  const helper = part.pick('setDefaults', 'applyDefaults', 'fillEmptyFields', 'defaultsFor');
  const isTernary = part.random.chance(0.15);
  const isSaid = part.random.chance(0.7);
  const isBlankAsked = part.random.chance(0.5);
  const isText = ({ type }: Field): boolean => type === 'text' || type === 'picklist';
  const firstText = fields.find(isText);
  const defaulted = (field: Field, value: string): string => {
    const shown = isSaid ? value : free(value);
    // Which test texts get, the first of them tells.
    const choice = field === firstText ? free('') : '';
    const test =
      isText(field) && isBlankAsked ? `String.isBlank(${one}.${field.api})` : `${one}.${field.api} == null`;
    return isTernary
      ? `${one}.${field.api} = ${one}.${field.api} == null ? ${shown} : ${one}.${field.api};`
      : when(`${choice}${test}`, `${one}.${field.api} = ${shown};`);
  };
  const said = values
    .map(
      ([field, value]) =>
        `${field.label} ${value
          .replace(/'/g, '')
          .replace(/^(Date\.today|System\.today)\(\)$/, 'today')
          .replace(/^(System|Datetime)\.now\(\)$/, 'now')}`,
    )
    .join(', ');
  const bodies = values.map(([field, value]) => defaulted(field, value));
  const doc = isSaid
    ? told(part, `where nothing is given: ${said}`, [isHelper ? one : many])
    : part.doc('fills what is empty', [isHelper ? one : many]);
  const single = part.pick('for', 'for', 'index');
  const loopOf = (...body: readonly string[]): string =>
    single === 'for'
      ? `for (${thing.api} ${seen(one)} : ${many}) {\n${indented(...body)}\n}`
      : `${free('')}for (Integer i = 0; i < ${many}.size(); i++) {\n    ${thing.api} ${seen(one)} = ${many}[i];\n${indented(...body)}\n}`;
  if (!isHelper) {
    return apex`
      ${doc}
      ${entry(part, 'BeforeInsert')}(List<${thing.api}> ${seen(many)}) {
          ${loopOf(...bodies)}
      }
    `;
  }
  return joinedMembers(
    apex`
      ${entry(part, 'BeforeInsert')}(List<${thing.api}> ${seen(many)}) {
          ${loopOf(`${helper}(${one});`)}
      }
    `,
    apex`
      ${doc}
      private static void ${seen(helper)}(${thing.api} ${seen(one)}) {
          ${bodies}
      }
    `,
  );
};
