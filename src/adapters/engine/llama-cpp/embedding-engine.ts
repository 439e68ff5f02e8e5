/**
 * One model in llama.cpp that makes vectors of texts. Each batch is one `llama_decode` or `llama_encode` on libuv's
 * single pool thread with a persistent pool of compute threads beside it, as in `engine.ts`.
 *
 * A batch is one microbatch: pooling sees only the rows of one, so a text that was cut in two would be pooled wrongly.
 * All texts are in one stream (`kv_unified`), where rows stay in the order given.
 *
 * Modes: awake, with a context, or asleep without one. Nothing but `wake` may be called while it sleeps.
 */
import koffi from 'koffi';
import type { EmbeddingEngine, PairForm } from '../../../contracts/embedding-engine.js';
import { Ability, type EngineInfo } from '../../../contracts/engine.js';
import type { ComponentOptions } from '../../../domain/component-options.js';
import { StowageError } from '../../../domain/errors.js';
import type { LlamaFunctions } from './binding.js';
import { flashAttentionTypes, threadPollLevel } from './context-choices.js';
import { DeviceKind } from './library.js';
import { callAsync, type LlamaModel } from './model.js';
import { NativeBatch } from './native-batch.js';

export interface LlamaEmbeddingOptions {
  readonly ability: typeof Ability.Embed | typeof Ability.Rerank;
  /** `llama_pooling_type` (llama.h), 1..4. */
  readonly poolingType: number;
  /** Texts of a batch, ≤ `batchTokensMax`: the library ends the process otherwise. */
  readonly textsMax: number;
  /** Tokens of one text. */
  readonly textTokensMax: number;
  /** Tokens of a batch, ≥ `textTokensMax`. */
  readonly batchTokensMax: number;
  readonly threads: number;
  /** Size of the thread pool: `setThreads` may go up to this. */
  readonly threadsMax: number;
  readonly options: Pick<ComponentOptions, 'gpuLayers' | 'flashAttention'>;
}

/** Makes a context for the model; the engine owns both. Rejects with MODEL-024. */
export async function createEmbeddingEngine(
  model: LlamaModel,
  options: LlamaEmbeddingOptions,
): Promise<EmbeddingEngine> {
  const { functions, handle, label } = model;
  const isEncoderOnly = functions.llama_model_has_decoder(handle) !== true;
  if (functions.llama_model_has_encoder(handle) === true && !isEncoderOnly) {
    const problem = 'it has an encoder and a decoder; of such models only generated text is of use';
    throw StowageError.of('MODEL-024', { file: label, problem });
  }
  const engine = new LlamaEmbeddingEngine(model, options, isEncoderOnly);
  await engine.wake();
  return engine;
}

class LlamaEmbeddingEngine implements EmbeddingEngine {
  readonly info: EngineInfo;
  readonly width: number;
  readonly specialTokens: ReadonlyMap<string, number>;
  readonly textFrame: EmbeddingEngine['textFrame'];
  readonly pairForm: PairForm;
  private readonly functions: LlamaFunctions;
  private readonly batch: NativeBatch;
  private readonly run: (context: unknown, batch: unknown) => Promise<unknown>;
  private readonly synchronize: ((context: unknown) => Promise<unknown>) | null;
  private readonly threadpool: unknown;
  private context: unknown = null;
  /** Null for models that keep none. */
  private memory: unknown = null;
  private threads: number;

  constructor(
    private readonly model: LlamaModel,
    private readonly options: LlamaEmbeddingOptions,
    isEncoderOnly: boolean,
  ) {
    const { functions, handle, vocabulary } = model;
    this.functions = functions;
    this.info = infoOf(model, options);
    const isRanking = options.ability === Ability.Rerank;
    this.width = Number(
      isRanking ? functions.llama_model_n_cls_out(handle) : functions.llama_model_n_embd_out(handle),
    );
    this.specialTokens = vocabulary.specialTokens;
    this.textFrame = vocabulary.textFrame();
    this.pairForm = pairFormOf(model);
    this.batch = new NativeBatch(options.batchTokensMax);
    this.batch.outputs.fill(1);
    this.threads = options.threads;
    this.threadpool = functions.newThreadpool(options.threadsMax, threadPollLevel);
    this.run = callAsync(isEncoderOnly ? functions.llama_encode : functions.llama_decode);
    this.synchronize = this.info.device === DeviceKind.Cpu ? null : callAsync(functions.llama_synchronize);
  }

  tokenize(text: string): number[] {
    return this.model.vocabulary.tokenize(text);
  }

