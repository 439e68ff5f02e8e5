/**
 * One model in llama.cpp, stepped by one caller. Each step is one `llama_decode` on libuv's single pool thread
 * (UV_THREADPOOL_SIZE=1 in the worker's environment) with a persistent pool of compute threads beside it; the
 * event loop stays free. Measured against a worker thread and against the defaults: docs/decisions.
 *
 * Modes: awake, with a context (KV cache and compute buffers), or asleep without one. Nothing but `wake` may be
 * called while it sleeps.
 */
import koffi from 'koffi';
import { Ability, type AdapterShelf, type Engine, type EngineInfo } from '../../../contracts/engine.js';
import { type ComponentOptions, KvCacheType } from '../../../domain/component-options.js';
import { StowageError } from '../../../domain/errors.js';
import type { LlamaFunctions } from './binding.js';
import { flashAttentionTypes, threadPollLevel } from './context-choices.js';
import { DeviceKind } from './library.js';
import { callAsync, type LlamaModel } from './model.js';
import { NativeBatch } from './native-batch.js';

export interface LlamaEngineOptions {
  readonly sequencesMax: number;
  /** Tokens one sequence may hold; 0 = as many as the model was trained for. */
  readonly sequenceTokensMax: number;
  /** Rows of a step. */
  readonly stepRowsMax: number;
  /** Rows of a step that logits are asked for; all of them when left out. Memory is kept for so many. */
  readonly outputRowsMax?: number;
  readonly threads: number;
  /** Size of the thread pool: `setThreads` may go up to this. */
  readonly threadsMax: number;
  readonly options: Pick<ComponentOptions, 'gpuLayers' | 'kvCacheType' | 'flashAttention'>;
}

/** llama.cpp's physical batch: rows computed at once inside a step. */
const microBatchRows = 2048;
/** `ggml_type` (ggml.h). */
const kvTypes: Readonly<Record<KvCacheType, number>> = {
  [KvCacheType.F16]: 1,
  [KvCacheType.Q8]: 8,
  [KvCacheType.Q4]: 2,
};

/** Makes a context for the model; the engine owns both. Rejects with MODEL-024. */
export async function createLlamaEngine(
  model: LlamaModel,
  options: LlamaEngineOptions,
): Promise<Engine & AdapterShelf> {
  const engine = new LlamaEngine(model, options);
  await engine.wake();
  return engine;
}

class LlamaEngine implements Engine, AdapterShelf {
  readonly info: EngineInfo;
  readonly specialTokens: ReadonlyMap<string, number>;
  readonly beginTokenAdded: number | null;
  readonly isCuttable: boolean;
  readonly savesWhole: boolean;
  readonly batch: NativeBatch;
  private readonly functions: LlamaFunctions;
  private readonly decode: (context: unknown, batch: unknown) => Promise<unknown>;
  private readonly synchronize: ((context: unknown) => Promise<unknown>) | null;
  private readonly threadpool: unknown;
  private readonly rowOfOutput: Int32Array;
  private context: unknown = null;
  private memory: unknown = null;
  private threads: number;
  private adapter: number | null = null;
  /** Calls on the pool thread, which may look at all adapters: a step, a load, waking. */
  private callsUnderWay = 0;
  /** Adapters to be freed when none of them is under way. */
  private leaving: number[] = [];
  private logitsView = new Float32Array(0);
  private logitsAddress = 0n;

  constructor(
    private readonly model: LlamaModel,
    private readonly options: LlamaEngineOptions,
  ) {
    const { functions, vocabulary } = model;
    this.functions = functions;
    this.info = infoOf(model, options);
    this.threads = options.threads;
    this.isCuttable = model.isCuttable;
    this.savesWhole = model.savesWhole;
    this.batch = new NativeBatch(options.stepRowsMax);
    this.rowOfOutput = new Int32Array(options.stepRowsMax);
    this.specialTokens = vocabulary.specialTokens;
    this.beginTokenAdded = vocabulary.beginTokenAdded;
    this.threadpool = functions.newThreadpool(options.threadsMax, threadPollLevel);
    this.decode = callAsync(functions.llama_decode);
    this.synchronize = this.info.device === DeviceKind.Cpu ? null : callAsync(functions.llama_synchronize);
  }

  tokenize(text: string): number[] {
    return this.model.vocabulary.tokenize(text);
  }

  piece(token: number): Uint8Array {
    return this.model.vocabulary.piece(token);
  }

  isEndOfGeneration(token: number): boolean {
    return this.model.vocabulary.isEndOfGeneration(token);
  }

