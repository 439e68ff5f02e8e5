/** ManagedInstanceScaling as a variant declares it, with SageMaker's defaults. */
import type { ProductionVariant } from '../../../domain/endpoint.js';
import type { ManagedScaling } from './situation.js';

/** Times that scaling of instances goes by. */
export interface InstanceScalingLimits {
  /** An instance without copies is released after so long, milliseconds. */
  readonly instanceIdleMsMin: number;
  /** What a minute of CooldownInMinutes lasts, milliseconds; tests make it shorter. */
  readonly cooldownMinuteMs: number;
}

export const instanceScalingLimits: InstanceScalingLimits = {
  instanceIdleMsMin: 60_000,
  cooldownMinuteMs: 60_000,
};

/** SageMaker's defaults of ScaleInPolicy: one instance at a time, 20 minutes apart. */
const stepMaxDefault = 1;
const cooldownMinutesDefault = 20;

/** Null: the variant's number of instances is what callers say. A model of its own is not moved by anybody. */
export function managedScalingOf(
  variant: ProductionVariant,
  limits: InstanceScalingLimits = instanceScalingLimits,
): ManagedScaling | null {
  const managed = variant.managedInstanceScaling;
  if (managed === undefined || managed.status !== 'ENABLED') return null;
  const { scaleInPolicy } = managed;
  const min = managed.minInstanceCount ?? 1;
  return {
    min,
    max: Math.max(min, managed.maxInstanceCount ?? variant.initialInstanceCount ?? 1),
    strategy: scaleInPolicy?.strategy ?? 'IDLE_RELEASE',
    stepMax: scaleInPolicy?.maximumStepSize ?? stepMaxDefault,
    cooldownMs: (scaleInPolicy?.cooldownInMinutes ?? cooldownMinutesDefault) * limits.cooldownMinuteMs,
    idleMs: limits.instanceIdleMsMin,
  };
}
