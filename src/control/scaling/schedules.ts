/**
 * When scheduled actions run: `at(…)` once, `rate(…)` again and again from the beginning, `cron(…)` by a calendar with
 * the services' six fields (minutes, hours, day of month, month, day of week, year), all in a time zone.
 *
 * Where clocks are put forward, a time that does not exist runs when the clocks have been; where they are put back, one
 * that comes twice runs once.
 */
import { Cron } from 'croner';
import type { ScheduledActionRecord } from '../../domain/scaling.js';

/** Runs that were missed are looked through for the last one; beyond so many it does not matter which. */
const missedRunsMax = 1_000;

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

/** When an action is due next, after it ran last or was made; null = never again. */
export function nextRun(action: ScheduledActionRecord): number | null {
  const { schedule, timezone, createdAt, startAt, endAt, lastRunAt } = action;
  const startedAt = startAt ?? createdAt;
  const calendar = calendarOf(schedule, timezone, startedAt);
  // A time that is the start itself counts.
  const after = lastRunAt ?? (startAt === null ? createdAt : startAt - 1);
  const next = calendar?.next(after) ?? null;
  return next === null || (endAt !== null && next > endAt) ? null : next;
}

/** The last time at which an action was due until now and did not run; null = it has missed none. */
export function missedRun(action: ScheduledActionRecord, now: number): number | null {
  let due: number | null = null;
  let next = nextRun(action);
  for (let count = 0; next !== null && next <= now && count < missedRunsMax; count++) {
    due = next;
    next = nextRun({ ...action, lastRunAt: due });
  }
  return due;
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
  return { next: (after) => cron.nextRun(new Date(after))?.getTime() ?? null };
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
