/** Makers of classes whose instances know their order, and of comparators of records. */
import { capitalized, pascalCase } from '../../../phrase.js';
import { apex, free, indented, seen } from '../../apex.js';
import { joinedMembers, lines } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { areDistinct, self, told } from '../../scope/words.js';
import { isReserved } from '../../style.js';
import { compareTo, drawBody } from './bodies.js';
import { drawForm } from './forms.js';
import { drawKey, drawTextKey, keyOfField, type Key } from './keys.js';

const sortable = ['currency', 'date', 'datetime', 'integer', 'text'] as const;

/** One or two keys: of the class's own, or named after fields of the part's object. */
function drawKeys(part: Part): { by: Key; next: Key | null; others: readonly Key[] } | null {
  const isOfThing = part.random.chance(0.4);
  const keys = isOfThing
    ? part.settable(3, sortable).map((field) => keyOfField(part, field, true))
    : [drawKey(part), drawTextKey(part), drawKey(part)];
  const [by, second, third] = keys;
  const names = keys.map(({ name }) => name);
  if (by === undefined || second === undefined || !areDistinct(names) || names.some(isReserved)) return null;
  const hasNext = part.random.chance(0.35);
  const [first, next] = hasNext || part.random.chance(0.75) ? [by, second] : [second, by];
  return {
    by: first,
    next: hasNext ? next : null,
    others: third !== undefined && part.random.chance(0.4) ? [next, third] : [next],
  };
}

/** Declarations of the fields, and the constructor that takes them all or some. */
function heldBy(part: Part, type: string, fields: readonly Key[]): { declared: string; constructor: string } {
  const ending = part.pick(';', ';', ' { get; set; }', ' { get; private set; }');
  const access = ending === ';' ? part.pick('public', 'public', 'private', 'private final') : 'public';
  const given = fields.map(({ type: of, name }) => `${of} ${name}`);
  const isTall = part.random.chance(0.12);
  return {
    declared: fields
      .map(({ type: of, name }) => `${free(`${access} ${of}`)} ${seen(name)}${ending}`)
      .join('\n'),
    constructor: apex`
      public ${type}(${isTall ? `\n${indented(given.join(',\n'))}\n` : given.join(', ')}) {
          ${fields.map(({ name }) => `this.${name} = ${name};`)}
      }
    `,
  };
}

/** A small method beside the order. */
function besides(part: Part, type: string, { name, type: of }: Key): string {
  switch (part.pick('none', 'none', 'none', 'getter', 'top', 'sorted')) {
    case 'getter':
      return apex`
        ${free(`public ${of} get${capitalized(name)}`)}() {
            return ${self(part)}${name};
        }
      `;
    case 'top': {
      const list = part.pick('entries', 'rows', 'items', 'candidates');
      return apex`
        ${told(part, 'the one that comes first, or null when there is none', [list])}
        ${free(`public static ${type} ${part.pick('first', 'firstOf', 'best', 'top')}`)}(List<${type}> ${seen(list)}) {
            ${free('')}if (${list}.isEmpty()) {
                return null;
            }
            ${list}.sort();
            return ${list}[0];
        }
      `;
    }
    case 'sorted': {
      const list = part.pick('entries', 'rows', 'items', 'candidates');
      return apex`
        ${told(part, 'a sorted copy; the list given stays as it is', [list])}
        ${free(`public static List<${type}> sorted`)}(List<${type}> ${seen(list)}) {
            List<${type}> ${seen('copy')} = ${list}.clone();
            copy.sort();
            return copy;
        }
      `;
    }
    default:
      return '';
  }
}

/** A class with fields of its own, its constructor and its order. */
export const ownOrder: Member = (part) => {
  const keys = drawKeys(part);
  if (keys === null) return null;
  const { by, next, others } = keys;
  const type = part.className;
  const fields = [...new Set([by, ...others])];
  const shown = part.random.chance(0.5) ? fields : part.random.shuffled(fields);
  const { declared, constructor } = heldBy(part, type, shown);
  const taken = fields.map(({ name }) => name);
  const method = compareTo(part, { type, taken, by, next, form: drawForm(part), inner: '', isTold: true });
  if (method === null) return null;
  const hasConstructor = part.random.chance(0.85);
  return joinedMembers(declared, hasConstructor ? constructor : '', method.code, besides(part, type, by));
};

interface Wrapped {
  readonly type: string;
  readonly record: string;
}

