/**
 * One model in llama.cpp, stepped by one caller. Each step is one `llama_decode` on libuv's single pool thread
 * (UV_THREADPOOL_SIZE=1 in the worker's environment) with a persistent pool of compute threads beside it; the
 * event loop stays free. Measured against a worker thread and against the defaults: docs/decisions.
 */
import koffi from 'koffi';
import { promisify } from 'node:util';
import type { Engine, EngineInfo } from '../../../contracts/engine.js';
import { StowageError } from '../../../domain/errors.js';
import { progressCallback, type LlamaFunctions, type NativeFunction } from './binding.js';
import { DeviceKind, loadLibrary, type LibraryLog, type LlamaLibrary } from './library.js';
import { NativeBatch } from './native-batch.js';
import { Vocabulary } from './vocabulary.js';

export interface LlamaEngineOptions {
  readonly modelPath: string;
  /** Name of the file in messages; never a path of this machine. */
  readonly modelLabel: string;
  readonly sequencesMax: number;
  /** Tokens one sequence may hold; 0 = as many as the model was trained for. */
  readonly sequenceTokensMax: number;
  /** Rows of a step. */
  readonly stepRowsMax: number;
  readonly gpuLayers: number;
  readonly threads: number;
  /** Size of the thread pool: `setThreads` may go up to this. */
  readonly threadsMax: number;
  readonly log: LibraryLog;
  readonly onLoading: (fraction: number) => void;
}

/** llama.cpp's physical batch: rows computed at once inside a step. */
const microBatchRows = 512;
/** How eagerly idle compute threads spin for the next graph: ggml's default. */
const threadPollLevel = 50;

/** Loads the model and makes its context. Rejects with HOST-60x or MODEL-024. */
export async function createLlamaEngine(options: LlamaEngineOptions): Promise<Engine> {
  const library = loadLibrary(options.log);
  const model = await loadModel(library.functions, options);
  return LlamaEngine.create(library, model, options);
}

async function loadModel(functions: LlamaFunctions, options: LlamaEngineOptions): Promise<unknown> {
  const params = functions.llama_model_default_params() as Record<string, unknown>;
  const progress = koffi.register((fraction: number) => {
    options.onLoading(fraction);
    return true;
  }, koffi.pointer(progressCallback));
  try {
    const load = callAsync(functions.llama_model_load_from_file);
    const model: unknown = await load(options.modelPath, {
      ...params,
      n_gpu_layers: options.gpuLayers < 0 ? 2 ** 31 - 1 : options.gpuLayers,
      progress_callback: progress,
    });
    if (model !== null) return model;
  } finally {
    koffi.unregister(progress);
  }
  throw StowageError.of('MODEL-024', {
    file: options.modelLabel,
    problem: 'the library refuses it; its own words are in the log',
  });
}

class LlamaEngine implements Engine {
  readonly specialTokens: ReadonlyMap<string, number>;
  readonly beginTokenAdded: number | null;
  readonly batch: NativeBatch;
  private readonly decode: (context: unknown, batch: unknown) => Promise<unknown>;
  private readonly synchronize: ((context: unknown) => Promise<unknown>) | null;
  private readonly rowOfOutput: Int32Array;
  private logitsView = new Float32Array(0);
  private logitsAddress = 0n;

  private constructor(
    private readonly functions: LlamaFunctions,
    private readonly model: unknown,
    private readonly context: unknown,
    private readonly memory: unknown,
    private readonly vocabulary: Vocabulary,
    private readonly threadsMax: number,
    readonly info: EngineInfo,
  ) {
    this.batch = new NativeBatch(info.stepTokensMax);
    this.rowOfOutput = new Int32Array(info.stepTokensMax);
    this.specialTokens = vocabulary.specialTokens;
    this.beginTokenAdded = vocabulary.beginTokenAdded;
    this.decode = callAsync(functions.llama_decode);
    this.synchronize = info.device === DeviceKind.Cpu ? null : callAsync(functions.llama_synchronize);
  }

