/** Embeddings and rankings through the official SageMaker Runtime client. */
import { ValidationError, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StowageError } from '../../src/domain/errors.js';
import { ComputingServing } from './computing-serving.js';
import { errorOf, invoke, jsonOf } from './sagemaker-calls.js';
import { type SageMakerServer, startSageMakerServer } from './sagemaker-server.js';

const serving = new ComputingServing({ inline: 'words' });
let server: SageMakerServer;
let client: SageMakerRuntimeClient;

beforeAll(async () => {
  server = await startSageMakerServer(serving);
  client = server.client();
});
beforeEach(() => {
  serving.computations.length = 0;
});
afterAll(async () => {
  client.destroy();
  await server.close();
  expect(server.listener.log.errors).toEqual([]);
});

describe('InvokeEndpoint', () => {
  it('makes embeddings of OpenAI’s `input`', async () => {
    const answer = await invoke(client, { input: ['a', 'b'] }, { CustomAttributes: 'a=1' });
    expect(jsonOf(answer)).toMatchObject({
      object: 'list',
      data: [{ embedding: [1, 0.333333343] }, { embedding: [2, 0.333333343] }],
      usage: { prompt_tokens: 7 },
    });
    expect(answer).toMatchObject({ CustomAttributes: 'a=1', InvokedProductionVariant: 'AllTraffic' });
  });

  it('ranks documents for a `query`', async () => {
    const answer = await invoke(client, { query: 'q', documents: ['a', 'bb'] });
    expect(jsonOf(answer)).toMatchObject({
      results: [{ index: 1, relevance_score: 2 }, { index: 0 }],
    });
  });

  it('fails in this wire’s shapes', async () => {
    const reason = 'it is the text at index 1';
    serving.failNext = StowageError.of('CTX-202', { tokens: 900, limit: 512 }, { reason });
    const error = await errorOf(invoke(client, { input: ['a', 'b'] }));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ message: expect.stringContaining('CTX-202') });
    const wrong = await errorOf(invoke(client, { input: '' }));
    expect(wrong).toMatchObject({ message: expect.stringContaining('`input` must not be empty') });
  });
});
