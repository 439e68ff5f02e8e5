/** What is kept and used again: single instances, lazy values, caches, counters, pages, ranges, sorted wrappers, JSON, checks. */
import { camelCase, capitalized, pascalCase } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import type { Member, Part } from '../part.js';
import { fresh, head, told } from './items.js';

function invented(part: Part, share: number, ...options: readonly string[]): string {
  return part.random.chance(share) ? unknownWord(part.random) : part.random.pick(options);
}

/** The only instance of the class, made when it is first asked for. */
export const onlyInstance: Member = (part) => {
  const type = part.className;
  const field = invented(
    part,
    0.15,
    'instance',
    'singleton',
    'current',
    'shared',
    'self',
    'me',
    'theInstance',
  );
  const body = part.random.weighted([
    [4, `if (${field} == null) {\n    ${field} = new ${type}();\n}\nreturn ${field};`],
    [1, `if (${field} != null) {\n    return ${field};\n}\n${field} = new ${type}();\nreturn ${field};`],
  ]);
  const getter = apex`
    ${told(part, part.pick('the only instance, made on first use', 'gives the shared instance', 'returns the instance; makes it when there is none'), [], '', true)}
    ${free('public static')} ${type} ${free(part.pick('getInstance', 'getInstance', 'get', 'getCurrent', 'getShared'))}() {
        ${body}
    }
  `;
  const reset = apex`
    ${told(part, part.pick('forgets the instance, for tests', 'the next call makes a new instance'))}
    ${free(`public static void ${part.pick('reset', 'clear', 'forget')}`)}() {
        ${field} = null;
    }
  `;
  return [
    `private static ${type} ${seen(field)};`,
    ...(part.random.chance(0.6) ? [`private ${type}() {\n}`] : []),
    getter,
    ...(part.random.chance(0.3) ? [reset] : []),
  ].join('\n\n');
};

/** Values that are computed when they are first asked for: one like the other. */
export const lazyValues: Member = (part) => {
  const count = part.random.integer(1, 3);
  const names = part.random.sample(
    [
      'codes',
      'limits',
      'labels',
      'rates',
      'targets',
      'holidays',
      'regions',
      pluralOf(unknownWord(part.random)),
      pluralOf(unknownWord(part.random)),
    ],
    count,
  );
  const isStatic = part.random.chance(0.5) ? 'static ' : '';
  const isProperty = part.random.chance(0.35);
  const verb = part.pick('load', 'read', 'query', 'compute', 'find');
  const parts = names.map((name, index) => {
    const type = part.pick(
      'List<String>',
      'Set<Id>',
      'Map<String, Decimal>',
      'Set<String>',
      'Map<Id, String>',
      `List<${part.thing.api}>`,
    );
    const load = `${verb}${capitalized(name)}()`;
    const lazy = isProperty
      ? apex`
        ${free(`${part.pick('public', 'private')} ${isStatic}${type} ${name}`)} {
            get {
                if (${name} == null) {
                    ${name} = ${load};
                }
                return ${name};
            }
            private set;
        }
      `
      : apex`
        private ${isStatic}${free(type)} ${seen(name)};

        ${index === 0 ? free(`public ${isStatic}`.trimEnd()) : `public ${isStatic}`.trimEnd()} ${type} get${capitalized(name)}() {
            if (${name} == null) {
                ${name} = ${load};
            }
            return ${name};
        }
      `;
    return `${lazy}\n\nprivate ${isStatic}${type} ${seen(`${verb}${capitalized(name)}`)}() {\n    return new ${type}();\n}`;
  });
  return parts.join('\n\n');
};

