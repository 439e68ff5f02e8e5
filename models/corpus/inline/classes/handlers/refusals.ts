/** Static handlers that refuse: to delete what something speaks against, to change what is settled. */
import { pascalCase } from '../../../phrase.js';
import { apex, free, seen, when } from '../../apex.js';
import { lines, joinedMembers, literal, relation } from '../../bulk/base.js';
import type { Member } from '../../part.js';
import { told } from '../../scope/words.js';
import { isReserved } from '../../style.js';
import { drawNames, entry } from './rules.js';

/** Refuses to delete, or to change, records that something speaks against. */
export const refusingHandler: Member = (part) => {
  const { thing } = part;
  const names = drawNames(part);
  const [flag] = part.settable(3, ['checkbox', 'picklist']);
  if (names === null || flag === undefined) return null;
  const { many, one, olds } = names;
  const value = flag.type === 'checkbox' ? 'true' : literal(part, flag);
  const shown = value.replace(/'/g, '');
  const test = (record: string): string =>
    flag.type === 'checkbox' ? `${record}.${flag.api}` : `${record}.${flag.api} == ${value}`;
  const described = flag.type === 'checkbox' ? `${flag.label} is set` : `${flag.label} is ${shown}`;
  const isConstant = part.random.chance(0.4);
  const constant = part.pick('CANNOT_DELETE', 'DELETE_REFUSED', 'NOT_DELETABLE');
  const text = `'${part.pick(`This ${thing.label} cannot be deleted.`, `Such ${thing.plural} may not be deleted.`, `Delete is not allowed here.`)}'`;
  const message = isConstant ? constant : free(text);
  const isMap = part.random.chance(0.25);
  const deletedOnes = part.pick(`old${pascalCase(thing.plural)}`, 'deleted', 'oldRecords', 'removed');
  const source = isMap ? `${olds}.values()` : deletedOnes;
  const parameter = isMap ? `Map<Id, ${thing.api}> ${seen(olds)}` : `List<${thing.api}> ${seen(deletedOnes)}`;
  if (deletedOnes === one) return null;
  const deleting = apex`
    ${told(part, part.pick(`none may be deleted whose ${described}`, `refuses to delete ${thing.plural} whose ${described}`))}
    ${entry(part, 'BeforeDelete')}(${parameter}) {
        for (${thing.api} ${seen(one)} : ${source}) {
            ${part.random.chance(0.75) ? when(test(one), `${one}.addError(${message});`) : lines(`${free('')}if (${flag.type === 'checkbox' ? `!${test(one)}` : test(one).replace('==', '!=')}) {\n    continue;\n}`, `${one}.addError(${message});`)}
        }
    }
  `;
  const [locked] = part
    .settable(4, ['currency', 'date', 'text', 'email'])
    .filter(({ api }) => api !== flag.api);
  const updating =
    locked === undefined || part.random.chance(0.5)
      ? ''
      : apex`
        ${told(part, `the ${locked.label} stays as it is once the ${described}`)}
        ${entry(part, 'BeforeUpdate')}(List<${thing.api}> ${seen(many)}, Map<Id, ${thing.api}> ${seen(olds)}) {
            for (${thing.api} ${seen(one)} : ${many}) {
                ${thing.api} ${seen('old')} = ${olds}.get(${one}.Id);
                if (${test('old')} && ${one}.${locked.api} != old.${locked.api}) {
                    ${one}.${locked.api}.addError(${free(`'The ${locked.label} cannot be changed any more.'`)});
                }
            }
        }
      `;
  if (updating !== '' && one === 'old') return null;
  const declaration = isConstant ? `private static final String ${seen(constant)} = ${free(text)};` : '';
  return joinedMembers(
    declaration,
    ...(part.random.chance(0.6) ? [deleting, updating] : [updating, deleting]),
  );
};

/** Refuses to delete parents that still have children. */
export const childrenHandler: Member = (part) => {
  const related = relation(part);
  if (related === null) return null;
  const { up, lookup, children } = related;
  const { thing } = part;
  const one = part.pick(up.names.one, 'record', 'rec', up.thing.one);
  const many = part.pick(`old${pascalCase(up.thing.plural)}`, 'deleted', 'oldRecords');
  const used = part.pick('used', 'inUse', 'withChildren', 'blocked', 'busyIds');
  const child = part.pick('child', part.names.one, thing.one);
  const row = part.pick('ar', 'row', 'agg');
  if (
    new Set([one, many, used, child, row].map((name) => name.toLowerCase())).size < 5 ||
    [child, one].some((name) => isReserved(name))
  )
    return null;
  const message = free(`'Delete the ${thing.plural} first.'`);
  const shape = part.pick('children', 'group', 'subquery');
  const ids = 'oldMap';
  const body =
    shape === 'subquery'
      ? `for (${up.thing.api} ${seen(one)} : [SELECT Id, (SELECT Id FROM ${seen(children)} LIMIT 1) FROM ${up.thing.api} WHERE Id IN :${ids}.keySet()]) {\n    if (!${one}.${seen(children)}.isEmpty()) {\n        ${ids}.get(${one}.Id).addError(${message});\n    }\n}`
      : lines(
          `Set<Id> ${seen(used)} = new Set<Id>();`,
          shape === 'children'
            ? `for (${thing.api} ${seen(child)} : [SELECT ${related.asked} FROM ${thing.api} WHERE ${lookup} IN :${ids}.keySet()]) {\n    ${used}.add(${child}.${lookup});\n}`
            : `for (AggregateResult ${seen(row)} : [SELECT ${related.asked} parent FROM ${thing.api} WHERE ${lookup} IN :${ids}.keySet() GROUP BY ${lookup}]) {\n    ${used}.add((Id) ${row}.get('parent'));\n}`,
          `for (${up.thing.api} ${seen(one)} : ${many}) {\n    if (${used}.contains(${one}.Id)) {\n        ${one}.addError(${message});\n    }\n}`,
        );
  const parameters = [
    ...(shape === 'subquery' ? [] : [`List<${up.thing.api}> ${seen(many)}`]),
    `Map<Id, ${up.thing.api}> ${seen(ids)}`,
  ].join(', ');
  return apex`
    ${told(part, part.pick(`${up.thing.plural} that have ${thing.plural} cannot be deleted`, `no ${up.thing.label} is deleted while ${thing.plural} belong to it`))}
    ${entry(part, 'BeforeDelete')}(${parameters}) {
        ${body}
    }
  `;
};
