/** Classes inside a class: comparators, comparable rows, iterators, value objects, pages. */
import type { Field } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { apex, free, seen } from '../apex.js';
import { apexType, variableOf, type Member, type Part } from '../part.js';
import { declared, self, told } from './words.js';

/** How one asks of two values, and the words that say which comes first. */
interface Order {
  readonly isDescending: boolean;
  readonly words: string;
}

function drawOrder(part: Part, field: Field): Order {
  const isDescending = part.random.chance(0.5);
  const isDate = field.type === 'date' || field.type === 'datetime';
  const isText = apexType(field) === 'String';
  const words = isText
    ? isDescending
      ? [`${field.label} from Z to A`, `descending by ${field.label}`]
      : [`${field.label} from A to Z`, `ascending by ${field.label}`]
    : isDate
      ? isDescending
        ? [`latest ${field.label} first`, `newest ${field.label} first`, `descending by ${field.label}`]
        : [`earliest ${field.label} first`, `oldest ${field.label} first`, `ascending by ${field.label}`]
      : isDescending
        ? [`highest ${field.label} first`, `greatest ${field.label} first`, `descending by ${field.label}`]
        : [`lowest ${field.label} first`, `smallest ${field.label} first`, `ascending by ${field.label}`];
  return { isDescending, words: part.random.pick(words) };
}

/** Statements that answer with 1, -1 or 0. */
function ordered(
  part: Part,
  a: string,
  b: string,
  { isDescending }: Order,
  isLast = true,
): readonly string[] {
  const [up, down] = isDescending ? ['-1', '1'] : ['1', '-1'];
  const equal = isLast ? ['return 0;'] : [];
  switch (part.pick('ternary', 'two', 'less', 'ladder', 'result')) {
    case 'ternary':
      return isLast
        ? [`${free('')}if (${a} == ${b}) {\n    return 0;\n}`, `return ${a} > ${b} ? ${up} : ${down};`]
        : [`${free('')}if (${a} != ${b}) {\n    return ${a} > ${b} ? ${up} : ${down};\n}`];
    case 'two':
      return [
        `${free('')}if (${a} > ${b}) {\n    return ${up};\n}`,
        `if (${a} < ${b}) {\n    return ${down};\n}`,
        ...equal,
      ];
    case 'less':
      return [
        `${free('')}if (${a} < ${b}) {\n    return ${down};\n}`,
        `if (${a} > ${b}) {\n    return ${up};\n}`,
        ...equal,
      ];
    case 'ladder':
      return [
        `${free('')}if (${a} > ${b}) {\n    return ${up};\n} else if (${a} < ${b}) {\n    return ${down};\n}`,
        ...equal,
      ];
    default:
      return isLast
        ? [
            `Integer ${seen('order')} = 0;`,
            `if (${a} > ${b}) {\n    order = ${up};\n} else if (${a} < ${b}) {\n    order = ${down};\n}`,
            'return order;',
          ]
        : [
            `${free('')}if (${a} < ${b}) {\n    return ${down};\n}`,
            `if (${a} > ${b}) {\n    return ${up};\n}`,
          ];
  }
}

/** What comes first when one of two values is missing. */
function nullChecks(
  part: Part,
  a: string,
  b: string,
): { readonly lines: readonly string[]; readonly words: string } {
  const isLast = part.random.chance(0.7);
  const [one, other] = isLast ? ['1', '-1'] : ['-1', '1'];
  const both = part.random.chance(0.4)
    ? [`${free('')}if (${a} == null && ${b} == null) {\n    return 0;\n}`]
    : [free('')];
  const lines = [
    `if (${a} == null) {\n    return ${both.length > 0 && both[0] !== free('') ? one : `${b} == null ? 0 : ${one}`};\n}`,
    `if (${b} == null) {\n    return ${other};\n}`,
  ];
  return {
    lines: both[0] === free('') ? [`${free('')}${lines[0]!}`, lines[1]!] : [...both, ...lines],
    words: `those without one come ${isLast ? 'last' : 'first'}`,
  };
}

