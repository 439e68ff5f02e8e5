/** Two accounts on one server: the same names mean different things, and neither finds, calls or changes the other's. */
import {
  DeleteInferenceComponentCommand,
  DescribeEndpointCommand,
  DescribeInferenceComponentCommand,
  ListEndpointsCommand,
  ListInferenceComponentsCommand,
  ListTagsCommand,
  SageMakerClient,
  UpdateInferenceComponentRuntimeConfigCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
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
import { runStowage, startStowage, type StowageProcess } from './stowage-process.js';

const neighbour = '111111111111';

it('two accounts cannot see or invoke each other’s things', async () => {
  const server = await startStowage({ yaml: null });
  await addToLibrary(server, modelFile('apex-draft-Q8_0.gguf'), 'draft');
  const own = sagemakerOf(server);
  await createModel(own, 'model', 'draft', { OPTION_PROMPT_TEMPLATE: promptTemplates.block });
  await createEndpoint(own, 'shared-name');
  await createComponent(own, 'shared-name', 'secret', 'model');
  const { InferenceComponentArn: arn } = await untilInService(own, 'secret', 1);
  expect(await invokerOf(server, 'shared-name').invoke('secret')).not.toBe('');

  const keys = await newKeys(server, neighbour);
  const options = { ...clientOptions(server, 1), credentials: keys };
  const other = new SageMakerClient(options);
  const runtime = new SageMakerRuntimeClient(options);
  expect((await other.send(new ListEndpointsCommand({}))).Endpoints).toEqual([]);
  expect((await other.send(new ListInferenceComponentsCommand({}))).InferenceComponents).toEqual([]);
  const secret = { InferenceComponentName: 'secret' };
  const refusals = [
    () => other.send(new DescribeEndpointCommand({ EndpointName: 'shared-name' })),
    () => other.send(new DescribeInferenceComponentCommand(secret)),
    () => other.send(new DeleteInferenceComponentCommand(secret)),
    () =>
      other.send(
        new UpdateInferenceComponentRuntimeConfigCommand({
          ...secret,
          DesiredRuntimeConfig: { CopyCount: 0 },
        }),
      ),
    () => other.send(new ListTagsCommand({ ResourceArn: arn })),
    () =>
      runtime.send(
        new InvokeEndpointCommand({
          EndpointName: 'shared-name',
          ...secret,
          Body: JSON.stringify({ inputs: 'x' }),
        }),
      ),
  ];
  for (const call of refusals) {
    const error = await call().then(
      () => null,
      (reason: Error) => reason,
    );
    expect(error?.name, String(call)).toMatch(/^Validation(Exception|Error)$/);
    // What the caller did not say himself is not told.
    expect(error?.message.replaceAll(arn!, '')).not.toContain('000000000000');
  }
  // The same name is free for the other account, and means its own.
  await createModel(other, 'model', 'draft');
  await createEndpoint(other, 'shared-name');
  const both = await Promise.all([own, other].map((client) => client.send(new ListEndpointsCommand({}))));
  expect(both.map(({ Endpoints }) => Endpoints?.map((one) => one.EndpointArn))).toEqual([
    ['arn:aws:sagemaker:us-east-1:000000000000:endpoint/shared-name'],
    [`arn:aws:sagemaker:us-east-1:${neighbour}:endpoint/shared-name`],
  ]);
  await untilInService(own, 'secret', 1);
});

/** An access key of that account. */
async function newKeys(server: StowageProcess, account: string) {
  const made = await runStowage(
    ['keys', 'create', '--kind', 'access', '--account', account, '-o', 'json'],
    server.dataFolder,
  );
  if (made.code !== 0) throw new Error(made.stderr);
  const { id, secret } = JSON.parse(made.stdout) as { id: string; secret: string };
  return { accessKeyId: id, secretAccessKey: secret };
}
