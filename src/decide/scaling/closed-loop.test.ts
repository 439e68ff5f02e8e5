/** The decision in a loop with what it decides about: the same load all the time, copies that take their time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nothingSuspended, type StepScalingConfiguration } from '../../domain/scaling.js';
import { decideCapacity } from './decide-capacity.js';
import type { PolicySituation, TargetTrackingSituation } from './situation.js';
import { lowPoints } from './target-tracking.js';

const start = 1_700_000_000_000;

const tracking = (points: readonly (number | null)[], more: Partial<TargetTrackingSituation>) =>
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
    ...more,
  }) satisfies TargetTrackingSituation;

/** One alarm of a step policy on a metric of the closed loop. */
interface LoopAlarm {
  readonly isPerCapacity: boolean;
  readonly isAbove: boolean;
  readonly threshold: number;
  readonly periods: number;
  readonly configuration: StepScalingConfiguration;
}

interface LoopWish {
  readonly load: number;
  readonly min: number;
  readonly max: number;
  readonly capacity: number;
  readonly startTicks: number;
  readonly tracking: readonly Partial<TargetTrackingSituation>[];
  readonly alarms: readonly LoopAlarm[];
}

/** Constant load on a target for so many tens of seconds: the capacity at the end of each. */
function closedLoop(wish: LoopWish, ticks: number): readonly number[] {
  const { load, min, max, startTicks } = wish;
  const capacities: number[] = [];
  const points: { value: number; on: number }[] = [];
  const ringsSince = wish.alarms.map((): number | null => null);
  let capacity = Math.min(max, Math.max(min, wish.capacity));
  let lastOutAt: number | null = null;
  let lastInAt: number | null = null;
  let lastOutFrom: number | null = null;
  const valueOf = (alarm: LoopAlarm, index: number) =>
    alarm.isPerCapacity ? (points[index]?.value ?? null) : load;
  for (let tick = 0; tick < ticks; tick++) {
    const now = start + tick * 10_000;
    // A copy is ready some ticks after it was asked for, and gone at once.
    const ready = Math.min(capacity, ...capacities.slice(-startTicks - 1));
    points.push({ value: load / Math.max(1, ready), on: ready });
    const steps = wish.alarms.map((alarm, index): PolicySituation => {
      const isBreaching = (value: number | null) =>
        value !== null && (alarm.isAbove ? value >= alarm.threshold : value <= alarm.threshold);
      const last = Array.from({ length: alarm.periods }, (_, back) =>
        valueOf(alarm, points.length - 1 - back),
      );
      const rings = points.length >= alarm.periods && last.every(isBreaching);
      ringsSince[index] = rings ? (ringsSince[index] ?? now) : null;
      const { threshold, configuration, isAbove, isPerCapacity } = alarm;
      const name = `alarm-${index}`;
      const value = valueOf(alarm, points.length - 1);
      const since = ringsSince[index];
      const measuredOn = points.at(-1)!.on;
      return {
        kind: 'step',
        name,
        configuration,
        ringing: since === null ? [] : [{ alarm: name, since, threshold, isAbove, value }],
        watching:
          since === null
            ? [{ alarm: name, threshold, value, isAbove, isPerCapacity, isAtThreshold: true, measuredOn }]
            : [],
      };
    });
    const recent = points.slice(-lowPoints(10));
    const values = recent.map(({ value }) => value);
    const on = recent.map((point) => point.on);
    const policies = [
      ...wish.tracking.map((one, index) => ({
        ...tracking(values, one),
        name: `tracking-${index}`,
        capacities: on,
      })),
      ...steps,
    ];
    const held = capacity === 0 && load > 0 ? 1 : 0;
    const idleMs = load > 0 ? 0 : tick * 10_000;
    const situation = {
      suspended: nothingSuspended,
      now,
      min,
      max,
      capacity,
      ready,
      held,
      idleMs,
      lastOutAt,
      lastInAt,
      lastOutFrom,
    };
    const decision = decideCapacity({ ...situation, policies });
    if (decision.capacity > capacity) [lastOutAt, lastOutFrom] = [now, capacity];
    if (decision.capacity < capacity) lastInAt = now;
    capacity = decision.capacity;
    capacities.push(capacity);
  }
  return capacities;
}

