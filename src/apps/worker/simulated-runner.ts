/** The made-up model, for tests of everything around an engine. */
import { systemClock } from '../../adapters/clock/system.js';
import { SimulatedEngine } from '../../adapters/engine/simulated/engine.js';
import { SimulatedEmbeddingEngine } from '../../adapters/engine/simulated/embedding-engine.js';
import { stepRowsMax } from '../../decide/batching/plan-step.js';
import { type ComponentOptions, ModelTask } from '../../domain/component-options.js';
import { EmbeddingRunner } from '../../worker/embedding-runner.js';
import { GenerationRunner } from '../../worker/generation-runner.js';
import type { Runner } from '../../worker/runner.js';
import { makeConstraints } from './make-constraints.js';
import type { Making } from './making.js';

const sequenceTokensDefault = 4096;

export function makeSimulatedRunner({ assignment }: Making): Runner {
  const { component, options } = assignment;
  if (options.task === ModelTask.Embed || options.task === ModelTask.Rerank) {
    return simulatedEmbeddingRunner(component, options, options.task);
  }
  const engine = new SimulatedEngine({
    clock: systemClock,
    sequencesMax: options.rollingBatchSizeMax,
    sequenceTokensMax: options.modelTokensMax === 0 ? sequenceTokensDefault : options.modelTokensMax,
    stepTokensMax: stepRowsMax(options.stepTokensMax, options.rollingBatchSizeMax),
    stepMs: 0,
    endEvery: 0,
  });
  return new GenerationRunner({
    engine,
    component,
    options,
    clock: systemClock,
    speculator: null,
    constraints: makeConstraints(engine, options),
  });
}

function simulatedEmbeddingRunner(
  component: string,
  options: ComponentOptions,
  ability: 'embed' | 'rerank',
): Runner {
  const textTokensMax = options.modelTokensMax === 0 ? sequenceTokensDefault : options.modelTokensMax;
  const engine = new SimulatedEmbeddingEngine({
    clock: systemClock,
    ability,
    textsMax: options.rollingBatchSizeMax,
    textTokensMax,
    batchTokensMax: Math.max(options.stepTokensMax, textTokensMax),
    batchMs: 0,
  });
  return new EmbeddingRunner({ engine, component, options, clock: systemClock });
}
