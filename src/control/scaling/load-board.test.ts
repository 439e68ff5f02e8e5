import { beforeEach, describe, expect, it } from 'vitest';
import type { LatencyCounts, LoadReport, LoadSeries } from '../../contracts/load-reports.js';
import { componentKey, WorkloadKind } from '../../domain/component.js';
import { LoadBoard } from './load-board.js';

const start = 1_700_000_000_000;
const hourMs = 3_600_000;
const scope = { account: '111122223333', region: 'us-east-1' };
const chat = componentKey({ scope, endpoint: 'shop', name: 'chat', kind: WorkloadKind.Component });
const none: LatencyCounts = {
  count: 0,
  sumMicroseconds: 0,
  minMicroseconds: 0,
  maxMicroseconds: 0,
  buckets: [],
};

function seriesOf(inFlight: number): LoadSeries {
  return {
    scope,
    endpoint: 'shop',
    variant: 'main',
    component: 'chat',
    invocations: inFlight,
    errors4xx: 0,
    errors5xx: 0,
    modelErrors: 0,
    noCapacity: 0,
    modelLatency: none,
    overheadLatency: none,
    concurrencyMin: inFlight,
    concurrencyMax: inFlight,
    inFlight,
    queued: 0,
    held: 0,
    promptTokens: 0,
    cachedTokens: 0,
    generatedTokens: 0,
    firstTokenLatency: none,
    callers: [],
  };
}

describe('the load board', () => {
  let now = start;
  let send: (report: LoadReport) => void = () => undefined;
  let board: LoadBoard;

  beforeEach(() => {
    now = start;
    const onReport = (listener: typeof send) => {
      send = listener;
      return () => undefined;
    };
    board = new LoadBoard(
      { onReport },
      () => now,
      () => undefined,
    );
  });

  /** `at`: serving's wall clock. */
  function report(inFlight: number, at: number): void {
    send({ at, series: [seriesOf(inFlight)] });
  }

  it.each([
    ['set back', -hourMs],
    ['put forward', hourMs],
  ])('hears a serving process whose clock was %s', (_, aside) => {
    report(1, now + aside);
    expect(board.of(chat, now + 1_000)).toMatchObject({ inFlight: 1, idleSince: null });
    now += 10_000;
    report(0, now + aside);
    expect(board.of(chat, now)).toMatchObject({ inFlight: 0, idleSince: now });
    const grid = board.of(chat, now).points.map(({ at }) => at);
    expect(grid).toEqual([start + 10_000, start + 20_000]);
  });

  it('takes silence for the end of requests, but none of when it could not hear', () => {
    report(1, now);
    now += 2_000;
    expect(board.of(chat, now).idleSince).toBeNull();
    now += 28_000;
    board.stoodStill();
    expect(board.of(chat, now + 2_000)).toMatchObject({ inFlight: 1, idleSince: null });
    expect(board.of(chat, now + 4_000)).toMatchObject({ inFlight: 0, idleSince: start });
  });

  it('counts nothing of before a component was set to zero as open, nor as ended, until the next report', () => {
    report(1, now);
    board.outdate(chat);
    expect(board.of(chat, now + 1_000)).toMatchObject({ inFlight: 0, idleSince: null });
    expect(board.of(chat, now + 1_000).points).toHaveLength(1);
    now += 1_000;
    report(1, now);
    expect(board.of(chat, now)).toMatchObject({ inFlight: 1, idleSince: null });
    report(0, now);
    board.outdate(chat);
    expect(board.of(chat, now + 1_000).idleSince).toBe(now);
  });

  it('keeps what came in the last hour, however seldom something comes', () => {
    for (const minutes of [0, 40, 80, 120]) {
      now = start + minutes * 60_000;
      report(1, now);
    }
    expect(board.of(chat, now).points).toHaveLength(2);
    expect(board.of(chat, now + 2 * hourMs).points).toEqual([]);
    board.forget(chat);
    expect(board.of(chat, now).idleSince).toBe(start);
  });
});
