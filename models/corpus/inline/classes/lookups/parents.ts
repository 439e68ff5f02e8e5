/** Records that find their parents by id: ids are collected, the parents loaded, the records gone through again. */
import { idsName, looped, manyName, oneName, Scope, written } from '../records.js';
import type { Field, FieldType } from '../../../nouns.js';
import { listed, pascalCase, withArticle } from '../../../phrase.js';
import { apex, free, seen, when } from '../../apex.js';
import {
  joinedMembers,
  lines,
  loop,
  mirrored,
  pairOfFields,
  relation,
  selected,
  type Relation,
} from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { opened, told } from '../../scope/words.js';

/** What is done with a record and its parent, how it is told, and the parent's fields that it reads. */
interface Deed {
  readonly said: string;
  readonly fields: readonly string[];
  readonly act: (one: string, parent: string) => string;
}

function copying(part: Part, rel: Relation, fields: readonly Field[], isBlankOnly: boolean): Deed {
  const named = fields.map(({ api, label }) => ({
    from: api,
    to: mirrored(part, { ...fields[0]!, api, label }),
    label,
  }));
  const what = listed(named.map(({ label, to }) => `${label} (${to})`));
  const [comes, is] = named.length > 1 ? ['come', 'are'] : ['comes', 'is'];
  const up = rel.up.thing.label;
  return {
    said: isBlankOnly
      ? `${what}, where empty, ${is} filled from the ${up}`
      : `${what} ${comes} from the ${up}`,
    fields: named.map(({ from }) => from),
    act: (one, parent) =>
      lines(
        ...named.map(({ from, to }) => {
          const set = `${one}.${to} = ${parent}.${from};`;
          return isBlankOnly ? when(`${one}.${to} == null`, set) : set;
        }),
      ),
  };
}

function dateCheck(part: Part, rel: Relation, own: Field, its: Field): Deed {
  const isBefore = part.random.chance(0.5);
  const up = rel.up.thing.label;
  const message = free(
    `'${part.pick('Not allowed:', 'Please correct:', 'Invalid:')} ${own.label} ${isBefore ? 'before' : 'after'} ${its.label}.'`,
  );
  return {
    said: `the ${own.label} must not be ${isBefore ? 'before' : 'after'} the ${its.label} of the ${up}`,
    fields: [its.api],
    act: (one, parent) =>
      when(
        `${one}.${own.api} ${isBefore ? '<' : '>'} ${parent}.${its.api}`,
        `${one}${part.random.chance(0.5) ? `.${own.api}` : ''}.addError(${message});`,
      ),
  };
}

function owned(part: Part, rel: Relation): Deed {
  const up = rel.up.thing.label;
  const isChecked = part.random.chance(0.5);
  return {
    said: isChecked
      ? `${part.thing.plural} with another owner than their ${up} get that one's`
      : `the owner of the ${up} takes its ${part.thing.plural} over`,
    fields: ['OwnerId'],
    act: (one, parent) => {
      const set = `${one}.OwnerId = ${parent}.OwnerId;`;
      return isChecked ? when(`${one}.OwnerId != ${parent}.OwnerId`, set) : set;
    },
  };
}

function drawDeed(part: Part, rel: Relation): Deed | null {
  const ownDate = part.field(['date']);
  const itsDate = rel.up.field(['date']);
  const picked = part.pick('copy', 'copy', 'fill', 'date', 'owner', 'flag');
  if (picked === 'date' && ownDate !== null && itsDate !== null)
    return dateCheck(part, rel, ownDate, itsDate);
  if (picked === 'owner') return owned(part, rel);
  const [flag] = rel.up.fields(1, ['checkbox']);
  if (picked === 'flag' && flag !== undefined) {
    const text = free(`'${part.pick('Locked', 'Not possible here', 'The parent forbids it')}'`);
    return {
      said: `no ${part.thing.label} where ${flag.label} is set on the ${rel.up.thing.label}`,
      fields: [flag.api],
      act: (one, parent) => when(`${parent}.${flag.api}`, `${one}.addError(${text});`),
    };
  }
  const isBlankOnly = picked === 'fill';
  const types: readonly FieldType[] = ['picklist', 'currency', 'integer', 'date', 'text', 'email', 'phone'];
  const fields = rel.up
    .settable(part.random.integer(1, 2), isBlankOnly ? types : [...types, 'checkbox'])
    .filter(({ api }) => api !== 'Name');
  return fields.length === 0 ? null : copying(part, rel, fields, isBlankOnly);
}

