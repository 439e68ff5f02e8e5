import { expect, it } from 'vitest';
import { StowageError } from '../../domain/errors.js';
import { Operation, parseAddress } from './address.js';

const none = { endpoint: null, component: null, model: null };

it.each([
  ['POST', '/v1/completions', { ...none, operation: Operation.Completions }],
  ['POST', '/v1/chat/completions', { ...none, operation: Operation.ChatCompletions }],
  ['POST', '/v1/embeddings', { ...none, operation: Operation.Embeddings }],
  ['POST', '/v1/rerank', { ...none, operation: Operation.Rerank }],
  ['POST', '/rerank', { ...none, operation: Operation.Rerank }],
  ['POST', '/v2/rerank', { ...none, operation: Operation.Rerank }],
  ['GET', '/v1/models', { ...none, operation: Operation.ListModels }],
  ['GET', '/v1/models/a', { ...none, operation: Operation.RetrieveModel, model: 'a' }],
  ['GET', '/v1/models/a/b', { ...none, operation: Operation.RetrieveModel, model: 'a/b' }],
  ['GET', '/v1/models/a%2Fb', { ...none, operation: Operation.RetrieveModel, model: 'a/b' }],
  [
    'POST',
    '/endpoints/e/openai/v1/completions',
    { ...none, operation: Operation.Completions, endpoint: 'e' },
  ],
  [
    'POST',
    '/endpoints/e/inference-components/c%20d/openai/v1/chat/completions',
    { ...none, operation: Operation.ChatCompletions, endpoint: 'e', component: 'c d' },
  ],
  ['POST', '/endpoints/e/invocations', undefined],
  ['POST', '/', undefined],
  ['POST', '', undefined],
  ['POST', '*', undefined],
  ['POST', 'http://x/v1/completions', undefined],
  ['POST', '/v1/%zz', undefined],
])('%s %s is %o', (method, path, address) => {
  expect(parseAddress(method, path)).toEqual(address);
});

it.each([
  ['GET', '/v1/completions', 'REQ-215'],
  ['DELETE', '/v1/models/a', 'REQ-215'],
  ['POST', '/v1', 'NAME-406'],
  ['POST', '/v1/images', 'NAME-406'],
  ['GET', '/rerank', 'REQ-215'],
  ['POST', '/v1/completions/', 'NAME-406'],
  ['POST', '/endpoints/e/openai/v1/nothing', 'NAME-406'],
])('%s %s is refused with %s', (method, path, code) => {
  let thrown: unknown;
  try {
    parseAddress(method, path);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(StowageError);
  expect(thrown).toMatchObject({ code });
});
