import { describe, expect, it } from 'vitest';
import { Fault, errorTable, type ErrorCode, StowageError } from '../../domain/errors.js';
import { createAdminFrontEnd } from './front-end.js';

const frontEnd = createAdminFrontEnd({ isReady: () => true, metricsText: () => '' });

it.each([
  ['GET', '/health', null],
  ['HEAD', '/ping', null],
  ['GET', '/metrics', 'stowage:ReadMetrics'],
])('%s %s asks for the right %s', (method, path, action) => {
  expect(frontEnd.route(method, path, {})?.action).toBe(action);
});

it('leaves other addresses to others and refuses other methods', () => {
  expect(frontEnd.route('GET', '/v1/models', {})).toBeUndefined();
  expect(() => frontEnd.route('POST', '/metrics', {})).toThrow(expect.objectContaining({ code: 'REQ-215' }));
});

describe('errors', () => {
  it.each(Object.keys(errorTable) as ErrorCode[])('%s has a status of its fault', (code) => {
    const error = StowageError.fromData({ code, message: 'what', mend: 'do' });
    const { status, body } = frontEnd.encodeError(error, 'id');
    const isOurs = ![Fault.Caller, Fault.Access, Fault.Missing].some((fault) => fault === error.row.fault);
    expect(status >= 500).toBe(isOurs);
    expect(JSON.parse(String(body))).toEqual({ code, message: 'what', mend: 'do' });
  });
});