  async step(): Promise<void> {
    await this.keepingAdapters(async () => {
      const result = await this.decode(this.context, this.batch.toStruct());
      if (result !== 0) {
        const reason = result === 1 ? 'no room in the KV cache' : `llama_decode answered ${result}`;
        throw StowageError.of('RUN-308', { reason });
      }
      await this.synchronize?.(this.context);
    });
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

  saveSequence(sequence: number): Uint8Array {
    const state = new Uint8Array(Number(this.functions.llama_state_seq_get_size(this.context, sequence)));
    const written = this.functions.llama_state_seq_get_data(this.context, state, state.length, sequence);
    return state.subarray(0, Number(written));
  }

  restoreSequence(sequence: number, state: Uint8Array): boolean {
    const read = this.functions.llama_state_seq_set_data(this.context, state, state.length, sequence);
    if (Number(read) > 0) return true;
    this.forget(sequence, 0);
    return false;
  }

  useAdapter(adapter: number | null): void {
    this.adapter = adapter;
    const adapters = adapter === null ? [] : [this.model.adapters[adapter]];
    const scales = Float32Array.from(adapters, () => 1);
    this.functions.llama_set_adapters_lora(this.context, adapters, adapters.length, scales);
  }

  loadAdapter(name: string, path: string): Promise<void> {
    return this.keepingAdapters(() => this.model.loadAdapter({ name, path }));
  }

  unloadAdapter(name: string): void {
    const index = this.model.adapterNames.indexOf(name);
    if (index < 0) return;
    this.model.adapterNames[index] = '';
    this.leaving.push(index);
    this.freeLeaving();
  }

  setThreads(count: number): void {
    this.threads = Math.max(1, Math.min(count, this.options.threadsMax));
    this.functions.llama_set_n_threads(this.context, this.threads, this.threads);
  }

  async sleep(): Promise<void> {
    if (this.context === null) return;
    this.functions.llama_free(this.context);
    this.context = null;
    this.memory = null;
    this.logitsView = new Float32Array(0);
    this.logitsAddress = 0n;
  }

  async wake(): Promise<void> {
    if (this.context !== null) return;
    const { functions, model, info } = this;
    const make = callAsync(functions.llama_init_from_model);
    const context = await this.keepingAdapters(() => make(model.handle, this.contextParams()));
    if (context === null) {
      const problem = `no memory for ${info.sequencesMax} sequences of ${info.sequenceTokensMax} tokens`;
      throw StowageError.of('MODEL-024', { file: model.label, problem });
    }
    functions.llama_attach_threadpool(context, this.threadpool, null);
    this.context = context;
    this.memory = functions.llama_get_memory(context);
    if (this.adapter !== null) this.useAdapter(this.adapter);
  }

  /** No adapter is freed while the call goes on. */
  private async keepingAdapters<Result>(call: () => Promise<Result>): Promise<Result> {
    this.callsUnderWay++;
    try {
      return await call();
    } finally {
      this.callsUnderWay--;
      this.freeLeaving();
    }
  }

  private freeLeaving(): void {
    if (this.callsUnderWay > 0) return;
    for (const index of this.leaving) {
      if (this.adapter === index) {
        this.adapter = null;
        if (this.context !== null) this.useAdapter(null);
      }
      this.model.freeAdapter(index);
    }
    this.leaving = [];
  }

  close(): void {
    if (this.context !== null) this.functions.llama_free(this.context);
    this.context = null;
    this.model.close();
  }

  private contextParams(): Record<string, unknown> {
    const { sequencesMax, stepRowsMax, outputRowsMax = stepRowsMax, options } = this.options;
    const kvType = kvTypes[options.kvCacheType];
    return {
      ...(this.functions.llama_context_default_params() as Record<string, unknown>),
      n_ctx: sequencesMax * this.info.sequenceTokensMax,
      n_batch: stepRowsMax,
      n_ubatch: Math.min(stepRowsMax, microBatchRows),
      n_seq_max: sequencesMax,
      n_outputs_max: Math.max(sequencesMax, Math.min(outputRowsMax, stepRowsMax)),
      n_threads: this.threads,
      n_threads_batch: this.threads,
      flash_attn_type: flashAttentionTypes[options.flashAttention],
      type_k: kvType,
      type_v: kvType,
      no_perf: true,
    };
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

function infoOf(model: LlamaModel, options: LlamaEngineOptions): EngineInfo {
  const { sequencesMax, stepRowsMax, options: component } = options;
  const sequenceTokensMax = options.sequenceTokensMax === 0 ? model.trainedTokens : options.sequenceTokensMax;
  const { library, vocabulary } = model;
  const isGpuThere = library.devices.some(({ kind }) => kind === DeviceKind.Gpu);
  return {
    architecture: model.architecture,
    modelName: model.name,
    parameters: model.parameters,
    vocabularySize: vocabulary.size,
    sequencesMax,
    sequenceTokensMax,
    kvCellsTotal: sequencesMax * sequenceTokensMax,
    stepTokensMax: stepRowsMax,
    chatTemplate: model.chatTemplate,
    beginText: vocabulary.beginText,
    endText: vocabulary.endText,
    device: isGpuThere && component.gpuLayers !== 0 ? DeviceKind.Gpu : DeviceKind.Cpu,
    libraryVersion: library.version,
    abilities: [Ability.Generate],
    adapters: model.adapterNames,
  };
}
