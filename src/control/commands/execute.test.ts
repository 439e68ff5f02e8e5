import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Desk,
  elsewhere,
  home,
  simulatedSpecification as specification,
} from '../../../test/control/desk.js';
import { scalingService } from '../../api/application-autoscaling/coverage.js';
import scaling from '../../api/application-autoscaling/scaling-2016-02-06.json' with { type: 'json' };
import monitoring from '../../api/cloudwatch/monitoring-2010-08-01.json' with { type: 'json' };
import sagemaker from '../../api/sagemaker/control/control-2017-07-24.json' with { type: 'json' };
import { foldLedger } from '../../decide/replay/fold-ledger.js';
import { StowageError } from '../../domain/errors.js';
import { arnOf, type Scope, scopeKey } from '../../domain/scope.js';
import { type ControlOperation, controlOperations } from '../facade.js';
import type { InputOf } from './execute.js';

interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
}
interface Model {
  readonly operations: Readonly<Record<string, { readonly output?: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}
const models = [sagemaker, monitoring] as unknown as readonly Model[];
const scalingModel = scaling as unknown as Model;
/** Operations of Application Auto Scaling that are called otherwise here, because another service has the same names. */
const scalingNames: Readonly<Record<string, string>> = scalingService.aliases ?? {};

function expectAsModelled(model: Model, operation: string, answer: object): void {
  const output = model.operations[operation]?.output?.shape;
  if (output === undefined) expect(answer).toEqual({});
  else expect(faultsOf(model, output, answer, operation)).toEqual([]);
}

/** What an answer has that the model does not know, or lacks that the model requires. */
function faultsOf(model: Model, shapeName: string, value: unknown, place: string): string[] {
  const shape = model.shapes[shapeName];
  if (shape?.type === 'list') {
    if (!Array.isArray(value)) return [`${place} is no list`];
    return value.flatMap((one, index) =>
      faultsOf(model, shape.member?.shape ?? '', one, `${place}.${index}`),
    );
  }
  if (shape?.type !== 'structure') return value === undefined ? [`${place} is undefined`] : [];
  const members = Object.entries(shape.members ?? {}).map(
    ([name, { shape: of }]) => [name.charAt(0).toLowerCase() + name.slice(1), of] as const,
  );
  const known = new Map(members);
  const given = Object.entries(value as object);
  const required = (shape.required ?? []).map((name) => name.charAt(0).toLowerCase() + name.slice(1));
  return [
    ...required
      .filter((name) => !given.some(([one]) => one === name))
      .map((name) => `${place}.${name} is missing`),
    ...given.flatMap(([name, one]) => {
      const of = known.get(name);
      return of === undefined
        ? [`${place}.${name} is unknown`]
        : faultsOf(model, of, one, `${place}.${name}`);
    }),
  ];
}

const name = fc.constantFrom('a', 'b');
const instances = { instanceType: 'local.cpu', initialInstanceCount: 1 };

function calls<O extends ControlOperation>(operation: O, input: fc.Arbitrary<InputOf<O>>) {
  return input.map((one) => (desk: Desk, scope: Scope) => desk.run(operation, one, scope));
}

const call = fc.oneof(
  calls(
    'CreateModel',
    name.map((modelName) => ({ modelName, primaryContainer: specification.container })),
  ),
  calls(
    'DeleteModel',
    name.map((modelName) => ({ modelName })),
  ),
  calls(
    'CreateEndpointConfig',
    fc.record({
      endpointConfigName: name,
      productionVariants: fc.constantFrom(
        [{ variantName: 'main', ...instances }],
        [{ variantName: 'main', modelName: 'a', ...instances }],
      ),
    }),
  ),
  calls('CreateEndpoint', fc.record({ endpointName: name, endpointConfigName: name })),
  calls('UpdateEndpoint', fc.record({ endpointName: name, endpointConfigName: name })),
  calls(
    'UpdateEndpointWeightsAndCapacities',
    name.map((endpointName) => ({
      endpointName,
      desiredWeightsAndCapacities: [{ variantName: 'main', desiredInstanceCount: 2 }],
    })),
  ),
  calls(
    'DeleteEndpoint',
    name.map((endpointName) => ({ endpointName })),
  ),
  calls(
    'CreateInferenceComponent',
    fc.record({
      inferenceComponentName: name,
      endpointName: name,
      specification: fc.constant(specification),
      runtimeConfig: fc.constant({ copyCount: 1 }),
    }),
  ),
  calls(
    'UpdateInferenceComponent',
    name.map((inferenceComponentName) => ({ inferenceComponentName, specification })),
  ),
  calls(
    'UpdateInferenceComponentRuntimeConfig',
    name.map((inferenceComponentName) => ({
      inferenceComponentName,
      desiredRuntimeConfig: { copyCount: 2 },
    })),
  ),
  calls(
    'DeleteInferenceComponent',
    name.map((inferenceComponentName) => ({ inferenceComponentName })),
  ),
  calls(
    'AddTags',
    name.map((one) => ({ resourceArn: arnOf(home, 'endpoint', one), tags: [{ key: 'team', value: 'x' }] })),
  ),
  // The loop's part: what was asked for has come about.
  name.map((one) => (desk: Desk, scope: Scope) => desk.settle(one, scope)),
);

describe('the operations', () => {
  it('do in any order what they promise or nothing, within the scope of their caller', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(call, fc.boolean()), { maxLength: 40 }), (sequence) => {
        const desk = new Desk();
        for (const [run, isElsewhere] of sequence) {
          const before = desk.store.load();
          const scope = isElsewhere ? elsewhere : home;
          const other = scopeKey(isElsewhere ? home : elsewhere);
          try {
            run(desk, scope);
          } catch (thrown) {
            if (!(thrown instanceof StowageError)) throw thrown;
            expect(desk.store.load()).toEqual(before);
          }
          const ofOther = ({ key }: { readonly key: string }) => key.includes(other);
          expect(desk.store.load().filter(ofOther)).toEqual(before.filter(ofOther));
        }
        const entries = desk.store.ledger({ limit: 10_000 });
        for (const { event, reason } of entries) {
          expect(event).toMatch(/^[a-z]+(-[a-z]+)+$/);
          expect(reason).not.toBe('');
        }
        const records = desk.store
          .load()
          .map(({ key, revision, value }) => [key, { revision, value }] as const);
        expect(foldLedger([], entries)).toEqual(new Map(records));
      }),
      { numRuns: 60 },
    );
  });

  it('answer as the service models say', () => {
    const desk = new Desk().withModel('tiny').withEndpoint().withComponent('chat');
    const answers = new Map<ControlOperation, object>();
    const ask = <O extends ControlOperation>(operation: O, input: InputOf<O>) =>
      answers.set(operation, desk.run(operation, input));
    const main = { variantName: 'main', ...instances };
    const primaryContainer = specification.container;
    const pools = [{ instanceType: 'local.cpu', priority: 1 }];
    const resourceArn = arnOf(home, 'model', 'tiny');
    const alarm = {
      alarmName: 'errors',
      namespace: 'AWS/SageMaker',
      metricName: 'Invocations',
      statistic: 'Sum' as const,
      period: 60,
      evaluationPeriods: 1,
      threshold: 1,
      comparisonOperator: 'GreaterThanThreshold' as const,
    };
    const wait = { waitIntervalInSeconds: 0 };
    const batch = { type: 'CAPACITY_PERCENT' as const, value: 50 };
    ask('CreateModel', { modelName: 'small', primaryContainer });
    ask('DescribeModel', { modelName: 'tiny' });
    ask('ListModels', { maxResults: 1 });
    ask('CreateEndpointConfig', {
      endpointConfigName: 'green',
      productionVariants: [
        { variantName: 'main', modelName: 'tiny', initialInstanceCount: 1, instancePools: pools },
      ],
      shadowProductionVariants: [{ ...main, variantName: 'dark', modelName: 'tiny' }],
    });
    ask('DescribeEndpointConfig', { endpointConfigName: 'green' });
    ask('ListEndpointConfigs', { maxResults: 1 });
    ask('CreateEndpoint', { endpointName: 'solo', endpointConfigName: 'green' });
    desk.settle('solo');
    ask('UpdateEndpoint', {
      endpointName: 'solo',
      endpointConfigName: 'green',
      deploymentConfig: { rollingUpdatePolicy: { maximumBatchSize: batch, ...wait } },
    });
    ask('DescribeEndpoint', { endpointName: 'solo' });
    ask('ListEndpoints', { maxResults: 1 });
    ask('UpdateEndpointWeightsAndCapacities', {
      endpointName: 'shop',
      desiredWeightsAndCapacities: [{ variantName: 'main', desiredWeight: 2 }],
    });
    ask('CreateInferenceComponent', {
      inferenceComponentName: 'embed',
      endpointName: 'shop',
      specification,
      runtimeConfig: { copyCount: 1 },
    });
    desk.settle('chat');
    ask('UpdateInferenceComponent', {
      inferenceComponentName: 'chat',
      specification,
      deploymentConfig: { rollingUpdatePolicy: { maximumBatchSize: batch, ...wait } },
    });
    ask('DescribeInferenceComponent', { inferenceComponentName: 'chat' });
    ask('ListInferenceComponents', { maxResults: 1 });
    desk.settle('chat');
    ask('UpdateInferenceComponentRuntimeConfig', {
      inferenceComponentName: 'chat',
      desiredRuntimeConfig: { copyCount: 2 },
    });
    ask('AddTags', { resourceArn, tags: [{ key: 'team', value: 'x' }] });
    ask('ListTags', { resourceArn });
    ask('DeleteTags', { resourceArn, tagKeys: ['team'] });
    ask('PutMetricAlarm', alarm);
    ask('SetAlarmState', { alarmName: 'errors', stateValue: 'OK', stateReason: '', stateReasonData: '{}' });
    ask('DescribeAlarms', {});
    ask('DescribeAlarmsForMetric', { namespace: 'AWS/SageMaker', metricName: 'Invocations', period: 60 });
    ask('DisableAlarmActions', { alarmNames: ['errors'] });
    ask('EnableAlarmActions', { alarmNames: ['errors'] });
    ask('DescribeAlarmHistory', { alarmName: 'errors', maxRecords: 2 });
    const resourceARN = arnOf(home, 'alarm', 'errors');
    ask('TagResource', { resourceARN, tags: [{ key: 'team', value: 'x' }] });
    ask('ListTagsForResource', { resourceARN });
    ask('UntagResource', { resourceARN, tagKeys: ['team'] });
    const shelf = { namespace: 'Shop', metricName: 'Sold', dimensions: [{ name: 'Shelf', value: 'a' }] };
    ask('PutMetricData', { namespace: 'Shop', metricData: [{ ...shelf, value: 3, unit: 'Count' }] });
    ask('ListMetrics', { namespace: 'Shop', recentlyActive: 'PT3H' });
    const stretch = { startTime: desk.now - 600_000, endTime: desk.now + 600_000 };
    ask('GetMetricStatistics', { ...shelf, ...stretch, period: 60, statistics: ['Sum', 'SampleCount'] });
    ask('GetMetricData', {
      ...stretch,
      metricDataQueries: [{ id: 'a', metricStat: { metric: shelf, period: 60, stat: 'p50' } }],
    });
    ask('DeleteAlarms', { alarmNames: ['errors'] });
    ask('DeleteInferenceComponent', { inferenceComponentName: 'chat' });
    ask('DeleteEndpoint', { endpointName: 'solo' });
    ask('DeleteEndpointConfig', { endpointConfigName: 'green' });
    ask('DeleteModel', { modelName: 'tiny' });
    const scaled = Object.keys(scalingModel.operations).map((name) => scalingNames[name] ?? name);
    const others = controlOperations.filter((name) => !scaled.includes(name));
    expect([...answers.keys()].sort()).toEqual([...others].sort());
    for (const [operation, answer] of answers) {
      const model = models.find((one) => operation in one.operations)!;
      expectAsModelled(model, operation, answer);
    }
  });

  it('answer about scaling as the service model says', () => {
    const desk = new Desk().withEndpoint().withComponent('chat');
    const answers = new Map<string, object>();
    const ask = <O extends ControlOperation>(operation: O, input: InputOf<O>) =>
      answers.set(operation, desk.run(operation, input));
    const serviceNamespace = 'sagemaker';
    const target = {
      serviceNamespace,
      resourceId: 'inference-component/chat',
      scalableDimension: 'sagemaker:inference-component:DesiredCopyCount' as const,
    };
    const registered = desk.run('RegisterScalableTarget', { ...target, minCapacity: 0, maxCapacity: 4 });
    answers.set('RegisterScalableTarget', registered);
    const { scalableTargetARN: resourceARN } = registered;
    ask('DescribeScalableTargets', { serviceNamespace });
    ask('PutScalingPolicy', {
      ...target,
      policyName: 'pace',
      policyType: 'TargetTrackingScaling',
      targetTrackingScalingPolicyConfiguration: {
        targetValue: 2,
        predefinedMetricSpecification: {
          predefinedMetricType: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution',
        },
      },
    });
    ask('DescribeScalingPolicies', { serviceNamespace });
    ask('PutScheduledAction', {
      ...target,
      scheduledActionName: 'night',
      schedule: 'cron(0 22 * * ? *)',
      scalableTargetAction: { minCapacity: 0, maxCapacity: 1 },
    });
    ask('DescribeScheduledActions', { serviceNamespace });
    ask('DescribeScalingActivities', { serviceNamespace });
    ask('TagScalableTarget', { resourceARN, tags: { team: 'x' } });
    ask('ListTagsOfScalableTarget', { resourceARN });
    ask('UntagScalableTarget', { resourceARN, tagKeys: ['team'] });
    ask('DeleteScheduledAction', { ...target, scheduledActionName: 'night' });
    ask('DeleteScalingPolicy', { ...target, policyName: 'pace' });
    ask('DeregisterScalableTarget', target);
    const names = Object.keys(scalingModel.operations);
    expect([...answers.keys()].sort()).toEqual(names.map((name) => scalingNames[name] ?? name).sort());
    for (const name of names) expectAsModelled(scalingModel, name, answers.get(scalingNames[name] ?? name)!);
  });
});
