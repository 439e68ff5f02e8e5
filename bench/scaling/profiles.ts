/**
 * Hardware that the table is made for. Neither is a promise about anybody's machine: the first is measured by
 * `stowage bench --service-profile`, the second is assumed from what others published.
 */
import type { ServiceProfile } from '../../src/domain/service-profile.js';

export interface Hardware {
  /** What `--only` selects it by. */
  readonly name: string;
  readonly profile: ServiceProfile;
  /** Of one accelerator, that each copy reserves; what fits beside each other follows from memory. */
  readonly share: number;
  readonly acceleratorBytes: number;
  /** From asking for an accelerator to copies starting on it. */
  readonly instanceStartMs: number;
  /** US dollars an hour for one accelerator. */
  readonly pricePerHour: number;
}

const gib = 2 ** 30;

/**
 * A model of the 7B class in 4 bits on one accelerator of 80 GB. Prompt speed 6,693 and 6.5 ms a step are
 * llama-bench's figures for Llama 7B Q4_0 on an A100 80GB (github.com/ggml-org/llama.cpp, pull request 3776); the rest
 * is believed: 0.25 ms for each further sequence of a step, 4 GB of weights over PCIe and from a disk of 2 GB/s, 6 GB of
 * cache for 16 sequences, 2.50 dollars an hour.
 */
const assumedGpu: Omit<Hardware, 'name' | 'instanceStartMs'> = {
  profile: {
    name: '7B class in 4 bits, one accelerator of 80 GB',
    source: {
      command: 'llama-bench (llama.cpp pull request 3776), the rest believed',
      machine: 'NVIDIA A100 80GB, not here',
      commit: 'unknown',
      isAssumed: true,
    },
    sequencesMax: 16,
    overheadMs: 5,
    promptTokensPerSecond: 6_693,
    stepMs: 6.25,
    stepMsPerSequence: 0.25,
    coldStartMs: { asleep: 600, pageCache: 2_500, disk: 4_500, remote: 20_000 },
    memoryBytes: 10 * gib,
  },
  share: 1 / 2,
  acceleratorBytes: 80 * gib,
  pricePerHour: 2.5,
};

/** More models beside each other on an accelerator: cheaper, and slower when several compute. */
const closer = [3, 4, 7].map((models): Hardware => {
  return { ...assumedGpu, share: 1 / models, name: `gpu-own-${models}`, instanceStartMs: 1_000 };
});

export const hardware: readonly Hardware[] = [
  // Accelerators that the house has: taking one is starting a process on it.
  { ...assumedGpu, name: 'gpu-own', instanceStartMs: 1_000 },
  ...closer,
  // Accelerators that are rented: a machine must come up first.
  { ...assumedGpu, name: 'gpu-rented', instanceStartMs: 60_000 },
];

/** A slot of the machine that a profile was measured on: two copies share it, and it is there at once. */
export function measuredSlot(profile: ServiceProfile): Hardware {
  const acceleratorBytes = Math.max(1, profile.memoryBytes) * 2;
  return {
    name: 'cpu-slot',
    profile,
    share: 1 / 2,
    acceleratorBytes,
    instanceStartMs: 0,
    pricePerHour: 0.05,
  };
}
