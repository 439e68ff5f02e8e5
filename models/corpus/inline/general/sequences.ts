/** Lists in their order: turned around, cut in pieces, the first few, and whether neighbours are in order. */
import { pascalCase } from '../../phrase.js';
import { apex, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { drawItems, isOrdered, parametersOf, valueOf, type Items } from './items.js';
import { constantOf, fresh, head, indexNames, named, resultName, told } from './words.js';

/** Turns the order of the items around. */
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
  const body = turningLoop(part, items, out, i);
  return apex`
    ${items.declared}${doc}
    ${open}
        ${list} ${seen(out)} = new ${list}();
        ${body}
        return ${out};
    }
  `;
};

/** Fills the list from the last item to the first. */
function turningLoop(part: Part, items: Items, out: string, i: string): string {
  return part.random.weighted([
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
}

/** Cuts the items into pieces of a size that is given or constant. */
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
  const body = cuttingLoop(part, items, { out, current, size, i });
  return apex`
    ${isConstant ? `${constantOf('Integer', size, part.pick(50, 100, 200, 10, 25))}\n\n` : ''}${items.declared}${told(part, part.pick(`cuts the ${items.noun} into pieces of ${size}`, `lists of at most ${size} ${items.noun} each`, `returns the ${items.noun} in lists that are no longer than ${size}`), [items.many])}
    ${head(part, `List<${list}>`, part.pick('chunk', 'toChunks', named('split', items.Nouns), 'inBatches', named('paginate', items.Nouns)), ...parametersOf(items), ...(isConstant ? [] : [`Integer ${seen(size)}`]))}
        List<${list}> ${seen(out)} = new List<${list}>();
        ${body}
        return ${out};
    }
  `;
};

interface Cut {
  readonly out: string;
  readonly current: string;
  readonly size: string;
  readonly i: string;
}

/** Fills the list of lists; each is closed when it has that size. */
function cuttingLoop(part: Part, items: Items, { out, current, size, i }: Cut): string {
  const list = `List<${items.type}>`;
  return part.random.weighted([
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
}

/** Takes the first few, sorted before or as they are. */
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
    ${isConstant ? limitConstant(part, count) : ''}${items.declared}${told(part, part.pick(`at most ${count} of the ${items.noun}, the ${which}`, `the ${which} ${items.noun}, no more than ${count}`, `returns the ${which} of the ${items.noun}, up to ${count}`), [items.many])}
    ${head(part, list, part.pick('take', named('first', items.Nouns), 'limitTo', `top${pascalCase(items.noun.replace(/[^a-z]/gi, ''))}`, 'head'), ...parametersOf(items), ...(isConstant ? [] : [`Integer ${seen(count)}`]))}
        ${isSorted ? `${list} ${seen(sorted)} = ${part.pick(`new ${list}(${items.many})`, `${items.many}.clone()`)};\n${sorted}.sort();` : ''}
        ${list} ${seen(out)} = new ${list}();
        ${loop}
        return ${out};
    }
  `;
};

/** The constant and the blank line behind it. */
function limitConstant(part: Part, name: string): string {
  const access = part.pick('private', 'public');
  return `${constantOf('Integer', name, part.random.integer(3, 200), access)}\n\n`;
}

/** Tells whether all neighbours are in order, or none alike. */
export const neighbourTest: Member = (part) => {
  const items = drawItems(part, 'whole', 'decimal', 'day', 'inner', 'record');
  if (items === null || !isOrdered(items)) return null;
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
