/** Aggregate rows that become rows of one's own, what a class keeps, or answers to one question. */
import { idsName, queried, Scope } from '../records.js';
import { camelCase, capitalized, listed, pascalCase } from '../../../phrase.js';
import { apex, free, indented, seen, when } from '../../apex.js';
import { addedInLines, joinedMembers, lines, loop, relation } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { opened, told } from '../../scope/words.js';
import {
  announced,
  drawColumns,
  drawCondition,
  drawMeasures,
  read,
  rowLoop,
  rowName,
  type Measure,
} from './base.js';

/** Names for an inner class of figures. */
function rowClassName(part: Part, noun: string): string {
  return part.pick(
    `${capitalized(noun)}Totals`,
    `${capitalized(noun)}Summary`,
    'Figures',
    'SummaryRow',
    'Stat',
    `${capitalized(noun)}Stats`,
  );
}

/** The inner class: variables or properties, filled by a constructor of the values or from outside. */
function innerClass(
  part: Part,
  type: string,
  declared: readonly (readonly [string, string])[],
  isPlain: boolean,
): string {
  const accessor = part.pick(';', ' { get; set; }', ' { get; private set; }');
  const shown = isPlain ? accessor.replace('private ', '') : accessor;
  const fields = declared.map(([of, name]) => `public ${of} ${seen(name)}${shown}`);
  if (isPlain) return `public class ${seen(type)} {\n${indented(fields.join('\n'))}\n}`;
  const parameters = declared.map(([of, name]) => `${of} ${name}`).join(', ');
  const sets = declared.map(([, name]) => `this.${name} = ${name};`);
  return `public class ${seen(type)} {\n${indented(fields.join('\n'))}\n\n    public ${type}(${parameters}) {\n${indented(indented(sets.join('\n')))}\n    }\n}`;
}

/** Rows of a class of one's own, with a figure in each variable. */
export const rowsOfFigures: Member = (part) => {
  const rel = relation(part);
  if (rel === null) return null;
  const up = rel.up.thing;
  const measures = drawMeasures(part, 3);
  const scope = new Scope(part);
  const type = rowClassName(part, up.className);
  const ids = idsName(rel, scope);
  const row = rowName(scope);
  const list = scope.pick('rows', 'summaries', 'figures', 'output', 'stats');
  const id = `${rel.noun}Id`;
  const condition = drawCondition(part);
  const columns = drawColumns(part, rel.asked, rel.noun, measures);
  const query = queried(part, {
    select: columns.select,
    from: part.thing.api,
    where: [`${rel.asked} IN :${ids}`, ...condition.soql],
    tail: [`GROUP BY ${rel.lookup}`],
  });
  const declared: readonly (readonly [string, string])[] = [
    ['Id', id],
    ...measures.map(({ type: of, name }) => [of, name] as const),
  ];
  const values = [
    read(row, 'Id', columns.group),
    ...measures.map(({ type: of }, at) => read(row, of, columns.measures[at]!)),
  ];
  const isPlain = part.random.chance(0.45);
  const one = scope.pick('summary', 'stat', 'item', 'entry', 'one');
  const filled = [
    `${type} ${seen(one)} = new ${type}();`,
    ...declared.map(([, name], at) => `${one}.${name} = ${values[at]!};`),
    `${list}.add(${one});`,
  ].join('\n');
  const called =
    values.length > 2 || part.random.chance(0.4)
      ? addedInLines(list, type, values)
      : `${list}.add(new ${type}(${values.join(', ')}));`;
  const inner = innerClass(part, type, declared, isPlain);
  const main = apex`
    ${told(part, announced(part, measures, up.label, condition.said), [ids])}
    ${opened(part, `List<${type}>`, part.pick('load', 'summarize', 'getRows', `load${pascalCase(up.plural)}`, 'overview'))}(Set<Id> ${seen(ids)}) {
        List<${type}> ${seen(list)} = new List<${type}>();
        ${rowLoop(part, scope, row, query, isPlain ? filled : called)}
        return ${list};
    }
  `;
  return part.random.chance(0.6) ? joinedMembers(inner, main) : joinedMembers(main, inner);
};

