import { describe, expect, it } from 'vitest';
import { type MatchedOperation, matchOperation, operations, readInput } from './operations.js';

describe('matchOperation', () => {
  it.each([
    ['/endpoints/apex/invocations', 'InvokeEndpoint', 'apex'],
    ['/endpoints/a%2Fb/invocations', 'InvokeEndpoint', 'a/b'],
    ['/endpoints/apex/invocations-response-stream', 'InvokeEndpointWithResponseStream', 'apex'],
    ['/endpoints/apex/async-invocations', 'InvokeEndpointAsync', 'apex'],
  ])('%s is %s of %s', (path, name, endpoint) => {
    const matched = matchOperation('POST', path);
    expect(matched?.operation.name).toBe(name);
    expect(matched?.labels).toEqual({ EndpointName: endpoint });
  });

  it.each([
    '/endpoints/apex',
    '/endpoints/apex/invocations/',
    '/endpoints/apex/openai/v1/completions',
    '/endpoints/%/invocations',
    '/v1/models',
  ])('%s is nobody’s here', (path) => {
    expect(matchOperation('POST', path)).toBeUndefined();
  });

  it('refuses other methods with REQ-215', () => {
    expect(() => matchOperation('GET', '/endpoints/apex/invocations')).toThrow(
      expect.objectContaining({ code: 'REQ-215' }),
    );
  });
});

it('bodies are bounded as the service model says', () => {
  expect(Object.fromEntries(operations.map(({ name, bodyBytesMax }) => [name, bodyBytesMax]))).toEqual({
    InvokeEndpoint: 6_291_456,
    InvokeEndpointWithResponseStream: 6_291_456,
    InvokeEndpointAsync: 128_000,
  });
});

function matched(path: string): MatchedOperation {
  const found = matchOperation('POST', path);
  if (found === undefined) throw new Error('not an operation');
  return found;
}

/** Message and field of the violation, or the input. */
function read(
  headers: Readonly<Record<string, string>>,
  path = '/endpoints/apex/invocations',
  body = '{}',
): unknown {
  try {
    return readInput(matched(path), { headers, body: Buffer.from(body) });
  } catch (error) {
    const { code, message, location } = error as { code: string; message: string; location: string };
    return `${code} ${location}: ${message}`;
  }
}

const failed = 'failed to satisfy constraint: Member must';

describe('readInput', () => {
  it('reads the members from path and headers by the model’s names', () => {
    const headers = {
      'content-type': 'application/json',
      'x-amzn-sagemaker-inference-component': 'inline',
      'x-amzn-sagemaker-session-id': 'NEW_SESSION',
      'x-other': 'y',
    };
    expect(read(headers)).toEqual({
      EndpointName: 'apex',
      ContentType: 'application/json',
      InferenceComponentName: 'inline',
      SessionId: 'NEW_SESSION',
    });
  });

  it('takes Accept from another header where the operation has it there', () => {
    const headers = { accept: 'a', 'x-amzn-sagemaker-accept': 'b' };
    expect(read(headers)).toMatchObject({ Accept: 'a' });
    expect(read(headers, '/endpoints/apex/invocations-response-stream')).toMatchObject({ Accept: 'b' });
  });

  it.each([
    [
      'target-variant',
      'a b',
      `Value 'a b' at 'targetVariant' ${failed} satisfy regular expression pattern: `,
    ],
    ['target-variant', 'a'.repeat(64), `${failed} have length less than or equal to 63`],
    ['inference-id', '', `Value '' at 'inferenceId' ${failed} have length greater than or equal to 1; `],
    ['inference-component', 'a_b', `Value 'a_b' at 'inferenceComponentName' ${failed}`],
    ['session-id', '-x', `Value '-x' at 'sessionId' ${failed}`],
    ['prefix-aware-id', 'aé', `Value 'aé' at 'prefixAwareId' ${failed}`],
    ['custom-attributes', 'é', `detected: Value at 'customAttributes' ${failed}`],
    ['custom-attributes', 'a'.repeat(1025), `detected: Value at 'customAttributes' ${failed} have length`],
  ])('refuses %s: %s in the service’s words', (header, value, text) => {
    const message = read({ [`x-amzn-sagemaker-${header}`]: value });
    expect(message).toContain(text);
    expect(message).toMatch(/^REQ-210 X-Amzn-SageMaker-[\w-]+: \d validation errors? detected: /);
  });

  it('reports every violation at once', () => {
    const headers = { 'x-amzn-sagemaker-target-variant': '-', 'x-amzn-sagemaker-inference-component': '-' };
    expect(read(headers, '/endpoints/-/invocations', '')).toMatch(
      /^REQ-210 EndpointName: 4 validation errors detected: .*'endpointName'.*; Value null at 'body' failed to satisfy constraint: Member must not be null; .*'targetVariant'.*'inferenceComponentName'/,
    );
  });

  it.each([
    ['59', 'have value greater than or equal to 60'],
    ['21601', 'have value less than or equal to 21600'],
    ['1.5', 'be a number'],
    ['x', 'be a number'],
  ])('checks the value of numbers: %s', (value, problem) => {
    const headers = { 'x-amzn-sagemaker-requestttlseconds': value };
    expect(read(headers, '/endpoints/apex/async-invocations')).toContain(
      `Value '${value}' at 'requestTTLSeconds' failed to satisfy constraint: Member must ${problem}`,
    );
  });
});
