/** A canary that cannot answer is taken back by its alarm, and callers of the old fleet never notice. */
import { PutMetricAlarmCommand, CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  DescribeEndpointCommand,
  UpdateEndpointCommand,
  waitUntilEndpointInService,
} from '@aws-sdk/client-sagemaker';
import { expect, it } from 'vitest';
import { modelFile, promptTemplates } from './apex-prompts.js';
import {
  addToLibrary,
  clientOptions,
  createModel,
  invokerOf,
  keepCalling,
  sagemakerOf,
} from './control-client.js';
import { startStowage, until } from './stowage-process.js';

const working = { OPTION_PROMPT_TEMPLATE: promptTemplates.block, OPTION_MAX_ROLLING_BATCH_SIZE: '8' };
/** Loads, and then refuses every prompt. */
const broken = { ...working, OPTION_PROMPT_TEMPLATE: "{{ raise_exception('this model is broken') }}" };

it('a broken canary rolls back by its alarm', async () => {
  const server = await startStowage({ yaml: null });
  await addToLibrary(server, modelFile('apex-draft-Q8_0.gguf'), 'draft');
  const client = sagemakerOf(server);
  await createModel(client, 'good', 'draft', working);
  await createModel(client, 'bad', 'draft', broken);
  for (const [name, model] of [
    ['v1', 'good'],
    ['v2', 'bad'],
  ] as const) {
    const variant = {
      VariantName: 'main',
      ModelName: model,
      InstanceType: 'ml.m5.large' as const,
      InitialInstanceCount: 2,
    };
    await client.send(
      new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants: [variant] }),
    );
  }
  await client.send(new CreateEndpointCommand({ EndpointName: 'careful', EndpointConfigName: 'v1' }));
  const waiting = { client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
  await waitUntilEndpointInService(waiting, { EndpointName: 'careful' });
  await new CloudWatchClient(clientOptions(server)).send(
    new PutMetricAlarmCommand({
      AlarmName: 'errors',
      Namespace: 'AWS/SageMaker',
      MetricName: 'Invocation4XXErrors',
      Dimensions: [
        { Name: 'EndpointName', Value: 'careful' },
        { Name: 'VariantName', Value: 'main' },
      ],
      Statistic: 'Sum',
      Period: 10,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    }),
  );
  const { invoke } = invokerOf(server, 'careful');
  const load = keepCalling(3, () => invoke(null, { max_new_tokens: 8 }));
  await until(() => load.answered > 10, 'first answers');
  expect(load.failures).toEqual([]);
  await client.send(
    new UpdateEndpointCommand({
      EndpointName: 'careful',
      EndpointConfigName: 'v2',
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 },
            WaitIntervalInSeconds: 120,
          },
          TerminationWaitInSeconds: 0,
        },
        AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] },
      },
    }),
  );
  const describe = () => client.send(new DescribeEndpointCommand({ EndpointName: 'careful' }));
  const rolledBack = await until(
    async () => {
      const seen = await describe();
      return seen.EndpointStatus === 'InService' && seen.FailureReason !== undefined && seen;
    },
    'the rollback',
    100_000,
  );
  const failuresOfCanary = load.failures.length;
  const answered = load.answered;
  await until(() => load.answered > answered + 20, 'answers after the rollback');
  await load.stop();
  const share = failuresOfCanary / (failuresOfCanary + answered);
  console.log(
    `canary: ${answered} answered, ${failuresOfCanary} failed (${Math.round(share * 100)} %): ${rolledBack.FailureReason}`,
  );
  expect(rolledBack.EndpointConfigName).toBe('v1');
  expect(rolledBack.FailureReason).toContain('errors');
  expect(load.failures.length).toBeGreaterThan(0);
  // Every failure is the canary's own refusal, and it had its part of the traffic only.
  expect(load.failures.filter((failure) => !failure.includes('this model is broken'))).toEqual([]);
  expect(share).toBeLessThan(0.3);
});
