/** A component for tests of fleets and control, and the assignment of a copy of it. */
import type { CopyAssignment } from '../../src/contracts/fleet.js';
import {
  defaultStartupLimits,
  EngineKind,
  type InferenceComponent,
  WorkloadKind,
} from '../../src/domain/component.js';
import { defaultComponentOptions } from '../../src/domain/component-options.js';
import type { CopyRef } from '../../src/domain/copy.js';

export interface ComponentWishes {
  readonly endpoint?: string;
  readonly name?: string;
  readonly generation?: number;
  readonly modelPath?: string;
  readonly copiesMin?: number;
  readonly memoryBytesMax?: number;
  readonly predictSecondsMax?: number;
}

export function madeUpComponent(wishes: ComponentWishes = {}): InferenceComponent {
  const copiesMin = wishes.copiesMin ?? 1;
  return {
    scope: { account: '000000000000', region: 'us-east-1' },
    endpoint: wishes.endpoint ?? 'apex',
    variant: 'all',
    name: wishes.name ?? 'inline',
    kind: WorkloadKind.Component,
    generation: wishes.generation ?? 1,
    model: { url: wishes.modelPath ?? '/good', form: 'object' },
    engine: EngineKind.Simulated,
    resources: {
      cpus: 1,
      memoryBytesMin: 0,
      memoryBytesMax: wishes.memoryBytesMax ?? 0,
      accelerators: 0,
      acceleratorMemoryBytes: 0,
    },
    copies: { min: copiesMin, max: Math.max(1, copiesMin) },
    options: {
      ...defaultComponentOptions,
      rollingBatchSizeMax: 4,
      jobQueueLengthMax: 16,
      modelTokensMax: 64,
      stepTokensMax: 16,
      predictSecondsMax: wishes.predictSecondsMax ?? 60,
      newTokensDefault: 16,
    },
    startup: defaultStartupLimits,
  };
}

/** That copy should exist, on the only host. */
export function madeUpAssignment(copy: CopyRef, component = madeUpComponent(), threads = 1): CopyAssignment {
  return { copy, component, threads, instance: 'i-1', host: 'local', accelerators: [] };
}
