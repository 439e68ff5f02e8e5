import { describe, expect, it } from 'vitest';
import { StowageError } from '../../domain/errors.js';
import { failureReasonOf, isHopeless, isReasonOf, restartDelayMs, withFailure } from './failures.js';
import { reconcileLimits as limits } from './limits.js';

const crash = StowageError.of('RUN-301', { copy: 'chat-1', reason: 'it was killed' }).toData();
const damaged = StowageError.of('MODEL-022', { file: 'm.gguf', problem: 'it is cut off' }).toData();
const late = StowageError.of('RUN-311', { copy: 'chat-1', seconds: 60, limit: 'X' }).toData();

describe('restarts', () => {
  it.each([
    [1, 0],
    [2, 500],
    [3, 1_000],
    [7, 16_000],
    [8, 30_000],
    [1_000, 30_000],
  ])('wait after failure %i in a row for %i ms', (failures, ms) => {
    expect(restartDelayMs(failures, 0, limits)).toBe(ms);
    expect(restartDelayMs(failures, 0.999, limits)).toBeGreaterThanOrEqual(ms * 0.8);
  });
});

describe('failures', () => {
  const failure = (generation: number, incarnation: number, error = crash) => ({
    generation,
    incarnation,
    incarnationNewest: incarnation,
    error,
  });

  it('of one generation add up, and begin again with the next', () => {
    const once = withFailure(null, failure(1, 1), 1_000, 0, limits);
    const twice = withFailure(once, failure(1, 2), 2_000, 0, limits);
    expect([once.count, twice.count, twice.restartAt]).toEqual([1, 2, 2_500]);
    expect(withFailure(twice, failure(2, 3, damaged), 3_000, 0, limits)).toMatchObject({
      generation: 2,
      count: 1,
    });
  });

  it('of copies that fell together count once, and what only people can mend is kept', () => {
    const first = withFailure(null, { ...failure(1, 3), incarnationNewest: 10 }, 1_000, 0, limits);
    const all = [1, 2, 4, 10].reduce(
      (before, incarnation) => withFailure(before, failure(1, incarnation), 1_001, 0, limits),
      withFailure(first, failure(1, 9, damaged), 1_001, 0, limits),
    );
    expect(all).toEqual({ ...first, error: damaged });
    expect(withFailure(all, failure(1, 11), 2_000, 0, limits)).toMatchObject({ count: 2, error: crash });
  });

  it('of a generation that is being replaced do not count, and make its next start wait', () => {
    const newer = withFailure(null, failure(2, 7), 1_000, 0, limits);
    expect(withFailure(newer, failure(1, 6, damaged), 2_000, 0, limits)).toEqual({
      ...newer,
      restartAt: 2_500,
    });
  });

  it.each([
    ['a crash', crash, 1, false],
    ['five crashes', crash, 5, true],
    ['a damaged file', damaged, 1, true],
    ['a start that took too long', late, 1, true],
  ])('%s: is it hopeless?', (_name, error, count, expected) => {
    expect(isHopeless({ generation: 1, count, incarnation: 1, restartAt: 0, error }, limits)).toBe(expected);
  });

  it('are told with their mend, within the bound of FailureReason', () => {
    expect(failureReasonOf(damaged)).toBe(
      'model file m.gguf is damaged: it is cut off. Mend: fetch the file again and compare its SHA-256',
    );
    expect(failureReasonOf({ ...damaged, message: 'x'.repeat(5_000) })).toHaveLength(1024);
    expect([isReasonOf('MODEL-022', failureReasonOf(damaged)), isReasonOf('CAP-106', 'rolled back')]).toEqual(
      [true, false],
    );
  });
});
