/** What computes in this worker, loaded and warm. */
import { EngineKind } from '../../domain/component.js';
import { StowageError } from '../../domain/errors.js';
import type { Runner } from '../../worker/runner.js';
import { makeLlamaRunner } from './llama-runner.js';
import type { Making } from './making.js';
import { makeSimulatedRunner } from './simulated-runner.js';

/** Rejects with what keeps the model from being served. */
export async function makeRunner(making: Making): Promise<Runner> {
  const { engine } = making.assignment;
  switch (engine) {
    case EngineKind.Simulated:
      return makeSimulatedRunner(making);
    case EngineKind.LlamaCpp:
      return makeLlamaRunner(making);
    default:
      throw StowageError.of('MODEL-024', {
        file: making.assignment.component,
        problem: `the engine \`${engine}\` is not here`,
      });
  }
}