/** The ids of the parents of `list`, collected; `ids` is declared here. */
function collecting(part: Part, rel: Relation, list: string, one: string, ids: string): string {
  const value = `${one}.${rel.lookup}`;
  const add = `${ids}.add(${value});`;
  const declared = `Set<Id> ${seen(ids)} = new Set<Id>();`;
  const up = rel.up.thing.label;
  const said = part.random.chance(0.5)
    ? part.comment(part.pick(`some have no ${up}`, `only those with ${withArticle(up)}`))
    : '';
  const head = part.random.chance(0.35)
    ? part.comment(
        part.pick(
          `ids of the ${rel.up.thing.plural}`,
          `which ${rel.up.thing.plural} are concerned`,
          `gather the ${rel.up.thing.plural}`,
        ),
      )
    : '';
  return part.random.weighted<() => string>([
    [3, () => lines(head, declared, loop(part.thing.api, one, list, add))],
    [
      3,
      () =>
        lines(
          declared,
          loop(
            part.thing.api,
            one,
            list,
            said,
            `${said === '' ? free('') : ''}${when(`${value} != null`, add)}`,
          ),
        ),
    ],
    [2, () => lines(head, declared, loop(part.thing.api, one, list, add), `${free('')}${ids}.remove(null);`)],
    [
      1.5,
      () =>
        lines(
          head,
          declared,
          loop(part.thing.api, one, list, `${free('')}if (${value} == null) continue;`, add),
        ),
    ],
  ])();
}

type Check = 'if' | 'continue' | 'contains' | 'missing' | 'short';

function drawCheck(part: Part): Check {
  return part.random.weighted([
    [4, 'if'],
    [3, 'continue'],
    [2, 'contains'],
    [1.5, 'missing'],
    [1, 'short'],
  ]);
}

/** The second loop, with a check that the parent was found. */
function applying(
  part: Part,
  rel: Relation,
  { list, one, map, parent }: Readonly<Record<'list' | 'one' | 'map' | 'parent', string>>,
  deed: Deed,
  check: Check,
): string {
  const key = `${one}.${rel.lookup}`;
  const got = `${map}.get(${key})`;
  const declared = `${rel.up.thing.api} ${seen(parent)} = ${got};`;
  const act = deed.act(one, parent);
  const bodies: Readonly<Record<Check, string>> = {
    if: lines(declared, when(`${parent} != null`, act)),
    continue: lines(declared, when(`${parent} == null`, 'continue;'), act),
    contains: `${free('')}${when(`${map}.containsKey(${key})`, deed.act(one, got))}`,
    missing: lines(`${free('')}${when(`!${map}.containsKey(${key})`, 'continue;')}`, declared, act),
    short: lines(declared, `${free('')}if (${parent} == null) continue;`, act),
  };
  return looped(part, one, list, bodies[check]);
}

/** A variable for the parent of one record. */
function parentName(rel: Relation, scope: Scope): string {
  return scope.pick(rel.one, rel.one, 'parent', rel.up.thing.one, `its${pascalCase(rel.noun)}`);
}

