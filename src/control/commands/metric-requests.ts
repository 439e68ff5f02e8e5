/** What calls about metrics share: how a metric, a statistic, a period and a stretch of time are asked for. */
import { parseStatistic, type Statistic } from '../../decide/metrics/statistics.js';
import type { Dimension } from '../../domain/alarm.js';
import type { MetricIdentity } from '../../domain/metric.js';
import type { Scope } from '../../domain/scope.js';
import { invalid, unsupported } from './refusals.js';

export interface MetricInput {
  readonly namespace?: string;
  readonly metricName?: string;
  readonly dimensions?: readonly Dimension[];
}

/** Throws REQ-210 for what has no name, or a dimension twice. */
export function metricOf(scope: Scope, input: MetricInput, field: string): MetricIdentity {
  const { namespace, metricName } = input;
  if (namespace === undefined || metricName === undefined) {
    throw invalid(field, 'A metric needs Namespace and MetricName.');
  }
  return { scope, namespace, metricName, dimensions: sortedDimensions(input.dimensions ?? [], field) };
}

/** In the order of names. Throws REQ-210 for one that is given twice. */
export function sortedDimensions(dimensions: readonly Dimension[], field: string): readonly Dimension[] {
  const sorted = dimensions
    .map(({ name, value }) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const twice = sorted.find((one, index) => sorted[index + 1]?.name === one.name);
  if (twice !== undefined) throw invalid(field, `The dimension ${twice.name} is given twice.`);
  return sorted;
}

/** Throws REQ-212 for statistics that are not computed here. */
export function statisticIn(text: string, field: string): Statistic {
  const statistic = parseStatistic(text);
  if (statistic !== null) return statistic;
  const there = 'SampleCount, Average, Sum, Minimum, Maximum and percentiles (p0 to p100)';
  throw unsupported(field, `the statistic ${text} is not computed here, there are ${there}`);
}

/** Throws REQ-210 for what CloudWatch does not have, REQ-212 for what is finer than what is kept. */
export function checkPeriod(period: number, field: string): void {
  if (period === 1 || period === 5) {
    throw unsupported(field, `a period of ${period} s is finer than the 10 s that are kept`);
  }
  if ([10, 20, 30].includes(period) || period % 60 === 0) return;
  throw invalid(field, `The value ${period} for Period must be 10, 20, 30 or a multiple of 60.`);
}

/** Throws REQ-210 unless the one is before the other. */
export function checkStretch(startTime: number, endTime: number): void {
  if (startTime < endTime) return;
  throw invalid('startTime', 'StartTime must be earlier than EndTime.');
}

/** The beginning of the period that `startTime` is in: what is asked for begins with it. Milliseconds. */
export function periodBegin(startTime: number, periodSeconds: number): number {
  return Math.floor(startTime / (periodSeconds * 1000)) * periodSeconds * 1000;
}
