import { expect, it, vi } from 'vitest';
import { recordKey } from '../../domain/record.js';
import type { ScheduledActionRecord } from '../../domain/scaling.js';
import type { Desk, Turn } from '../desk.js';
import type { Activities } from './activities.js';
import { ScheduledRuns } from './scheduled-runs.js';

const created = Date.parse('2026-01-01T00:00:00Z');

function actionOf(actionName: string): ScheduledActionRecord {
  return {
    kind: 'scheduled-action',
    scope: { account: '111122223333', region: 'us-east-1' },
    name: `inference-component/a#${actionName}`,
    resourceId: 'inference-component/a',
    actionName,
    id: actionName,
    createdAt: created,
    schedule: 'rate(1 hour)',
    timezone: null,
    startAt: null,
    endAt: null,
    minCapacity: 2,
    maxCapacity: null,
    lastRunAt: null,
  };
}

it('one action that cannot run keeps no other from running, and is tried again', () => {
  const actions = ['broken', 'sound'].map(actionOf);
  const ran: string[] = [];
  let isBroken = true;
  const put = (record: ScheduledActionRecord) => {
    if (record.actionName === 'broken' && isBroken) throw new Error('not now');
    ran.push(record.actionName);
  };
  const get = (key: string) => ({ value: actions.find((one) => recordKey(one) === key) });
  const state = { get, put, scalableTarget: () => undefined };
  const log = { error: vi.fn() };
  const runs = new ScheduledRuns({ state, log } as unknown as Desk, {} as Activities);
  for (const action of actions) runs.note(action);
  runs.run({ wall: created + 3_600_000 } as Turn);
  expect(ran).toEqual(['sound']);
  expect(log.error).toHaveBeenCalledOnce();
  isBroken = false;
  runs.run({ wall: created + 3_600_500 } as Turn);
  expect(ran).toEqual(['sound', 'broken']);
});
