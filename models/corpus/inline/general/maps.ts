/** Maps and sets: counting, grouping, inverting, comparing, looking up, and values of a known type out of a map of anything. */
import { capitalized, pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import {
  drawItems,
  fresh,
  head,
  named,
  parametersOf,
  resultName,
  spoken,
  told,
  valueOf,
  type Items,
} from './items.js';

interface Key {
  readonly type: string;
  readonly said: string;
  readonly name: string;
  readonly code: string;
}

/** What the items are grouped by: the item, a part of it, or one of its fields. */
function keyOf(part: Part, items: Items): Key {
  const value = valueOf(items, items.one);
  const label = items.valueLabel;
  const plain = { type: items.valueType, said: label, name: spoken(label), code: value };
  switch (items.valueType) {
    case 'String':
      return part.pick<Key>(
        plain,
        { type: 'String', said: 'first letter', name: 'initial', code: `${value}.substring(0, 1)` },
        { type: 'Integer', said: 'length', name: 'length', code: `${value}.length()` },
        { type: 'String', said: `${label} in lower case`, name: 'lower', code: `${value}.toLowerCase()` },
      );
    case 'Date':
      return part.pick<Key>(
        plain,
        { type: 'Integer', said: 'month', name: 'month', code: `${value}.month()` },
        { type: 'Integer', said: 'year', name: 'year', code: `${value}.year()` },
        {
          type: 'Date',
          said: 'first day of the month',
          name: 'monthStart',
          code: `${value}.toStartOfMonth()`,
        },
      );
    default:
      return plain;
  }
}

/** A variable for the key, or the expression itself each time. */
function keyed(
  part: Part,
  items: Items,
  key: Key,
  used: readonly string[],
): { readonly line: string; readonly key: string } {
  if (key.code === items.one || part.random.chance(0.35)) return { line: '', key: key.code };
  const name = fresh(
    part,
    [items.one, items.many, ...used],
    'key',
    key.name.replace(/[^a-z]/gi, ''),
    'groupKey',
    'bucket',
  );
  return { line: `${key.type} ${seen(name)} = ${key.code};`, key: name };
}

/** How often each value occurs, or what it sums up to. */
export const countedBy: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'day', 'id', 'record', 'inner');
  if (items === null) return null;
  const key = keyOf(part, items);
  const type = `Map<${key.type}, Integer>`;
  const out = resultName(
    part,
    [items.one, items.many],
    'counts',
    'occurrences',
    'frequencies',
    `countBy${pascalCase(key.name.replace(/[^a-z]/gi, ''))}`,
    'tally',
    'histogram',
  );
  const { line, key: by } = keyed(part, items, key, [out]);
  const current = fresh(
    part,
    [items.one, items.many, out, by],
    'current',
    'known',
    'soFar',
    'before',
    'previous',
  );
  const body = part.random.weighted([
    [
      3,
      apex`
      if (!${out}.containsKey(${by})) {
          ${out}.put(${by}, 0);
      }
      ${out}.put(${by}, ${out}.get(${by}) + 1);
    `,
    ],
    [
      2,
      apex`
      Integer ${seen(current)} = ${out}.containsKey(${by}) ? ${out}.get(${by}) : 0;
      ${out}.put(${by}, ${current} + 1);
    `,
    ],
    [
      1,
      apex`
      if (${out}.containsKey(${by})) {
          ${out}.put(${by}, ${out}.get(${by}) + 1);
      } else {
          ${out}.put(${by}, 1);
      }
    `,
    ],
    [
      1,
      apex`
      Integer ${seen(current)} = ${out}.get(${by});
      ${out}.put(${by}, ${current} == null ? 1 : ${current} + 1);
    `,
    ],
  ]);
  return apex`
    ${items.declared}${told(part, part.pick(`how often each ${key.said} occurs`, `counts the ${items.noun} by ${key.said}`, `number of ${items.noun} for each ${key.said}`, `returns a map of the ${key.said} to the number of ${items.noun}`), [items.many])}
    ${head(part, type, part.pick(named('count By', key.name), named('count', items.Nouns), 'frequencies', named('occurrences By', key.name)).replace(/[^A-Za-z0-9]/g, ''), ...parametersOf(items))}
        ${type} ${seen(out)} = new ${type}();
        for (${items.type} ${items.newOne} : ${items.many}) {
            ${line}
            ${body}
        }
        return ${out};
    }
  `;
};

