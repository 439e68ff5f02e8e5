/** Small general tools whose methods come in pairs: ends of a list, stacks and queues, ranges, pairs, counters. */
import { capitalized } from '../../../phrase.js';
import { apex, free, seen } from '../../apex.js';
import type { Member } from '../../part.js';
import { self } from '../../scope/words.js';

const elementTypes = ['String', 'Integer', 'Decimal', 'Id', 'Date', 'Object'] as const;

/** Smallest and largest, first and last, in static methods over a list. */
export const endsOfList: Member = (part) => {
  const type = part.pick('Integer', 'Decimal', 'Date', 'Datetime', 'Long');
  const list = part.pick('values', 'items', 'entries', 'series', 'given');
  const one = part.pick('value', 'item', 'entry', 'one', 'candidate');
  const [low, high] = part.pick(
    ['min', 'max'],
    ['smallest', 'largest'],
    ['lowest', 'highest'],
    ['least', 'most'],
  ) as [string, string];
  const guard = part.pick(
    `if (${list} == null || ${list}.isEmpty()) {\n    return null;\n}`,
    `if (${list}.isEmpty()) return null;`,
    `if (${list}.isEmpty()) {\n    return null;\n}`,
  );
  const isIndex = part.random.chance(0.3);
  const ends = (name: string, sign: string): string => {
    const element = isIndex ? `${list}[i]` : one;
    const open = isIndex
      ? `for (Integer i = 1; i < ${list}.size(); i++) {`
      : `for (${type} ${seen(one)} : ${list}) {`;
    return apex`
      public static ${type} ${name}(List<${type}> ${seen(list)}) {
          ${guard}
          ${type} ${seen('found')} = ${list}[0];
          ${open}
              if (${element} ${sign} found) {
                  found = ${element};
              }
          }
          return found;
      }
    `;
  };
  const edge = (name: string, at: string): string => apex`
    public static ${type} ${name}(List<${type}> ${seen(list)}) {
        ${guard}
        return ${list}[${at}];
    }
  `;
  const minMax = [ends(free(low), '<'), ends(free(high), '>')];
  const firstLast = [edge(free('first'), '0'), edge(free('last'), `${list}.size() - 1`)];
  const range = `public static ${type} ${free('span')}(List<${type}> ${seen(list)}) {\n    ${guard.replace(/\n/g, '\n    ')}\n    return ${high}(${list}) - ${low}(${list});\n}`;
  const hasRange = /Integer|Decimal|Long/.test(type) && part.random.chance(0.5);
  return [
    free(`// ${part.pick('null for an empty list', 'An empty list has none: null')}`),
    part.random
      .shuffled([minMax, firstLast])
      .slice(0, part.random.integer(1, 2))
      .flat()
      .concat(hasRange ? [range] : [])
      .join('\n\n'),
  ].join('\n');
};

