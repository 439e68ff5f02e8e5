/** Variants through the official SageMaker Runtime client, and through OpenAI's. */
import { type SageMakerRuntimeClient, ValidationError } from '@aws-sdk/client-sagemaker-runtime';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  componentNamed,
  componentRoute,
  endpointRoute,
  modelOfVariant,
  variantRoute,
} from '../simulation/route-tables.js';
import { errorOf, type Headers, invoke, stream } from './sagemaker-calls.js';
import { type SageMakerServer, startSageMakerServer } from './sagemaker-server.js';
import { Script, ScriptedServing } from './scripted-serving.js';

const scope = { account: '000000000000', region: 'us-east-1' };
const [blue, green, shade] = ['blue', 'green', 'shade'].map((name) =>
  modelOfVariant(name, { scope, endpoint: 'apex' }),
) as [
  ReturnType<typeof modelOfVariant>,
  ReturnType<typeof modelOfVariant>,
  ReturnType<typeof modelOfVariant>,
];
const inline = componentNamed('inline', { scope, endpoint: 'apex', variant: 'pool' });

/** Two models by weight, a shadow, and a component on a variant of its own. */
const serving = new ScriptedServing({ green: Script.Break, inline: Script.Words }, [
  endpointRoute(
    [blue, green, shade, inline].map((one) => componentRoute(one)),
    {
      scope,
      name: 'apex',
      variants: [
        variantRoute('blue', blue, { weight: 3 }),
        variantRoute('green', green, { weight: 1 }),
        variantRoute('pool'),
        variantRoute('shade', shade, { shadow: 1 }),
      ],
    },
  ),
]);
let server: SageMakerServer;
let client: SageMakerRuntimeClient;

beforeAll(async () => {
  server = await startSageMakerServer(serving);
  client = server.client();
});
beforeEach(() => {
  serving.requests.length = 0;
});
afterAll(async () => {
  client.destroy();
  await server.close();
  expect(server.listener.log.errors).toEqual([]);
});

const noComponent: Headers = { InferenceComponentName: undefined };

describe('an endpoint whose variants have models', () => {
  it.each([
    [0, {}, 'blue'],
    [0.74, {}, 'blue'],
    [0.76, { TargetVariant: 'blue' }, 'blue'],
    [0, { InferenceComponentName: 'inline' }, 'pool'],
    [0, { InferenceComponentName: 'inline', TargetVariant: 'pool' }, 'pool'],
    [0, { TargetVariant: 'pool' }, 'pool'],
  ] as const)('at chance %s with %o is answered by %s, and says so', async (chance, headers, variant) => {
    serving.chance = chance;
    const output = await invoke(client, { inputs: 'a' }, { ...noComponent, ...headers });
    expect(output.InvokedProductionVariant).toBe(variant);
    expect(serving.requests.map(({ component }) => component)).toMatchObject([{ variant }]);
    const streamed = await stream(client, { inputs: 'a' }, { ...noComponent, ...headers });
    expect(streamed.output).toMatchObject({ InvokedProductionVariant: variant });
    const chat = { messages: [{ role: 'user', content: 'hi' }] };
    const answered = await invoke(client, chat, { ...noComponent, ...headers });
    expect(answered.InvokedProductionVariant).toBe(variant);
  });

  it.each(['red', 'shade'])('refuses the target variant %s as a ValidationError', async (TargetVariant) => {
    const error = await errorOf(invoke(client, { inputs: 'a' }, { ...noComponent, TargetVariant }));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error.message).toContain(
      `Variant "${TargetVariant}" not found in endpoint "apex"; it has: blue, green, pool.`,
    );
    expect(serving.requests).toEqual([]);
  });

  it('refuses a component on another variant than the one that is wanted', async () => {
    const error = await errorOf(invoke(client, { inputs: 'a' }, { TargetVariant: 'blue' }));
    expect(error.message).toContain('it is on the variant `pool`, not on `blue`');
  });

  it('names the variant that failed', async () => {
    const headers = { ...noComponent, TargetVariant: 'green' };
    const error = await errorOf(invoke(client, { inputs: 'a' }, headers));
    expect(error).toMatchObject({
      name: 'ModelError',
      LogStreamArn: expect.stringContaining('Endpoints/apex:log-stream:green/') as string,
    });
  });

  it('is one model of OpenAI’s list, beside its components', async () => {
    const openAi = new OpenAI({
      baseURL: `${server.listener.url}/v1`,
      apiKey: server.keys.bearer,
      maxRetries: 0,
    });
    const ids: string[] = [];
    for await (const model of openAi.models.list()) ids.push(model.id);
    expect(ids).toEqual(['apex', 'inline']);
    serving.chance = 0;
    for (const model of [...ids, 'apex/inline', 'apex/blue', 'apex/apex']) {
      await openAi.completions.create({ model, prompt: 'a' });
    }
    const answered = serving.requests.map(({ component }) => component.name);
    expect(answered).toEqual(['blue', 'inline', 'inline', 'blue', 'blue']);
  });
});
