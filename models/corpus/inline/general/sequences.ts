/** Loops by index: neighbours, pieces, two lists at once, lists of lists, running values, the first of the sorted. */
import { pascalCase } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { apex, free, seen } from '../apex.js';
import type { Member } from '../part.js';
import { drawItems, fresh, head, named, parametersOf, resultName, told, valueOf } from './items.js';

const indexNames = ['i', 'i', 'i', 'index', 'idx', 'n', 'k', 'pos'] as const;

/** The items in the opposite order. */
export const reversedItems: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'decimal', 'day', 'id', 'record', 'inner');
  if (items === null) return null;
  const i = fresh(part, [items.one, items.many], ...indexNames);
  const list = `List<${items.type}>`;
  const out = resultName(
    part,
    [items.one, items.many, i],
    'reversed',
    'backwards',
    'turned',
    `reversed${items.Nouns}`,
    'answer',
  );
  const doc = told(
    part,
    part.pick(
      `the ${items.noun} in reverse order`,
      `returns the ${items.noun} from the last to the first`,
      `turns the order of the ${items.noun} around`,
      `gives the ${items.noun}, the last first`,
    ),
    [items.many],
    '',
    true,
  );
  const open = head(
    part,
    list,
    part.pick('reverse', 'reversed', named('reverse', items.Nouns), 'inReverseOrder', 'backwards'),
    ...parametersOf(items),
  );
  const body = part.random.weighted([
    [
      3,
      apex`
      for (Integer ${seen(i)} = ${items.many}.size() - 1; ${i} >= 0; ${i}--) {
          ${out}.add(${items.many}${part.pick(`[${i}]`, `.get(${i})`)});
      }
    `,
    ],
    [
      1,
      apex`
      Integer ${seen(i)} = ${items.many}.size() - 1;
      while (${i} >= 0) {
          ${out}.add(${items.many}[${i}]);
          ${i}--;
      }
    `,
    ],
    [
      1,
      apex`
      for (${items.type} ${items.newOne} : ${items.many}) {
          if (${out}.isEmpty()) {
              ${out}.add(${items.one});
          } else {
              ${out}.add(0, ${items.one});
          }
      }
    `,
    ],
  ]);
  return apex`
    ${items.declared}${doc}
    ${open}
        ${list} ${seen(out)} = new ${list}();
        ${body}
        return ${out};
    }
  `;
};

/** Pieces of a size that is given or constant. */
export const chunkedItems: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'decimal', 'day', 'id', 'record', 'inner');
  if (items === null) return null;
  const list = `List<${items.type}>`;
  const isConstant = part.random.chance(0.4);
  const size = isConstant
    ? part.pick('CHUNK_SIZE', 'BATCH_SIZE', 'MAX_PER_CALL', 'PIECE_LENGTH')
    : fresh(part, [items.one, items.many], 'size', 'chunkSize', 'length', 'perPage', 'pieceSize');
  const out = resultName(
    part,
    [items.one, items.many, size],
    'chunks',
    'pieces',
    'parts',
    'pages',
    'batches',
    'blocks',
  );
  const current = fresh(
    part,
    [items.one, items.many, out],
    'current',
    'chunk',
    'piece',
    'page',
    'batch',
    'block',
  );
  const i = fresh(part, [items.one, items.many, out, current], ...indexNames);
  const body = part.random.weighted([
    [
      3,
      apex`
      ${list} ${seen(current)} = new ${list}();
      for (${items.type} ${items.newOne} : ${items.many}) {
          ${current}.add(${items.one});
          if (${current}.size() == ${size}) {
              ${out}.add(${current});
              ${current} = new ${list}();
          }
      }
      if (!${current}.isEmpty()) {
          ${out}.add(${current});
      }
    `,
    ],
    [
      2,
      apex`
      for (Integer ${seen(i)} = 0; ${i} < ${items.many}.size(); ${i} += ${size}) {
          ${list} ${seen(current)} = new ${list}();
          for (Integer j = ${i}; j < Math.min(${i} + ${size}, ${items.many}.size()); j++) {
              ${current}.add(${items.many}[j]);
          }
          ${out}.add(${current});
      }
    `,
    ],
    [
      2,
      apex`
      for (Integer ${seen(i)} = 0; ${i} < ${items.many}.size(); ${i}++) {
          if (Math.mod(${i}, ${size}) == 0) {
              ${out}.add(new ${list}());
          }
          ${out}[${out}.size() - 1].add(${items.many}[${i}]);
      }
    `,
    ],
  ]);
  return apex`
    ${isConstant ? `private static final Integer ${free(`${size} = ${String(part.pick(50, 100, 200, 10, 25))}`)};\n\n` : ''}${items.declared}${told(part, part.pick(`cuts the ${items.noun} into pieces of ${size}`, `lists of at most ${size} ${items.noun} each`, `returns the ${items.noun} in lists that are no longer than ${size}`), [items.many])}
    ${head(part, `List<${list}>`, part.pick('chunk', 'toChunks', named('split', items.Nouns), 'inBatches', named('paginate', items.Nouns)), ...parametersOf(items), ...(isConstant ? [] : [`Integer ${seen(size)}`]))}
        List<${list}> ${seen(out)} = new List<${list}>();
        ${body}
        return ${out};
    }
  `;
};

