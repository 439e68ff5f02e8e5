import { expect, it } from 'vitest';
import { mergeMetrics } from './merge-metrics.js';

const serving = `# HELP a_total What a is.
# TYPE a_total counter
a_total{component="x y",outcome="{"} 3

# HELP cpu CPU.
# TYPE cpu gauge
cpu 0.5
# HELP h H.
# TYPE h histogram
h_bucket{le="1"} 1
h_sum 0.1
h_count 1
`;
const control = `# HELP a_total What a is.
# TYPE a_total counter
# HELP cpu CPU.
# TYPE cpu gauge
cpu{core="1"} 0.25
# HELP copies Copies.
# TYPE copies gauge
copies 2
`;

it('has each family once, and says whose series they are where several processes have them', () => {
  expect(mergeMetrics({ serving, control }).split('\n')).toEqual([
    '# HELP a_total What a is.',
    '# TYPE a_total counter',
    'a_total{component="x y",outcome="{"} 3',
    '',
    '# HELP cpu CPU.',
    '# TYPE cpu gauge',
    'cpu{process="serving"} 0.5',
    'cpu{process="control",core="1"} 0.25',
    '',
    '# HELP h H.',
    '# TYPE h histogram',
    'h_bucket{le="1"} 1',
    'h_sum 0.1',
    'h_count 1',
    '',
    '# HELP copies Copies.',
    '# TYPE copies gauge',
    'copies 2',
    '',
  ]);
});

it('is the page itself when there is one', () => {
  expect(mergeMetrics({ serving }).replaceAll('\n\n', '\n')).toBe(serving.replaceAll('\n\n', '\n'));
});
