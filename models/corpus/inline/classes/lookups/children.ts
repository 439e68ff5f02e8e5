/** Parents and their children: subqueries, changes handed down, children by parent, parents that may not go. */
import { idsName, manyName, oneName, queried, Scope, written } from '../records.js';
import { customName } from '../../../nouns.js';
import { pascalCase } from '../../../phrase.js';
import { apex, free, indented, seen, when } from '../../apex.js';
import { joinedMembers, lines, loop, mirrored, relation, type Relation } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { opened, told } from '../../scope/words.js';

/** A parent's number of children from a subquery: into a map, or into the parent's field. */
export const subqueryCounts: Member = (part) => {
  const rel = relation(part);
  if (rel === null) return null;
  const up = rel.up.thing;
  const scope = new Scope(part);
  const ids = idsName(rel, scope);
  const one = oneName(rel.up, scope);
  const target = customName(part.pick(`${part.thing.label} count`, `number of ${part.thing.plural}`));
  part.draw.noteField(up.api, target);
  const isMap = part.random.chance(0.5);
  const kept = isMap
    ? scope.pick(
        'counts',
        `countBy${pascalCase(rel.noun)}`,
        `${part.thing.many}Per${pascalCase(rel.noun)}`,
        'result',
      )
    : scope.pick('updates', 'toUpdate', up.many, 'changed');
  const query = queried(part, {
    select: ['Id', ...(isMap ? [] : [target]), `(SELECT Id FROM ${seen(rel.children)})`],
    from: up.api,
    where: [`Id IN :${ids}`],
    tail: [],
  });
  const size = `${one}.${rel.children}.size()`;
  const count = scope.pick('count', 'howMany', 'size', 'counted');
  const changed = part.random.chance(0.5)
    ? lines(
        part.random.chance(0.6) ? part.comment('only those whose number has changed') : free(''),
        `Integer ${seen(count)} = ${size};`,
        when(`${one}.${target} != ${count}`, `${one}.${target} = ${count};`, `${kept}.add(${one});`),
      ).replace(/^«»\n/, '«»')
    : lines(`${one}.${target} = ${size};`, `${kept}.add(${one});`);
  const said = `number of ${part.thing.plural} (${rel.children}) of each ${up.label}`;
  const listType = isMap ? 'Map<Id, Integer>' : `List<${up.api}>`;
  return apex`
    ${told(part, isMap ? said : `${said} → ${target}`, [ids])}
    ${opened(part, isMap ? listType : 'void', part.pick('count', `count${pascalCase(part.thing.plural)}`, 'recount', 'tally'))}(Set<Id> ${seen(ids)}) {
        ${listType} ${seen(kept)} = new ${listType}();
        for (${up.api} ${seen(one)} : ${query}) {
            ${isMap ? `${kept}.put(${one}.Id, ${size});` : changed}
        }
        ${isMap ? `return ${kept};` : written(part, 'update', kept)}
    }
  `;
};

/** What is handed down: the parent's field, the child's, and how it is told. */
function drawHandedDown(part: Part, rel: Relation): { from: string; to: string; said: string } | null {
  if (part.random.chance(0.35)) return { from: 'OwnerId', to: 'OwnerId', said: 'owner' };
  const field = rel.up
    .settable(9, ['picklist', 'text', 'date', 'checkbox', 'currency'])
    .find(({ api }) => api !== 'Name');
  if (field === undefined) return null;
  const to = mirrored(part, field);
  return { from: field.api, to, said: field.label };
}

