import { describe, expect, it } from 'vitest';
import { Desk, elsewhere, home } from '../../../test/control/desk.js';
import type { InputOf } from './execute.js';

const definition = {
  namespace: 'AWS/SageMaker',
  metricName: 'Invocation5XXErrors',
  dimensions: [{ name: 'EndpointName', value: 'shop' }],
  statistic: 'Sum' as const,
  period: 60,
  evaluationPeriods: 2,
  threshold: 1,
  comparisonOperator: 'GreaterThanOrEqualToThreshold' as const,
};

function withAlarms(...names: readonly string[]): Desk {
  const desk = new Desk();
  for (const alarmName of names) desk.run('PutMetricAlarm', { alarmName, ...definition });
  return desk;
}

function namesOf(desk: Desk, input: InputOf<'DescribeAlarms'>): readonly string[] {
  return desk.run('DescribeAlarms', input).metricAlarms.map((alarm) => alarm.alarmName);
}

describe('an alarm', () => {
  it('has no data at first', () => {
    const desk = withAlarms('errors');
    const at = desk.now;
    expect(desk.run('DescribeAlarms', {})).toEqual({
      compositeAlarms: [],
      metricAlarms: [
        {
          ...definition,
          alarmName: 'errors',
          alarmArn: 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:errors',
          actionsEnabled: true,
          alarmConfigurationUpdatedTimestamp: at,
          stateValue: 'INSUFFICIENT_DATA',
          stateReason: 'Unchecked: Initial alarm creation',
          stateUpdatedTimestamp: at,
          stateTransitionedTimestamp: at,
        },
      ],
    });
    expect(desk.run('DescribeAlarms', {}, elsewhere).metricAlarms).toEqual([]);
  });

  it('keeps its state when it is put again', () => {
    const desk = withAlarms('errors');
    const forced = { alarmName: 'errors', stateValue: 'ALARM' as const, stateReason: 'a drill' };
    desk.run('SetAlarmState', { ...forced, stateReasonData: '{"by":"me"}' });
    const changedAt = desk.now;
    desk.run('PutMetricAlarm', { alarmName: 'errors', ...definition, threshold: 7 });
    expect(desk.run('DescribeAlarms', {}).metricAlarms[0]).toMatchObject({
      threshold: 7,
      stateValue: 'ALARM',
      stateReason: 'a drill',
      stateReasonData: '{"by":"me"}',
      stateUpdatedTimestamp: changedAt,
      alarmConfigurationUpdatedTimestamp: changedAt + 1000,
    });
    const junk = desk.refusal('SetAlarmState', { ...forced, stateReasonData: '{' });
    expect(junk.message).toBe('StateReasonData is not JSON.');
  });

  it('is found by name, by the beginning of its name and by state, a page at a time', () => {
    const desk = withAlarms('b2', 'a1', 'b1', 'b3');
    desk.run('SetAlarmState', { alarmName: 'b3', stateValue: 'OK', stateReason: '' });
    expect(namesOf(desk, {})).toEqual(['a1', 'b1', 'b2', 'b3']);
    expect(namesOf(desk, { alarmNames: ['b1', 'x', 'a1'] })).toEqual(['a1', 'b1']);
    expect(namesOf(desk, { alarmNamePrefix: 'b', stateValue: 'OK' })).toEqual(['b3']);
    expect(namesOf(desk, { alarmTypes: ['CompositeAlarm'] })).toEqual([]);
    expect(namesOf(desk, { alarmTypes: ['MetricAlarm', 'CompositeAlarm'] })).toHaveLength(4);
    const { nextToken } = desk.run('DescribeAlarms', { alarmNamePrefix: 'b', maxRecords: 2 });
    desk.run('DeleteAlarms', { alarmNames: ['b2'] });
    expect(namesOf(desk, { alarmNamePrefix: 'b', maxRecords: 2, nextToken: nextToken! })).toEqual(['b3']);
    expect(desk.refusal('DescribeAlarms', { nextToken: nextToken! }).code).toBe('LIMIT-711');
    expect(desk.refusal('DescribeAlarms', { alarmNames: ['b1'], alarmNamePrefix: 'b' }).code).toBe('REQ-210');
  });

  it('is deleted with all that are named, or none is', () => {
    const desk = withAlarms('a', 'b');
    const error = desk.refusal('DeleteAlarms', { alarmNames: ['a', 'x'] });
    expect(error.message).toBe('Could not find alarm "arn:aws:cloudwatch:us-east-1:111122223333:alarm:x".');
    expect(namesOf(desk, {})).toEqual(['a', 'b']);
    desk.run('DeleteAlarms', { alarmNames: ['a', 'b', 'a'] });
    expect(namesOf(desk, {})).toEqual([]);
    const gone = { alarmName: 'a', stateValue: 'OK' as const, stateReason: '' };
    expect(desk.refusal('SetAlarmState', gone).code).toBe('NAME-410');
  });

  const { statistic, threshold, ...bare } = definition;
  it.each<[string, Partial<InputOf<'PutMetricAlarm'>>, string]>([
    ['no threshold', { ...bare, statistic }, 'The parameter Threshold is required'],
    ['no statistic', { ...bare, threshold }, 'Exactly one of Statistic and ExtendedStatistic'],
    ['two statistics', { ...definition, extendedStatistic: 'p99' }, 'Exactly one of'],
    ['another statistic', { ...bare, threshold, extendedStatistic: 'tm90' }, 'must be a percentile'],
    ['an odd period', { ...definition, period: 45 }, '10, 20, 30 or a multiple of 60'],
    ['too long a span', { ...definition, period: 60, evaluationPeriods: 1441 }, 'at most 86400 s'],
    ['too many datapoints', { ...definition, datapointsToAlarm: 3 }, 'more than EvaluationPeriods'],
    [
      'an unknown treatment',
      { ...definition, treatMissingData: 'guess' as 'ignore' },
      "The value 'guess' for TreatMissingData",
    ],
  ])('with %s is refused', (_, members, problem) => {
    const desk = new Desk();
    const error = desk.refusal('PutMetricAlarm', {
      alarmName: 'errors',
      ...members,
    } as InputOf<'PutMetricAlarm'>);
    expect(error.code).toBe('REQ-210');
    expect(error.message).toContain(problem);
    expect(desk.state.alarms(home)).toEqual([]);
  });

  it.each(['oKActions', 'insufficientDataActions'] as const)('calls no policy in %s', (member) => {
    const desk = new Desk();
    const policy = `arn:aws:autoscaling:us-east-1:${home.account}:scalingPolicy:1-2:resource/sagemaker/inference-component/c:policyName/out`;
    const put = { alarmName: 'errors', ...definition };
    expect(desk.refusal('PutMetricAlarm', { ...put, [member]: [policy] }).code).toBe('REQ-212');
    desk.run('PutMetricAlarm', { ...put, alarmActions: [policy], [member]: [] });
  });
});
