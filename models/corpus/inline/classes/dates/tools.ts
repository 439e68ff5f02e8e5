/** Small methods about dates: calendar days, hours between two moments. */
import { free, seen } from '../../apex.js';
import { capitalized, withArticle } from '../../../phrase.js';
import { joinedMembers } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { declared, spaced } from '../../scope/words.js';
import { guard, methodOf, toolsOf, type Told, type ToldMaker } from '../methods.js';

function day(part: Part): string {
  return part.pick('day', 'day', 'someDay', 'fromDay', 'dueDay', 'startDay');
}

function tool(
  type: string,
  name: string,
  said: string,
  given: Told['given'],
  ...lines: readonly string[]
): Told {
  return { type, name, said, given, lines };
}

/** The one of the tools that needs another method. */
const nextWorkday: ToldMaker = (part) => {
  const d = day(part);
  const next = part.pick('next', 'result', 'candidate', 'moved');
  return tool(
    'Date',
    'nextWorkday',
    `the next day after ${d} that is no weekend`,
    [['Date', d]],
    `Date ${seen(next)} = ${d}.addDays(1);`,
    `while (isFree(${next})) {\n    ${next} = ${next}.addDays(1);\n}`,
    `return ${next};`,
  );
};

const calendarTools: readonly ToldMaker[] = [
  (part) => {
    const d = day(part);
    return tool(
      'Date',
      'firstOfMonth',
      `first day of the month that ${d} is in`,
      [['Date', d]],
      `return ${part.pick(`${d}.toStartOfMonth()`, `${d}.toStartOfMonth()`, `${free('')}Date.newInstance(${d}.year(), ${d}.month(), 1)`)};`,
    );
  },
  (part) => {
    const d = day(part);
    return tool(
      'Date',
      'lastOfMonth',
      `last day of the month: a day before the first of the next one`,
      [['Date', d]],
      `return ${d}.toStartOfMonth().addMonths(1).addDays(-1);`,
    );
  },
  (part) => {
    const d = day(part);
    return tool(
      'Integer',
      'daysInMonth',
      `how many days the month of ${d} has`,
      [['Date', d]],
      `return Date.daysInMonth(${d}.year(), ${d}.month());`,
    );
  },
  (part) => {
    const d = day(part);
    return tool(
      'Integer',
      'quarterOf',
      `quarter of the year, from 1 to 4`,
      [['Date', d]],
      `return ${free('')}(${d}.month() - 1) / 3 + 1;`,
    );
  },
  (part) => {
    const born = part.pick('birthdate', 'born', 'birthday', 'dateOfBirth');
    const now = part.pick('today', 'onDay', 'reference');
    const age = part.pick('age', 'years');
    return tool(
      'Integer',
      'ageOn',
      `age in full years; one less while the birthday of that year is still to come`,
      [
        ['Date', born],
        ['Date', now],
      ],
      `Integer ${seen(age)} = ${now}.year() - ${born}.year();`,
      `${free('')}if (${born}.addYears(${age}) > ${now}) {\n    ${age}--;\n}`,
      `return ${age};`,
    );
  },
  (part) => {
    const [a, b] = part.pick(
      ['first', 'second'],
      ['fromDay', 'toDay'],
      ['startDate', 'endDate'],
      ['earlier', 'later'],
    ) as [string, string];
    return tool(
      'Integer',
      'daysFrom',
      `number of days from ${a} to ${b}`,
      [
        ['Date', a],
        ['Date', b],
      ],
      `return ${a}.daysBetween(${b});`,
    );
  },
  (part) => {
    const d = day(part);
    const name = part.pick('dayName', 'weekday', 'weekdayName');
    return tool(
      'Boolean',
      'isWeekend',
      `is ${d} a Saturday or a Sunday?`,
      [['Date', d]],
      `String ${seen(name)} = ((Datetime) ${d}).formatGmt(${free("'EEE'")});`,
      `return ${name} == 'Sat' || ${name} == 'Sun';`,
    );
  },
  nextWorkday,
  (part) => {
    const m = part.pick('moment', 'stamp', 'happenedAt', 'createdAt');
    return tool(
      'Date',
      'dayOf',
      `the day of the ${spaced(m)}; null stays null`,
      [['Datetime', m]],
      `return ${part.pick(`${m} == null ? null : ${m}.date()`, `${m}?.date()`)};`,
    );
  },
  (part) => {
    const m = part.pick('moment', 'stamp', 'happenedAt', 'createdAt');
    return tool(
      'Datetime',
      'startOfDay',
      `midnight at which the day of ${m} begins`,
      [['Datetime', m]],
      `return Datetime.newInstance(${m}.date(), Time.newInstance(0, 0, 0, 0));`,
    );
  },
  (part) => {
    const d = day(part);
    return tool(
      'Date',
      'mondayOf',
      `the first day of the week that ${d} is in`,
      [['Date', d]],
      `return ${d}.toStartOfWeek();`,
    );
  },
  (part) => {
    const [a, b] = part.pick(['one', 'other'], ['first', 'second'], ['left', 'right']) as [string, string];
    const isLater = part.random.chance(0.5);
    return tool(
      'Date',
      isLater ? 'laterOf' : 'earlierOf',
      `the ${isLater ? 'later' : 'earlier'} one of ${a} and ${b}`,
      [
        ['Date', a],
        ['Date', b],
      ],
      `return ${a} ${isLater ? '>' : '<'} ${b} ? ${a} : ${b};`,
    );
  },
  (part) => {
    const d = day(part);
    return tool(
      'Boolean',
      'isSameMonth',
      `do ${d} and other lie in one month of one year?`,
      [
        ['Date', d],
        ['Date', 'other'],
      ],
      `return ${d}.year() == other.year() && ${d}.month() == other.month();`,
    );
  },
  (part) => {
    const [from, to] = part.pick(['fromDay', 'toDay'], ['firstDay', 'lastDay'], ['startDate', 'endDate']) as [
      string,
      string,
    ];
    const list = part.pick('days', 'allDays', 'found');
    const at = part.pick('current', 'cursor', 'each');
    return tool(
      'List<Date>',
      'daysOf',
      `every day from ${from} to ${to}, both of them too`,
      [
        ['Date', from],
        ['Date', to],
      ],
      `List<Date> ${seen(list)} = new List<Date>();`,
      `Date ${seen(at)} = ${from};`,
      `while (${at} <= ${to}) {\n    ${list}.add(${at});\n    ${at} = ${at}.addDays(1);\n}`,
      `return ${list};`,
    );
  },
  (part) => {
    const d = day(part);
    return tool(
      'String',
      'isoOf',
      `${d} as ISO text, year first, e.g. 2024-05-31`,
      [['Date', d]],
      `return String.valueOf(${d});`,
    );
  },
];

