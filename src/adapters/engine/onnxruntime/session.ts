/**
 * ONNX Runtime itself: a model opened as a session, and tensors through it. The library computes on the thread that
 * calls it, whatever its promises look like (`run` of its backend calls into native code from `setImmediate`), so all
 * of this lives on a thread of its own.
 */
import type * as Library from 'onnxruntime-node';
import { StowageError } from '../../../domain/errors.js';
import { elementBytes, elementCount, type Tensor, type TensorSlot } from '../../../domain/tensor.js';
import { GraphCache } from './graph-cache.js';
import type { NamedTensor, OpenFacts, OpenRequest } from './thread-messages.js';

/** Optimized graphs hold their weights, and a file of the format can have 2 GiB. */
const cachedModelBytesMax = 1024 ** 3;

export interface OpenedSession {
  readonly facts: OpenFacts;
  /** Rejects with what the library says. */
  run(inputs: readonly NamedTensor[]): Promise<readonly NamedTensor[]>;
  release(): Promise<void>;
}

/** Rejects with HOST-601 or MODEL-024. */
export async function openSession(request: OpenRequest): Promise<OpenedSession> {
  const library = await loadLibrary();
  const startedAt = performance.now();
  const { session, isGraphReused } = await open(library, request);
  const openMs = performance.now() - startedAt;
  const { modelLabel } = request;
  const inputs = session.inputMetadata.map((metadata) => slotOf(metadata, modelLabel));
  const outputs = session.outputMetadata.map((metadata) => slotOf(metadata, modelLabel));
  const libraryVersion = versionOf(library);
  return {
    facts: { inputs, outputs, libraryVersion, openMs, isGraphReused },
    run: async (tensors) => {
      const results = await session.run(
        Object.fromEntries(tensors.map(([name, tensor]) => [name, toLibrary(library, tensor)])),
      );
      return outputs.map(({ name }) => [name, fromLibrary(results[name] as Library.Tensor)] as const);
    },
    release: () => session.release(),
  };
}

async function loadLibrary(): Promise<typeof Library> {
  try {
    const loaded = (await import('onnxruntime-node')) as typeof Library & { default?: typeof Library };
    return loaded.default ?? loaded;
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    const problem = isMissing ? 'it is not installed' : firstLine(cause);
    const suggestion = 'ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0';
    throw StowageError.of('HOST-601', { library: 'onnxruntime-node', problem, suggestion }, { cause });
  }
}

interface Opened {
  readonly session: Library.InferenceSession;
  readonly isGraphReused: boolean;
}

async function open(library: typeof Library, request: OpenRequest): Promise<Opened> {
  const { modelPath, modelBytes, modelDigest, graphFolder, threads } = request;
  const options = sessionOptions(threads);
  const create = async (file: string, more: Library.InferenceSession.SessionOptions) => {
    try {
      return await library.InferenceSession.create(file, { ...options, ...more });
    } catch (cause) {
      throw modelError(request, cause);
    }
  };
  const createAnew = async (): Promise<Opened> => {
    return { session: await create(modelPath, { graphOptimizationLevel: 'all' }), isGraphReused: false };
  };
  const graphs = modelBytes > cachedModelBytesMax ? null : openCache(graphFolder);
  if (graphs === null) return createAnew();
  const dependsOn = [modelDigest, versionOf(library), 'all'];
  const found = graphs.find(dependsOn);
  if (found !== null) {
    try {
      const session = await create(found, { graphOptimizationLevel: 'disabled' });
      return { session, isGraphReused: true };
    } catch {
      graphs.remove(dependsOn); // damaged: the model itself is still there
    }
  }
  try {
    const session = await create(modelPath, {
      graphOptimizationLevel: 'all',
      optimizedModelFilePath: graphs.placeFor(dependsOn),
    });
    graphs.keep(dependsOn);
    return { session, isGraphReused: false };
  } catch {
    graphs.abandon(dependsOn); // it may be the folder that is full: without it the model opens all the same
    return createAnew();
  }
}

/** Null when there shall be none, or the folder cannot be had: graphs only save time. */
function openCache(folder: string | null): GraphCache | null {
  if (folder === null) return null;
  try {
    return new GraphCache(folder);
  } catch {
    return null;
  }
}

function sessionOptions(threads: number): Library.InferenceSession.SessionOptions {
  return {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // What it has to say comes as an error of the call, too; 4 = fatal only.
    logSeverityLevel: 4,
    // Between two batches its threads sleep: the machine's cores are other copies' too.
    extra: { session: { force_spinning_stop: '1' } },
  };
}

function modelError({ modelLabel, modelPath }: OpenRequest, cause: unknown): StowageError {
  const problem = firstLine(cause).replaceAll(modelPath, modelLabel);
  return StowageError.of('MODEL-024', { file: modelLabel, problem }, { cause });
}

function slotOf(metadata: Library.InferenceSession.ValueMetadata, file: string): TensorSlot {
  const { name } = metadata;
  if (!metadata.isTensor) {
    throw StowageError.of('MODEL-024', { file, problem: `\`${name}\` is no tensor but a sequence or a map` });
  }
  const { type } = metadata;
  if (type === 'int4' || type === 'uint4') {
    throw StowageError.of('MODEL-024', { file, problem: `\`${name}\` is of the type ${type}` });
  }
  return { name, type, shape: metadata.shape.map((length) => length ?? '') };
}

const arrays = {
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
} as const;

function toLibrary(library: typeof Library, tensor: Tensor): Library.Tensor {
  if (tensor.type === 'string') return new library.Tensor('string', [...tensor.strings], tensor.shape);
  const { type, bytes, shape } = tensor;
  const size = elementBytes[type];
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  const data = new arrays[type](buffer as ArrayBuffer, byteOffset, elementCount(shape));
  return new library.Tensor(type, data as never, shape);
}

function fromLibrary({ type, dims, data }: Library.Tensor): Tensor {
  if (type === 'string') return { type, shape: dims, strings: data as string[] };
  if (type === 'int4' || type === 'uint4') throw new Error(`an output is of the type ${type}`);
  const { buffer, byteOffset, byteLength } = data as Exclude<typeof data, string[]>;
  return { type, shape: dims, bytes: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength) };
}

function versionOf(library: typeof Library): string {
  return library.env.versions.node ?? library.env.versions.common;
}

/** What happened, in the library's words, without where in its code. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [line = ''] = text.split('\n');
  return line.replace(/\/onnxruntime_src\/\S+\s/g, '').slice(0, 500);
}
