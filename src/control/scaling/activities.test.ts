import { expect, it, vi } from 'vitest';
import {
  ActivityStatus,
  ScalableDimension,
  type ScalableTargetRecord,
  type ScalingActivityRecord,
} from '../../domain/scaling.js';
import type { Desk, Turn } from '../desk.js';
import { Activities } from './activities.js';

const scope = { account: '111122223333', region: 'us-east-1' };

function activityOf(number: number, endedAt: number | null): ScalingActivityRecord {
  return {
    kind: 'scaling-activity',
    scope,
    name: `activity-${number}`,
    resourceId: `inference-component/c${number}`,
    dimension: ScalableDimension.CopyCount,
    startedAt: number,
    endedAt,
    description: '',
    cause: '',
    status: ActivityStatus.InProgress,
    statusMessage: '',
    details: null,
    notScaled: [],
    capacity: 1,
  };
}

it('a full account whose activities are all open is not looked through for each new one', () => {
  const all = vi.fn(() => [{ value: activityOf(1, 2) }]);
  const drop = vi.fn();
  const state = {
    allScalableTargets: () => [],
    activitiesOf: () => [],
    scalingActivities: all,
    put: () => undefined,
    drop,
  };
  const desk = { state, random: { id: () => 'new' } } as unknown as Desk;
  const activities = new Activities(desk);
  const target = {
    scope,
    name: 'inference-component/new',
    dimension: ScalableDimension.CopyCount,
  } as ScalableTargetRecord;
  const begin = () =>
    activities.begin({ wall: 1 } as Turn, target, { capacity: 1, policy: null, cause: '', notScaled: [] });
  for (let number = 0; number < 10_000; number++) activities.note(null, activityOf(number, null));
  begin();
  expect(all).not.toHaveBeenCalled();
  activities.note(activityOf(1, null), activityOf(1, 2));
  begin();
  expect(drop).toHaveBeenCalledOnce();
});