/** Lists or sets of items by a key of theirs. */
export const groupedBy: Member = (part) => {
  const items = drawItems(part, 'text', 'day', 'record', 'inner');
  if (items === null) return null;
  const key = keyOf(part, items);
  if (key.code === items.one) return null;
  const group = `${part.random.chance(0.8) ? 'List' : 'Set'}<${items.type}>`;
  const type = `Map<${key.type}, ${group}>`;
  const Key = pascalCase(key.name.replace(/[^a-z ]/gi, ''));
  const out = resultName(
    part,
    [items.one, items.many],
    'groups',
    'grouped',
    `${items.many}By${Key}`,
    `by${Key}`,
    'buckets',
  );
  const { line, key: by } = keyed(part, items, key, [out]);
  const list = fresh(
    part,
    [items.one, items.many, out, by],
    'companions',
    'members',
    'bucketItems',
    'sameKey',
  );
  const body = part.random.weighted([
    [
      3,
      apex`
      if (!${out}.containsKey(${by})) {
          ${out}.put(${by}, new ${group}());
      }
      ${out}.get(${by}).add(${items.one});
    `,
    ],
    [
      1,
      apex`
      ${group} ${seen(list)} = ${out}.get(${by});
      if (${list} == null) {
          ${list} = new ${group}();
          ${out}.put(${by}, ${list});
      }
      ${list}.add(${items.one});
    `,
    ],
    [
      1,
      apex`
      if (${out}.containsKey(${by})) {
          ${out}.get(${by}).add(${items.one});
      } else {
          ${out}.put(${by}, new ${group}{ ${items.one} });
      }
    `,
    ],
  ]);
  return apex`
    ${items.declared}${told(part, part.pick(`groups the ${items.noun} by ${key.said}`, `the ${items.noun} of each ${key.said}`, `returns the ${items.noun} under their ${key.said}`), [items.many])}
    ${head(part, type, part.pick(`groupBy${Key}`, `${named(items.Nouns)}By${Key}`, `mapBy${Key}`), ...parametersOf(items))}
        ${type} ${seen(out)} = new ${type}();
        for (${items.type} ${items.newOne} : ${items.many}) {
            ${line}
            ${body}
        }
        return ${out};
    }
  `;
};

