/**
 * What a target tracking policy looks at: the metric of SageMaker's that a predefined type stands for, one of the
 * caller's own, or the objective for the time to first token, which is not a metric to track but a promise to hold.
 */
import type { Dimension } from './alarm.js';
import { Namespace } from './metric.js';
import {
  type MetricDataQuery,
  parseResourceId,
  PredefinedMetric,
  ScalableDimension,
  type TargetTrackingConfiguration,
} from './scaling.js';

/** How a metric is judged. */
export interface TrackedPace {
  /** Of the points it is judged by. */
  readonly periodSeconds: number;
  /** Points above the target before capacity is added, and points below before it is taken. */
  readonly pointsOut: number;
  readonly pointsIn: number;
  /** True when the metric is of one copy or instance, so that it falls as there are more of them. */
  readonly isPerCapacity: boolean;
}

/** One metric with a statistic. */
export interface TrackedMetric extends TrackedPace {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: readonly Dimension[];
  /** A simple statistic as CloudWatch names it, or `pNN`. */
  readonly stat: string;
  readonly unit: string | null;
}

/** A metric that is computed from several. */
export interface TrackedQueries extends TrackedPace {
  readonly queries: readonly MetricDataQuery[];
}

/** Of metrics that come every 10 s: 30 s to scale out, 15 minutes to scale in. Source: the alarms in AWS's samples. */
const highResolution = { periodSeconds: 10, pointsOut: 3, pointsIn: 90 };
/** Of metrics that come every minute: 3 and 15 minutes. */
const oneMinute = { periodSeconds: 60, pointsOut: 3, pointsIn: 15 };

interface PredefinedRow {
  readonly dimension: ScalableDimension;
  readonly metricName: string;
  readonly stat: string;
  readonly pace: typeof highResolution;
}

/** The high-resolution metrics have only a smallest and a largest value, so the largest is tracked. */
const predefined: Readonly<Record<PredefinedMetric, PredefinedRow>> = {
  [PredefinedMetric.VariantInvocations]: {
    dimension: ScalableDimension.InstanceCount,
    metricName: 'InvocationsPerInstance',
    stat: 'Sum',
    pace: oneMinute,
  },
  [PredefinedMetric.VariantConcurrency]: {
    dimension: ScalableDimension.InstanceCount,
    metricName: 'ConcurrentRequestsPerModel',
    stat: 'Maximum',
    pace: highResolution,
  },
  [PredefinedMetric.ComponentInvocations]: {
    dimension: ScalableDimension.CopyCount,
    metricName: 'InvocationsPerCopy',
    stat: 'Sum',
    pace: oneMinute,
  },
  [PredefinedMetric.ComponentConcurrency]: {
    dimension: ScalableDimension.CopyCount,
    metricName: 'ConcurrentRequestsPerCopy',
    stat: 'Maximum',
    pace: highResolution,
  },
};

/** The number that a predefined metric is for; null = there is no such metric here. */
export function dimensionOfPredefined(type: string): ScalableDimension | null {
  return rowOf(type)?.dimension ?? null;
}

function rowOf(type: string): PredefinedRow | undefined {
  const known = Object.values(PredefinedMetric).find((one) => one === type);
  return known === undefined ? undefined : predefined[known];
}

/** Null: the policy looks at an expression over several metrics, or holds an objective. */
export function trackedMetricOf(
  configuration: TargetTrackingConfiguration,
  resourceId: string,
): TrackedMetric | null {
  const { predefinedMetricSpecification: named, customizedMetricSpecification: custom } = configuration;
  if (named !== undefined) {
    const row = rowOf(named.predefinedMetricType);
    if (row === undefined) return null;
    const { metricName, stat, pace } = row;
    const dimensions = dimensionsOf(resourceId);
    return {
      namespace: Namespace.SageMaker,
      metricName,
      dimensions,
      stat,
      unit: null,
      ...pace,
      isPerCapacity: true,
    };
  }
  if (custom === undefined || objectiveOf(configuration) !== null) return null;
  const [query, ...others] = custom.metrics ?? [];
  const { metric, stat, unit } = query?.metricStat ?? {};
  if (others.length > 0 || query?.expression !== undefined) return null;
  const { namespace, metricName, dimensions = [] } = metric ?? custom;
  if (namespace === undefined || metricName === undefined) return null;
  return {
    namespace,
    metricName,
    dimensions,
    stat: stat ?? custom.statistic ?? 'Average',
    unit: unit ?? custom.unit ?? null,
    ...oneMinute,
    // Target tracking is for metrics that fall as capacity rises, whoever publishes them.
    isPerCapacity: true,
  };
}

/** Null: the policy looks at one metric as it is, or holds an objective. */
export function trackedQueriesOf(configuration: TargetTrackingConfiguration): TrackedQueries | null {
  const queries = configuration.customizedMetricSpecification?.metrics ?? [];
  if (objectiveOf(configuration) !== null) return null;
  const isPlain = queries.length < 2 && queries.every(({ expression }) => expression === undefined);
  return isPlain ? null : { queries, ...oneMinute, isPerCapacity: true };
}

/** The dimensions of SageMaker's metrics about a resource. */
export function dimensionsOf(resourceId: string): readonly Dimension[] {
  const resource = parseResourceId(resourceId);
  if (resource === null) return [];
  if (resource.kind === 'component') return [{ name: 'InferenceComponentName', value: resource.component }];
  return [
    { name: 'EndpointName', value: resource.endpoint },
    { name: 'VariantName', value: resource.variant },
  ];
}

/** The metric by which a policy says that it holds an objective. */
export const objectiveMetricName = 'TimeToFirstToken';
/** Percentiles that an objective may be for. */
export const objectivePercentiles = { min: 50, max: 99 } as const;
const objectivePercentileDefault = 95;

/** A promise: this share of the requests has its first token within so many milliseconds. */
export interface Objective {
  readonly firstTokenMs: number;
  /** (0, 1). */
  readonly share: number;
}

/**
 * The objective of a policy whose metric is `Stowage`/`TimeToFirstToken` with a percentile (95 with another statistic),
 * in milliseconds; null for all other policies.
 */
export function objectiveOf(configuration: TargetTrackingConfiguration): Objective | null {
  const { customizedMetricSpecification: custom, targetValue } = configuration;
  if (custom === undefined) return null;
  const query = custom.metrics?.[0]?.metricStat;
  const { namespace, metricName } = query?.metric ?? custom;
  if (namespace !== Namespace.Stowage || metricName !== objectiveMetricName) return null;
  const percentile = /^p(\d{1,2}(?:\.\d{1,2})?)$/.exec(query?.stat ?? '')?.[1];
  return {
    firstTokenMs: targetValue,
    share: (percentile === undefined ? objectivePercentileDefault : Number(percentile)) / 100,
  };
}
