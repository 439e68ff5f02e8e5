/** Tools for numbers, and loops that compute with whole ones. */
import { unknownWord } from '../../words/invented.js';
import { apex, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { toolText, type Tool } from './expressions.js';
import { constantOf, fresh, head, resultName, told, wordOr } from './words.js';

/** Shares of the value in percent. */
function percentages(value: string, total: string, percent: string): readonly Tool[] {
  return [
    [
      'Decimal',
      `the ${value} in percent of the ${total}`,
      ['percentageOf', 'percentOf', 'shareInPercent'],
      [`Decimal ${value}`, `Decimal ${total}`],
      `${value} / ${total} * 100`,
    ],
    [
      'Decimal',
      `the given ${percent} percent of the ${value}`,
      ['portion', 'percentFrom', 'partOf'],
      [`Decimal ${value}`, `Decimal ${percent}`],
      `${value} * ${percent} / 100`,
    ],
    [
      'Decimal',
      `the ${value} less ${percent} percent`,
      ['reduced', 'less', 'afterDiscount'],
      [`Decimal ${value}`, `Decimal ${percent}`],
      `${value} - ${value} * ${percent} / 100`,
    ],
  ];
}

/** The value within limits, or rounded. */
function limited(value: string, low: string, high: string, scale: string): readonly Tool[] {
  return [
    [
      'Decimal',
      `the ${value}, not below ${low} and not above ${high}`,
      ['clamp', 'limited', 'within'],
      [`Decimal ${value}`, `Decimal ${low}`, `Decimal ${high}`],
      `Math.max(${low}, Math.min(${high}, ${value}))`,
    ],
    [
      'Boolean',
      `whether the ${value} lies between ${low} and ${high}, both included`,
      ['isBetween', 'isInside', 'isAllowed'],
      [`Decimal ${value}`, `Decimal ${low}`, `Decimal ${high}`],
      `${value} >= ${low} && ${value} <= ${high}`,
    ],
    [
      'Decimal',
      `the ${value} rounded to that many ${scale}, half up`,
      ['rounded', 'roundTo', 'roundHalfUp'],
      [`Decimal ${value}`, `Integer ${scale}`],
      `${value}.setScale(${scale}, RoundingMode.HALF_UP)`,
    ],
  ];
}

/** Plain arithmetic of the value and perhaps another one. */
function arithmetic(part: Part, value: string, total: string): readonly Tool[] {
  return [
    [
      'Boolean',
      `is the ${value} even?`,
      ['isEven', 'isDivisibleByTwo'],
      [`Integer ${value}`],
      `Math.mod(${value}, 2) == 0`,
    ],
    [
      'Decimal',
      `the mean of ${value} and ${total}`,
      ['mean', 'middle', 'averageOf'],
      [`Decimal ${value}`, `Decimal ${total}`],
      `(${value} + ${total}) / 2`,
    ],
    [
      'Decimal',
      `the ${value}, or zero when it is null`,
      ['orZero', 'nullToZero', 'zeroIfNull'],
      [`Decimal ${value}`],
      part.pick(`${value} == null ? 0 : ${value}`, `${value} ?? 0`),
    ],
    [
      'Decimal',
      `the difference of ${value} and ${total} without its sign`,
      ['distance', 'absoluteDifference'],
      [`Decimal ${value}`, `Decimal ${total}`],
      `Math.abs(${value} - ${total})`,
    ],
  ];
}

/** What a constant rate or amount makes of the value. */
function charges(value: string, rate: string, base: string): readonly Tool[] {
  return [
    [
      'Decimal',
      `the ${value} with ${rate} added`,
      ['gross', 'withRate', 'increased'],
      [`Decimal ${value}`],
      `${value} * (1 + ${rate})`,
    ],
    [
      'Decimal',
      `what ${rate} of the ${value} comes to`,
      ['rateOf', 'shareOf', 'dueFor'],
      [`Decimal ${value}`],
      `${value} * ${rate}`,
    ],
    [
      'Decimal',
      `the ${value} and the ${base} together`,
      ['withFee', 'inTotal', 'plusBase'],
      [`Decimal ${value}`],
      `${value} + ${base}`,
    ],
    [
      'Decimal',
      `the ${value}, at least ${base}`,
      ['atLeast', 'charged', 'billable'],
      [`Decimal ${value}`],
      `Math.max(${value}, ${base})`,
    ],
  ];
}

/** Writes methods that tell what a number comes to: shares, limits, rounding, rates that are constants. */
export const numberTool: Member = (part) => {
  const value = part.random.chance(0.2)
    ? unknownWord(part.random)
    : fresh(part, [], 'value', 'amount', 'price', 'given', 'weight', 'score', 'net');
  const total = fresh(part, [value], 'total', 'whole', 'overall', 'sum');
  const [low, high] = part.pick<readonly [string, string]>(
    ['lowest', 'highest'],
    ['minimum', 'maximum'],
    ['lower', 'upper'],
    ['least', 'most'],
  );
  const scale = part.pick('scale', 'digits', 'decimals', 'places');
  const percent = part.pick('percent', 'discount', 'surcharge', 'markup');
  const rate = part.pick('TAX_RATE', 'VAT', 'COMMISSION_RATE', 'FEE_RATE', 'BONUS_SHARE');
  const base = part.pick('BASE_FEE', 'MINIMUM_CHARGE', 'FLAT_RATE', 'SHIPPING_COST');
  const plain = [
    ...percentages(value, total, percent),
    ...limited(value, low, high, scale),
    ...arithmetic(part, value, total),
  ];
  const texts = (
    part.random.chance(0.45)
      ? part.random.sample(charges(value, rate, base), part.random.integer(1, 3))
      : part.random.sample(plain, part.random.integer(1, 3))
  )
    .map((tool) => toolText(part, tool, tool[1].includes('when it is null') ? '' : value))
    .join('\n\n');
  const declared = part.random.shuffled([
    ...(texts.includes(rate)
      ? [constantOf('Decimal', rate, `0.${String(part.random.integer(11, 29))}`)]
      : []),
    ...(texts.includes(base) ? [constantOf('Decimal', base, part.random.integer(5, 60))] : []),
  ]);
  return declared.length === 0 ? texts : `${declared.join('\n')}\n\n${texts}`;
};

/** Divides a whole number among several, or computes with all numbers up to it. */
export const numberLoop: Member = (part) => {
  const total = wordOr(part, 0.2, 'total', 'amount', 'cents', 'pieces', 'seats');
  const count = fresh(part, [total], 'parts', 'people', 'count', 'shares', 'teams', 'payers');
  const out = resultName(part, [total, count], 'portions', 'divided', 'allotted', 'split');
  const each = fresh(part, [total, count, out], 'each', 'base', 'quotient', 'share');
  const left = fresh(part, [total, count, out, each], 'remainder', 'left', 'leftover', 'surplus');
  const i = part.pick('i', 'i', 'index', 'n');
  if (part.random.chance(0.5))
    return apex`
      ${told(part, part.pick(`divides the ${total} evenly among ${count}; the first ones take one more until nothing is left over`, `${count} whole numbers that come to the ${total}, as equal as possible, the greater ones first`), [total, count])}
      ${head(part, 'List<Integer>', part.pick('divide', 'splitEvenly', 'distribute', 'allot'), `Integer ${seen(total)}`, `Integer ${seen(count)}`)}
          List<Integer> ${seen(out)} = new List<Integer>();
          Integer ${seen(each)} = ${total} / ${count};
          Integer ${seen(left)} = Math.mod(${total}, ${count});
          for (Integer ${seen(i)} = 0; ${i} < ${count}; ${i}++) {
              ${out}.add(${i} < ${left} ? ${each} + 1 : ${each});
          }
          return ${out};
      }
    `;
  return upTo(part, total, i);
};

/** The product or sum of the numbers up to the total. */
function upTo(part: Part, total: string, i: string): string {
  const value = resultName(part, [total, i], 'computed', 'accumulated', 'answer');
  const [said, names, first, from, sign] = part.pick<
    readonly [string, readonly string[], string, string, string]
  >(
    [`product of the whole numbers from 1 to ${total}`, ['factorial', 'multiplyUpTo'], '1', '1', '*='],
    [`sum of the whole numbers from 1 to ${total}`, ['sumUpTo', 'triangular'], '0', '1', '+='],
    [`adds up the numbers from 0 to ${total}`, ['addUpTo', 'sumFromZero'], '0', '0', '+='],
  );
  return apex`
    ${told(part, part.pick(said, said.startsWith('adds') ? said : `the ${said}`), [total])}
    ${head(part, 'Integer', part.random.pick(names), `Integer ${seen(total)}`)}
        Integer ${seen(value)} = ${first};
        for (Integer ${seen(i)} = ${from}; ${i} <= ${total}; ${i}++) {
            ${value} ${sign} ${i};
        }
        return ${value};
    }
  `;
}
