/** Scaling through the official clients, with real workers: from zero for a request that waits, and all of it visible. */
import {
  ApplicationAutoScalingClient,
  DescribeScalingActivitiesCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { UpdateInferenceComponentRuntimeConfigCommand } from '@aws-sdk/client-sagemaker';
import { expect, it } from 'vitest';
import { modelFile, promptTemplates } from './apex-prompts.js';
import {
  addToLibrary,
  clientOptions,
  createComponent,
  createEndpoint,
  createModel,
  invokerOf,
  sagemakerOf,
  untilInService,
} from './control-client.js';
import { startStowage } from './stowage-process.js';

const environment = { OPTION_PROMPT_TEMPLATE: promptTemplates.block, OPTION_MAX_ROLLING_BATCH_SIZE: '8' };
const resource = {
  ServiceNamespace: 'sagemaker' as const,
  ResourceId: 'inference-component/writer',
  ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount' as const,
};

it('a request for a component at zero is held, brings a copy, and is answered', async () => {
  const server = await startStowage({ yaml: null });
  await addToLibrary(server, modelFile('apex-target-Q8_0.gguf'), 'target');
  const client = sagemakerOf(server);
  const scaling = new ApplicationAutoScalingClient(clientOptions(server));
  await createModel(client, 'first', 'target', environment);
  await createEndpoint(client, 'life');
  await createComponent(client, 'life', 'writer', 'first');
  await untilInService(client, 'writer', 1);
  const toZero = { InferenceComponentName: 'writer', DesiredRuntimeConfig: { CopyCount: 0 } };
  await client.send(new UpdateInferenceComponentRuntimeConfigCommand(toZero));
  await untilInService(client, 'writer', 0);
  await scaling.send(new RegisterScalableTargetCommand({ ...resource, MinCapacity: 0, MaxCapacity: 2 }));

  const { invoke } = invokerOf(server, 'life');
  expect(await invoke('writer')).not.toBe('');
  const { ScalingActivities } = await scaling.send(new DescribeScalingActivitiesCommand(resource));
  expect(ScalingActivities?.map(({ Description }) => Description)).toEqual([
    'Setting desired copy count to 1.',
  ]);
  await server.stop();
});