/** A comparator of records by one field or two, in the order that its comment says. */
export const comparators: Member = (part) => {
  const { thing } = part;
  const [field, second] = part.fields(2, ['currency', 'date', 'datetime', 'integer', 'text']);
  if (field === undefined) return null;
  const [a, b] = part.pick(
    ['first', 'second'],
    ['left', 'right'],
    ['a', 'b'],
    ['one', 'other'],
    ['x', 'y'],
    [`${thing.one}A`, `${thing.one}B`],
  ) as [string, string];
  const order = drawOrder(part, field);
  const hasNulls = part.random.chance(0.4);
  const hasSecond = second !== undefined && !hasNulls && part.random.chance(0.5);
  const nulls = hasNulls
    ? nullChecks(part, `${a}.${field.api}`, `${b}.${field.api}`)
    : { lines: [], words: '' };
  const next = hasSecond ? drawOrder(part, second) : null;
  const words = `${order.words}${hasNulls ? `; ${nulls.words}` : ''}${next === null ? '' : `, then ${next.words}`}`;
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
            ${nulls.lines}
            ${ordered(part, `${a}.${field.api}`, `${b}.${field.api}`, order, next === null)}
            ${next === null ? '' : ordered(part, `${a}.${second!.api}`, `${b}.${second!.api}`, next)}
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
  const variables = fields.map((field) => variableOf(field, part));
  const row = part.pick('Row', 'Entry', 'Item', 'Line', `${thing.className}Row`, 'Ranked');
  const [other, that] = part.pick(
    ['other', 'that'],
    ['compareTo', 'other'],
    ['o', 'that'],
    ['another', 'row'],
    ['obj', 'other'],
  ) as [string, string];
  const order = drawOrder(part, key);
  const at = part.random.chance(0.5) ? 'this.' : '';
  const isRecord = part.random.chance(0.3);
  const record = part.pick('record', 'source', thing.one);
  const [a, b] = isRecord
    ? [`${at}${record}.${key.api}`, `${that}.${record}.${key.api}`]
    : [`${at}${variables[0]!}`, `${that}.${variables[0]!}`];
  const held: readonly (readonly [string, string])[] = isRecord
    ? [[thing.api, record]]
    : fields.map((field, index) => [apexType(field), variables[index]!] as const);
  if (held.some(([, name]) => name === that || name === other)) return null;
  return apex`
    public class ${seen(row)} implements Comparable {
        ${held.map(([type, name]) => `public ${type} ${seen(name)}${part.style.hasThis ? ';' : ' { get; set; }'}`)}

        public ${row}(${held.map(([type, name]) => `${type} ${name}`).join(', ')}) {
            ${held.map(([, name]) => `this.${name} = ${name};`)}
        }

        ${part.comment(order.words)}
        public Integer compareTo(Object ${seen(other)}) {
            ${row} ${seen(that)} = (${row}) ${other};
            ${ordered(part, a, b, order)}
        }
    }
  `;
};

/** An iterator over a list: where it is and what comes next. */
export const iterator: Member = (part) => {
  const { thing } = part;
  const type = part.pick(thing.api, 'String', thing.api, 'Id');
  const items = part.pick('items', 'records', 'elements', 'values', 'source');
  const index = part.pick('index', 'position', 'cursor', 'current', 'pointer');
  const name = part.pick(`${thing.className}Iterator`, 'ItemIterator', 'Cursor_').replace('_', 'Iterator');
  const at = self(part);
  const isChunk = part.random.chance(0.35);
  const size = part.pick('size', 'chunkSize', 'pageSize');
  const element = isChunk ? `List<${type}>` : type;
  const next = part.pick('one', 'item', 'result');
  const chunk = part.pick('chunk', 'page', 'slice');
  const isNoSuch = part.random.chance(0.4);
  const step = isChunk
    ? [
        `List<${type}> ${seen(chunk)} = new List<${type}>();`,
        `while (hasNext() && ${chunk}.size() < ${at}${size}) {\n    ${chunk}.add(${at}${items}[${at}${index}]);\n    ${at}${index}++;\n}`,
        `return ${chunk};`,
      ]
    : part.random.chance(0.5)
      ? [`${free('')}return ${at}${items}[${at}${index}++];`]
      : [
          `${free('')}${type} ${seen(next)} = ${at}${items}[${at}${index}];`,
          `${at}${index}++;`,
          `return ${next};`,
        ];
  return apex`
    ${told(part, isChunk ? `goes through a list in chunks of a given size` : `goes through a list from its start`)}
    public class ${seen(name)} implements Iterator<${element}> {
        private List<${type}> ${seen(items)};
        ${isChunk ? `private Integer ${seen(size)};` : ''}
        private Integer ${seen(index)} = 0;

        public ${name}(List<${type}> ${items}${isChunk ? `, Integer ${size}` : ''}) {
            this.${items} = ${items};
            ${isChunk ? `this.${size} = ${size};` : ''}
        }

        public Boolean hasNext() {
            return ${at}${index} < ${at}${items}.size();
        }

        public ${element} next() {
            ${isNoSuch ? `if (!hasNext()) {\n    throw new NoSuchElementException(${free("'No more'")});\n}` : ''}
            ${step}
        }
    }
  `;
};

