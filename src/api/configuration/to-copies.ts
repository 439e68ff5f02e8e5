/** What `copies` means: bounds, and the policy by which the number follows the load. */
import type { CopyBounds } from '../../domain/component.js';
import type { ScalingPlan, SchedulePlan } from '../../domain/endpoint-plan.js';
import { Namespace } from '../../domain/metric.js';
import {
  componentResource,
  PredefinedMetric,
  type TargetTrackingConfiguration,
} from '../../domain/scaling.js';
import { dimensionsOf, objectiveMetricName } from '../../domain/tracked-metric.js';
import { note, refuse } from './reading.js';
import type { Reading } from './reading.js';
import type { CopiesDocument } from './schema-copies.js';
import type { PathSegment } from './yaml-document.js';

/** Of the requests that a copy computes at once, this part is aimed at when a file names no target. */
const defaultTargetPart = 0.75;

type ScaledCopies = Exclude<CopiesDocument, number>;

interface CopiesPlan {
  readonly copies: CopyBounds;
  readonly scaling: ScalingPlan | null;
}

/** `batch`: requests that a copy computes at once, the component's `max_rolling_batch_size`. */
export function toCopies(
  component: string,
  source: CopiesDocument,
  batch: number,
  path: readonly PathSegment[],
  reading: Reading,
): CopiesPlan {
  if (typeof source === 'number') {
    if (source === 0) {
      note(reading, path, 'zero copies: requests are refused (COLD-501); `{ min: 0 }` lets them bring one');
    }
    return { copies: { min: source, max: source }, scaling: null };
  }
  const { min, schedules = [] } = source;
  const max = source.max ?? Math.max(1, min);
  if (max < min) {
    const problem = `${max} is less than \`min\`, ${min}`;
    refuse(reading, [...path, 'max'], problem, `write \`max: ${min}\` or more`);
  }
  const isFixed = max === min && source.target === undefined && schedules.length === 0;
  if (isFixed) return { copies: { min, max }, scaling: null };
  const policy = policyOf(component, source, batch, path, reading);
  const scaling = { min, max, policy, schedules: toSchedules(schedules, [...path, 'schedules'], reading) };
  return { copies: { min, max }, scaling };
}

function policyOf(
  component: string,
  source: ScaledCopies,
  batch: number,
  path: readonly PathSegment[],
  reading: Reading,
): TargetTrackingConfiguration {
  const isObjective = source.target?.firstToken !== undefined;
  // Left out of a policy they are 300 s. An objective finds by itself how long idle copies are worth their cost.
  const { scaleOutCooldown = 0, scaleInCooldown = isObjective ? 0 : undefined, scaleIn } = source;
  return {
    ...metricOf(component, source.target, batch, [...path, 'target'], reading),
    scaleOutCooldown,
    ...(scaleInCooldown === undefined ? {} : { scaleInCooldown }),
    ...(scaleIn ? {} : { disableScaleIn: true }),
  };
}

function metricOf(
  component: string,
  target: ScaledCopies['target'],
  batch: number,
  path: readonly PathSegment[],
  reading: Reading,
): TargetTrackingConfiguration {
  const { concurrentRequestsPerCopy, invocationsPerCopy, firstToken } = target ?? {};
  const given = [concurrentRequestsPerCopy, invocationsPerCopy, firstToken].filter(
    (one) => one !== undefined,
  );
  if (target !== undefined && given.length !== 1) {
    const problem = `exactly one target is followed, found ${given.length}`;
    const keys = '`concurrentRequestsPerCopy`, `invocationsPerCopy` and `firstToken`';
    refuse(reading, path, problem, `give one of ${keys}`);
  }
  if (firstToken !== undefined) return objective(component, firstToken);
  if (invocationsPerCopy !== undefined) {
    return predefined(PredefinedMetric.ComponentInvocations, invocationsPerCopy);
  }
  return predefined(
    PredefinedMetric.ComponentConcurrency,
    concurrentRequestsPerCopy ?? defaultTargetOf(batch),
  );
}

/** What a copy computes at once is known; a quarter of it is left for what comes while a new copy comes up. */
function defaultTargetOf(batch: number): number {
  return Math.max(1, Math.floor(defaultTargetPart * batch));
}

function predefined(
  predefinedMetricType: PredefinedMetric,
  targetValue: number,
): TargetTrackingConfiguration {
  return { targetValue, predefinedMetricSpecification: { predefinedMetricType } };
}

function objective(
  component: string,
  { milliseconds, percentile }: NonNullable<NonNullable<ScaledCopies['target']>['firstToken']>,
): TargetTrackingConfiguration {
  const dimensions = dimensionsOf(componentResource(component));
  const metric = { namespace: Namespace.Stowage, metricName: objectiveMetricName, dimensions };
  const metricStat = { metric, stat: `p${percentile}` };
  return {
    targetValue: milliseconds,
    customizedMetricSpecification: { metrics: [{ id: 'objective', metricStat }] },
  };
}

function toSchedules(
  sources: NonNullable<ScaledCopies['schedules']>,
  path: readonly PathSegment[],
  reading: Reading,
): readonly SchedulePlan[] {
  const seen = new Set<string>();
  return sources.map(({ name, schedule, timezone = null, min = null, max = null }, index) => {
    const at = [...path, index];
    if (seen.has(name))
      refuse(reading, [...at, 'name'], `there is a schedule \`${name}\` already`, 'rename one');
    seen.add(name);
    if (min === null && max === null) {
      refuse(reading, at, 'it changes nothing', 'add `min:`, `max:` or both');
    }
    if (min !== null && max !== null && max < min) {
      refuse(reading, [...at, 'max'], `${max} is less than \`min\`, ${min}`, `write \`max: ${min}\` or more`);
    }
    return { name, schedule, timezone, min, max };
  });
}