/** A static method that sorts a list of records by wrapping them. */
function sortedRecords(part: Part, { type, record }: Wrapped): string {
  const { thing } = part;
  const [given, wrapped, sorted, one] = [
    part.pick('records', thing.many, part.names.many),
    part.pick('wrapped', 'wrappers', 'rows', 'entries'),
    part.pick('sorted', 'ordered', 'result', 'inOrder'),
    part.pick('wrapper', 'entry', 'row', 'item'),
  ];
  if (!areDistinct([given, wrapped, sorted, one, record].map((name) => name.toLowerCase()))) return '';
  const isVoid = part.random.chance(0.3);
  const kept = isVoid ? given : sorted;
  return apex`
    ${told(part, isVoid ? `puts the ${thing.plural} in this order` : `the ${thing.plural} in this order, in a new list`, [given])}
    ${free(`public static ${isVoid ? 'void' : `List<${thing.api}>`} ${part.pick('sort', 'sortRecords', 'sortAll', 'inOrder')}`)}(List<${thing.api}> ${seen(given)}) {
        List<${type}> ${seen(wrapped)} = new List<${type}>();
        for (${thing.api} ${seen(record)} : ${given}) {
            ${wrapped}.add(new ${type}(${record}));
        }
        ${wrapped}.sort();
        ${isVoid ? `${given}.clear();` : `List<${thing.api}> ${seen(sorted)} = new List<${thing.api}>();`}
        for (${type} ${seen(one)} : ${wrapped}) {
            ${kept}.add(${one}.${record});
        }
        ${isVoid ? '' : `return ${sorted};`}
    }
  `;
}

/** A class round a record, in the order of one of the record's fields or two. */
export const recordOrder: Member = (part) => {
  const { thing } = part;
  const [field, second] = part.fields(2, sortable);
  if (field === undefined) return null;
  const type = part.className;
  const record = part.pick(part.names.one, thing.one, 'record', 'source', 'rec');
  if (isReserved(record) || record.toLowerCase() === thing.api.toLowerCase()) return null;
  const by = keyOfField(part, field, false);
  const next = second !== undefined && part.random.chance(0.3) ? keyOfField(part, second, false) : null;
  const method = compareTo(part, {
    type,
    taken: [record],
    by,
    next,
    form: drawForm(part),
    inner: `${record}.`,
    isTold: true,
  });
  if (method === null) return null;
  const ending = part.pick(';', ';', ' { get; set; }');
  const sort = part.random.chance(0.4) ? sortedRecords(part, { type, record }) : '';
  const own = joinedMembers(
    `${free(`public ${thing.api}`)} ${seen(record)}${ending}`,
    apex`
      public ${type}(${thing.api} ${record}) {
          this.${record} = ${record};
      }
    `,
  );
  return part.random.chance(0.5)
    ? joinedMembers(own, method.code, sort)
    : joinedMembers(own, sort, method.code);
};

/** Inner comparators of one shape, one field each: the second is told by the first and by its own name and comment. */
export const comparators: Member = (part) => {
  const { thing } = part;
  const fields = part.fields(part.random.integer(2, 3), sortable);
  if (fields.length < 2) return null;
  const pairs: readonly (readonly [string, string])[] = [
    ['a', 'b'],
    ['first', 'second'],
    ['left', 'right'],
    ['one', 'other'],
    ['x', 'y'],
    [`${thing.one}1`, `${thing.one}2`],
    [`${thing.one}A`, `${thing.one}B`],
    ['o1', 'o2'],
  ];
  const [a, b] = part.pick(...pairs);
  const form = drawForm(part);
  const named = part.pick('By$', '$Comparator', '$Order', '$Sorter');
  const classes = fields.map((field, index) => {
    const by = keyOfField(part, field, false);
    const name = named.replace('$', pascalCase(field.label));
    const body = drawBody(part, { by, next: null, left: `${a}.`, right: `${b}.`, form, isShown: index > 0 });
    const code = apex`
      ${told(part, body.words)}
      ${free('')}public class ${free(name)} implements Comparator<${thing.api}> {
          public Integer compare(${thing.api} ${seen(a)}, ${thing.api} ${seen(b)}) {
              ${body.lines}
          }
      }
    `;
    return { name, code };
  });
  const used = part.random.chance(0.5) ? part.pick(...classes) : null;
  const many = part.pick('records', thing.many);
  const sorting =
    used === null
      ? ''
      : apex`
        ${told(part, `sorts with ${used.name}`, [many])}
        ${free(`public static void ${part.pick('sort', 'arrange', 'putInOrder')}`)}(List<${thing.api}> ${seen(many)}) {
            ${many}.sort(new ${used.name}());
        }
      `;
  return joinedMembers(sorting, ...classes.map(({ code }) => code));
};

