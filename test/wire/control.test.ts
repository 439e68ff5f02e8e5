/** SageMaker's control plane through the official client: what control is asked, and what callers get. */
import {
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeModelCommand,
  ListModelsCommand,
  ListTrainingJobsCommand,
  paginateListModels,
  type SageMakerClient,
  SageMakerServiceException,
  waitUntilEndpointDeleted,
  waitUntilEndpointInService,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StowageError } from '../../src/domain/errors.js';
import { at, cases, config, endpoint, model } from './control-cases.js';
import { type ControlServer, homeRegion, startControlServer } from './control-server.js';

let server: ControlServer;
let client: SageMakerClient;

beforeAll(async () => {
  server = await startControlServer();
  client = server.sageMaker();
});
afterAll(async () => {
  await server.close();
  expect(server.listener.log.errors).toEqual([]);
});
beforeEach(() => {
  server.control.calls.length = 0;
  server.control.answer = {};
});

async function errorOf(call: Promise<unknown>): Promise<SageMakerServiceException> {
  try {
    await call;
  } catch (error) {
    expect(error).toBeInstanceOf(SageMakerServiceException);
    return error as SageMakerServiceException;
  }
  throw new Error('the call succeeded');
}

describe('the operation', () => {
  it.each(Object.entries(cases))('%s', async (operation, { command, input, answer = {}, output = {} }) => {
    server.control.answer = answer;
    const { $metadata, ...received } = await client.send(command as DescribeModelCommand);
    expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: expect.any(String) as string });
    expect(received).toEqual(output);
    const scope = { account: server.account, region: 'us-east-1' };
    expect(server.control.calls).toEqual([{ operation, scope, input }]);
  });

  it('is answered with no body at all when it answers nothing', async () => {
    const headers = { 'x-amz-target': 'SageMaker.DeleteModel' };
    const response = await server.post('/', headers, '{"ModelName":"m"}');
    expect(response.status).toBe(200);
    expect(response.headers.get('x-amzn-requestid')).toMatch(/./);
    expect(await response.text()).toBe('');
  });
});

describe('the scope of a call', () => {
  it('is the region that it was signed for', async () => {
    await server.sageMaker('ap-southeast-2').send(new ListModelsCommand({}));
    expect(server.control.calls[0]?.scope).toEqual({ account: server.account, region: 'ap-southeast-2' });
  });

  it('is the home region for bearer keys', async () => {
    await server.post('/', { 'x-amz-target': 'SageMaker.ListModels' }, '');
    expect(server.control.calls[0]?.scope.region).toBe(homeRegion);
  });
});

