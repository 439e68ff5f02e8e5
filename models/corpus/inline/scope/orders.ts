/** What comes first: comparators, and rows that can be sorted. */
import type { Field } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { apex, free, seen, when } from '../apex.js';
import { apexType, variableOf, type Member, type Part } from '../part.js';
import { told, type Pair } from './words.js';

/** Which of two values comes first, and the words that say so. */
interface Order {
  readonly isDescending: boolean;
  readonly words: string;
}

interface Wordings {
  readonly ascending: readonly string[];
  readonly descending: readonly string[];
}

/** `$` stands for the field. */
const textWordings: Wordings = {
  ascending: ['$ from A to Z', 'ascending by $'],
  descending: ['$ from Z to A', 'descending by $'],
};
const dayWordings: Wordings = {
  ascending: ['earliest $ first', 'oldest $ first', 'ascending by $'],
  descending: ['latest $ first', 'newest $ first', 'descending by $'],
};
const numberWordings: Wordings = {
  ascending: ['lowest $ first', 'smallest $ first', 'ascending by $'],
  descending: ['highest $ first', 'greatest $ first', 'descending by $'],
};

function wordingsOf(field: Field): Wordings {
  if (apexType(field) === 'String') return textWordings;
  return field.type === 'date' || field.type === 'datetime' ? dayWordings : numberWordings;
}

function drawOrder(part: Part, field: Field): Order {
  const isDescending = part.random.chance(0.5);
  const { ascending, descending } = wordingsOf(field);
  const words = part.random.pick(isDescending ? descending : ascending);
  return { isDescending, words: words.replace('$', field.label) };
}

/** Statements that answer with 1 or -1, and with 0 when nothing is compared after them. */
function ordered(part: Part, [a, b]: Pair, { isDescending }: Order, isLast: boolean): readonly string[] {
  const [up, down] = isDescending ? ['-1', '1'] : ['1', '-1'];
  const equal = isLast ? ['return 0;'] : [];
  const greater = when(`${a} > ${b}`, `return ${up};`);
  const less = when(`${a} < ${b}`, `return ${down};`);
  const either = `return ${a} > ${b} ? ${up} : ${down};`;
  switch (part.pick('ternary', 'greater', 'less', 'ladder', 'result')) {
    case 'ternary':
      return isLast
        ? [`${free('')}${when(`${a} == ${b}`, 'return 0;')}`, either]
        : [`${free('')}${when(`${a} != ${b}`, either)}`];
    case 'greater':
      return [`${free('')}${greater}`, less, ...equal];
    case 'less':
      return [`${free('')}${less}`, greater, ...equal];
    case 'ladder':
      return [`${free('')}${greater} else ${less}`, ...equal];
    default:
      return isLast
        ? [
            `Integer ${seen('order')} = 0;`,
            `${when(`${a} > ${b}`, `order = ${up};`)} else ${when(`${a} < ${b}`, `order = ${down};`)}`,
            'return order;',
          ]
        : [`${free('')}${less}`, greater];
  }
}

interface NullChecks {
  readonly lines: readonly string[];
  readonly words: string;
}

/** What comes first when one of two values is missing. */
function nullChecks(part: Part, [a, b]: Pair): NullChecks {
  const isLast = part.random.chance(0.7);
  const [noFirst, noSecond] = isLast ? ['1', '-1'] : ['-1', '1'];
  const hasOwnTest = part.random.chance(0.4);
  const lines = hasOwnTest
    ? [when(`${a} == null && ${b} == null`, 'return 0;'), when(`${a} == null`, `return ${noFirst};`)]
    : [when(`${a} == null`, `return ${b} == null ? 0 : ${noFirst};`)];
  return {
    lines: [`${free('')}${lines.join('\n')}`, when(`${b} == null`, `return ${noSecond};`)],
    words: `those without one come ${isLast ? 'last' : 'first'}`,
  };
}

/** A comparator of records by one field or two, in the order that its comment says. */
export const comparators: Member = (part) => {
  const { thing } = part;
  const [field, second] = part.fields(2, ['currency', 'date', 'datetime', 'integer', 'text']);
  if (field === undefined) return null;
  const [a, b] = part.pick<Pair>(
    ['first', 'second'],
    ['left', 'right'],
    ['a', 'b'],
    ['one', 'other'],
    ['x', 'y'],
    [`${thing.one}A`, `${thing.one}B`],
  );
  const valuesOf = ({ api }: Field): Pair => [`${a}.${api}`, `${b}.${api}`];
  const order = drawOrder(part, field);
  const hasNulls = part.random.chance(0.4);
  const next = second !== undefined && !hasNulls && part.random.chance(0.5) ? second : null;
  const nulls = hasNulls ? nullChecks(part, valuesOf(field)) : null;
  const nextOrder = next === null ? null : drawOrder(part, next);
  const words = [
    order.words,
    nulls === null ? '' : `; ${nulls.words}`,
    nextOrder === null ? '' : `, then ${nextOrder.words}`,
  ].join('');
  const name = part.pick(
    `By${pascalCase(field.label)}`,
    `${pascalCase(field.label)}Order`,
    `${pascalCase(field.label)}Comparator`,
    `${thing.className}Sorter`,
  );
  return apex`
    ${told(part, words)}
    ${free(`public class ${name} implements Comparator<${thing.api}>`)} {
        public Integer compare(${thing.api} ${seen(a)}, ${thing.api} ${seen(b)}) {
            ${nulls?.lines ?? ''}
            ${ordered(part, valuesOf(field), order, next === null)}
            ${next === null || nextOrder === null ? '' : ordered(part, valuesOf(next), nextOrder, true)}
        }
    }
  `;
};

/** A row that can be sorted: its fields, its constructor and its order. */
export const comparableRow: Member = (part) => {
  const { thing } = part;
  const fields = part.settable(part.random.integer(2, 3), ['currency', 'date', 'text', 'integer']);
  const key = fields[0];
  if (key === undefined || fields.length < 2) return null;
  const row = part.pick('Row', 'Entry', 'Item', 'Line', `${thing.className}Row`, 'Ranked');
  const [other, that] = part.pick<Pair>(
    ['other', 'that'],
    ['compareTo', 'other'],
    ['o', 'that'],
    ['another', 'row'],
    ['obj', 'other'],
  );
  const order = drawOrder(part, key);
  const at = part.random.chance(0.5) ? 'this.' : '';
  const isRecord = part.random.chance(0.3);
  const record = part.pick('record', 'source', thing.one);
  const value = isRecord ? `${record}.${key.api}` : variableOf(key, part);
  const held: readonly Pair[] = isRecord
    ? [[thing.api, record]]
    : fields.map((field) => [apexType(field), variableOf(field, part)]);
  if (held.some(([, name]) => name === that || name === other)) return null;
  const ending = part.style.hasThis ? ';' : ' { get; set; }';
  return apex`
    public class ${seen(row)} implements Comparable {
        ${held.map(([type, name]) => `public ${type} ${seen(name)}${ending}`)}

        public ${row}(${held.map(([type, name]) => `${type} ${name}`).join(', ')}) {
            ${held.map(([, name]) => `this.${name} = ${name};`)}
        }

        ${part.comment(order.words)}
        public Integer compareTo(Object ${seen(other)}) {
            ${row} ${seen(that)} = (${row}) ${other};
            ${ordered(part, [`${at}${value}`, `${that}.${value}`], order, true)}
        }
    }
  `;
};