/** The parents' ids whose field has changed, then their children, which get the new value. */
export const handedDown: Member = (part) => {
  const rel = relation(part);
  const down = rel === null ? null : drawHandedDown(part, rel);
  if (rel === null || down === null) return null;
  const up = rel.up.thing;
  const scope = new Scope(part);
  const list = manyName(rel.up, scope);
  const one = oneName(rel.up, scope);
  const old = scope.pick('oldMap', 'oldMap', 'oldById', `old${pascalCase(up.plural)}`);
  const changed = scope.pick('changed', 'changedById', `moved${pascalCase(up.plural)}`, 'affected');
  const child = oneName(part, scope);
  const updates = scope.pick('updates', 'toUpdate', `${part.thing.many}ToUpdate`, 'children');
  const isSplit = part.random.chance(0.35);
  const previous = scope.pick('before', `old${up.className}`, 'previous');
  const oldOne = `${old}.get(${one}.Id)`;
  const put = `${changed}.put(${one}.Id, ${one});`;
  const body = isSplit
    ? lines(
        `${free('')}${up.api} ${seen(previous)} = ${oldOne};`,
        when(`${one}.${down.from} != ${previous}.${down.from}`, put),
      )
    : when(`${one}.${down.from} != ${oldOne}.${down.from}`, put);
  const query = queried(part, {
    select: ['Id', seen(rel.lookup)],
    from: part.thing.api,
    where: [`${rel.lookup} IN :${changed}.keySet()`],
    tail: [],
  });
  const value = `${changed}.get(${child}.${rel.lookup}).${down.from}`;
  const set = part.random.chance(0.6)
    ? lines(`${child}.${down.to} = ${value};`, `${updates}.add(${child});`)
    : `${free('')}${updates}.add(new ${part.thing.api}(Id = ${child}.Id, ${down.to} = ${value}));`;
  const shown = down.to === down.from ? down.said : `${down.said} (${down.to})`;
  return apex`
    ${told(part, part.pick(`a changed ${down.said} of the ${up.label} goes on to its ${part.thing.plural}${down.to === down.from ? '' : ` (${down.to})`}`, `when the ${down.said} of ${up.plural} changes, their ${part.thing.plural} get the same ${shown}`), [list, old])}
    ${opened(part, 'void', part.pick('afterUpdate', 'cascade', 'handDown', `sync${pascalCase(part.thing.plural)}`, 'propagate'))}(List<${up.api}> ${seen(list)}, Map<Id, ${up.api}> ${seen(old)}) {
        Map<Id, ${up.api}> ${seen(changed)} = new Map<Id, ${up.api}>();
        ${loop(up.api, one, list, body)}
        ${part.random.chance(0.4) ? `${free('')}${when(`${changed}.isEmpty()`, 'return;')}` : ''}
        List<${part.thing.api}> ${seen(updates)} = new List<${part.thing.api}>();
        for (${part.thing.api} ${seen(child)} : ${query}) {
            ${set}
        }
        ${written(part, 'update', updates)}
    }
  `;
};