/** A value that is equal to another when all of it is: equals, hashCode, toString. */
export const valueObject: Member = (part) => {
  const fields = part.settable(part.random.integer(2, 3), [
    'text',
    'currency',
    'date',
    'picklist',
    'integer',
  ]);
  if (fields.length < 2) return null;
  const properties = fields.map((field) => [apexType(field), variableOf(field, part)] as const);
  const type = part.pick('Key', `${part.thing.className}Key`, 'Identity', 'Position', 'Criteria');
  const [other, that] = part.pick(
    ['obj', 'other'],
    ['other', 'that'],
    ['o', 'that'],
    ['another', 'that'],
  ) as [string, string];
  if (properties.some(([, name]) => name === that || name === other)) return null;
  const prime = part.pick('31', '17', '37');
  const hash = part.pick('hash', 'code', 'result');
  const isLong = part.random.chance(0.5);
  const tests = properties.map(([, name]) => `this.${name} == ${that}.${name}`).join(' && ');
  const separator = part.pick("'|'", "'-'", "' / '", "':'");
  return apex`
    ${told(part, `equal when ${fields.map(({ label }) => label).join(' and ')} are equal`)}
    public class ${seen(type)} {
        ${properties.map(([kind, name]) => `private ${kind} ${seen(name)};`)}

        public ${type}(${properties.map(([kind, name]) => `${kind} ${name}`).join(', ')}) {
            ${properties.map(([, name]) => `this.${name} = ${name};`)}
        }

        public Boolean equals(Object ${seen(other)}) {
            ${
              isLong
                ? [
                    `${free('')}if (!(${other} instanceof ${type})) {\n    return false;\n}`,
                    `${type} ${seen(that)} = (${type}) ${other};`,
                    `return ${tests};`,
                  ]
                : [`${free('')}${type} ${seen(that)} = (${type}) ${other};`, `return ${tests};`]
            }
        }

        public Integer hashCode() {
            Integer ${seen(hash)} = ${free(prime)};
            ${properties.map(([, name]) => `${hash} = ${prime} * ${hash} + (this.${name} == null ? 0 : System.hashCode(this.${name}));`)}
            return ${hash};
        }
        ${
          part.random.chance(0.4)
            ? `\n${told(part, `the parts, with ${separator} between them`)}\npublic override String toString() {\n    return ${properties.map(([, name]) => `this.${name}`).join(` + ${separator} + `)};\n}`
            : ''
        }
    }
  `;
};

