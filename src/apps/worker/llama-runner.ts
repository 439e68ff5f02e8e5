/** llama.cpp in this process: files, weights, a context, and whoever helps it. */
import { totalmem } from 'node:os';
import { systemClock } from '../../adapters/clock/system.js';
import { createLlamaEngine } from '../../adapters/engine/llama-cpp/engine.js';
import { loadLlamaModel } from '../../adapters/engine/llama-cpp/model.js';
import type { Engine } from '../../contracts/engine.js';
import type { Log } from '../../contracts/telemetry.js';
import type { WorkerAssignment } from '../../contracts/worker-protocol.js';
import { stepRowsMax } from '../../decide/batching/plan-step.js';
import { estimateMemory } from '../../decide/cost/model-memory.js';
import { StowageError } from '../../domain/errors.js';
import type { GgufHeader } from '../../library/gguf/inspect-gguf.js';
import { verifyModelFile } from '../../library/verify-model.js';
import { GenerationRunner } from '../../worker/generation-runner.js';
import type { Runner } from '../../worker/runner.js';
import { fetchAdapters } from './fetch-adapters.js';
import { fetchModel } from './fetch-model.js';
import { makeConstraints } from './make-constraints.js';
import { makeEmbeddingRunner } from './make-embedding-runner.js';
import { makeSpeculator } from './make-speculator.js';
import type { Making } from './making.js';

/** Rejects with MODEL-02x, MODEL-03x, CAP-105 or HOST-60x. */
export async function makeLlamaRunner(making: Making): Promise<Runner> {
  const { assignment, service, log } = making;
  const { component, options, threads, threadsMax } = assignment;
  const file = await fetchModel(making);
  if (file.isFolder) {
    const problem = 'no single file in it is a GGUF model';
    throw StowageError.of('MODEL-035', { url: assignment.source.url, problem });
  }
  const header = await verifyModelFile(file.path, { shownName: file.name });
  checkMemory(assignment, header);
  const model = await loadLlamaModel({
    modelPath: file.path,
    modelLabel: file.name,
    adapters: await fetchAdapters(making),
    options,
    log: libraryLog(log),
    onLoading: (fraction) => service.announceLoading('loading', fraction),
  });
  const embedding = await makeEmbeddingRunner(making, model);
  if (embedding !== null) return embedding;
  const engine = await createLlamaEngine(model, {
    sequencesMax: options.rollingBatchSizeMax,
    sequenceTokensMax: options.modelTokensMax,
    stepRowsMax: stepRowsMax(options.stepTokensMax, options.rollingBatchSizeMax),
    threads,
    threadsMax,
    options,
  });
  await warmUp(engine);
  return new GenerationRunner({
    engine,
    component,
    options,
    clock: systemClock,
    speculator: await makeSpeculator(making, engine),
    constraints: await makeConstraints(engine),
  });
}

/** Refuses with CAP-105 what would be ended for its memory, before any of it is taken. */
function checkMemory(assignment: WorkerAssignment, header: GgufHeader): void {
  const { options, memoryBytesMax, component } = assignment;
  const { totalBytes } = estimateMemory(header, {
    sequencesMax: options.rollingBatchSizeMax,
    sequenceTokensMax: options.modelTokensMax === 0 ? header.contextLength : options.modelTokensMax,
    stepTokensMax: options.stepTokensMax,
  });
  const limit = memoryBytesMax === 0 ? totalmem() : memoryBytesMax;
  if (totalBytes <= limit) return;
  const mebibytes = (bytes: number) => Math.ceil(bytes / 1024 ** 2);
  throw StowageError.of('CAP-105', { component, needed: mebibytes(totalBytes), limit: mebibytes(limit) });
}

/** One step through the whole model, so that the first request finds its pages and graphs in place. */
async function warmUp(engine: Engine): Promise<void> {
  const { batch } = engine;
  batch.tokens[0] = 0;
  batch.positions[0] = 0;
  batch.sequences[0] = 0;
  batch.outputs[0] = 1;
  batch.length = 1;
  await engine.step();
  engine.forget(0, 0);
}

/** llama.cpp's own lines: its warnings and errors as ours, its chatter as debug. */
function libraryLog(log: Log): (level: number, text: string) => void {
  let last: 'debug' | 'warn' | 'error' = 'debug';
  return (level, text) => {
    const message = text.trimEnd();
    if (message === '' || message === '.') return;
    last = level === 4 ? 'error' : level === 3 ? 'warn' : level === 5 ? last : 'debug';
    log[last]({ from: 'llama.cpp' }, message);
  };
}
