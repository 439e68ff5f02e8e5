/** Sums over measured rounds. Pure. */
import { percentile } from '../src/toolkit/benchmark/statistics.js';

/** The middle value, or the mean of the two middle ones; null when there is none. */
export function median(values: readonly number[]): number | null {
  return values.length === 0 ? null : percentile(Float64Array.from(values).sort(), 0.5);
}
