/** One life of an endpoint through the official JavaScript client, with real workers. */
import {
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteInferenceComponentCommand,
  DeleteModelCommand,
  DescribeInferenceComponentCommand,
  ListInferenceComponentsCommand,
  ListModelsCommand,
  UpdateInferenceComponentCommand,
  UpdateInferenceComponentRuntimeConfigCommand,
  waitUntilEndpointDeleted,
} from '@aws-sdk/client-sagemaker';
import { expect, it } from 'vitest';
import { modelFile, promptTemplates } from './apex-prompts.js';
import {
  addToLibrary,
  createComponent,
  createEndpoint,
  createModel,
  invokerOf,
  keepCalling,
  sagemakerOf,
  specificationOf,
  untilInService,
} from './control-client.js';
import { startStowage, until } from './stowage-process.js';

const components = ['inline', 'blockgen', 'flowgpt'];
const environment = { OPTION_PROMPT_TEMPLATE: promptTemplates.block, OPTION_MAX_ROLLING_BATCH_SIZE: '8' };

it('an endpoint is made, serves three components, grows, takes a new model under load, and goes without a trace', async () => {
  const server = await startStowage({ yaml: null });
  await addToLibrary(server, modelFile('apex-blockgen-Q8_0.gguf'), 'target');
  await addToLibrary(server, modelFile('apex-draft-Q8_0.gguf'), 'draft');
  const client = sagemakerOf(server);
  await createModel(client, 'first', 'target', environment);
  await createModel(client, 'second', 'draft', environment);
  await createEndpoint(client, 'life');
  for (const name of components) await createComponent(client, 'life', name, 'first');
  for (const name of components) await untilInService(client, name, 1);
  const { invoke } = invokerOf(server, 'life');
  for (const name of components) expect(await invoke(name)).not.toBe('');
  const listed = await client.send(new ListInferenceComponentsCommand({ EndpointNameEquals: 'life' }));
  expect(listed.InferenceComponents?.map((one) => one.InferenceComponentName).sort()).toEqual(
    [...components].sort(),
  );

  await client.send(
    new UpdateInferenceComponentRuntimeConfigCommand({
      InferenceComponentName: 'inline',
      DesiredRuntimeConfig: { CopyCount: 2 },
    }),
  );
  await untilInService(client, 'inline', 2);
  const load = keepCalling(4, () => invoke('inline'));
  await until(() => load.answered > 4, 'first answers');
  await client.send(
    new UpdateInferenceComponentCommand({
      InferenceComponentName: 'inline',
      Specification: specificationOf('second'),
      DeploymentConfig: {
        RollingUpdatePolicy: { MaximumBatchSize: { Type: 'COPY_COUNT', Value: 1 }, WaitIntervalInSeconds: 1 },
      },
    }),
  );
  const updated = await untilInService(client, 'inline', 2);
  await load.stop();
  console.log(`rolled to a new model under load: ${load.answered} answered, ${load.failures.length} failed`);
  expect(load.failures).toEqual([]);
  expect(updated.Specification?.ModelName).toBe('second');

  for (const name of components)
    await client.send(new DeleteInferenceComponentCommand({ InferenceComponentName: name }));
  for (const name of components) {
    const describe = new DescribeInferenceComponentCommand({ InferenceComponentName: name });
    const isGone = () =>
      client.send(describe).then(
        () => false,
        (error: Error) => error.name === 'ValidationException',
      );
    await until(isGone, `${name} to be gone`);
  }
  await client.send(new DeleteEndpointCommand({ EndpointName: 'life' }));
  await waitUntilEndpointDeleted(
    { client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
    { EndpointName: 'life' },
  );
  await client.send(new DeleteEndpointConfigCommand({ EndpointConfigName: 'life' }));
  for (const name of ['first', 'second']) await client.send(new DeleteModelCommand({ ModelName: name }));
  expect((await client.send(new ListModelsCommand({}))).Models).toEqual([]);
  expect(server.workers()).toEqual([]);
});
