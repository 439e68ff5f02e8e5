import { describe, expect, it } from 'vitest';
import { createMemoryMetricStore } from '../../adapters/metrics/memory/metric-store.js';
import { constantValue, Namespace } from '../../domain/metric.js';
import { PredefinedMetric, type ScalingPolicyRecord } from '../../domain/scaling.js';
import { dimensionsOf } from '../../domain/tracked-metric.js';
import { policySituation, type PolicyView } from './policy-situations.js';

const scope = { account: '111122223333', region: 'us-east-1' };
const resourceId = 'endpoint/shop/variant/main';
const minuteMs = 60_000;
const now = 1_700_000_040_000 + 2_000;
const end = 1_700_000_040_000;

function policyOn(predefinedMetricType: string, alarms: readonly string[] = []): ScalingPolicyRecord {
  return {
    kind: 'scaling-policy',
    scope,
    name: `${resourceId}#follow`,
    resourceId,
    policyName: 'follow',
    id: 'one',
    createdAt: 0,
    rule: {
      type: 'TargetTrackingScaling',
      configuration: { targetValue: 100, predefinedMetricSpecification: { predefinedMetricType } },
    },
    alarms,
  };
}

function viewWith(members: Partial<PolicyView>): PolicyView {
  return {
    metrics: createMemoryMetricStore(),
    now,
    watchedSince: 0,
    ready: 2,
    readySince: [],
    alarmsOf: () => [],
    isSilenced: () => false,
    sloOf: () => null,
    ...members,
  };
}

function trackingOf(policy: ScalingPolicyRecord, view: PolicyView) {
  const situation = policySituation(policy, view);
  if (situation?.kind !== 'target-tracking') throw new Error('it tracks nothing');
  return situation;
}

describe('what a policy sees of a variant that holds components', () => {
  it('is counted on the instances that were ready then', () => {
    const metrics = createMemoryMetricStore();
    const metric = {
      scope,
      namespace: Namespace.SageMaker,
      metricName: 'InvocationsPerInstance',
      dimensions: dimensionsOf(resourceId),
    };
    const at = end - 30_000;
    metrics.put([{ metric, at, unit: 'Count', values: constantValue(1, 150) }]);
    const readySince = [end - 600 * minuteMs, end - 1.75 * minuteMs, end - minuteMs / 4];
    const view = viewWith({ metrics, ready: 3, readySince });
    const { points, capacities } = trackingOf(policyOn(PredefinedMetric.VariantInvocations), view);
    expect(points.at(-1)).toBe(150);
    expect(capacities?.slice(-3)).toEqual([1, 1.75, 2.25]);
    expect(capacities).toHaveLength(points.length);
  });

  it('is nothing where nobody writes the metric', () => {
    const open = policyOn(PredefinedMetric.VariantConcurrency);
    expect(trackingOf(open, viewWith({})).isMissingNothing).toBe(false);
  });
});

it('what is missing is nothing where the metric is written, and unknown where none of it is', () => {
  const metrics = createMemoryMetricStore();
  const view = viewWith({ metrics, readySince: null });
  const isMissingNothing = (type: string) => trackingOf(policyOn(type), view).isMissingNothing;
  const put = (namespace: string, metricName: string) => {
    const metric = { scope, namespace, metricName, dimensions: dimensionsOf(resourceId) };
    metrics.put([{ metric, at: end - minuteMs, unit: 'Count', values: constantValue(2) }]);
  };
  expect(isMissingNothing(PredefinedMetric.VariantConcurrency)).toBe(false);
  expect(isMissingNothing(PredefinedMetric.VariantInvocations)).toBe(false);
  put(Namespace.Stowage, 'CopiesReady');
  expect(isMissingNothing(PredefinedMetric.VariantConcurrency)).toBe(false);
  // Calls are written when there are some; that copies are counted says that there were none.
  expect(isMissingNothing(PredefinedMetric.VariantInvocations)).toBe(true);
  put(Namespace.SageMaker, 'ConcurrentRequestsPerModel');
  expect(isMissingNothing(PredefinedMetric.VariantConcurrency)).toBe(true);
});

it('alarms of a policy that were silenced keep it from what they ring for', () => {
  const names = ['TargetTracking-x-AlarmHigh-1', 'TargetTracking-x-AlarmLow-2'];
  const policy = policyOn(PredefinedMetric.VariantInvocations, names);
  const silent = (side: string) =>
    trackingOf(policy, viewWith({ isSilenced: (_, name) => name.includes(side) }));
  expect(silent('High')).toMatchObject({ isScaleOutDisabled: true, isScaleInDisabled: false });
  expect(silent('Low')).toMatchObject({ isScaleOutDisabled: false, isScaleInDisabled: true });
  expect(silent('nothing')).toMatchObject({ isScaleOutDisabled: false, isScaleInDisabled: false });
});
