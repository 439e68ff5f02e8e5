/** GetMetricStatistics, ListMetrics and PutMetricData. */
import { type simpleStatistics, statisticOf } from '../../decide/metrics/statistics.js';
import {
  addDistributions,
  constantValue,
  type Distribution,
  isOwnNamespace,
  type MetricIdentity,
  metricKey,
  type MetricPoint,
  type MetricUnit,
} from '../../domain/metric.js';
import type { Dimension } from '../../domain/alarm.js';
import { isInUnit } from '../metrics/measured-values.js';
import { answer, type Call, type CommandResult, type Empty } from './call.js';
import { accountLimits, refuseAbove } from './limits.js';
import { foreignToken, readPosition, writePosition } from './listing.js';
import {
  checkPeriod,
  checkStretch,
  type MetricInput,
  metricOf,
  periodBegin,
  sortedDimensions,
  statisticIn,
} from './metric-requests.js';
import { invalid } from './refusals.js';

/** Values that GetMetricStatistics gives at most, and metrics on a page of ListMetrics: CloudWatch's numbers. */
const datapointsMax = 1_440;
const metricsOnPage = 500;
/** Metrics that one page looks through, and at once; where few of them are asked for, the page is short. */
const metricsLookedAt = 20_000;
const metricsAtOnce = 1_000;
/** Data in one PutMetricData, and values in one datum: CloudWatch's numbers. */
const dataMax = 1_000;
const valuesMax = 150;
/** How old a datum may be, and how far ahead, milliseconds: two weeks and two hours. */
const lateMsMax = 14 * 86_400_000;
const earlyMsMax = 2 * 3_600_000;
/** `RecentlyActive`, milliseconds. */
const recentMs = 3 * 3_600_000;
/** Larger numbers are refused, as CloudWatch does. */
const valueMax = 2 ** 360;

export interface GetMetricStatisticsInput extends MetricInput {
  readonly startTime: number;
  readonly endTime: number;
  readonly period: number;
  readonly statistics?: readonly (typeof simpleStatistics)[number][];
  readonly extendedStatistics?: readonly string[];
  readonly unit?: string;
}

interface Datapoint {
  readonly timestamp: number;
  readonly sampleCount?: number;
  readonly average?: number;
  readonly sum?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly extendedStatistics?: Readonly<Record<string, number>>;
  readonly unit: string;
}

/** Oldest first. */
export function getMetricStatistics({
  scope,
  input,
  metrics,
}: Call<GetMetricStatisticsInput>): CommandResult<{ label: string; datapoints: readonly Datapoint[] }> {
  const { period, statistics = [], extendedStatistics = [], unit } = input;
  if ((statistics.length === 0) === (extendedStatistics.length === 0)) {
    throw invalid('statistics', 'Exactly one of Statistics and ExtendedStatistics must be given.');
  }
  checkPeriod(period, 'period');
  const { startTime, endTime: to } = input;
  checkStretch(startTime, to);
  const from = periodBegin(startTime, period);
  if ((to - from) / (period * 1000) > datapointsMax) {
    const asked = Math.ceil((to - from) / (period * 1000));
    throw invalid(
      'period',
      `You have requested up to ${asked} datapoints, which exceeds the limit of ${datapointsMax}; ` +
        'ask for less time or a longer period.',
    );
  }
  const metric = metricOf(scope, input, 'metricName');
  const ranks = extendedStatistics.map((text) => ({
    text,
    statistic: statisticIn(text, 'extendedStatistics'),
  }));
  const known = metrics.find(metric);
  const periods = isInUnit(metrics, metric, unit) ? metrics.read(metric, from, to, period) : [];
  const datapoints = periods.map(({ at, values }): Datapoint => {
    const asked = statistics.map((kind) => {
      return [kind.charAt(0).toLowerCase() + kind.slice(1), statisticOf(values, { kind })];
    });
    const extended = ranks.flatMap(({ text, statistic }) => {
      const value = statisticOf(values, statistic);
      return value === null ? [] : [[text, value] as const];
    });
    return {
      timestamp: at,
      ...(Object.fromEntries(asked) as Partial<Datapoint>),
      ...(extended.length === 0 ? {} : { extendedStatistics: Object.fromEntries(extended) }),
      unit: known?.unit ?? 'None',
    };
  });
  return answer({ label: metric.metricName, datapoints });
}

