/** Days of the calendar, and how people write them. */
import type { Random } from './random.js';

export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** `2024-05-07` */
  readonly iso: string;
  /** As somebody writes it: `May 7th, 2024`. */
  readonly text: string;
}

const months = 'January|February|March|April|May|June|July|August|September|October|November|December'.split(
  '|',
);
const daysIn = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `1st`, `22nd`, `13th`. */
function ordinal(day: number): string {
  const isTeen = day >= 11 && day <= 13;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th');
  return `${day}${ending}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** `Sept` and `Sep`, `Jan` and `Jan.`; May is short as it is. */
function shortMonth(random: Random, name: string): string {
  if (name === 'May') return name;
  if (name === 'September' && random.chance(0.4)) return 'Sept';
  return `${name.slice(0, 3)}${random.chance(0.1) ? '.' : ''}`;
}

/** Digits in the order of a country only where the day cannot be a month. */
function inDigits(random: Random, year: number, month: number, day: number): string {
  const isClear = day > 12;
  return random.weighted([
    [3, `${year}/${two(month)}/${two(day)}`],
    [1, `${year}.${two(month)}.${two(day)}`],
    [1, `${year}/${month}/${day}`],
    [isClear ? 2 : 0, `${two(day)}.${two(month)}.${year}`],
    [isClear ? 1 : 0, `${two(day)}/${two(month)}/${year}`],
    [isClear ? 2 : 0, `${month}/${day}/${year}`],
    [isClear ? 0.5 : 0, `${day}.${month}.${year}`],
  ]);
}

function inWords(random: Random, year: number, month: number, day: number): string {
  const full = months[month - 1]!;
  const name = random.chance(0.65) ? full : shortMonth(random, full);
  return random.weighted([
    [4, `${name} ${day}, ${year}`],
    [4, `${day} ${name} ${year}`],
    [2, `${name} ${day} ${year}`],
    [2, `${name} ${ordinal(day)}, ${year}`],
    [1, `${name} ${ordinal(day)} ${year}`],
    [1.5, `${ordinal(day)} ${name} ${year}`],
    [1.5, `the ${ordinal(day)} of ${name} ${year}`],
    [0.7, `${ordinal(day)} of ${name} ${year}`],
    [0.5, `${day}. ${full} ${year}`],
    [0.5, `${day}-${full.slice(0, 3)}-${year}`],
  ]);
}

function drawnDayOfMonth(random: Random, month: number): number {
  const last = daysIn[month - 1]!;
  return random.weighted<() => number>([
    [3, () => 1],
    [1, () => 15],
    [1, () => last],
    [7, () => random.integer(1, last)],
  ])();
}

export function drawnDay(random: Random): CalendarDay {
  const [year, month] = [random.integer(2019, 2028), random.integer(1, 12)];
  const day = drawnDayOfMonth(random, month);
  const iso = `${year}-${two(month)}-${two(day)}`;
  const text = random.weighted<() => string>([
    [4, () => iso],
    [5.5, () => inWords(random, year, month, day)],
    [1.5, () => inDigits(random, year, month, day)],
  ])();
  return { year, month, day, iso, text };
}
