/** Loops from day to day that know weekends and days off. */
import { apex, free, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { head, resultName, spoken, told } from './words.js';

interface Span {
  readonly first: string;
  readonly last: string;
  readonly current: string;
  /** The method that knows weekends. */
  readonly check: string;
  /** The set of days off, which the method takes if `hasSet`. */
  readonly holidays: string;
  readonly hasSet: boolean;
  readonly days: string;
  readonly out: string;
  readonly list: string;
}

/** Writes a loop that counts, adds, lists or looks for working days, and the check of weekends that it uses. */
export const dayLoop: Member = (part) => {
  const span = drawSpan(part);
  const weekend = weekendCheck(part, span.check);
  const way = part.pick(countedWorkdays, addedWorkdays, listedWorkdays, nextWorkday);
  return part.random.shuffled([way(part, span), weekend]).join('\n\n');
};

function drawSpan(part: Part): Span {
  const [first, last] = part.pick<readonly [string, string]>(
    ['first', 'ultimate'],
    ['startDate', 'endDate'],
    ['beginning', 'finish'],
    ['opening', 'closing'],
    ['arrival', 'departure'],
  );
  const current = part.pick('current', 'day', 'cursor', 'running', 'd');
  const check = part.pick('isWeekend', 'isFreeDay', 'isClosed');
  const holidays = part.pick('holidays', 'closedDays', 'exceptions', 'daysOff');
  const hasSet = part.random.chance(0.4);
  const days = part.pick('days', 'count', 'remaining', 'workingDays');
  const used = [first, last, current, days];
  const out = resultName(part, used, 'counted', 'workdays', 'total');
  const list = resultName(part, used, 'everyDay', 'calendar', 'daysBetween', 'listed');
  return { first, last, current, check, holidays, hasSet, days, out, list };
}

/** The test that the current day is neither of a weekend nor off. */
function isOpen({ check, current, holidays, hasSet }: Span): string {
  return `!${check}(${current})${hasSet ? ` && !${holidays}.contains(${current})` : ''}`;
}

/** What a comment adds about days off. */
function excluding({ holidays, hasSet }: Span): string {
  return hasSet ? ` and not among the ${spoken(holidays)}` : '';
}

function setParameter({ holidays, hasSet }: Span): readonly string[] {
  return hasSet ? [`Set<Date> ${seen(holidays)}`] : [];
}

function boundParameters({ first, last }: Span): readonly string[] {
  return [`Date ${seen(first)}`, `Date ${seen(last)}`];
}

/** Counts from a Sunday, so that 0 and 6 are the weekend. */
function weekendCheck(part: Part, check: string): string {
  const weekday = part.pick('weekday', 'dayOfWeek', 'dayIndex', 'index');
  return apex`
    ${told(part, 'is it a Saturday or a Sunday?')}
    ${free('private static')} Boolean ${seen(check)}(Date ${seen('day')}) {
        Integer ${seen(weekday)} = Math.mod(Date.newInstance(1900, 1, ${free('7')}).daysBetween(day), 7);
        return ${weekday} == 0 || ${weekday} == 6;
    }
  `;
}

function countedWorkdays(part: Part, span: Span): string {
  const { first, last, current, out } = span;
  const said = told(part, `counts the days from ${first} to ${last} that are no weekend${excluding(span)}`, [
    first,
    last,
  ]);
  const name = part.pick('countWorkdays', 'businessDays', 'workingDaysBetween');
  const opening = head(part, 'Integer', name, ...boundParameters(span), ...setParameter(span));
  const isFor = part.random.chance(0.5);
  const next = `${current} = ${current}.addDays(1)`;
  const loop = isFor
    ? `for (Date ${seen(current)} = ${first}; ${current} <= ${last}; ${next}) {`
    : `Date ${seen(current)} = ${first};\nwhile (${current} <= ${last}) {`;
  return apex`
    ${said}
    ${opening}
        Integer ${seen(out)} = 0;
        ${loop}
            if (${isOpen(span)}) {
                ${out}++;
            }
            ${isFor ? '' : `${next};`}
        }
        return ${out};
    }
  `;
}

function addedWorkdays(part: Part, span: Span): string {
  const { first, current, days, out, hasSet, holidays } = span;
  const uncounted = `weekends do not count${hasSet ? `, nor do ${spoken(holidays)}` : ''}`;
  return apex`
    ${told(part, `the day that many working ${days} after ${first}; ${uncounted}`, [first, days])}
    ${head(part, 'Date', part.pick('addWorkdays', 'plusBusinessDays', 'dueAfter'), `Date ${seen(first)}`, `Integer ${seen(days)}`, ...setParameter(span))}
        Date ${seen(current)} = ${first};
        Integer ${seen(out)} = 0;
        while (${out} < ${days}) {
            ${current} = ${current}.addDays(1);
            if (${isOpen(span)}) {
                ${out}++;
            }
        }
        return ${current};
    }
  `;
}

function listedWorkdays(part: Part, span: Span): string {
  const { first, last, current, list } = span;
  return apex`
    ${told(part, `all days from ${first} to ${last} that are no weekend${excluding(span)}`, [first, last])}
    ${head(part, 'List<Date>', part.pick('listWorkdays', 'openDays', 'workdaysOf'), ...boundParameters(span), ...setParameter(span))}
        List<Date> ${seen(list)} = new List<Date>();
        Date ${seen(current)} = ${first};
        while (${current} <= ${last}) {
            if (${isOpen(span)}) {
                ${list}.add(${current});
            }
            ${current} = ${current}.addDays(1);
        }
        return ${list};
    }
  `;
}

function nextWorkday(part: Part, span: Span): string {
  const { first, current, check, holidays, hasSet } = span;
  const isClosed = `${check}(${current})${hasSet ? ` || ${holidays}.contains(${current})` : ''}`;
  return apex`
    ${told(part, `the first day on or after ${first} that is no weekend${excluding(span)}`, [first])}
    ${head(part, 'Date', part.pick('nextWorkday', 'nextOpenDay', 'skipWeekend'), `Date ${seen(first)}`, ...setParameter(span))}
        Date ${seen(current)} = ${first};
        while (${isClosed}) {
            ${current} = ${current}.addDays(1);
        }
        return ${current};
    }
  `;
}
