/**
 * Three components, room for two, on an endpoint that begins without instances: every call is answered, instances come
 * and go, and whoever asks for SageMaker's refusal gets it. Real processes and models, the official clients.
 */
import { availableParallelism } from 'node:os';
import {
  ApplicationAutoScalingClient,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateInferenceComponentCommand,
  DescribeEndpointCommand,
  type SageMakerClient,
  UpdateInferenceComponentRuntimeConfigCommand,
  waitUntilEndpointInService,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { expect, it } from 'vitest';
import { modelFile, promptTemplates } from './apex-prompts.js';
import {
  addToLibrary,
  clientOptions,
  createModel,
  invokerOf,
  sagemakerOf,
  untilInService,
} from './control-client.js';
import { signal } from './process-table.js';
import { startStowage, type StowageProcess, until } from './stowage-process.js';

const environment = { OPTION_PROMPT_TEMPLATE: promptTemplates.block, OPTION_MAX_ROLLING_BATCH_SIZE: '4' };
const names = ['one', 'two', 'three'];
/** Half of what `local.cpu.small` has, so that two copies fill an instance. */
const cpus = Math.max(0.25, (availableParallelism() * 0.25) / 2);
/** An empty instance is released after a minute. */
const releaseMsMax = 120_000;

async function createScaledEndpoint(client: SageMakerClient): Promise<void> {
  const variant = {
    VariantName: 'AllTraffic',
    InstanceType: 'local.cpu.small' as never,
    ManagedInstanceScaling: { Status: 'ENABLED' as const, MinInstanceCount: 0, MaxInstanceCount: 1 },
  };
  await client.send(
    new CreateEndpointConfigCommand({ EndpointConfigName: 'packed', ProductionVariants: [variant] }),
  );
  await client.send(new CreateEndpointCommand({ EndpointName: 'packed', EndpointConfigName: 'packed' }));
  const waiting = { client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
  await waitUntilEndpointInService(waiting, { EndpointName: 'packed' });
}

async function createScaledComponents(server: StowageProcess, client: SageMakerClient): Promise<void> {
  const scaling = new ApplicationAutoScalingClient(clientOptions(server));
  for (const name of names) {
    await client.send(
      new CreateInferenceComponentCommand({
        InferenceComponentName: name,
        EndpointName: 'packed',
        VariantName: 'AllTraffic',
        Specification: {
          ModelName: 'first',
          ComputeResourceRequirements: { NumberOfCpuCoresRequired: cpus, MinMemoryRequiredInMb: 256 },
        },
        RuntimeConfig: { CopyCount: 0 },
      }),
    );
    await scaling.send(
      new RegisterScalableTargetCommand({
        ServiceNamespace: 'sagemaker',
        ResourceId: `inference-component/${name}`,
        ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
        MinCapacity: 0,
        MaxCapacity: 1,
      }),
    );
  }
}

async function instanceCounts(client: SageMakerClient): Promise<readonly (number | undefined)[]> {
  const { ProductionVariants } = await client.send(new DescribeEndpointCommand({ EndpointName: 'packed' }));
  const [variant] = ProductionVariants ?? [];
  return [variant?.DesiredInstanceCount, variant?.CurrentInstanceCount];
}

function strictCall(server: StowageProcess): Promise<unknown> {
  const runtime = new SageMakerRuntimeClient(clientOptions(server, 1));
  runtime.middlewareStack.add(
    (next) => (call) => {
      (call.request as { headers: Record<string, string> }).headers['x-stowage-no-capacity'] = 'refuse';
      return next(call);
    },
    { step: 'build' },
  );
  const Body = JSON.stringify({ inputs: 'void' });
  const call = {
    EndpointName: 'packed',
    InferenceComponentName: 'one',
    ContentType: 'application/json',
    Body,
  };
  return runtime.send(new InvokeEndpointCommand(call));
}

it('three components take turns in the room of two, from no instance and back to none', async () => {
  const server = await startStowage({ yaml: null });
  await addToLibrary(server, modelFile('apex-blockgen-Q8_0.gguf'), 'target');
  const client = sagemakerOf(server);
  await createModel(client, 'first', 'target', environment);
  await createScaledEndpoint(client);
  expect(await instanceCounts(client)).toEqual([0, 0]);
  await createScaledComponents(server, client);

  await expect(strictCall(server)).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining(
      'Inference Component has no capacity to process this request.',
    ) as string,
  });
  expect(await instanceCounts(client)).toEqual([0, 0]);

  const { invoke } = invokerOf(server, 'packed');
  for (let call = 0; call < 9; call++) {
    if (call === 5) signal(server.controlPid()!, 'SIGKILL');
    expect(await invoke(names[call % 3]!)).not.toBe('');
  }
  expect(await instanceCounts(client)).toEqual([1, 1]);
  expect(server.workers().length).toBeLessThanOrEqual(3);

  for (const name of names) {
    const toZero = { InferenceComponentName: name, DesiredRuntimeConfig: { CopyCount: 0 } };
    await client.send(new UpdateInferenceComponentRuntimeConfigCommand(toZero));
    await untilInService(client, name, 0);
  }
  const isEmpty = async () => (await instanceCounts(client)).every((count) => count === 0);
  await until(isEmpty, 'no instance', releaseMsMax);
  expect(await invoke('two')).not.toBe('');
  expect(await instanceCounts(client)).toEqual([1, 1]);
  await server.stop();
});
