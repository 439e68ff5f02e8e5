/** llama.cpp in this process: files, weights, a context, and whoever helps it. */
import { statSync } from 'node:fs';
import { totalmem } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../adapters/clock/system.js';
import { createLlamaEngine } from '../../adapters/engine/llama-cpp/engine.js';
import { loadLlamaModel } from '../../adapters/engine/llama-cpp/model.js';
import type { AdapterShelf, Engine } from '../../contracts/engine.js';
import type { Log } from '../../contracts/telemetry.js';
import type { WorkerAssignment } from '../../contracts/worker-protocol.js';
import { stepRowsMax } from '../../decide/batching/plan-step.js';
import { prefixRamBytes } from '../../decide/cost/model-memory.js';
import { type ComponentOptions, optionRules } from '../../domain/component-options.js';
import { StowageError } from '../../domain/errors.js';
import type { GgufHeader } from '../../library/gguf/inspect-gguf.js';
import { verifyModelFile } from '../../library/verify-model.js';
import type { AdapterLoader } from '../../worker/adapter-keeper.js';
import { GenerationRunner } from '../../worker/generation-runner.js';
import type { Runner } from '../../worker/runner.js';
import { estimateCopyMemory, outputRowsMax, whyNotQuantized } from '../copy-memory.js';
import { fetchAdapter, fetchAdapters } from './fetch-adapters.js';
import { fetchModel } from './fetch-model.js';
import { makeConstraints } from './make-constraints.js';
import { makeEmbeddingRunner } from './make-embedding-runner.js';
import { draftMemoryBytes, makeSpeculator } from './make-speculator.js';
import type { Making } from './making.js';

const mebibyte = 1024 ** 2;
/** A copy takes requests without adapter components that are not there after so long, milliseconds. */
const adapterWaitMsMax = 30_000;

/** Rejects with MODEL-02x, MODEL-03x, CAP-105 or HOST-60x. */
export async function makeLlamaRunner(making: Making): Promise<Runner> {
  const { assignment, service, log } = making;
  const { component, threads, threadsMax } = assignment;
  const file = await fetchModel(making);
  if (file.isFolder) {
    const problem = 'no single file in it is a GGUF model';
    throw StowageError.of('MODEL-035', { url: assignment.source.url, problem });
  }
  const header = await verifyModelFile(file.path, { shownName: file.name });
  refuseUncomputable(assignment.options, header, file.name);
  warnOfLength(assignment.options, header, log);
  const adapters = await fetchAdapters(making, header.architecture);
  const helpersBytes =
    adapters.reduce((sum, adapter) => sum + statSync(adapter.path).size, 0) +
    (await draftMemoryBytes(making, header));
  const options = fitMemory(assignment, header, helpersBytes);
  const model = await loadLlamaModel({
    modelPath: file.path,
    modelLabel: file.name,
    adapters,
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
    outputRowsMax: outputRowsMax(options),
    threads,
    threadsMax,
    options,
  });
  await warmUp(engine);
  const runner = new GenerationRunner({
    engine,
    component,
    options,
    clock: systemClock,
    speculator: await makeSpeculator(making, engine),
    constraints: makeConstraints(engine, options),
  });
  const areKept = service.adapters.keep(adapterLoaderOf(making, header.architecture, engine, runner));
  await Promise.race([areKept, pause(adapterWaitMsMax, undefined, { ref: false })]);
  return runner;
}

/** Files come side by side; the engine takes one after another. */
function adapterLoaderOf(
  making: Making,
  architecture: string,
  engine: AdapterShelf,
  runner: GenerationRunner,
): AdapterLoader {
  const releases = new Map<string, () => void>();
  let turn: Promise<unknown> = Promise.resolve();
  return {
    load: async (adapter, unwanted) => {
      const { name, path, release } = await fetchAdapter(making, adapter, architecture, unwanted);
      const loaded = turn.then(() => engine.loadAdapter(name, path));
      turn = loaded.catch(() => undefined);
      try {
        await loaded;
      } catch (error) {
        release();
        throw error;
      }
      releases.set(name, release);
    },
    unload: (id) => {
      if (runner.usesAdapter(id)) return false;
      engine.unloadAdapter(id);
      releases.get(id)?.();
      releases.delete(id);
      return true;
    },
  };
}

/**
 * The options as far as the copy's memory goes: the RAM for beginnings of prompts is what is left of it beside the
 * model and its helpers (adapters that the options name, and the draft model). Refuses with CAP-105 what would be ended
 * for its memory, before any of it is taken.
 */
function fitMemory(
  { options, memoryBytesMax, component }: WorkerAssignment,
  header: GgufHeader,
  helpersBytes: number,
): ComponentOptions {
  const { totalBytes, prefixCacheBytes, kvBytes } = estimateCopyMemory(header, options);
  const limit = memoryBytesMax === 0 ? totalmem() : memoryBytesMax;
  const needed = totalBytes - prefixCacheBytes + helpersBytes;
  if (needed > limit) {
    const mebibytes = (bytes: number) => Math.ceil(bytes / mebibyte);
    throw StowageError.of('CAP-105', { component, needed: mebibytes(needed), limit: mebibytes(limit) });
  }
  const imageBytes = kvBytes / options.rollingBatchSizeMax;
  const left = prefixRamBytes({ limitBytes: limit, neededBytes: needed, imageBytes });
  return { ...options, prefixCacheRamMiB: Math.min(options.prefixCacheRamMiB, Math.floor(left / mebibyte)) };
}

/** Refuses with MODEL-024 options that the library cannot compute together, before it says so in its own words. */
function refuseUncomputable(options: ComponentOptions, header: GgufHeader, file: string): void {
  for (const name of ['tensorParallelDegree', 'weightType', 'quantize'] as const) {
    if (options[name] === optionRules[name].default) continue;
    const problem = 'a GGUF model’s numbers are those of its file, and `tensor_split` divides it';
    throw StowageError.of('REQ-212', { field: optionRules[name].key, problem });
  }
  const problem = whyNotQuantized(options.kvCacheType, header, options);
  if (problem !== null) throw StowageError.of('MODEL-024', { file, problem });
}

function warnOfLength({ modelTokensMax }: ComponentOptions, header: GgufHeader, log: Log): void {
  const { contextLength } = header;
  if (modelTokensMax <= contextLength) return;
  const message = 'max_model_len is more than the model was trained for; answers may lose their thread there';
  log.warn({ modelTokensMax, trainedTokens: contextLength }, message);
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
