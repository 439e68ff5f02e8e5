/** Tools for days and numbers, and for values that may be missing or of any type. */
import { unknownWord } from '../../words/invented.js';
import { capitalized } from '../../phrase.js';
import { apex, free, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { fresh, head, resultName, spoken, told } from './items.js';

const dayNames = [
  'day',
  'start',
  'startDate',
  'given',
  'd',
  'dueDate',
  'reference',
  'orderDate',
  'birthday',
] as const;

function dayName(part: Part): string {
  return part.random.chance(0.15) ? `${unknownWord(part.random)}Date` : fresh(part, [], ...dayNames);
}

/** One or two tools of a list: head, guard against null, and the expression the doc tells. */
type Tool = readonly [
  type: string,
  said: string,
  names: readonly string[],
  parameters: readonly string[],
  code: string,
];

function toolText(part: Part, tool: Tool, guarded: string): string {
  const [type, said, names, parameters, code] = tool;
  const out = resultName(
    part,
    parameters.map((one) => one.split(' ').at(-1)!),
    'answer',
    'computed',
    'found',
    'outcome',
  );
  const isVariable = part.random.chance(0.25);
  return apex`
    ${told(part, part.pick(said, said.startsWith('the ') ? `returns ${said}` : said, said.startsWith('the ') ? `gives ${said}` : said), [])}
    ${head(part, type, part.random.pick(names), ...parameters.map((one) => one.replace(/\w+$/, (name) => seen(name))))}
        ${part.random.chance(0.35) && guarded !== '' ? `${free('')}if (${guarded} == null) {\n    return ${type === 'Boolean' ? 'false' : 'null'};\n}` : ''}
        ${isVariable ? `${type} ${seen(out)} = ${code};` : ''}
        return ${isVariable ? out : code};
    }
  `;
}

/** What the calendar says of a day. */
export const dayTool: Member = (part) => {
  const day = dayName(part);
  const days = part.pick('days', 'count', 'howMany', 'offset');
  const months = part.pick('months', 'monthCount', 'term');
  const other = fresh(part, [day], 'until', 'finish', 'other', 'asOf', 'birth', 'later');
  const constant = part.pick('GRACE_DAYS', 'NOTICE_DAYS', 'TERM_DAYS', 'LEAD_TIME', 'PERIOD_DAYS');
  const tools: readonly Tool[] = [
    [
      'Date',
      `the first day of the month of ${day}`,
      ['firstOfMonth', 'monthStart', 'startOfMonth'],
      [`Date ${day}`],
      part.pick(
        `${day}.${free('')}toStartOfMonth()`,
        `Date.${free('')}newInstance(${day}.year(), ${day}.month(), 1)`,
      ),
    ],
    [
      'Date',
      `the last day of the month of ${day}`,
      ['lastOfMonth', 'monthEnd', 'endOfMonth'],
      [`Date ${day}`],
      `${day}.${free('')}addMonths(1).toStartOfMonth().addDays(-1)`,
    ],
    [
      'Date',
      `the first day of the year of ${day}`,
      ['firstOfYear', 'yearStart', 'newYear'],
      [`Date ${day}`],
      `Date.newInstance(${day}.year(), 1, 1)`,
    ],
    [
      'Date',
      `the last day of the year of ${day}`,
      ['lastOfYear', 'yearEnd', 'newYearsEve'],
      [`Date ${day}`],
      `Date.newInstance(${day}.year(), 12, 31)`,
    ],
    [
      'Integer',
      `the quarter of the year that ${day} is in, from 1 to 4`,
      ['quarterOf', 'getQuarter', 'quarter'],
      [`Date ${day}`],
      `(${day}.month() - 1) / 3 + 1`,
    ],
    [
      'Integer',
      `the number of days from ${day} to ${other}`,
      ['daysBetween', 'daysFrom', 'countDays'],
      [`Date ${day}`, `Date ${other}`],
      `${day}.daysBetween(${other})`,
    ],
    [
      'Integer',
      `the number of full months from ${day} to ${other}`,
      ['monthsBetween', 'countMonths'],
      [`Date ${day}`, `Date ${other}`],
      `${day}.monthsBetween(${other})`,
    ],
    [
      'Date',
      `the day that comes the given number of ${days} after ${day}`,
      ['plusDays', 'later', 'shift'],
      [`Date ${day}`, `Integer ${days}`],
      `${day}.addDays(${days})`,
    ],
    [
      'Date',
      `the day that is the given number of ${days} before ${day}`,
      ['minusDays', 'earlier', 'back'],
      [`Date ${day}`, `Integer ${days}`],
      `${day}.addDays(-${days})`,
    ],
    [
      'Date',
      `the day the given number of ${months} after ${day}`,
      ['plusMonths', 'afterMonths', 'endOfTerm'],
      [`Date ${day}`, `Integer ${months}`],
      `${day}.addMonths(${months})`,
    ],
    [
      'Boolean',
      `is ${day} over?`,
      ['isPast', 'isOver', 'hasPassed'],
      [`Date ${day}`],
      `${day} < Date.today()`,
    ],
    [
      'Boolean',
      `true if ${day} and ${other} are in the same month of the same year`,
      ['isSameMonth', 'shareMonth'],
      [`Date ${day}`, `Date ${other}`],
      `${day}.year() == ${other}.year() && ${day}.month() == ${other}.month()`,
    ],
    [
      'Boolean',
      `whether the year of ${day} has 366 days`,
      ['isLeap', 'isInLeapYear'],
      [`Date ${day}`],
      `Date.isLeapYear(${day}.year())`,
    ],
    [
      'Date',
      `the later of ${day} and ${other}`,
      ['laterOf', 'maximum', 'latest'],
      [`Date ${day}`, `Date ${other}`],
      `${day} > ${other} ? ${day} : ${other}`,
    ],
    [
      'Date',
      `the earlier of ${day} and ${other}`,
      ['earlierOf', 'minimum', 'earliest'],
      [`Date ${day}`, `Date ${other}`],
      `${day} < ${other} ? ${day} : ${other}`,
    ],
    [
      'Datetime',
      `midnight at the start of ${day}`,
      ['atMidnight', 'startOfDay', 'toDatetime'],
      [`Date ${day}`],
      `Datetime.newInstance(${day}, Time.newInstance(0, 0, 0, 0))`,
    ],
  ];
  const withConstant: readonly Tool[] = [
    [
      'Date',
      `the day ${constant} after ${day}`,
      ['deadlineFor', 'latestDay', 'endOf'],
      [`Date ${day}`],
      `${day}.addDays(${constant})`,
    ],
    [
      'Date',
      `the day ${constant} before ${day}`,
      ['reminderFor', 'earliestDay', 'warnOn'],
      [`Date ${day}`],
      `${day}.addDays(-${constant})`,
    ],
    [
      'Boolean',
      `are there more than ${constant} from ${day} to today?`,
      ['isTooOld', 'isExpired', 'isOverdue'],
      [`Date ${day}`],
      `${day}.daysBetween(Date.today()) > ${constant}`,
    ],
  ];
  const isConstant = part.random.chance(0.35);
  const picked = isConstant
    ? [...part.random.sample(withConstant, part.random.integer(1, 2)), ...part.random.sample(tools, 1)]
    : part.random.sample(tools, part.random.integer(1, 3));
  const text = picked.map((tool) => toolText(part, tool, day)).join('\n\n');
  return isConstant
    ? `private static final Integer ${free(`${constant} = ${String(part.random.integer(3, 90))}`)};\n\n${text}`
    : text;
};

/** Loops from day to day: working days, lists of days, the next day of a sort; with the check of weekends they use. */
export const dayLoop: Member = (part) => {
  const [first, last] = part.pick(
    ['first', 'ultimate'],
    ['startDate', 'endDate'],
    ['beginning', 'finish'],
    ['opening', 'closing'],
    ['arrival', 'departure'],
  ) as [string, string];
  const current = part.pick('current', 'day', 'cursor', 'running', 'd');
  const check = part.pick('isWeekend', 'isFreeDay', 'isClosed');
  const holidays = part.pick('holidays', 'closedDays', 'exceptions', 'daysOff');
  const hasSet = part.random.chance(0.4);
  const days = part.pick('days', 'count', 'remaining', 'workingDays');
  const out = resultName(part, [first, last, current, days], 'counted', 'workdays', 'total');
  const list = resultName(
    part,
    [first, last, current, days],
    'everyDay',
    'calendar',
    'daysBetween',
    'listed',
  );
  const isOpen = hasSet
    ? `!${check}(${current}) && !${holidays}.contains(${current})`
    : `!${check}(${current})`;
  const parameters = [
    `Date ${seen(first)}`,
    `Date ${seen(last)}`,
    ...(hasSet ? [`Set<Date> ${seen(holidays)}`] : []),
  ];
  const weekday = part.pick('weekday', 'dayOfWeek', 'dayIndex', 'index');
  const excluding = hasSet ? ` and not among the ${spoken(holidays)}` : '';
  const weekend = apex`
    ${told(part, `is it a Saturday or a Sunday?`)}
    ${free('private static')} Boolean ${seen(check)}(Date ${seen('day')}) {
        Integer ${seen(weekday)} = Math.mod(Date.newInstance(1900, 1, ${free('7')}).daysBetween(day), 7);
        return ${weekday} == 0 || ${weekday} == 6;
    }
  `;
  const method = part.pick(
    () => apex`
      ${told(part, `counts the days from ${first} to ${last} that are no weekend${excluding}`, [first, last])}
      ${head(part, 'Integer', part.pick('countWorkdays', 'businessDays', 'workingDaysBetween'), ...parameters)}
          Integer ${seen(out)} = 0;
          ${
            part.random.chance(0.5)
              ? `for (Date ${seen(current)} = ${first}; ${current} <= ${last}; ${current} = ${current}.addDays(1)) {`
              : `Date ${seen(current)} = ${first};\nwhile (${current} <= ${last}) {`
          }
              if (${isOpen}) {
                  ${out}++;
              }
              @NEXT
          }
          return ${out};
      }
    `,
    () => apex`
      ${told(part, `the day that many working ${days} after ${first}; weekends do not count${hasSet ? `, nor do ${spoken(holidays)}` : ''}`, [first, days])}
      ${head(part, 'Date', part.pick('addWorkdays', 'plusBusinessDays', 'dueAfter'), `Date ${seen(first)}`, `Integer ${seen(days)}`, ...parameters.slice(2))}
          Date ${seen(current)} = ${first};
          Integer ${seen(out)} = 0;
          while (${out} < ${days}) {
              ${current} = ${current}.addDays(1);
              if (${isOpen}) {
                  ${out}++;
              }
          }
          return ${current};
      }
    `,
    () => apex`
      ${told(part, `all days from ${first} to ${last} that are no weekend${excluding}`, [first, last])}
      ${head(part, 'List<Date>', part.pick('listWorkdays', 'openDays', 'workdaysOf'), ...parameters)}
          List<Date> ${seen(list)} = new List<Date>();
          Date ${seen(current)} = ${first};
          while (${current} <= ${last}) {
              if (${isOpen}) {
                  ${list}.add(${current});
              }
              ${current} = ${current}.addDays(1);
          }
          return ${list};
      }
    `,
    () => apex`
      ${told(part, `the first day on or after ${first} that is no weekend${excluding}`, [first])}
      ${head(part, 'Date', part.pick('nextWorkday', 'nextOpenDay', 'skipWeekend'), `Date ${seen(first)}`, ...parameters.slice(2))}
          Date ${seen(current)} = ${first};
          while (${hasSet ? `${check}(${current}) || ${holidays}.contains(${current})` : `${check}(${current})`}) {
              ${current} = ${current}.addDays(1);
          }
          return ${current};
      }
    `,
  )();
  const isWhile = method.includes(`while (${current} <=`);
  const stepped = isWhile
    ? method.replace('@NEXT', `${current} = ${current}.addDays(1);`)
    : method.replace(/\n *@NEXT/, '');
  return part.random.shuffled([stepped, weekend]).join('\n\n');
};

/** What a number comes to: shares, limits, rounding, rates that are constants. */
export const numberTool: Member = (part) => {
  const value = part.random.chance(0.2)
    ? unknownWord(part.random)
    : fresh(part, [], 'value', 'amount', 'price', 'given', 'weight', 'score', 'net');
  const total = fresh(part, [value], 'total', 'whole', 'overall', 'sum');
  const [low, high] = part.pick(
    ['lowest', 'highest'],
    ['minimum', 'maximum'],
    ['lower', 'upper'],
    ['least', 'most'],
  ) as [string, string];
  const scale = part.pick('scale', 'digits', 'decimals', 'places');
  const percent = part.pick('percent', 'discount', 'surcharge', 'markup');
  const rate = part.pick('TAX_RATE', 'VAT', 'COMMISSION_RATE', 'FEE_RATE', 'BONUS_SHARE');
  const base = part.pick('BASE_FEE', 'MINIMUM_CHARGE', 'FLAT_RATE', 'SHIPPING_COST');
  const tools: readonly Tool[] = [
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
  const withConstant: readonly Tool[] = [
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
  const isConstant = part.random.chance(0.45);
  const picked = isConstant
    ? part.random.sample(withConstant, part.random.integer(1, 3))
    : part.random.sample(tools, part.random.integer(1, 3));
  const texts = picked
    .map((tool) => toolText(part, tool, tool[1].includes('when it is null') ? '' : value))
    .join('\n\n');
  const declared = part.random.shuffled([
    ...(texts.includes(rate)
      ? [`private static final Decimal ${free(`${rate} = 0.${String(part.random.integer(11, 29))}`)};`]
      : []),
    ...(texts.includes(base)
      ? [`private static final Decimal ${free(`${base} = ${String(part.random.integer(5, 60))}`)};`]
      : []),
  ]);
  return declared.length === 0 ? texts : `${declared.join('\n')}\n\n${texts}`;
};

/** A whole number divided among several, and loops that compute. */
export const numberLoop: Member = (part) => {
  const total = part.random.chance(0.2)
    ? unknownWord(part.random)
    : part.pick('total', 'amount', 'cents', 'pieces', 'seats');
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
  const value = resultName(part, [total, i], 'computed', 'accumulated', 'answer');
  const [said, names, first, from, sign] = part.pick<
    readonly [string, readonly string[], string, string, string]
  >(
    [`product of the whole numbers from 1 to ${total}`, ['factorial', 'multiplyUpTo'], '1', '1', '*='],
    [`sum of the whole numbers from 1 to ${total}`, ['sumUpTo', 'triangular'], '0', '1', '+='],
    [`adds up the numbers from 0 to ${total}`, ['addUpTo', 'sumFromZero'], '0', '0', '+='],
  );
  return apex`
    ${told(part, part.pick(said, `the ${said}`.replace('the adds', 'adds')), [total])}
    ${head(part, 'Integer', part.random.pick(names), `Integer ${seen(total)}`)}
        Integer ${seen(value)} = ${first};
        for (Integer ${seen(i)} = ${from}; ${i} <= ${total}; ${i}++) {
            ${value} ${sign} ${i};
        }
        return ${value};
    }
  `;
};

/** Values that may be missing, or of any type. */
export const anyValue: Member = (part) => {
  const [first, second] = part.pick(
    ['first', 'second'],
    ['preferred', 'fallback'],
    ['given', 'standard'],
    ['value', 'otherwise'],
  ) as [string, string];
  const type = part.pick('String', 'Decimal', 'Date', 'Id', 'Object', part.thing.api);
  const value = fresh(part, [], 'value', 'input', 'raw', 'source', 'anything');
  const kinds = part.random.sample(
    ['Integer', 'Decimal', 'Date', 'Boolean', 'Id'],
    part.random.integer(2, 3),
  );
  const textOf: Readonly<Record<string, (one: string) => string>> = {
    Integer: (one) => `${one}.format()`,
    Decimal: (one) => `${one}.toPlainString()`,
    Date: (one) => `${one}.format()`,
    Boolean: (one) => `${one} ? ${part.pick(`'yes' : 'no'`, `'Y' : 'N'`, `'on' : 'off'`)}`,
    Id: (one) => `${one}.to15()`,
  };
  const values = fresh(part, [], 'values', 'candidates', 'choices', 'options');
  const one = fresh(part, [values], 'one', 'candidate', 'item', 'choice');
  return part.pick(
    () => apex`
      ${told(part, part.pick(`the ${first} one unless it is null, else the ${second} one`, `returns ${first}; when it is null, ${second}`), [first, second])}
      ${head(part, type, part.pick('coalesce', 'firstNonNull', 'orElse', 'nvl'), `${type} ${seen(first)}`, `${type} ${seen(second)}`)}
          ${part.pick(`return ${first} == null ? ${second} : ${first};`, `return ${first} != null ? ${first} : ${second};`, `return ${first} ?? ${second};`, `if (${first} != null) {\n    return ${first};\n}\nreturn ${second};`)}
      }
    `,
    () => apex`
      ${told(part, part.pick(`the first of the ${values} that is not ${type === 'String' ? 'blank' : 'null'}; null if none`, `which of the ${values} has a value first?`), [values])}
      ${head(part, type, part.pick('coalesce', 'firstFilled', 'firstOf'), `List<${type}> ${seen(values)}`)}
          for (${type} ${seen(one)} : ${values}) {
              if (${type === 'String' ? `String.isNotBlank(${one})` : `${one} != null`}) {
                  return ${one};
              }
          }
          return null;
      }
    `,
    () => apex`
      ${told(part, `the ${value} as text, each type in its own way`, [value])}
      ${head(part, 'String', part.pick('toText', 'format', 'asText', 'display'), `Object ${seen(value)}`)}
          ${kinds.map((kind) => `if (${value} instanceof ${free(kind)}) {\n    ${kind} ${seen(`the${kind}`)} = (${kind}) ${value};\n    return ${free(textOf[kind]!(`the${kind}`))};\n}`)}
          return String.valueOf(${value});
      }
    `,
    () => apex`
      ${told(part, `only those of the ${values} that are of this type`, [values])}
      ${head(part, `List<${kinds[0]!}>`, `only${kinds[0]!}s`, `List<Object> ${seen(values)}`)}
          List<${kinds[0]!}> ${seen('chosen')} = new List<${kinds[0]!}>();
          for (Object ${seen(one)} : ${values}) {
              if (${one} instanceof ${kinds[0]!}) {
                  chosen.add((${kinds[0]!}) ${one});
              }
          }
          return chosen;
      }
    `,
    () => apex`
      ${told(part, part.pick(`the ${value} as ${kinds[0]!}, or null when it is of another type`, `casts the ${value} if it is of type ${kinds[0]!}`), [value])}
      ${head(part, kinds[0]!, `as${capitalized(kinds[0]!)}`, `Object ${seen(value)}`)}
          ${part.pick(`return ${value} instanceof ${kinds[0]!} ? (${kinds[0]!}) ${value} : null;`, `if (${value} instanceof ${kinds[0]!}) {\n    return (${kinds[0]!}) ${value};\n}\nreturn null;`)}
      }
    `,
  )();
};
