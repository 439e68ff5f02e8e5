/**
 * What a header may ask of its reader. Real files stay far below; the limits are there so that a hostile
 * one costs bounded time and memory. Kept together they stay under 64 MiB.
 */

/** Bytes before the tensor data. The largest vocabularies in use need about 30 MiB. */
export const headerBytesMax = 256 * 1024 * 1024;
/** The engine compares each key with each earlier one, so their number bounds its time as well. */
export const keysMax = 65_536;
/** Bytes of one key. */
export const keyBytesMax = 256;
/** As for keys: the engine compares each tensor's name with all earlier ones. */
export const tensorsMax = 65_536;
/** Bytes of one string that is only skipped: a token, a licence text. */
export const stringBytesMax = 16 * 1024 * 1024;
/** Bytes of one string that is kept: the chat template. */
export const keptStringBytesMax = 1024 * 1024;
/** Numbers in one array that is kept: one per layer. */
export const keptArrayLengthMax = 1024;
/** Numbers in all kept arrays together. */
export const keptNumbersMax = 65_536;
/** Elements of any one array; as in the engine. */
export const arrayLengthMax = 1024 * 1024 * 1024;
/** The engine's GGML_MAX_NAME less its terminating zero. */
export const tensorNameBytesMax = 63;
/** The engine's GGML_MAX_DIMS. */
export const dimensionsMax = 4;
/** The engine's LLAMA_MAX_LAYERS. */
export const layersMax = 512;
/** Embedding and feed-forward widths. */
export const widthMax = 2 ** 24;
/** Attention heads, and numbers in one head. */
export const headsMax = 2 ** 16;
/** Tokens in a vocabulary or a context: the engine counts them in 32 bits with a sign. */
export const tokensMax = 2 ** 31 - 1;
