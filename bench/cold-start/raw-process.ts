/**
 * What llama.cpp needs without us: `node raw-process.js MODEL THREADS` loads the libraries, the weights and a context
 * of 16 × 512 cells, computes a prompt of 8 tokens and one token after it, and says how many milliseconds that took
 * since its own first line. Node's own start is not counted.
 */
import koffi from 'koffi';
import { bindFunctions } from '../../src/adapters/engine/llama-cpp/binding.js';
import { findLibraryFiles } from '../../src/adapters/engine/llama-cpp/library-files.js';

const startedAt = performance.now();
const sequences = 16;
const cellsPerSequence = 512;
const rows = 512;
const promptTokens = 8;

const [, , modelFile, threadsText] = process.argv;
const threads = Number(threadsText);
const functions = bindFunctions(findLibraryFiles());
functions.ggml_backend_load_all_from_path(findLibraryFiles().folder);
functions.llama_backend_init();
const modelParams = functions.llama_model_default_params() as object;
const model: unknown = functions.llama_model_load_from_file(modelFile, modelParams);
const contextParams = functions.llama_context_default_params() as object;
const context: unknown = functions.llama_init_from_model(model, {
  ...contextParams,
  n_ctx: sequences * cellsPerSequence,
  n_batch: rows,
  n_ubatch: rows,
  n_seq_max: sequences,
  n_threads: threads,
  n_threads_batch: threads,
});
decode(Array.from({ length: promptTokens }, (_, index) => 300 + index));
const loadedMs = performance.now() - startedAt;
process.stdout.write(`${JSON.stringify({ firstTokenMs: loadedMs, token: likeliest() })}\n`);
process.exit(0);

function decode(tokens: readonly number[]): void {
  const ids = Int32Array.from(tokens);
  const batch = koffi
    .load(findLibraryFiles().llama)
    .func('llama_batch llama_batch_get_one(void* tokens, int32_t count)');
  const result: unknown = functions.llama_decode(context, batch(ids, ids.length));
  if (result !== 0) throw new Error(`llama_decode answered ${String(result)}`);
}

/** The id of the largest logit of the last row. */
function likeliest(): number {
  const size = Number(functions.llama_vocab_n_tokens(functions.llama_model_get_vocab(model)));
  const logits = new Float32Array(koffi.view(functions.llama_get_logits(context), size * 4));
  return logits.reduce((best, value, id) => (value > logits[best]! ? id : best), 0);
}
