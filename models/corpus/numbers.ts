/** How people write numbers: digits, thousands, "100k", "2 million", words to twenty. */
import type { Random } from './random.js';

/** Zero to twenty. */
export const numberWords = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
  'twenty',
];

/** `1500` → `1,500`. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The number in one of its wordings. */
export function saidNumber(random: Random, value: number): string {
  if (!Number.isInteger(value) || value < 0) return String(value);
  const wordings: (readonly [number, string])[] = [[6, String(value)]];
  if (value >= 1 && value <= 20) wordings.push([2, numberWords[value]!]);
  if (value >= 1000) wordings.push([4, grouped(value)]);
  if (value >= 1000 && value < 1_000_000 && value % 500 === 0)
    wordings.push([3, `${value / 1000}k`], [1, `${value / 1000}K`], [1, `${value / 1000} thousand`]);
  if (value >= 1_000_000 && value % 100_000 === 0)
    wordings.push(
      [3, `${value / 1_000_000} million`],
      [1, `${value / 1_000_000}m`],
      [1, `${value / 1_000_000}M`],
    );
  return random.weighted(wordings);
}

/** The same for money; sometimes with its sign. */
export function saidMoney(random: Random, value: number): string {
  const said = saidNumber(random, value);
  if (/^[a-z]/.test(said)) return random.chance(0.2) ? `${said} ${value === 1 ? 'dollar' : 'dollars'}` : said;
  return random.weighted([
    [8, said],
    [2, `$${said}`],
    [0.7, `${said} dollars`],
    [0.7, `${said} euros`],
    [0.5, `${said} ${random.pick(['USD', 'EUR'])}`],
    [0.7, `€${said}`],
  ]);
}

/** How often a number has decimals; few counts have. */
const decimalShares = { money: 0.07, count: 0.03 } as const;

/** `18.5`, `0.75`, `99.99`; written in English as in the answer. */
function drawnDecimal(random: Random): number {
  return random.weighted<() => number>([
    [5, () => random.integer(0, 150) + 0.5],
    [2, () => random.integer(1, 999) / 10],
    [2, () => random.integer(1, 9999) / 100],
    [1, () => random.pick([9, 19, 29, 49, 99, 199, 499, 999]) + 0.99],
  ])();
}

/** A number such as people name: mostly round. */
export function drawnMoney(random: Random): number {
  if (random.chance(decimalShares.money)) return drawnDecimal(random);
  const head = random.pick([
    1, 1, 1.5, 2, 2, 2.5, 3, 4, 5, 5, 7.5, 8, 12, 15, 20, 25, 30, 40, 45, 50, 60, 75, 80, 90,
  ]);
  const value = head * random.pick([10, 100, 100, 1000, 1000, 1000, 10_000, 10_000, 100_000, 1_000_000]);
  return random.chance(0.15) ? random.integer(1, 9999) : Math.round(value);
}

export function drawnCount(random: Random): number {
  if (random.chance(decimalShares.count)) return drawnDecimal(random);
  return random.weighted<() => number>([
    [4, () => random.integer(1, 20)],
    [4, () => random.integer(2, 20) * 5],
    [2, () => random.integer(1, 20) * 100],
    [1, () => random.integer(2, 20) * 500],
    [1, () => random.integer(1, 999)],
  ])();
}
