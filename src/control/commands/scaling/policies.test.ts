import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Desk, home } from '../../../../test/control/desk.js';
import { objectiveOf } from '../../../domain/tracked-metric.js';
import type { InputOf } from '../execute.js';

const resourceId = 'inference-component/chat';
const target = {
  serviceNamespace: 'sagemaker',
  resourceId,
  scalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
};
const concurrency = 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution';

type Put = InputOf<'PutScalingPolicy'>;

function registered(): Desk {
  const desk = new Desk().withEndpoint().withComponent('chat');
  desk.run('RegisterScalableTarget', { ...target, minCapacity: 0, maxCapacity: 4 });
  return desk;
}

it('alarms of policies do not count as the account’s own, whatever those are called', () => {
  const desk = registered();
  const alarm = {
    namespace: 'Mine',
    metricName: 'Queue',
    statistic: 'Sum' as const,
    period: 60,
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: 'GreaterThanThreshold' as const,
  };
  desk.run('PutMetricAlarm', { alarmName: 'first', ...alarm });
  const { value: first } = desk.state.alarm(home, 'first')!;
  desk.run('PutScalingPolicy', tracking(predefined(concurrency)));
  // With the policy's two there are 5,000; two less are the account's own.
  for (let index = 0; index < 4_997; index++) {
    desk.state.put({ ...first, name: `TargetTracking-${index}` }, 'test-wrote', 'the test says so');
  }
  desk.state.flush(desk.now);
  for (const alarmName of ['second', 'third']) desk.run('PutMetricAlarm', { alarmName, ...alarm });
  expect(desk.state.alarms(home)).toHaveLength(5_002);
  expect(desk.refusal('PutMetricAlarm', { alarmName: 'fourth', ...alarm }).code).toBe('LIMIT-710');
  const another = { ...tracking(predefined(concurrency)), policyName: 'another' };
  expect(desk.run('PutScalingPolicy', another).alarms).toHaveLength(2);
});

function tracking(configuration: object): Put {
  return {
    ...target,
    policyName: 'follow',
    policyType: 'TargetTrackingScaling',
    targetTrackingScalingPolicyConfiguration: { targetValue: 5, ...configuration },
  };
}

function steps(stepAdjustments: object[], more: object = {}): Put {
  const configuration = { adjustmentType: 'ChangeInCapacity', stepAdjustments, ...more };
  return { ...target, policyName: 'steps', stepScalingPolicyConfiguration: configuration as never };
}

const predefined = (predefinedMetricType: string) => ({
  predefinedMetricSpecification: { predefinedMetricType },
});
const customized = (specification: object) => ({ customizedMetricSpecification: specification });
const own = { metricName: 'Queue', namespace: 'Mine', statistic: 'Average' };

/** Waiting requests for each copy. */
const math = [
  {
    id: 'waiting',
    returnData: false,
    metricStat: { metric: { namespace: 'Mine', metricName: 'Waiting' }, stat: 'Sum' },
  },
  {
    id: 'copies',
    returnData: false,
    metricStat: { metric: { namespace: 'Mine', metricName: 'Copies' }, stat: 'Average' },
  },
  { id: 'each', expression: 'waiting / copies' },
];

/** An objective for a component's time to first token. */
function objective(stat: string, component = 'chat') {
  const dimensions = [{ name: 'InferenceComponentName', value: component }];
  const metric = { namespace: 'Stowage', metricName: 'TimeToFirstToken', dimensions };
  return customized({ metrics: [{ id: 'ttft', metricStat: { metric, stat } }] });
}