function loaded(part: Part, rel: Relation, map: string, ids: string, fields: readonly string[]): string {
  const type = rel.up.thing.api;
  const said = part.random.chance(0.35)
    ? part.comment(part.pick(`the ${rel.up.thing.plural} by id`, `one query for all ${rel.up.thing.plural}`))
    : '';
  const query = `SELECT ${selected(fields)} FROM ${type} WHERE Id IN :${ids}`;
  const isLong = part.random.chance(0.25);
  return lines(
    said,
    isLong
      ? `Map<Id, ${type}> ${seen(map)} = new Map<Id, ${type}>([\n    ${query.replace(' FROM', '\n    FROM').replace(' WHERE', '\n    WHERE')}\n]);`
      : `Map<Id, ${type}> ${seen(map)} = new Map<Id, ${type}>([${query}]);`,
  );
}

/** Ids, map, second loop: in one method. */
export const parentsById: Member = (part) => {
  const rel = relation(part);
  const deed = rel === null ? null : drawDeed(part, rel);
  if (rel === null || deed === null) return null;
  const scope = new Scope(part);
  const list = manyName(part, scope);
  const one = oneName(part, scope);
  const ids = idsName(rel, scope);
  const map = scope.pick(rel.map, `${rel.up.thing.many}ById`, `${rel.noun}Map`, 'parents');
  const leaving = part.random.chance(0.25) ? `${free('')}${when(`${ids}.isEmpty()`, 'return;')}` : '';
  const updated =
    part.random.chance(0.2) && !/addError/.test(deed.act('x', 'y')) ? `${free('')}update ${list};` : '';
  const names = { list, one, map, parent: parentName(rel, scope) };
  const pieces = [
    lines(collecting(part, rel, list, one, ids), leaving),
    loaded(part, rel, map, ids, deed.fields),
    lines(applying(part, rel, names, deed, drawCheck(part)), updated),
  ];
  return apex`
    ${told(part, deed.said, [list])}
    ${opened(part, 'void', part.pick('apply', 'run', 'inherit', 'check', 'align', `handle${pascalCase(part.thing.plural)}`))}(List<${part.thing.api}> ${seen(list)}) {
        ${pieces.join(part.random.chance(0.2) ? '\n\n' : '\n')}
    }
  `;
};

/** Two methods that ask a private one for the ids of the parents. */
export const sharedIds: Member = (part) => {
  const rel = relation(part);
  if (rel === null) return null;
  const deeds = [drawDeed(part, rel), drawDeed(part, rel)].flatMap((deed) => (deed === null ? [] : [deed]));
  if (deeds.length < 2 || deeds[0]!.said === deeds[1]!.said) return null;
  const helper = part.pick(
    `collect${pascalCase(rel.noun)}Ids`,
    `${rel.noun}IdsOf`,
    `get${pascalCase(rel.noun)}Ids`,
    'parentIdsOf',
  );
  const scope = new Scope(part, helper);
  const list = manyName(part, scope);
  const one = oneName(part, scope);
  const ids = idsName(rel, scope);
  const map = scope.pick(rel.map, `${rel.noun}ById`, 'parents');
  const parent = parentName(rel, scope);
  const check = drawCheck(part);
  const isInline = part.random.chance(0.4);
  const [before, after] = part.pick(
    ['beforeInsert', 'beforeUpdate'],
    ['fill', 'validate'],
    ['onInsert', 'onUpdate'],
    ['prepare', 'verify'],
  );
  const methods = deeds.map((deed, at) => {
    const called = `${helper}(${list})`;
    const loading = loaded(part, rel, map, isInline ? called : ids, deed.fields);
    return apex`
      ${told(part, deed.said)}
      ${opened(part, 'void', at === 0 ? before! : after!)}(List<${part.thing.api}> ${seen(list)}) {
          ${isInline ? '' : `Set<Id> ${seen(ids)} = ${called};`}
          ${loading}
          ${applying(part, rel, { list, one, map, parent }, deed, check)}
      }
    `;
  });
  const idsMethod = apex`
    ${part.random.chance(0.5) ? part.comment(part.pick(`the ids of the ${rel.up.thing.plural} of these ${part.thing.plural}`, `every ${rel.up.thing.label} once, without empty ones`)) : ''}
    private static Set<Id> ${seen(helper)}(List<${part.thing.api}> ${seen(list)}) {
        ${collecting(part, rel, list, one, ids)}
        return ${ids};
    }
  `;
  return part.random.chance(0.75)
    ? joinedMembers(...methods, idsMethod)
    : joinedMembers(idsMethod, ...methods);
};