/** A stack or a queue as a class of its own. */
export const stackOrQueue: Member = (part) => {
  const type = part.pick(...elementTypes, part.thing.api);
  const list = part.pick('items', 'elements', 'entries', 'content', 'store');
  const one = part.pick('item', 'element', 'value', 'entry');
  const isStack = !/Queue|Backlog/.test(part.className);
  const me = self(part);
  const [add, take, look] = isStack
    ? ['push', 'pop', 'peek']
    : part.pick(['enqueue', 'dequeue', 'peek'], ['add', 'poll', 'peek']);
  const end = isStack ? `${me}${list}.size() - 1` : '0';
  const isThrow = part.random.chance(0.3);
  const answer = isThrow
    ? `throw new ${part.pick('IllegalArgumentException', 'NoSuchElementException')}(${free(`'${isStack ? 'The stack' : 'The queue'} is empty'`)});`
    : 'return null;';
  const guard = `if (${part.pick('isEmpty()', `${me}${list}.isEmpty()`)}) {\n    ${answer}\n}`;
  const isLocal = part.random.chance(0.3);
  const limited = part.random.chance(0.25);
  const said = isStack ? 'the last one in is the first one out' : 'the first one in is the first one out';
  const methods = [
    apex`
      ${free(`public ${limited ? 'Boolean' : 'void'} ${add!}`)}(${type} ${seen(one)}) {
          ${limited ? `if (${me}${list}.size() >= LIMIT_SIZE) {\n    return false;\n}` : ''}
          ${me}${list}.add(${one});
          ${limited ? 'return true;' : ''}
      }
    `,
    apex`
      public ${type} ${take!}() {
          ${guard}
          ${isLocal ? `${type} ${seen('taken')} = ${me}${list}[${end}];\n${me}${list}.remove(${end});\nreturn taken;` : `return ${me}${list}.remove(${end});`}
      }
    `,
    apex`
      public ${type} ${look!}() {
          ${guard}
          return ${me}${list}[${end}];
      }
    `,
    `public Boolean isEmpty() {\n    return ${me}${list}.isEmpty();\n}`,
    `${free('public Integer size')}() {\n    return ${me}${list}.size();\n}`,
    ...(part.random.chance(0.4) ? [`${free('public void clear')}() {\n    ${me}${list}.clear();\n}`] : []),
  ];
  return [
    [
      free(`// ${isStack ? 'A stack' : 'A queue'}: ${said}${limited ? '; it refuses what is too much' : ''}`),
      limited
        ? `private static final Integer ${seen('LIMIT_SIZE')} = ${free(String(part.pick(10, 50, 100)))};`
        : '',
      `private ${part.pick('', 'final ')}List<${type}> ${seen(list)} = new List<${type}>();`,
    ]
      .filter((line) => line !== '')
      .join('\n'),
    ...methods,
  ].join('\n\n');
};

/** From … to, both included: what is in it, how long it is, what it shares with another. */
export const range: Member = (part) => {
  const type = part.pick('Integer', 'Decimal', 'Date');
  const [from, to] = part.pick(
    ['low', 'high'],
    ['lower', 'upper'],
    ['first', 'last'],
    ['startAt', 'endAt'],
    ['fromValue', 'toValue'],
  ) as [string, string];
  const { className } = part;
  const value = part.pick('value', 'point', 'candidate', 'given');
  const other = part.pick('other', 'another', 'that');
  const isFinal = part.random.chance(0.5);
  const accessors = isFinal ? ';' : ' { get; private set; }';
  const length = type === 'Date' ? `${from}.daysBetween(${to})` : `${to} - ${from}`;
  const declared = [from, to].map(
    (name) => `public ${isFinal ? 'final ' : ''}${type} ${seen(name)}${accessors}`,
  );
  const methods = part.random.shuffled([
    `${free('public Boolean contains')}(${type} ${seen(value)}) {\n    return ${value} >= ${from} && ${value} <= ${to};\n}`,
    `${free('public Boolean overlaps')}(${className} ${seen(other)}) {\n    return ${from} <= ${other}.${to} && ${to} >= ${other}.${from};\n}`,
    `${free(`public ${type === 'Date' ? 'Integer' : type} length`)}() {\n    return ${length};\n}`,
    `${free('public Boolean isBefore')}(${className} ${seen(other)}) {\n    return ${to} < ${other}.${from};\n}`,
    `${free('public Boolean isAfter')}(${className} ${seen(other)}) {\n    return ${from} > ${other}.${to};\n}`,
    apex`
      ${part.comment(`the nearest ${value} of the range`)}
      ${free(`public ${type} clamp`)}(${type} ${seen(value)}) {
          if (${value} < ${from}) {
              return ${from};
          }
          if (${value} > ${to}) {
              return ${to};
          }
          return ${value};
      }
    `,
  ]);
  return [
    `${free(`// ${capitalized(from)} and ${to} belong to the range`)}\n${declared.join('\n')}`,
    apex`
      public ${className}(${type} ${from}, ${type} ${to}) {
          this.${from} = ${from};
          this.${to} = ${to};
      }
    `,
    ...methods.slice(0, part.random.integer(3, 4)),
  ].join('\n\n');
};