describe('a target tracking policy', () => {
  it.each([
    [
      'a metric of every ten seconds',
      predefined(concurrency),
      [
        ['AlarmHigh', 'ConcurrentRequestsPerCopy', 10, 3, 'GreaterThanThreshold', 5],
        ['AlarmLow', 'ConcurrentRequestsPerCopy', 10, 90, 'LessThanThreshold', 4.5],
      ],
    ],
    [
      'a metric of every minute, without scaling in',
      { ...predefined('SageMakerInferenceComponentInvocationsPerCopy'), disableScaleIn: true },
      [['AlarmHigh', 'InvocationsPerCopy', 60, 3, 'GreaterThanThreshold', 5]],
    ],
    [
      'a metric of the caller’s',
      customized(own),
      [
        ['AlarmHigh', 'Queue', 60, 3, 'GreaterThanThreshold', 5],
        ['AlarmLow', 'Queue', 60, 15, 'LessThanThreshold', 4.5],
      ],
    ],
    ['an objective', objective('p95'), []],
    ['metric math', customized({ metrics: math }), []],
  ])('on %s has its alarms', (_, configuration, alarms) => {
    const desk = registered();
    const { alarms: named, policyARN } = desk.run('PutScalingPolicy', tracking(configuration));
    const records = named.map(({ alarmName }) => desk.state.alarm(home, alarmName)!.value);
    expect(
      records.map(({ name, definition }) => [
        /-(Alarm\w+)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-/.exec(name)?.[1],
        definition.metricName,
        definition.period,
        definition.evaluationPeriods,
        definition.comparisonOperator,
        definition.threshold,
      ]),
    ).toEqual(alarms);
    for (const { definition } of records) expect(definition.alarmActions).toEqual([policyARN]);
  });

  it('keeps its ARN and its alarms when it is put again, with the new threshold', () => {
    const desk = registered();
    const before = desk.run('PutScalingPolicy', tracking(predefined(concurrency)));
    const after = desk.run('PutScalingPolicy', tracking({ ...predefined(concurrency), targetValue: 8 }));
    expect(after).toEqual(before);
    expect(desk.state.alarms(home).map(({ value }) => value.definition.threshold)).toEqual([8, 7.2]);
    desk.run('PutScalingPolicy', tracking(objective('p90')));
    expect(desk.state.alarms(home)).toEqual([]);
  });

  it('made anew under its old name is another one', () => {
    const desk = registered();
    const { policyARN } = desk.run('PutScalingPolicy', tracking(predefined(concurrency)));
    desk.run('DeleteScalingPolicy', { ...target, policyName: 'follow' });
    expect(desk.run('PutScalingPolicy', tracking(predefined(concurrency))).policyARN).not.toBe(policyARN);
  });

  it.each([
    ['no metric', {}],
    ['two metrics', { ...predefined(concurrency), ...customized(own) }],
    ['a target of nothing', { ...predefined(concurrency), targetValue: 0 }],
    ['a metric of another dimension', predefined('SageMakerVariantInvocationsPerInstance')],
    ['a metric of another service', predefined('ECSServiceAverageCPUUtilization')],
    ['a cooldown of more than a day', { ...predefined(concurrency), scaleInCooldown: 86_401 }],
    ['half a metric', customized({ metricName: 'Queue' })],
    ['a metric said twice over', customized({ ...own, metrics: [] })],
    ['no query', customized({ metrics: [] })],
    ['a query of nothing', customized({ metrics: [{ id: 'm' }] })],
    ['an Id that is no name', customized({ metrics: [{ id: '1', expression: 'm' }] })],
    [
      'two results',
      customized({
        metrics: [
          { id: 'a', expression: 'b' },
          { id: 'b', expression: 'a' },
        ],
      }),
    ],
    ['a result that needs itself', customized({ metrics: [{ id: 'a', expression: 'a + 1' }] })],
    ['a query that is not there', customized({ metrics: [{ id: 'a', expression: 'b / 2' }] })],
    ['an expression that is none', customized({ metrics: [{ id: 'a', expression: '2 +' }] })],
    ['a number instead of a metric', customized({ metrics: [{ id: 'a', expression: '2' }] })],
    ['an objective for the mean', objective('Average')],
    ['an objective for too few', objective('p49')],
    ['an objective for all', objective('p100')],
    ['an objective of another component', objective('p95', 'other')],
  ])('with %s is refused', (_, configuration) => {
    const { code } = registered().refusal('PutScalingPolicy', tracking(configuration));
    expect(['REQ-210', 'REQ-212']).toContain(code);
  });

  it('tracks open requests of a variant only where they are measured', () => {
    const made = registered().withModel('own');
    made.run('CreateEndpointConfig', {
      endpointConfigName: 'solo',
      productionVariants: [
        { variantName: 'main', modelName: 'own', instanceType: 'local.cpu', initialInstanceCount: 1 },
      ],
    });
    made.run('CreateEndpoint', { endpointName: 'solo', endpointConfigName: 'solo' });
    const put = (endpoint: string, type: string): Put => {
      const variant = {
        ...target,
        resourceId: `endpoint/${endpoint}/variant/main`,
        scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      };
      made.run('RegisterScalableTarget', { ...variant, minCapacity: 1, maxCapacity: 2 });
      return { ...tracking(predefined(type)), ...variant };
    };
    const open = 'SageMakerVariantConcurrentRequestsPerModelHighResolution';
    made.run('PutScalingPolicy', put('solo', open));
    expect(made.refusal('PutScalingPolicy', put('shop', open)).code).toBe('REQ-210');
    made.run('PutScalingPolicy', put('shop', 'SageMakerVariantInvocationsPerInstance'));
  });

  it('with an objective holds it for the share that it names', () => {
    const shareOf = (stat: string) => objectiveOf({ targetValue: 900, ...objective(stat) });
    expect(shareOf('p90')).toEqual({ firstTokenMs: 900, share: 0.9 });
    expect(objectiveOf({ targetValue: 5, ...predefined(concurrency) })).toBeNull();
  });

  it('needs a target, stays of its type, and there are only so many', () => {
    const desk = new Desk().withEndpoint().withComponent('chat');
    expect(desk.refusal('PutScalingPolicy', tracking(predefined(concurrency))).code).toBe('NAME-410');
    const made = registered();
    made.run('PutScalingPolicy', tracking(predefined(concurrency)));
    const asSteps = {
      ...steps([{ scalingAdjustment: 1, metricIntervalLowerBound: 0 }]),
      policyName: 'follow',
    };
    expect(made.refusal('PutScalingPolicy', { ...asSteps, policyType: 'StepScaling' }).code).toBe('REQ-210');
    for (let number = 1; number < 50; number++) {
      made.run('PutScalingPolicy', { ...tracking(objective('p95')), policyName: `p${number}` });
    }
    const more = { ...tracking(objective('p95')), policyName: 'one-more' };
    expect(made.refusal('PutScalingPolicy', more).code).toBe('LIMIT-710');
  });
});