/** Two lists side by side. */
export const zippedLists: Member = (part) => {
  const keys = drawItems(part, 'text', 'id', 'day', 'whole');
  const values = drawItems(part, 'text', 'whole', 'decimal', 'day', 'record');
  if (keys === null || values === null || keys.many === values.many || keys.one === values.one) return null;
  const i = fresh(part, [keys.one, keys.many, values.many, values.one], ...indexNames);
  const used = [keys.many, values.many, keys.one, values.one, i];
  const type = `Map<${keys.type}, ${values.type}>`;
  const out = resultName(part, used, 'zipped', `${values.one}By${keys.Noun}`, 'pairs', 'combined', 'merged');
  const shorter = fresh(part, [...used, out], 'shorter', 'shared', 'length', 'pairCount', 'steps');
  const how = part.pick('first', 'least', 'thrown') as 'first' | 'least' | 'thrown';
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

/** One list of a list of lists, or of a map's values. */
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
  const add = isDeep
    ? `for (${items.type} ${items.newOne} : ${one}) {\n        ${out}.add(${items.one});\n    }`
    : `${out}.addAll(${one});`;
  const loop = !isMap
    ? `for (${list} ${seen(one)} : ${nested}) {\n    ${add}\n}`
    : part.random.chance(0.6)
      ? `for (${list} ${seen(one)} : ${nested}.values()) {\n    ${add}\n}`
      : `for (${keyType} ${seen(key)} : ${nested}.keySet()) {\n    ${add.replaceAll(isDeep ? `: ${one})` : `(${one})`, isDeep ? `: ${nested}.get(${key}))` : `(${nested}.get(${key}))`)}\n}`;
  return apex`
    ${items.declared}${told(part, part.pick(`all ${items.noun} in one list`, `makes one list of the ${nested}`, `flattens the ${nested}`, `puts the ${items.noun} of all ${nested} together`), [nested])}
    ${head(part, list, part.pick('flatten', named('flatten', items.Nouns), named('all', items.Nouns), 'concatenate', 'inOneList'), `${type} ${seen(nested)}`)}
        ${list} ${seen(out)} = new ${list}();
        ${loop}
        return ${out};
    }
  `;
};