/** Children by their parents in a private method, which a public one goes through. */
export const childrenByParent: Member = (part) => {
  const rel = relation(part);
  const flag = rel === null ? null : (rel.up.settable(1, ['checkbox'])[0] ?? null);
  if (rel === null || flag === null) return null;
  const { thing } = part;
  const up = rel.up.thing;
  const helper = part.pick(
    `${thing.many}By${pascalCase(rel.noun)}`,
    `load${pascalCase(thing.plural)}`,
    `groupBy${pascalCase(rel.noun)}`,
  );
  const scope = new Scope(part, helper);
  const ids = idsName(rel, scope);
  const map = scope.pick('grouped', `by${pascalCase(rel.noun)}`, 'children', 'found');
  const child = oneName(part, scope);
  const each = scope.pick(rel.oneId, `${rel.noun}Id`, 'parentId');
  const target = customName(`number of ${thing.plural}`);
  part.draw.noteField(up.api, target);
  const updates = scope.pick('updates', 'toUpdate', `${up.many}ToUpdate`);
  const query = queried(part, {
    select: ['Id', seen(rel.lookup)],
    from: thing.api,
    where: [`${rel.lookup} IN :${ids}`],
    tail: [],
  });
  const full = `Map<Id, List<${thing.api}>>`;
  const groupMethod = apex`
    private static ${full} ${seen(helper)}(Set<Id> ${seen(ids)}) {
        ${full} ${seen(map)} = new ${full}();
        for (${thing.api} ${seen(child)} : ${query}) {
            ${when(`!${map}.containsKey(${child}.${rel.lookup})`, `${map}.put(${child}.${rel.lookup}, new List<${thing.api}>());`)}
            ${map}.get(${child}.${rel.lookup}).add(${child});
        }
        return ${map};
    }
  `;
  const isOfAll = part.random.chance(0.5);
  const record = isOfAll
    ? `${updates}.add(new ${up.api}(Id = ${each}, ${flag.api} = ${map}.containsKey(${each})));`
    : part.random.chance(0.5)
      ? `${updates}.add(new ${up.api}(Id = ${each}, ${target} = ${map}.get(${each}).size()));`
      : `${updates}.add(new ${up.api}(\n${indented(`Id = ${each},\n${target} = ${map}.get(${each}).size()`)}\n));`;
  const said = isOfAll
    ? `${flag.label} is set for each ${up.label} that has ${thing.plural}, cleared for the others`
    : `writes the number of ${thing.plural} to those ${up.plural} that have any (${target})`;
  const main = apex`
    ${told(part, said, [ids])}
    ${opened(part, 'void', part.pick('refresh', 'run', 'updateAll', `mark${pascalCase(up.plural)}`))}(Set<Id> ${seen(ids)}) {
        ${full} ${seen(map)} = ${helper}(${ids});
        List<${up.api}> ${seen(updates)} = new List<${up.api}>();
        ${loop('Id', each, isOfAll ? ids : `${map}.keySet()`, record)}
        ${written(part, 'update', updates)}
    }
  `;
  return part.random.chance(0.75) ? joinedMembers(main, groupMethod) : joinedMembers(groupMethod, main);
};

/** Before delete: who still has children may not go. */
export const keptParents: Member = (part) => {
  const rel = relation(part);
  if (rel === null) return null;
  const { thing } = part;
  const up = rel.up.thing;
  const scope = new Scope(part);
  const old = scope.pick('oldMap', `${up.many}ById`, 'deleted', 'oldById');
  const inUse = scope.pick('inUse', 'withChildren', `used${up.className}Ids`, 'blocked');
  const child = oneName(part, scope);
  const one = oneName(rel.up, scope);
  const message = free(
    `'${part.pick('It is still in use.', 'Please remove its records first.', 'Cannot be deleted.')}'`,
  );
  const query = queried(part, {
    select: [seen(rel.lookup)],
    from: thing.api,
    where: [`${rel.lookup} IN :${old}.keySet()`],
    tail: [],
  });
  const isDirect = part.random.chance(0.4);
  const collecting = lines(
    `Set<Id> ${seen(inUse)} = new Set<Id>();`,
    `for (${thing.api} ${seen(child)} : ${query}) {\n    ${inUse}.add(${child}.${rel.lookup});\n}`,
  );
  const refusing = part.random.chance(0.5)
    ? loop(
        up.api,
        one,
        `${old}.values()`,
        when(`${inUse}.contains(${one}.Id)`, `${one}.addError(${message});`),
      )
    : `${free('')}${loop('Id', `${rel.noun}Id`, inUse, `${old}.get(${rel.noun}Id).addError(${message});`)}`;
  const direct = `for (${thing.api} ${seen(child)} : ${query}) {\n    ${old}.get(${child}.${rel.lookup}).addError(${message});\n}`;
  return apex`
    ${told(part, part.pick(`${up.plural} that still have ${thing.plural} are not deleted`, `no ${up.label} goes while there are ${thing.plural} of it`), [old])}
    ${opened(part, 'void', part.pick('beforeDelete', 'protect', 'checkDeletion', 'onBeforeDelete'))}(Map<Id, ${up.api}> ${seen(old)}) {
        ${isDirect ? direct : lines(collecting, refusing)}
    }
  `;
};
