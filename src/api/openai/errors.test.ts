import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorTable, StowageError } from '../../domain/errors.js';
import { encodeError } from './errors.js';

/** Every code with made-up parameters. */
const every = Object.keys(errorTable).map((code) => [code as ErrorCode] as const);

function errorOf(code: ErrorCode): StowageError {
  return StowageError.fromData({ code, message: 'what happened', mend: 'what to do' });
}

describe('every row of the error table', () => {
  it.each(every)(
    '%s has a status, our code, a message with the mend, and says if trying again helps',
    (code) => {
      const { status, headers, body } = encodeError(errorOf(code));
      const { error } = JSON.parse(body) as { error: Record<string, unknown> };
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(Object.keys(error).sort()).toEqual(['code', 'message', 'param', 'type']);
      expect(error['message']).toBe(`${code}: what happened; mend: what to do`);
      expect(headers['x-should-retry']).toBe(String(errorTable[code].retryable));
      expect(headers['retry-after'] !== undefined).toBe(status === 429 || status === 503);
      expect(status >= 500).toBe(
        ['capacity', 'model', 'host', 'stowage'].includes(errorTable[code].fault) && status !== 429,
      );
    },
  );
});

it.each([
  ['CAP-101', 429, 'rate_limit_exceeded'],
  ['CTX-202', 400, 'context_length_exceeded'],
  ['REQ-211', 413, 'REQ-211'],
  ['REQ-215', 405, 'REQ-215'],
  ['KEY-402', 401, 'invalid_api_key'],
  ['KEY-403', 403, 'KEY-403'],
  ['NAME-404', 404, 'model_not_found'],
  ['COLD-502', 503, 'COLD-502'],
  ['COLD-504', 503, 'COLD-504'],
  ['RUN-306', 504, 'RUN-306'],
  ['INT-500', 500, 'INT-500'],
] as readonly (readonly [ErrorCode, number, string])[])(
  '%s is status %d and code %s',
  (code, status, openAiCode) => {
    const encoded = encodeError(errorOf(code));
    expect(encoded.status).toBe(status);
    expect(JSON.parse(encoded.body)).toMatchObject({ error: { code: openAiCode } });
  },
);

it('rounds Retry-After up to whole seconds, one at least', () => {
  const after = (retryAfterSeconds: number): string | undefined =>
    encodeError(StowageError.of('COLD-503', {}, { retryAfterSeconds })).headers['retry-after'];
  expect([after(0), after(0.2), after(2), after(2.1)]).toEqual(['1', '1', '2', '3']);
});

it('tells nothing of an error that is not of the table', () => {
  const { status, body } = encodeError(new TypeError('secret /path'));
  expect(status).toBe(500);
  expect(body).not.toContain('secret');
});