/** Keys become values, and values keys; or the same over the keys with a filter or a merge. */
export const reworkedMap: Member = (part) => {
  const [keyType, valueType] = part.pick(
    ['String', 'String'],
    ['String', 'Integer'],
    ['Id', 'String'],
    ['Integer', 'String'],
    ['Date', 'Decimal'],
    ['String', 'Decimal'],
    ['Id', 'Decimal'],
  ) as [string, string];
  const map = part.random.chance(0.2)
    ? `${unknownWord(part.random)}Map`
    : part.pick(
        'codesByName',
        'labels',
        'prices',
        'source',
        'entries',
        'settings',
        'translations',
        'weights',
      );
  const key = part.pick('key', 'key', 'code', 'name', 'entryKey', 'k');
  const type = `Map<${keyType}, ${valueType}>`;
  const isNumber = valueType === 'Integer' || valueType === 'Decimal';
  const loop = `for (${keyType} ${seen(key)} : ${map}.keySet()) {`;
  const ways = ['inverted', 'kept', 'joined', ...(isNumber ? ['raised', 'total', 'best'] : [])];
  switch (part.random.pick(ways)) {
    case 'inverted': {
      const turned = `Map<${valueType}, ${keyType}>`;
      const out = resultName(part, [map, key], 'inverted', 'reversed', 'turned', 'backwards', 'keysByValue');
      return mapMethod(
        part,
        `turns the ${map} around: values become keys`,
        turned,
        part.pick('invert', 'swap', 'reverse', 'turnAround'),
        [`${type} ${seen(map)}`],
        turned,
        out,
        [loop, `    ${out}.put(${map}.get(${key}), ${key});`, '}'],
        out,
      );
    }
    case 'kept': {
      const allowed = part.pick('allowed', 'wanted', 'permitted', 'selectedKeys');
      const isWithout = part.random.chance(0.5);
      const out = resultName(part, [map, key], 'kept', 'filtered', 'remaining', 'reduced');
      return mapMethod(
        part,
        isWithout
          ? `the ${map} without those keys that are ${spoken(allowed)}`
          : `only those ${map} whose key is ${spoken(allowed)}`,
        type,
        part.pick(
          isWithout ? 'without' : 'only',
          isWithout ? 'omit' : 'pick',
          isWithout ? 'removeKeys' : 'retainKeys',
        ),
        [`${type} ${seen(map)}`, `Set<${keyType}> ${seen(allowed)}`],
        type,
        out,
        [
          loop,
          `    if (${isWithout ? '!' : ''}${allowed}.contains(${key})) {`,
          `        ${out}.put(${key}, ${map}.get(${key}));`,
          '    }',
          '}',
        ],
        out,
      );
    }
    case 'joined': {
      const out = fresh(part, [map, key], 'lines', 'pairs', 'texts', 'pieces', 'written');
      const [sign, separator] = [part.pick('=', ': ', ' -> ', '|'), part.pick(', ', '&', '; ', '\\n')];
      return mapMethod(
        part,
        `writes the ${map} as ${key}${sign}value, separated by "${separator}"`,
        'String',
        part.pick('describe', 'toText', 'joinEntries', 'asString'),
        [`${type} ${seen(map)}`],
        'List<String>',
        out,
        [loop, `    ${out}.add(${key} + '${sign}' + ${map}.get(${key}));`, '}'],
        `String.join(${out}, '${separator}')`,
      );
    }
    case 'raised': {
      const other = part.pick('additions', 'others', 'increments', 'received');
      return apex`
        ${told(part, part.pick(`adds the ${other} to the ${map}; unknown keys are taken over`, `takes the ${other} into the ${map}, summing those of the same key`), [map, other])}
        ${free(`${part.style.access} static void ${part.pick('mergeInto', 'addAllTo', 'sumInto')}`)}(${type} ${seen(map)}, ${type} ${seen(other)}) {
            for (${keyType} ${seen(key)} : ${other}.keySet()) {
                if (${map}.containsKey(${key})) {
                    ${map}.put(${key}, ${map}.get(${key}) + ${other}.get(${key}));
                } else {
                    ${map}.put(${key}, ${other}.get(${key}));
                }
            }
        }
      `;
    }
    case 'total': {
      const [total, one] = [
        fresh(part, [map], 'total', 'sum', 'overall'),
        fresh(part, [map], 'value', 'amount', 'one', 'weight'),
      ];
      return mapMethod(
        part,
        `sum of all values of the ${map}`,
        valueType,
        part.pick('totalOf', 'sumValues', 'total'),
        [`${type} ${seen(map)}`],
        `${valueType} = 0`,
        total,
        [`for (${valueType} ${seen(one)} : ${map}.values()) {`, `    ${total} += ${one};`, '}'],
        total,
      );
    }
    default: {
      const [best, sign, word] = part.pick(
        ['best', '>', 'highest'],
        ['cheapest', '<', 'lowest'],
        ['leader', '>', 'greatest'],
        ['smallest', '<', 'least'],
      ) as [string, string, string];
      return mapMethod(
        part,
        `the key with the ${word} value of the ${map}; null when there is none`,
        keyType,
        part.pick('keyOf', 'find', 'get') + capitalized(best),
        [`${type} ${seen(map)}`],
        `${keyType} = null`,
        best,
        [
          loop,
          `    if (${best} == null || ${map}.get(${key}) ${sign} ${map}.get(${best})) {`,
          `        ${best} = ${key};`,
          '    }',
          '}',
        ],
        best,
      );
    }
  }
};

