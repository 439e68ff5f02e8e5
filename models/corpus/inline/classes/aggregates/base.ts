/** What the makers of aggregate queries share: what is measured, the columns of a query and the loop over its rows. */
import { Scope } from '../records.js';
import { customName, type Field } from '../../../nouns.js';
import { camelCase, listed, pascalCase } from '../../../phrase.js';
import { indented, seen } from '../../apex.js';
import { literal } from '../../bulk/base.js';
import type { Part } from '../../part.js';

/** A figure of a group of children. */
export interface Measure {
  /** `SUM(Amount)`, with marks. */
  readonly soql: string;
  readonly type: 'Decimal' | 'Integer' | 'Date';
  /** How it reads: `total amount`, `number of cases`. */
  readonly said: string;
  /** In names: `totalAmount`, `caseCount`. */
  readonly name: string;
  /** The parent's field for it. */
  readonly to: string;
  readonly isCount: boolean;
}

function countOf(part: Part): Measure {
  const { thing } = part;
  const [said, to] = part.pick(
    [`number of ${thing.plural}`, `number of ${thing.plural}`],
    [`number of ${thing.plural}`, `${thing.label} count`],
    [`count of ${thing.plural}`, `${thing.label} count`],
  ) as [string, string];
  return {
    soql: 'COUNT(Id)',
    type: 'Integer',
    said,
    name: part.pick(`${camelCase(thing.label)}Count`, `numberOf${pascalCase(thing.plural)}`),
    to: customName(to),
    isCount: true,
  };
}

function figureOf(part: Part, field: Field): Measure {
  const [soql, word] =
    field.type === 'date'
      ? part.pick(['MAX', 'latest'], ['MIN', 'earliest'])
      : part.random.weighted([
          [5, ['SUM', 'total']],
          [1, ['MAX', 'highest']],
          [1, ['AVG', 'average']],
          [0.7, ['MIN', 'lowest']],
        ]);
  const label = soql === 'SUM' ? field.label.replace(/^total /, '') : field.label;
  return {
    soql: `${soql!}(${field.api})`,
    type: field.type === 'date' ? 'Date' : 'Decimal',
    said: `${word!} ${label}`,
    name: camelCase(`${word!} ${label}`),
    to: customName(`${word!} ${label}`),
    isCount: false,
  };
}

/** One to `most` figures of the part's object: at most one count, and figures of several fields. */
export function drawMeasures(part: Part, most: number): readonly Measure[] {
  const count = part.random.integer(1, most);
  const fields = part.fields(count, ['currency', 'currency', 'integer', 'date']);
  const figures = fields.map((field) => figureOf(part, field));
  if (figures.length === 0 || part.random.chance(0.5)) {
    const kept = figures.slice(0, count - 1);
    return part.random.chance(0.5) ? [countOf(part), ...kept] : [...kept, countOf(part)];
  }
  return figures;
}

/** Notes the fields that figures are written to, of `api`. */
export function noteTargets(part: Part, api: string, measures: readonly Measure[]): void {
  for (const { to } of measures) part.draw.noteField(api, to);
}

/** What the rows of a query call its columns. */
interface Columns {
  /** `AccountId acc`, `SUM(Amount) total`. */
  readonly select: readonly string[];
  /** What follows `get(` of the group and of each measure, without quotes. */
  readonly group: string;
  readonly measures: readonly string[];
}

/** Short names for a figure, by the word that it is announced with. */
const shortAliases: Readonly<Record<string, readonly string[]>> = {
  total: ['total', 'amt', 'summed', 'total'],
  highest: ['highest', 'top', 'mx', 'largest'],
  lowest: ['lowest', 'least', 'mn', 'smallest'],
  average: ['average', 'mean', 'av'],
  latest: ['latest', 'newest', 'lastOne'],
  earliest: ['earliest', 'firstOne', 'oldest'],
};

function aliasOf(part: Part, scope: Scope, manner: string, measure: Measure, at: number): string {
  const { name, isCount, said } = measure;
  if (manner === 'expr') return `expr${at}`;
  if (manner === 'full') return scope.pick(name);
  const short = isCount
    ? ['cnt', 'cnt', 'num', 'qty', 'howMany']
    : (shortAliases[said.split(' ')[0]!] ?? [name]);
  return scope.pick(part.random.pick(short), name);
}

