/** llama.cpp in this process: files, weights, a context, and whoever helps it. */
import { totalmem } from 'node:os';
import { systemClock } from '../../adapters/clock/system.js';
import { createLlamaEngine } from '../../adapters/engine/llama-cpp/engine.js';
import { loadLlamaModel } from '../../adapters/engine/llama-cpp/model.js';
import type { Engine } from '../../contracts/engine.js';
import type { Log } from '../../contracts/telemetry.js';
import type { WorkerAssignment } from '../../contracts/worker-protocol.js';
import { stepRowsMax } from '../../decide/batching/plan-step.js';
import {
  type ComponentOptions,
  FlashAttention,
  KvCacheType,
  optionRules,
} from '../../domain/component-options.js';
import { StowageError } from '../../domain/errors.js';
import type { GgufHeader } from '../../library/gguf/inspect-gguf.js';
import { verifyModelFile } from '../../library/verify-model.js';
import { GenerationRunner } from '../../worker/generation-runner.js';
import type { Runner } from '../../worker/runner.js';
import { estimateCopyMemory, outputRowsMax } from '../copy-memory.js';
import { fetchAdapter, fetchAdapters } from './fetch-adapters.js';
import { fetchModel } from './fetch-model.js';
import { makeConstraints } from './make-constraints.js';
import { makeEmbeddingRunner } from './make-embedding-runner.js';
import { makeSpeculator } from './make-speculator.js';
import type { Making } from './making.js';

const mebibyte = 1024 ** 2;
/** Numbers that a quantized KV cache packs together (ggml). */
const quantizedBlock = 32;

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
  const options = fitMemory(assignment, header);
  const model = await loadLlamaModel({
    modelPath: file.path,
    modelLabel: file.name,
    adapters: await fetchAdapters(making, header.architecture),
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
  await service.adapters.keep({
    load: async (adapter) => {
      const { name, path } = await fetchAdapter(making, adapter, header.architecture);
      await engine.loadAdapter(name, path);
    },
    unload: (id) => {
      if (runner.usesAdapter(id)) return false;
      engine.unloadAdapter(id);
      return true;
    },
  });
  return runner;
}

/**
 * The options as far as the copy's memory goes: the RAM for beginnings of prompts is what is left of it. Refuses with
 * CAP-105 what would be ended for its memory, before any of it is taken.
 */
function fitMemory({ options, memoryBytesMax, component }: WorkerAssignment, header: GgufHeader) {
  const { totalBytes, prefixCacheBytes } = estimateCopyMemory(header, options);
  const limit = memoryBytesMax === 0 ? totalmem() : memoryBytesMax;
  const needed = totalBytes - prefixCacheBytes;
  if (needed > limit) {
    const mebibytes = (bytes: number) => Math.ceil(bytes / mebibyte);
    throw StowageError.of('CAP-105', { component, needed: mebibytes(needed), limit: mebibytes(limit) });
  }
  const left = Math.floor((limit - needed) / mebibyte);
  return { ...options, prefixCacheRamMiB: Math.min(options.prefixCacheRamMiB, left) };
}

/** Refuses with MODEL-024 options that the library cannot compute together, before it says so in its own words. */
function refuseUncomputable(options: ComponentOptions, header: GgufHeader, file: string): void {
  const { kvCacheType, flashAttention } = options;
  for (const name of ['tensorParallelDegree', 'weightType', 'quantize'] as const) {
    if (options[name] === optionRules[name].default) continue;
    const problem = 'a GGUF model’s numbers are those of its file, and `tensor_split` divides it';
    throw StowageError.of('REQ-212', { field: optionRules[name].key, problem });
  }
  if (kvCacheType === KvCacheType.F16) return;
  if (flashAttention === FlashAttention.Off) {
    const problem = `\`kv_cache_dtype: ${kvCacheType}\` needs flash attention, and \`flash_attn\` is off`;
    throw StowageError.of('MODEL-024', { file, problem });
  }
  const headLength = header.kvElementsPerToken / Math.max(1, 2 * header.blockCount * header.headCountKv);
  if (Number.isInteger(headLength) && headLength % quantizedBlock !== 0) {
    const problem = `\`kv_cache_dtype: ${kvCacheType}\` needs heads of ${quantizedBlock} numbers or a multiple, and its have ${headLength}`;
    throw StowageError.of('MODEL-024', { file, problem });
  }
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
