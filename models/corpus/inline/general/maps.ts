/** Maps that are reworked or looked up in: turned around, merged, with a default, or with values of any type. */
import { capitalized } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { constantOf, fresh, head, named, resultName, spoken, told, wordOr } from './words.js';

interface DrawnMap {
  readonly map: string;
  readonly key: string;
  readonly keyType: string;
  readonly valueType: string;
  readonly type: string;
  /** The opening of a loop over the keys. */
  readonly loop: string;
}

interface MapMethod {
  readonly said: string;
  readonly returned: string;
  readonly name: string;
  readonly parameters: readonly string[];
  /** The variable that the loop fills, its type, and what it is at first if not an empty collection. */
  readonly out: string;
  readonly type: string;
  readonly start?: string;
  readonly loop: readonly string[];
  readonly answer: string;
}

/** A method that goes over a map once and returns what its loop has filled. */
function mapMethod(part: Part, method: MapMethod): string {
  const { said, returned, name, parameters, out, type, start, loop, answer } = method;
  return apex`
    ${told(part, said)}
    ${head(part, returned, name, ...parameters)}
        ${type} ${seen(out)} = ${start ?? `new ${type}()`};
        ${loop}
        return ${answer};
    }
  `;
}

/** Turns a map around, filters, writes or adds it up, merges another into it, or finds its best key. */
export const reworkedMap: Member = (part) => {
  const [keyType, valueType] = part.pick<readonly [string, string]>(
    ['String', 'String'],
    ['String', 'Integer'],
    ['Id', 'String'],
    ['Integer', 'String'],
    ['Date', 'Decimal'],
    ['String', 'Decimal'],
    ['Id', 'Decimal'],
  );
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
  const isNumber = valueType === 'Integer' || valueType === 'Decimal';
  const ways = [inverted, filtered, written, ...(isNumber ? [mergedInto, totalOfValues, bestKey] : [])];
  return part.random.pick(ways)(part, {
    map,
    key,
    keyType,
    valueType,
    type: `Map<${keyType}, ${valueType}>`,
    loop: `for (${keyType} ${seen(key)} : ${map}.keySet()) {`,
  });
};

function inverted(part: Part, { map, key, keyType, valueType, type, loop }: DrawnMap): string {
  const turned = `Map<${valueType}, ${keyType}>`;
  const out = resultName(part, [map, key], 'inverted', 'reversed', 'turned', 'backwards', 'keysByValue');
  return mapMethod(part, {
    said: `turns the ${map} around: values become keys`,
    returned: turned,
    name: part.pick('invert', 'swap', 'reverse', 'turnAround'),
    parameters: [`${type} ${seen(map)}`],
    out,
    type: turned,
    loop: [loop, `    ${out}.put(${map}.get(${key}), ${key});`, '}'],
    answer: out,
  });
}

function filtered(part: Part, { map, key, keyType, type, loop }: DrawnMap): string {
  const allowed = part.pick('allowed', 'wanted', 'permitted', 'selectedKeys');
  const isWithout = part.random.chance(0.5);
  const out = resultName(part, [map, key], 'kept', 'filtered', 'remaining', 'reduced');
  return mapMethod(part, {
    said: isWithout
      ? `the ${map} without those keys that are ${spoken(allowed)}`
      : `only those ${map} whose key is ${spoken(allowed)}`,
    returned: type,
    name: isWithout ? part.pick('without', 'omit', 'removeKeys') : part.pick('only', 'pick', 'retainKeys'),
    parameters: [`${type} ${seen(map)}`, `Set<${keyType}> ${seen(allowed)}`],
    out,
    type,
    loop: [
      loop,
      `    if (${isWithout ? '!' : ''}${allowed}.contains(${key})) {`,
      `        ${out}.put(${key}, ${map}.get(${key}));`,
      '    }',
      '}',
    ],
    answer: out,
  });
}

/** The entries in one text. */
function written(part: Part, { map, key, type, loop }: DrawnMap): string {
  const out = fresh(part, [map, key], 'lines', 'pairs', 'texts', 'pieces', 'written');
  const sign = part.pick('=', ': ', ' -> ', '|');
  const separator = part.pick(', ', '&', '; ', '\\n');
  return mapMethod(part, {
    said: `writes the ${map} as ${key}${sign}value, separated by "${separator}"`,
    returned: 'String',
    name: part.pick('describe', 'toText', 'joinEntries', 'asString'),
    parameters: [`${type} ${seen(map)}`],
    out,
    type: 'List<String>',
    loop: [loop, `    ${out}.add(${key} + '${sign}' + ${map}.get(${key}));`, '}'],
    answer: `String.join(${out}, '${separator}')`,
  });
}

