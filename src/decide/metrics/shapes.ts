/** Distributions out of what was counted: zeros and ones, samples divided, latencies from buckets. */
import { binOf, boundedBins, type Distribution, valueOfBin } from '../../domain/metric.js';

/** `count` values of which `ones` are `value` and the others 0; `ones` ≤ `count`, `value` > 0. */
export function zerosAndOnes(count: number, ones: number, value = 1): Distribution {
  const zeros = count - ones;
  const bins: (readonly [number, number])[] = [];
  if (zeros > 0) bins.push([0, zeros]);
  if (ones > 0) bins.push([binOf(value), ones]);
  return { count, sum: ones * value, min: zeros > 0 ? 0 : value, max: ones > 0 ? value : 0, bins };
}

/** Every value divided by the same; ≥ 1. */
export function dividedBy(values: Distribution, divisor: number): Distribution {
  if (divisor === 1) return values;
  const { count, sum, min, max } = values;
  const bins = scaledBins(values.bins, 1 / divisor);
  return { count, sum: sum / divisor, min: min / divisor, max: max / divisor, bins };
}

/** A histogram's counts by upper bounds in rising order; the last of the counts has none. */
export interface Histogram {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly counts: readonly number[];
  readonly bounds: readonly number[];
  /** The values by `binOf`, where they are known so well. */
  readonly bins?: Distribution['bins'];
}

/**
 * As a distribution, with every value multiplied by `scale`: counts, sum, least and most are exact, values between are
 * in their bins, or taken to be in the geometric middle of their buckets.
 */
export function ofHistogram(histogram: Histogram, scale = 1): Distribution {
  const { count, sum, min, max, counts, bounds, bins: known } = histogram;
  if (known !== undefined) {
    const bins = boundedBins(scale === 1 ? known : scaledBins(known, scale));
    return { count, sum: sum * scale, min: min * scale, max: max * scale, bins };
  }
  const byBin = new Map<number, number>();
  counts.forEach((inBucket, index) => {
    if (inBucket === 0) return;
    const upper = Math.min(bounds[index] ?? max, max);
    const lower = Math.max(index === 0 ? min : bounds[index - 1]!, min);
    const bin = binOf(Math.sqrt(Math.max(lower, 0) * Math.max(upper, 0)) * scale);
    byBin.set(bin, (byBin.get(bin) ?? 0) + inBucket);
  });
  const bins = [...byBin].sort(([a], [b]) => a - b);
  return { count, sum: sum * scale, min: min * scale, max: max * scale, bins };
}

function scaledBins(bins: Distribution['bins'], factor: number): Distribution['bins'] {
  const byBin = new Map<number, number>();
  for (const [bin, count] of bins) {
    const scaled = bin === 0 ? 0 : binOf(valueOfBin(bin) * factor);
    byBin.set(scaled, (byBin.get(scaled) ?? 0) + count);
  }
  return [...byBin].sort(([a], [b]) => a - b);
}