/** A page of a list: where it starts, whether there are more, how to turn it. */
export const pageState: Member = (part) => {
  const page = part.pick('pageNumber', 'page', 'currentPage', 'pageIndex');
  const total = part.pick('totalRows', 'total', 'recordCount', 'totalCount');
  const isConstant = part.random.chance(0.5);
  const size = isConstant
    ? part.pick('PAGE_SIZE', 'ROWS_PER_PAGE')
    : part.pick('pageSize', 'rowsPerPage', 'size');
  const at = self(part);
  const mine = isConstant ? size : `${at}${size}`;
  const method = (type: string, name: string, said: string, ...lines: readonly string[]): string =>
    apex`
      ${told(part, said)}
      ${free(`${part.style.access} ${type} ${name}`)}() {
          ${lines}
      }
    `;
  const methods = part.random.sample(
    [
      method(
        'Integer',
        part.pick('getOffset', 'offset'),
        `how many rows come before the page; pages count from 1`,
        `return (${at}${page} - 1) * ${mine};`,
      ),
      method(
        'Boolean',
        part.pick('getHasNext', 'hasNext'),
        'are there rows behind the page?',
        `return ${at}${page} * ${mine} < ${at}${total};`,
      ),
      method(
        'Boolean',
        part.pick('getHasPrevious', 'hasPrevious'),
        'is there a page before? The first one has the number 1',
        `return ${at}${page} > 1;`,
      ),
      method('void', part.pick('next', 'nextPage'), 'goes to the page behind', `${at}${page}++;`),
      method('void', part.pick('first', 'firstPage'), 'goes back to page 1', `${at}${page} = 1;`),
      method(
        'void',
        part.pick('previous', 'previousPage'),
        'goes to the page before, not below 1',
        `if (${at}${page} > 1) {\n    ${at}${page}--;\n}`,
      ),
    ],
    part.random.integer(2, 4),
  );
  const held = [
    `${part.pick('private', 'public')} Integer ${seen(total)};`,
    ...(isConstant ? [] : [`private Integer ${seen(size)};`]),
    `private Integer ${seen(page)} = 1;`,
  ];
  return [
    ...(isConstant ? [declared(part, [[size, 'Integer', part.pick('10', '20', '50')]])] : []),
    held.join('\n'),
    apex`
      public ${part.className}(Integer ${total}${isConstant ? '' : `, Integer ${size}`}) {
          this.${total} = ${total};
          ${isConstant ? '' : `this.${size} = ${size};`}
      }
    `,
    ...methods,
  ].join('\n\n');
};

/** A handler that keeps the trigger's lists in fields and hands them to its methods. */
export const handlerFields: Member = (part) => {
  const { thing } = part;
  const records = part.pick(
    'newRecords',
    `new${pascalCase(thing.plural)}`,
    'records',
    'triggerNew',
    'newList',
  );
  const old = part.pick('oldMap', 'oldById', `old${thing.className}Map`, 'oldRecords', 'triggerOldMap');
  const service = `${thing.className}${part.pick('Service', 'Domain', 'Rules', 'Manager')}`;
  const isOverride = part.random.chance(0.5) ? 'override ' : '';
  const at = part.random.chance(0.25) ? self(part) : '';
  const isGiven = part.random.chance(0.4);
  const parameters = isGiven ? `List<${thing.api}> ${records}, Map<Id, ${thing.api}> ${old}` : '';
  const set = isGiven
    ? [`this.${records} = ${records};`, `this.${old} = ${old};`]
    : [
        `this.${records} = (List<${thing.api}>) Trigger.new;`,
        `this.${old} = (Map<Id, ${thing.api}>) Trigger.oldMap;`,
      ];
  const verbs = part.random.sample(
    ['setDefaults', 'validate', 'logChanges', 'rollUp', 'notifyOwners', 'syncParents', 'checkLimits'],
    4,
  );
  const events = part.random.sample(
    [
      ['beforeInsert', false],
      ['beforeUpdate', true],
      ['afterInsert', false],
      ['afterUpdate', true],
    ] as const,
    part.random.integer(2, 4),
  );
  const isSaid = part.random.chance(0.5);
  const methods = events.map(
    ([event, hasOld], index) => apex`
    ${isSaid ? part.comment(`${event.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)}: ${verbs[index]!}`) : ''}
    ${free(`public ${isOverride}void ${event}`)}() {
        ${index === 0 ? free(service) : service}.${isSaid ? verbs[index]! : free(verbs[index]!)}(${at}${records}${hasOld ? `, ${at}${old}` : ''});
    }
  `,
  );
  return apex`
    private List<${thing.api}> ${seen(records)};
    private Map<Id, ${thing.api}> ${seen(old)};

    public ${part.className}(${parameters}) {
        ${set}
    }

    ${methods.join('\n\n')}
  `;
};
