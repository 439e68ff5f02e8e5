import { describe, expect, it } from 'vitest';
import { encodeError } from '../../api/openai/errors.js';
import { errorTable, StowageError } from '../../domain/errors.js';
import type { ErrorCode } from '../../domain/errors.js';
import type { CallFailure } from '../../toolkit/benchmark/inference-client.js';
import { errorOfCall } from './call-failure.js';

const failure = (facts: Partial<CallFailure>): CallFailure => ({
  kind: 'x',
  status: null,
  message: '',
  retryAfterSeconds: null,
  ...facts,
});

describe('a failed call', () => {
  it('that a server of ours refused is the server’s own error again, of any row', () => {
    for (const code of Object.keys(errorTable) as ErrorCode[]) {
      for (const reason of [{}, { reason: 'because (of this)' }]) {
        const sent = StowageError.fromData({ code, message: 'what; happened', mend: 'do; this', ...reason });
        const { error } = JSON.parse(encodeError(sent).body) as { error: { message: string } };
        const read = errorOfCall(failure({ kind: code, status: 400, message: error.message }), 'http://h');
        expect(read.toData()).toEqual({ code, message: 'what; happened', mend: 'do; this', ...reason });
      }
    }
  });

  it.each([
    [{ kind: 'ECONNREFUSED' }, 'no answer from http://h: nothing listens there'],
    [{ kind: 'ENOTFOUND' }, 'no answer from http://h: that name is not known'],
    [{ kind: 'timeout', message: 'no end within 3 s' }, 'no answer from http://h: no end within 3 s'],
    [{ kind: 'HTTP 502', status: 502, message: 'bad' }, 'no answer from http://h: it answered 502, bad'],
    [{ kind: 'HTTP 502', status: 502 }, 'no answer from http://h: it answered 502, without a word'],
  ])('otherwise says what came, as %j', (facts, message) => {
    const error = errorOfCall(failure(facts), 'http://h');
    expect([error.code, error.message]).toEqual(['HOST-607', message]);
  });
});
