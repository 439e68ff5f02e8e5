import { describe, expect, it, vi } from 'vitest';
import { CopyState, type CopyReport } from '../../domain/copy.js';
import type { CopyRecord } from '../../domain/record.js';
import { componentKey, WorkloadKind } from '../../domain/component.js';
import type { Desk, Turn } from '../desk.js';
import type { LoadBoard } from './load-board.js';
import { Evictions } from './step-evictions.js';
import { ToldToSleep } from './told-to-sleep.js';
import { WakeLadder } from './wake-ladder.js';

const scope = { account: '111122223333', region: 'us-east-1' };
const component = componentKey({ scope, endpoint: 'shop', name: 'chat', kind: WorkloadKind.Component });
const record = {
  kind: 'copy',
  copy: { id: 'chat-0', incarnation: 1 },
  component,
  state: CopyState.Ready,
  since: 0,
  wish: 'run',
} as unknown as CopyRecord;

describe('an idle copy where memory is short', () => {
  const report = { running: 0, waiting: 0, memoryBytes: 2 ** 29, isAsleep: false };
  const sleep = vi.fn();
  const desk = {
    state: { instances: () => [{ value: { host: 'h', id: 'i' } }], copiesOn: () => [{ value: record }] },
    copies: { of: () => ({ report: report as unknown as CopyReport, busyAt: 0 }) },
    log: { info: () => undefined },
    fleet: { sleep },
  } as unknown as Desk;
  const board = { of: () => ({ points: [] }) } as unknown as LoadBoard;

  it('that does not sleep when it is told is not told every five seconds', () => {
    const ladder = new WakeLadder(desk, board, new ToldToSleep());
    const hosts = [{ id: 'h', memoryBytesTotal: 100, memoryBytesAvailable: 1 }];
    const step = (now: number) => ladder.step({ now, wall: now, snapshot: { hosts } } as unknown as Turn);
    for (let now = 3_600_000; now < 3_660_000; now += 5_000) step(now);
    expect(sleep).toHaveBeenCalledTimes(1);
    step(3_665_000);
    expect(sleep).toHaveBeenCalledTimes(2);
    Object.assign(report, { isAsleep: true, memoryBytes: 2 ** 28 });
    step(3_670_000);
    Object.assign(report, { isAsleep: false, memoryBytes: 2 ** 29 });
    step(3_675_000);
    expect(sleep).toHaveBeenCalledTimes(3);
  });
});

it('a turn in which nobody lacks room looks at the copies that changed, and at no other', () => {
  const copiesOf = vi.fn(() => [{ value: record }]);
  const state = { copies: () => [{ value: record }], copiesOf };
  const line = { first: new Set(), behind: new Set() };
  const desk = { state, line, held: new Map() } as unknown as Desk;
  const observe = vi.fn();
  const evictions = new Evictions(
    desk,
    {} as LoadBoard,
    { observe } as never,
    { giveWay: () => undefined },
    () => false,
    new ToldToSleep(),
  );
  for (let turn = 0; turn < 5; turn++) evictions.step({ now: turn, wall: turn } as Turn);
  expect(observe).toHaveBeenCalledTimes(1);
  evictions.note(record);
  evictions.step({ now: 6, wall: 6 } as Turn);
  expect(observe).toHaveBeenLastCalledWith(component, [record], 0, 6);
  expect(copiesOf).toHaveBeenCalledTimes(2);
});
