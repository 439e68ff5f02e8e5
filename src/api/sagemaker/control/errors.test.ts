import { expect, it } from 'vitest';
import { type ErrorCode, errorTable, Fault, StowageError } from '../../../domain/errors.js';
import { encodeControlError } from './errors.js';

const codes = Object.keys(errorTable) as ErrorCode[];

it.each(codes)('%s has a status and a name that SDKs understand', (code) => {
  const error = StowageError.fromData({ code, message: 'it happened', mend: 'mend it' });
  const { status, headers, body } = encodeControlError(error, 'request-1');
  const { __type: name, message } = JSON.parse(body) as { __type: string; message: string };
  expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
  expect(message).toBe(`${code}: it happened; mend: mend it`);
  expect(headers).toMatchObject({
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-RequestId': 'request-1',
    'x-stowage-error': code,
  });
  const { fault } = error.row;
  if (fault === Fault.Caller || fault === Fault.Missing) expect(status).toBe(400);
  if (fault === Fault.Access) expect(status).toBe(403);
  expect(headers['retry-after'] !== undefined).toBe(status === 503);
});

it.each<[StowageError, string, string]>([
  [
    StowageError.of('NAME-410', { kind: 'model', arn: 'ARN' }),
    'ValidationException',
    'Could not find model "ARN".',
  ],
  [
    StowageError.of('STATE-703', { kind: 'model', arn: 'ARN', users: 'it is used' }),
    'ValidationException',
    'Cannot delete model "ARN": it is used.',
  ],
  [
    StowageError.of('REQ-210', { field: 'a', problem: 'Both A and B are given.' }),
    'ValidationException',
    'Both A and B are given.',
  ],
  [
    StowageError.of('REQ-210', { field: 'a', problem: 'not this' }, { reason: 'why' }),
    'ValidationException',
    'REQ-210: not this (cause: why); mend: correct the field `a`',
  ],
])('AWS’s own sentences are told alone: %s', (error, name, message) => {
  expect(JSON.parse(encodeControlError(error, 'r').body)).toEqual({ __type: name, message });
});

it('what is no error of the table says nothing of itself', () => {
  const { status, body } = encodeControlError(new Error('secret path'), 'r');
  expect(status).toBe(500);
  expect(body).not.toContain('secret');
});
