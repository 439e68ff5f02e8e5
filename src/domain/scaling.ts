/**
 * What scales, by which rules, and what came of it: Application Auto Scaling's nouns in its members (camel case).
 * Everything of one target is found by its `resourceId`.
 */
import type { Dimension } from './alarm.js';
import type { Tag } from './model.js';
import type { Scope } from './scope.js';

/** What number is scaled; each kind of resource has exactly one. */
export const ScalableDimension = {
  /** Of `inference-component/NAME`. */
  CopyCount: 'sagemaker:inference-component:DesiredCopyCount',
  /** Of `endpoint/NAME/variant/NAME`. */
  InstanceCount: 'sagemaker:variant:DesiredInstanceCount',
} as const;
export type ScalableDimension = (typeof ScalableDimension)[keyof typeof ScalableDimension];

export interface SuspendedState {
  readonly dynamicScalingInSuspended: boolean;
  readonly dynamicScalingOutSuspended: boolean;
  readonly scheduledScalingSuspended: boolean;
}

export const nothingSuspended: SuspendedState = {
  dynamicScalingInSuspended: false,
  dynamicScalingOutSuspended: false,
  scheduledScalingSuspended: false,
};

export interface ScalableTargetRecord {
  readonly kind: 'scalable-target';
  readonly scope: Scope;
  /** The `resourceId`: `inference-component/NAME` or `endpoint/NAME/variant/NAME`. */
  readonly name: string;
  /** The last part of its ARN. */
  readonly id: string;
  readonly dimension: ScalableDimension;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly suspended: SuspendedState;
  readonly roleArn: string;
  readonly createdAt: number;
  readonly tags: readonly Tag[];
  /** When scaling changed its capacity last, up and down, wall clock; null = never. What cooldowns count from. */
  readonly lastOutAt: number | null;
  readonly lastInAt: number | null;
  /** What it was before it was raised last; left out = it never was. */
  readonly lastOutFrom?: number;
}

/** A predefined metric of SageMaker's; high-resolution ones come every 10 s. */
export const PredefinedMetric = {
  VariantInvocations: 'SageMakerVariantInvocationsPerInstance',
  VariantConcurrency: 'SageMakerVariantConcurrentRequestsPerModelHighResolution',
  ComponentInvocations: 'SageMakerInferenceComponentInvocationsPerCopy',
  ComponentConcurrency: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution',
} as const;
export type PredefinedMetric = (typeof PredefinedMetric)[keyof typeof PredefinedMetric];

export interface MetricDataQuery {
  readonly id: string;
  readonly expression?: string;
  readonly label?: string;
  readonly metricStat?: {
    readonly metric: {
      readonly namespace?: string;
      readonly metricName?: string;
      readonly dimensions?: readonly Dimension[];
    };
    readonly stat: string;
    readonly unit?: string;
  };
  readonly returnData?: boolean;
}

export interface TargetTrackingConfiguration {
  readonly targetValue: number;
  readonly predefinedMetricSpecification?: {
    readonly predefinedMetricType: string;
    readonly resourceLabel?: string;
  };
  readonly customizedMetricSpecification?: {
    readonly metricName?: string;
    readonly namespace?: string;
    readonly dimensions?: readonly Dimension[];
    readonly statistic?: 'Average' | 'Minimum' | 'Maximum' | 'SampleCount' | 'Sum';
    readonly unit?: string;
    readonly metrics?: readonly MetricDataQuery[];
  };
  /** Seconds. */
  readonly scaleOutCooldown?: number;
  readonly scaleInCooldown?: number;
  readonly disableScaleIn?: boolean;
}

export interface StepAdjustment {
  /** Relative to the alarm's threshold; left out = without bound. */
  readonly metricIntervalLowerBound?: number;
  readonly metricIntervalUpperBound?: number;
  readonly scalingAdjustment: number;
}

export interface StepScalingConfiguration {
  readonly adjustmentType?: 'ChangeInCapacity' | 'PercentChangeInCapacity' | 'ExactCapacity';
  readonly stepAdjustments?: readonly StepAdjustment[];
  readonly minAdjustmentMagnitude?: number;
  /** Seconds. */
  readonly cooldown?: number;
  readonly metricAggregationType?: 'Average' | 'Minimum' | 'Maximum';
}

/** How a policy decides: one of the two. */
export type PolicyRule =
  | { readonly type: 'TargetTrackingScaling'; readonly configuration: TargetTrackingConfiguration }
  | { readonly type: 'StepScaling'; readonly configuration: StepScalingConfiguration };

