import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlarmDefinition } from '../../domain/alarm.js';
import { datapoint, type LatencySamples, type LoadCounts } from './datapoint.js';
import { evaluateAlarm } from './evaluate.js';

const bounds = [100, 200, 400, 800];

function latency(...samples: readonly number[]): LatencySamples {
  const buckets = [0, 0, 0, 0, 0];
  for (const sample of samples) {
    const index = bounds.findIndex((bound) => sample <= bound);
    buckets[index === -1 ? bounds.length : index]! += 1;
  }
  return {
    count: samples.length,
    sumMicroseconds: samples.reduce((sum, sample) => sum + sample, 0),
    minMicroseconds: Math.min(...samples),
    maxMicroseconds: Math.max(0, ...samples),
    buckets,
  };
}

const counts: LoadCounts = {
  invocations: 10,
  errors4xx: 4,
  errors5xx: 1,
  modelErrors: 1,
  noCapacity: 2,
  modelLatency: latency(50, 150, 160, 900),
  overheadLatency: latency(),
  concurrencyMin: 2,
  concurrencyMax: 8,
};

describe('a datapoint', () => {
  it.each([
    ['Invocations', 'Sum', 10],
    ['Invocations', 'Average', 1],
    ['InvocationsPerInstance', 'Sum', 5],
    ['InvocationsPerCopy', 'Sum', 2.5],
    ['Invocation4XXErrors', 'Average', 0.4],
    ['Invocation4XXErrors', 'Sum', 4],
    ['Invocation4XXErrors', 'Minimum', 0],
    ['Invocation5XXErrors', 'Maximum', 1],
    ['InvocationModelErrors', 'SampleCount', 10],
    ['NoCapacityInvocationFailures', 'Sum', 2],
    ['ModelLatency', 'Average', 315],
    ['ModelLatency', 'Minimum', 50],
    ['ModelLatency', 'Maximum', 900],
    ['OverheadLatency', 'Average', null],
    ['ConcurrentRequestsPerModel', 'Maximum', 8],
    ['ConcurrentRequestsPerCopy', 'Maximum', 2],
    ['ConcurrentRequestsPerModel', 'Minimum', 2],
  ] as const)('of %s as %s is %s', (metric, statistic, expected) => {
    const value = datapoint(metric, { statistic }, counts, { copies: 4, instances: 2 }, bounds);
    if (expected === null) expect(value).toBeNull();
    else expect(value).toBeCloseTo(expected);
  });

  it.each([
    ['p25', 100],
    ['p50', 200],
    ['p75', 200],
    ['p99', 900],
    ['p100', 900],
    ['average', null],
  ])('of latency as %s is %s', (extendedStatistic, expected) => {
    const value = datapoint(
      'ModelLatency',
      { extendedStatistic },
      counts,
      { copies: 1, instances: 1 },
      bounds,
    );
    expect(value).toBe(expected);
  });

  it('as a percentile lies between the least and the most, and rises with the rank', () => {
    const anySamples = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(anySamples, fc.integer({ min: 1, max: 99 }), (samples, rank) => {
        const at = (percent: number) =>
          datapoint(
            'ModelLatency',
            { extendedStatistic: `p${percent}` },
            { ...counts, modelLatency: latency(...samples) },
            { copies: 1, instances: 1 },
            bounds,
          )!;
        expect(at(rank)).toBeLessThanOrEqual(Math.max(...samples));
        expect(at(rank)).toBeGreaterThanOrEqual(Math.min(...samples));
        expect(at(100)).toBeGreaterThanOrEqual(at(rank));
      }),
    );
  });
});

describe('an alarm', () => {
  const definition: AlarmDefinition = {
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    threshold: 5,
    comparisonOperator: 'GreaterThanThreshold',
  };
  const stateOf = (change: Partial<AlarmDefinition>, points: readonly (number | null)[]) =>
    evaluateAlarm({ ...definition, ...change }, points)?.state ?? 'stays';

  it.each([
    [{}, [6, 6, 1], 'ALARM'],
    [{}, [6, 1, 1], 'OK'],
    [{}, [5, 5, 5], 'OK'],
    [{ comparisonOperator: 'GreaterThanOrEqualToThreshold' }, [5, 5, 5], 'ALARM'],
    [{ comparisonOperator: 'LessThanThreshold' }, [4, 4, 9], 'ALARM'],
    [{ comparisonOperator: 'LessThanOrEqualToThreshold' }, [5, 9, 9], 'OK'],
    [{ datapointsToAlarm: 1 }, [6, 1, 1], 'ALARM'],
    [{}, [6, null, 6], 'ALARM'],
    [{}, [6, null, null], 'OK'],
    [{ treatMissingData: 'breaching' }, [6, null, 1], 'ALARM'],
    [{ treatMissingData: 'notBreaching' }, [null, null, null], 'OK'],
    [{ treatMissingData: 'breaching' }, [null, null, null], 'ALARM'],
    [{}, [null, null, null], 'INSUFFICIENT_DATA'],
    [{ treatMissingData: 'ignore' }, [null, null, null], 'stays'],
    [{ treatMissingData: 'ignore' }, [6, null, 1], 'stays'],
    [{ treatMissingData: 'ignore' }, [6, 6, null], 'ALARM'],
  ] as const)('%j of %j is %s', (change, points, expected) => {
    expect(stateOf(change, points)).toBe(expected);
  });
});
