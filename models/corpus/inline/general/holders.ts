/** Small holders: ranges, pages, pairs of amounts and counters of keys. */
import { pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { told, wordOr } from './words.js';

interface Drawn {
  /** `this.` in files that write it. */
  readonly self: string;
  /** An invented name for the class, or nothing. */
  readonly own: string;
  readonly other: string;
}

/** Writes a range, a page, two amounts or a counter of keys: members that each method uses. */
export const smallHolder: Member = (part) => {
  const self = part.style.hasThis ? 'this.' : '';
  const own = part.random.chance(0.3) ? pascalCase(unknownWord(part.random)) : '';
  const other = part.pick('other', 'another', 'that');
  return part.pick(range, page, amounts, counter)(part, { self, own, other });
};

/** A method of the class, with its documentation. */
function methodOf(
  part: Part,
  said: string,
  type: string,
  name: string,
  parameters: string,
  ...lines: readonly string[]
): string {
  return apex`
    ${told(part, said)}
    ${free('public')} ${type} ${free(name)}(${parameters}) {
        ${lines}
    }
  `;
}

/** A class of two members of one type, with a few of the methods. */
function pairClass(
  part: Part,
  type: string,
  [a, b]: readonly [string, string],
  name: string,
  methods: readonly string[],
): string {
  return apex`
    public class ${free(name)} {
        public ${seen(`${type} ${a}`)};
        public ${seen(`${type} ${b}`)};

        public ${name}(${type} ${a}, ${type} ${b}) {
            this.${a} = ${a};
            this.${b} = ${b};
        }

        ${part.random.sample(methods, part.random.integer(1, 3)).join('\n\n')}
    }
  `;
}

/** All from one end to the other. */
function range(part: Part, { self, own, other }: Drawn): string {
  const type = part.pick('Date', 'Integer', 'Decimal');
  const [a, b] = part.pick<readonly [string, string]>(
    ['lower', 'upper'],
    ['first', 'ending'],
    ['opening', 'closing'],
    ['fromValue', 'toValue'],
    ['low', 'high'],
  );
  const name = own || part.pick('Range', 'Span', 'Interval', 'Period', 'Window');
  const value = part.pick('value', 'wanted', 'candidate', 'point');
  return pairClass(part, type, [a, b], name, [
    methodOf(
      part,
      part.pick(
        `does it contain the ${value}, both ends included?`,
        `whether the ${value} lies from ${a} to ${b}`,
      ),
      'Boolean',
      part.pick('contains', 'includes', 'covers'),
      `${type} ${seen(value)}`,
      `return ${value} >= ${self}${a} && ${value} <= ${self}${b};`,
    ),
    methodOf(
      part,
      part.pick(`do both have anything in common?`, `whether it overlaps the ${other} one`),
      'Boolean',
      part.pick('overlaps', 'intersects', 'meets'),
      `${name} ${seen(other)}`,
      `return ${self}${a} <= ${other}.${b} && ${other}.${a} <= ${self}${b};`,
    ),
    methodOf(
      part,
      `from ${a} to ${b}`,
      type === 'Date' ? 'Integer' : type,
      part.pick('length', 'width', 'extent'),
      '',
      type === 'Date' ? `return ${self}${a}.daysBetween(${self}${b});` : `return ${self}${b} - ${self}${a};`,
    ),
    methodOf(
      part,
      part.pick(`are the ends in order?`, `true unless the ${b} end is below the ${a} one`),
      'Boolean',
      part.pick('isValid', 'isOrdered'),
      '',
      `return ${self}${a} <= ${self}${b};`,
    ),
  ]);
}

/** The part of a list that one page shows. */
function page(part: Part, { self, own }: Drawn): string {
  const [a, b] = part.pick<readonly [string, string]>(
    ['pageNumber', 'pageSize'],
    ['page', 'size'],
    ['index', 'length'],
    ['position', 'perPage'],
  );
  const total = part.pick('total', 'totalCount', 'rowCount', 'available');
  return pairClass(part, 'Integer', [a, b], own || part.pick('Page', 'Paging', 'Slice', 'PageRequest'), [
    methodOf(
      part,
      `how many rows come before it; the first ${a} is 1`,
      'Integer',
      part.pick('getOffset', 'offset', 'skipped'),
      '',
      `return (${self}${a} - 1) * ${self}${b};`,
    ),
    methodOf(
      part,
      `is there more behind it?`,
      'Boolean',
      part.pick('hasNext', 'hasMore'),
      `Integer ${seen(total)}`,
      `return ${self}${a} * ${self}${b} < ${total};`,
    ),
    methodOf(
      part,
      `whether it is not the first (1)`,
      'Boolean',
      part.pick('hasPrevious', 'hasEarlier'),
      '',
      `return ${self}${a} > 1;`,
    ),
    methodOf(
      part,
      `how many there are for the ${total}, rounded up`,
      'Integer',
      part.pick('countPages', 'pagesFor'),
      `Integer ${seen(total)}`,
      `return (${total} + ${self}${b} - 1) / ${self}${b};`,
    ),
  ]);
}

/** Two amounts that are added and scaled together. */
function amounts(part: Part, { self, own, other }: Drawn): string {
  const type = 'Decimal';
  const name = own || part.pick('Vector', 'Weighing', 'Balance', 'Portion', 'Point');
  const [a, b] = part.pick<readonly [string, string]>(
    ['net', 'tax'],
    ['x', 'y'],
    ['gross', 'tare'],
    ['income', 'expense'],
    ['paid', 'due'],
  );
  const factor = part.pick('factor', 'times', 'multiplier');
  return pairClass(part, type, [a, b], name, [
    methodOf(
      part,
      `adds ${a} to ${a} and ${b} to ${b}`,
      name,
      part.pick('plus', 'add'),
      `${name} ${seen(other)}`,
      `return new ${name}(${self}${a} + ${other}.${a}, ${self}${b} + ${other}.${b});`,
    ),
    methodOf(
      part,
      `subtracts the ${other} one's ${a} and ${b}`,
      name,
      part.pick('minus', 'subtract'),
      `${name} ${seen(other)}`,
      `return new ${name}(${self}${a} - ${other}.${a}, ${self}${b} - ${other}.${b});`,
    ),
    methodOf(
      part,
      `both multiplied by the ${factor}`,
      name,
      part.pick('scaled', 'multipliedBy'),
      `Decimal ${seen(factor)}`,
      `return new ${name}(${self}${a} * ${factor}, ${self}${b} * ${factor});`,
    ),
    methodOf(
      part,
      `${a} and ${b} exchanged`,
      name,
      part.pick('swapped', 'turned'),
      '',
      `return new ${name}(${self}${b}, ${self}${a});`,
    ),
    methodOf(
      part,
      `${a} minus ${b}`,
      type,
      part.pick('difference', 'delta'),
      '',
      `return ${self}${a} - ${self}${b};`,
    ),
  ]);
}

/** A map of keys to whole numbers, in the class itself. */
function counter(part: Part): string {
  const map = wordOr(part, 0.2, 'counts', 'totals', 'points', 'hits', 'sums');
  const key = part.pick('key', 'name', 'player', 'topic', 'memberId');
  const type = key === 'memberId' ? 'Id' : 'String';
  const amount = part.pick('amount', 'quantity', 'increase', 'added');
  return apex`
    private Map<${type}, Integer> ${seen(map)} = new Map<${type}, Integer>();

    ${told(part, part.pick(`adds the ${amount} to what the ${key} has; unknown ones begin at zero`, `increases the ${key} by the ${amount}`))}
    ${free(`public void ${part.pick('increase', 'add', 'book', 'record')}`)}(${type} ${seen(key)}, Integer ${seen(amount)}) {
        if (!${map}.containsKey(${key})) {
            ${map}.put(${key}, 0);
        }
        ${map}.put(${key}, ${map}.get(${key}) + ${amount});
    }

    ${methodOf(
      part,
      part.pick(`what the ${key} has; 0 when it is unknown`, `the ${key}'s value, else zero`),
      'Integer',
      part.pick('get', 'valueOf', 'currentOf'),
      `${type} ${seen(key)}`,
      part.pick(
        `return ${map}.containsKey(${key}) ? ${map}.get(${key}) : 0;`,
        `if (!${map}.containsKey(${key})) {\n    return 0;\n}\nreturn ${map}.get(${key});`,
      ),
    )}
  `;
}