/** A map that remembers what was asked, with at most so many entries. */
export const cacheClass: Member = (part) => {
  const name = part.random.chance(0.3)
    ? `${pascalCase(unknownWord(part.random))}Cache`
    : part.pick('Cache', 'Memory', 'Store', 'Registry', 'LookupTable');
  const [keyType, type] = part.pick(
    ['String', 'Object'],
    ['Id', part.thing.api],
    ['String', 'Decimal'],
    ['Id', 'String'],
    ['String', 'String'],
  ) as [string, string];
  const map = invented(part, 0.2, 'entries', 'valueByKey', 'content', 'known', 'kept');
  const max = part.pick('maxSize', 'capacity', 'maxEntries', 'atMost');
  const [key, value] = part.pick(['key', 'value'], ['k', 'v'], ['recordId', 'found'], ['name', 'stored']) as [
    string,
    string,
  ];
  const self = part.style.hasThis ? 'this.' : '';
  const full = part.pick(
    apex`
      if (${self}${map}.size() >= ${self}${max}) {
          ${self}${map}.clear();
      }
    `,
    apex`
      if (${self}${map}.size() == ${self}${max} && !${self}${map}.containsKey(${key})) {
          return;
      }
    `,
  );
  const said = full.includes('clear')
    ? part.pick('makes room when it is full: all are forgotten', 'when full, everything is removed before')
    : part.pick('takes no further keys when it is full', 'new keys are ignored once the maximum is reached');
  const otherwise = part.pick('otherwise', 'fallback', 'standard');
  const more = part.random.sample(
    [
      apex`
      ${free('public')} Boolean ${free(part.pick('contains', 'has', 'isKnown'))}(${keyType} ${seen(key)}) {
          return ${self}${map}.containsKey(${key});
      }
    `,
      apex`
      ${told(part, `the value of the ${key}, or the ${otherwise} one`)}
      ${free('public')} ${type} ${free(part.pick('getOrDefault', 'find', 'lookUp'))}(${keyType} ${seen(key)}, ${type} ${seen(otherwise)}) {
          return ${self}${map}.containsKey(${key}) ? ${self}${map}.get(${key}) : ${otherwise};
      }
    `,
      apex`
      ${free('public')} Integer size() {
          return ${self}${map}.size();
      }
    `,
      apex`
      ${told(part, part.pick(`forgets the ${key}`, `removes what is kept for the ${key}`))}
      ${free('public void')} ${free(part.pick('remove', 'forget', 'drop'))}(${keyType} ${seen(key)}) {
          ${self}${map}.remove(${key});
      }
    `,
    ],
    part.random.integer(1, 3),
  );
  return apex`
    public class ${free(name)} {
        private final Map<${keyType}, ${type}> ${seen(map)} = new Map<${keyType}, ${type}>();
        private final ${seen(`Integer ${max}`)};

        public ${name}(Integer ${max}) {
            this.${max} = ${max};
        }

        ${told(part, said)}
        ${free(`public void ${part.pick('put', 'add', 'remember', 'store')}`)}(${keyType} ${seen(key)}, ${type} ${seen(value)}) {
            ${full}
            ${self}${map}.put(${key}, ${value});
        }

        ${more.join('\n\n')}
    }
  `;
};