function getter(part: Part, rel: { readonly noun: string }, measure: Measure, map: string): string {
  const id = `${rel.noun}Id`;
  const zero = measure.type === 'Date' ? 'null' : '0';
  const found = part.pick('found', 'value', 'figure');
  const body = part.random.weighted([
    [3, `return ${map}.containsKey(${id}) ? ${map}.get(${id}) : ${zero};`],
    [2, `${measure.type} ${seen(found)} = ${map}.get(${id});\nreturn ${found} == null ? ${zero} : ${found};`],
    [1.5, `if (!${map}.containsKey(${id})) {\n    return ${zero};\n}\nreturn ${map}.get(${id});`],
    [1, `${when(`${map}.containsKey(${id})`, `return ${map}.get(${id});`)}\nreturn ${zero};`],
  ]);
  const absent = part.random.chance(0.6)
    ? part.comment(part.pick(`${zero} where there is none`, `${zero} for an unknown ${rel.noun}`))
    : '';
  return apex`
    ${absent}
    public ${measure.type} ${seen(part.pick(`get${capitalized(measure.name)}`, `${measure.name}Of`))}(Id ${id}) {
        ${body}
    }
  `;
}

/** A class that loads figures by parent once and answers for each. */
export const loadedFigures: Member = (part) => {
  const rel = relation(part);
  if (rel === null) return null;
  const up = rel.up.thing;
  const measures = drawMeasures(part, 2);
  const scope = new Scope(part);
  const ids = idsName(rel, scope);
  const row = rowName(scope);
  const maps = measures.map(({ name }) =>
    scope.pick(`${name}By${capitalized(rel.noun)}`, `${name}ById`, `${name}s`),
  );
  const columns = drawColumns(part, rel.asked, rel.noun, measures);
  const query = queried(part, {
    select: columns.select,
    from: part.thing.api,
    where: [`${rel.asked} IN :${ids}`],
    tail: [`GROUP BY ${rel.lookup}`],
  });
  const id = read(row, 'Id', columns.group);
  const key = scope.pick('key', 'groupId', 'parent');
  const isNamed = measures.length > 1 && part.random.chance(0.7);
  const puts = measures.map(
    ({ type }, at) => `${maps[at]!}.put(${isNamed ? key : id}, ${read(row, type, columns.measures[at]!)});`,
  );
  const body = lines(isNamed ? `Id ${seen(key)} = ${id};` : '', ...puts);
  const declared = measures
    .map(({ type }, at) => `private Map<Id, ${type}> ${seen(maps[at]!)} = new Map<Id, ${type}>();`)
    .join('\n');
  const loading = rowLoop(part, scope, row, query, body);
  const isApart = part.random.chance(0.3);
  const constructor = apex`
    ${told(part, announced(part, measures, up.label))}
    public ${part.className}(Set<Id> ${seen(ids)}) {
        ${isApart ? `load(${ids});` : loading}
    }
  `;
  const apart = isApart
    ? apex`
        private void load(Set<Id> ${ids}) {
            ${loading}
        }
      `
    : '';
  const getters = measures.map((measure, at) => getter(part, rel, measure, maps[at]!));
  return joinedMembers(
    declared,
    constructor,
    ...(part.random.chance(0.5) ? [apart, ...getters] : [...getters, apart]),
  );
};

