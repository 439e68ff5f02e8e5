/** Sums by metric, for a stretch of time. */
import type { Dimension } from '../../domain/alarm.js';
import { type MetricIdentity, Namespace } from '../../domain/metric.js';
import { type Scope, scopeKey } from '../../domain/scope.js';

/** Sums kept at once; what comes beyond is in the fleet's sum alone. */
const sumsMax = 50_000;

interface Sum {
  readonly metric: MetricIdentity;
  value: number;
}

export class BillSums {
  private readonly sums = new Map<string, Sum>();

  add(scope: Scope, metricName: string, dimensions: readonly Dimension[], value: number): void {
    const values = dimensions.map((one) => one.value).join('|');
    const key = `${scopeKey(scope)}|${metricName}|${dimensions[0]?.name ?? ''}|${values}`;
    const known = this.sums.get(key);
    if (known !== undefined) {
      known.value += value;
      return;
    }
    if (this.sums.size >= sumsMax && dimensions.length > 0) return;
    this.sums.set(key, { metric: { scope, namespace: Namespace.Billing, metricName, dimensions }, value });
  }

  [Symbol.iterator](): IterableIterator<Sum> {
    return this.sums.values();
  }
}
