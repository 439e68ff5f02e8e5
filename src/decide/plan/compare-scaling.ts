/**
 * What must be called so that the copies of a component follow its load as they are wanted to, and what that means in
 * words. A target that has no policy of `apply` is somebody else's: it is changed when the file says how, never deleted.
 */
import type { ScalingPlan, SchedulePlan } from '../../domain/endpoint-plan.js';
import type { Tag } from '../../domain/model.js';
import type { TargetTrackingConfiguration } from '../../domain/scaling.js';
import { targetText } from '../scaling/policy-words.js';
import { canonicalText } from './canonical.js';
import type { ObservedScaling } from './observed.js';
import type { ChangedValue, Step } from './step.js';

export interface ScalingComparison {
  readonly details: readonly ChangedValue[];
  readonly steps: readonly Step[];
}

const noChange: ScalingComparison = { details: [], steps: [] };

export function compareScaling(
  name: string,
  wanted: ScalingPlan | null,
  seen: ObservedScaling | null,
  tags: readonly Tag[],
): ScalingComparison {
  if (wanted === null) {
    if (seen === null || seen.policy === null) return noChange;
    return { details: changedScaling(null, seen), steps: [{ do: 'stop-scaling', name }] };
  }
  const bounds = boundsNow(wanted, seen);
  const details = changedScaling({ ...wanted, ...bounds }, seen);
  if (details.length === 0) return noChange;
  const isNew = (schedule: SchedulePlan) =>
    !(seen?.schedules ?? []).some((one) => canonicalText(one) === canonicalText(schedule));
  const names = wanted.schedules.map((schedule) => schedule.name);
  const step: Step = {
    do: 'scale-by-load',
    name,
    scaling: { ...wanted, ...bounds },
    tags: seen === null ? tags : null,
    policy: isSamePolicy(wanted.policy, seen?.policy ?? null) ? 'keep' : 'put',
    schedules: wanted.schedules.filter(isNew),
    gone: (seen?.schedules ?? []).map((schedule) => schedule.name).filter((one) => !names.includes(one)),
  };
  return { details, steps: [step] };
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Bounds that one of the file's schedules may have set are as wanted: no plan takes back what a schedule did. */
export function boundsNow(wanted: ScalingPlan, seen: ObservedScaling | null): Bounds {
  const { min, max, schedules } = wanted;
  if (seen === null) return { min, max };
  const set = (mine: 'min' | 'max') => schedules.some((schedule) => schedule[mine] === seen[mine]);
  return { min: set('min') ? seen.min : min, max: set('max') ? seen.max : max };
}

/** Servers say again what was left out. */
function isSamePolicy(
  wanted: TargetTrackingConfiguration,
  seen: TargetTrackingConfiguration | null,
): boolean {
  if (seen === null) return false;
  const plain = (policy: TargetTrackingConfiguration) =>
    canonicalText({ ...policy, disableScaleIn: policy.disableScaleIn ?? false });
  return plain(wanted) === plain(seen);
}

function changedScaling(wanted: ScalingPlan | null, seen: ObservedScaling | null): readonly ChangedValue[] {
  const [after, before] = [valuesOf(wanted), valuesOf(seen)];
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths.flatMap((path) => {
    const [from, to] = [before.get(path) ?? null, after.get(path) ?? null];
    return from === to ? [] : [{ path, from, to }];
  });
}

/** In the words of the file. */
function valuesOf(scaling: Omit<ObservedScaling, 'coldStartMs'> | null): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  if (scaling === null) return values;
  const { min, max, policy, schedules } = scaling;
  values.set('copies.min', String(min));
  values.set('copies.max', String(max));
  if (policy !== null) {
    const { scaleOutCooldown, scaleInCooldown, disableScaleIn = false } = policy;
    values.set('copies.target', targetText(policy));
    if (scaleOutCooldown !== undefined) values.set('copies.scaleOutCooldown', `${scaleOutCooldown} s`);
    if (scaleInCooldown !== undefined) values.set('copies.scaleInCooldown', `${scaleInCooldown} s`);
    if (disableScaleIn) values.set('copies.scaleIn', 'false');
  }
  for (const schedule of schedules) values.set(`copies.schedules.${schedule.name}`, scheduleText(schedule));
  return values;
}

function scheduleText({ schedule, timezone, min, max }: SchedulePlan): string {
  const zone = timezone === null ? '' : ` ${timezone}`;
  return `${schedule}${zone}: ${min ?? '…'} to ${max ?? '…'} copies`;
}

/** What it means that copies follow the load: between which numbers, by what, and who may have to wait how long. */
export function scalingText({ min, max, policy }: ScalingPlan, seen: ObservedScaling | null): string {
  return `${min} to ${max} copies by load, ${targetText(policy)}${min === 0 ? zeroText(seen) : ''}`;
}

function zeroText(seen: ObservedScaling | null): string {
  const ms = seen?.coldStartMs ?? null;
  if (ms === null) return '; may be at zero: then a first request waits for a cold start';
  return `; may be at zero: then a first request waits about ${Math.max(1, Math.round(ms / 1000))} s`;
}