function mapMethod(
  part: Part,
  said: string,
  returned: string,
  name: string,
  parameters: readonly string[],
  type: string,
  out: string,
  loop: readonly string[],
  answer: string,
): string {
  const [declared, value] = type.split(' = ') as [string, string | undefined];
  return apex`
    ${told(part, said)}
    ${head(part, returned, name, ...parameters)}
        ${declared} ${seen(out)} = ${value ?? `new ${declared}()`};
        ${loop}
        return ${answer};
    }
  `;
}

/** What two sets have in common, or only one of them has. */
export const setOperation: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'id', 'day');
  if (items === null) return null;
  const set = `Set<${items.type}>`;
  const [one, two] = part.pick(
    ['first', 'second'],
    ['before', 'after'],
    ['expected', 'actual'],
    ['present', 'required'],
    [`old${items.Nouns}`, `new${items.Nouns}`],
    ['granted', 'needed'],
    ['known', 'received'],
  ) as [string, string];
  const which = part.pick('common', 'missing', 'together', 'either');
  const out = resultName(part, [one, two, items.one], which, 'outcome', `${which}${items.Nouns}`, 'answer');
  const isLoop = which !== 'together' && which !== 'either' && part.random.chance(0.5);
  const [said, names, lines] = {
    common: [
      `the ${items.noun} that are in both ${one} and ${two}`,
      ['intersection', 'inBoth', 'common'],
      [`${out}.retainAll(${two});`],
    ],
    missing: [
      `the ${items.noun} of ${one} that are not in ${two}`,
      ['difference', 'minus', 'without'],
      [`${out}.removeAll(${two});`],
    ],
    together: [
      `the ${items.noun} of ${one} and ${two} together`,
      ['union', 'merged', 'allOf'],
      [`${out}.addAll(${two});`],
    ],
    either: [
      `the ${items.noun} that are only in one of ${one} and ${two}`,
      ['symmetricDifference', 'changedOnes', 'inOneOnly'],
      [`${out}.addAll(${two});`],
    ],
  }[which] as unknown as [string, readonly string[], readonly string[]];
  const both = fresh(part, [one, two, out, items.one], 'shared', 'both', 'overlap');
  const body = isLoop
    ? apex`
      ${set} ${seen(out)} = new ${set}();
      for (${items.type} ${seen(items.one)} : ${one}) {
          if (${which === 'missing' ? '!' : ''}${two}.contains(${items.one})) {
              ${out}.add(${items.one});
          }
      }
    `
    : apex`
      ${set} ${seen(out)} = new ${set}(${one});
      ${lines}
      ${which === 'either' ? `${set} ${seen(both)} = new ${set}(${one});\n${both}.retainAll(${two});\n${out}.removeAll(${both});` : ''}
    `;
  return apex`
    ${told(part, part.pick(said, `returns ${said}`, `gives ${said}`), [one, two])}
    ${head(part, set, part.random.pick(names) + (part.random.chance(0.3) ? items.Nouns : ''), `${set} ${seen(one)}`, `${set} ${seen(two)}`)}
        ${body}
        return ${out};
    }
  `;
};

