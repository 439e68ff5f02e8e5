import { expect, it } from 'vitest';
import { readInvocation, requireJson } from './invocation.js';
import { type Input, operations } from './operations.js';

function read(input: Input): unknown {
  const operation = operations.find(({ name }) => name === 'InvokeEndpoint');
  if (operation === undefined) throw new Error('no such operation');
  try {
    const invocation = readInvocation(operation, { EndpointName: 'apex', ...input }, 'id-1');
    requireJson(operation, invocation);
    return invocation;
  } catch (error) {
    const { code, location } = error as { code: string; location: string };
    return `${code} ${location}`;
  }
}

it('keeps the component, and echoes custom attributes with the answer', () => {
  expect(read({ InferenceComponentName: 'inline', CustomAttributes: 'c000b4f9' })).toEqual({
    endpoint: 'apex',
    component: 'inline',
    variant: null,
    contentType: null,
    accept: null,
    customAttributes: 'c000b4f9',
    session: null,
    opensSession: false,
    prefixId: null,
    answerHeaders: {
      'x-amzn-requestid': 'id-1',
      'x-amzn-sagemaker-custom-attributes': 'c000b4f9',
    },
  });
});

it('keeps the variant that is wanted', () => {
  expect(read({ TargetVariant: 'blue' })).toMatchObject({ variant: 'blue', component: null });
});

it('accepts an inference’s id', () => {
  expect(read({ InferenceId: 'i-1' })).toEqual(read({}));
});

it.each([
  [{ PrefixAwareId: 'p-1' }, { prefixId: 'p-1', session: null, opensSession: false }],
  [{ SessionId: 'a-session' }, { prefixId: null, session: 'a-session', opensSession: false }],
  [{ SessionId: 'NEW_SESSION' }, { prefixId: null, session: null, opensSession: true }],
])('reads where %o should go', (input, expected) => {
  expect(read(input)).toMatchObject(expected);
});

it.each([
  ['application/json'],
  ['Application/JSON; charset=utf-8'],
  ['application/vnd.x+json'],
  ['application/octet-stream'],
])('takes a body of the type %s for JSON', (contentType) => {
  expect(read({ ContentType: contentType })).toMatchObject({ contentType });
});

it('keeps the type of the answer for models that look at it', () => {
  expect(read({ Accept: 'application/x-npy' })).toMatchObject({ accept: 'application/x-npy' });
});

it.each([
  [{ TargetModel: 'm.tar.gz' }, 'REQ-212 X-Amzn-SageMaker-Target-Model'],
  [{ TargetContainerHostname: 'c' }, 'REQ-212 X-Amzn-SageMaker-Target-Container-Hostname'],
  [{ EnableExplanations: '`true`' }, 'REQ-212 X-Amzn-SageMaker-Enable-Explanations'],
  [{ ContentType: 'text/csv' }, 'REQ-210 Content-Type'],
  [{ ContentType: 'application/jsonlines' }, 'REQ-210 Content-Type'],
  [{ ContentType: '' }, 'REQ-210 Content-Type'],
] as const)('refuses %o by the header’s name', (input, expected) => {
  expect(read(input)).toBe(expected);
});