/** Cooldowns that a policy does not name, seconds: the service's for SageMaker. */
export const cooldownSecondsDefault = 300;

export interface ScalingPolicyRecord {
  readonly kind: 'scaling-policy';
  readonly scope: Scope;
  /** `policyKey(resourceId, policyName)`. */
  readonly name: string;
  readonly resourceId: string;
  readonly policyName: string;
  readonly id: string;
  readonly createdAt: number;
  readonly rule: PolicyRule;
  /** Alarms that were made for it. */
  readonly alarms: readonly string[];
}

export interface ScheduledActionRecord {
  readonly kind: 'scheduled-action';
  readonly scope: Scope;
  /** `policyKey(resourceId, scheduledActionName)`. */
  readonly name: string;
  readonly resourceId: string;
  readonly actionName: string;
  readonly id: string;
  readonly createdAt: number;
  /** `at(…)`, `rate(…)` or `cron(…)`. */
  readonly schedule: string;
  /** An IANA name; UTC when left out. */
  readonly timezone: string | null;
  readonly startAt: number | null;
  readonly endAt: number | null;
  readonly minCapacity: number | null;
  readonly maxCapacity: number | null;
  /** When its times were said last, wall clock: none before it counts; left out = when it was made. */
  readonly definedAt?: number;
  /** When it ran last, wall clock; null = never. */
  readonly lastRunAt: number | null;
}

export const ActivityStatus = {
  Pending: 'Pending',
  InProgress: 'InProgress',
  Successful: 'Successful',
  /** Another activity of the same target took its place before it was through. */
  Overridden: 'Overridden',
  /** There was no room for all that was wanted. */
  Unfulfilled: 'Unfulfilled',
  Failed: 'Failed',
} as const;
export type ActivityStatus = (typeof ActivityStatus)[keyof typeof ActivityStatus];

/** Why something was not scaled; `code` is one of the service's. */
export interface NotScaledReason {
  readonly code:
    | 'AutoScalingAnticipatedFlapping'
    | 'TargetServicePutResourceAsUnscalable'
    | 'AlreadyAtMaxCapacity'
    | 'AlreadyAtMinCapacity'
    | 'AlreadyAtDesiredCapacity';
  readonly maxCapacity?: number;
  readonly minCapacity?: number;
  readonly currentCapacity?: number;
}

export interface ScalingActivityRecord {
  readonly kind: 'scaling-activity';
  readonly scope: Scope;
  /** The activity's id. */
  readonly name: string;
  readonly resourceId: string;
  readonly dimension: ScalableDimension;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly description: string;
  readonly cause: string;
  readonly status: ActivityStatus;
  readonly statusMessage: string;
  readonly details: string | null;
  readonly notScaled: readonly NotScaledReason[];
  /** The capacity it leads to; null = it is about not scaling. */
  readonly capacity: number | null;
}

export function policyKey(resourceId: string, name: string): string {
  return `${resourceId}#${name}`;
}

/** What a `resourceId` names; null = nothing that scales here. */
export function parseResourceId(
  resourceId: string,
):
  | { readonly kind: 'component'; readonly component: string }
  | { readonly kind: 'variant'; readonly endpoint: string; readonly variant: string }
  | null {
  const component = /^inference-component\/([^/]+)$/.exec(resourceId)?.[1];
  if (component !== undefined) return { kind: 'component', component };
  const match = /^endpoint\/([^/]+)\/variant\/([^/]+)$/.exec(resourceId);
  if (match === null) return null;
  return { kind: 'variant', endpoint: match[1]!, variant: match[2]! };
}

export function componentResource(name: string): string {
  return `inference-component/${name}`;
}

export function variantResource(endpoint: string, variant: string): string {
  return `endpoint/${endpoint}/variant/${variant}`;
}

/** What the ARN of a scaling policy names. */
export interface PolicyName {
  readonly scope: Scope;
  readonly resourceId: string;
  readonly policyName: string;
}

/** `arn:aws:autoscaling:REGION:ACCOUNT:scalingPolicy:ID:resource/sagemaker/RESOURCE:policyName/NAME`; null for all else. */
export function parsePolicyArn(arn: string): PolicyName | null {
  const match =
    /^arn:aws[a-z-]*:autoscaling:([a-z0-9-]*):(\d{12}):scalingPolicy:[\w-]+:resource\/sagemaker\/([^:]+):policyName\/(.+)$/.exec(
      arn,
    );
  if (match === null) return null;
  const [, region = '', account = '', resourceId = '', policyName = ''] = match;
  return { scope: { account, region }, resourceId, policyName };
}
