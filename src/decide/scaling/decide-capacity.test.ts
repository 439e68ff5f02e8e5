import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nothingSuspended, type StepScalingConfiguration } from '../../domain/scaling.js';
import { decideCapacity, idleMsDefault } from './decide-capacity.js';
import type { PolicySituation, ScalingSituation, TargetTrackingSituation } from './situation.js';
import { adjusted, stepFor } from './step-policy.js';

const start = 1_700_000_000_000;
const quiet: ScalingSituation = {
  now: start,
  min: 0,
  max: 10,
  suspended: nothingSuspended,
  capacity: 2,
  ready: 2,
  held: 0,
  idleMs: 0,
  lastOutAt: null,
  lastInAt: null,
  policies: [],
};

const tracking = (points: readonly (number | null)[], more: Partial<TargetTrackingSituation> = {}) =>
  ({
    kind: 'target-tracking',
    name: 'follow',
    targetValue: 4,
    isPerCapacity: true,
    points,
    isMissingNothing: true,
    periodSeconds: 10,
    scaleOutCooldownMs: 300_000,
    scaleInCooldownMs: 300_000,
    isScaleInDisabled: false,
    alarms: { high: 'TargetTracking-High', low: 'TargetTracking-Low' },
    ...more,
  }) satisfies TargetTrackingSituation;

const times = (count: number, value: number | null) => Array.from({ length: count }, () => value);

const step = (
  configuration: StepScalingConfiguration,
  value: number | null,
  threshold = 10,
  since = start - 120_000,
): PolicySituation => ({
  kind: 'step',
  name: 'steps',
  configuration,
  ringing: [{ alarm: 'loud', since, threshold, value }],
});

describe('target tracking', () => {
  const decide = (policy: TargetTrackingSituation, more: Partial<ScalingSituation> = {}) =>
    decideCapacity({ ...quiet, ...more, policies: [policy] });

  it.each([
    ['three points above', [9, 9, 9], {}, 5],
    ['two of three', [4, 9, 9], {}, 2],
    ['a missing point', [9, null, 9], {}, 2],
    ['exactly the target', [4, 4, 4], {}, 2],
    ['more than allowed', [90, 90, 90], {}, 10],
    ['points of one copy while four come', [20, 20, 20], { capacity: 5, ready: 1 }, 5],
    ['more than those that come can take', [30, 30, 30], { capacity: 5, ready: 1 }, 8],
  ])('out: %s', (_, points, more, expected) => {
    expect(decide(tracking(points), more).capacity).toBe(expected);
  });

  it('stays where its alarm for more was silenced, and keeps what it needs', () => {
    const silenced = { isScaleOutDisabled: true };
    expect(decide(tracking([9, 9, 9], silenced)).capacity).toBe(2);
    expect(decide(tracking(times(90, 1), silenced)).capacity).toBe(1);
  });

  it.each([
    ['a quarter of an hour low', times(90, 1), {}, 1],
    ['one point short', times(89, 1), {}, 2],
    ['one point at nine tenths', [...times(89, 1), 3.6], {}, 2],
    ['what the most of it needs', [...times(45, 1), 3, ...times(44, 1)], { capacity: 4, ready: 2 }, 2],
    ['to zero when nothing came', times(90, null), { idleMs: 900_000 }, 0],
    ['not to zero with one request', [...times(89, 0), 0.1], { idleMs: 10_000 }, 1],
    ['not to zero when min forbids it', times(90, 0), { min: 1, idleMs: 900_000 }, 1],
    ['not to zero while a request is open', times(90, 0), { idleMs: 0 }, 1],
    [
      'not to zero just after it woke',
      times(90, 0),
      { capacity: 1, idleMs: 900_000, lastOutAt: start - 800_000 },
      1,
    ],
    ['not during the cooldown', times(90, 1), { lastInAt: start - 299_000 }, 2],
    ['after the cooldown', times(90, 1), { lastInAt: start - 300_000 }, 1],
  ])('in: %s', (_, points, more, expected) => {
    expect(decide(tracking(points), more).capacity).toBe(expected);
  });

  it('counts each point against the copies that it was measured on', () => {
    const points = [20, 20, 20];
    expect(decide(tracking(points, { capacities: [1, 1, 1] }), { capacity: 5, ready: 5 }).capacity).toBe(5);
  });

  it('counts what was added as a part of the next wish while it takes effect', () => {
    const policy = tracking([6, 6, 6], { isPerCapacity: false });
    const raised = { capacity: 3, ready: 3, lastOutAt: start - 10_000, lastOutFrom: 2 };
    expect(decide(policy, raised).capacity).toBe(3);
    expect(decide(tracking([9, 9, 9], { isPerCapacity: false }), raised).capacity).toBe(5);
    expect(decide(policy, { ...raised, lastOutAt: start - 300_000 }).capacity).toBe(5);
  });

  it('knows nothing of missing points of a metric that it does not fill itself', () => {
    expect(decide(tracking(times(90, null), { isMissingNothing: false })).capacity).toBe(2);
  });

  it('says in the words of the service why', () => {
    expect(decide(tracking([9, 9, 9]))).toMatchObject({
      policy: 'follow',
      cause: 'monitor alarm TargetTracking-High in state ALARM triggered policy follow',
      details: '9 for a target of 4 needs 5',
    });
  });
});

