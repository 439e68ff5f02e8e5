/**
 * Step scaling: how far an alarm's metric is beyond its threshold chooses the step, and the step changes the capacity.
 * Bounds of steps are relative to the threshold; above it the lower bound belongs to the step, below it the upper one.
 */
import type { StepAdjustment, StepScalingConfiguration } from '../../domain/scaling.js';
import type {
  PolicyOpinion,
  RingingAlarm,
  ScalingSituation,
  StepSituation,
  WatchedAlarm,
} from './situation.js';
import { alarmCause, isWithin } from './target-tracking.js';

/** SageMaker's cooldown of step policies that name none, seconds. */
const cooldownSecondsDefault = 300;
/** An alarm that goes on ringing calls its policy again so often, milliseconds: CloudWatch's rhythm. */
const repeatMs = 60_000;

export function stepOpinion(policy: StepSituation, situation: ScalingSituation): PolicyOpinion {
  const { name, configuration } = policy;
  const cooldownMs = (configuration.cooldown ?? cooldownSecondsDefault) * 1000;
  let best: { readonly wish: number; readonly alarm: RingingAlarm } | null = null;
  let isCooling = false;
  for (const alarm of policy.ringing) {
    const wish = wishOf(alarm, configuration, cooldownMs, situation);
    if (wish === 'cooling') isCooling = true;
    else if (wish !== null && (best === null || wish > best.wish)) best = { wish, alarm };
  }
  const floor = (policy.watching ?? []).reduce(
    (most, alarm) => Math.max(most, floorOf(alarm, configuration, situation)),
    // What still asks for more, and waits only for its cooldown, lets nobody take away.
    isCooling ? situation.capacity : 0,
  );
  return {
    kind: 'step',
    policy: name,
    wish: best?.wish ?? null,
    isForMore: best !== null && best.wish > situation.capacity,
    objects: false,
    floor,
    idleMs: Math.max(cooldownMs, repeatMs),
    warmMs: Math.max(cooldownMs, repeatMs),
    cause: best === null ? '' : alarmCause(best.alarm.alarm, name),
    details: best === null ? '' : detailsOf(best.alarm, best.wish),
  };
}

/** Null: the alarm asks for nothing now; `cooling`: it asks for more, and not yet. */
function wishOf(
  { since, threshold, value, isAbove }: RingingAlarm,
  configuration: StepScalingConfiguration,
  cooldownMs: number,
  { now, capacity, lastOutAt, lastInAt, lastOutFrom }: ScalingSituation,
): number | 'cooling' | null {
  const step = stepFor((value ?? threshold) - threshold, configuration.stepAdjustments ?? [], isAbove);
  if (step === null) return null;
  const wish = adjusted(capacity, step.scalingAdjustment, configuration);
  if (wish === capacity) return wish;
  const changedAt = wish > capacity ? lastOutAt : lastInAt;
  // One that began to ring after the last change is news; one that rings on is heard once a minute.
  const waitMs = changedAt !== null && since > changedAt ? cooldownMs : Math.max(cooldownMs, repeatMs);
  if (!isWithin(now, changedAt, waitMs)) return wish;
  if (wish < capacity) return null;
  const again = adjusted(Math.min(capacity, lastOutFrom ?? capacity), step.scalingAdjustment, configuration);
  return again > capacity ? again : 'cooling';
}

/**
 * The step whose bounds hold the breach: value minus threshold. `isAbove`: the alarm rings above its threshold, which
 * says to which side a value belongs that is the threshold itself.
 */
export function stepFor(
  breach: number,
  steps: readonly StepAdjustment[],
  isAbove = true,
): StepAdjustment | null {
  const isUpper = breach > 0 || (breach === 0 && isAbove);
  for (const step of steps) {
    const lower = step.metricIntervalLowerBound ?? -Infinity;
    const upper = step.metricIntervalUpperBound ?? Infinity;
    const isIn = isUpper ? breach >= lower && breach < upper : breach > lower && breach <= upper;
    if (isIn) return step;
  }
  return null;
}

/** The capacity after an adjustment, ≥ 0. */
export function adjusted(
  capacity: number,
  adjustment: number,
  { adjustmentType = 'ChangeInCapacity', minAdjustmentMagnitude = 0 }: StepScalingConfiguration,
): number {
  switch (adjustmentType) {
    case 'ChangeInCapacity':
      return Math.max(0, capacity + adjustment);
    case 'ExactCapacity':
      return Math.max(0, adjustment);
    case 'PercentChangeInCapacity': {
      const change = roundedChange((capacity * adjustment) / 100);
      const magnitude = Math.max(Math.abs(change), adjustment === 0 ? 0 : minAdjustmentMagnitude);
      return Math.max(0, capacity + Math.sign(adjustment) * magnitude);
    }
    default:
      return adjustmentType satisfies never;
  }
}

/** Less than one becomes one; more is rounded towards zero. */
function roundedChange(change: number): number {
  if (change === 0) return 0;
  return Math.abs(change) < 1 ? Math.sign(change) : Math.trunc(change);
}

/** With less than this the alarm would ring and its policy ask for more. */
function floorOf(
  { threshold, value, isAbove, isAtThreshold, isPerCapacity, measuredOn }: WatchedAlarm,
  configuration: StepScalingConfiguration,
  { capacity, ready }: ScalingSituation,
): number {
  if (!isPerCapacity || !isAbove || value === null || value <= 0) return 0;
  const step = stepFor(0, configuration.stepAdjustments ?? []);
  if (step === null) return 0;
  const asksForMore = (count: number) => adjusted(count, step.scalingAdjustment, configuration) > count;
  if (threshold <= 0) return asksForMore(capacity) ? capacity : 0;
  const needed = (value * Math.max(1, measuredOn ?? ready)) / threshold;
  let floor = Math.min(capacity, isAtThreshold ? Math.floor(needed) + 1 : Math.ceil(needed));
  // An exact capacity is asked for only below it: what rings above it may leave.
  while (floor > 0 && !asksForMore(floor - 1)) floor--;
  return floor;
}

function detailsOf({ value, threshold }: RingingAlarm, wish: number): string {
  const breach = value === null ? 'no value' : `${Math.round((value - threshold) * 1000) / 1000}`;
  return `${breach} from the threshold ${threshold} asks for ${wish}`;
}
