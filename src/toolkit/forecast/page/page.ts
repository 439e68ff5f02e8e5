/** A forecast as one page that needs nothing else: no network, no script, light and dark. Pure. */
import type { ForecastResult } from '../forecast-result.js';
import { barChart, escapeText, lineChart } from './chart.js';

export interface ForecastPageFacts {
  readonly title: string;
  /** Of the trace: `file`, `spread` and so on. */
  readonly facts: object;
  readonly requests: number;
  /** At least one; the first is what is configured. */
  readonly rows: readonly PageRow[];
  readonly assumptions: readonly string[];
}

export interface PageRow {
  readonly name: string;
  readonly result: ForecastResult;
}

/** Components whose rows are shown of each policy. */
const componentsShownMax = 200;

export function forecastPage(page: ForecastPageFacts): string {
  const { title, facts, requests, rows, assumptions } = page;
  const said = Object.entries(facts).map(([name, value]) => `${name} ${String(value)}`);
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">`,
    `<meta name="color-scheme" content="light dark"><title>${escapeText(title)}</title><style>${style}</style></head><body><main>`,
    `<h1>${escapeText(title)}</h1>`,
    `<p>${requests} requests over ${minutes(rows[0]?.result.durationMs ?? 0)}: ${escapeText(said.join(', '))}.</p>`,
    policyTable(rows),
    ...charts(rows),
    `<h2>Components, ${escapeText(rows[0]?.name ?? '')}</h2>`,
    componentTable(rows[0]),
    '<h2>Assumed</h2>',
    assumptions.length === 0
      ? '<p>Nothing: all service times were measured.</p>'
      : `<ul>${assumptions.map((one) => `<li>${escapeText(one)}</li>`).join('')}</ul>`,
    '</main></body></html>\n',
  ].join('\n');
}

function charts(rows: readonly PageRow[]): readonly string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { points } = first.result;
  const stepMs = (points[1]?.atMs ?? first.result.durationMs) - (points[0]?.atMs ?? 0);
  const over = (title: string, unit: string, isStepped: boolean, pick: (point: Point) => number | null) =>
    lineChart({
      title,
      unit,
      stepMs,
      isStepped,
      lines: rows.map(({ name, result }) => ({ name, values: result.points.map(pick) })),
    });
  const arrivals = [{ name: 'requests', values: points.map((point) => (point.arrivals * 1000) / stepMs) }];
  return [
    barChart(
      'Cost by policy',
      rows.map(({ name, result }) => ({ name, value: result.cost, text: `$${result.cost.toFixed(2)}` })),
    ),
    barChart(
      'Accelerator-hours by policy',
      rows.map(({ name, result }) => {
        return { name, value: result.acceleratorHours, text: result.acceleratorHours.toFixed(2) };
      }),
    ),
    lineChart({ title: 'Arrivals', unit: '/s', stepMs, isStepped: true, lines: arrivals }),
    over('Copies', 'copies', true, ({ copies }) => copies),
    over('Instances', 'instances', true, ({ instances }) => instances),
    over('p95 time to first token', 's', false, ({ firstTokenP95Ms }) =>
      firstTokenP95Ms === null ? null : firstTokenP95Ms / 1000,
    ),
  ];
}

type Point = ForecastResult['points'][number];

function policyTable(rows: readonly PageRow[]): string {
  const heads = ['policy', 'accelerator-hours', 'instance-hours', 'cost', 'p50', 'p95', 'p99'];
  const more = ['cold starts', 'held', 'rejected', 'used'];
  const body = rows.map(({ name, result }) => {
    const { firstTokenMs, held, rejected } = result.requests;
    const refused = Object.entries(rejected).map(([code, count]) => `${count} ${code}`);
    return row(name, [
      result.acceleratorHours.toFixed(2),
      result.instanceHours.toFixed(2),
      `$${result.cost.toFixed(2)}`,
      seconds(firstTokenMs?.p50),
      seconds(firstTokenMs?.p95),
      seconds(firstTokenMs?.p99),
      String(result.coldStarts),
      String(held),
      refused.length === 0 ? '0' : refused.join(', '),
      `${Math.round(result.utilization * 100)} %`,
    ]);
  });
  return table('Policies; p50, p95 and p99 are times to first token', [...heads, ...more], body);
}

function componentTable(shown: PageRow | undefined): string {
  const heads = [
    'component',
    'requests',
    'copy-hours',
    'most copies',
    'cold starts',
    'held',
    'rejected',
    'p50',
    'p95',
    'used',
  ];
  const body = (shown?.result.components ?? []).slice(0, componentsShownMax).map((one) => {
    const rejected = Object.values(one.rejected).reduce((sum, count) => sum + count, 0);
    return row(one.name, [
      String(one.arrivals),
      one.copyHours.toFixed(2),
      String(one.copiesMax),
      String(one.coldStarts),
      String(one.held),
      String(rejected),
      seconds(one.firstTokenMs?.p50),
      seconds(one.firstTokenMs?.p95),
      `${Math.round(one.utilization * 100)} %`,
    ]);
  });
  return table('Components', heads, body);
}

function table(caption: string, heads: readonly string[], body: readonly string[]): string {
  const head = heads.map((text) => `<th scope="col">${escapeText(text)}</th>`).join('');
  return `<div class="scroll"><table><caption>${escapeText(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function row(name: string, cells: readonly string[]): string {
  return `<tr><th scope="row">${escapeText(name)}</th>${cells.map((cell) => `<td>${escapeText(cell)}</td>`).join('')}</tr>`;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '-' : `${(ms / 1000).toFixed(2)} s`;
}

function minutes(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/** Line colours keep a contrast of 3:1 with either background (WCAG 1.4.11); dashes tell neighbours apart without colour. */
const style = `
:root{color-scheme:light dark;--ground:#fff;--text:#1b1f24;--faint:#59636e;--rule:#d1d9e0;
--line-0:#0969da;--line-1:#bc4c00;--line-2:#1a7f37;--line-3:#8250df;--line-4:#bf3989;--line-5:#57606a}
@media (prefers-color-scheme:dark){:root{--ground:#0d1117;--text:#e6edf3;--faint:#9198a1;--rule:#3d444d;
--line-0:#58a6ff;--line-1:#f0883e;--line-2:#3fb950;--line-3:#bc8cff;--line-4:#f778ba;--line-5:#9198a1}}
body{background:var(--ground);color:var(--text);font:15px/1.5 system-ui,sans-serif;margin:0}
main{max-width:60rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--faint);padding:.25rem 0}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--rule);text-align:right;white-space:nowrap}
th:first-child{text-align:left}th{font-weight:600}
figure{margin:1.5rem 0}figcaption{font-weight:600}svg{width:100%;height:auto}
.line{fill:none;stroke-width:2}.grid{stroke:var(--rule)}.axis,.label{fill:var(--faint);font-size:12px}.label{fill:var(--text);font-size:13px}
.legend{list-style:none;padding:0;margin:.25rem 0;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;color:var(--faint);font-size:13px}
.mark{width:24px;height:8px;margin-right:.4rem;vertical-align:middle}
`;