  static async create(
    library: LlamaLibrary,
    model: unknown,
    options: LlamaEngineOptions,
  ): Promise<LlamaEngine> {
    const { functions } = library;
    const trained = Number(functions.llama_model_n_ctx_train(model));
    const sequenceTokensMax = options.sequenceTokensMax === 0 ? trained : options.sequenceTokensMax;
    const init = callAsync(functions.llama_init_from_model);
    const context: unknown = await init(model, {
      ...(functions.llama_context_default_params() as Record<string, unknown>),
      n_ctx: options.sequencesMax * sequenceTokensMax,
      n_batch: options.stepRowsMax,
      n_ubatch: Math.min(options.stepRowsMax, microBatchRows),
      n_seq_max: options.sequencesMax,
      n_threads: options.threads,
      n_threads_batch: options.threads,
      no_perf: true,
    });
    if (context === null) {
      const problem = `no memory for ${options.sequencesMax} sequences of ${sequenceTokensMax} tokens`;
      throw StowageError.of('MODEL-024', { file: options.modelLabel, problem });
    }
    functions.llama_attach_threadpool(
      context,
      functions.newThreadpool(options.threadsMax, threadPollLevel),
      null,
    );
    const vocabulary = new Vocabulary(functions, model);
    const metadata = (key: string) => readMetadata(functions, model, key);
    const perSequence = Number(functions.llama_n_ctx_seq(context));
    const gpu = library.devices.some(({ kind }) => kind === DeviceKind.Gpu) && options.gpuLayers !== 0;
    const template: unknown = functions.llama_model_chat_template(model, null);
    return new LlamaEngine(
      functions,
      model,
      context,
      functions.llama_get_memory(context),
      vocabulary,
      options.threadsMax,
      {
        architecture: metadata('general.architecture') ?? 'unknown',
        modelName: metadata('general.name') ?? options.modelLabel,
        parameters: Number(functions.llama_model_n_params(model)),
        vocabularySize: vocabulary.size,
        sequencesMax: options.sequencesMax,
        sequenceTokensMax: Math.min(perSequence, sequenceTokensMax),
        kvCellsTotal: options.sequencesMax * Math.min(perSequence, sequenceTokensMax),
        stepTokensMax: options.stepRowsMax,
        chatTemplate: typeof template === 'string' ? template : null,
        beginText: vocabulary.beginText,
        endText: vocabulary.endText,
        device: gpu ? DeviceKind.Gpu : DeviceKind.Cpu,
        libraryVersion: library.version,
      },
    );
  }

  tokenize(text: string): number[] {
    return this.vocabulary.tokenize(text);
  }

  piece(token: number): Uint8Array {
    return this.vocabulary.piece(token);
  }

  isEndOfGeneration(token: number): boolean {
    return this.vocabulary.isEndOfGeneration(token);
  }

  async step(): Promise<void> {
    const result = await this.decode(this.context, this.batch.toStruct());
    if (result !== 0) {
      const reason = result === 1 ? 'no room in the KV cache' : `llama_decode answered ${result}`;
      throw StowageError.of('RUN-308', { reason });
    }
    await this.synchronize?.(this.context);
    this.viewLogits();
  }

  logits(row: number): Float32Array {
    const size = this.info.vocabularySize;
    const output = this.rowOfOutput[row]!;
    return this.logitsView.subarray(output * size, (output + 1) * size);
  }

  forget(sequence: number, position: number): void {
    this.functions.llama_memory_seq_rm(this.memory, sequence, position, -1);
  }

  setThreads(count: number): void {
    const threads = Math.max(1, Math.min(count, this.threadsMax));
    this.functions.llama_set_n_threads(this.context, threads, threads);
  }

  close(): void {
    this.functions.llama_free(this.context);
    this.functions.llama_model_free(this.model);
  }

  /** Logits lie one after another in the order of the rows that asked for them (llama.h, llama_get_logits). */
  private viewLogits(): void {
    const { outputs, length } = this.batch;
    let count = 0;
    for (let row = 0; row < length; row++) if (outputs[row] !== 0) this.rowOfOutput[row] = count++;
    if (count === 0) return;
    const pointer: unknown = this.functions.llama_get_logits(this.context);
    const address = BigInt(koffi.address(pointer));
    const floats = count * this.info.vocabularySize;
    if (address === this.logitsAddress && floats <= this.logitsView.length) return;
    this.logitsView = new Float32Array(koffi.view(pointer, floats * 4));
    this.logitsAddress = address;
  }
}

function readMetadata(functions: LlamaFunctions, model: unknown, key: string): string | null {
  const buffer = Buffer.alloc(256);
  const length = Number(functions.llama_model_meta_val_str(model, key, buffer, buffer.length));
  return length < 0 ? null : buffer.toString('utf8', 0, Math.min(length, buffer.length - 1));
}

/** A native function run on libuv's pool thread, as a promise. */
function callAsync(native: NativeFunction): (...values: readonly unknown[]) => Promise<unknown> {
  return promisify(native.async.bind(native)) as (...values: readonly unknown[]) => Promise<unknown>;
}
