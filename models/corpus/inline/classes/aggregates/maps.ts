/** Aggregate rows that become maps or records of the parents. */
import { idsName, queried, Scope, written } from '../records.js';
import { apex, free, seen, when } from '../../apex.js';
import {
  addedInLines,
  joinedMembers,
  lines,
  loop,
  modifiers,
  relation,
  type Relation,
} from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { signature } from '../../part.js';
import { opened, told } from '../../scope/words.js';
import { camelCase, capitalized, pascalCase } from '../../../phrase.js';
import {
  announced,
  drawColumns,
  drawCondition,
  drawMeasures,
  noteTargets,
  read,
  rowLoop,
  rowName,
  type Measure,
} from './base.js';

/** The query of measures by parent: its text and columns. */
function byParent(
  part: Part,
  rel: Relation,
  ids: string,
  measures: readonly Measure[],
  where: readonly string[],
) {
  const columns = drawColumns(part, rel.asked, rel.noun, measures);
  const query = queried(part, {
    select: columns.select,
    from: part.thing.api,
    where: [`${rel.asked} IN :${ids}`, ...where],
    tail: [`GROUP BY ${rel.lookup}`],
  });
  return { columns, query };
}

function recordAdded(part: Part, list: string, type: string, values: readonly string[]): string {
  const isLong = values.length > 2 || part.random.chance(0.45);
  return isLong ? addedInLines(list, type, values) : `${list}.add(new ${type}(${values.join(', ')}));`;
}

/** The record made and filled statement by statement. */
function recordFilled(name: string, list: string, type: string, values: readonly string[]): string {
  const [first, ...others] = values;
  return lines(
    `${free('')}${type} ${seen(name)} = new ${type}(${first!});`,
    ...others.map((value) => `${name}.${value};`),
    `${list}.add(${name});`,
  );
}

/** Writes figures of the children to their parents, straight from the rows. */
export const writtenToParents: Member = (part) => {
  const rel = relation(part);
  if (rel === null) return null;
  const up = rel.up.thing;
  const measures = drawMeasures(part, 3);
  noteTargets(part, up.api, measures);
  const scope = new Scope(part);
  const ids = idsName(rel, scope);
  const updates = scope.pick('updates', 'toUpdate', `${up.many}ToUpdate`, 'changed', up.many, 'parents');
  const row = rowName(scope);
  const condition = drawCondition(part);
  const { columns, query } = byParent(part, rel, ids, measures, condition.soql);
  const values = [
    `Id = ${read(row, 'Id', columns.group)}`,
    ...measures.map(({ type, to }, at) => `${seen(to)} = ${read(row, type, columns.measures[at]!)}`),
  ];
  const body = part.random.chance(0.75)
    ? recordAdded(part, updates, up.api, values)
    : recordFilled(scope.pick(rel.one, 'parent', 'target', 'updated'), updates, up.api, values);
  const fields = measures.map(({ to }) => to).join(', ');
  const said = announced(part, measures, up.label, condition.said);
  const doc = told(
    part,
    part.random.chance(0.6)
      ? `${said} → ${fields}`.replace('→', part.pick('goes to', 'written to', '→'))
      : said,
    [ids],
  );
  const guard = part.random.chance(0.3) ? `${free('')}${when(`${ids}.isEmpty()`, 'return;')}` : '';
  return apex`
    ${doc}
    ${opened(part, 'void', part.pick('recalculate', 'rollUp', `refresh${pascalCase(up.plural)}`, 'updateTotals', 'summarize'))}(Set<Id> ${seen(ids)}) {
        ${guard}
        List<${up.api}> ${seen(updates)} = new List<${up.api}>();
        ${rowLoop(part, scope, row, query, body)}
        ${written(part, 'update', updates)}
    }
  `;
};

