/**
 * When scheduled actions run: `at(…)` once, `rate(…)` again and again from the beginning, `cron(…)` by a calendar with
 * the services' six fields (minutes, hours, day of month, month, day of week, year), all in a time zone.
 *
 * Where clocks are put forward, a time that does not exist runs when the clocks have been; where they are put back, one
 * that comes twice runs once.
 */
import { Cron } from 'croner';
import type { ScheduledActionRecord } from '../../domain/scaling.js';

/** Two runs are further apart than this, milliseconds. */
const runsApartMsMin = 1_000;
/** The last time that a date can be of, milliseconds. */
const dateMax = 8.64e15;

const rateUnits: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** The times of a schedule. */
export interface Calendar {
  /** The first time after `after`, both wall clock; null = there is none. */
  next(after: number): number | null;
}

/** `startedAt`: what a rate counts from, wall clock. Null: the schedule or the time zone cannot be read. */
export function calendarOf(schedule: string, timezone: string | null, startedAt: number): Calendar | null {
  const match = /^(at|rate|cron)\((.+)\)$/.exec(schedule.trim());
  const [, form, text = ''] = match ?? [];
  const zone = timezone ?? 'UTC';
  try {
    // Throws for a zone that there is not.
    new Intl.DateTimeFormat('en', { timeZone: zone });
    switch (form) {
      case 'at':
        return onceAt(text, zone);
      case 'rate':
        return every(text, startedAt);
      case 'cron':
        return byCalendar(text, zone);
      default:
        return null;
    }
  } catch {
    return null;
  }
}

/** When an action is due next, after it ran last or was made or changed; null = never again. */
export function nextRun(action: ScheduledActionRecord): number | null {
  return nextAfter(action, calendarOfAction(action), beginningOf(action));
}

/**
 * The last time at which an action was due until now and did not run; null = it has missed none. Found by halving the
 * time since, however many it missed.
 */
export function missedRun(action: ScheduledActionRecord, now: number): number | null {
  const calendar = calendarOfAction(action);
  const until = Math.min(now, action.endAt ?? now);
  // A run comes after `before` and until then, and none after `notBefore`.
  let before = beginningOf(action);
  let due = nextAfter(action, calendar, before);
  if (due === null || due > until) return null;
  let notBefore = until;
  while (notBefore - before > runsApartMsMin) {
    const middle = Math.floor((before + notBefore) / 2);
    const next = nextAfter(action, calendar, middle);
    if (next === null || next > until) notBefore = middle;
    else [before, due] = [middle, next];
  }
  return due;
}

function calendarOfAction({
  schedule,
  timezone,
  createdAt,
  startAt,
}: ScheduledActionRecord): Calendar | null {
  return calendarOf(schedule, timezone, startAt ?? createdAt);
}

/** Runs come after this. What was due before the action was as it is now was due by no one's wish. */
function beginningOf({ createdAt, definedAt, startAt, lastRunAt }: ScheduledActionRecord): number {
  // A time that is the start itself counts.
  return Math.max(definedAt ?? createdAt, lastRunAt ?? -Infinity, startAt === null ? -Infinity : startAt - 1);
}

function nextAfter(
  { endAt }: ScheduledActionRecord,
  calendar: Calendar | null,
  after: number,
): number | null {
  const next = calendar?.next(after) ?? null;
  return next === null || next > Math.min(dateMax, endAt ?? dateMax) ? null : next;
}

function onceAt(text: string, zone: string): Calendar | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text)) return null;
  const at = new Cron(text, { timezone: zone }).nextRun(new Date(0))?.getTime() ?? null;
  return at === null ? null : { next: (after) => (at > after ? at : null) };
}

function every(text: string, startedAt: number): Calendar | null {
  const [, count, unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(text) ?? [];
  const interval = Number(count) * (rateUnits[unit] ?? 0);
  if (!(interval > 0)) return null;
  return {
    next: (after) => startedAt + Math.max(1, Math.floor((after - startedAt) / interval) + 1) * interval,
  };
}

function byCalendar(text: string, zone: string): Calendar | null {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 6) return null;
  const [minutes = '', hours = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  // One of the two days says nothing, and says so with a question mark.
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) return null;
  const pattern = [
    '0',
    stepped(minutes, 59),
    stepped(hours, 23),
    stepped(dayOfMonth.replace('?', '*'), 31),
    stepped(month, 12),
    daysOfWeek(dayOfWeek),
    stepped(year, 2199),
  ].join(' ');
  const cron = new Cron(pattern, { timezone: zone, alternativeWeekdays: true });
  return {
    next: (after) => {
      try {
        return cron.nextRun(new Date(after))?.getTime() ?? null;
      } catch {
        // So late that there is no date for it.
        return null;
      }
    },
  };
}

/** `FROM/STEP` means from there to the end. */
function stepped(field: string, last: number): string {
  return field.replace(/(^|,)(\d+)\/(\d+)/g, (_, before: string, from: string, step: string) => {
    return `${before}${from}-${last}/${step}`;
  });
}

/** Sunday is 1; `L` alone is the last day of the week. */
function daysOfWeek(field: string): string {
  if (field === '?') return '*';
  return field === 'L' ? '7' : stepped(field, 7);
}