/** A counter of keys, a range, a page or a pair: members that are used in each method. */
export const smallHolder: Member = (part) => {
  const self = part.style.hasThis ? 'this.' : '';
  const method = (
    said: string,
    type: string,
    name: string,
    parameters: string,
    ...lines: readonly string[]
  ): string => apex`
    ${told(part, said)}
    ${free('public')} ${type} ${free(name)}(${parameters}) {
        ${lines}
    }
  `;
  const two = (
    type: string,
    [a, b]: readonly [string, string],
    name: string,
    methods: readonly string[],
  ): string => apex`
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
  const own = part.random.chance(0.3) ? pascalCase(unknownWord(part.random)) : '';
  const other = part.pick('other', 'another', 'that');
  switch (part.pick('range', 'page', 'money', 'counter')) {
    case 'range': {
      const type = part.pick('Date', 'Integer', 'Decimal');
      const [a, b] = part.pick(
        ['lower', 'upper'],
        ['first', 'ending'],
        ['opening', 'closing'],
        ['fromValue', 'toValue'],
        ['low', 'high'],
      ) as [string, string];
      const name = own || part.pick('Range', 'Span', 'Interval', 'Period', 'Window');
      const value = part.pick('value', 'wanted', 'candidate', 'point');
      return two(type, [a, b], name, [
        method(
          part.pick(
            `does it contain the ${value}, both ends included?`,
            `whether the ${value} lies from ${a} to ${b}`,
          ),
          'Boolean',
          part.pick('contains', 'includes', 'covers'),
          `${type} ${seen(value)}`,
          `return ${value} >= ${self}${a} && ${value} <= ${self}${b};`,
        ),
        method(
          part.pick(`do both have anything in common?`, `whether it overlaps the ${other} one`),
          'Boolean',
          part.pick('overlaps', 'intersects', 'meets'),
          `${name} ${seen(other)}`,
          `return ${self}${a} <= ${other}.${b} && ${other}.${a} <= ${self}${b};`,
        ),
        method(
          `from ${a} to ${b}`,
          type === 'Date' ? 'Integer' : type,
          part.pick('length', 'width', 'extent'),
          '',
          type === 'Date'
            ? `return ${self}${a}.daysBetween(${self}${b});`
            : `return ${self}${b} - ${self}${a};`,
        ),
        method(
          part.pick(`are the ends in order?`, `true unless the ${b} end is below the ${a} one`),
          'Boolean',
          part.pick('isValid', 'isOrdered'),
          '',
          `return ${self}${a} <= ${self}${b};`,
        ),
      ]);
    }
    case 'page': {
      const [a, b] = part.pick(
        ['pageNumber', 'pageSize'],
        ['page', 'size'],
        ['index', 'length'],
        ['position', 'perPage'],
      ) as [string, string];
      const total = part.pick('total', 'totalCount', 'rowCount', 'available');
      return two('Integer', [a, b], own || part.pick('Page', 'Paging', 'Slice', 'PageRequest'), [
        method(
          `how many rows come before it; the first ${a} is 1`,
          'Integer',
          part.pick('getOffset', 'offset', 'skipped'),
          '',
          `return (${self}${a} - 1) * ${self}${b};`,
        ),
        method(
          `is there more behind it?`,
          'Boolean',
          part.pick('hasNext', 'hasMore'),
          `Integer ${seen(total)}`,
          `return ${self}${a} * ${self}${b} < ${total};`,
        ),
        method(
          `whether it is not the first (1)`,
          'Boolean',
          part.pick('hasPrevious', 'hasEarlier'),
          '',
          `return ${self}${a} > 1;`,
        ),
        method(
          `how many there are for the ${total}, rounded up`,
          'Integer',
          part.pick('countPages', 'pagesFor'),
          `Integer ${seen(total)}`,
          `return (${total} + ${self}${b} - 1) / ${self}${b};`,
        ),
      ]);
    }
    case 'money': {
      const [type, name] = ['Decimal', own || part.pick('Vector', 'Weighing', 'Balance', 'Portion', 'Point')];
      const [a, b] = part.pick(
        ['net', 'tax'],
        ['x', 'y'],
        ['gross', 'tare'],
        ['income', 'expense'],
        ['paid', 'due'],
      ) as [string, string];
      const factor = part.pick('factor', 'times', 'multiplier');
      return two(type, [a, b], name, [
        method(
          `adds ${a} to ${a} and ${b} to ${b}`,
          name,
          part.pick('plus', 'add'),
          `${name} ${seen(other)}`,
          `return new ${name}(${self}${a} + ${other}.${a}, ${self}${b} + ${other}.${b});`,
        ),
        method(
          `subtracts the ${other} one's ${a} and ${b}`,
          name,
          part.pick('minus', 'subtract'),
          `${name} ${seen(other)}`,
          `return new ${name}(${self}${a} - ${other}.${a}, ${self}${b} - ${other}.${b});`,
        ),
        method(
          `both multiplied by the ${factor}`,
          name,
          part.pick('scaled', 'multipliedBy'),
          `Decimal ${seen(factor)}`,
          `return new ${name}(${self}${a} * ${factor}, ${self}${b} * ${factor});`,
        ),
        method(
          `${a} and ${b} exchanged`,
          name,
          part.pick('swapped', 'turned'),
          '',
          `return new ${name}(${self}${b}, ${self}${a});`,
        ),
        method(
          `${a} minus ${b}`,
          type,
          part.pick('difference', 'delta'),
          '',
          `return ${self}${a} - ${self}${b};`,
        ),
      ]);
    }
    default: {
      const map = invented(part, 0.2, 'counts', 'totals', 'points', 'hits', 'sums');
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

        ${method(part.pick(`what the ${key} has; 0 when it is unknown`, `the ${key}'s value, else zero`), 'Integer', part.pick('get', 'valueOf', 'currentOf'), `${type} ${seen(key)}`, part.pick(`return ${map}.containsKey(${key}) ? ${map}.get(${key}) : 0;`, `if (!${map}.containsKey(${key})) {\n    return 0;\n}\nreturn ${map}.get(${key});`))}
      `;
    }
  }
};

/** A wrapper that knows its order, and the caller that sorts by it. */
export const sortedWrapper: Member = (part) => {
  const { thing, names } = part;
  const isRecord = part.random.chance(0.5);
  const field = isRecord ? part.field(['currency', 'date', 'integer', 'datetime']) : null;
  const name = `${part.random.chance(0.25) ? capitalized(unknownWord(part.random)) : part.pick('Sortable', 'Ranked', 'Ordered', 'Sorted')}${isRecord ? thing.className : part.pick('Entry', 'Candidate', 'Row')}`;
  if (isRecord && field === null) return null;
  const held = isRecord
    ? part.pick('record', 'wrapped', names.one)
    : part.pick('score', 'rank', 'weight', 'distance', 'priority');
  const type = isRecord ? thing.api : part.pick('Integer', 'Decimal');
  const member = field === null ? '' : `.${field.api}`;
  const by = field === null ? held : field.label;
  const other = part.pick('that', 'another', 'second', 'compared');
  const argument = part.pick('other', 'o', 'compareTo', 'toCompare');
  if (other === held || held === argument) return null;
  const isUp = part.random.chance(0.5);
  const [mine, theirs] = [`this.${held}${member}`, `${other}.${held}${member}`];
  const [less, more] = isUp ? ['-1', '1'] : ['1', '-1'];
  const body = part.pick(
    `if (${mine} == ${theirs}) {\n    return 0;\n}\nreturn ${mine} > ${theirs} ? ${more} : ${less};`,
    `if (${mine} < ${theirs}) {\n    return ${less};\n}\nif (${mine} > ${theirs}) {\n    return ${more};\n}\nreturn 0;`,
    `if (${mine} > ${theirs}) {\n    return ${more};\n} else if (${mine} < ${theirs}) {\n    return ${less};\n}\nreturn 0;`,
  );
  const wrappers = part.pick('wrappers', 'entries', 'sortables', 'rows');
  const wrapper = fresh(part, [names.one, names.many, held], 'wrapper', 'entry', 'row', 'sortable');
  const out = fresh(part, [names.one, names.many, wrappers, wrapper], 'sorted', 'ordered', 'inOrder');
  const caller = apex`
    ${told(part, `the ${thing.plural} by ${by}, the ${isUp ? 'lowest' : 'highest'} first`, [names.many])}
    ${head(part, `List<${thing.api}>`, part.pick('sort', 'inOrder', 'sortedCopy'), `List<${thing.api}> ${names.newMany}`)}
        List<${name}> ${seen(wrappers)} = new List<${name}>();
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${wrappers}.add(new ${name}(${names.one}));
        }
        ${wrappers}.sort();
        List<${thing.api}> ${seen(out)} = new List<${thing.api}>();
        for (${name} ${seen(wrapper)} : ${wrappers}) {
            ${out}.add(${wrapper}.${held});
        }
        return ${out};
    }
  `;
  const holder = apex`
    public class ${free(name)} implements Comparable {
        public ${seen(`${type} ${held}`)};

        public ${name}(${type} ${held}) {
            this.${held} = ${held};
        }

        ${part.comment(`${isUp ? part.pick('lowest', 'smallest') : part.pick('highest', 'greatest')} ${by} first`)}
        public Integer compareTo(Object ${seen(argument)}) {
            ${name} ${seen(other)} = (${name}) ${argument};
            ${body}
        }
    }
  `;
  return isRecord ? `${holder}\n\n${caller}` : holder;
};

/** Checks that throw the exception that is declared beside them. */
export const preconditions: Member = (part) => {
  const exception = `${part.random.chance(0.4) ? capitalized(unknownWord(part.random)) : part.pick('Validation', 'Argument', 'Requirement', 'Input', 'Precondition')}Exception`;
  const label = part.pick('label', 'name', 'what', 'argument');
  const verb = part.pick('require', 'check', 'assert', 'ensure', 'verify');
  const isSaidFirst = part.random.chance(0.5);
  const join = (text: string): string => (isSaidFirst ? `'${text}: ' + ${label}` : `${label} + ' ${text}'`);
  const kinds = part.random.sample(
    [
      ['NotNull', 'Object', 'value', 'value == null', 'must not be null', 'is null'],
      ['NotBlank', 'String', 'text', 'String.isBlank(text)', 'must not be blank', 'is blank'],
      ['NotEmpty', 'List<Object>', 'items', 'items.isEmpty()', 'must not be empty', 'has no items'],
      ['Positive', 'Decimal', 'amount', 'amount <= 0', 'must be above zero', 'is not positive'],
      ['NotNegative', 'Decimal', 'quantity', 'quantity < 0', 'must not be below zero', 'is negative'],
      ['NotPast', 'Date', 'day', 'day < Date.today()', 'must not lie in the past', 'is before today'],
      ['True', 'Boolean', 'condition', '!condition', 'must hold', 'does not hold'],
    ] as const,
    part.random.integer(2, 4),
  );
  const checks = kinds.map(
    ([what, type, value, test, must, is], index) => apex`
    ${told(
      part,
      `throws unless the ${value} ${
        what === 'True'
          ? 'holds'
          : what
              .replace(/([A-Z])/g, ' $1')
              .toLowerCase()
              .trim()
              .replace(/^/, 'is ')
      }`,
      [],
      '',
      true,
    )}
    ${index === 0 ? free(`${part.style.access} static void ${verb}${what}`) : `${part.style.access} static void ${free(`${verb}${what}`)}`}(${type} ${seen(value)}, String ${seen(label)}) {
        if (${test}) {
            throw new ${exception}(${free(join(part.pick(must, is)))});
        }
    }
  `,
  );
  return [`public class ${free(exception)} extends Exception {}`, ...checks].join('\n\n');
};

/** An object of an inner class to JSON and back. */
export const innerJson: Member = (part) => {
  const name = part.random.chance(0.3)
    ? capitalized(unknownWord(part.random))
    : part.pick('Payload', 'Message', 'State', 'Settings', 'Snapshot', 'Body');
  const one = camelCase(name);
  const text = part.pick('text', 'body', 'source', 'written', 'jsonText');
  if (one === text) return null;
  const isList = part.random.chance(0.4);
  const many = pluralOf(one);
  const type = isList ? `List<${name}>` : name;
  const variable = isList ? many : one;
  const members = part.random.sample(
    [
      'String code',
      'Integer quantity',
      'Decimal price',
      'Date dueDate',
      'Id ownerId',
      `String ${unknownWord(part.random)}`,
    ],
    part.random.integer(2, 3),
  );
  const isNull = part.random.chance(0.4);
  const strict = part.pick('deserialize', 'deserialize', 'deserializeStrict');
  const methods = part.random.shuffled([
    apex`
      ${told(part, part.pick(`the ${variable} as JSON`, `writes the ${variable} as JSON`, `returns JSON of the ${variable}`), [variable])}
      ${head(part, 'String', part.pick('toJson', 'write', 'serialize'), `${type} ${seen(variable)}`)}
          return JSON.${free('')}serialize${part.pick('', '', 'Pretty')}(${variable});
      }
    `,
    apex`
      ${told(part, part.pick(`reads ${isList ? 'a list' : 'one'} from JSON${isNull ? '; null when there is no text' : ''}`, `the ${variable} that the ${text} describes`), [text])}
      ${head(part, type, part.pick('fromJson', 'read', 'parse'), `String ${seen(text)}`)}
          ${isNull ? `if (String.isBlank(${text})) {\n    return null;\n}` : ''}
          return (${type}) JSON.${free('')}${strict}(${text}, ${type}.class);
      }
    `,
  ]);
  const constants = part.random.chance(0.2)
    ? `public static final String ${free(`${constantName(`${one}Key`)} = '${unknownWord(part.random)}'`)};\n\n`
    : '';
  return `${constants}public class ${free(name)} {\n${members.map((member) => `    public ${free(member)};`).join('\n')}\n}\n\n${methods.join('\n\n')}`;
};
