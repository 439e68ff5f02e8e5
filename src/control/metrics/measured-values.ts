/** What all that decide by metrics share. */
import type { MetricStore } from '../../contracts/metric-store.js';
import type { MetricIdentity } from '../../domain/metric.js';

/** Values of a period may come so much later than its end, milliseconds; what is open is put down within it. */
export const valueLagMs = 1_500;

/** A metric has one unit: who asks for another finds nothing, as in CloudWatch. Null, undefined = any. */
export function isInUnit(
  metrics: Pick<MetricStore, 'find'>,
  metric: MetricIdentity,
  unit: string | null | undefined,
): boolean {
  return unit === undefined || unit === null || metrics.find(metric)?.unit === unit;
}
