import { expect, it } from 'vitest';
import { Desk, elsewhere, home } from '../../../test/control/desk.js';
import { constantValue, Namespace } from '../../domain/metric.js';

function put(desk: Desk, first: number, count: number, scope = home): void {
  const metricData = Array.from({ length: count }, (_, index) => ({
    metricName: `m${String(first + index).padStart(6, '0')}`,
    value: 1,
  }));
  desk.run('PutMetricData', { namespace: 'Shop', metricData }, scope);
}

it('an account has so many metrics of its own, and Stowage and others still have room', () => {
  const desk = new Desk();
  for (let first = 0; first < 20_000; first += 1_000) put(desk, first, 1_000);
  const metricData = [{ metricName: 'one-more', value: 1 }];
  const refused = desk.refusal('PutMetricData', { namespace: 'Shop', metricData });
  expect(refused.code).toBe('LIMIT-710');
  expect(refused.message).toContain('20000 metrics');
  // Those that are there go on.
  put(desk, 0, 1_000);
  put(desk, 0, 1_000, elsewhere);
  const own = { scope: home, namespace: Namespace.SageMaker, metricName: 'Invocations', dimensions: [] };
  desk.metrics.put([{ metric: own, at: desk.now, unit: 'Count', values: constantValue(1) }]);
  expect(desk.metrics.find(own)).not.toBeNull();
  // Two weeks later nobody sees the first ones any more, and they make room.
  desk.now += 15 * 86_400_000;
  desk.run('PutMetricData', { namespace: 'Shop', metricData });
  expect(desk.run('ListMetrics', { namespace: 'Shop' }).metrics).toHaveLength(1);
});

it('pages of ListMetrics have every metric once, however few of them are asked for', () => {
  const desk = new Desk();
  for (let first = 0; first < 1_400; first += 700) put(desk, first, 700);
  const dimensions = [{ name: 'Shelf', value: 'last' }];
  const metricData = [{ metricName: 'z', value: 1, dimensions }];
  desk.run('PutMetricData', { namespace: 'Shop', metricData });
  const seen: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = desk.run('ListMetrics', nextToken === undefined ? {} : { nextToken });
    seen.push(...page.metrics.map(({ metricName }) => metricName));
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  expect(seen).toHaveLength(1_401);
  expect(new Set(seen).size).toBe(1_401);
  expect(desk.run('ListMetrics', { dimensions }).metrics.map(({ metricName }) => metricName)).toEqual(['z']);
  const { nextToken: token } = desk.run('ListMetrics', {});
  const decoded = JSON.parse(Buffer.from(token!, 'base64url').toString()) as unknown[];
  for (const forged of ['', '[]', '[1,2,3]', 'null']) {
    const text = Buffer.from(JSON.stringify([decoded[0], '', forged])).toString('base64url');
    expect(desk.refusal('ListMetrics', { nextToken: text }).code).toBe('LIMIT-711');
  }
});
