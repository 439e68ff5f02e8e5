/**
 * Random Llama models with weights of other types, made by llama.cpp's own quantizer out of the f16 file. Files are
 * kept beside it; one that is there is not made again.
 */
import koffi from 'koffi';
import { existsSync, renameSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { findLibraryFiles } from '../../src/adapters/engine/llama-cpp/library-files.js';
import { ensureRandomLlama, type LlamaShapeName } from './random-llama.js';

/** `llama_ftype` (llama.h) by the names people use. */
const fileTypes = { f32: 0, q4_0: 2, q8_0: 7, q4_k_m: 15 } as const;
export type WeightType = 'f16' | keyof typeof fileTypes;

/** The model's file in `folder`, made if it is not there. Takes seconds for each hundred million parameters. */
export function ensureLlama(folder: string, shape: LlamaShapeName, weights: WeightType): string {
  const source = ensureRandomLlama(folder, shape);
  if (weights === 'f16') return source;
  const file = source.replace('-f16-', `-${weights}-`);
  if (existsSync(file)) return file;
  const unfinished = `${file}.${process.pid}`;
  quantize(source, unfinished, fileTypes[weights]);
  renameSync(unfinished, file);
  return file;
}

/** Of llama.cpp v0.5.0. */
const quantizeParams = koffi.struct('llama_model_quantize_params', {
  nthread: 'int32_t',
  ftype: 'int32_t',
  output_tensor_type: 'int32_t',
  token_embedding_type: 'int32_t',
  allow_requantize: 'bool',
  quantize_output_tensor: 'bool',
  only_copy: 'bool',
  pure: 'bool',
  keep_split: 'bool',
  dry_run: 'bool',
  imatrix: 'void*',
  kv_overrides: 'void*',
  tt_overrides: 'void*',
  prune_layers: 'void*',
  max_buf_size: 'size_t',
});
const quantizeParamsBytes = 64;
const quantizeLog = koffi.proto('void quantize_log(int level, const char* text, void* data)');

function quantize(source: string, target: string, fileType: number): void {
  const actualBytes = koffi.sizeof(quantizeParams);
  if (actualBytes !== quantizeParamsBytes) throw new Error(`the structure has ${actualBytes} bytes`);
  const files = findLibraryFiles();
  koffi.load(files.ggmlBase);
  const ggml = koffi.load(files.ggml);
  const llama = koffi.load(files.llama);
  const silence = koffi.register(() => undefined, koffi.pointer(quantizeLog));
  llama.func('void llama_log_set(void* log, void* data)')(silence, null);
  ggml.func('void ggml_backend_load_all_from_path(const char* folder)')(files.folder);
  const defaults = llama.func(
    'llama_model_quantize_params llama_model_quantize_default_params()',
  )() as object;
  const run = llama.func(
    'uint32_t llama_model_quantize(const char* source, const char* target, llama_model_quantize_params* params)',
  );
  const result: unknown = run(source, target, {
    ...defaults,
    nthread: availableParallelism(),
    ftype: fileType,
  });
  if (result !== 0) throw new Error(`llama.cpp could not quantize ${source}: ${String(result)}`);
}