/** Parents of a set of ids written as new records with an id: a mark, a date, a number. */
export const markedParents: Member = (part) => {
  const rel = relation(part);
  if (rel === null) return null;
  const up = rel.up.thing;
  const [field] = rel.up.settable(1, ['checkbox', 'date', 'datetime']);
  if (field === undefined) return null;
  const scope = new Scope(part);
  const list = manyName(part, scope);
  const one = oneName(part, scope);
  const ids = idsName(rel, scope);
  const each = scope.pick(rel.oneId, `${rel.noun}Id`, 'parentId');
  const updates = scope.pick('updates', 'toUpdate', `${up.many}ToUpdate`, up.many);
  const value =
    field.type === 'checkbox'
      ? part.pick('true', 'true', 'false')
      : field.type === 'date'
        ? 'Date.today()'
        : 'System.now()';
  const shown =
    field.type === 'checkbox'
      ? value === 'true'
        ? `sets ${field.label}`
        : `clears ${field.label}`
      : `sets ${field.label} to ${field.type === 'date' ? 'today' : 'now'}`;
  const isLong = part.random.chance(0.3);
  const record = isLong
    ? `new ${up.api}(\n    Id = ${each},\n    ${field.api} = ${value}\n)`
    : `new ${up.api}(Id = ${each}, ${field.api} = ${value})`;
  return apex`
    ${told(part, `${shown} on each ${up.label} of the ${part.thing.plural}`, [list])}
    ${opened(part, 'void', part.pick('touch', 'mark', `flag${pascalCase(up.plural)}`, 'stamp', 'notify'))}(List<${part.thing.api}> ${seen(list)}) {
        ${collecting(part, rel, list, one, ids)}
        List<${up.api}> ${seen(updates)} = new List<${up.api}>();
        ${loop('Id', each, ids, `${updates}.add(${record});`)}
        ${written(part, 'update', updates)}
    }
  `;
};

/** Two fields of a record against the same two of its parent: which records differ. */
export const differing: Member = (part) => {
  const rel = relation(part);
  if (rel === null) return null;
  const pair = pairOfFields(rel.up, ['picklist', 'text', 'date', 'currency']);
  if (pair === null) return null;
  const scope = new Scope(part);
  const list = manyName(part, scope);
  const one = oneName(part, scope);
  const ids = idsName(rel, scope);
  const map = scope.pick(rel.map, `${rel.noun}ById`, 'parents');
  const found = scope.pick('differing', 'mismatches', 'different', 'result', 'outdated');
  const count = part.random.integer(1, 2);
  const named = pair
    .slice(0, count)
    .map((field) => ({ from: field.api, to: mirrored(part, field), label: field.label }));
  const deed: Deed = {
    said: `${part.thing.plural} whose ${named.map(({ label, to }) => `${label} (${to})`).join(' or ')} differs from that of the ${rel.up.thing.label}`,
    fields: named.map(({ from }) => from),
    act: (record, parent) =>
      when(
        named.map(({ from, to }) => `${record}.${to} != ${parent}.${from}`).join(' || '),
        `${found}.add(${record});`,
      ),
  };
  return apex`
    ${told(part, deed.said, [list])}
    ${opened(part, `List<${part.thing.api}>`, part.pick('findDiffering', 'outdated', 'compare', 'mismatches'))}(List<${part.thing.api}> ${seen(list)}) {
        ${collecting(part, rel, list, one, ids)}
        ${loaded(part, rel, map, ids, deed.fields)}
        List<${part.thing.api}> ${seen(found)} = new List<${part.thing.api}>();
        ${applying(part, rel, { list, one, map, parent: parentName(rel, scope) }, deed, drawCheck(part))}
        return ${found};
    }
  `;
};