describe('refusals', () => {
  it('of the service model come in its words, before control is asked', async () => {
    const error = await errorOf(client.send(new CreateModelCommand({ ModelName: 'a b' })));
    expect(error.name).toBe('ValidationException');
    expect(error.$metadata.httpStatusCode).toBe(400);
    expect(error.message).toBe(
      "1 validation error detected: Value 'a b' at 'modelName' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [a-zA-Z0-9]([\\-a-zA-Z0-9]*[a-zA-Z0-9])?',
    );
    expect(server.control.calls).toEqual([]);
  });

  it('of members that are not supported name them and say why', async () => {
    const error = await errorOf(
      client.send(
        new CreateEndpointConfigCommand({
          ...config,
          ProductionVariants: [
            { VariantName: 'v', ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } },
          ],
        }),
      ),
    );
    expect(error.name).toBe('ValidationException');
    expect(error.message).toContain(
      '`ProductionVariants[0].ServerlessConfig` is not supported: endpoints have instances here',
    );
  });

  it.each([
    [
      StowageError.of('NAME-410', { kind: 'endpoint', arn: 'ARN' }),
      'ValidationException',
      400,
      'Could not find endpoint "ARN".',
    ],
    [
      StowageError.of('NAME-411', { kind: 'model', arn: 'ARN' }),
      'ValidationException',
      400,
      'Cannot create already existing model "ARN".',
    ],
    [
      StowageError.of('LIMIT-710', { limit: 'models', max: 5, problem: 'There are 5.' }),
      'ResourceLimitExceeded',
      400,
      "The account-level service limit 'models' is 5. There are 5.",
    ],
    [StowageError.of('RUN-310', {}), 'ServiceUnavailable', 503, 'RUN-310: the control plane is restarting'],
    [
      StowageError.of('CAP-103', { open: 1, limit: 1 }),
      'ThrottlingException',
      400,
      'CAP-103: too many requests are open',
    ],
  ])('of control: %s', async (thrown, name, status, message) => {
    server.control.answer = thrown;
    const error = await errorOf(client.send(new DescribeEndpointCommand(endpoint)));
    expect(error.name).toBe(name);
    expect(error.$metadata.httpStatusCode).toBe(status);
    expect(error.message).toContain(message);
    expect(error.$metadata.requestId).toMatch(/./);
  });

  it('of actions that the key is not granted come before the call is read', async () => {
    const limited = server.onlyDescribing();
    await limited.send(new DescribeModelCommand(model));
    const error = await errorOf(limited.send(new DeleteModelCommand(model)));
    expect(error.name).toBe('AccessDeniedException');
    expect(error.message).toContain('sagemaker:DeleteModel');
    expect(server.control.calls).toHaveLength(1);
  });

  it('of operations that are not served name them', async () => {
    const error = await errorOf(client.send(new ListTrainingJobsCommand({})));
    expect(error.name).toBe('UnknownOperationException');
    expect(error.message).toContain('SageMaker.ListTrainingJobs');
    expect(error.message).toContain('does not have this operation of SageMaker’s');
  });

  it.each([
    ['SageMaker.CreateModle', 'SageMaker has no such operation, did you mean CreateModel?'],
    ['SageMaker.__proto__', 'SageMaker has no such operation'],
    ['Logs_20140328.PutLogEvents', 'SageMaker has no such operation'],
    ['', 'SageMaker has no such operation'],
  ])('of targets that nobody has: %j', async (target, text) => {
    const response = await server.post('/', { 'x-amz-target': target }, '{}');
    expect(response.status).toBe(400);
    const body = (await response.json()) as { __type: string; message: string };
    expect(body.__type).toBe('UnknownOperationException');
    expect(body.message).toContain(text);
  });

  it.each([
    ['{', 'REQ-214: the body is not JSON'],
    ['[]', 'REQ-214: the body is not JSON: it is not an object'],
    ['{"ModelName":5}', "NUMBER_VALUE can not be converted to a String (at 'ModelName')"],
  ])('of bodies that cannot be read: %s', async (body, text) => {
    const response = await server.post('/', { 'x-amz-target': 'SageMaker.DescribeModel' }, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      __type: 'SerializationException',
      message: expect.stringContaining(text) as string,
    });
  });
});

describe('what SDKs build on it', () => {
  it('waiters see an endpoint come into service, and go', async () => {
    const waiting = { client, minDelay: 1, maxDelay: 1, maxWaitTime: 30 };
    server.control.answer = { endpointStatus: 'InService' };
    const served = await waitUntilEndpointInService(waiting, endpoint);
    expect(served.state).toBe('SUCCESS');
    server.control.answer = StowageError.of('NAME-410', { kind: 'endpoint', arn: 'ARN' });
    const gone = await waitUntilEndpointDeleted(waiting, endpoint);
    expect(gone.state).toBe('SUCCESS');
    await expect(waitUntilEndpointInService(waiting, endpoint)).rejects.toThrow('FAILURE');
  });

  it('paginators follow the tokens', async () => {
    server.control.answer = (input) => {
      const { nextToken } = input as { readonly nextToken?: string };
      const models = [{ modelName: nextToken ?? 'first', modelArn: 'a', creationTime: at }];
      return nextToken === undefined ? { models, nextToken: 'second' } : { models };
    };
    const names: (string | undefined)[] = [];
    for await (const page of paginateListModels({ client }, {})) {
      names.push(...(page.Models ?? []).map(({ ModelName }) => ModelName));
    }
    expect(names).toEqual(['first', 'second']);
  });
});
