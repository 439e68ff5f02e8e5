/**
 * Application Auto Scaling's operations as Stowage serves them: what is done with each member of their inputs. A member
 * that the model has and this table has not does not compile.
 */
import {
  acted,
  actedExcept,
  type CoverageOf,
  refused,
  type ServiceDescription,
  stored,
} from '../service-model/coverage.js';
import model from './scaling-2016-02-06.json' with { type: 'json' };

type Shapes = typeof model.shapes;

const target = { ServiceNamespace: acted, ResourceId: acted, ScalableDimension: acted };
const page = { MaxResults: acted, NextToken: acted };
const predictive = 'there is no predictive scaling; the policy that holds an objective looks ahead by itself';

const scaling = {
  RegisterScalableTargetRequest: {
    ...target,
    MinCapacity: acted,
    MaxCapacity: acted,
    RoleARN: stored,
    SuspendedState: acted,
    Tags: stored,
  },
  SuspendedState: {
    DynamicScalingInSuspended: acted,
    DynamicScalingOutSuspended: acted,
    ScheduledScalingSuspended: acted,
  },
  DeregisterScalableTargetRequest: target,
  DescribeScalableTargetsRequest: {
    ServiceNamespace: acted,
    ResourceIds: acted,
    ScalableDimension: acted,
    ...page,
  },
  PutScalingPolicyRequest: {
    ...target,
    PolicyName: acted,
    PolicyType: actedExcept({ PredictiveScaling: predictive }),
    StepScalingPolicyConfiguration: acted,
    TargetTrackingScalingPolicyConfiguration: acted,
    PredictiveScalingPolicyConfiguration: refused(predictive),
  },
  StepScalingPolicyConfiguration: {
    AdjustmentType: acted,
    StepAdjustments: acted,
    MinAdjustmentMagnitude: acted,
    Cooldown: acted,
    MetricAggregationType: acted,
  },
  StepAdjustment: {
    MetricIntervalLowerBound: acted,
    MetricIntervalUpperBound: acted,
    ScalingAdjustment: acted,
  },
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: acted,
    PredefinedMetricSpecification: acted,
    CustomizedMetricSpecification: acted,
    ScaleOutCooldown: acted,
    ScaleInCooldown: acted,
    DisableScaleIn: acted,
  },
  PredefinedMetricSpecification: { PredefinedMetricType: acted, ResourceLabel: acted },
  CustomizedMetricSpecification: {
    MetricName: acted,
    Namespace: acted,
    Dimensions: acted,
    Statistic: acted,
    Unit: acted,
    Metrics: acted,
  },
  MetricDimension: { Name: acted, Value: acted },
  TargetTrackingMetricDataQuery: {
    Expression: acted,
    Id: acted,
    Label: stored,
    MetricStat: acted,
    ReturnData: acted,
  },
  TargetTrackingMetricStat: { Metric: acted, Stat: acted, Unit: acted },
  TargetTrackingMetric: { Dimensions: acted, MetricName: acted, Namespace: acted },
  TargetTrackingMetricDimension: { Name: acted, Value: acted },
  DeleteScalingPolicyRequest: { ...target, PolicyName: acted },
  DescribeScalingPoliciesRequest: { ...target, PolicyNames: acted, ...page },
  PutScheduledActionRequest: {
    ...target,
    Schedule: acted,
    Timezone: acted,
    ScheduledActionName: acted,
    StartTime: acted,
    EndTime: acted,
    ScalableTargetAction: acted,
  },
  ScalableTargetAction: { MinCapacity: acted, MaxCapacity: acted },
  DeleteScheduledActionRequest: { ...target, ScheduledActionName: acted },
  DescribeScheduledActionsRequest: { ...target, ScheduledActionNames: acted, ...page },
  DescribeScalingActivitiesRequest: { ...target, ...page, IncludeNotScaledActivities: acted },
  TagResourceRequest: { ResourceARN: acted, Tags: acted },
  UntagResourceRequest: { ResourceARN: acted, TagKeys: acted },
  ListTagsForResourceRequest: { ResourceARN: acted },
} satisfies CoverageOf<Shapes>;

/** What is served of Application Auto Scaling. */
export const scalingService: ServiceDescription = {
  model,
  coverage: scaling,
  extensions: {},
  aliases: {
    TagResource: 'TagScalableTarget',
    UntagResource: 'UntagScalableTarget',
    ListTagsForResource: 'ListTagsOfScalableTarget',
  },
};
