/** Sets: what two of them have in common, and what a list has more than once. */
import { pascalCase } from '../../phrase.js';
import { apex, seen } from '../apex.js';
import type { Member } from '../part.js';
import { drawItems, parametersOf, valueOf } from './items.js';
import { fresh, head, lettersOf, named, resultName, told } from './words.js';

interface SetOperation {
  readonly said: (noun: string, one: string, two: string) => string;
  readonly names: readonly string[];
  /** What the copy of the first set does with the second. */
  readonly method: 'retainAll' | 'removeAll' | 'addAll';
  /** Whether a loop over the first set can do the same. */
  readonly isLoop: boolean;
}

const setOperations: Readonly<Record<'common' | 'missing' | 'together' | 'either', SetOperation>> = {
  common: {
    said: (noun, one, two) => `the ${noun} that are in both ${one} and ${two}`,
    names: ['intersection', 'inBoth', 'common'],
    method: 'retainAll',
    isLoop: true,
  },
  missing: {
    said: (noun, one, two) => `the ${noun} of ${one} that are not in ${two}`,
    names: ['difference', 'minus', 'without'],
    method: 'removeAll',
    isLoop: true,
  },
  together: {
    said: (noun, one, two) => `the ${noun} of ${one} and ${two} together`,
    names: ['union', 'merged', 'allOf'],
    method: 'addAll',
    isLoop: false,
  },
  either: {
    said: (noun, one, two) => `the ${noun} that are only in one of ${one} and ${two}`,
    names: ['symmetricDifference', 'changedOnes', 'inOneOnly'],
    method: 'addAll',
    isLoop: false,
  },
};

/** Computes what two sets have in common or together, or only one of them has. */
export const setOperation: Member = (part) => {
  const items = drawItems(part, 'text', 'whole', 'id', 'day');
  if (items === null) return null;
  const set = `Set<${items.type}>`;
  const [one, two] = part.pick<readonly [string, string]>(
    ['first', 'second'],
    ['before', 'after'],
    ['expected', 'actual'],
    ['present', 'required'],
    [`old${items.Nouns}`, `new${items.Nouns}`],
    ['granted', 'needed'],
    ['known', 'received'],
  );
  const which = part.pick('common', 'missing', 'together', 'either');
  const operation = setOperations[which];
  const out = resultName(part, [one, two, items.one], which, 'outcome', `${which}${items.Nouns}`, 'answer');
  const isLoop = operation.isLoop && part.random.chance(0.5);
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
      ${out}.${operation.method}(${two});
      ${which === 'either' ? `${set} ${seen(both)} = new ${set}(${one});\n${both}.retainAll(${two});\n${out}.removeAll(${both});` : ''}
    `;
  const said = operation.said(items.noun, one, two);
  return apex`
    ${told(part, part.pick(said, `returns ${said}`, `gives ${said}`), [one, two])}
    ${head(part, set, part.random.pick(operation.names) + (part.random.chance(0.3) ? items.Nouns : ''), `${set} ${seen(one)}`, `${set} ${seen(two)}`)}
        ${body}
        return ${out};
    }
  `;
};

/** Lists each item once, or those that come again. */
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
    lettersOf(`known${pascalCase(items.valueLabel)}`),
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
  const doc = told(part, said, [items.many]);
  const name = isUnique
    ? part.pick('distinct', 'unique', named('unique', items.Nouns), 'dedupe')
    : part.pick(
        'duplicates',
        named('find Repeated', items.Nouns),
        'repeated',
        named('duplicate', items.Nouns),
      );
  return apex`
    ${items.declared}${doc}
    ${head(part, list, name, ...parametersOf(items))}
        ${set} ${seen(known)} = new ${set}();
        ${list} ${seen(out)} = new ${list}();
        for (${items.type} ${items.newOne} : ${items.many}) {
            ${body}
        }
        return ${out};
    }
  `;
};
