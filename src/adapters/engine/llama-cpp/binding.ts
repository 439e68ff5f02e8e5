/**
 * llama.cpp's C functions and structures as this build knows them (llama.h and ggml.h of v0.5.0). Nothing but
 * declarations: what is called when is `engine.ts`. A structure that does not match the library corrupts
 * memory silently, so `library.ts` checks sizes and defaults before anything else is called.
 */
import koffi, { type LibraryHandle } from 'koffi';

export const modelParams = koffi.struct('llama_model_params', {
  devices: 'void*',
  tensor_buft_overrides: 'void*',
  n_gpu_layers: 'int32_t',
  split_mode: 'int32_t',
  load_mode: 'int32_t',
  lazy_mode: 'int32_t',
  main_gpu: 'int32_t',
  tensor_split: 'void*',
  progress_callback: 'void*',
  progress_callback_user_data: 'void*',
  kv_overrides: 'void*',
  vocab_only: 'bool',
  check_tensors: 'bool',
  use_extra_bufts: 'bool',
  no_host: 'bool',
  no_alloc: 'bool',
  load_mtp: 'bool',
});

export const contextParams = koffi.struct('llama_context_params', {
  n_ctx: 'uint32_t',
  n_batch: 'uint32_t',
  n_ubatch: 'uint32_t',
  n_seq_max: 'uint32_t',
  n_rs_seq: 'uint32_t',
  n_outputs_max: 'uint32_t',
  n_outputs_max_per_seq: 'uint32_t',
  n_threads: 'int32_t',
  n_threads_batch: 'int32_t',
  ctx_type: 'int32_t',
  rope_scaling_type: 'int32_t',
  pooling_type: 'int32_t',
  attention_type: 'int32_t',
  flash_attn_type: 'int32_t',
  rope_freq_base: 'float',
  rope_freq_scale: 'float',
  yarn_ext_factor: 'float',
  yarn_attn_factor: 'float',
  yarn_beta_fast: 'float',
  yarn_beta_slow: 'float',
  yarn_orig_ctx: 'uint32_t',
  defrag_thold: 'float',
  cb_eval: 'void*',
  cb_eval_user_data: 'void*',
  type_k: 'int32_t',
  type_v: 'int32_t',
  abort_callback: 'void*',
  abort_callback_data: 'void*',
  embeddings: 'bool',
  offload_kqv: 'bool',
  no_perf: 'bool',
  op_offload: 'bool',
  swa_full: 'bool',
  kv_unified: 'bool',
  samplers: 'uint64_t',
  n_samplers: 'size_t',
  ctx_other: 'void*',
});

export const batchStruct = koffi.struct('llama_batch', {
  n_tokens: 'int32_t',
  token: 'uint64_t',
  embd: 'uint64_t',
  pos: 'uint64_t',
  n_seq_id: 'uint64_t',
  seq_id: 'uint64_t',
  logits: 'uint64_t',
});

koffi.struct('ggml_threadpool_params', {
  cpumask: koffi.array('uint8_t', 512, 'Typed'),
  n_threads: 'int',
  prio: 'int',
  poll: 'uint32_t',
  strict_cpu: 'bool',
  paused: 'bool',
});

export const logCallback = koffi.proto(
  'void ggml_log_callback(int level, const char* text, void* user_data)',
);
export const progressCallback = koffi.proto('bool llama_progress_callback(float progress, void* user_data)');
const threadpoolNew = koffi.proto('void* ggml_threadpool_new(ggml_threadpool_params* params)');

/** Bytes of each structure in v0.5.0 on 64-bit platforms. */
export const structBytes = [
  [modelParams, 80],
  [contextParams, 160],
  [batchStruct, 56],
] as const;

const llamaSignatures = [
  'const char* llama_version()',
  'void llama_log_set(ggml_log_callback* callback, void* user_data)',
  'void llama_backend_init()',
  'llama_model_params llama_model_default_params()',
  'llama_context_params llama_context_default_params()',
  'void* llama_model_load_from_file(const char* path, llama_model_params params)',
  'void llama_model_free(void* model)',
  'void* llama_init_from_model(void* model, llama_context_params params)',
  'void llama_free(void* context)',
  'void* llama_get_memory(void* context)',
  'void* llama_model_get_vocab(void* model)',
  'uint64_t llama_model_n_params(void* model)',
  'int32_t llama_model_n_ctx_train(void* model)',
  'int32_t llama_model_meta_val_str(void* model, const char* key, _Out_ uint8_t* buffer, size_t size)',
  'const char* llama_model_chat_template(void* model, const char* name)',
  'int32_t llama_vocab_n_tokens(void* vocab)',
  'int32_t llama_vocab_get_attr(void* vocab, int32_t token)',
  'const char* llama_vocab_get_text(void* vocab, int32_t token)',
  'bool llama_vocab_is_eog(void* vocab, int32_t token)',
  'int32_t llama_vocab_bos(void* vocab)',
  'int32_t llama_vocab_eos(void* vocab)',
  'bool llama_vocab_get_add_bos(void* vocab)',
  'int32_t llama_tokenize(void* vocab, const uint8_t* text, int32_t length, _Out_ int32_t* tokens, int32_t size, bool add_special, bool parse_special)',
  'int32_t llama_token_to_piece(void* vocab, int32_t token, _Out_ uint8_t* buffer, int32_t size, int32_t lstrip, bool special)',
  'uint32_t llama_n_ctx_seq(void* context)',
  'int32_t llama_decode(void* context, llama_batch batch)',
  'void llama_synchronize(void* context)',
  'void* llama_get_logits(void* context)',
  'bool llama_memory_seq_rm(void* memory, int32_t sequence, int32_t from, int32_t to)',
  'size_t llama_state_seq_get_size(void* context, int32_t sequence)',
  'size_t llama_state_seq_get_data(void* context, uint8_t* state, size_t size, int32_t sequence)',
  'size_t llama_state_seq_set_data(void* context, const uint8_t* state, size_t size, int32_t sequence)',
  'bool llama_model_is_recurrent(void* model)',
  'bool llama_model_is_hybrid(void* model)',
  'int32_t llama_model_n_swa(void* model)',
  'void* llama_adapter_lora_init(void* model, const char* path)',
  'void llama_adapter_lora_free(void* adapter)',
  'int32_t llama_set_adapters_lora(void* context, void** adapters, size_t count, float* scales)',
  'int32_t llama_model_n_embd_out(void* model)',
  'int32_t llama_pooling_type(void* context)',
  'void* llama_get_embeddings_seq(void* context, int32_t sequence)',
  'int32_t llama_encode(void* context, llama_batch batch)',
  'bool llama_model_has_encoder(void* model)',
  'bool llama_model_has_decoder(void* model)',
  'uint32_t llama_model_n_cls_out(void* model)',
  'int32_t llama_vocab_sep(void* vocab)',
  'bool llama_vocab_get_add_sep(void* vocab)',
  'bool llama_vocab_get_add_eos(void* vocab)',
  'void llama_set_n_threads(void* context, int32_t threads, int32_t threads_batch)',
  'void llama_attach_threadpool(void* context, void* threadpool, void* threadpool_batch)',
] as const;

