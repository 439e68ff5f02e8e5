/** SageMaker's container protocol: a small program of the test's own in the place of a container. */
import { CreateModelCommand } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import {
  clientOptions,
  createComponent,
  createEndpoint,
  sagemakerOf,
  untilInService,
} from './control-client.js';
import { freshFolder, repository, startStowage } from './stowage-process.js';

const program = path.join(repository, 'test', 'fixtures', 'sagemaker-container.mjs');

async function serverWith(container: object) {
  const folder = freshFolder();
  writeFileSync(path.join(folder, 'settings.yaml'), JSON.stringify({ engines: { container } }));
  const server = await startStowage({ yaml: null, dataFolder: folder });
  const client = sagemakerOf(server);
  await client.send(
    new CreateModelCommand({
      ModelName: 'own',
      PrimaryContainer: { Image: 'models/own:1', Environment: { OPTION_ENGINE: 'container', WORKERS: '2' } },
    }),
  );
  await createEndpoint(client, 'own');
  await createComponent(client, 'own', 'own', 'own');
  return { server, client };
}

it('bytes, media types and attributes go to /invocations and come back as they are', async () => {
  const { server, client } = await serverWith({ command: [process.execPath, program] });
  await untilInService(client, 'own', 1);
  const runtime = new SageMakerRuntimeClient(clientOptions(server, 1));
  const invoke = (body: Uint8Array | string, more: object = {}) =>
    runtime.send(
      new InvokeEndpointCommand({
        ...{ EndpointName: 'own', InferenceComponentName: 'own', ContentType: 'application/x-own' },
        ...{ Body: typeof body === 'string' ? Buffer.from(body) : body, ...more },
      }),
    );
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  const answer = await invoke(bytes, { Accept: 'text/csv', CustomAttributes: 'trace=7' });
  expect(answer.ContentType).toBe('text/csv');
  expect(answer.CustomAttributes).toBe('seen trace=7');
  const expected = Buffer.concat([Buffer.from('application/x-own:'), Buffer.from(bytes).reverse()]);
  expect(Buffer.from(answer.Body)).toEqual(expected);
  const refused = { name: 'ModelError', message: expect.stringContaining('cannot be computed') as string };
  await expect(invoke('refuse')).rejects.toMatchObject(refused);
  await expect(invoke('fail')).rejects.toMatchObject({ name: 'ModelError' });
  await server.stop();
});

it('an image that the settings do not allow is refused, with what to write there', async () => {
  const { server, client } = await serverWith({ images: ['models/other:*'] });
  const failure = await untilInService(client, 'own', 1).catch((error: Error) => error.message);
  expect(failure).toMatch(/HOST-608|image `models\/own:1` is not among those that may run here/);
  await server.stop();
});
