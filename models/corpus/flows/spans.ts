/** Spans of time: how long a flow waits, when a task is due. */
import { numberWords } from '../numbers.js';
import { phrase } from '../phrase.js';
import type { Random } from '../random.js';

/** Zero to twelve: longer spans are said in digits. */
const words = numberWords.slice(0, 13);
const usualDays = [
  1, 2, 2, 3, 3, 4, 5, 5, 6, 7, 8, 9, 10, 10, 12, 14, 15, 20, 21, 25, 28, 30, 30, 45, 60, 90, 100, 120, 180,
];
const usualHours = [1, 2, 3, 4, 5, 6, 8, 10, 12, 18, 24, 36, 48, 72];

export interface Due {
  readonly days: number;
  /** `due in 3 days`. */
  readonly said: string;
}

export function drawDue(random: Random): Due {
  if (random.chance(0.14)) {
    return {
      days: 0,
      said: phrase(
        random,
        '{due today|due the same day|by the end of the day|by end of day|due by the end of the day|due immediately|due at the end of the day|due end of day|for today|with today as due date|to be done today|that is due today|due today}',
      ),
    };
  }
  if (random.chance(0.18)) {
    return {
      days: 1,
      said: phrase(
        random,
        '{due tomorrow|due the next day|by tomorrow|to be done by tomorrow|due by tomorrow|due tomorrow|due tomorrow|for tomorrow|by the next day|due a day later|that is due tomorrow}',
      ),
    };
  }
  const { days, said } = drawDays(random);
  return {
    days,
    said: phrase(
      random,
      `{due in ${said}|due in ${said}|due in ${said}|due in ${said}|due within ${said}|due after ${said}|due ${said} later|due ${said} from now|within ${said}|that is due in ${said}|with a due date in ${said}|to be done in ${said}|to be done within ${said}|with a deadline of ${said}|to be finished in ${said}|due in ${said} at the latest}`,
    ),
  };
}

export interface Span {
  /** `days` or `hours`. */
  readonly unit: 'days' | 'hours';
  readonly count: number;
  /** `3 days`, `two weeks`, `a day`. */
  readonly said: string;
}

export function drawSpan(random: Random): Span {
  if (random.chance(0.28)) {
    const count = random.chance(0.8) ? random.pick(usualHours) : random.integer(1, 96);
    const said =
      count === 1 ? phrase(random, '{an hour|1 hour|one hour}') : `${saidCount(random, count)} hours`;
    return { unit: 'hours', count, said };
  }
  const { days, said } = drawDays(random);
  return { unit: 'days', count: days, said };
}

/** Days, sometimes said as weeks. */
function drawDays(random: Random): { readonly days: number; readonly said: string } {
  if (random.chance(0.2)) {
    const weeks = random.weighted([
      [5, 1],
      [5, 2],
      [2, 3],
      [2, 4],
      [1, 6],
      [1, 8],
    ] as const);
    return {
      days: weeks * 7,
      said:
        weeks === 1 ? phrase(random, '{a week|a week|one week|1 week}') : `${saidCount(random, weeks)} weeks`,
    };
  }
  const days = random.chance(0.7) ? random.pick(usualDays) : random.integer(1, 60);
  return {
    days,
    said: days === 1 ? phrase(random, '{a day|1 day|one day|1 day}') : `${saidCount(random, days)} days`,
  };
}

function saidCount(random: Random, count: number): string {
  const word = words[count];
  return word !== undefined && random.chance(0.35) ? word : String(count);
}