const ggmlSignatures = [
  'void ggml_backend_load_all_from_path(const char* folder)',
  'void* ggml_backend_load(const char* file)',
  'size_t ggml_backend_dev_count()',
  'void* ggml_backend_dev_get(size_t index)',
  'void* ggml_backend_reg_by_name(const char* name)',
] as const;

const ggmlBaseSignatures = [
  'const char* ggml_backend_dev_name(void* device)',
  'const char* ggml_backend_dev_description(void* device)',
  'int ggml_backend_dev_type(void* device)',
  'void ggml_backend_dev_memory(void* device, _Out_ size_t* free, _Out_ size_t* total)',
  'void* ggml_backend_reg_get_proc_address(void* registry, const char* name)',
  'ggml_threadpool_params ggml_threadpool_params_default(int threads)',
] as const;

/** A bound C function; `.async` runs it on libuv's pool. */
export type NativeFunction = ReturnType<LibraryHandle['func']>;

type NameIn<Signature extends string> = Signature extends `${infer Head}(${string}`
  ? Head extends `${string} ${infer Name}`
    ? Name extends `${string} ${infer Rest}`
      ? NameIn<`x ${Rest}(`>
      : Name
    : never
  : never;
type FunctionName = NameIn<
  (typeof llamaSignatures)[number] | (typeof ggmlSignatures)[number] | (typeof ggmlBaseSignatures)[number]
>;

/** All bound functions by their C names, and the thread pool's constructor, which lives in a backend. */
export type LlamaFunctions = Readonly<Record<FunctionName, NativeFunction>> & {
  /** A persistent pool of compute threads; `poll` 0 (sleep at once) to 100 (spin). */
  newThreadpool(threads: number, poll: number): unknown;
};

/**
 * Native code runs on stacks that koffi allocates, small by default; tokenizers with regular expressions recurse
 * with the length of the text, and drivers compile on the stack they are called on. Bytes, per call in flight: the most koffi allows.
 */
const nativeStackBytes = 16 * 1024 * 1024;

/** Binds every function. Throws koffi's error, which names the missing symbol or file. */
export function bindFunctions(files: { llama: string; ggml: string; ggmlBase: string }): LlamaFunctions {
  koffi.config({ ...koffi.config(), sync_stack_size: nativeStackBytes, async_stack_size: nativeStackBytes });
  const base = koffi.load(files.ggmlBase);
  const ggml = koffi.load(files.ggml);
  const llama = koffi.load(files.llama);
  const bound: Record<string, NativeFunction> = {};
  const bind = (library: LibraryHandle, signatures: readonly string[]) => {
    for (const signature of signatures) bound[/(\w+)\(/.exec(signature)![1]!] = library.func(signature);
  };
  bind(base, ggmlBaseSignatures);
  bind(ggml, ggmlSignatures);
  bind(llama, llamaSignatures);
  const functions = bound as Record<FunctionName, NativeFunction>;
  // One for all contexts of a size, as they never compute at once: the idle threads of another would spin beside them.
  const threadpools = new Map<string, unknown>();
  const newThreadpool = (threads: number, poll: number): unknown => {
    const known = threadpools.get(`${threads} ${poll}`);
    if (known !== undefined) return known;
    const registry: unknown = functions.ggml_backend_reg_by_name('CPU');
    const address: unknown = functions.ggml_backend_reg_get_proc_address(registry, 'ggml_threadpool_new');
    const params = functions.ggml_threadpool_params_default(threads) as Record<string, unknown>;
    const threadpool: unknown = koffi.call(address, threadpoolNew, { ...params, poll });
    threadpools.set(`${threads} ${poll}`, threadpool);
    return threadpool;
  };
  return { ...functions, newThreadpool };
}
