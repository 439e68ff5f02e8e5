/**
 * GetMetricData: metrics and metric math over a stretch of time. Queries are computed in their order until a page is
 * full; the token says which query and which time comes next, so that values that come meanwhile shift nothing.
 */
import {
  applyExpression,
  type ExpressionContext,
  type MathValue,
  type TimeSeries,
} from '../../decide/metrics/apply-expression.js';
import { ExpressionProblem, parseExpression } from '../../decide/metrics/expression.js';
import { parseSearch } from '../../decide/metrics/search.js';
import { statisticOf } from '../../decide/metrics/statistics.js';
import type { MetricIdentity } from '../../domain/metric.js';
import { answer, type Call, type CommandResult } from './call.js';
import { foreignToken, readPosition, writePosition } from './listing.js';
import {
  checkPeriod,
  checkStretch,
  type MetricInput,
  metricOf,
  periodBegin,
  statisticIn,
} from './metric-requests.js';
import { invalid } from './refusals.js';

/** Queries in one call, and values in one answer: CloudWatch's numbers. */
const queriesMax = 500;
const datapointsMax = 100_800;
/** Series that one SEARCH gives; those beyond are left out, and a message says so. */
const searchSeriesMax = 100;
/** Values that one call reads, so that no call holds up the others. */
const computedMax = 500_000;

export interface MetricDataQuery {
  readonly id: string;
  readonly metricStat?: {
    readonly metric: MetricInput;
    readonly period: number;
    readonly stat: string;
    readonly unit?: string;
  };
  readonly expression?: string;
  readonly label?: string;
  readonly returnData?: boolean;
  readonly period?: number;
}

export interface GetMetricDataInput {
  readonly metricDataQueries: readonly MetricDataQuery[];
  readonly startTime: number;
  readonly endTime: number;
  readonly nextToken?: string;
  readonly scanBy?: 'TimestampDescending' | 'TimestampAscending';
  readonly maxDatapoints?: number;
}

interface Message {
  readonly code: string;
  readonly value: string;
}

interface MetricDataResult {
  readonly id: string;
  readonly label: string;
  readonly timestamps: readonly number[];
  readonly values: readonly number[];
  readonly statusCode: 'Complete' | 'PartialData';
}

interface GetMetricDataOutput {
  readonly metricDataResults: readonly MetricDataResult[];
  readonly nextToken?: string;
  readonly messages: readonly Message[];
}

export function getMetricData(call: Call<GetMetricDataInput>): CommandResult<GetMetricDataOutput> {
  const { nextToken, maxDatapoints = datapointsMax, ...query } = call.input;
  if (maxDatapoints < 1 || maxDatapoints > datapointsMax) {
    throw invalid('maxDatapoints', `MaxDatapoints must be between 1 and ${datapointsMax}.`);
  }
  checkQueries(query.metricDataQueries);
  const calculation = new Calculation(call);
  const isAscending = query.scanBy === 'TimestampAscending';
  const list = ['GetMetricData', call.scope, query] as const;
  const start = nextToken === undefined ? null : startOf(readPosition(list, nextToken));
  const page = new ResultPage(maxDatapoints, isAscending, start);
  for (const one of query.metricDataQueries) {
    if (one.returnData === false) continue;
    for (const series of calculation.seriesOf(one)) page.add(one.id, series);
    if (page.next !== null) break;
  }
  const { next, results } = page;
  const token = next === null ? {} : { nextToken: writePosition(list, next.after ?? -1, `${next.series}`) };
  return answer({ metricDataResults: results, ...token, messages: calculation.messages });
}

function checkQueries(queries: readonly MetricDataQuery[]): void {
  const field = 'metricDataQueries';
  if (queries.length === 0 || queries.length > queriesMax) {
    throw invalid(field, `MetricDataQueries must have 1 to ${queriesMax} queries, it has ${queries.length}.`);
  }
  const ids = new Set<string>();
  for (const { id, metricStat, expression, period } of queries) {
    if (!/^[a-z][A-Za-z0-9_]*$/.test(id)) {
      throw invalid(field, `The id "${id}" must begin with a lowercase letter, then letters, digits and _.`);
    }
    if (ids.has(id)) throw invalid(field, `The id "${id}" is given twice.`);
    ids.add(id);
    if ((metricStat === undefined) === (expression === undefined)) {
      throw invalid(field, `The query "${id}" must have exactly one of MetricStat and Expression.`);
    }
    if (period !== undefined) checkPeriod(period, field);
  }
  if (queries.every(({ returnData }) => returnData === false)) {
    throw invalid(field, 'At least one query must return data.');
  }
}

/** The results of the queries of one call, each computed once and only when it is asked for. */
class Calculation {
  readonly messages: Message[] = [];
  private readonly queries: ReadonlyMap<string, MetricDataQuery>;
  private readonly known = new Map<string, MathValue | 'begun'>();
  private readonly from: number;
  private readonly to: number;
  private computed = 0;

  constructor(private readonly call: Call<GetMetricDataInput>) {
    const { metricDataQueries, startTime, endTime } = call.input;
    this.queries = new Map(metricDataQueries.map((query) => [query.id, query]));
    checkStretch(startTime, endTime);
    this.from = startTime;
    this.to = endTime;
  }

  /** What a query gives, with its labels. Throws REQ-210 for an expression that cannot be computed. */
  seriesOf(query: MetricDataQuery): readonly TimeSeries[] {
    const value = this.valueOf(query);
    if (typeof value === 'number') {
      throw expressionError(query.id, 'it gives a number; the result must be time series');
    }
    if ('points' in value) return [{ ...value, label: labelOf(query, value) }];
    return value.map((one) => ({ ...one, label: labelOf(query, one) }));
  }

