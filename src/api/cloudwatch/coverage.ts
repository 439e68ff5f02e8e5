/**
 * CloudWatch's operations on metric alarms as Stowage serves them: what is done with each member of their inputs. A
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

const noActions = refused('alarms act on deployments here and call nobody');
const noBand = 'there is no anomaly detection, compare with a threshold';
const noExpressions = refused('an alarm watches one metric, name it with MetricName and Namespace');
const noFamilies = refused('there are no composite alarms');

const alarms = {
  PutMetricAlarmInput: {
    AlarmName: acted,
    AlarmDescription: acted,
    ActionsEnabled: acted,
    OKActions: noActions,
    AlarmActions: noActions,
    InsufficientDataActions: noActions,
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
    EvaluationInterval: refused('alarms are evaluated once in each period'),
    ActionConfiguration: noActions,
  },
  DescribeAlarmsInput: {
    AlarmNames: acted,
    AlarmNamePrefix: acted,
    AlarmTypes: acted,
    ChildrenOfAlarmName: noFamilies,
    ParentsOfAlarmName: noFamilies,
    StateValue: acted,
    ActionPrefix: noActions,
    MaxRecords: acted,
    NextToken: acted,
  },
  DeleteAlarmsInput: { AlarmNames: acted },
  SetAlarmStateInput: { AlarmName: acted, StateValue: acted, StateReason: acted, StateReasonData: acted },
  Dimension: { Name: acted, Value: acted },
} satisfies CoverageOf<Shapes>;

/** What is served of CloudWatch. */
export const monitoringService: ServiceDescription = { model, coverage: alarms, extensions: {} };