/** Each item once, or those that come again. */
export const duplicates: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'id', 'day', 'record', 'inner');
  if (items === null) return null;
  const value = valueOf(items, items.one);
  const [set, list] = [`Set<${items.valueType}>`, `List<${items.type}>`];
  const known = fresh(
    part,
    [items.one, items.many],
    'seen',
    'known',
    'visited',
    'met',
    'encountered',
    `known${pascalCase(items.valueLabel)}`.replace(/[^A-Za-z]/g, ''),
  );
  const isUnique = part.random.chance(0.6);
  const out = resultName(
    part,
    [items.one, items.many, known],
    ...(isUnique
      ? ['unique', 'distinct', 'deduplicated', 'singles']
      : ['repeated', 'duplicates', 'doubles', 'extras']),
  );
  const body = isUnique
    ? part.pick(
        `if (!${known}.contains(${value})) {\n    ${known}.add(${value});\n    ${out}.add(${items.one});\n}`,
        `if (${known}.add(${value})) {\n    ${out}.add(${items.one});\n}`,
        `if (${known}.contains(${value})) {\n    continue;\n}\n${known}.add(${value});\n${out}.add(${items.one});`,
      )
    : part.pick(
        `if (${known}.contains(${value})) {\n    ${out}.add(${items.one});\n} else {\n    ${known}.add(${value});\n}`,
        `if (!${known}.add(${value})) {\n    ${out}.add(${items.one});\n}`,
      );
  const by = items.member === '' ? '' : ` by ${items.valueLabel}`;
  const said = isUnique
    ? part.pick(
        `each of the ${items.noun} once${by}, in their order`,
        `the ${items.noun} without duplicates${by}`,
        `keeps only the first of equal ${items.noun}${by}`,
      )
    : part.pick(
        `the ${items.noun} that occurred before${by}`,
        `which of the ${items.noun} come again${by}?`,
        `all ${items.noun} that are duplicates of an earlier one${by}`,
      );
  return apex`
    ${items.declared}${told(part, said, [items.many])}
    ${head(part, list, isUnique ? part.pick('distinct', 'unique', named('unique', items.Nouns), 'dedupe') : part.pick('duplicates', named('find Repeated', items.Nouns), 'repeated', named('duplicate', items.Nouns)), ...parametersOf(items))}
        ${set} ${seen(known)} = new ${set}();
        ${list} ${seen(out)} = new ${list}();
        for (${items.type} ${items.newOne} : ${items.many}) {
            ${body}
        }
        return ${out};
    }
  `;
};

/** A map of constants, and what is given for other keys. */
export const lookupDefault: Member = (part) => {
  const type = part.pick('String', 'Integer', 'Decimal', 'Boolean');
  const noun = part.random.chance(0.3)
    ? unknownWord(part.random)
    : part.pick('color', 'rate', 'limit', 'icon', 'weight', 'region', 'priority', 'surcharge', 'channel');
  const sourceNoun = part.random.chance(0.3)
    ? unknownWord(part.random)
    : part.pick('country', 'tier', 'category', 'grade', 'status', 'season', 'code');
  if (noun === sourceNoun) return null;
  const map = `${noun.toUpperCase()}_BY_${sourceNoun.toUpperCase()}`;
  const otherwise = part.pick(
    `DEFAULT_${noun.toUpperCase()}`,
    `STANDARD_${noun.toUpperCase()}`,
    `${noun.toUpperCase()}_OTHERWISE`,
  );
  const value = (): string =>
    type === 'String'
      ? `'${unknownWord(part.random)}'`
      : type === 'Boolean'
        ? part.pick('true', 'false')
        : String(part.random.integer(1, 90));
  const keys = Array.from(
    { length: part.random.integer(2, 4) },
    () => `'${capitalized(unknownWord(part.random))}'`,
  );
  if (new Set(keys).size < keys.length) return null;
  const entries = keys
    .map((key, index) => `    ${free(`${key} => ${value()}`)}${index === keys.length - 1 ? '' : ','}`)
    .join('\n');
  const declared = part.random.shuffled([
    `private static final Map<String, ${type}> ${free(map)} = new Map<String, ${type}>{\n${entries}\n};`,
    `private static final ${type} ${free(`${otherwise} = ${value()}`)};`,
  ]);
  const found = part.pick('found', 'known', noun);
  const body = part.pick(
    `return ${map}.containsKey(${sourceNoun}) ? ${map}.get(${sourceNoun}) : ${otherwise};`,
    `if (${map}.containsKey(${sourceNoun})) {\n    return ${map}.get(${sourceNoun});\n}\nreturn ${otherwise};`,
    `if (!${map}.containsKey(${sourceNoun})) {\n    return ${otherwise};\n}\nreturn ${map}.get(${sourceNoun});`,
    `${type} ${seen(found)} = ${map}.get(${sourceNoun});\nreturn ${found} == null ? ${otherwise} : ${found};`,
    `${type} ${seen(found)} = ${map}.get(${sourceNoun});\nreturn ${found} ?? ${otherwise};`,
  );
  return apex`
    ${declared}

    ${told(part, part.pick(`the ${noun} of a ${sourceNoun}; ${otherwise} when it is not known`, `which ${noun} does the ${sourceNoun} have?`, `returns the ${noun} for the given ${sourceNoun}, else the default`), [sourceNoun])}
    ${head(part, type, part.pick(named('get', noun), named(noun, 'For'), named('find', noun), named(noun, 'Of')), `String ${seen(sourceNoun)}`)}
        ${body}
    }
  `;
};

