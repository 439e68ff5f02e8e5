/** One number out of what was seen in a period, by CloudWatch's statistics. */
import { type Distribution, valueOfBin } from '../../domain/metric.js';

/** What can be asked for beside percentiles. */
export const simpleStatistics = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
type SimpleStatistic = (typeof simpleStatistics)[number];

/** A statistic that can be computed here. */
export type Statistic =
  { readonly kind: SimpleStatistic } | { readonly kind: 'percentile'; /** 0..1. */ readonly rank: number };

/** `Sum`, `p99.9` …; null for what is no statistic or is not computed here (`tm90`, `IQM`, `PR(…)` …). */
export function parseStatistic(text: string): Statistic | null {
  const simple = simpleStatistics.find((one) => one === text);
  if (simple !== undefined) return { kind: simple };
  const match = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(text);
  return match === null ? null : { kind: 'percentile', rank: Number(match[1]) / 100 };
}

/**
 * `values` has at least one value. Sums, counts, least and most are exact; percentiles to within 1 %, and null where
 * not every value is known.
 */
export function statisticOf(values: Distribution, statistic: Statistic): number | null {
  switch (statistic.kind) {
    case 'SampleCount':
      return values.count;
    case 'Sum':
      return values.sum;
    case 'Average':
      return values.sum / values.count;
    case 'Minimum':
      return values.min;
    case 'Maximum':
      return values.max;
    case 'percentile':
      return percentile(values, statistic.rank);
    default:
      return statistic satisfies never;
  }
}

/** The smallest value that at least that part of the values is not above. */
function percentile({ count, min, max, bins }: Distribution, rank: number): number | null {
  const known = bins.reduce((sum, [, inBin]) => sum + inBin, 0);
  if (known < count && min !== max) return null;
  if (rank <= 0) return min;
  if (rank >= 1) return max;
  let remaining = Math.max(1, Math.ceil(rank * count));
  for (const [bin, inBin] of bins) {
    remaining -= inBin;
    if (remaining <= 0) return Math.min(Math.max(valueOfBin(bin), min), max);
  }
  return max;
}
