/** A component for tests of fleets and control. */
import { defaultComponentOptions, type InferenceComponent } from '../../src/domain/component.js';
import { EngineKind } from '../../src/domain/component.js';

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
    endpoint: wishes.endpoint ?? 'apex',
    name: wishes.name ?? 'inline',
    generation: wishes.generation ?? 1,
    model: { path: wishes.modelPath ?? '/good' },
    engine: EngineKind.Simulated,
    resources: { cpus: 1, memoryBytesMax: wishes.memoryBytesMax ?? 0 },
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
  };
}