describe('step scaling', () => {
  const steps: StepScalingConfiguration = {
    adjustmentType: 'ChangeInCapacity',
    cooldown: 60,
    stepAdjustments: [
      { metricIntervalUpperBound: -5, scalingAdjustment: -2 },
      { metricIntervalLowerBound: -5, metricIntervalUpperBound: 0, scalingAdjustment: -1 },
      { metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 1 },
      { metricIntervalLowerBound: 10, scalingAdjustment: 4 },
    ],
  };

  it.each([
    [10, 1],
    [19.9, 1],
    [20, 4],
    [9.9, -1],
    [5, -2],
    [5.1, -1],
    [-100, -2],
  ])('a value of %d at a threshold of 10 chooses %d', (value, expected) => {
    expect(stepFor(value - 10, steps.stepAdjustments!)?.scalingAdjustment).toBe(expected);
  });

  it.each([
    [{ adjustmentType: 'PercentChangeInCapacity' } as const, 10, 25, 12],
    [{ adjustmentType: 'PercentChangeInCapacity' } as const, 2, 10, 3],
    [{ adjustmentType: 'PercentChangeInCapacity' } as const, 2, -10, 1],
    [{ adjustmentType: 'PercentChangeInCapacity' } as const, 10, -25, 8],
    [{ adjustmentType: 'PercentChangeInCapacity', minAdjustmentMagnitude: 4 } as const, 10, 10, 14],
    [{ adjustmentType: 'ExactCapacity' } as const, 10, 3, 3],
    [{}, 1, -4, 0],
  ])('%j of %d by %d is %d', (configuration, capacity, adjustment, expected) => {
    expect(adjusted(capacity, adjustment, configuration)).toBe(expected);
  });

  it('counts the threshold itself as below for an alarm that rings below', () => {
    expect(stepFor(0, steps.stepAdjustments!)?.scalingAdjustment).toBe(1);
    expect(stepFor(0, steps.stepAdjustments!, false)?.scalingAdjustment).toBe(-1);
  });

  it('lets only a larger wish through during the cooldown, and counts what was added', () => {
    const raised = { capacity: 3, lastOutAt: start - 30_000, lastOutFrom: 2 };
    const decide = (value: number) =>
      decideCapacity({ ...quiet, ...raised, policies: [step(steps, value)] }).capacity;
    expect(decide(12)).toBe(3);
    expect(decide(25)).toBe(6);
  });

  it('hears an alarm that rings on once a minute, and a new one at once', () => {
    const calls = { ...steps, cooldown: 0 };
    const decide = (since: number, lastOutAt: number) =>
      decideCapacity({ ...quiet, lastOutAt, lastOutFrom: 1, policies: [step(calls, 12, 10, since)] })
        .capacity;
    expect(decide(start - 90_000, start - 59_000)).toBe(2);
    expect(decide(start - 90_000, start - 60_000)).toBe(3);
    expect(decide(start - 10_000, start - 59_000)).toBe(3);
  });
});

