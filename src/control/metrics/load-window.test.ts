import { describe, expect, it } from 'vitest';
import type { LoadSeries } from '../../contracts/load-reports.js';
import { bucketMs, componentSeriesKey, LoadWindow, variantKey, windowMs } from './load-window.js';

const scope = { account: '111111111111', region: 'us-east-1' };
const other = { account: '222222222222', region: 'us-east-1' };
const quiet = { count: 0, sumMicroseconds: 0, minMicroseconds: 0, maxMicroseconds: 0, buckets: [] };

function series(change: Partial<LoadSeries>): LoadSeries {
  return {
    scope,
    endpoint: 'e',
    variant: 'v',
    component: 'c',
    invocations: 1,
    errors4xx: 0,
    errors5xx: 0,
    modelErrors: 0,
    noCapacity: 0,
    modelLatency: { count: 1, sumMicroseconds: 7, minMicroseconds: 7, maxMicroseconds: 7, buckets: [1] },
    overheadLatency: quiet,
    concurrencyMin: 1,
    concurrencyMax: 1,
    inFlight: 0,
    queued: 0,
    held: 0,
    promptTokens: 0,
    cachedTokens: 0,
    generatedTokens: 0,
    firstTokenLatency: quiet,
    callers: [],
    ...change,
  };
}

describe('the window of loads', () => {
  it('adds up what came in a stretch of time, for the component and for its variant', () => {
    const window = new LoadWindow();
    const slow = { count: 2, sumMicroseconds: 60, minMicroseconds: 20, maxMicroseconds: 40, buckets: [0, 2] };
    window.take({
      at: 5,
      series: [series({}), series({ component: 'd', invocations: 4, concurrencyMax: 9 })],
    });
    window.take({ at: bucketMs + 5, series: [series({ modelLatency: slow, concurrencyMin: 0 })] });
    expect(window.between(componentSeriesKey(scope, 'c'), 0, 2 * bucketMs)).toMatchObject({
      invocations: 2,
      modelLatency: {
        count: 3,
        sumMicroseconds: 67,
        minMicroseconds: 7,
        maxMicroseconds: 40,
        buckets: [1, 2],
      },
      concurrencyMin: 0,
    });
    expect(window.between(variantKey(scope, 'e', 'v'), 0, bucketMs)).toMatchObject({
      invocations: 5,
      concurrencyMax: 9,
    });
  });

  it('keeps scopes apart, and a component of the same name as a variant', () => {
    const window = new LoadWindow();
    window.take({ at: 5, series: [series({ component: 'v' })] });
    expect(window.between(componentSeriesKey(other, 'v'), 0, bucketMs)).toBeNull();
    expect(window.between(variantKey(other, 'e', 'v'), 0, bucketMs)).toBeNull();
    expect(window.between(variantKey(scope, 'v', 'v'), 0, bucketMs)).toBeNull();
  });

  it('forgets what nobody may look back at', () => {
    const window = new LoadWindow();
    window.take({ at: 5, series: [series({})] });
    window.take({ at: windowMs + 2 * bucketMs, series: [series({})] });
    expect(window.between(componentSeriesKey(scope, 'c'), 0, bucketMs)).toBeNull();
  });

  it('forgets what a clock that was set back had counted ahead', () => {
    const window = new LoadWindow();
    const ahead = 1_000 * windowMs;
    window.take({ at: ahead, series: [series({})] });
    window.take({ at: 5, series: [series({})] });
    window.take({ at: windowMs + 2 * bucketMs, series: [series({})] });
    const count = (from: number) => window.between(componentSeriesKey(scope, 'c'), from, from + bucketMs);
    expect([count(ahead), count(0)]).toEqual([null, null]);
  });

  it('reaches back less far when there are many series', () => {
    const window = new LoadWindow();
    const many = Array.from({ length: 5_000 }, (_, index) => series({ component: `c-${index}` }));
    for (let bucket = 0; bucket < 90; bucket++) {
      window.take({ at: bucket * bucketMs, series: bucket === 0 ? many : [many[0]!] });
    }
    const of = (bucket: number) =>
      window.between(componentSeriesKey(scope, 'c-0'), bucket * bucketMs, (bucket + 1) * bucketMs);
    expect([of(0), of(88)]).toEqual([null, expect.anything()]);
  });
});
