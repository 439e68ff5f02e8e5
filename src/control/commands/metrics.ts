/** GetMetricStatistics, ListMetrics and PutMetricData. */
import { type simpleStatistics, statisticOf } from '../../decide/metrics/statistics.js';
import {
  addDistributions,
  constantValue,
  type Distribution,
  metricKey,
  type MetricPoint,
  type MetricUnit,
  Namespace,
} from '../../domain/metric.js';
import type { Dimension } from '../../domain/alarm.js';
import { answer, type Call, type CommandResult, type Empty } from './call.js';
import { namePage } from './listing.js';
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
  const isOther = unit !== undefined && known?.unit !== unit;
  const periods = isOther ? [] : metrics.read(metric, from, to, period);
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
  const found = metrics
    .list({ scope, ...named }, now)
    .filter(({ metric, lastAt }) => {
      const isRecent = recentlyActive === undefined || lastAt >= now - recentMs;
      return isRecent && dimensions.every((wanted) => hasDimension(metric.dimensions, wanted));
    })
    .map(({ metric }) => ({ name: metricKey(metric), metric }));
  const { records, ...rest } = namePage('ListMetrics', scope, found, {
    query,
    nextToken,
    maxResults: metricsOnPage,
  });
  return answer({
    metrics: records.map(({ metric }) => ({
      namespace: metric.namespace,
      metricName: metric.metricName,
      dimensions: metric.dimensions,
    })),
    ...rest,
  });
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
export function putMetricData({ scope, input, now }: Call<PutMetricDataInput>): CommandResult<Empty> {
  const { namespace, metricData = [] } = input;
  const own: readonly string[] = Object.values(Namespace);
  if (namespace.startsWith('AWS/') || own.includes(namespace)) {
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
  return { changes: [], output: {}, points: points.filter(({ values }) => values.count > 0) };
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
