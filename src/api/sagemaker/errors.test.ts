import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorTable, StowageError } from '../../domain/errors.js';
import { encodeEarlyError, encodeError } from './errors.js';
import { operations } from './operations.js';

/** Every code with made-up parameters. */
const every = Object.keys(errorTable).map((code) => [code as ErrorCode] as const);

function errorOf(code: ErrorCode, retryAfterSeconds?: number): StowageError {
  const data = { code, message: 'what happened', mend: 'what to do' };
  return StowageError.fromData(retryAfterSeconds === undefined ? data : { ...data, retryAfterSeconds });
}

function callOf(operationName: string): Parameters<typeof encodeError>[1] {
  const operation = operations.find(({ name }) => name === operationName) ?? null;
  return { requestId: 'id-1', operation, endpoint: 'apex', variant: 'AllTraffic', account: '123456789012' };
}

describe('every row of the error table', () => {
  it.each(every)('%s has a name, its status, our code, and a message with the mend', (code) => {
    const { status, headers, body } = encodeError(errorOf(code), callOf('InvokeEndpoint'));
    const fields = JSON.parse(body) as Record<string, unknown>;
    expect(headers['x-amzn-ErrorType']).toMatch(/^[A-Z]\w+$/);
    expect(headers['x-amzn-RequestId']).toBe('id-1');
    expect(headers['x-stowage-error']).toBe(code);
    expect(fields['Message']).toContain(`${code}: what happened; mend: what to do`);
    expect(headers['retry-after'] !== undefined).toBe(errorTable[code].retryable);
    // Who wants SageMaker's refusal gets its status, too.
    if (code === 'COLD-504') return expect(status).toBe(400);
    expect(status >= 500).toBe(
      ['capacity', 'host', 'stowage'].includes(errorTable[code].fault) && status !== 429 && status !== 424,
    );
  });

  it.each(every)('%s is one of the errors that a streamed call may answer, or AWS’s common ones', (code) => {
    const call = callOf('InvokeEndpointWithResponseStream');
    const { status, headers } = encodeError(errorOf(code), call);
    const name = headers['x-amzn-ErrorType'] ?? '';
    const isCommon = status === 403 || ['UnknownOperationException', 'ThrottlingException'].includes(name);
    expect(isCommon || call.operation?.errors.has(name)).toBe(true);
  });
});

it.each([
  ['REQ-210', 400, 'ValidationError'],
  ['REQ-211', 400, 'ValidationError'],
  ['REQ-215', 405, 'UnknownOperationException'],
  ['NAME-404', 400, 'ValidationError'],
  ['NAME-406', 404, 'UnknownOperationException'],
  ['CAP-101', 503, 'ServiceUnavailable'],
  ['COLD-501', 429, 'ModelNotReadyException'],
  ['COLD-503', 503, 'ServiceUnavailable'],
  ['COLD-504', 400, 'ValidationError'],
  ['RUN-305', 424, 'ModelError'],
  ['HOST-601', 530, 'InternalDependencyException'],
  ['INT-500', 500, 'InternalFailure'],
  ['KEY-400', 403, 'MissingAuthenticationTokenException'],
  ['KEY-401', 403, 'ExpiredTokenException'],
  ['KEY-402', 403, 'UnrecognizedClientException'],
  ['KEY-403', 403, 'AccessDeniedException'],
  ['KEY-404', 403, 'InvalidSignatureException'],
  ['KEY-405', 403, 'InvalidSignatureException'],
  ['KEY-406', 403, 'IncompleteSignatureException'],
] as readonly (readonly [ErrorCode, number, string])[])('%s is %d %s', (code, status, name) => {
  const encoded = encodeEarlyError(errorOf(code), 'id-1');
  expect(encoded.status).toBe(status);
  expect(encoded.headers['x-amzn-ErrorType']).toBe(name);
});

it.each([
  ['RUN-301', 500],
  ['RUN-306', 504],
] as const)('%s tells what a container would have answered: %d', (code, originalStatus) => {
  const { body } = encodeError(errorOf(code), callOf('InvokeEndpoint'));
  expect(JSON.parse(body)).toEqual({
    Message: `Received server error (${originalStatus}) from primary with message "${code}: what happened; mend: what to do"`,
    OriginalStatusCode: originalStatus,
    OriginalMessage: `${code}: what happened; mend: what to do`,
    LogStreamArn:
      'arn:stowage:logs:local:123456789012:log-group:/aws/sagemaker/Endpoints/apex:log-stream:AllTraffic/id-1',
  });
});

it('says a violated constraint in the service’s words alone', () => {
  const problem = "1 validation error detected: Value null at 'body' failed to satisfy constraint: …";
  const error = StowageError.of('REQ-210', { problem, field: 'Body' });
  expect(JSON.parse(encodeEarlyError(error, 'id-1').body)).toEqual({ Message: problem });
});

it('rounds Retry-After up to whole seconds, one at least', () => {
  const after = (seconds: number): string | undefined =>
    encodeEarlyError(errorOf('COLD-503', seconds), 'id').headers['retry-after'];
  expect([after(0), after(0.2), after(2), after(2.1)]).toEqual(['1', '1', '2', '3']);
});

it('keeps messages within the model’s length', () => {
  const error = StowageError.fromData({ code: 'RUN-308', message: 'x'.repeat(5000), mend: 'y' });
  const fields = JSON.parse(encodeEarlyError(error, 'id').body) as Record<string, string>;
  expect([fields['Message']?.length, fields['OriginalMessage']?.length]).toEqual([2048, 2048]);
});

it('tells nothing of an error that is not of the table', () => {
  const { status, body } = encodeEarlyError(new TypeError('secret /path'), 'id');
  expect(status).toBe(500);
  expect(body).not.toContain('secret');
});

it('a program’s own status is told as the original one', () => {
  const known = StowageError.of('RUN-308', { reason: 'it answered 503' }, { programStatus: 503 });
  const encoded = encodeEarlyError(StowageError.fromData(known.toData()), 'r1');
  expect(JSON.parse(String(encoded.body))).toMatchObject({ OriginalStatusCode: 503 });
});