  async compute(texts: readonly (readonly number[])[]): Promise<readonly Float32Array[]> {
    this.fillBatch(texts);
    const result = await this.run(this.context, this.batch.toStruct());
    if (result !== 0) throw StowageError.of('RUN-308', { reason: `a batch of texts ended with ${result}` });
    await this.synchronize?.(this.context);
    const vectors = texts.map((_, sequence) => this.vectorOf(sequence));
    if (this.memory !== null) {
      for (const sequence of texts.keys()) this.functions.llama_memory_seq_rm(this.memory, sequence, -1, -1);
    }
    return vectors;
  }

  setThreads(count: number): void {
    this.threads = Math.max(1, Math.min(count, this.options.threadsMax));
    if (this.context !== null) this.functions.llama_set_n_threads(this.context, this.threads, this.threads);
  }

  async sleep(): Promise<void> {
    if (this.context === null) return;
    this.functions.llama_free(this.context);
    this.context = null;
    this.memory = null;
  }

  async wake(): Promise<void> {
    if (this.context !== null) return;
    const { functions, model } = this;
    const context: unknown = await callAsync(functions.llama_init_from_model)(
      model.handle,
      this.contextParams(),
    );
    if (context === null) {
      const problem = `no memory for ${this.options.batchTokensMax} tokens at once`;
      throw StowageError.of('MODEL-024', { file: model.label, problem });
    }
    functions.llama_attach_threadpool(context, this.threadpool, null);
    this.context = context;
    this.memory = functions.llama_get_memory(context);
  }

  close(): void {
    if (this.context !== null) this.functions.llama_free(this.context);
    this.context = null;
    this.model.close();
  }

  private fillBatch(texts: readonly (readonly number[])[]): void {
    const { batch } = this;
    let row = 0;
    for (const [sequence, tokens] of texts.entries()) {
      for (const [position, token] of tokens.entries()) {
        batch.tokens[row] = token;
        batch.positions[row] = position;
        batch.sequences[row] = sequence;
        row++;
      }
    }
    batch.length = row;
  }

  /** A copy: the library's own is overwritten by the next batch. */
  private vectorOf(sequence: number): Float32Array {
    const pointer: unknown = this.functions.llama_get_embeddings_seq(this.context, sequence);
    if (pointer === null) throw StowageError.of('RUN-308', { reason: 'a text got no vector' });
    return Float32Array.from(new Float32Array(koffi.view(pointer, this.width * 4)));
  }

  private contextParams(): Record<string, unknown> {
    const { batchTokensMax, textsMax, poolingType, options } = this.options;
    return {
      ...(this.functions.llama_context_default_params() as Record<string, unknown>),
      n_ctx: batchTokensMax,
      n_batch: batchTokensMax,
      n_ubatch: batchTokensMax,
      n_seq_max: textsMax,
      kv_unified: true,
      embeddings: true,
      pooling_type: poolingType,
      n_threads: this.threads,
      n_threads_batch: this.threads,
      flash_attn_type: flashAttentionTypes[options.flashAttention],
      no_perf: true,
    };
  }
}

/** As llama.cpp's server joins them (tools/server/server-common.cpp, `format_prompt_rerank`). */
function pairFormOf({ functions, handle }: LlamaModel): PairForm {
  const template: unknown = functions.llama_model_chat_template(handle, 'rerank');
  if (typeof template === 'string') return { kind: 'template', template };
  const vocab: unknown = functions.llama_model_get_vocab(handle);
  const known = (token: unknown): readonly number[] => (Number(token) >= 0 ? [Number(token)] : []);
  const separator = known(functions.llama_vocab_sep(vocab));
  const ownEnd = known(functions.llama_vocab_eos(vocab));
  const end = ownEnd.length > 0 ? ownEnd : separator;
  const begin =
    functions.llama_vocab_get_add_bos(vocab) === true ? known(functions.llama_vocab_bos(vocab)) : [];
  const after = functions.llama_vocab_get_add_eos(vocab) === true ? end : [];
  const between = functions.llama_vocab_get_add_sep(vocab) === true ? separator : [];
  return { kind: 'joined', before: begin, between: [...after, ...between], after };
}

function infoOf(model: LlamaModel, options: LlamaEmbeddingOptions): EngineInfo {
  const { library, vocabulary } = model;
  const isGpuThere = library.devices.some(({ kind }) => kind === DeviceKind.Gpu);
  return {
    architecture: model.architecture,
    modelName: model.name,
    parameters: model.parameters,
    vocabularySize: vocabulary.size,
    sequencesMax: options.textsMax,
    sequenceTokensMax: options.textTokensMax,
    kvCellsTotal: 0,
    stepTokensMax: options.batchTokensMax,
    chatTemplate: null,
    beginText: vocabulary.beginText,
    endText: vocabulary.endText,
    device: isGpuThere && options.options.gpuLayers !== 0 ? DeviceKind.Gpu : DeviceKind.Cpu,
    libraryVersion: library.version,
    abilities: [options.ability],
    adapters: [],
  };
}
