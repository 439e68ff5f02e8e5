/** ONNX Runtime in this process, on a thread of its own. */
import { totalmem } from 'node:os';
import path from 'node:path';
import { preciseClock } from '../../adapters/clock/precise.js';
import { openOnnxEngine } from '../../adapters/engine/onnxruntime/engine.js';
import { findOnnxFiles, type OnnxFiles } from '../../adapters/engine/onnxruntime/model-files.js';
import type { WorkerAssignment } from '../../contracts/worker-protocol.js';
import { estimateTensorMemory } from '../../decide/cost/tensor-memory.js';
import { parseComponentKey } from '../../domain/component.js';
import { StowageError } from '../../domain/errors.js';
import type { Runner } from '../../worker/runner.js';
import { TensorRunner } from '../../worker/tensor-runner.js';
import { fetchModel } from './fetch-model.js';
import type { Making } from './making.js';

/** Beside the programs, wherever this module was bundled to. */
const threadProgram = new URL('./tensor-main.js', import.meta.url);

/** Rejects with MODEL-02x, MODEL-03x, CAP-105 or HOST-601. */
export async function makeOnnxRunner(making: Making): Promise<Runner> {
  const { assignment, service, log } = making;
  const { component, options, threads, source, library } = assignment;
  const place = await fetchModel(making);
  const files = findOnnxFiles(place, source.url);
  checkMemory(assignment, files);
  service.announceLoading('loading', 0);
  const engine = await openOnnxEngine({
    threadProgram,
    clock: preciseClock,
    open: {
      modelPath: files.modelPath,
      modelLabel: files.modelLabel,
      modelBytes: files.bytes,
      modelDigest: `${place.sha256}/${place.isFolder ? files.modelLabel : ''}`,
      graphFolder: path.join(library.folder, 'graphs'),
      threads,
    },
  });
  const { openMs, isGraphReused, libraryVersion } = engine.facts;
  log.info({ openMs: Math.round(openMs), isGraphReused, libraryVersion }, 'the model is open');
  const { name } = parseComponentKey(component);
  return new TensorRunner({ engine, component: name, options, clock: preciseClock });
}

/** Refuses with CAP-105 what would be ended for its memory, before any of it is taken. */
function checkMemory({ memoryBytesMax, component }: WorkerAssignment, { bytes }: OnnxFiles): void {
  const needed = estimateTensorMemory(bytes);
  const limit = memoryBytesMax === 0 ? totalmem() : memoryBytesMax;
  if (needed <= limit) return;
  const mebibytes = (count: number) => Math.ceil(count / 1024 ** 2);
  throw StowageError.of('CAP-105', { component, needed: mebibytes(needed), limit: mebibytes(limit) });
}
