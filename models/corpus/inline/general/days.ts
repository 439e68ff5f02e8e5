/** Tools for days: what the calendar says of one, and how far two are apart. */
import { unknownWord } from '../../words/invented.js';
import { free } from '../apex.js';
import type { Member, Part } from '../part.js';
import { toolText, type Tool } from './expressions.js';
import { constantOf, fresh } from './words.js';

/** The parameter that a day is given in. */
function dayName(part: Part): string {
  return part.random.chance(0.15)
    ? `${unknownWord(part.random)}Date`
    : fresh(
        part,
        [],
        'day',
        'start',
        'startDate',
        'given',
        'd',
        'dueDate',
        'reference',
        'orderDate',
        'birthday',
      );
}

/** The month, year and quarter that the day is in. */
function boundsOf(part: Part, day: string): readonly Tool[] {
  return [
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
  ];
}

/** How far two days are apart, and days at a distance. */
function distancesOf(day: string, other: string, days: string, months: string): readonly Tool[] {
  return [
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
  ];
}

/** Questions of a day, and what two days compared give. */
function comparisonsOf(day: string, other: string): readonly Tool[] {
  return [
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
}

/** What a constant number of days tells of the day. */
function deadlinesOf(day: string, constant: string): readonly Tool[] {
  return [
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
}

/** Writes methods that tell what the calendar says of a day. */
export const dayTool: Member = (part) => {
  const day = dayName(part);
  const days = part.pick('days', 'count', 'howMany', 'offset');
  const months = part.pick('months', 'monthCount', 'term');
  const other = fresh(part, [day], 'until', 'finish', 'other', 'asOf', 'birth', 'later');
  const constant = part.pick('GRACE_DAYS', 'NOTICE_DAYS', 'TERM_DAYS', 'LEAD_TIME', 'PERIOD_DAYS');
  const tools = [
    ...boundsOf(part, day),
    ...distancesOf(day, other, days, months),
    ...comparisonsOf(day, other),
  ];
  const isConstant = part.random.chance(0.35);
  const picked = isConstant
    ? [
        ...part.random.sample(deadlinesOf(day, constant), part.random.integer(1, 2)),
        ...part.random.sample(tools, 1),
      ]
    : part.random.sample(tools, part.random.integer(1, 3));
  const text = picked.map((tool) => toolText(part, tool, day)).join('\n\n');
  return isConstant ? `${constantOf('Integer', constant, part.random.integer(3, 90))}\n\n${text}` : text;
};
