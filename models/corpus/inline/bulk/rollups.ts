/** Methods in which parents learn from their children: groups, counts, sums, subqueries, what is written back. */
import { customName, type Field } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import { anyLoop, lines, literal, loop, modifiers, relation, when, type Relation } from './base.js';
import { signature, type Member, type Part } from '../part.js';
import { isReserved } from '../style.js';

/** Adds to the list of a key, which is made when it is missing. */
function groupedIn(
  part: Part,
  map: string,
  key: string,
  child: string,
  one: string,
  marked: boolean,
): string {
  const start = marked ? free('') : '';
  const form = part.pick('missing', 'missing', 'missing', 'put', 'null', 'else');
  const list = part.pick('group', 'siblings', 'own', 'found');
  switch (form) {
    case 'missing':
      return lines(
        `${start}${when(`!${map}.containsKey(${key})`, `${map}.put(${key}, new List<${child}>());`)}`,
        `${map}.get(${key}).add(${one});`,
      );
    case 'put':
      return lines(
        `${start}${when(`${map}.get(${key}) == null`, `${map}.put(${key}, new List<${child}>());`)}`,
        `${map}.get(${key}).add(${one});`,
      );
    case 'null':
      return lines(
        `${start}List<${child}> ${seen(list)} = ${map}.get(${key});`,
        when(`${list} == null`, `${list} = new List<${child}>();`, `${map}.put(${key}, ${list});`),
        `${list}.add(${one});`,
      );
    case 'else':
      return `${start}if (${map}.containsKey(${key})) {\n    ${map}.get(${key}).add(${one});\n} else {\n    ${map}.put(${key}, new List<${child}>{ ${one} });\n}`;
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
  const key = hasKey ? rel.oneId : `${names.one}.${seen(rel.lookup)}`;
  const plainKey = key.replace(/[‹›]/g, '');
  const source = isQueried
    ? `[SELECT Id, ${free('Name')}, ${seen(rel.lookup)} FROM ${thing.api} WHERE ${rel.lookup} IN :${rel.ids}]`
    : names.many;
  const parameter = isQueried ? `Set<Id> ${seen(rel.ids)}` : `List<${thing.api}> ${names.newMany}`;
  const grouped = groupedIn(part, map, plainKey, thing.api, names.one, true);
  const other = part.field(['picklist']);
  const body = loop(
    thing.api,
    names.one,
    source,
    hasKey ? `Id ${seen(rel.oneId)} = ${names.one}.${rel.lookup};` : '',
    part.random.chance(0.15) ? `${free('')}${when(`${plainKey} == null`, 'continue;')}` : '',
    grouped,
  );
  const main = apex`
    ${part.doc(`${thing.plural} by ${rel.up.thing.label}`, [isQueried ? rel.ids : names.many])}
    ${signature(modifiers(part), type, part.pick(`groupBy${pascalCase(rel.noun)}`, `${thing.many}By${pascalCase(rel.noun)}`, `get${pascalCase(thing.plural)}By${pascalCase(rel.noun)}`))}(${parameter}) {
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
    .replaceAll(plainKey, hasKey ? 'value' : value)
    .replaceAll(`${map}.`, `${map2}.`);
  return `${main}\n\n${apex`
    ${part.doc(`${thing.plural} by ${other.label}`, [names.many])}
    ${signature(modifiers(part), second, part.pick(`groupBy${by}`, `${thing.many}By${by}`))}(List<${thing.api}> ${names.newMany}) {
        ${second} ${seen(map2)} = new ${second}();
        ${loop(thing.api, names.one, names.many, hasKey ? `String ${seen('value')} = ${value};` : '', again)}
        return ${map2};
    }
  `}`;
};

/** What is computed of the children: with a field or by counting. */
interface Measure {
  readonly soql: string;
  readonly type: string;
  readonly alias: string;
  readonly noun: string;
  /** In names of methods: `Total`, `TotalAmount`. */
  readonly big: string;
  readonly to: string;
}

function drawMeasure(part: Part, rel: Relation): Measure | null {
  const { thing } = part;
  const field = part.random.chance(0.5) ? part.field(['currency', 'integer']) : null;
  const word = part.random.chance(0.15) ? unknownWord(part.random) : '';
  const safe = (name: string): string => (word === '' || isReserved(word) ? name : word);
  if (field === null) {
    const to = part.pick(customName(`${thing.label} count`), customName(`number of ${thing.plural}`));
    part.draw.noteField(rel.up.thing.api, to);
    return {
      soql: `COUNT(${part.pick('Id', 'Id', '')})`.replace('()', '(Id)'),
      type: 'Integer',
      alias: safe(part.pick('cnt', 'total', 'num', 'amount', 'howMany')),
      noun: 'count',
      big: `${pascalCase(thing.label)}Count`,
      to,
    };
  }
  const [soql, noun] = part.pick(
    ['SUM', 'total'],
    ['SUM', 'total'],
    ['MAX', 'highest'],
    ['AVG', 'average'],
    ['MIN', 'lowest'],
  ) as [string, string];
  const to = `${pascalCase(noun)}_${field.api.replace(/__c$/, '')}__c`;
  part.draw.noteField(rel.up.thing.api, to);
  return {
    soql: `${soql}(${field.api})`,
    type: 'Decimal',
    alias: safe(part.pick('total', 'amt', 'summed', noun, 'val')),
    noun,
    big: pascalCase(`${noun} ${field.label}`),
    to,
  };
}

/** A query with GROUP BY whose rows are read by their aliases, written to the parents or into a map. */
export const aggregated: Member = (part) => {
  const { thing } = part;
  const rel = relation(part);
  const measure = rel === null ? null : drawMeasure(part, rel);
  if (rel === null || measure === null) return null;
  const row = part.pick('ar', 'ar', 'row', 'agg', 'line');
  const isAliased = part.random.chance(0.6);
  const group = isAliased ? part.pick(`${rel.noun}Key`, 'pid', 'parent', `${rel.noun}Ref`) : rel.lookup;
  const filter = filterOf(part);
  const query = `[SELECT ${rel.lookup}${isAliased ? ` ${seen(group)}` : ''}, ${measure.soql} ${seen(measure.alias)} FROM ${thing.api} WHERE ${rel.lookup} IN :${rel.ids}${filter} GROUP BY ${rel.lookup}]`;
  const id = `(Id) ${row}.get('${group}')`;
  const value = `(${measure.type}) ${row}.get('${measure.alias}')`;
  const form = part.pick('map', 'write', 'both', 'both', 'put');
  const map = part.pick(
    `${measure.noun}By${pascalCase(rel.noun)}`,
    `${measure.noun}s`,
    `${measure.noun}ById`,
  );
  const updates = part.pick('updates', 'toUpdate', `${rel.noun}Updates`, rel.up.names.many);
  const pieces = { row, query, id, value, map, updates };
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
          `recalculate`,
          `rollUp${pascalCase(thing.plural)}`,
          `refresh${pascalCase(measure.noun)}`,
          `compute${pascalCase(measure.noun)}`,
        );
  return apex`
    ${part.doc(form === 'map' ? `the ${measure.noun} of the ${thing.plural} of each ${rel.up.thing.label}` : `writes the ${measure.noun} of the ${thing.plural} to each ${rel.up.thing.label}`, [rel.ids])}
    ${signature(modifiers(part), returned, name)}(Set<Id> ${seen(rel.ids)}) {
        ${aggregateBody(part, rel, measure, form, pieces)}
    }
  `;
};

function filterOf(part: Part): string {
  const field = part.random.chance(0.4) ? part.field(['picklist', 'checkbox']) : null;
  return field === null ? '' : free(` AND ${field.api} = ${literal(part, field)}`);
}

function aggregateBody(
  part: Part,
  rel: Relation,
  measure: Measure,
  form: 'map' | 'write' | 'both' | 'put',
  {
    row,
    query,
    id,
    value,
    map,
    updates,
  }: Readonly<Record<'row' | 'query' | 'id' | 'value' | 'map' | 'updates', string>>,
): string {
  const up = rel.up.thing;
  const list = `List<${up.api}> ${seen(updates)} = new List<${up.api}>();`;
  const said = part.comment(
    part.pick(
      `the ${measure.noun} per ${up.label}`,
      `${measure.noun} of each ${up.label}`,
      `query the ${measure.noun}, grouped by ${up.label}`,
    ),
  );
  const announced = part.random.chance(part.style.commentRate * 0.7) ? said : '';
  const write = part.pick(
    `update ${updates};`,
    `update ${updates};`,
    `${free('')}${when(`!${updates}.isEmpty()`, `update ${updates};`)}`,
  );
  if (form === 'write') {
    const added = part.random.chance(0.5)
      ? `${updates}.add(new ${up.api}(Id = ${id}, ${free(measure.to)} = ${value}));`
      : apex`
        ${free('')}${updates}.add(new ${up.api}(
            Id = ${id},
            ${free(measure.to)} = ${value}
        ));
      `;
    return lines(list, announced, loop('AggregateResult', row, query, added), write);
  }
  const declared = `Map<Id, ${measure.type}> ${seen(map)} = new Map<Id, ${measure.type}>();`;
  const isZeroFirst = part.random.chance(0.3);
  const zeroes = isZeroFirst
    ? lines(
        part.comment(
          part.pick('those without any have zero', 'zero where there is none', 'everything starts at zero'),
        ),
        loop('Id', rel.oneId, rel.ids, `${map}.put(${rel.oneId}, 0);`),
      )
    : '';
  const split = part.random.chance(0.2);
  const read = split
    ? lines(`${free('')}Id ${seen(rel.oneId)} = ${id};`, `${map}.put(${rel.oneId}, ${value});`)
    : `${map}.put(${id}, ${value});`;
  const collecting = lines(declared, zeroes, announced, loop('AggregateResult', row, query, read));
  if (form === 'map') return lines(collecting, `return ${map};`);
  const found = part.pick('found', measure.noun, 'value');
  const got = isZeroFirst
    ? `${map}.get(${rel.oneId})`
    : part.pick(
        `${map}.containsKey(${rel.oneId}) ? ${map}.get(${rel.oneId}) : 0`,
        `${map}.get(${rel.oneId}) == null ? 0 : ${map}.get(${rel.oneId})`,
      );
  const isNamed = part.random.chance(0.6);
  const put = `${updates}.add(new ${up.api}(Id = ${rel.oneId}, ${free(measure.to)} = ${isNamed ? found : got}));`;
  const second = isNamed ? lines(`${measure.type} ${seen(found)} = ${free('')}${got};`, put) : put;
  return lines(collecting, '', list, loop('Id', rel.oneId, rel.ids, second), write);
}

/** Parents with their children in a subquery. */
export const subqueried: Member = (part) => {
  const { thing, names } = part;
  const rel = relation(part);
  if (rel === null) return null;
  const up = rel.up.thing;
  const field = part.field(['currency', 'integer', 'date', 'picklist']);
  const theirs = `${rel.one}.${rel.children}`;
  const parents = rel.up.names.many;
  const [uses, body, target] = subqueryBody(part, rel, field, theirs);
  part.draw.noteField(up.api, target);
  const inner = `(SELECT ${uses === '' ? 'Id' : seen(uses)} FROM ${seen(rel.children)}${free(part.pick('', '', ' ORDER BY CreatedDate DESC'))})`;
  const query = `[SELECT Id, ${seen(target)}, ${inner} FROM ${up.api} WHERE Id IN :${rel.ids}]`;
  return apex`
    ${part.doc(`goes through the ${thing.plural} of each ${up.label}`, [rel.ids])}
    ${signature(modifiers(part), 'void', part.pick(`update${pascalCase(up.plural)}`, `refresh${pascalCase(up.label)}`, `summarize${pascalCase(thing.plural)}`, 'recalculate', `rollUp`))}(Set<Id> ${seen(rel.ids)}) {
        List<${up.api}> ${seen(parents)} = ${query};
        ${anyLoop(part, up.api, rel.one, parents, body.replaceAll('%child%', `${thing.api} ${names.newOne} : ${theirs}`))}
        update ${parents};
    }
  `;
};

/** What of the children is selected, the loop's body, the parent's field. */
function subqueryBody(
  part: Part,
  rel: Relation,
  field: Field | null,
  theirs: string,
): readonly [string, string, string] {
  const { thing, names } = part;
  const countTo = customName(`${thing.label} count`);
  if (field === null || part.random.chance(0.25))
    return ['', `${rel.one}.${countTo} = ${theirs}.size();`, countTo];
  const value = `${names.one}.${field.api}`;
  if (field.type === 'picklist') {
    const number = part.pick('matching', 'counter', 'hits', 'open');
    const test = `${value} == ${literal(part, field)}`;
    return [
      field.api,
      lines(
        `Integer ${seen(number)} = 0;`,
        `for (%child%) {\n    if (${free(test)}) {\n        ${number}++;\n    }\n}`,
        `${rel.one}.${countTo} = ${number};`,
      ),
      countTo,
    ];
  }
  if (field.type === 'date') {
    const latest = part.pick('latest', 'last', 'newest');
    const isFirst = part.random.chance(0.4);
    const name = isFirst ? 'earliest' : latest;
    const to = `${pascalCase(name)}_${field.api.replace(/__c$/, '')}__c`;
    return [
      field.api,
      lines(
        `Date ${seen(name)} = null;`,
        `for (%child%) {\n    if (${name} == null || ${value} ${isFirst ? '<' : '>'} ${name}) {\n        ${name} = ${value};\n    }\n}`,
        `${rel.one}.${to} = ${name};`,
      ),
      to,
    ];
  }
  const total = part.pick('total', 'sum', `total${pascalCase(field.label)}`);
  const to = `Total_${field.api.replace(/__c$/, '')}__c`;
  const guard = part.random.chance(0.5);
  const add = `${total} += ${value};`;
  const inner = guard ? `    ${free('')}if (${value} != null) {\n        ${add}\n    }` : `    ${add}`;
  return [
    field.api,
    lines(`Decimal ${seen(total)} = 0;`, `for (%child%) {\n${inner}\n}`, `${rel.one}.${to} = ${total};`),
    to,
  ];
}

/** Totals in a map that are added to, one key after another. */
export const runningTotals: Member = (part) => {
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
  const key = part.random.chance(0.4) ? rel.oneId : `${names.one}.${rel.lookup}`;
  const keyed = key === rel.oneId ? `Id ${seen(key)} = ${names.one}.${rel.lookup};` : '';
  const shownKey = key === rel.oneId ? key : key.replace(rel.lookup, seen(rel.lookup));
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
    `${free('')}if (${map}.containsKey(${shownKey})) {\n    ${map}.put(${key}, ${map}.get(${key}) + ${added});\n} else {\n    ${map}.put(${key}, ${added});\n}`,
    lines(
      `${free('')}${type} ${seen(sofar)} = ${map}.get(${shownKey});`,
      `${map}.put(${key}, ${sofar} == null ? ${added} : ${sofar} + ${added});`,
    ),
  );
  const skip =
    !isCount && part.random.chance(0.4) ? `${free('')}${when(`${added} == null`, 'continue;')}` : '';
  return apex`
    ${part.doc(isCount ? `how many ${thing.plural} each ${rel.up.thing.label} has` : `the ${field.label} of the ${thing.plural} of each ${rel.up.thing.label}, added up`, [names.many])}
    ${signature(modifiers(part), `Map<Id, ${type}>`, part.pick(`${isCount ? 'count' : 'sum'}By${pascalCase(rel.noun)}`, `${isCount ? 'count' : 'sum'}Per${pascalCase(rel.noun)}`, `${isCount ? 'counts' : 'totals'}Of`, `get${isCount ? 'Counts' : 'Totals'}`))}(List<${thing.api}> ${names.newMany}) {
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
    `rollUp`,
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
  return lines(
    entries.join('\n\n') +
      '\n\n' +
      apex`
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
    `,
  );
};
