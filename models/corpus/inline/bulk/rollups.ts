/** Methods in which parents learn from their children: groups, counts, sums, subqueries, what is written back. */
import { customName, type Field } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { apex, free, seen, when } from '../apex.js';
import { signature, type Member, type Part } from '../part.js';
import { aggregateBody, drawFilter, drawMeasure } from './aggregates.js';
import {
  anyLoop,
  either,
  joinedMembers,
  lines,
  literal,
  loop,
  modifiers,
  relation,
  type Relation,
} from './base.js';

/** Adds to the list of a key, which is made when it is missing. */
function groupedIn(part: Part, map: string, key: string): string {
  const child = part.thing.api;
  const { one } = part.names;
  const form = part.pick('missing', 'missing', 'missing', 'put', 'null', 'else');
  const list = part.pick('group', 'siblings', 'own', 'found');
  switch (form) {
    case 'missing':
    case 'put': {
      const isMissing = form === 'missing' ? `!${map}.containsKey(${key})` : `${map}.get(${key}) == null`;
      return lines(
        `${free('')}${when(isMissing, `${map}.put(${key}, new List<${child}>());`)}`,
        `${map}.get(${key}).add(${one});`,
      );
    }
    case 'null':
      return lines(
        `${free('')}List<${child}> ${seen(list)} = ${map}.get(${key});`,
        when(`${list} == null`, `${list} = new List<${child}>();`, `${map}.put(${key}, ${list});`),
        `${list}.add(${one});`,
      );
    case 'else':
      return `${free('')}${either(
        `${map}.containsKey(${key})`,
        `${map}.get(${key}).add(${one});`,
        `${map}.put(${key}, new List<${child}>{ ${one} });`,
      )}`;
  }
}

/** Children by their parents' ids, of a list or a query; sometimes by a second key in the same way. */
export const groupedChildren: Member = (part) => {
  const { thing, names } = part;
  const rel = relation(part);
  if (rel === null) return null;
  const map = part.pick(
    `${thing.many}By${pascalCase(rel.noun)}`,
    `by${pascalCase(rel.noun)}`,
    part.style.result,
    'grouped',
    `${rel.noun}To${pascalCase(thing.plural)}`,
  );
  if (map === names.many || map === names.one) return null;
  const type = `Map<Id, List<${thing.api}>>`;
  const isQueried = part.random.chance(0.5);
  const hasKey = part.random.chance(0.35);
  const key = hasKey ? rel.oneId : `${names.one}.${rel.lookup}`;
  const source = isQueried
    ? `[SELECT Id, ${free(thing.nameField)}, ${seen(rel.lookup)} FROM ${thing.api} WHERE ${rel.lookup} IN :${rel.ids}]`
    : names.many;
  const parameter = isQueried ? `Set<Id> ${seen(rel.ids)}` : `List<${thing.api}> ${names.newMany}`;
  const grouped = groupedIn(part, map, key);
  const other = part.field(['picklist']);
  const body = loop(
    thing.api,
    names.one,
    source,
    hasKey ? `Id ${seen(rel.oneId)} = ${names.one}.${rel.lookup};` : '',
    part.random.chance(0.15) ? `${free('')}${when(`${key} == null`, 'continue;')}` : '',
    grouped,
  );
  const doc = part.doc(`${thing.plural} by ${rel.up.thing.label}`, [isQueried ? rel.ids : names.many]);
  const head = signature(
    modifiers(part),
    type,
    part.pick(
      `groupBy${pascalCase(rel.noun)}`,
      `${thing.many}By${pascalCase(rel.noun)}`,
      `get${pascalCase(thing.plural)}By${pascalCase(rel.noun)}`,
    ),
  );
  const main = apex`
    ${doc}
    ${head}(${parameter}) {
        ${type} ${seen(map)} = new ${type}();
        ${body}
        return ${map};
    }
  `;
  if (other === null || isQueried || part.random.chance(0.5)) return main;
  const second = `Map<String, List<${thing.api}>>`;
  const by = pascalCase(other.label);
  const value = `${names.one}.${other.api}`;
  const map2 = map.includes(pascalCase(rel.noun)) ? part.pick(`by${by}`, `${thing.many}By${by}`) : map;
  const again = grouped
    .replace(/[«»]/g, '')
    .replaceAll(key, hasKey ? 'value' : value)
    .replaceAll(`${map}.`, `${map2}.`);
  const sibling = apex`
    ${part.doc(`${thing.plural} by ${other.label}`, [names.many])}
    ${signature(modifiers(part), second, part.pick(`groupBy${by}`, `${thing.many}By${by}`))}(List<${thing.api}> ${names.newMany}) {
        ${second} ${seen(map2)} = new ${second}();
        ${loop(thing.api, names.one, names.many, hasKey ? `String ${seen('value')} = ${value};` : '', again)}
        return ${map2};
    }
  `;
  return joinedMembers(main, sibling);
};

