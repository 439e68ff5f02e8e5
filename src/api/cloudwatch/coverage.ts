/**
 * CloudWatch's operations on metrics and metric alarms as Stowage serves them: what is done with each member of their inputs. A
 * member that the model has and this table has not does not compile.
 */
import {
  acted,
  actedExcept,
  type CoverageOf,
  refused,
  type ServiceDescription,
  stored,
} from '../service-model/coverage.js';
import model from './monitoring-2010-08-01.json' with { type: 'json' };

type Shapes = typeof model.shapes;

const noPropagation = refused('what alarms call here has no tags of theirs');
const noEntities = refused('metrics belong to no entities here');
const noOthers = 'there is only the caller’s own account';
const noContributors = refused('an alarm watches one metric');
const noBand = 'there is no anomaly detection, compare with a threshold';
const noExpressions = refused('an alarm watches one metric, name it with MetricName and Namespace');
const noFamilies = refused('there are no composite alarms');

const alarms = {
  PutMetricAlarmInput: {
    AlarmName: acted,
    AlarmDescription: acted,
    ActionsEnabled: acted,
    OKActions: acted,
    AlarmActions: acted,
    InsufficientDataActions: acted,
    MetricName: acted,
    Namespace: acted,
    Statistic: acted,
    ExtendedStatistic: acted,
    Dimensions: acted,
    Period: acted,
    Unit: acted,
    EvaluationPeriods: acted,
    DatapointsToAlarm: acted,
    Threshold: acted,
    ComparisonOperator: actedExcept({
      LessThanLowerOrGreaterThanUpperThreshold: noBand,
      LessThanLowerThreshold: noBand,
      GreaterThanUpperThreshold: noBand,
    }),
    TreatMissingData: acted,
    EvaluateLowSampleCountPercentile: refused(
      'percentiles of few samples are evaluated as any other',
      'evaluate',
    ),
    Metrics: noExpressions,
    Tags: stored,
    ThresholdMetricId: noExpressions,
    EvaluationWindow: refused('the window slides'),
    WarmUpConfiguration: refused('alarms are evaluated from the start'),
    EvaluationCriteria: noExpressions,
    EvaluationInterval: refused('alarms are evaluated every minute, or each period when that is shorter'),
    ActionConfiguration: noPropagation,
  },
  DescribeAlarmsInput: {
    AlarmNames: acted,
    AlarmNamePrefix: acted,
    AlarmTypes: acted,
    ChildrenOfAlarmName: noFamilies,
    ParentsOfAlarmName: noFamilies,
    StateValue: acted,
    ActionPrefix: acted,
    MaxRecords: acted,
    NextToken: acted,
  },
  DeleteAlarmsInput: { AlarmNames: acted },
  SetAlarmStateInput: { AlarmName: acted, StateValue: acted, StateReason: acted, StateReasonData: acted },
  DescribeAlarmsForMetricInput: {
    MetricName: acted,
    Namespace: acted,
    Statistic: acted,
    ExtendedStatistic: acted,
    Dimensions: acted,
    Period: acted,
    Unit: acted,
  },
  DescribeAlarmHistoryInput: {
    AlarmName: acted,
    AlarmContributorId: noContributors,
    AlarmTypes: acted,
    HistoryItemType: acted,
    StartDate: acted,
    EndDate: acted,
    MaxRecords: acted,
    NextToken: acted,
    ScanBy: acted,
  },
  EnableAlarmActionsInput: { AlarmNames: acted },
  DisableAlarmActionsInput: { AlarmNames: acted },
  TagResourceInput: { ResourceARN: acted, Tags: stored },
  UntagResourceInput: { ResourceARN: acted, TagKeys: acted },
  ListTagsForResourceInput: { ResourceARN: acted },
  Dimension: { Name: acted, Value: acted },
} satisfies CoverageOf<Shapes>;

const metrics = {
  GetMetricDataInput: {
    MetricDataQueries: acted,
    StartTime: acted,
    EndTime: acted,
    NextToken: acted,
    ScanBy: acted,
    MaxDatapoints: acted,
    LabelOptions: refused('labels have no times in them'),
  },
  MetricDataQuery: {
    Id: acted,
    MetricStat: acted,
    Expression: acted,
    Label: acted,
    ReturnData: acted,
    Period: acted,
    AccountId: refused(noOthers),
  },
  MetricStat: { Metric: acted, Period: acted, Stat: acted, Unit: acted },
  Metric: { Namespace: acted, MetricName: acted, Dimensions: acted },
  GetMetricStatisticsInput: {
    Namespace: acted,
    MetricName: acted,
    Dimensions: acted,
    StartTime: acted,
    EndTime: acted,
    Period: acted,
    Statistics: acted,
    ExtendedStatistics: acted,
    Unit: acted,
  },
  ListMetricsInput: {
    Namespace: acted,
    MetricName: acted,
    Dimensions: acted,
    NextToken: acted,
    RecentlyActive: acted,
    IncludeLinkedAccounts: refused(noOthers, false),
    OwningAccount: refused(noOthers),
  },
  DimensionFilter: { Name: acted, Value: acted },
  PutMetricDataInput: {
    Namespace: acted,
    MetricData: acted,
    EntityMetricData: noEntities,
    StrictEntityValidation: refused('metrics belong to no entities here', false),
  },
  MetricDatum: {
    MetricName: acted,
    Dimensions: acted,
    Timestamp: acted,
    Value: acted,
    StatisticValues: acted,
    Values: acted,
    Counts: acted,
    Unit: acted,
    StorageResolution: acted,
  },
  StatisticSet: { SampleCount: acted, Sum: acted, Minimum: acted, Maximum: acted },
} satisfies CoverageOf<Shapes>;

/** What is served of CloudWatch. */
export const monitoringService: ServiceDescription = {
  model,
  coverage: { ...alarms, ...metrics },
  extensions: {},
};