/** One method that answers one figure by parent. */
function figureMethod(part: Part, rel: Relation, measure: Measure, map: string): string {
  const up = rel.up.thing;
  const scope = new Scope(part, map);
  const ids = idsName(rel, scope);
  const row = rowName(scope);
  const condition = drawCondition(part);
  const { columns, query } = byParent(part, rel, ids, [measure], condition.soql);
  const type = `Map<Id, ${measure.type}>`;
  const value = read(row, measure.type, columns.measures[0]!);
  const id = read(row, 'Id', columns.group);
  const named = scope.pick(rel.oneId, 'parentId', 'key');
  const body = part.random.weighted([
    [6, `${map}.put(${id}, ${value});`],
    [1.5, `${free('')}Id ${seen(named)} = ${id};\n${map}.put(${named}, ${value});`],
  ]);
  const zero = measure.type === 'Date' ? 'null' : '0';
  const putZeroes = (): string => {
    const comment = part.comment(
      part.pick(
        `${up.plural} without ${part.thing.plural} get ${zero}`,
        `start every ${up.label} at ${zero}`,
        `so that no ${up.label} is missing`,
      ),
    );
    const each = scope.pick('anyId', 'eachId', 'oneId');
    return `${comment}\n${loop('Id', each, ids, `${map}.put(${each}, ${zero});`)}`;
  };
  const zeroes = part.random.chance(0.25) ? putZeroes() : '';
  return apex`
    ${told(part, announced(part, [measure], up.label, condition.said), [ids])}
    ${opened(part, type, part.pick(`${measure.name}By${capitalized(rel.noun)}`, `get${capitalized(measure.name)}s`, `load${capitalized(measure.name)}`, `${measure.name}Per${capitalized(rel.noun)}`))}(Set<Id> ${seen(ids)}) {
        ${type} ${seen(map)} = new ${type}();
        ${zeroes}
        ${rowLoop(part, scope, row, query, body)}
        return ${map};
    }
  `;
}

/** One figure by parent in a map, or two such methods side by side. */
export const figuresByParent: Member = (part) => {
  const rel = relation(part);
  if (rel === null) return null;
  const measures = drawMeasures(part, 2);
  const map = (measure: Measure): string =>
    part.pick(
      'result',
      'found',
      `${measure.name}s`,
      `by${capitalized(rel.noun)}`,
      'figures',
      `${measure.name}By${capitalized(rel.noun)}`,
    );
  const same = part.random.chance(0.5) ? part.pick('result', 'figures', 'byParent', 'answer') : null;
  return joinedMembers(...measures.map((measure) => figureMethod(part, rel, measure, same ?? map(measure))));
};

/** Every parent is written, also those that have no child any more: a map of records that start at zero. */
export const recalculated: Member = (part) => {
  const rel = relation(part);
  if (rel === null) return null;
  const up = rel.up.thing;
  const measures = drawMeasures(part, 2).filter(({ type }) => type !== 'Date');
  if (measures.length === 0) return null;
  noteTargets(part, up.api, measures);
  const scope = new Scope(part);
  const ids = idsName(rel, scope);
  const row = rowName(scope);
  const map = scope.pick(rel.map, `${rel.noun}ById`, 'updatesById', 'parents', 'updates');
  const one = scope.pick(rel.one, up.one, 'parent', 'target');
  const each = scope.pick(rel.oneId, `${rel.noun}Id`, 'parentId');
  const { columns, query } = byParent(part, rel, ids, measures, []);
  const zeroes = measures.map(({ to }) => `${seen(to)} = 0`).join(', ');
  const sets = measures.map(
    ({ type, to }, at) => `${one}.${seen(to)} = ${read(row, type, columns.measures[at]!)};`,
  );
  const got = `${map}.get(${read(row, 'Id', columns.group)})`;
  const first = part.comment(
    part.pick(
      `${up.plural} whose last ${part.thing.label} is gone go back to 0`,
      'everybody starts at zero',
      `reset first: a ${up.label} may have lost its last ${part.thing.label}`,
    ),
  );
  const isShort = measures.length === 1 && part.random.chance(0.5);
  const body = isShort
    ? `${got}.${sets[0]!.slice(one.length + 1)}`
    : lines(`${up.api} ${seen(one)} = ${got};`, ...sets);
  return apex`
    ${told(part, announced(part, measures, up.label), [ids])}
    ${opened(part, 'void', part.pick('recalculate', 'recount', 'rollUp', 'refresh', `update${pascalCase(up.plural)}`))}(Set<Id> ${seen(ids)}) {
        ${first}
        Map<Id, ${up.api}> ${seen(map)} = new Map<Id, ${up.api}>();
        ${loop('Id', each, ids, `${map}.put(${each}, new ${up.api}(Id = ${each}, ${zeroes}));`)}
        ${rowLoop(part, scope, row, query, body)}
        update ${map}.values();
    }
  `;
};

