/** A load's report as a table for people. Pure. */
import type { Distribution } from '../../toolkit/benchmark/statistics.js';
import type { LoadReport } from '../../toolkit/benchmark/load-report.js';

const measures: readonly (readonly [string, (report: LoadReport) => Distribution | null])[] = [
  ['time to first token', (report) => report.timeToFirstTokenMs],
  ['between updates', (report) => report.interTokenMs],
  ['per output token', (report) => report.timePerOutputTokenMs],
  ['whole call', (report) => report.latencyMs],
];

const columns = ['p50', 'p90', 'p95', 'p99', 'mean', 'max'] as const;

/** The report as lines, each with its line's end. */
export function benchTable(report: LoadReport): string {
  const { requests } = report;
  const failures = Object.entries(requests.failures).map(([kind, count]) => `${count} × ${kind}`);
  const lines = [
    `requests        ${requests.completed} completed, ${requests.failed} failed${failures.length === 0 ? '' : ` (${failures.join(', ')})`}${requests.skipped === 0 ? '' : `, ${requests.skipped} skipped`}`,
    `time            ${number(report.seconds)} s`,
    `throughput      ${number(report.outputTokensPerSecond)} output tokens/s, ${number(report.requestsPerSecond)} requests/s`,
    `tokens          ${report.promptTokens} prompt, ${report.outputTokens} output`,
    '',
    `${'milliseconds'.padEnd(20)}${columns.map((column) => column.padStart(10)).join('')}`,
    ...measures.map(([title, of]) => {
      const distribution = of(report);
      const cells = columns.map((column) =>
        (distribution === null ? '-' : number(distribution[column])).padStart(10),
      );
      return `${title.padEnd(20)}${cells.join('')}`;
    }),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Three figures that matter: `1234`, `123.4`, `12.3`, `0.123`. */
function number(value: number): string {
  if (value >= 1000) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
}
