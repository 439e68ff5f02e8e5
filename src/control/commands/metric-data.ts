/**
 * GetMetricData: metrics and metric math over a stretch of time. Queries are computed in their order until a page is
 * full; the token says which query, which of its series and which time comes next, so that values and metrics that come
 * meanwhile shift nothing. Everything that a call makes the server look at counts against one budget.
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
import { metricResolutions } from '../../contracts/metric-store.js';
import { type MetricIdentity, metricKey } from '../../domain/metric.js';
import { isInUnit } from '../metrics/measured-values.js';
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
/** Series in one answer, with values or without. */
const seriesOnPage = 2_000;
/** Series that one SEARCH gives; those beyond are left out, and a message says so. */
const searchSeriesMax = 100;
/**
 * Values that one call reads, computes and fills in, and metrics that its searches look at, all together: no call holds
 * up the others.
 */
const workMax = 1_000_000;
/** Queries that need one another in a row. */
const queryDepthMax = 32;
/** Points may be dated so far ahead; nothing is later, milliseconds. */
const aheadMsMax = 3 * 3_600_000;
/** Bins that make a value cost one more to read, and characters that make a metric cost one more to search. */
const binsPerCost = 32;
const charactersPerCost = 128;

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
    page.add(one.id, calculation.seriesOf(one));
    if (page.next !== null) break;
  }
  const { next, results } = page;
  const token = next === null ? {} : { nextToken: tokenOf(list, next) };
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
  /** By namespace, null = of all: the metrics that searches look through. */
  private readonly candidates = new Map<string | null, readonly MetricIdentity[]>();
  private work = 0;
  private depth = 0;

  constructor(private readonly call: Call<GetMetricDataInput>) {
    const { metricDataQueries, startTime, endTime } = call.input;
    this.queries = new Map(metricDataQueries.map((query) => [query.id, query]));
    checkStretch(startTime, endTime);
    // Before and after there is nothing: not to be read, and not to be filled.
    const kept = Math.max(...metricResolutions.map(({ keptSeconds }) => keptSeconds * 1000));
    const within = (time: number) => Math.min(Math.max(time, call.now - kept), call.now + aheadMsMax);
    this.from = within(startTime);
    this.to = within(endTime);
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
    if (++this.depth > queryDepthMax) {
      throw expressionError(id, `more than ${queryDepthMax} queries need one another in a row`);
    }
    const value = query.metricStat === undefined ? this.expression(query) : this.metric(query);
    this.depth--;
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
    const isThere = isInUnit(metrics, metric, unit);
    const periods = isThere ? metrics.read(metric, periodBegin(this.from, period), this.to, period) : [];
    const parts = Math.ceil(period / finestOf(period));
    this.spend(periods.reduce((sum, { values }) => sum + parts + costOfBins(values.bins.length), 1));
    const points = periods.flatMap(({ at, values }): (readonly [number, number])[] => {
      const value = statisticOf(values, statistic);
      return value === null ? [] : [[at, value]];
    });
    return { key: metricKey(metric), label, periodSeconds: period, points: new Map(points) };
  }

  private readonly spend = (values: number): void => {
    this.work += values;
    if (this.work <= workMax) return;
    const problem =
      `The call needs more than ${workMax} values to be read, searched and computed; ` +
      'ask for less time, longer periods or fewer metrics.';
    throw invalid('metricDataQueries', problem);
  };

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
      spend: this.spend,
    };
  }

  private search(text: string, statistic: string, period: number): readonly TimeSeries[] {
    const { namespace, matches, terms } = parseSearch(text);
    const found = this.candidatesIn(namespace).filter((metric) => {
      this.spend(terms * costOfSearching(metric));
      return matches(metric);
    });
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

  private candidatesIn(namespace: string | null): readonly MetricIdentity[] {
    const known = this.candidates.get(namespace);
    if (known !== undefined) return known;
    const { scope, metrics, now } = this.call;
    const list = metrics.list({ scope, ...(namespace === null ? {} : { namespace }) }, now);
    this.spend(1 + list.length);
    const candidates = list.map(({ metric }) => metric);
    this.candidates.set(namespace, candidates);
    return candidates;
  }
}

/** The periods, in seconds, that one of these is put together from. */
function finestOf(periodSeconds: number): number {
  const parts = metricResolutions.findLast((one) => periodSeconds % one.periodSeconds === 0);
  return parts?.periodSeconds ?? periodSeconds;
}

function costOfBins(bins: number): number {
  return Math.floor(bins / binsPerCost);
}

function costOfSearching({ metricName, dimensions }: MetricIdentity): number {
  const characters = dimensions.reduce(
    (sum, { name, value }) => sum + name.length + value.length,
    metricName.length,
  );
  return 1 + Math.floor(characters / charactersPerCost);
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

/** Where a page ended: at a series of a query, and the last time of it that was shown; null = none of it. */
interface DataPosition {
  readonly id: string;
  readonly key: string;
  readonly after: number | null;
}

type DataList = Parameters<typeof readPosition>[0];

function tokenOf(list: DataList, { id, key, after }: DataPosition): string {
  return writePosition(list, after ?? '', `${id} ${key}`);
}

/** Throws LIMIT-711. */
function startOf({ key, name }: { readonly key: string | number; readonly name: string }): DataPosition {
  const [, id, rest] = /^(\w+) (.*)$/s.exec(name) ?? [];
  if (id === undefined || rest === undefined || (key !== '' && typeof key !== 'number')) throw foreignToken();
  return { id, key: rest, after: key === '' ? null : (key as number) };
}

/** What tells the series of a query apart: each by its own key, several of one key by how many were before. */
function keysOf(all: readonly TimeSeries[]): readonly string[] {
  const seen = new Map<string, number>();
  return all.map(({ key = '' }) => {
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return before === 0 ? key : `${key} ${before}`;
  });
}

class ResultPage {
  readonly results: MetricDataResult[] = [];
  /** Where the next page begins; null = everything is shown. */
  next: DataPosition | null = null;
  private room: number;

  constructor(
    datapointsMax: number,
    private readonly isAscending: boolean,
    /** Null once it was come to. */
    private start: DataPosition | null,
  ) {
    this.room = datapointsMax;
  }

  add(id: string, all: readonly TimeSeries[]): void {
    if (this.start !== null && this.start.id !== id) return;
    const keys = keysOf(all);
    const { start } = this;
    this.start = null;
    let first = start === null ? 0 : keys.indexOf(start.key);
    let after = start?.after ?? null;
    if (first < 0) {
      // The series is gone: those of a search are in the order of their keys.
      after = null;
      first = keys.findIndex((key) => key > start!.key);
    }
    for (let index = first; index >= 0 && index < all.length && this.next === null; index++) {
      this.show(id, keys[index]!, all[index]!, index === first ? after : null);
    }
  }

  private show(id: string, key: string, { label, points }: TimeSeries, after: number | null): void {
    const ordered = this.isAscending ? [...points] : [...points].reverse();
    const rest = after === null ? ordered : ordered.filter(([at]) => this.isLater(at, after));
    if ((this.room === 0 && rest.length > 0) || this.results.length >= seriesOnPage) {
      this.next = { id, key, after };
      return;
    }
    const shown = rest.slice(0, this.room);
    this.room -= shown.length;
    const isCut = shown.length < rest.length;
    const last = shown.at(-1);
    if (isCut && last !== undefined) this.next = { id, key, after: last[0] };
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