  private valueOf(query: MetricDataQuery): MathValue {
    const { id } = query;
    const known = this.known.get(id);
    if (known === 'begun') throw expressionError(id, 'it needs its own result');
    if (known !== undefined) return known;
    this.known.set(id, 'begun');
    const value = query.metricStat === undefined ? this.expression(query) : this.metric(query);
    this.known.set(id, value);
    return value;
  }

  private metric({ id, metricStat }: MetricDataQuery): TimeSeries {
    const { metric: input, period, stat, unit } = metricStat!;
    const metric = metricOf(this.call.scope, input, `metricDataQueries.${id}`);
    return this.read(metric, metric.metricName, stat, period, unit);
  }

  private read(
    metric: MetricIdentity,
    label: string,
    stat: string,
    period: number,
    unit?: string,
  ): TimeSeries {
    checkPeriod(period, 'period');
    const statistic = statisticIn(stat, 'stat');
    const { metrics } = this.call;
    const isOther = unit !== undefined && metrics.find(metric)?.unit !== unit;
    const periods = isOther ? [] : metrics.read(metric, periodBegin(this.from, period), this.to, period);
    this.count(periods.length);
    const points = periods.flatMap(({ at, values }): (readonly [number, number])[] => {
      const value = statisticOf(values, statistic);
      return value === null ? [] : [[at, value]];
    });
    return { label, periodSeconds: period, points: new Map(points) };
  }

  private count(values: number): void {
    this.computed += values;
    if (this.computed <= computedMax) return;
    const problem = `The call reads more than ${computedMax} values; ask for less time or longer periods.`;
    throw invalid('metricDataQueries', problem);
  }

  private expression({ id, expression = '' }: MetricDataQuery): MathValue {
    try {
      return applyExpression(parseExpression(expression), this.context());
    } catch (thrown) {
      if (thrown instanceof ExpressionProblem) throw expressionError(id, thrown.message);
      throw thrown;
    }
  }

  private context(): ExpressionContext {
    return {
      from: this.from,
      to: this.to,
      queryResult: (name) => {
        const query = this.queries.get(name);
        return query === undefined ? null : this.valueOf(query);
      },
      metricSeries: () =>
        [...this.queries.values()].flatMap((query) => {
          return query.metricStat === undefined ? [] : [this.valueOf(query) as TimeSeries];
        }),
      search: (query, statistic, period) => this.search(query, statistic, period),
    };
  }

  private search(text: string, statistic: string, period: number): readonly TimeSeries[] {
    const { scope, metrics, now } = this.call;
    const { namespace, matches } = parseSearch(text);
    const list = metrics.list({ scope, ...(namespace === null ? {} : { namespace }) }, now);
    const found = list.map(({ metric }) => metric).filter(matches);
    if (found.length > searchSeriesMax) {
      const value = `The search matches ${found.length} metrics, the first ${searchSeriesMax} are shown.`;
      this.messages.push({ code: 'MaxMetricsExceeded', value });
    }
    const shown = found.slice(0, searchSeriesMax);
    const hasOneName = new Set(shown.map(({ metricName }) => metricName)).size < 2;
    return shown.map((metric) => {
      const values = metric.dimensions.map(({ value }) => value);
      const words = hasOneName && values.length > 0 ? values : [...values, metric.metricName];
      return this.read(metric, words.join(' '), statistic, period);
    });
  }
}

/** The query's label where it has one; a list's series are told apart by their own behind it. */
function labelOf({ id, label, expression }: MetricDataQuery, series: TimeSeries): string {
  const isSearch = expression !== undefined && /\b(?:SEARCH|METRICS)\s*\(/.test(expression);
  if (isSearch) return [label ?? '', series.label].filter((part) => part !== '').join(' ');
  return label ?? (expression === undefined ? series.label : id);
}

function expressionError(id: string, problem: string): Error {
  return invalid('metricDataQueries', `Error in expression '${id}': ${problem}.`);
}

/** Where a page ended: how many series it has shown whole, and the last time of the one it cut; null = none of it. */
interface DataPosition {
  readonly series: number;
  readonly after: number | null;
}

function startOf({ key, name }: { readonly key: string | number; readonly name: string }): DataPosition {
  const series = Number(name);
  if (typeof key !== 'number' || !Number.isInteger(series) || series < 0) throw foreignToken();
  return { series, after: key < 0 ? null : key };
}

class ResultPage {
  readonly results: MetricDataResult[] = [];
  /** Where the next page begins; null = everything is shown. */
  next: DataPosition | null = null;
  private index = 0;
  private room: number;

  constructor(
    datapointsMax: number,
    private readonly isAscending: boolean,
    private readonly start: DataPosition | null,
  ) {
    this.room = datapointsMax;
  }

  add(id: string, { label, points }: TimeSeries): void {
    const index = this.index++;
    const first = this.start?.series ?? 0;
    if (this.next !== null || index < first) return;
    const after = index === first ? (this.start?.after ?? null) : null;
    const ordered = this.isAscending ? [...points] : [...points].reverse();
    const rest = after === null ? ordered : ordered.filter(([at]) => this.isLater(at, after));
    if (this.room === 0 && rest.length > 0) {
      this.next = { series: index, after };
      return;
    }
    const shown = rest.slice(0, this.room);
    this.room -= shown.length;
    const isCut = shown.length < rest.length;
    const last = shown.at(-1);
    if (isCut && last !== undefined) this.next = { series: index, after: last[0] };
    this.results.push({
      id,
      label,
      timestamps: shown.map(([at]) => at),
      values: shown.map(([, value]) => value),
      statusCode: isCut ? 'PartialData' : 'Complete',
    });
  }

  private isLater(at: number, after: number): boolean {
    return this.isAscending ? at > after : at < after;
  }
}