/** A query with GROUP BY whose rows are read by their aliases, written to the parents or into a map. */
export const aggregated: Member = (part) => {
  const { thing } = part;
  const rel = relation(part);
  const measure = rel === null ? null : drawMeasure(part, rel);
  if (rel === null || measure === null) return null;
  const row = part.pick('ar', 'ar', 'row', 'agg', 'line');
  const isAliased = part.random.chance(0.6);
  const group = isAliased ? part.pick(`${rel.noun}Key`, 'pid', 'parent', `${rel.noun}Ref`) : rel.lookup;
  const filter = drawFilter(part);
  const query = `[SELECT ${rel.lookup}${isAliased ? ` ${seen(group)}` : ''}, ${measure.soql} ${seen(measure.alias)} FROM ${thing.api} WHERE ${rel.lookup} IN :${rel.ids}${filter} GROUP BY ${rel.lookup}]`;
  const id = `(Id) ${row}.get('${group}')`;
  const value = `(${measure.type}) ${row}.get('${measure.alias}')`;
  const form = part.pick('map', 'write', 'both', 'both', 'both');
  const map = part.pick(
    `${measure.noun}By${pascalCase(rel.noun)}`,
    `${measure.noun}s`,
    `${measure.noun}ById`,
  );
  const updates = part.pick('updates', 'toUpdate', `${rel.noun}Updates`, rel.up.names.many);
  const returned = form === 'map' ? `Map<Id, ${measure.type}>` : 'void';
  const name =
    form === 'map'
      ? part.pick(
          `get${measure.big}`,
          `${measure.big[0]!.toLowerCase()}${measure.big.slice(1)}By${pascalCase(rel.noun)}`,
          `read${measure.big}s`,
        )
      : part.pick(
          `${measure.noun}${pascalCase(thing.plural)}`,
          'recalculate',
          `rollUp${pascalCase(thing.plural)}`,
          `refresh${pascalCase(measure.noun)}`,
          `compute${pascalCase(measure.noun)}`,
        );
  const doc = part.doc(
    form === 'map'
      ? `the ${measure.noun} of the ${thing.plural} of each ${rel.up.thing.label}`
      : `writes the ${measure.noun} of the ${thing.plural} to each ${rel.up.thing.label}`,
    [rel.ids],
  );
  const head = signature(modifiers(part), returned, name);
  return apex`
    ${doc}
    ${head}(Set<Id> ${seen(rel.ids)}) {
        ${aggregateBody(part, rel, measure, form, { query, row, id, value, map, updates })}
    }
  `;
};

/** Parents with their children in a subquery. */
export const subqueried: Member = (part) => {
  const { thing } = part;
  const rel = relation(part);
  if (rel === null) return null;
  const up = rel.up.thing;
  const field = part.field(['currency', 'integer', 'date', 'picklist']);
  const parents = rel.up.names.many;
  const { uses, body, target } = drawSummary(part, rel, field);
  part.draw.noteField(up.api, target);
  const inner = `(SELECT ${uses === '' ? 'Id' : seen(uses)} FROM ${seen(rel.children)}${free(part.pick('', '', ' ORDER BY CreatedDate DESC'))})`;
  const query = `[SELECT Id, ${seen(target)}, ${inner} FROM ${up.api} WHERE Id IN :${rel.ids}]`;
  const doc = part.doc(`goes through the ${thing.plural} of each ${up.label}`, [rel.ids]);
  const head = signature(
    modifiers(part),
    'void',
    part.pick(
      `update${pascalCase(up.plural)}`,
      `refresh${pascalCase(up.label)}`,
      `summarize${pascalCase(thing.plural)}`,
      'recalculate',
      'rollUp',
    ),
  );
  return apex`
    ${doc}
    ${head}(Set<Id> ${seen(rel.ids)}) {
        List<${up.api}> ${seen(parents)} = ${query};
        ${anyLoop(part, up.api, rel.one, parents, body)}
        update ${parents};
    }
  `;
};