/** Balances after each item, or the steps between neighbours. */
export const runningValues: Member = (part) => {
  const items = drawItems(part, 'whole', 'decimal');
  if (items === null) return null;
  const list = `List<${items.type}>`;
  const i = fresh(part, [items.one, items.many], ...indexNames);
  if (part.random.chance(0.5)) {
    const balance = fresh(
      part,
      [items.one, items.many],
      'balance',
      'running',
      'level',
      'soFar',
      'total',
      'cumulated',
    );
    const out = resultName(
      part,
      [items.one, items.many, balance],
      pluralOf(balance),
      'progress',
      'history',
      'sums',
      'steps',
    );
    const start = fresh(
      part,
      [items.one, items.many, balance, out],
      'opening',
      'initial',
      'startValue',
      'carriedOver',
    );
    const isStarted = part.random.chance(0.5);
    return apex`
      ${told(part, part.pick(`the ${balance} after each of the ${items.noun}`, `cumulates the ${items.noun}`, `running totals of the ${items.noun}`), [items.many])}
      ${head(part, list, part.pick('cumulate', 'runningTotals', named('accumulate', items.Nouns), named(balance, 'After Each')), ...parametersOf(items), ...(isStarted ? [`${items.type} ${seen(start)}`] : []))}
          ${list} ${seen(out)} = new ${list}();
          ${items.type} ${seen(balance)} = ${isStarted ? start : '0'};
          for (${items.type} ${items.newOne} : ${items.many}) {
              ${balance} += ${items.one};
              ${out}.add(${balance});
          }
          return ${out};
      }
    `;
  }
  const out = resultName(
    part,
    [items.one, items.many, i],
    'differences',
    'changes',
    'deltas',
    'gaps',
    'increments',
  );
  return apex`
    ${told(part, part.pick(`how much each of the ${items.noun} differs from the one before it`, `differences between neighbouring ${items.noun}`, `returns each of the ${items.noun} minus the one before it`), [items.many])}
    ${head(part, list, part.pick('differences', 'deltas', named('changes Of', items.Nouns), 'stepsBetween'), ...parametersOf(items))}
        ${list} ${seen(out)} = new ${list}();
        for (Integer ${seen(i)} = 1; ${i} < ${items.many}.size(); ${i}++) {
            ${out}.add(${items.many}[${i}] - ${items.many}[${i} - 1]);
        }
        return ${out};
    }
  `;
};

/** Whether each item and the next are in order, or alike. */
export const neighbourTest: Member = (part) => {
  const items = drawItems(part, 'whole', 'decimal', 'day', 'inner', 'record');
  if (items === null || !['Integer', 'Decimal', 'Date'].includes(items.valueType)) return null;
  const i = fresh(part, [items.one, items.many], ...indexNames);
  const [before, after] = [valueOf(items, `${items.many}[${i} - 1]`), valueOf(items, `${items.many}[${i}]`)];
  const by = items.member === '' ? '' : ` by ${items.valueLabel}`;
  const [said, names, test] = part.pick<readonly [string, readonly string[], string]>(
    [
      `are the ${items.noun} in ascending order${by}?`,
      ['isAscending', 'isSorted', 'areSorted'],
      `${after} < ${before}`,
    ],
    [
      `true if the ${items.noun} descend${by}, equal ones allowed`,
      ['isDescending', 'isSortedDown', 'areDescending'],
      `${after} > ${before}`,
    ],
    [
      `whether no two neighbours among the ${items.noun} are equal${by}`,
      ['hasNoRepetition', 'isAlternating', 'differFromEachOther'],
      `${after} == ${before}`,
    ],
  );
  return apex`
    ${items.declared}${told(part, said, [items.many])}
    ${head(part, 'Boolean', part.random.pick(names), ...parametersOf(items))}
        for (Integer ${seen(i)} = 1; ${i} < ${items.many}.size(); ${i}++) {
            if (${test}) {
                return false;
            }
        }
        return true;
    }
  `;
};

