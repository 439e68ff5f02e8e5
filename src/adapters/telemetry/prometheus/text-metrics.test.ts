import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CounterMetric, HistogramMetric } from './text-metrics.js';

it('writes counters and histograms in Prometheus’s text format', () => {
  const counter = new CounterMetric('n_total', 'Things.');
  counter.cell('a', { component: 'e/a' }).value += 2;
  counter.cell('a', { component: 'e/a' }).value += 1;
  expect(counter.text()).toBe('# HELP n_total Things.\n# TYPE n_total counter\nn_total{component="e/a"} 3\n');
  const histogram = new HistogramMetric('t', 'Times.', [0.1, 1]);
  for (const value of [0.05, 0.1, 0.5, 7]) histogram.cell('a', { component: 'e/a' }).observe(value);
  expect(histogram.text().split('\n').slice(2, -1)).toEqual([
    't_bucket{component="e/a",le="0.1"} 2',
    't_bucket{component="e/a",le="1"} 3',
    't_bucket{component="e/a",le="+Inf"} 4',
    't_sum{component="e/a"} 7.65',
    't_count{component="e/a"} 4',
  ]);
});

it('counts every observation in exactly the buckets that hold it', () => {
  const bounds = [0.01, 0.1, 1, 10];
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 20, noNaN: true })), (values) => {
      const cell = new HistogramMetric('t', '', bounds).cell('', {});
      for (const value of values) cell.observe(value);
      bounds.forEach((bound, index) => {
        const below = cell.counts.slice(0, index + 1).reduce((sum, count) => sum + count, 0);
        expect(below).toBe(values.filter((value) => value <= bound).length);
      });
      expect(cell.count).toBe(values.length);
    }),
  );
});