const cooldown = fc.constantFrom(0, 30, 60, 300);
const alarms = fc.record<LoopAlarm>({
  isPerCapacity: fc.boolean(),
  isAbove: fc.boolean(),
  threshold: fc.double({ min: 0.2, max: 30, noNaN: true }),
  periods: fc.integer({ min: 1, max: 6 }),
  configuration: fc.record<StepScalingConfiguration>({
    adjustmentType: fc.constantFrom('ChangeInCapacity', 'PercentChangeInCapacity', 'ExactCapacity'),
    cooldown,
    minAdjustmentMagnitude: fc.nat(2),
    stepAdjustments: fc.integer({ min: -60, max: 60 }).map((scalingAdjustment) => [{ scalingAdjustment }]),
  }),
});
const loops = fc.record<LoopWish>({
  load: fc.oneof(fc.constant(0), fc.double({ min: 0.05, max: 60, noNaN: true })),
  min: fc.nat(2),
  max: fc.integer({ min: 2, max: 20 }),
  capacity: fc.nat(20),
  startTicks: fc.nat(12),
  tracking: fc.array(
    fc.record<Partial<TargetTrackingSituation>>({
      targetValue: fc.double({ min: 0.3, max: 12, noNaN: true }),
      isScaleInDisabled: fc.boolean(),
      scaleOutCooldownMs: cooldown.map((seconds) => seconds * 1000),
      scaleInCooldownMs: cooldown.map((seconds) => seconds * 1000),
    }),
    { maxLength: 3 },
  ),
  alarms: fc.array(alarms, { maxLength: 3 }),
});

describe('a closed loop under constant load', () => {
  it('stays within its bounds and comes to rest, for any set of policies', () => {
    fc.assert(
      fc.property(loops, (wish) => {
        const capacities = closedLoop(wish, 900);
        expect(Math.min(...capacities)).toBeGreaterThanOrEqual(wish.min);
        expect(Math.max(...capacities)).toBeLessThanOrEqual(wish.max);
        const last = capacities.slice(540);
        const changes = last.flatMap((one, index) =>
          index === 0 ? [] : [Math.sign(one - last[index - 1]!)],
        );
        const directions = new Set(changes.filter((one) => one !== 0));
        expect(directions.size).toBeLessThan(2);
      }),
      { numRuns: 100 },
    );
  });

  it('an alarm that asks for an exact capacity keeps target tracking from going below it', () => {
    const configuration = {
      adjustmentType: 'ExactCapacity',
      cooldown: 0,
      stepAdjustments: [{ scalingAdjustment: 2 }],
    } as const;
    const alarm = { isPerCapacity: true, isAbove: true, threshold: 0.2, periods: 1, configuration };
    const follow = { targetValue: 0.3, scaleOutCooldownMs: 0, scaleInCooldownMs: 0 };
    const bounds = { load: 0.2, min: 0, max: 2, capacity: 0, startTicks: 0 };
    const capacities = closedLoop({ ...bounds, tracking: [follow], alarms: [alarm] }, 300);
    expect(new Set(capacities.slice(10))).toEqual(new Set([2]));
  });

  it('is enough for the load once target tracking has come to rest, and no more', () => {
    const tracked = loops.map((wish) => ({ ...wish, alarms: [], min: 1, load: Math.max(0.05, wish.load) }));
    const target = fc.double({ min: 0.3, max: 12, noNaN: true });
    fc.assert(
      fc.property(tracked, target, (wish, targetValue) => {
        const capacities = closedLoop(
          { ...wish, tracking: [{ targetValue, isScaleInDisabled: false }] },
          720,
        );
        const last = capacities.at(-1)!;
        const needed = Math.min(wish.max, Math.max(1, Math.ceil(wish.load / targetValue - 1e-9)));
        expect(last).toBeGreaterThanOrEqual(needed);
        // What is left is within the tenth that counts as near enough.
        expect(last === needed || wish.load / last >= 0.9 * targetValue).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps the scale-in cooldown', () => {
    fc.assert(
      fc.property(loops, cooldown, (wish, seconds) => {
        const policy = { ...wish.tracking[0], scaleInCooldownMs: seconds * 1000 };
        const capacities = closedLoop({ ...wish, alarms: [], tracking: [policy] }, 720);
        const lowered = capacities.flatMap((one, tick) =>
          tick > 0 && one < capacities[tick - 1]! ? [tick] : [],
        );
        lowered.slice(1).forEach((tick, index) => {
          expect((tick - lowered[index]!) * 10).toBeGreaterThanOrEqual(seconds);
        });
      }),
      { numRuns: 60 },
    );
  });
});