/** Takes another map of numbers into it. */
function mergedInto(part: Part, { map, key, keyType, type }: DrawnMap): string {
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

function totalOfValues(part: Part, { map, valueType, type }: DrawnMap): string {
  const total = fresh(part, [map], 'total', 'sum', 'overall');
  const one = fresh(part, [map], 'value', 'amount', 'one', 'weight');
  return mapMethod(part, {
    said: `sum of all values of the ${map}`,
    returned: valueType,
    name: part.pick('totalOf', 'sumValues', 'total'),
    parameters: [`${type} ${seen(map)}`],
    out: total,
    type: valueType,
    start: '0',
    loop: [`for (${valueType} ${seen(one)} : ${map}.values()) {`, `    ${total} += ${one};`, '}'],
    answer: total,
  });
}

/** The key of the greatest or least value. */
function bestKey(part: Part, { map, key, keyType, type, loop }: DrawnMap): string {
  const [best, sign, word] = part.pick<readonly [string, string, string]>(
    ['best', '>', 'highest'],
    ['cheapest', '<', 'lowest'],
    ['leader', '>', 'greatest'],
    ['smallest', '<', 'least'],
  );
  return mapMethod(part, {
    said: `the key with the ${word} value of the ${map}; null when there is none`,
    returned: keyType,
    name: part.pick('keyOf', 'find', 'get') + capitalized(best),
    parameters: [`${type} ${seen(map)}`],
    out: best,
    type: keyType,
    start: 'null',
    loop: [
      loop,
      `    if (${best} == null || ${map}.get(${key}) ${sign} ${map}.get(${best})) {`,
      `        ${best} = ${key};`,
      '    }',
      '}',
    ],
    answer: best,
  });
}

/** A value of the type as a constant has it. */
function literalOf(part: Part, type: string): string {
  switch (type) {
    case 'String':
      return `'${unknownWord(part.random)}'`;
    case 'Boolean':
      return part.pick('true', 'false');
    default:
      return String(part.random.integer(1, 90));
  }
}

/** Declares a map of constants, and looks up what is given for other keys. */
export const lookupDefault: Member = (part) => {
  const type = part.pick('String', 'Integer', 'Decimal', 'Boolean');
  const noun = wordOr(
    part,
    0.3,
    'color',
    'rate',
    'limit',
    'icon',
    'weight',
    'region',
    'priority',
    'surcharge',
    'channel',
  );
  const sourceNoun = wordOr(part, 0.3, 'country', 'tier', 'category', 'grade', 'status', 'season', 'code');
  if (noun === sourceNoun) return null;
  const NOUN = noun.toUpperCase();
  const map = `${NOUN}_BY_${sourceNoun.toUpperCase()}`;
  const otherwise = part.pick(`DEFAULT_${NOUN}`, `STANDARD_${NOUN}`, `${NOUN}_OTHERWISE`);
  const keys = Array.from(
    { length: part.random.integer(2, 4) },
    () => `'${capitalized(unknownWord(part.random))}'`,
  );
  if (new Set(keys).size < keys.length) return null;
  const entries = keys
    .map(
      (key, index) =>
        `    ${free(`${key} => ${literalOf(part, type)}`)}${index === keys.length - 1 ? '' : ','}`,
    )
    .join('\n');
  const declared = part.random.shuffled([
    `private static final Map<String, ${type}> ${free(map)} = new Map<String, ${type}>{\n${entries}\n};`,
    constantOf(type, otherwise, literalOf(part, type)),
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

/** The code as a value of the type, by way of its text where the type can read that. */
function convertedTo(type: string, code: string): string {
  switch (type) {
    case 'Long':
    case 'Double':
      return `(${type}) ${code}`;
    case 'String':
      return `String.valueOf(${code})`;
    default:
      return `${type}.valueOf(String.valueOf(${code}))`;
  }
}

/** Gets values of a known type out of a map of anything, one getter like the other. */
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
    const body = {
      cast: [`return (${type}) ${get};`],
      guarded: [`if (!${access}.containsKey(${key})) {`, '    return null;', '}', `return (${type}) ${get};`],
      variable: [
        `Object ${seen(object)} = ${get};`,
        `return ${object} == null ? null : (${type}) ${object};`,
      ],
      valueOf: [`return ${convertedTo(type, get)};`],
    }[way];
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