/** What a parent is told of the children in its subquery. */
interface Summary {
  /** The children's field that is selected; empty = none. */
  readonly uses: string;
  /** What is done with each parent. */
  readonly body: string;
  /** The parent's field that is set. */
  readonly target: string;
}

/** How many children there are or match, the first or last date, or the total of a field. */
function drawSummary(part: Part, rel: Relation, field: Field | null): Summary {
  const { thing, names } = part;
  const theirs = `${rel.one}.${rel.children}`;
  const each = (body: string): string => loop(thing.api, names.one, theirs, body);
  const countTo = customName(`${thing.label} count`);
  if (field === null || part.random.chance(0.25))
    return { uses: '', body: `${rel.one}.${countTo} = ${theirs}.size();`, target: countTo };
  const value = `${names.one}.${field.api}`;
  const base = field.api.replace(/__c$/, '');
  const computed = (declared: string, body: string, name: string, target: string): Summary => ({
    uses: field.api,
    body: lines(declared, each(body), `${rel.one}.${target} = ${name};`),
    target,
  });
  if (field.type === 'picklist') {
    const number = part.pick('matching', 'counter', 'hits', 'open');
    const test = free(`${value} == ${literal(part, field)}`);
    return computed(`Integer ${seen(number)} = 0;`, when(test, `${number}++;`), number, countTo);
  }
  if (field.type === 'date') {
    const latest = part.pick('latest', 'last', 'newest');
    const isFirst = part.random.chance(0.4);
    const name = isFirst ? 'earliest' : latest;
    const test = `${name} == null || ${value} ${isFirst ? '<' : '>'} ${name}`;
    const target = `${pascalCase(name)}_${base}__c`;
    return computed(`Date ${seen(name)} = null;`, when(test, `${name} = ${value};`), name, target);
  }
  const total = part.pick('total', 'sum', `total${pascalCase(field.label)}`);
  const add = `${total} += ${value};`;
  const body = part.random.chance(0.5) ? `${free('')}${when(`${value} != null`, add)}` : add;
  return computed(`Decimal ${seen(total)} = 0;`, body, total, `Total_${base}__c`);
}

