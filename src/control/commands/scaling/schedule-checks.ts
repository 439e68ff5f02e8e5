/** What a scheduled action's time must be. Throws REQ-210. */
import { calendarOf } from '../../scaling/schedules.js';
import { invalid } from '../refusals.js';

const forms = 'at(yyyy-mm-ddThh:mm:ss), rate(NUMBER minutes|hours|days) or cron(SIX FIELDS)';

export function checkSchedule(schedule: string, timezone: string | null): void {
  if (calendarOf(schedule, null, 0) === null) {
    throw invalid('schedule', `The schedule "${schedule}" is not one of ${forms}.`);
  }
  if (timezone === null || calendarOf(schedule, timezone, 0) !== null) return;
  throw invalid('timezone', `"${timezone}" is not the name of a time zone, for example Europe/Berlin.`);
}