/** Two values that belong together. */
export const pair: Member = (part) => {
  const { className } = part;
  const [left, right] = part.pick(
    ['left', 'right'],
    ['first', 'second'],
    ['key', 'value'],
    ['source', 'target'],
    ['before', 'after'],
  ) as [string, string];
  const [leftType, rightType] = [
    part.pick('String', 'Id', 'Integer'),
    part.pick('String', 'Decimal', 'Integer'),
  ];
  const isSame = leftType === rightType;
  const declared = `public ${leftType} ${seen(left)} { get; private set; }\npublic ${rightType} ${seen(right)} { get; private set; }`;
  const changed = part.random.shuffled(
    [
      [left, leftType],
      [right, rightType],
    ].map(([name, type]) => {
      const given = [left, right]
        .map((own) => (own === name ? `new${capitalized(name!)}` : `this.${own}`))
        .join(', ');
      return `${seen(`public ${className}`)} ${seen(`with${capitalized(name!)}`)}(${type!} ${seen(`new${capitalized(name!)}`)}) {\n    return new ${className}(${given});\n}`;
    }),
  );
  const other = part.pick('other', 'that', 'another');
  const methods = [
    ...changed,
    ...(isSame
      ? [
          `${free(`public ${className} swapped`)}() {\n    return new ${className}(this.${right}, this.${left});\n}`,
        ]
      : []),
    `${free('public Boolean isSameAs')}(${className} ${seen(other)}) {\n    return ${other} != null && this.${left} == ${other}.${left} && this.${right} == ${other}.${right};\n}`,
    `${free('public override String toString')}() {\n    return this.${left} + ${free("': '")} + this.${right};\n}`,
  ];
  return [
    declared,
    `public ${className}(${leftType} ${left}, ${rightType} ${right}) {\n    this.${left} = ${left};\n    this.${right} = ${right};\n}`,
    ...methods,
  ].join('\n\n');
};

type Reading = 'guard' | 'ternary';

/** How often a key was met. */
export const counter: Member = (part) => {
  const type = part.pick('String', 'Id', 'Integer');
  const map = part.pick('counts', 'tally', 'seen', 'hits', 'numbers');
  const key = part.pick('key', 'name', 'value', 'word');
  const me = self(part);
  const reading = part.pick<Reading>('guard', 'ternary');
  const of = part.pick('countOf', 'get', 'howOften', 'timesOf');
  const body =
    reading === 'guard'
      ? `if (!${me}${map}.containsKey(${key})) {\n    return 0;\n}\nreturn ${me}${map}.get(${key});`
      : `return ${me}${map}.containsKey(${key}) ? ${me}${map}.get(${key}) : 0;`;
  const methods = [
    `public void ${free('increment')}(${type} ${seen(key)}) {\n    ${me}${map}.put(${key}, ${of}(${key}) + 1);\n}`,
    `public void ${free('decrement')}(${type} ${seen(key)}) {\n    ${me}${map}.put(${key}, ${of}(${key}) - 1);\n}`,
    `public void ${free('reset')}(${type} ${seen(key)}) {\n    ${me}${map}.put(${key}, 0);\n}`,
    `public void ${free('incrementAll')}(List<${type}> ${seen(`${key}s`)}) {\n    for (${type} ${seen(key)} : ${key}s) {\n        increment(${key});\n    }\n}`,
  ].filter((_method, at) => at === 0 || part.random.chance(0.6));
  const most = apex`
    ${part.comment(`the ${key} with the highest count; null when there is none`)}
    public ${type} ${free('mostFrequent')}() {
        ${type} ${seen('best')};
        for (${type} ${seen(key)} : ${me}${map}.keySet()) {
            if (best == null || ${me}${map}.get(${key}) > ${me}${map}.get(best)) {
                best = ${key};
            }
        }
        return best;
    }
  `;
  return [
    `private ${part.pick('', 'final ')}Map<${type}, Integer> ${seen(map)} = new Map<${type}, Integer>();`,
    ...methods,
    `${part.comment(`zero for a ${key} that was never counted`)}\npublic Integer ${seen(of)}(${type} ${seen(key)}) {\n    ${body.replace(/\n/g, '\n    ')}\n}`,
    ...(part.random.chance(0.5) ? [most] : []),
  ].join('\n\n');
};