export interface ListMetricsInput {
  readonly namespace?: string;
  readonly metricName?: string;
  readonly dimensions?: readonly { readonly name: string; readonly value?: string }[];
  readonly nextToken?: string;
  readonly recentlyActive?: 'PT3H';
}

interface ListMetricsOutput {
  readonly metrics: readonly {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: readonly Dimension[];
  }[];
  readonly nextToken?: string;
}

/** Metrics that were written within two weeks, in the order of their keys. */
export function listMetrics({
  scope,
  input,
  metrics,
  now,
}: Call<ListMetricsInput>): CommandResult<ListMetricsOutput> {
  const { nextToken, ...query } = input;
  const { namespace, metricName, dimensions = [], recentlyActive } = query;
  const named = {
    ...(namespace === undefined ? {} : { namespace }),
    ...(metricName === undefined ? {} : { metricName }),
  };
  const list = ['ListMetrics', scope, query] as const;
  const found: MetricIdentity[] = [];
  let last = nextToken === undefined ? null : metricAfter(scope, readPosition(list, nextToken).name);
  for (let looked = 0; looked < metricsLookedAt; looked += metricsAtOnce) {
    const after = last === null ? {} : { after: last };
    const some = metrics.list({ scope, ...named, ...after, countMax: metricsAtOnce }, now);
    for (const { metric, lastAt } of some) {
      const isRecent = recentlyActive === undefined || lastAt >= now - recentMs;
      if (!isRecent || !dimensions.every((wanted) => hasDimension(metric.dimensions, wanted))) continue;
      if (found.length === metricsOnPage) return answer(pageOf(found, list, found.at(-1)!));
      found.push(metric);
    }
    last = some.at(-1)?.metric ?? null;
    if (some.length < metricsAtOnce || last === null) return answer(pageOf(found, list, null));
  }
  return answer(pageOf(found, list, last));
}

/** `last`: the metric that the next page comes after; null = there is none. */
function pageOf(
  found: readonly MetricIdentity[],
  list: Parameters<typeof writePosition>[0],
  last: MetricIdentity | null,
): ListMetricsOutput {
  const metrics = found.map(({ namespace, metricName, dimensions }) => ({
    namespace,
    metricName,
    dimensions,
  }));
  if (last === null) return { metrics };
  const { namespace, metricName, dimensions } = last;
  const name = JSON.stringify([namespace, metricName, dimensions]);
  return { metrics, nextToken: writePosition(list, '', name) };
}

/** Throws LIMIT-711. */
function metricAfter(scope: MetricIdentity['scope'], name: string): MetricIdentity {
  try {
    const [namespace, metricName, dimensions] = JSON.parse(name) as [string, string, readonly Dimension[]];
    const metric = { scope, namespace, metricName, dimensions };
    // A token that somebody made up has no key.
    metricKey(metric);
    return metric;
  } catch {
    throw foreignToken();
  }
}

function hasDimension(
  dimensions: readonly Dimension[],
  wanted: { readonly name: string; readonly value?: string },
): boolean {
  return dimensions.some(
    ({ name, value }) => name === wanted.name && (wanted.value === undefined || value === wanted.value),
  );
}

export interface MetricDatum {
  readonly metricName: string;
  readonly dimensions?: readonly Dimension[];
  readonly timestamp?: number;
  readonly value?: number;
  readonly statisticValues?: {
    readonly sampleCount: number;
    readonly sum: number;
    readonly minimum: number;
    readonly maximum: number;
  };
  readonly values?: readonly number[];
  readonly counts?: readonly number[];
  readonly unit?: string;
  readonly storageResolution?: number;
}