/** Figures by value of a picklist: counts, sums, or maps of them by parent. */
export const picklistGroups: Member = (part) => {
  const [field, other] = part.fields(2, ['picklist']);
  if (field === undefined) return null;
  const methods = [field, ...(other !== undefined && part.random.chance(0.4) ? [other] : [])].map((by) => {
    const [measure] = drawMeasures(part, 1);
    if (measure === undefined) return '';
    const scope = new Scope(part);
    const name = camelCase(by.label);
    const noun = measure.isCount ? 'count' : measure.said.split(' ')[0]!;
    const map = scope.pick(
      `${noun}By${capitalized(name)}`,
      `${noun}sBy${capitalized(name)}`,
      `by${capitalized(name)}`,
      'result',
      'figures',
    );
    const row = rowName(scope);
    const columns = drawColumns(part, by.api, name, [measure], true);
    const condition = drawCondition(part, by.api);
    const order =
      measure.type !== 'Date' && part.random.chance(0.25) ? [`ORDER BY ${measure.soql} DESC`] : [];
    const query = queried(part, {
      select: columns.select,
      from: part.thing.api,
      where: condition.soql,
      tail: [`GROUP BY ${by.api}`, ...order],
    });
    const type = `Map<String, ${measure.type}>`;
    const id = read(row, 'String', columns.group);
    const value = read(row, measure.type, columns.measures[0]!);
    const key = scope.pick(name, 'key', 'label', 'picklistValue');
    const body = part.random.weighted([
      [4, `${map}.put(${id}, ${value});`],
      [1, `${free('')}String ${seen(key)} = ${id};\n${map}.put(${key}, ${value});`],
      [
        1,
        `String ${seen(key)} = ${id};\n${part.comment(part.pick(`those without a ${by.label}`, `a ${by.label} may be empty`))}\n${map}.put(${key} == null ? ${free(part.pick("'None'", "'Unknown'", "'(blank)'"))} : ${key}, ${value});`,
      ],
    ]);
    const most = order.length > 0 ? ', the largest first' : '';
    return apex`
      ${told(part, announced(part, [measure], by.label, condition.said) + most)}
      ${signature(modifiers(part), type, part.pick(`${noun}By${capitalized(name)}`, `get${capitalized(noun)}By${capitalized(name)}`, `load${capitalized(noun)}${part.pick('s', `By${capitalized(name)}`)}`))}() {
          ${type} ${seen(map)} = new ${type}();
          ${rowLoop(part, scope, row, query, body)}
          return ${map};
      }
    `;
  });
  return joinedMembers(...methods);
};

/** Figures of each parent by value of a picklist: a map in a map. */
export const nestedGroups: Member = (part) => {
  const rel = relation(part);
  const field = part.field(['picklist']);
  const [measure] = drawMeasures(part, 1);
  if (rel === null || field === null || measure === undefined) return null;
  const up = rel.up.thing;
  const scope = new Scope(part);
  const ids = idsName(rel, scope);
  const row = rowName(scope);
  const map = scope.pick(
    'result',
    `${measure.isCount ? 'counts' : 'figures'}By${capitalized(rel.noun)}`,
    'nested',
    `by${capitalized(rel.noun)}`,
  );
  const columns = drawColumns(part, rel.asked, rel.noun, [measure]);
  const query = queried(part, {
    select: [columns.select[0]!, field.api, ...columns.select.slice(1)],
    from: part.thing.api,
    where: [`${rel.asked} IN :${ids}`],
    tail: [`GROUP BY ${rel.lookup}, ${field.api}`],
  });
  const inner = `Map<String, ${measure.type}>`;
  const key = scope.pick(rel.oneId, 'parentId', 'key');
  const own = scope.pick(`by${capitalized(camelCase(field.label))}`, 'own', 'perValue', 'figures');
  const isNamed = part.random.chance(0.4);
  const put = `put(${read(row, 'String', field.api)}, ${read(row, measure.type, columns.measures[0]!)});`;
  const body = isNamed
    ? lines(
        `Id ${seen(key)} = ${read(row, 'Id', columns.group)};`,
        `${inner} ${seen(own)} = ${map}.get(${key});`,
        when(`${own} == null`, `${own} = new ${inner}();`, `${map}.put(${key}, ${own});`),
        `${own}.${put}`,
      )
    : lines(
        `Id ${seen(key)} = ${read(row, 'Id', columns.group)};`,
        when(`!${map}.containsKey(${key})`, `${map}.put(${key}, new ${inner}());`),
        `${map}.get(${key}).${put}`,
      );
  return apex`
    ${told(part, `${measure.said} of each ${up.label}, by ${field.label}`, [ids])}
    ${opened(part, `Map<Id, ${inner}>`, part.pick('load', 'breakdown', `countBy${pascalCase(field.label)}`, `by${capitalized(rel.noun)}And${pascalCase(field.label)}`))}(Set<Id> ${seen(ids)}) {
        Map<Id, ${inner}> ${seen(map)} = new Map<Id, ${inner}>();
        ${rowLoop(part, scope, row, query, body)}
        return ${map};
    }
  `;
};
