/** What computes in this worker, loaded and warm. */
import { EngineKind } from '../../domain/component.js';
import { StowageError } from '../../domain/errors.js';
import type { Runner } from '../../worker/runner.js';
import { makeLlamaRunner } from './llama-runner.js';
import type { Making } from './making.js';
import { makeOnnxRunner } from './onnx-runner.js';
import { makeOutsideRunner } from './outside-runner.js';
import { makeSimulatedRunner } from './simulated-runner.js';

/** Rejects with what keeps the model from being served. */
export async function makeRunner(making: Making): Promise<Runner> {
  const { engine } = making.assignment;
  switch (engine) {
    case EngineKind.Simulated:
      return makeSimulatedRunner(making);
    case EngineKind.LlamaCpp:
      return makeLlamaRunner(making);
    case EngineKind.OnnxRuntime:
      return makeOnnxRunner(making);
    case EngineKind.LlamaServer:
    case EngineKind.VLlm:
    case EngineKind.SgLang:
    case EngineKind.TensorRtLlm:
    case EngineKind.Container:
      return makeOutsideRunner(making, engine);
    default:
      throw StowageError.of('MODEL-024', {
        file: making.assignment.component,
        problem: `the engine \`${engine}\` is not here`,
      });
  }
}
