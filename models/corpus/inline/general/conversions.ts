/** Lists and maps that are made of others: converted, flattened, zipped. */
import { apex, free, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { drawItems, looped, parametersOf, valueOf, type Items } from './items.js';
import { fresh, head, indexNames, named, resultName, told } from './words.js';

/** Makes a list or set of another list, each item changed in the same way. */
export const converted: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null) return null;
  const [type, said, name, code] = conversionOf(part, items);
  const list = part.random.weighted([
    [5, 'List'],
    [1, 'Set'],
  ] as const);
  const out = resultName(
    part,
    [items.one, items.many],
    'converted',
    'changed',
    `${name}${items.Nouns}`,
    'outcome',
    'mapped',
    'collected',
    'values',
  );
  const isNullSafe = part.random.chance(0.25);
  const nullable = (one: string): string =>
    items.member === '' || type === items.type ? one : valueOf(items, one);
  const body = (one: string): string =>
    isNullSafe
      ? `${free('')}if (${nullable(one)} != null) {\n    ${out}.add(${code(one)});\n}`
      : `${out}.add(${code(one)});`;
  return apex`
    ${items.declared}${told(part, part.pick(`the ${items.noun}, ${said}`, `returns the ${items.noun} ${said}`, `gives a ${list.toLowerCase()} of the ${items.noun} ${said}`), [items.many], '', items.member === '')}
    ${head(part, `${list}<${type}>`, part.pick(named(name, items.Nouns), named('to', name), named('get', name, items.Nouns), named(name, 'All')), ...parametersOf(items))}
        ${list}<${type}> ${seen(out)} = new ${list}<${type}>();
        ${looped(part, items, body, [out])}
        return ${out};
    }
  `;
};

type Conversion = readonly [type: string, said: string, name: string, code: (one: string) => string];

/** A way to change the items: into their field, or by what their type can do. */
function conversionOf(part: Part, items: Items): Conversion {
  if (items.member !== '') {
    const label = items.valueLabel;
    const name = named(label.replace(/[^A-Za-z ]/g, ''), 'of');
    return [items.valueType, `as their ${label}`, name, (one) => valueOf(items, one)];
  }
  const nextDay = part.pick('following', 'following', 'following', 'nextDay');
  switch (items.type) {
    case 'String':
      return part.pick<Conversion>(
        ['String', 'in upper case', 'upper', (one) => `${one}.toUpperCase()`],
        ['String', 'in lower case', 'lower', (one) => `${one}.toLowerCase()`],
        ['String', 'without blanks around them', 'trimmed', (one) => `${one}.trim()`],
        ['Integer', 'as their lengths', 'length', (one) => `${one}.length()`],
        ['Integer', 'as whole numbers', 'integer', (one) => `Integer.valueOf(${one})`],
        ['String', 'in single quotes', 'quoted', (one) => `'\\'' + ${one} + '\\''`],
        ['String', 'with the first letter large', 'capitalized', (one) => `${one}.capitalize()`],
        ['String', 'reversed', 'reversed', (one) => `${one}.reverse()`],
      );
    case 'Integer':
    case 'Decimal':
      return part.pick<Conversion>(
        ['String', 'as text', 'string', (one) => `String.valueOf(${one})`],
        [items.type, 'without their signs', 'absolute', (one) => `Math.abs(${one})`],
        [items.type, 'doubled', 'doubled', (one) => `${one} * 2`],
        [items.type, 'squared', 'squared', (one) => `${one} * ${one}`],
        [items.type, 'negated', 'negated', (one) => `-${one}`],
      );
    default:
      return part.pick<Conversion>(
        ['Integer', 'as their years', 'year', (one) => `${one}.year()`],
        ['Integer', 'as their months', 'month', (one) => `${one}.month()`],
        ['String', 'as text', 'formatted', (one) => `${one}.format()`],
        ['Date', 'each as the first of its month', 'monthStart', (one) => `${one}.toStartOfMonth()`],
        ['Date', 'one day later', nextDay, (one) => `${one}.addDays(1)`],
      );
  }
}

