import { expect, it } from 'vitest';
import { binsMax, constantValue, type Distribution, type MetricIdentity } from '../../../domain/metric.js';
import { addTo, newSeries, type OlderRuns, type Series, settleSome } from './series.js';
import { Track } from './track.js';

const nothing: OlderRuns = { storedRuns: () => [] };
const start = 1_700_000_000_000;

it('metrics that fell silent together are added up a bounded number at a time, and all of them in the end', () => {
  const all = Array.from({ length: 4_500 }, (_, index): [string, Series] => {
    const metricName = `m${index}`;
    const scope = { account: '111122223333', region: 'us-east-1' };
    const metric: MetricIdentity = { scope, namespace: 'Shop', metricName, dimensions: [] };
    const series = newSeries(index, metric, 'Count', start);
    addTo(series, start, constantValue(1), start, nothing);
    return [metricName, series];
  });
  const now = start + 2 * 3_600_000;
  const counts = [0, 1, 2, 3].map(() => settleSome(all, now, nothing).length);
  expect(counts).toEqual([2_000, 2_000, 500, 0]);
  expect(all.every(([, { tracks }]) => tracks.every(({ length }) => length === 1))).toBe(true);
});

it('memory has fewer runs of many bins than of few', () => {
  const bins = Array.from({ length: binsMax }, (_, bin) => [bin, 1] as const);
  const large: Distribution = { count: binsMax, sum: 1, min: 0, max: 1, bins };
  const lengthOf = (values: Distribution, isWeighed: boolean) => {
    const track = new Track(60_000, -Infinity);
    for (let index = 0; index < 40; index++) track.add(index * 120_000, values);
    track.trim(12, -Infinity, isWeighed);
    const dirty = track.length;
    track.written();
    track.trim(12, -Infinity, isWeighed);
    return [dirty, track.length, track.completeFrom];
  };
  expect(lengthOf(constantValue(1), true)).toEqual([24, 12, 27 * 120_000 + 60_000]);
  expect(lengthOf(large, false)).toEqual([24, 12, 27 * 120_000 + 60_000]);
  // What the file does not have yet stays.
  expect(lengthOf(large, true)).toEqual([24, 1, 38 * 120_000 + 60_000]);
});