describe('a step policy', () => {
  it.each([
    ['one step', [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }]],
    [
      'steps on both sides of the threshold, in any order',
      [
        { metricIntervalLowerBound: 10, scalingAdjustment: 2 },
        { metricIntervalUpperBound: 0, scalingAdjustment: -1 },
        { metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 1 },
      ],
    ],
  ])('with %s is kept as it was given', (_, adjustments) => {
    const desk = registered();
    desk.run('PutScalingPolicy', steps(adjustments));
    const [policy] = desk.run('DescribeScalingPolicies', target).scalingPolicies;
    expect(policy?.stepScalingPolicyConfiguration?.stepAdjustments).toEqual(adjustments);
    expect(policy?.alarms).toEqual([]);
  });

  it.each([
    ['no steps', steps([])],
    ['no bounds', steps([{ scalingAdjustment: 1 }])],
    [
      'a gap',
      steps([
        { metricIntervalLowerBound: 0, metricIntervalUpperBound: 5, scalingAdjustment: 1 },
        { metricIntervalLowerBound: 6, scalingAdjustment: 2 },
      ]),
    ],
    [
      'an overlap',
      steps([
        { metricIntervalLowerBound: 0, metricIntervalUpperBound: 5, scalingAdjustment: 1 },
        { metricIntervalLowerBound: 4, scalingAdjustment: 2 },
      ]),
    ],
    [
      'an end above the threshold',
      steps([{ metricIntervalLowerBound: 0, metricIntervalUpperBound: 5, scalingAdjustment: 1 }]),
    ],
    [
      'an end below it',
      steps([{ metricIntervalLowerBound: -5, metricIntervalUpperBound: 0, scalingAdjustment: -1 }]),
    ],
    [
      'bounds the wrong way round',
      steps([{ metricIntervalLowerBound: 5, metricIntervalUpperBound: 5, scalingAdjustment: 1 }]),
    ],
    [
      'a smallest step that is no percentage',
      steps([{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }], { minAdjustmentMagnitude: 2 }),
    ],
    [
      'an exact capacity below zero',
      steps([{ metricIntervalLowerBound: 0, scalingAdjustment: -1 }], { adjustmentType: 'ExactCapacity' }),
    ],
  ])('with %s is refused', (_, input) => {
    expect(registered().refusal('PutScalingPolicy', input).code).toBe('REQ-210');
  });

  it('answers every distance above the threshold with one step exactly', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 18 });
    fc.assert(
      fc.property(cuts, fc.integer({ min: 0, max: 2000 }), (given, distance) => {
        const bounds = [0, ...given.sort((a, b) => a - b)];
        const adjustments = bounds.map((lower, index) => ({
          metricIntervalLowerBound: lower,
          ...(bounds[index + 1] === undefined ? {} : { metricIntervalUpperBound: bounds[index + 1] }),
          scalingAdjustment: index + 1,
        }));
        registered().run('PutScalingPolicy', steps(adjustments));
        const matching = adjustments.filter(
          ({ metricIntervalLowerBound: lower, metricIntervalUpperBound: upper = Infinity }) =>
            distance >= lower && distance < upper,
        );
        expect(matching).toHaveLength(1);
        const without = adjustments.filter((_, index) => index !== given.length - 1);
        if (given.length < 2) return;
        expect(registered().refusal('PutScalingPolicy', steps(without)).code).toBe('REQ-210');
      }),
      { numRuns: 50 },
    );
  });
});