/** Words that a query takes for its own. */
const soqlWords = [
  'format',
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'rollup',
  'cube',
  'view',
  'fields',
  'offset',
  'category',
  'data',
];

/** Columns for a group by `field` (`word` names what it is) and the measures, with aliases of one manner. */
export function drawColumns(
  part: Part,
  field: string,
  word: string,
  measures: readonly Measure[],
  isPicklist = false,
): Columns {
  const manner = part.random.weighted([
    [5, 'short'],
    [3, 'full'],
    [1.5, 'expr'],
  ]);
  const plain = field.replace(/[‹›«»]/g, '');
  const scope = new Scope(part, plain, ...soqlWords);
  const isNamed = part.random.chance(0.6);
  const isId = /(?:Id|__c)$/.test(plain) && !isPicklist;
  const alias = isNamed
    ? scope.pick(
        word,
        word.slice(0, 3),
        ...(isId ? [`${word}Id`, 'parentId', 'pid'] : ['val', 'label']),
        'grp',
      )
    : plain;
  const aliases = measures.map((measure, at) => aliasOf(part, scope, manner, measure, at));
  return {
    select: [
      isNamed ? `${field} ${seen(alias)}` : field,
      ...measures.map(({ soql }, at) => (manner === 'expr' ? `${soql}` : `${soql} ${seen(aliases[at]!)}`)),
    ],
    group: isNamed ? seen(alias) : field,
    measures: aliases.map((name) => seen(name)),
  };
}

/** A condition on the children, and how a comment says it; none half of the time. */
export function drawCondition(
  part: Part,
  without = '',
): { readonly soql: readonly string[]; readonly said: string } {
  const field = part.random.chance(0.45) ? part.field(['picklist', 'checkbox']) : null;
  if (field === null || field.api === without) return { soql: [], said: '' };
  if (field.type === 'checkbox') {
    const isTrue = part.random.chance(0.6);
    return {
      soql: [`${field.api} = ${isTrue ? 'TRUE' : 'FALSE'}`],
      said: `${field.label} ${isTrue ? 'ones' : 'ones excluded'}`,
    };
  }
  const value = literal(part, field);
  const isSame = part.random.chance(0.7);
  return {
    soql: [`${field.api} ${isSame ? '=' : '!='} ${value}`],
    said: `${field.label} ${isSame ? '' : 'not '}${value.replace(/'/g, '')}`,
  };
}

/** How figures by group are announced: `total amount and number of cases per account`. */
export function announced(part: Part, measures: readonly Measure[], group: string, condition = ''): string {
  const what = listed(measures.map(({ said }) => said));
  const only = condition === '' ? '' : part.pick(` (${condition})`, `, ${condition}`, `; only ${condition}`);
  return part.pick(
    `${what} per ${group}${only}`,
    `${what} of each ${group}${only}`,
    `${what}, grouped by ${group}${only}`,
    `${what} for every ${group}${only}`,
    `${what} by ${group}${only}`,
  );
}

/** `(Decimal) row.get('total')`. */
export function read(row: string, type: string, alias: string): string {
  return `(${type}) ${row}.get('${alias}')`;
}

/** A variable for a row of a query with GROUP BY. */
export function rowName(scope: Scope): string {
  return scope.pick('ar', 'ar', 'row', 'row', 'result', 'agg', 'res', 'grp', 'r');
}

/** A loop over the query's rows: the query in its head, or in a variable before it. */
export function rowLoop(part: Part, scope: Scope, row: string, query: string, body: string): string {
  const inner = indented(body);
  if (part.random.chance(0.65)) return `for (AggregateResult ${seen(row)} : ${query}) {\n${inner}\n}`;
  const rows = scope.pick('results', 'rows', 'groups', 'groupedResults', 'aggregates', 'found');
  const type = part.pick('List<AggregateResult>', 'List<AggregateResult>', 'AggregateResult[]');
  return `${type} ${seen(rows)} = ${query};\nfor (AggregateResult ${seen(row)} : ${rows}) {\n${inner}\n}`;
}
