/** Maps that loops over a list fill: counts and groups by a key of the items. */
import { pascalCase } from '../../phrase.js';
import { apex, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { drawItems, parametersOf, valueOf, type Items } from './items.js';
import { fresh, head, lettersOf, named, resultName, spoken, told } from './words.js';

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

/** The key as a variable that the line declares, or as the expression itself each time. */
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
    lettersOf(key.name),
    'groupKey',
    'bucket',
  );
  return { line: `${key.type} ${seen(name)} = ${key.code};`, key: name };
}

/** Counts how often each key occurs. */
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
    `countBy${pascalCase(lettersOf(key.name))}`,
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
  const body = countingBody(part, out, by, current);
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

/** Adds one to the count of the key, which is zero at first. */
function countingBody(part: Part, out: string, by: string, current: string): string {
  return part.random.weighted([
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
}

/** Groups the items in lists or sets by a key of theirs. */
export const groupedBy: Member = (part) => {
  const items = drawItems(part, 'text', 'day', 'record', 'inner');
  if (items === null) return null;
  const key = keyOf(part, items);
  if (key.code === items.one) return null;
  const group = `${part.random.chance(0.8) ? 'List' : 'Set'}<${items.type}>`;
  const type = `Map<${key.type}, ${group}>`;
  const keyWord = pascalCase(key.name.replace(/[^a-z ]/gi, ''));
  const out = resultName(
    part,
    [items.one, items.many],
    'groups',
    'grouped',
    `${items.many}By${keyWord}`,
    `by${keyWord}`,
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
    ${head(part, type, part.pick(`groupBy${keyWord}`, `${named(items.Nouns)}By${keyWord}`, `mapBy${keyWord}`), ...parametersOf(items))}
        ${type} ${seen(out)} = new ${type}();
        for (${items.type} ${items.newOne} : ${items.many}) {
            ${line}
            ${body}
        }
        return ${out};
    }
  `;
};