describe('the capacity of a target', () => {
  it('wakes for requests that wait, whatever the policies say, unless that is suspended', () => {
    const asleep = { ...quiet, capacity: 0, ready: 0, held: 3, policies: [tracking(times(90, 0))] };
    expect(decideCapacity(asleep)).toMatchObject({
      capacity: 1,
      policy: 'wake',
      cause: '3 requests wait for a copy',
    });
    const suspended = { ...nothingSuspended, dynamicScalingOutSuspended: true };
    expect(decideCapacity({ ...asleep, suspended }).capacity).toBe(0);
    expect(decideCapacity({ ...asleep, max: 0 }).capacity).toBe(0);
  });

  it('lets a component without policies go after a quarter of an hour without a request', () => {
    const idle = { ...quiet, idleMs: idleMsDefault };
    expect(decideCapacity(idle)).toMatchObject({
      capacity: 0,
      policy: 'idle',
      cause: 'no request came for 900 s',
    });
    expect(decideCapacity({ ...idle, min: 1 }).capacity).toBe(2);
    expect(decideCapacity({ ...idle, idleMs: idleMsDefault - 1 }).capacity).toBe(2);
    expect(decideCapacity({ ...idle, lastOutAt: start - 1_000, capacity: 1 }).capacity).toBe(1);
  });

  it('takes the largest wish, and lowers by target tracking only when all of it agrees', () => {
    const more = { ...tracking([6, 6, 6]), name: 'more' };
    const most = { ...tracking([9, 9, 9]), name: 'most' };
    expect(decideCapacity({ ...quiet, policies: [more, most] })).toMatchObject({
      capacity: 5,
      policy: 'most',
    });
    const low = tracking(times(90, 1));
    expect(
      decideCapacity({ ...quiet, policies: [low, { ...tracking(times(90, 3.8)), name: 'b' }] }).capacity,
    ).toBe(2);
    expect(
      decideCapacity({ ...quiet, policies: [low, { ...tracking(times(90, 3.8)), isScaleInDisabled: true }] })
        .capacity,
    ).toBe(2);
    expect(
      decideCapacity({ ...quiet, policies: [low, { ...tracking(times(90, 1.5)), isScaleInDisabled: true }] })
        .capacity,
    ).toBe(1);
  });

  const lower = step({ stepAdjustments: [{ metricIntervalUpperBound: 0, scalingAdjustment: -1 }] }, 1);
  it.each([
    ['AlreadyAtMaxCapacity', { capacity: 10, ready: 10, policies: [tracking([9, 9, 9])] }],
    ['AlreadyAtMinCapacity', { min: 2, policies: [lower] }],
    [
      'AlreadyAtDesiredCapacity',
      {
        policies: [
          step({ adjustmentType: 'ExactCapacity', stepAdjustments: [{ scalingAdjustment: 2 }] }, 12),
        ],
      },
    ],
    ['AutoScalingAnticipatedFlapping', { policies: [lower, tracking([3.5, 3.5, 3.5])] }],
    ['TargetServicePutResourceAsUnscalable', { isUnscalable: true, policies: [lower] }],
  ])('is not changed, and says %s', (code, more) => {
    const situation = { ...quiet, ...more };
    const decision = decideCapacity(situation);
    expect(decision.capacity).toBe(situation.capacity);
    expect(decision.notScaled.map((reason) => reason.code)).toEqual([code]);
  });

  it('asks for no more of what failed, but for less, and tries again from zero', () => {
    const failed = { ...quiet, isFailed: true };
    expect(decideCapacity({ ...failed, policies: [tracking([9, 9, 9])] }).capacity).toBe(2);
    expect(decideCapacity({ ...failed, max: 1 }).capacity).toBe(1);
    expect(decideCapacity({ ...failed, capacity: 0, held: 1 }).capacity).toBe(1);
  });

  it('brings a capacity within its bounds, and holds still where scaling is suspended', () => {
    expect(decideCapacity({ ...quiet, min: 3 })).toMatchObject({ capacity: 3, policy: 'bounds' });
    expect(decideCapacity({ ...quiet, max: 1 })).toMatchObject({ capacity: 1, policy: 'bounds' });
    const out = { ...nothingSuspended, dynamicScalingOutSuspended: true };
    expect(decideCapacity({ ...quiet, suspended: out, policies: [tracking([9, 9, 9])] }).capacity).toBe(2);
    const into = { ...nothingSuspended, dynamicScalingInSuspended: true };
    expect(decideCapacity({ ...quiet, suspended: into, policies: [lower] }).capacity).toBe(2);
  });

  it('is monotone in the load', () => {
    const load = fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { minLength: 90, maxLength: 90 });
    const targets = fc.array(fc.double({ min: 0.5, max: 10, noNaN: true }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        load,
        targets,
        fc.nat(12),
        fc.double({ min: 1, max: 3, noNaN: true }),
        (points, values, capacity, more) => {
          const at = (scale: number) =>
            decideCapacity({
              ...quiet,
              capacity: Math.min(10, capacity),
              ready: Math.min(10, capacity),
              idleMs: 20_000,
              policies: values.map((targetValue) =>
                tracking(
                  points.map((one) => one * scale),
                  { targetValue },
                ),
              ),
            }).capacity;
          expect(at(more)).toBeGreaterThanOrEqual(at(1));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
