/** What a scheduled action's time must be. Throws REQ-210. */
import { calendarOf } from '../../scaling/schedules.js';
import { invalid } from '../refusals.js';

const forms = 'at(yyyy-mm-ddThh:mm:ss), rate(NUMBER minutes|hours|days) or cron(SIX FIELDS)';

/** Starts and ends are at most so far from now, in years of 365 days. */
const yearsMax = 100;
const yearMs = 365 * 86_400_000;

/** `time` and `now`: milliseconds since 1970. */
export function checkTime(field: 'startTime' | 'endTime', time: number | null, now: number): void {
  if (time === null || Math.abs(time - now) <= yearsMax * yearMs) return;
  const member = field === 'startTime' ? 'StartTime' : 'EndTime';
  throw invalid(field, `${member} is ${time / 1000} s since 1970, more than ${yearsMax} years from now.`);
}

export function checkSchedule(schedule: string, timezone: string | null): void {
  if (calendarOf(schedule, null, 0) === null) {
    throw invalid('schedule', `The schedule "${schedule}" is not one of ${forms}.`);
  }
  if (timezone === null || calendarOf(schedule, timezone, 0) !== null) return;
  throw invalid('timezone', `"${timezone}" is not the name of a time zone, for example Europe/Berlin.`);
}
