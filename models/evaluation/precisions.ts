/** Files of other precisions, made by llama.cpp out of a Q8_0 file whose weights f16 holds exactly. */
import koffi from 'koffi';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { findLibraryFiles } from '../../src/adapters/engine/llama-cpp/library-files.js';
import { loadLibrary } from '../../src/adapters/engine/llama-cpp/library.js';

/** `llama_ftype` (llama.h). */
const fileTypes = { f16: 1, Q6_K: 18, Q4_K_M: 15 } as const;

export const precisions = ['f16', 'Q8_0', 'Q6_K', 'Q4_K_M'] as const;
export type Precision = (typeof precisions)[number];

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

/** The model in that precision: the Q8_0 file itself, or one made of it, at need, in the cache folder. */
export function fileOfPrecision(options: {
  readonly folder: string;
  readonly model: string;
  readonly precision: Precision;
  readonly cacheFolder: string;
  readonly threads: number;
}): string {
  const { folder, model, precision, cacheFolder, threads } = options;
  const source = path.join(folder, `${model}-Q8_0.gguf`);
  if (precision === 'Q8_0') return source;
  const digest = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12);
  const file = path.join(cacheFolder, `${model}-${precision}-of-${digest}.gguf`);
  if (existsSync(file)) return file;
  mkdirSync(cacheFolder, { recursive: true });
  const unfinished = `${file}.unfinished`;
  requantize(source, unfinished, fileTypes[precision], threads);
  renameSync(unfinished, file);
  return file;
}

function requantize(source: string, target: string, fileType: number, threads: number): void {
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
  if (result !== 0) throw new Error(`llama_model_quantize answered ${String(result)}`);
}