export interface PutMetricDataInput {
  readonly namespace: string;
  readonly metricData?: readonly MetricDatum[];
}

/** All of the data, or none when one of them cannot be taken. */
export function putMetricData(call: Call<PutMetricDataInput>): CommandResult<Empty> {
  const { scope, input, now } = call;
  const { namespace, metricData = [] } = input;
  if (isOwnNamespace(namespace)) {
    throw invalid('namespace', `The value ${namespace} for Namespace is reserved; take a name of your own.`);
  }
  if (metricData.length === 0 || metricData.length > dataMax) {
    throw invalid('metricData', `MetricData must have 1 to ${dataMax} data, it has ${metricData.length}.`);
  }
  const points = metricData.map((datum, index): MetricPoint => {
    const field = `metricData.${index + 1}`;
    const { metricName, timestamp = now, unit = 'None', storageResolution = 60 } = datum;
    if (storageResolution !== 1 && storageResolution !== 60) {
      throw invalid(field, `The value ${storageResolution} for StorageResolution must be 1 or 60.`);
    }
    if (timestamp < now - lateMsMax || timestamp > now + earlyMsMax) {
      throw invalid(field, 'Timestamp must be within the last two weeks and the next two hours.');
    }
    const dimensions = sortedDimensions(datum.dimensions ?? [], field);
    const metric = { scope, namespace, metricName, dimensions };
    return { metric, at: timestamp, unit: unit as MetricUnit, values: valuesOf(datum, field) };
  });
  refuseTooMany(points, call);
  return { changes: [], output: {}, points: points.filter(({ values }) => values.count > 0) };
}

/** LIMIT-710 when there is no room for all metrics that are new. */
function refuseTooMany(points: readonly MetricPoint[], { scope, metrics, now }: Call<unknown>): void {
  const fresh = new Set(
    points.flatMap(({ metric }) => (metrics.find(metric) === null ? metricKey(metric) : [])),
  );
  if (fresh.size === 0) return;
  const { max } = accountLimits.metrics;
  refuseAbove(accountLimits.metrics, Math.max(0, max - metrics.room(scope.account, now)) + fresh.size);
}

function valuesOf({ value, values, counts, statisticValues }: MetricDatum, field: string): Distribution {
  const given = [value, values, statisticValues].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw invalid(field, 'Exactly one of Value, Values and StatisticValues must be given.');
  }
  if (counts !== undefined && counts.length !== values?.length) {
    throw invalid(field, 'Counts must have as many numbers as Values.');
  }
  if (statisticValues !== undefined) return ofStatistics(statisticValues, field);
  const numbers = values ?? [value!];
  if (numbers.length === 0 || numbers.length > valuesMax) {
    throw invalid(field, `Values must have 1 to ${valuesMax} numbers, it has ${numbers.length}.`);
  }
  return numbers
    .map((number, index) => constantValue(checked(number, field), countOf(counts?.[index] ?? 1, field)))
    .reduce(addDistributions);
}

function ofStatistics(
  { sampleCount, sum, minimum, maximum }: NonNullable<MetricDatum['statisticValues']>,
  field: string,
): Distribution {
  const count = countOf(sampleCount, field);
  for (const number of [sum, minimum, maximum]) checked(number, field);
  if (minimum > maximum) throw invalid(field, 'Minimum must not be above Maximum.');
  const isKnown = minimum === maximum || count === 1;
  const bins = isKnown ? constantValue(maximum, count).bins : [];
  return { count, sum, min: minimum, max: maximum, bins };
}

function countOf(count: number, field: string): number {
  if (count >= 0 && count <= valueMax) return count;
  throw invalid(field, 'A count of values must be a number from 0 on.');
}

function checked(number: number, field: string): number {
  if (Math.abs(number) <= valueMax) return number;
  throw invalid(field, 'Values must be numbers between -2^360 and 2^360.');
}
