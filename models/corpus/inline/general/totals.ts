/** What the values of a list come to: sums, averages and products, running balances and differences, and spans. */
import { pluralOf } from '../../plurals.js';
import { apex, free, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { drawItems, emptyGuard, isOrdered, looped, parametersOf, valueOf, type Items } from './items.js';
import { fresh, head, indexNames, named, resultName, told } from './words.js';

/** Computes the sum, product, average or total length of the values. */
export const totalled: Member = (part) => {
  const items = drawItems(part, 'whole', 'decimal', 'record', 'inner', 'text');
  if (items === null || !['Integer', 'Decimal', 'String'].includes(items.valueType)) return null;
  const value = (one: string): string => valueOf(items, one);
  const isText = items.valueType === 'String';
  const which = isText ? 'length' : part.pick('sum', 'sum', 'average', 'product');
  const used = [items.one, items.many];
  const total = resultName(
    part,
    used,
    'total',
    'sum',
    'subtotal',
    'accumulated',
    isText ? 'length' : `total${items.Noun}`,
    which === 'product' ? 'product' : 'overall',
  );
  const count = fresh(part, [...used, total], 'count', 'counted', 'filled', 'divisor', 'valid');
  const start = which === 'product' ? '1' : '0';
  const isGuarded = which === 'average' || part.random.chance(0.4);
  const add = (one: string): string => {
    const lines = [
      which === 'product'
        ? `${total} *= ${value(one)};`
        : `${total} += ${value(one)}${isText ? '.length()' : ''};`,
      ...(which === 'average' ? [`${count}++;`] : []),
    ];
    return isGuarded
      ? `${which === 'average' ? '' : free('')}if (${value(one)} != null) {\n    ${lines.join('\n    ')}\n}`
      : lines.join('\n');
  };
  const subject = items.member === '' ? `the ${items.noun}` : `the ${items.valueLabel} of all ${items.noun}`;
  const said = {
    sum: [
      `sum of ${subject}`,
      `adds up ${subject}`,
      `returns the total of ${subject}`,
      `what do ${subject} come to together?`,
    ],
    average: [
      `average of ${subject}; those without a value do not count`,
      `mean of ${subject} that are not null`,
      `averages ${subject}, ignoring null`,
    ],
    product: [
      `product of ${subject}`,
      `multiplies ${subject}`,
      `returns ${subject} multiplied with each other`,
    ],
    length: [
      `length of ${subject} together`,
      `adds up how long ${subject} are`,
      `number of characters in ${subject}`,
    ],
  }[which];
  const type = isText || (items.valueType === 'Integer' && which !== 'average') ? 'Integer' : 'Decimal';
  return apex`
    ${items.declared}${told(part, part.random.pick(said), [items.many], '', items.member === '')}
    ${head(part, type, part.pick(named(which, items.Nouns), named('calculate', which), named('get', which), named(which, 'Of', items.Nouns)), ...parametersOf(items))}
        ${emptyGuard(part, items.many, which === 'average' ? 'null' : start)}
        ${type} ${seen(total)} = ${start};
        ${which === 'average' ? `Integer ${seen(count)} = 0;` : ''}
        ${looped(part, items, add, [total, count])}
        return ${which === 'average' ? `${count} == 0 ? ${free(part.pick('null', '0'))} : ${total} / ${count}` : total};
    }
  `;
};

/** Lists the balances after each item, or the steps between neighbours. */
export const runningValues: Member = (part) => {
  const items = drawItems(part, 'whole', 'decimal');
  if (items === null) return null;
  const i = fresh(part, [items.one, items.many], ...indexNames);
  return part.random.chance(0.5) ? balances(part, items) : differences(part, items, i);
};

/** The sum of all items so far, after each of them. */
function balances(part: Part, items: Items): string {
  const list = `List<${items.type}>`;
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

/** Each item minus the one before it. */
function differences(part: Part, items: Items, i: string): string {
  const list = `List<${items.type}>`;
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
}

/** Keeps the least and the greatest in one loop, each as the other, and returns how far they are apart. */
export const twoAccumulators: Member = (part) => {
  const items = drawItems(part, 'whole', 'decimal', 'day', 'record', 'inner');
  if (items === null || !isOrdered(items)) return null;
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
  const [least, most] = signOf(low) === '<' ? [low, high] : [high, low];
  const span = isDay ? `${least}.daysBetween(${most})` : `${most} - ${least}`;
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
        return ${span};
    }
  `;
};
