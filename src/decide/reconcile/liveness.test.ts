import { describe, expect, it } from 'vitest';
import { CopyState } from '../../domain/copy.js';
import { reconcileLimits as limits } from './limits.js';
import { type DrainingCopy, type WatchedCopy, whyDrained, whyHung } from './liveness.js';

const now = 1_000_000;

function copy(change: Partial<WatchedCopy> = {}): WatchedCopy {
  return {
    id: 'chat-1',
    state: CopyState.Ready,
    since: 0,
    report: { running: 0, waiting: 0, slowestStepMs: 0 },
    heardAt: now,
    progressAt: now,
    isFetching: false,
    phaseSince: 0,
    startup: { downloadSecondsMax: 300, loadSecondsMax: 100 },
    ...change,
  };
}

describe('a copy', () => {
  it.each<[string, Partial<WatchedCopy>, string | null]>([
    ['that is ready and was heard 4.9 s ago lives', { heardAt: now - 4_900 }, null],
    ['that is ready and was heard 5 s ago hangs', { heardAt: now - 5_000 }, 'RUN-303'],
    [
      'with work and no step for 60 s hangs',
      { report: { running: 0, waiting: 1, slowestStepMs: 0 }, progressAt: now - 60_000 },
      'RUN-303',
    ],
    [
      'whose steps take 100 ms and that made none for 8 s hangs',
      { report: { running: 1, waiting: 0, slowestStepMs: 100 }, progressAt: now - 8_000 },
      'RUN-303',
    ],
    [
      'whose steps take 2 s is given 40 s for one',
      { report: { running: 1, waiting: 0, slowestStepMs: 2_000 }, progressAt: now - 39_000 },
      null,
    ],
    [
      'that wakes may take as long as it may load',
      {
        report: { running: 0, waiting: 1, slowestStepMs: 100, isAsleep: true },
        progressAt: now - 99_000,
      },
      null,
    ],
    [
      'that wakes for longer hangs',
      {
        report: { running: 0, waiting: 1, slowestStepMs: 100, isAsleep: true },
        progressAt: now - 100_000,
      },
      'RUN-303',
    ],
    ['without work needs no steps', { progressAt: now - 90_000 }, null],
    ['may load within its limit', { state: CopyState.Loading, phaseSince: now - 99_000, heardAt: 0 }, null],
    ['that loads for longer failed', { state: CopyState.Loading, phaseSince: now - 100_000 }, 'RUN-311'],
    [
      'may fetch its model for longer than it may load',
      { state: CopyState.Loading, isFetching: true, phaseSince: now - 299_000 },
      null,
    ],
    [
      'that fetches for longer than it may failed',
      { state: CopyState.Loading, isFetching: true, phaseSince: now - 300_000 },
      'RUN-311',
    ],
    ['that never answers did not start', { state: CopyState.Starting, since: now - 30_000 }, 'RUN-304'],
    ['that drains hangs like any other', { state: CopyState.Draining, heardAt: now - 5_000 }, 'RUN-303'],
    ['that has ended hangs no more', { state: CopyState.Exited, heardAt: 0 }, null],
  ])('%s', (_name, change, code) => {
    expect(whyHung(copy(change), 0, now, limits)?.code ?? null).toBe(code);
  });

  it('is not judged by a time in which the observer did not look', () => {
    const silent = copy({ heardAt: now - 20_000 });
    expect(whyHung(silent, now - 4_000, now, limits)).toBeNull();
    expect(whyHung(silent, now - 5_000, now, limits)?.code).toBe('RUN-303');
  });

  it('names the limit to raise', () => {
    const late = copy({ state: CopyState.Loading, isFetching: true, phaseSince: now - 300_000 });
    expect(whyHung(late, 0, now, limits)?.message).toBe(
      'copy chat-1 was not ready within 300 s (ModelDataDownloadTimeoutInSeconds)',
    );
  });
});

describe('a drain', () => {
  const draining: DrainingCopy = {
    state: CopyState.Draining,
    since: now - 10_000,
    report: { running: 0, waiting: 0, slowestStepMs: 0 },
    heardAt: now,
    drainMsMax: 60_000,
  };
  it.each<[string, Partial<DrainingCopy>, boolean]>([
    ['of an idle copy is over', {}, true],
    ['goes on while there are requests', { report: { running: 1, waiting: 0, slowestStepMs: 0 } }, false],
    ['does not believe a report from before it', { since: now - 2_000, heardAt: now - 2_001 }, false],
    ['lasts a moment at least, because requests may be on their way', { since: now - 1_000 }, false],
    [
      'is over at its limit',
      { drainMsMax: 10_000, report: { running: 1, waiting: 0, slowestStepMs: 0 } },
      true,
    ],
    ['has not begun before the copy says so', { state: CopyState.Ready }, false],
  ])('%s', (_name, change, isOver) => {
    expect(whyDrained({ ...draining, ...change }, now, limits) !== null).toBe(isOver);
  });
});
