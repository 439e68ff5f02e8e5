import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricIdentity } from '../../domain/metric.js';
import {
  applyExpression,
  type ExpressionContext,
  type MathValue,
  type TimeSeries,
} from './apply-expression.js';
import { ExpressionProblem, parseExpression } from './expression.js';
import { parseSearch } from './search.js';
import { parseStatistic, statisticOf } from './statistics.js';

function series(label: string, ...values: readonly (number | null)[]): TimeSeries {
  const points = values.flatMap((value, index): (readonly [number, number])[] =>
    value === null ? [] : [[index * 60_000, value]],
  );
  return { label, periodSeconds: 60, points: new Map(points) };
}

const known: Readonly<Record<string, MathValue>> = {
  a: series('a', 1, 2, null, 4),
  b: series('b', 2, 0, 2, 2),
};
const context: ExpressionContext = {
  from: 0,
  to: 240_000,
  queryResult: (name) => (Object.hasOwn(known, name) ? known[name]! : null),
  metricSeries: () => [known.a as TimeSeries, known.b as TimeSeries],
  search: () => [],
  spend: () => undefined,
};

function valuesOf(text: string): unknown {
  const value = applyExpression(parseExpression(text), context);
  if (typeof value === 'number') return value;
  if ('points' in value) return [...value.points.values()];
  return value.map(({ points }) => [...points.values()]);
}

describe('metric math', () => {
  it.each<[string, unknown]>([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * -3', -9],
    ['8 / 2 / 2', 2],
    ['a + b', [3, 2, 6]],
    ['a / b', [0.5, 2]],
    ['a * 10', [10, 20, 40]],
    ['100 - a', [99, 98, 96]],
    ['SUM(a)', 7],
    ['AVG(a) * 3', 7],
    ['MAX([a, b])', [2, 2, 2, 4]],
    ['MIN(METRICS())', [1, 0, 2, 2]],
    ['SUM(METRICS("b"))', [2, 0, 2, 2]],
    ['RUNNING_SUM(a)', [1, 3, 7]],
    ['FILL(a, 0)', [1, 2, 0, 4]],
    ['FILL(a, REPEAT)', [1, 2, 2, 4]],
    ['FILL(a, LINEAR)', [1, 2, 3, 4]],
    [
      '[a, b] / 2',
      [
        [0.5, 1, 2],
        [1, 0, 1, 1],
      ],
    ],
  ])('%s', (text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
  });

  it('refuses what it cannot read, and nothing else happens', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      'c',
      '1',
      '(',
      ')',
      '[',
      ']',
      ',',
      '+',
      '/',
      '-',
      'SUM',
      'FILL',
      "'x'",
      '"',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join(' ')),
        ),
        (text) => {
          try {
            valuesOf(text);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(ExpressionProblem);
          }
        },
      ),
    );
    expect(() => parseExpression('('.repeat(2_000))).toThrow('nested');
  });
});

it('work is counted before it is done, and a chain of any length is one step deep', () => {
  let spent = 0;
  const counting: ExpressionContext = {
    ...context,
    from: -8.64e15,
    spend: (values) => {
      if ((spent += values) > 10_000) throw new ExpressionProblem('too much');
    },
  };
  const apply = (text: string) => {
    spent = 0;
    return applyExpression(parseExpression(text), counting);
  };
  expect(() => apply('FILL(a, 0)')).toThrow('too much');
  expect(() => apply('FILL(METRICS(), REPEAT)')).toThrow('too much');
  expect(() => apply(`METRICS()${'+1'.repeat(1_000)}`)).toThrow('too much');
  expect(() => apply(`SUM([${Array.from({ length: 90 }, () => 'a').join(',')}])`)).not.toThrow();
  expect(spent).toBeGreaterThan(270);
  expect(apply(`1${'+1'.repeat(1_000)}`)).toBe(1_001);
});

describe('a search', () => {
  const metric: MetricIdentity = {
    scope: { account: '111122223333', region: 'us-east-1' },
    namespace: 'AWS/SageMaker',
    metricName: 'ModelLatency',
    dimensions: [
      { name: 'EndpointName', value: 'shop-1' },
      { name: 'VariantName', value: 'AllTraffic' },
    ],
  };

  it.each<[string, boolean]>([
    ['{AWS/SageMaker,VariantName,EndpointName}', true],
    ['{AWS/SageMaker,EndpointName}', false],
    ['{AWS/SageMaker,EndpointName,VariantName} MetricName="ModelLatency"', true],
    ['{AWS/SageMaker,EndpointName,VariantName} MetricName="Latency"', false],
    ['{AWS/SageMaker,EndpointName,VariantName} latency', true],
    ['latency NOT EndpointName="shop-1"', false],
    ['EndpointName=("other" OR "shop-1") traffic', true],
    ['(Invocations OR Latency) AND shop', true],
    ['Invocations OR Latency AND other', false],
    ['NOT (Invocations OR other)', true],
    ['Namespace="AWS/SageMaker"', true],
    ['', true],
    ['{AWS/SageMaker,EndpointName,VariantName} NOT (a OR b)', true],
  ])('%s', (text, expected) => {
    expect(parseSearch(text).matches(metric)).toBe(expected);
  });

  it.each(['a OR', 'OR a', 'a OR AND', 'a AND', 'AND', 'a AND AND b', '()', 'MetricName=()', 'a (b OR)'])(
    'with nothing where a word should be is refused: %s',
    (text) => {
      expect(() => parseSearch(text)).toThrow(ExpressionProblem);
    },
  );

  it('of any text is read or refused', () => {
    const part = fc.constantFrom(
      'a',
      '"b"',
      'MetricName=',
      '(',
      ')',
      'OR',
      'AND',
      'NOT',
      '{',
      '}',
      ',',
      '=',
      '"',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join(' ')),
        ),
        (text) => {
          try {
            parseSearch(text).matches(metric);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(ExpressionProblem);
          }
        },
      ),
    );
  });
});

it('a statistic is known or refused, and has no value where not all values are known', () => {
  const values = { count: 3, sum: 6, min: 1, max: 3, bins: [] };
  expect(statisticOf(values, parseStatistic('Average')!)).toBe(2);
  expect(statisticOf(values, parseStatistic('p50')!)).toBeNull();
  for (const text of ['tm90', 'IQM', 'p101', 'p', 'average', 'PR(1:2)'])
    expect(parseStatistic(text)).toBeNull();
});
