import { expect, it } from 'vitest';
import { Random } from '../random.js';
import { drawDue, drawSpan } from './spans.js';

const words = 'an? one two three four five six seven eight nine ten eleven twelve'.split(' ');

/** Days or hours of `3 days`, `two weeks`, `an hour`; read without the table that wrote it. */
function countOf(text: string): number | null {
  const found = /(\d+|an?|[a-z]+) (hour|day|week)s?\b/.exec(text);
  if (found === null) return null;
  const [, count = '', unit] = found;
  const number = /^\d/.test(count) ? Number(count) : count.startsWith('a') ? 1 : words.indexOf(count);
  return unit === 'week' ? number * 7 : number;
}

it('a span is as long as it is said to be', () => {
  const random = new Random('spans');
  for (let round = 0; round < 2000; round++) {
    const { said, count, unit } = drawSpan(random);
    expect([said, countOf(said)]).toEqual([said, count]);
    expect(said.includes('hour')).toBe(unit === 'hours');
  }
});

it('a due date is on the day that is said', () => {
  const random = new Random('due');
  const named: Record<string, number> = {
    today: 0,
    immediately: 0,
    'same day': 0,
    'end of': 0,
    tomorrow: 1,
    'next day': 1,
  };
  for (let round = 0; round < 2000; round++) {
    const { said, days } = drawDue(random);
    const name = Object.keys(named).find((one) => said.includes(one));
    expect([said, name === undefined ? countOf(said) : named[name]]).toEqual([said, days]);
  }
});
