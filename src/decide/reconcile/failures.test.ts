import { describe, expect, it } from 'vitest';
import { StowageError } from '../../domain/errors.js';
import { failureReasonOf, isHopeless, restartDelayMs, withFailure } from './failures.js';
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
  it('of one generation add up, and begin again with the next', () => {
    const once = withFailure(null, { generation: 1, error: crash }, 1_000, 0, limits);
    const twice = withFailure(once, { generation: 1, error: crash }, 2_000, 0, limits);
    expect([once.count, twice.count, twice.restartAt]).toEqual([1, 2, 2_500]);
    expect(withFailure(twice, { generation: 2, error: damaged }, 3_000, 0, limits)).toMatchObject({
      generation: 2,
      count: 1,
    });
  });

  it('of a generation that was replaced do not count', () => {
    const newer = withFailure(null, { generation: 2, error: crash }, 1_000, 0, limits);
    expect(withFailure(newer, { generation: 1, error: damaged }, 2_000, 0, limits)).toBe(newer);
  });

  it.each([
    ['a crash', crash, 1, false],
    ['five crashes', crash, 5, true],
    ['a damaged file', damaged, 1, true],
    ['a start that took too long', late, 1, true],
  ])('%s: is it hopeless?', (_name, error, count, expected) => {
    expect(isHopeless({ generation: 1, count, restartAt: 0, error }, limits)).toBe(expected);
  });

  it('are told with their mend, within the bound of FailureReason', () => {
    expect(failureReasonOf(damaged)).toBe(
      'model file m.gguf is damaged: it is cut off. Fetch the file again and compare its SHA-256.',
    );
    expect(failureReasonOf({ ...damaged, message: 'x'.repeat(5_000) })).toHaveLength(1024);
  });
});
