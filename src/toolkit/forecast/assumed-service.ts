/**
 * What a copy is taken to do where nobody measured it: slower than most models on such hardware, so that a forecast
 * promises rather too little. `stowage bench --service-profile FILE` measures.
 */
import type { ServiceProfile } from '../../domain/service-profile.js';

interface Assumed {
  readonly name: string;
  readonly promptTokensPerSecond: number;
  readonly stepMs: number;
  readonly stepMsPerSequence: number;
  readonly coldStartMs: ServiceProfile['coldStartMs'];
}

/** About an 8B model in 8 bits. */
const onAccelerator: Assumed = {
  name: 'an 8B model on an accelerator',
  promptTokensPerSecond: 4_000,
  stepMs: 30,
  stepMsPerSequence: 0.5,
  coldStartMs: { asleep: 3_000, pageCache: 15_000, disk: 45_000, remote: 180_000 },
};
/** About a 150M model in 8 bits on two cores. */
const onCpu: Assumed = {
  name: 'a small model on CPU cores',
  promptTokensPerSecond: 400,
  stepMs: 15,
  stepMsPerSequence: 5,
  coldStartMs: { asleep: 300, pageCache: 1_500, disk: 4_000, remote: 60_000 },
};

/** `memoryBytes`: what the component reserves. */
export function assumedProfile(
  hasAccelerator: boolean,
  sequencesMax: number,
  memoryBytes: number,
): ServiceProfile {
  const assumed = hasAccelerator ? onAccelerator : onCpu;
  return {
    ...assumed,
    source: { command: 'nobody measured it', machine: '', commit: '', isAssumed: true },
    sequencesMax,
    overheadMs: 20,
    memoryBytes,
  };
}

/** From asking for an instance to the first copy that may start on it, milliseconds: a cloud's, and this machine's own. */
export const assumedInstanceStartMs = { cloud: 240_000, local: 100 } as const;
