/** `stowage bill`: whose the time of the accelerators was, from the metrics of `Stowage/Billing`. */
import { BillState, unassigned } from '../../decide/cost/bill.js';
import { Namespace } from '../../domain/metric.js';
import { connectionOf, type ConnectionFlags } from './control-api/connection.js';
import { type MetricName, type MetricsApi, openMetricsApi } from './control-api/metrics-api.js';
import { ExitCode } from './exit-code.js';
import { type Column, OutputFormat, renderList, renderValue } from './render.js';
import type { Session } from './session.js';

export interface BillFlags extends ConnectionFlags {
  /** Seconds; at most 14 days, because ListMetrics knows a metric for two weeks after its last value. */
  readonly since: number;
  readonly by: 'component' | 'key' | 'account';
}

export interface BillRow {
  readonly name: string;
  /** Accelerator-seconds by state, and all of them. */
  readonly busySeconds: number;
  readonly idleSeconds: number;
  readonly wakingSeconds: number;
  readonly drainingSeconds: number;
  readonly acceleratorSeconds: number;
  readonly dollars: number;
}

interface Amount {
  readonly acceleratorSeconds: number;
  readonly dollars: number;
}

export interface Bill {
  readonly from: string;
  readonly to: string;
  readonly by: BillFlags['by'];
  /** The dearest first. */
  readonly rows: readonly BillRow[];
  readonly sum: Amount;
  /** All instances, whoever had them. */
  readonly fleet: Amount;
  /** How far the sum is from the fleet's time, percent. */
  readonly differencePercent: number;
  /** What one endpoint for each of so many models would have come to. */
  readonly dedicated: Amount & { readonly models: number };
}

const dimensions = { component: 'InferenceComponentName', key: 'Key', account: 'Account' } as const;

const hours = (seconds: number) => (seconds / 3600).toFixed(3);
const money = (dollars: number) => `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`;

export async function bill(flags: BillFlags, session: Session): Promise<ExitCode> {
  const { terminal, format } = session;
  const found = await billOfTime(openMetricsApi(connectionOf(flags, session)), flags, Date.now());
  if (format === OutputFormat.Json || format === OutputFormat.Yaml) {
    terminal.write(renderValue(found, format));
    return ExitCode.Ok;
  }
  const listing = { rows: found.rows, columns: columnsOf(flags.by), nameOf: ({ name }: BillRow) => name };
  terminal.write(renderList(listing, format ?? OutputFormat.Table));
  if (format !== OutputFormat.Name) terminal.write(`\n${checkLine(found)}\n${dedicatedLine(found)}\n`);
  return ExitCode.Ok;
}

function columnsOf(by: BillFlags['by']): readonly Column<BillRow>[] {
  const column = (title: string, cell: (row: BillRow) => string): Column<BillRow> => ({
    title,
    isRightAligned: true,
    cell,
  });
  return [
    { title: by, cell: ({ name }) => name },
    column('busy h', (row) => hours(row.busySeconds)),
    column('idle h', (row) => hours(row.idleSeconds)),
    column('waking h', (row) => hours(row.wakingSeconds)),
    column('draining h', (row) => hours(row.drainingSeconds)),
    column('all h', (row) => hours(row.acceleratorSeconds)),
    column('cost', (row) => money(row.dollars)),
  ];
}

function checkLine({ sum, fleet, differencePercent }: Bill): string {
  const times = `${hours(sum.acceleratorSeconds)} h = ${hours(fleet.acceleratorSeconds)} h`;
  return `sum = fleet time: ${times} (difference ${differencePercent.toFixed(2)} %), ${money(fleet.dollars)}`;
}

function dedicatedLine({ fleet, dedicated }: Bill): string {
  const { models, dollars, acceleratorSeconds } = dedicated;
  const times = fleet.acceleratorSeconds > 0 ? acceleratorSeconds / fleet.acceleratorSeconds : 1;
  const ratio = `${times.toFixed(1)} times the time`;
  const count = models === 1 ? '1 endpoint' : `${models} endpoints`;
  return `one endpoint per model: ${count} would have cost ${money(dollars)} (${ratio})`;
}