/** A comparator that is told which way, and turns the answer round. */
export const turningComparator: Member = (part) => {
  const { thing } = part;
  const field = part.field(sortable);
  if (field === null) return null;
  const by = keyOfField(part, field, false);
  const own = by.type === 'String' ? 'fromZToA' : /^Date/.test(by.type) ? 'newestFirst' : 'highestFirst';
  const flag = part.pick('isDescending', 'descending', 'isReversed', own);
  const [a, b] = part.pick(['a', 'b'], ['first', 'second'], ['left', 'right']) as readonly [string, string];
  const outcome = part.pick('outcome', 'comparison', 'order', 'value');
  if (isReserved(outcome)) return null;
  const [left, right] = [`${a}.${by.name}`, `${b}.${by.name}`];
  const name = `${pascalCase(field.label)}Comparator`;
  const plain =
    by.type === 'String'
      ? `${left}.compareTo(${right})`
      : `${left} == ${right} ? 0 : (${left} > ${right} ? 1 : -1)`;
  const last = part.random.chance(0.5)
    ? [`return ${flag} ? -${outcome} : ${outcome};`]
    : [`if (${flag}) return -${outcome};`, `return ${outcome};`];
  return apex`
    ${told(part, `ascending by ${by.label}; the other way round when ${flag} is set`)}
    public class ${free(name)} implements Comparator<${thing.api}> {
        private ${part.pick('', 'final ')}Boolean ${seen(flag)};

        public ${name}(Boolean ${flag}) {
            this.${flag} = ${flag};
        }

        public Integer compare(${thing.api} ${seen(a)}, ${thing.api} ${seen(b)}) {
            Integer ${seen(outcome)} = ${by.type === 'String' ? '' : free('')}${plain};
            ${free('')}${last}
        }
    }

    ${free(`public static void ${part.pick('sortUp', 'ascending', 'sortAscending')}`)}(List<${thing.api}> ${seen('records')}) {
        records.sort(new ${name}(false));
    }

    ${free(`public static void ${part.pick('sortDown', 'descendingOrder', 'sortDescending')}`)}(List<${thing.api}> ${seen('records')}) {
        records.sort(new ${name}(true));
    }
  `;
};

/** A board with an inner class that is Comparable: it collects entries, sorts them, and hands out the first ones. */
export const board: Member = (part) => {
  const keys = drawKeys(part);
  if (keys === null) return null;
  const { by, next, others } = keys;
  const type = part.pick('Entry', 'Row', 'Candidate', 'Line', 'Ranked', 'Player');
  const fields = [...new Set([by, ...others])];
  const { declared, constructor } = heldBy(part, type, fields);
  const [list, count, top] = [part.pick('entries', 'all', 'lines'), part.pick('count', 'howMany'), 'top'];
  const taken = fields.map(({ name }) => name);
  const isTold = part.random.chance(0.55);
  if (taken.includes(list)) return null;
  const method = compareTo(part, { type, taken, by, next, form: drawForm(part), inner: '', isTold });
  if (method === null) return null;
  return apex`
    ${free(`private List<${type}>`)} ${seen(list)} = new List<${type}>();

    ${free(`public void ${part.pick('add', 'enter', 'register')}`)}(${fields.map(({ type: of, name }) => `${of} ${seen(name)}`).join(', ')}) {
        ${list}.add(new ${type}(${fields.map(({ name }) => name).join(', ')}));
    }

    ${told(part, `the first ${count} in order, or fewer when there are not so many`, [count])}
    ${free(`public List<${type}> ${part.pick('firstOnes', 'leaders', 'getTop')}`)}(Integer ${seen(count)}) {
        ${list}.sort();
        List<${type}> ${seen(top)} = new List<${type}>();
        for (Integer i = 0; i < Math.min(${count}, ${list}.size()); i++) {
            ${top}.add(${list}[i]);
        }
        return ${top};
    }

    ${isTold ? '' : told(part, method.words)}
    public class ${seen(type)} implements Comparable {
        ${lines(declared, '')}

        ${constructor}

        ${method.code}
    }
  `;
};