/** Makes one list of a list of lists, or of a map of lists. */
export const flattened: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'decimal', 'day', 'id', 'record', 'inner');
  if (items === null) return null;
  const list = `List<${items.type}>`;
  const nested = fresh(
    part,
    [items.one, items.many],
    'nested',
    'groups',
    'lists',
    'blocks',
    'batches',
    'buckets',
  );
  const one = fresh(
    part,
    [items.one, nested],
    nested === 'groups' ? 'members' : 'inside',
    'bucket',
    'block',
    items.many,
  );
  const isMap = part.random.chance(0.45);
  const keyType = part.pick('String', 'Id', 'Integer', 'Date');
  const type = isMap ? `Map<${keyType}, ${list}>` : `List<${list}>`;
  const key = fresh(part, [items.one, nested, one], 'key', `${nested}Key`, 'name');
  const out = resultName(
    part,
    [items.one, nested, one, key],
    'flat',
    'everything',
    'flattened',
    'together',
    `flat${items.Nouns}`,
    `every${items.Noun}`,
  );
  const isDeep = part.random.chance(0.4);
  const add = (inside: string): string =>
    isDeep
      ? `for (${items.type} ${items.newOne} : ${inside}) {\n        ${out}.add(${items.one});\n    }`
      : `${out}.addAll(${inside});`;
  const overLists = (lists: string): string => `for (${list} ${seen(one)} : ${lists}) {\n    ${add(one)}\n}`;
  const overMap = (): string =>
    part.random.chance(0.6)
      ? overLists(`${nested}.values()`)
      : `for (${keyType} ${seen(key)} : ${nested}.keySet()) {\n    ${add(`${nested}.get(${key})`)}\n}`;
  const loop = isMap ? overMap() : overLists(nested);
  return apex`
    ${items.declared}${told(part, part.pick(`all ${items.noun} in one list`, `makes one list of the ${nested}`, `flattens the ${nested}`, `puts the ${items.noun} of all ${nested} together`), [nested])}
    ${head(part, list, part.pick('flatten', named('flatten', items.Nouns), named('all', items.Nouns), 'concatenate', 'inOneList'), `${type} ${seen(nested)}`)}
        ${list} ${seen(out)} = new ${list}();
        ${loop}
        return ${out};
    }
  `;
};

/** Makes a map of two lists: what stands at the same place belongs together. */
export const zippedLists: Member = (part) => {
  const keys = drawItems(part, 'text', 'id', 'day', 'whole');
  const values = drawItems(part, 'text', 'whole', 'decimal', 'day', 'record');
  if (keys === null || values === null || keys.many === values.many || keys.one === values.one) return null;
  const i = fresh(part, [keys.one, keys.many, values.many, values.one], ...indexNames);
  const used = [keys.many, values.many, keys.one, values.one, i];
  const type = `Map<${keys.type}, ${values.type}>`;
  const out = resultName(part, used, 'zipped', `${values.one}By${keys.Noun}`, 'pairs', 'combined', 'merged');
  const shorter = fresh(part, [...used, out], 'shorter', 'shared', 'length', 'pairCount', 'steps');
  const how = part.pick('first', 'least', 'thrown');
  const check = {
    first: '',
    least: `Integer ${seen(shorter)} = Math.min(${keys.many}.size(), ${values.many}.size());`,
    thrown: `${free('')}if (${keys.many}.size() != ${values.many}.size()) {\n    throw new IllegalArgumentException(${free(`'${part.pick('The lists differ in length', 'Sizes must be equal', 'One value for each key, please')}'`)});\n}`,
  }[how];
  return apex`
    ${told(part, part.pick(`a map of the ${keys.noun} to the ${values.noun} at the same places`, `zips ${keys.noun} and ${values.noun}`, `joins each ${keys.nounOne} with the ${values.nounOne} of the same index`), [keys.many, values.many])}
    ${head(part, type, part.pick('zip', 'combine', 'toMap', named('map', keys.Nouns)), `List<${keys.type}> ${keys.newMany}`, `List<${values.type}> ${values.newMany}`)}
        ${check}
        ${type} ${seen(out)} = new ${type}();
        for (Integer ${seen(i)} = 0; ${i} < ${how === 'least' ? shorter : `${keys.many}.size()`}; ${i}++) {
            ${out}.put(${keys.many}[${i}], ${values.many}[${i}]);
        }
        return ${out};
    }
  `;
};