/** Periods are those that CloudWatch's retention still has at that age. `now`: milliseconds. */
export async function billOfTime(
  api: MetricsApi,
  { since, by }: Pick<BillFlags, 'since' | 'by'>,
  now: number,
): Promise<Bill> {
  const period = since <= 2 * 3600 ? 10 : 300;
  const to = Math.ceil(now / 1000 / period) * period;
  const from = Math.floor((now / 1000 - since) / period) * period;
  const [seconds, costs, models] = await Promise.all([
    api.list(Namespace.Billing, 'AcceleratorSeconds', dimensions[by]),
    api.list(Namespace.Billing, 'Cost', dimensions[by]),
    api.list(Namespace.Billing, 'AcceleratorSeconds', dimensions.component),
  ]);
  const totals = ['AcceleratorSeconds', 'Cost', 'DedicatedSeconds', 'DedicatedCost'].map(totalOf);
  const divided = [...seconds, ...costs];
  const sums = await api.sums([...divided, ...models, ...totals], from, to, period);
  const rows = rowsOf(divided, sums, dimensions[by]);
  const [fleetSeconds = 0, fleetCost = 0, dedicatedSeconds = 0, dedicatedCost = 0] = sums.slice(
    -totals.length,
  );
  const names = new Set(
    models
      .filter((_, index) => (sums[divided.length + index] ?? 0) > 0)
      .map((metric) => valueOf(metric, dimensions.component)),
  );
  names.delete(unassigned);
  const sum = {
    acceleratorSeconds: rows.reduce((total, row) => total + row.acceleratorSeconds, 0),
    dollars: rows.reduce((total, row) => total + row.dollars, 0),
  };
  const apart = Math.abs(sum.acceleratorSeconds - fleetSeconds);
  return {
    from: new Date(from * 1000).toISOString(),
    to: new Date(to * 1000).toISOString(),
    by,
    rows,
    sum,
    fleet: { acceleratorSeconds: fleetSeconds, dollars: fleetCost },
    differencePercent: apart === 0 ? 0 : (100 * apart) / Math.max(fleetSeconds, sum.acceleratorSeconds),
    dedicated: { models: names.size, acceleratorSeconds: dedicatedSeconds, dollars: dedicatedCost },
  };
}

function totalOf(name: string): MetricName {
  return { Namespace: Namespace.Billing, MetricName: name, Dimensions: [] };
}

function valueOf({ Dimensions }: MetricName, name: string): string | undefined {
  return Dimensions.find((dimension) => dimension.Name === name)?.Value;
}

const emptyRow = {
  busySeconds: 0,
  idleSeconds: 0,
  wakingSeconds: 0,
  drainingSeconds: 0,
  acceleratorSeconds: 0,
  dollars: 0,
};

const memberOf: Readonly<Record<string, keyof typeof emptyRow>> = {
  [BillState.Busy]: 'busySeconds',
  [BillState.Idle]: 'idleSeconds',
  [BillState.Waking]: 'wakingSeconds',
  [BillState.Draining]: 'drainingSeconds',
};

function rowsOf(
  metrics: readonly MetricName[],
  sums: readonly number[],
  dimension: string,
): readonly BillRow[] {
  const rows = new Map<string, { name: string } & typeof emptyRow>();
  for (const [index, metric] of metrics.entries()) {
    const name = valueOf(metric, dimension);
    const value = sums[index] ?? 0;
    if (name === undefined || value === 0) continue;
    const row = rows.get(name) ?? { name, ...emptyRow };
    rows.set(name, row);
    const state = memberOf[valueOf(metric, 'State') ?? ''];
    if (metric.MetricName === 'Cost') row.dollars += value;
    else {
      row.acceleratorSeconds += value;
      if (state !== undefined) row[state] += value;
    }
  }
  return [...rows.values()].sort(
    (one, other) =>
      other.dollars - one.dollars ||
      other.acceleratorSeconds - one.acceleratorSeconds ||
      (one.name < other.name ? -1 : 1),
  );
}