/** The first or last few, sorted before or as they are. */
export const takenItems: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null) return null;
  const list = `List<${items.type}>`;
  const isConstant = part.random.chance(0.35);
  const count = isConstant
    ? part.pick('MAX_ITEMS', 'TOP', 'ROW_LIMIT', 'SHOWN')
    : fresh(part, [items.one, items.many], 'count', 'howMany', 'maximum', 'atMost', 'wanted');
  const isSorted = items.member === '' && part.random.chance(0.5);
  const sorted = fresh(
    part,
    [items.one, items.many, count],
    'sorted',
    'ordered',
    'copied',
    `sorted${items.Nouns}`,
  );
  const from = isSorted ? sorted : items.many;
  const out = resultName(
    part,
    [items.one, items.many, count, sorted],
    'taken',
    'top',
    'selected',
    'chosen',
    'few',
    `top${items.Nouns}`,
  );
  const i = fresh(part, [items.one, items.many, count, sorted, out], ...indexNames);
  const loop = part.random.weighted([
    [
      3,
      apex`
      for (Integer ${seen(i)} = 0; ${i} < Math.min(${count}, ${from}.size()); ${i}++) {
          ${out}.add(${from}[${i}]);
      }
    `,
    ],
    [
      1,
      apex`
      for (Integer ${seen(i)} = 0; ${i} < ${from}.size() && ${i} < ${count}; ${i}++) {
          ${out}.add(${from}[${i}]);
      }
    `,
    ],
    [
      2,
      apex`
      for (${items.type} ${items.newOne} : ${from}) {
          if (${out}.size() == ${count}) {
              break;
          }
          ${out}.add(${items.one});
      }
    `,
    ],
  ]);
  const which = isSorted ? part.pick('smallest', 'lowest', 'first in order') : 'first';
  return apex`
    ${isConstant ? `${part.pick('private', 'public')} static final Integer ${free(`${count} = ${String(part.random.integer(3, 200))}`)};\n\n` : ''}${items.declared}${told(part, part.pick(`at most ${count} of the ${items.noun}, the ${which}`, `the ${which} ${items.noun}, no more than ${count}`, `returns the ${which} of the ${items.noun}, up to ${count}`), [items.many])}
    ${head(part, list, part.pick('take', named('first', items.Nouns), 'limitTo', `top${pascalCase(items.noun.replace(/[^a-z]/gi, ''))}`, 'head'), ...parametersOf(items), ...(isConstant ? [] : [`Integer ${seen(count)}`]))}
        ${isSorted ? `${list} ${seen(sorted)} = ${part.pick(`new ${list}(${items.many})`, `${items.many}.clone()`)};\n${sorted}.sort();` : ''}
        ${list} ${seen(out)} = new ${list}();
        ${loop}
        return ${out};
    }
  `;
};

/** Two accumulators in one loop: what is done for the first is done for the second. */
export const twoAccumulators: Member = (part) => {
  const items = drawItems(part, 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null || !['Integer', 'Decimal', 'Date'].includes(items.valueType)) return null;
  const isDay = items.valueType === 'Date';
  const [low, high] = part.random.shuffled(
    part.pick(
      isDay ? ['earliest', 'latest'] : ['lowest', 'highest'],
      ['minimum', 'maximum'],
      isDay ? ['firstDay', 'lastDay'] : ['smallest', 'largest'],
    ),
  ) as [string, string];
  const signOf = (name: string): string => (/^(earl|low|min|first|small)/.test(name) ? '<' : '>');
  const i = fresh(part, [items.one, items.many, low, high], ...indexNames);
  const isIndexed = part.random.chance(0.4);
  const value = valueOf(items, isIndexed ? `${items.many}[${i}]` : items.one);
  const update = (name: string): string =>
    `if (${name} == null || ${value} ${signOf(name)} ${name}) {\n    ${name} = ${value};\n}`;
  const loop = isIndexed
    ? `for (Integer ${seen(i)} = 0; ${i} < ${items.many}.size(); ${i}++) {`
    : `for (${items.type} ${items.newOne} : ${items.many}) {`;
  const ending = isDay
    ? `return ${signOf(low) === '<' ? low : high}.daysBetween(${signOf(low) === '<' ? high : low});`
    : `return ${signOf(low) === '<' ? high : low} - ${signOf(low) === '<' ? low : high};`;
  const what = isDay ? 'days' : items.valueLabel;
  return apex`
    ${items.declared}${told(part, part.pick(`how far the ${items.noun} are apart, in ${what}`, `the span from the ${low} to the ${high} of the ${items.noun}`, `distance between ${low} and ${high} ${items.nounOne}`), [items.many])}
    ${head(part, isDay ? 'Integer' : items.valueType, part.pick(named('span Of', items.Nouns), 'spread', 'extent', named('spread Of', items.Nouns)), ...parametersOf(items))}
        ${items.valueType} ${seen(low)};
        ${items.valueType} ${seen(high)};
        ${loop}
            ${update(low)}
            ${update(high)}
        }
        ${ending}
    }
  `;
};