/** Totals in a map that are added to, one key after another. */
export const childTotals: Member = (part) => {
  const { thing, names } = part;
  const rel = relation(part);
  const field = part.field(['currency', 'integer']);
  if (rel === null) return null;
  const isCount = field === null || part.random.chance(0.35);
  const type = isCount ? 'Integer' : 'Decimal';
  const added = isCount ? '1' : `${names.one}.${field.api}`;
  const map = part.pick(
    `${isCount ? 'count' : 'total'}By${pascalCase(rel.noun)}`,
    'totals',
    `per${pascalCase(rel.noun)}`,
    part.style.result,
  );
  const hasKey = part.random.chance(0.4);
  const key = hasKey ? rel.oneId : `${names.one}.${rel.lookup}`;
  const keyed = hasKey ? `Id ${seen(key)} = ${names.one}.${rel.lookup};` : '';
  const shownKey = hasKey ? key : `${names.one}.${seen(rel.lookup)}`;
  const sofar = part.pick('current', 'sofar', 'before', 'previous');
  const summing = part.pick(
    lines(
      `${free('')}${when(`!${map}.containsKey(${shownKey})`, `${map}.put(${key}, 0);`)}`,
      `${map}.put(${key}, ${map}.get(${key}) + ${added});`,
    ),
    lines(
      `${free('')}${type} ${seen(sofar)} = ${map}.containsKey(${shownKey}) ? ${map}.get(${key}) : 0;`,
      `${map}.put(${key}, ${sofar} + ${added});`,
    ),
    `${free('')}${either(
      `${map}.containsKey(${shownKey})`,
      `${map}.put(${key}, ${map}.get(${key}) + ${added});`,
      `${map}.put(${key}, ${added});`,
    )}`,
    lines(
      `${free('')}${type} ${seen(sofar)} = ${map}.get(${shownKey});`,
      `${map}.put(${key}, ${sofar} == null ? ${added} : ${sofar} + ${added});`,
    ),
  );
  const skip =
    !isCount && part.random.chance(0.4) ? `${free('')}${when(`${added} == null`, 'continue;')}` : '';
  const doc = part.doc(
    isCount
      ? `how many ${thing.plural} each ${rel.up.thing.label} has`
      : `the ${field.label} of the ${thing.plural} of each ${rel.up.thing.label}, added up`,
    [names.many],
  );
  const head = signature(
    modifiers(part),
    `Map<Id, ${type}>`,
    part.pick(
      `${isCount ? 'count' : 'sum'}By${pascalCase(rel.noun)}`,
      `${isCount ? 'count' : 'sum'}Per${pascalCase(rel.noun)}`,
      `${isCount ? 'counts' : 'totals'}Of`,
      `get${isCount ? 'Counts' : 'Totals'}`,
    ),
  );
  return apex`
    ${doc}
    ${head}(List<${thing.api}> ${names.newMany}) {
        Map<Id, ${type}> ${seen(map)} = new Map<Id, ${type}>();
        ${anyLoop(part, thing.api, names.one, names.many, keyed, skip, summing)}
        return ${map};
    }
  `;
};

/** Entry points that collect ids in one method and hand them to another. */
export const recalculating: Member = (part) => {
  const { thing, names } = part;
  const rel = relation(part);
  if (rel === null) return null;
  const up = rel.up.thing;
  const work = part.pick(
    'recalculate',
    `update${pascalCase(up.plural)}`,
    'refresh',
    'rollUp',
    `countFor${pascalCase(up.plural)}`,
  );
  const collect = part.pick(
    `collect${pascalCase(rel.noun)}Ids`,
    `${rel.noun}IdsOf`,
    'parentIdsOf',
    `get${pascalCase(rel.noun)}Ids`,
  );
  const events = part.random.sample(
    ['afterInsert', 'afterUndelete', 'afterDelete'],
    part.random.integer(2, 3),
  );
  const to = customName(`${thing.label} count`);
  const entries = events.map(
    (event, index) =>
      `${free(`public static void ${event}`)}(List<${thing.api}> ${names.newMany}) {\n    ${index === 0 ? free('') : ''}${work}(${collect}(${names.many}));\n}`,
  );
  const guard = part.random.chance(0.5);
  const add = `${rel.ids}.add(${names.one}.${rel.lookup});`;
  const parents = rel.up.names.many;
  const shared = apex`
    ${free('private static Set<Id> ')}${seen(collect)}(List<${thing.api}> ${names.newMany}) {
        Set<Id> ${seen(rel.ids)} = new Set<Id>();
        ${loop(thing.api, names.one, names.many, guard ? `${free('')}${when(`${names.one}.${rel.asked} != null`, add)}` : add.replace(rel.lookup, rel.asked))}
        ${guard ? '' : `${free('')}${rel.ids}.remove(null);`}
        return ${rel.ids};
    }

    ${free('private static void ')}${seen(work)}(Set<Id> ${seen(rel.ids)}) {
        List<${up.api}> ${seen(parents)} = [SELECT Id, (SELECT Id FROM ${seen(rel.children)}) FROM ${up.api} WHERE Id IN :${rel.ids}];
        ${loop(up.api, rel.one, parents, `${rel.one}.${free(to)} = ${rel.one}.${rel.children}.size();`)}
        update ${parents};
    }
  `;
  return joinedMembers(...entries, shared);
};