const getterTypes = [
  'String',
  'Integer',
  'Decimal',
  'Boolean',
  'Date',
  'Id',
  'Datetime',
  'Long',
  'Double',
] as const;

/** Values of a known type out of a map of anything: one getter like the other. */
export const typedGetters: Member = (part) => {
  const map = part.pick(
    'values',
    'parameters',
    'arguments',
    'body',
    'settings',
    'attributes',
    'payload',
    'options',
  );
  const key = part.pick('key', 'name', 'attribute', 'parameter');
  const verb = part.pick('get', 'read', 'as', 'require', 'optional');
  const types = part.random.sample(getterTypes, part.random.integer(2, 4));
  const isField = part.random.chance(0.6);
  const access = isField && part.style.hasThis ? `this.${map}` : map;
  const way = part.pick('cast', 'guarded', 'variable', 'valueOf');
  const object = part.pick('value', 'raw', 'found', 'held');
  const getters = types.map((type, index) => {
    const parameters = `${isField ? '' : `Map<String, Object> ${seen(map)}, `}String ${seen(key)}`;
    const get = `${access}.get(${key})`;
    const cast = type === 'Long' || type === 'Double' || way !== 'valueOf' ? `(${type}) ` : '';
    const body = {
      cast: [`return (${type}) ${get};`],
      guarded: [`if (!${access}.containsKey(${key})) {`, '    return null;', '}', `return (${type}) ${get};`],
      variable: [
        `Object ${seen(object)} = ${get};`,
        `return ${object} == null ? null : (${type}) ${object};`,
      ],
      valueOf: [cast === '' ? `return ${type}.valueOf(String.valueOf(${get}));` : `return ${cast}${get};`],
    }[way];
    if (way === 'valueOf' && type === 'String') body.splice(0, 1, `return String.valueOf(${get});`);
    const opening =
      index === 0
        ? free(`public${isField ? '' : ' static'} ${type} ${verb}${type}`)
        : `public${isField ? '' : ' static'} ${seen(type)} ${verb}${type}`;
    return apex`
      ${opening}(${parameters}) {
          ${body}
      }
    `;
  });
  const field = apex`
    private final Map<String, Object> ${seen(map)};

    public ${part.className}(Map<String, Object> ${map}) {
        this.${map} = ${map};
    }
  `;
  return [...(isField ? [field] : []), ...getters].join('\n\n');
};
