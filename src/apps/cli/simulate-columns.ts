/** A forecast as a table: one row for each policy. */
import type { ForecastResult, Percentiles } from '../../toolkit/forecast/forecast-result.js';
import { ForecastPolicy } from '../../toolkit/forecast/policies.js';
import type { Column } from './render.js';

/** For people. */
export const policyNames: Readonly<Record<ForecastPolicy, string>> = {
  [ForecastPolicy.Configured]: 'as configured',
  [ForecastPolicy.EndpointPerModel]: 'one endpoint per model',
  [ForecastPolicy.AlwaysOn]: 'always on, shared',
  [ForecastPolicy.TargetTracking]: 'target tracking',
  [ForecastPolicy.Objective]: 'objective policy',
};

/** A policy, or a state of the configuration. */
export interface ForecastRow {
  readonly key: string;
  readonly name: string;
  readonly result: ForecastResult;
}

const right = { isRightAligned: true } as const;

export const forecastColumns: readonly Column<ForecastRow>[] = [
  { title: 'policy', cell: ({ name }) => name },
  { title: 'accelerator-h', ...right, cell: ({ result }) => result.acceleratorHours.toFixed(2) },
  { title: 'instance-h', ...right, cell: ({ result }) => result.instanceHours.toFixed(2) },
  { title: 'copy-h', ...right, isWideOnly: true, cell: ({ result }) => result.copyHours.toFixed(2) },
  { title: 'cost', ...right, cell: ({ result }) => `$${result.cost.toFixed(2)}` },
  { title: 'p50', ...right, cell: ({ result }) => first(result, 'p50') },
  { title: 'p95', ...right, cell: ({ result }) => first(result, 'p95') },
  { title: 'p99', ...right, cell: ({ result }) => first(result, 'p99') },
  { title: 'cold starts', ...right, cell: ({ result }) => String(result.coldStarts) },
  { title: 'held', ...right, cell: ({ result }) => String(result.requests.held) },
  { title: 'rejected', ...right, cell: ({ result }) => rejectedText(result) },
  { title: 'used', ...right, cell: ({ result }) => `${Math.round(result.utilization * 100)} %` },
];

function first({ requests }: ForecastResult, which: keyof Percentiles): string {
  return requests.firstTokenMs === null ? '-' : duration(requests.firstTokenMs[which]);
}

function rejectedText({ requests }: ForecastResult): string {
  const counts = Object.entries(requests.rejected).sort(([a], [b]) => (a < b ? -1 : 1));
  return counts.length === 0 ? '0' : counts.map(([code, count]) => `${count} ${code}`).join(', ');
}

/** `180 ms`, `2.4 s`, `71 s`. */
function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
