/**
 * Target tracking as Application Auto Scaling does it: out when the metric is above its target for three points, in when
 * it is below nine tenths of it for a quarter of an hour, each time to the capacity that would bring it to the target.
 *
 * The service multiplies the capacity there is with metric ÷ target. A metric of one copy is taken times the copies that
 * it was measured on, point by point: otherwise a point from before a change of capacity would be counted against the
 * capacity after it, and one rise would lead to the next.
 */
import { lowFraction } from './policy-words.js';
import type { PolicyOpinion, ScalingSituation, TargetTrackingSituation } from './situation.js';

/** Points in a row above the target before capacity is raised. */
const highPoints = 3;
/** How long the metric is below before capacity is lowered, seconds: 90 points of 10 s, 15 of 60 s. */
export const lowSeconds = 900;
/** Sums of binary fractions do not ask for one more. */
const tolerance = 1e-9;

/** Points that are low before capacity is lowered; a longer period needs one at least. */
export function lowPoints(periodSeconds: number): number {
  return Math.max(1, Math.round(lowSeconds / periodSeconds));
}

export function trackingOpinion(policy: TargetTrackingSituation, situation: ScalingSituation): PolicyOpinion {
  const { name, targetValue, isScaleInDisabled, isScaleOutDisabled = false, points } = policy;
  const { capacity } = situation;
  const demands = demandsOf(policy, situation);
  const recent = demands.slice(-highPoints);
  const idle: PolicyOpinion = {
    kind: 'target-tracking',
    policy: name,
    wish: null,
    isForMore: false,
    objects: !isScaleInDisabled,
    floor: policy.isPerCapacity ? Math.max(0, ...recent.map((one) => one ?? 0)) : 0,
    idleMs: policy.periodSeconds * 1000,
    warmMs: lowSeconds * 1000,
    cause: '',
    details: '',
  };
  const newest = points.at(-1) ?? null;
  const isHigh =
    points.length >= highPoints &&
    points.slice(-highPoints).every((one) => one !== null && one > targetValue);
  // Zero times anything is zero: a component at zero is woken, not tracked.
  if (isHigh && capacity > 0) {
    const need = demands.at(-1) ?? 0;
    // A metric that capacity does not lower asks again after the cooldown; until then nobody takes away.
    if (need <= capacity || isScaleOutDisabled)
      return policy.isPerCapacity ? idle : { ...idle, floor: capacity };
    const details = `${text(newest)} for a target of ${text(targetValue)} needs ${need}`;
    return { ...idle, wish: need, isForMore: true, objects: false, cause: causeOf(policy, 'high'), details };
  }
  if (isScaleInDisabled || !isLow(policy)) return idle;
  const isCooling = isWithin(situation.now, situation.lastInAt, policy.scaleInCooldownMs);
  if (isCooling) return idle;
  const window = lowPoints(policy.periodSeconds);
  const need = Math.max(...demands.slice(-window).map((one) => one ?? 0));
  const details = `the most of ${window} points below ${text(targetValue * lowFraction)} needs ${need}`;
  const wish = Math.min(capacity, need);
  return { ...idle, wish, objects: false, cause: causeOf(policy, 'low'), details };
}

/** The capacity that each point would have needed; null = the point says nothing. */
function demandsOf(
  { points, capacities, isPerCapacity, targetValue, scaleOutCooldownMs }: TargetTrackingSituation,
  { now, capacity, ready, lastOutAt, lastOutFrom }: ScalingSituation,
): readonly (number | null)[] {
  // While it takes effect, what was added counts as a part of what is wished next.
  const isCooling = isWithin(now, lastOutAt, scaleOutCooldownMs);
  const base = isCooling ? Math.min(capacity, lastOutFrom ?? capacity) : capacity;
  return points.map((point, index) => {
    if (point === null) return null;
    const measuredOn = isPerCapacity ? Math.max(1, capacities?.[index] ?? ready) : Math.max(1, base);
    return Math.max(0, Math.ceil((point * measuredOn) / targetValue - tolerance));
  });
}

function isLow({ points, periodSeconds, targetValue, isMissingNothing }: TargetTrackingSituation): boolean {
  const window = lowPoints(periodSeconds);
  if (points.length < window) return false;
  return points
    .slice(-window)
    .every((point) => (point === null ? isMissingNothing === true : point < targetValue * lowFraction));
}

function causeOf({ name, alarms, targetValue }: TargetTrackingSituation, side: 'high' | 'low'): string {
  if (alarms !== undefined) return alarmCause(alarms[side], name);
  return `the metric is ${side === 'high' ? 'above' : 'below'} the target ${text(targetValue)} of policy ${name}`;
}

/** As the service words it. */
export function alarmCause(alarm: string, policy: string): string {
  return `monitor alarm ${alarm} in state ALARM triggered policy ${policy}`;
}

/** A time that has not come yet, because the clock was set back, does not hold anything up. */
export function isWithin(now: number, since: number | null, milliseconds: number): boolean {
  return since !== null && now >= since && now - since < milliseconds;
}

function text(value: number | null): string {
  return value === null ? 'no value' : String(Math.round(value * 1000) / 1000);
}