/** Groups with more than so many children, or values that stand twice. */
export const havingGroups: Member = (part) => {
  const isParent = part.random.chance(0.5);
  const rel = isParent ? relation(part) : null;
  const field = part.fields(9, ['email', 'phone', 'text']).find(({ api }) => api !== 'Description') ?? null;
  if (isParent ? rel === null : field === null) return null;
  const api = rel === null ? field!.api : rel.asked;
  const noun = rel === null ? camelCase(field!.label) : rel.noun;
  const type = rel === null ? 'String' : 'Id';
  const scope = new Scope(part);
  const row = rowName(scope);
  const found = scope.pick(rel === null ? 'duplicates' : `${noun}Ids`, 'found', 'result', 'keys', 'repeated');
  const most = rel === null ? '1' : part.pick('least', 'threshold', 'most', 'minimum');
  const hasGroupAlias = part.random.chance(0.4);
  const alias = scope.pick(noun.slice(0, 3), 'val', 'grp');
  const plain = api.replace(/[‹›]/g, '');
  const query = queried(part, {
    select: [hasGroupAlias ? `${api} ${seen(alias)}` : api],
    from: part.thing.api,
    where: [`${api} != null`],
    tail: [`GROUP BY ${plain}`, `HAVING COUNT(Id) > ${rel === null ? '1' : `:${most}`}`],
  });
  const value = read(row, type, hasGroupAlias ? seen(alias) : api);
  const said =
    rel === null
      ? part.pick(
          `every ${field!.label} that more than one ${part.thing.label} has`,
          `each ${field!.label} that stands in more than one ${part.thing.label}; empty ones do not count`,
        )
      : `ids of the ${rel.up.thing.plural} with more than so many ${part.thing.plural}`;
  return apex`
    ${told(part, said)}
    ${opened(part, `Set<${type}>`, part.pick('findDuplicates', 'collect', `find${capitalized(noun)}s`, 'detect'))}(${rel === null ? '' : `Integer ${seen(most)}`}) {
        Set<${type}> ${seen(found)} = new Set<${type}>();
        ${rowLoop(part, scope, row, query, `${found}.add(${value});`)}
        return ${found};
    }
  `;
};

/** One row for all records: its figures, with zero where there is none. */
export const grandTotals: Member = (part) => {
  const field = part.field(['currency', 'integer']);
  if (field === null) return null;
  const scope = new Scope(part);
  const row = rowName(scope);
  const condition = drawCondition(part);
  const alias = part.pick('total', 'amt', 'summed', camelCase(`total ${field.label}`));
  const query = queried(part, {
    select: [`SUM(${field.api}) ${seen(alias)}`],
    from: part.thing.api,
    where: condition.soql,
    tail: [],
  });
  const total = scope.pick('total', 'amount', 'found', 'value', 'overall');
  const isListed = part.random.chance(0.35);
  const rows = scope.pick('rows', 'results', 'aggregates');
  const begun = isListed
    ? `List<AggregateResult> ${seen(rows)} = ${query};\nDecimal ${seen(total)} = ${read(`${rows}[0]`, 'Decimal', seen(alias))};`
    : `AggregateResult ${seen(row)} = ${query};\nDecimal ${seen(total)} = ${read(row, 'Decimal', seen(alias))};`;
  const end = part.pick(
    `return ${total} == null ? 0 : ${total};`,
    `return ${total} != null ? ${total} : 0;`,
    `${when(`${total} == null`, 'return 0;')}\nreturn ${total};`,
  );
  const only = condition.said === '' ? '' : ` (${condition.said})`;
  return apex`
    ${told(part, `total ${field.label.replace(/^total /, '')} of all ${part.thing.plural}${only}, 0 when there are none`)}
    ${opened(part, 'Decimal', part.pick('total', 'grandTotal', `total${pascalCase(field.label)}`, 'sumUp'))}() {
        ${begun}
        ${end}
    }
  `;
};

