/** llama.cpp's own quantizer, over its library. */
import koffi from 'koffi';
import { findLibraryFiles } from '../../src/adapters/engine/llama-cpp/library-files.js';
import { loadLibrary } from '../../src/adapters/engine/llama-cpp/library.js';

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
/** Of llama.cpp v0.5.0 on 64-bit platforms. */
const quantizeParamsBytes = 64;

/**
 * Writes `target`: the model of the GGUF file `source` as `fileType`, a `llama_ftype` of llama.h, on `threads` (≥ 1).
 * Blocks the event loop. Throws what the library answered, and where its parameters are not as they are known here;
 * `target` may be half written then.
 */
export function requantize(source: string, target: string, fileType: number, threads: number): void {
  loadLibrary(() => {}); // backends and log
  const library = koffi.load(findLibraryFiles().llama);
  const defaults = library.func('llama_model_quantize_params llama_model_quantize_default_params()');
  const quantize = library.func(
    'uint32_t llama_model_quantize(const char* source, const char* target, const llama_model_quantize_params* params)',
  );
  const params = defaults() as Record<string, unknown>;
  const isAsKnown = koffi.sizeof(quantizeParams) === quantizeParamsBytes && params['only_copy'] === false;
  if (!isAsKnown || params['quantize_output_tensor'] !== true) {
    throw new Error('llama_model_quantize_params is not as this was written for');
  }
  const result: unknown = quantize(source, target, {
    ...params,
    nthread: threads,
    ftype: fileType,
    allow_requantize: true,
  });
  if (result !== 0) {
    throw new Error(
      `llama_model_quantize answered ${String(result)} to ${source}: it may be no whole GGUF file`,
    );
  }
}
