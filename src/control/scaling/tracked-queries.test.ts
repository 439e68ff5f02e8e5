import { expect, it } from 'vitest';
import { constantValue, type MetricIdentity } from '../../domain/metric.js';
import { valuesOfQueries } from './tracked-queries.js';

const scope = { account: '111122223333', region: 'us-east-1' };
const stretch = { from: 0, to: 180_000, periodSeconds: 60 };

/** Of each minute: this many waiting requests, and 2 copies in all but the last. */
const measured: Readonly<Record<string, readonly number[]>> = { Waiting: [4, 10, 6], Copies: [2, 2] };
const metrics = {
  read: ({ metricName }: MetricIdentity) =>
    (measured[metricName] ?? []).map((value, index) => ({
      at: index * 60_000,
      values: constantValue(value),
    })),
  find: (metric: MetricIdentity) => ({ metric, unit: 'Count' as const, lastAt: 0 }),
};

function measure(id: string, metricName: string) {
  const metric = { namespace: 'Mine', metricName };
  return { id, returnData: false, metricStat: { metric, stat: 'Average' } };
}

it('the metric of a policy is computed where all that it needs was measured', () => {
  const queries = [
    measure('waiting', 'Waiting'),
    measure('copies', 'Copies'),
    { id: 'each', expression: 'waiting / copies' },
  ];
  expect([...valuesOfQueries(queries, scope, stretch, metrics)]).toEqual([
    [0, 2],
    [60_000, 5],
  ]);
});

it('a metric that is asked for in another unit than its own has no values', () => {
  const { metricStat, ...rest } = measure('waiting', 'Waiting');
  const inUnit = (unit: string) => {
    const queries = [
      { ...rest, metricStat: { ...metricStat, unit } },
      { id: 'all', expression: 'waiting * 1' },
    ];
    return valuesOfQueries(queries, scope, stretch, metrics).size;
  };
  expect([inUnit('Count'), inUnit('Seconds')]).toEqual([3, 0]);
});