/** The parents with the largest figure, in order. */
export const topGroups: Member = (part) => {
  const rel = relation(part);
  const measure = drawMeasures(part, 1).find(({ type }) => type !== 'Date');
  if (rel === null || measure === undefined) return null;
  const up = rel.up.thing;
  const scope = new Scope(part);
  const row = rowName(scope);
  const most = scope.pick('howMany', 'maximum', 'size', 'count', 'rowLimit');
  const ids = scope.pick(`${rel.noun}Ids`, 'ids', 'ranked', 'topIds');
  const columns = drawColumns(part, rel.asked, rel.noun, [measure]);
  const isLargest = part.random.chance(0.7);
  const query = queried(part, {
    select: columns.select,
    from: part.thing.api,
    where: [`${rel.asked} != null`],
    tail: [
      `GROUP BY ${rel.lookup}`,
      `ORDER BY ${measure.soql} ${isLargest ? 'DESC' : 'ASC'}`,
      `LIMIT :${most}`,
    ],
  });
  const labels = scope.pick('lines', 'texts', 'output');
  const isText = part.random.chance(0.4);
  const order = isLargest
    ? part.pick('largest first', 'in descending order')
    : part.pick('smallest first', 'in ascending order');
  const shown = `${ids}.add(${read(row, 'Id', columns.group)});`;
  const text = `${labels}.add(${row}.get('${columns.group}') + ': ' + ${row}.get('${columns.measures[0]!}'));`;
  const type = isText ? 'List<String>' : 'List<Id>';
  const list = isText ? labels : ids;
  const example = isText
    ? part.comment(`a line is the ${up.label}'s id, a colon and the ${measure.said}`)
    : '';
  return apex`
    ${told(part, `${up.plural} by ${listed([measure.said])}, ${order}; ${part.thing.plural} without one do not count`)}
    ${opened(part, type, part.pick('top', 'ranking', `rank${pascalCase(up.plural)}`, 'leaders'))}(Integer ${seen(most)}) {
        ${type} ${seen(list)} = new ${type}();
        ${example}
        ${rowLoop(part, scope, row, query, isText ? text : shown)}
        return ${list};
    }
  `;
};

/** Ids of the parents whose children have more together than allowed. */
export const comparedFigures: Member = (part) => {
  const rel = relation(part);
  const field = part.field(['currency', 'integer']);
  if (rel === null || field === null) return null;
  const up = rel.up.thing;
  const scope = new Scope(part);
  const ids = idsName(rel, scope);
  const row = rowName(scope);
  const limit = scope.pick('ceiling', 'allowed', 'maximum');
  const over = scope.pick('exceeded', 'over', 'tooMuch', 'result');
  const total = scope.pick('total', 'spent', 'used', 'amount');
  const said = `ids of the ${up.plural} whose ${part.thing.plural} have more ${field.label} together than allowed`;
  const query = queried(part, {
    select: [`${rel.asked} ${seen('pid')}`, `SUM(${field.api}) ${seen('total')}`],
    from: part.thing.api,
    where: [`${rel.asked} IN :${ids}`],
    tail: [`GROUP BY ${rel.lookup}`],
  });
  const test = part.random.chance(0.5)
    ? lines(
        `Decimal ${seen(total)} = ${read(row, 'Decimal', seen('total'))};`,
        when(`${total} > ${limit}`, `${over}.add(${read(row, 'Id', seen('pid'))});`),
      )
    : lines(
        `Decimal ${seen(total)} = ${read(row, 'Decimal', seen('total'))};`,
        `${free('')}${when(`${total} == null || ${total} <= ${limit}`, 'continue;')}`,
        `${over}.add(${read(row, 'Id', seen('pid'))});`,
      );
  const each = scope.pick('recordId', 'oneId', 'eachId');
  const asked = part.random.chance(0.4)
    ? apex`
        ${part.comment('whether one of them is over it')}
        public static Boolean ${seen('isAnyOver')}(Set<Id> ${ids}, Decimal ${limit}) {
            return !findOver(${ids}, ${limit}).isEmpty();
        }
      `
    : apex`
        ${told(part, `one line of the log for each ${up.label} over the limit`)}
        public static void ${free('report')}(Set<Id> ${ids}, Decimal ${limit}) {
            ${loop('Id', each, `findOver(${ids}, ${limit})`, part.log(each))}
        }
      `;
  return joinedMembers(
    apex`
      ${told(part, said, [ids, limit])}
      ${free('public static Set<Id>')} ${seen('findOver')}(Set<Id> ${seen(ids)}, Decimal ${seen(limit)}) {
          Set<Id> ${seen(over)} = new Set<Id>();
          ${rowLoop(part, scope, row, query, test)}
          return ${over};
      }
    `,
    asked,
  );
};
