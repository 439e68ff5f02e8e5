import { describe, expect, it } from 'vitest';
import { Desk, home } from '../../../test/control/desk.js';
import { constantValue, type MetricIdentity } from '../../domain/metric.js';
import type { InputOf } from './execute.js';

type Input = InputOf<'GetMetricData'>;

const metric = (shelf: string): MetricIdentity => ({
  scope: home,
  namespace: 'Shop',
  metricName: 'Sold',
  dimensions: [{ name: 'Shelf', value: shelf }],
});

/** A shop with so many shelves, each with a value in each of the last minutes. */
function shop(shelves: number, minutes: number): Desk {
  const desk = new Desk();
  const begin = Math.floor(desk.now / 60_000) * 60_000 - minutes * 60_000;
  for (let shelf = 0; shelf < shelves; shelf++) {
    const name = metric(`s${String(shelf).padStart(4, '0')}`);
    const points = Array.from({ length: minutes }, (_, minute) => minute);
    desk.metrics.put(
      points.map((minute) => ({
        metric: name,
        at: begin + minute * 60_000,
        unit: 'Count',
        values: constantValue(shelf),
      })),
    );
  }
  return desk;
}

const search = `SEARCH('{Shop,Shelf}', 'Sum', 60)`;
const stat = (id: string, shelf = 's0000', period = 60) => {
  const { namespace, metricName, dimensions } = metric(shelf);
  return { id, metricStat: { metric: { namespace, metricName, dimensions }, period, stat: 'Sum' } };
};

function input(desk: Desk, metricDataQueries: Input['metricDataQueries'], more: Partial<Input> = {}): Input {
  return { metricDataQueries, startTime: desk.now - 3_600_000, endTime: desk.now, ...more };
}

describe('a call that asks for too much', () => {
  const letters = Array.from({ length: 499 }, (_, index) => `q${index}`);
  it.each<[string, (desk: Desk) => Input, string]>([
    [
      'a filled series of all time',
      (desk) =>
        input(desk, [stat('a', 's0000', 10), { id: 'b', expression: 'FILL(a, 0)' }], { startTime: -8.64e15 }),
      'needs more than 1000000 values',
    ],
    [
      'a long sum over many metrics, again and again',
      (desk) => {
        const sums = letters
          .slice(0, 400)
          .map((id) => ({ id, expression: `METRICS()${'+1'.repeat(1_000)}` }));
        const metrics = letters.slice(400).map((id) => stat(id));
        return input(desk, [...metrics, ...sums]);
      },
      'needs more than 1000000 values',
    ],
    [
      'hundreds of searches with many words',
      (desk) => {
        const words = Array.from({ length: 200 }, (_, index) => `w${index}`).join(' OR ');
        const many = letters.map((id) => ({ id, expression: `SEARCH('${words}', 'Sum', 60)` }));
        return input(desk, many);
      },
      'needs more than 1000000 values',
    ],
    [
      'queries that need each other in a long row',
      (desk) => {
        const chain = letters.map((id, index) => ({
          id,
          expression: `((((q${index + 1}))))`,
          returnData: index === 0,
        }));
        return input(desk, [...chain, stat('q499')]);
      },
      'more than 32 queries need one another',
    ],
    [
      'coarse periods of fine ones, again and again',
      (desk) => {
        const many = letters.map((id) => stat(id, 's0000', 61 * 60));
        return input(desk, many, { startTime: desk.now - 14 * 86_400_000 });
      },
      'needs more than 1000000 values',
    ],
  ])('is refused before it holds up others: %s', (_, make, problem) => {
    const desk = shop(60, 60);
    if (problem.startsWith('needs') && make(desk).metricDataQueries[0]!.metricStat?.period === 3660) {
      for (let minute = 0; minute < 14 * 1440; minute += 61) {
        const at = desk.now - minute * 60_000;
        desk.metrics.put([{ metric: metric('s0000'), at, unit: 'Count', values: constantValue(1) }]);
      }
    }
    const begun = performance.now();
    const refused = desk.refusal('GetMetricData', make(desk));
    expect(refused.code).toBe('REQ-210');
    expect(refused.message).toContain(problem);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('is answered where there is nothing before retention begins', () => {
    const desk = shop(1, 10);
    const queries = [stat('a', 's0000', 3600), { id: 'b', expression: 'FILL(a, 0)' }];
    const { metricDataResults } = desk.run(
      'GetMetricData',
      input(desk, queries, { startTime: -8.64e15, endTime: 8.64e15 }),
    );
    expect(metricDataResults[1]!.values.length).toBeLessThanOrEqual(455 * 24 + 5);
    const before = input(desk, queries, { startTime: 0, endTime: 1 });
    expect(desk.run('GetMetricData', before).metricDataResults.map(({ values }) => values)).toEqual([[], []]);
  });
});

it('a page has a bounded number of series, also of those without a value', () => {
  const desk = shop(0, 0);
  const metrics = Array.from({ length: 100 }, (_, index) => stat(`m${index}`, `s${index}`));
  const all = Array.from({ length: 30 }, (_, index) => ({ id: `a${index}`, expression: 'METRICS()' }));
  const query = input(desk, [...metrics, ...all]);
  const { metricDataResults: first, nextToken } = desk.run('GetMetricData', query);
  const rest = desk.run('GetMetricData', { ...query, nextToken: nextToken! });
  expect([first.length, rest.metricDataResults.length, rest.nextToken]).toEqual([2_000, 1_100, undefined]);
});

it('a page goes on where the one before ended, also when other metrics came and went', () => {
  const desk = shop(6, 5);
  const { now } = desk;
  const query = input(desk, [{ id: 'all', expression: `${search} * 1` }, stat('one', 's0005')], {
    maxDatapoints: 7,
    scanBy: 'TimestampAscending',
  });
  const seen: string[] = [];
  let nextToken: string | undefined;
  let page = 0;
  do {
    const found = desk.run('GetMetricData', {
      ...query,
      startTime: now - 3_600_000,
      endTime: now,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    for (const { id, label, timestamps } of found.metricDataResults) {
      for (const at of timestamps) seen.push(`${id} ${label} ${at}`);
    }
    ({ nextToken } = found);
    // It comes before all that is yet to be shown.
    const name = metric(`a${page++}`);
    desk.metrics.put([{ metric: name, at: now - 60_000, unit: 'Count', values: constantValue(1) }]);
  } while (nextToken !== undefined);
  expect(page).toBe(5);
  expect(seen).toHaveLength(35);
  expect(new Set(seen).size).toBe(35);
  expect(seen.filter((one) => one.startsWith('one'))).toHaveLength(5);
});