/** A box of methods about days. */
export const calendar: Member = (part) => {
  const text = toolsOf(part, calendarTools, 2, 4);
  const isStatic = /nextWorkday/.test(text) && /static/.test(text);
  if (!text.includes('isFree(')) return text;
  const freeDayMethod = methodOf(
    part,
    {
      said: 'Saturdays and Sundays are free',
      type: 'Boolean',
      name: 'isFree',
      given: [['Date', 'candidateDay']],
      lines: [
        `String ${seen('dayName')} = ((Datetime) candidateDay).formatGmt(${free("'E'")});`,
        `return dayName == 'Sat' || dayName == 'Sun';`,
      ],
    },
    isStatic,
  );
  return joinedMembers(text, freeDayMethod);
};

/** One or two of them, beside something else. */
export const calendarTool: Member = (part) =>
  toolsOf(
    part,
    calendarTools.filter((maker) => maker !== nextWorkday),
    1,
    2,
  );

/** Hours, minutes and seconds between two moments, with constants for their length. */
export const elapsed: Member = (part) => {
  const [from, to] = part.pick(
    ['startedAt', 'finishedAt'],
    ['opened', 'closed'],
    ['createdAt', 'answeredAt'],
    ['fromTime', 'toTime'],
    ['startTime', 'endTime'],
    ['arrived', 'departed'],
  ) as [string, string];
  const isNamed = part.random.chance(0.6);
  const units = [
    ['seconds', 'MS_PER_SECOND', '1000'],
    ['minutes', 'MS_PER_MINUTE', '60000'],
    ['hours', 'MS_PER_HOUR', '3600000'],
    ['days', 'MS_PER_DAY', '86400000'],
  ] as const;
  const chosen = part.random.sample(units, part.random.integer(2, 3));
  const isSplit = part.random.chance(0.4);
  const isGuarded = part.random.chance(0.4);
  const isShort = part.random.chance(0.28);
  const span = part.pick('millis', 'difference', 'elapsedMs', 'gap');
  const isDecimal = part.random.chance(0.4);
  const methods = chosen.map(([unit, constant, length]) => {
    const by = isNamed ? constant : length;
    const gap = `${to}.getTime() - ${from}.getTime()`;
    const whole = isSplit
      ? [
          `Long ${seen(span)} = ${gap};`,
          isDecimal ? `return Decimal.valueOf(${span}) / ${by};` : `return ${span} / ${by};`,
        ]
      : [isDecimal ? `return Decimal.valueOf(${gap}) / ${by};` : `return (${gap}) / ${by};`];
    return methodOf(part, {
      said: `${isDecimal ? '' : 'full '}${unit} from ${from} to ${to}${isNamed ? '' : ` (${withArticle(unit.slice(0, -1))} has ${length} milliseconds)`}${isGuarded ? '; null when one of them is missing' : ''}`,
      type: isDecimal ? 'Decimal' : 'Long',
      name: part.pick(`${unit}Between`, `get${capitalized(unit)}`, `${unit}Elapsed`),
      given: [
        ['Datetime', from],
        ['Datetime', to],
      ],
      lines: [
        ...(isGuarded ? [guard(isShort, `${from} == null || ${to} == null`, 'return null;')] : []),
        ...whole,
      ],
    });
  });
  return joinedMembers(
    isNamed
      ? declared(
          part,
          chosen.map(([, name, length]) => [name, 'Long', length] as const),
        )
      : '',
    ...methods,
  );
};
