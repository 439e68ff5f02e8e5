/**
 * Scaling through the official clients, with real workers: from zero for a request that waits, out with the load by
 * target tracking, back to zero, and all of it visible in activities and metrics.
 *
 * Target tracking scales in after a quarter of an hour, as Application Auto Scaling's does, which is too long for a
 * test: the way down is a step policy called by an alarm on the same metric.
 */
import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, GetMetricDataCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  type SageMakerClient,
  UpdateInferenceComponentRuntimeConfigCommand,
} from '@aws-sdk/client-sagemaker';
import { expect, it } from 'vitest';
import { modelFile, promptTemplates } from './apex-prompts.js';
import {
  addToLibrary,
  clientOptions,
  createComponent,
  createEndpoint,
  createModel,
  invokerOf,
  keepCalling,
  sagemakerOf,
  untilInService,
} from './control-client.js';
import { startStowage, type StowageProcess, until } from './stowage-process.js';

const environment = { OPTION_PROMPT_TEMPLATE: promptTemplates.block, OPTION_MAX_ROLLING_BATCH_SIZE: '8' };
const resource = {
  ServiceNamespace: 'sagemaker' as const,
  ResourceId: 'inference-component/writer',
  ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount' as const,
};
const metric = {
  Namespace: 'AWS/SageMaker',
  MetricName: 'ConcurrentRequestsPerCopy',
  Dimensions: [{ Name: 'InferenceComponentName', Value: 'writer' }],
};

/** A server with one component, of which no copy is left. */
async function startAtZero(): Promise<{ readonly server: StowageProcess; readonly client: SageMakerClient }> {
  const server = await startStowage({ yaml: null });
  await addToLibrary(server, modelFile('apex-blockgen-Q8_0.gguf'), 'target');
  const client = sagemakerOf(server);
  await createModel(client, 'first', 'target', environment);
  await createEndpoint(client, 'life');
  await createComponent(client, 'life', 'writer', 'first');
  await untilInService(client, 'writer', 1);
  const toZero = { InferenceComponentName: 'writer', DesiredRuntimeConfig: { CopyCount: 0 } };
  await client.send(new UpdateInferenceComponentRuntimeConfigCommand(toZero));
  await untilInService(client, 'writer', 0);
  return { server, client };
}

async function activitiesOf(scaling: ApplicationAutoScalingClient): Promise<readonly string[]> {
  const { ScalingActivities = [] } = await scaling.send(new DescribeScalingActivitiesCommand(resource));
  return ScalingActivities.map(({ StatusCode, Description }) => `${StatusCode}: ${Description}`);
}

it('a request for a component at zero is held, brings a copy, and is answered', async () => {
  const { server } = await startAtZero();
  const scaling = new ApplicationAutoScalingClient(clientOptions(server));
  await scaling.send(new RegisterScalableTargetCommand({ ...resource, MinCapacity: 0, MaxCapacity: 2 }));

  // The news that it wakes may take a moment to reach serving: a client tries again, as SDKs do by themselves.
  const { invoke } = invokerOf(server, 'life', 3);
  expect(await invoke('writer')).not.toBe('');
  const isThere = async () =>
    (await activitiesOf(scaling))[0] === 'Successful: Setting desired copy count to 1.';
  await until(isThere, 'the activity to be through', 5_000);
  await server.stop();
});

it('copies grow with the load, fall to zero without it, and the next request is served', async () => {
  const { server, client } = await startAtZero();
  const scaling = new ApplicationAutoScalingClient(clientOptions(server));
  const watch = new CloudWatchClient(clientOptions(server));
  const startedAt = new Date(Date.now() - 10_000);
  await scaling.send(new RegisterScalableTargetCommand({ ...resource, MinCapacity: 0, MaxCapacity: 2 }));
  await scaling.send(
    new PutScalingPolicyCommand({
      ...resource,
      PolicyName: 'follow',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 2,
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution',
        },
        ScaleInCooldown: 10,
        ScaleOutCooldown: 10,
      },
    }),
  );
  const steps = await scaling.send(
    new PutScalingPolicyCommand({
      ...resource,
      PolicyName: 'leave',
      PolicyType: 'StepScaling',
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'ExactCapacity',
        StepAdjustments: [{ MetricIntervalUpperBound: 0, ScalingAdjustment: 0 }],
        Cooldown: 10,
      },
    }),
  );
  await watch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'nobody',
      ...metric,
      Statistic: 'Maximum',
      Period: 10,
      EvaluationPeriods: 6,
      Threshold: 0,
      ComparisonOperator: 'LessThanOrEqualToThreshold',
      AlarmActions: [steps.PolicyARN!],
    }),
  );

  const { invoke } = invokerOf(server, 'life');
  const load = keepCalling(4, () => invoke('writer', { max_new_tokens: 64 }));
  await untilInService(client, 'writer', 2);
  await load.stop();
  expect(load.failures).toEqual([]);
  await until(
    async () => {
      const [newest] = await activitiesOf(scaling);
      return newest === 'Successful: Setting desired copy count to 0.';
    },
    'no copies',
    150_000,
  );
  expect(await invoke('writer')).not.toBe('');

  const activities = await activitiesOf(scaling);
  expect(activities.map((text) => text.replace(/^\w+: /, ''))).toEqual([
    'Setting desired copy count to 1.',
    'Setting desired copy count to 0.',
    'Setting desired copy count to 2.',
    'Setting desired copy count to 1.',
  ]);
  const { MetricDataResults } = await watch.send(
    new GetMetricDataCommand({
      StartTime: startedAt,
      EndTime: new Date(Date.now() + 10_000),
      MetricDataQueries: [{ Id: 'open', MetricStat: { Metric: metric, Period: 10, Stat: 'Maximum' } }],
    }),
  );
  const values = MetricDataResults?.[0]?.Values ?? [];
  expect(Math.max(...values)).toBeGreaterThanOrEqual(4);
  expect(Math.min(...values)).toBe(0);
  await server.stop();
});

it('a component at zero scales as a file says, and everybody sees it', async () => {
  const yaml = `
endpoint: life
components:
  writer:
    engine: simulated
    resources: { cpus: 0.25, memory: 256Mi }
    copies: { min: 0, max: 2, target: { concurrentRequestsPerCopy: 3 } }
`;
  const server = await startStowage({ yaml });
  const scaling = new ApplicationAutoScalingClient(clientOptions(server));
  const { ScalableTargets } = await scaling.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: 'sagemaker' }),
  );
  expect(ScalableTargets).toMatchObject([{ ...resource, MinCapacity: 0, MaxCapacity: 2 }]);
  const { ScalingPolicies } = await scaling.send(new DescribeScalingPoliciesCommand(resource));
  expect(ScalingPolicies).toMatchObject([
    { PolicyName: 'stowage', TargetTrackingScalingPolicyConfiguration: { TargetValue: 3 } },
  ]);
  expect(ScalingPolicies?.[0]?.Alarms).toHaveLength(2);

  const { invoke } = invokerOf(server, 'life');
  expect(await invoke('writer')).not.toBe('');
  const { ScalingActivities } = await scaling.send(new DescribeScalingActivitiesCommand(resource));
  expect(ScalingActivities?.map(({ Description }) => Description)).toEqual([
    'Setting desired copy count to 1.',
  ]);
  await scaling.send(new DeregisterScalableTargetCommand(resource));
  expect(await invoke('writer')).not.toBe('');
  await server.stop();
});
