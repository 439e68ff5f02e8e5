/**
 * How much memory a copy will need, before it is started. An estimate from the header alone, meant to be a
 * little too high: placement must not promise room that is not there.
 *
 *   weights       bytes of the tensor data (mapped from the file, resident once used)
 * + KV cache      2 bytes (f16) × elements per token × sequences × tokens per sequence
 * + outputs       4 bytes × vocabulary × rows with logits, twice: in the graph and handed out
 * + activations   4 bytes × rows × (8 × embedding + 3 × feed-forward)
 * + attention     4 bytes × rows × (heads + 1 for the mask) × tokens of one sequence
 * + process       the runtime, its libraries and its buffers
 *
 * Rows are those computed at once: a longer step is computed in parts of at most 512. For the small model
 * of the test the engine's own figures for the three lines before the last are 0.3 (with flash attention)
 * to 0.7 (without) of these.
 */

export interface ModelMemoryShape {
  readonly tensorBytes: number;
  /** Numbers that the KV cache keeps for each token, over all layers. */
  readonly kvElementsPerToken: number;
  readonly embeddingLength: number;
  readonly feedForwardLength: number;
  readonly headCount: number;
  readonly vocabularySize: number;
}

export interface BatchShape {
  /** Sequences held at once. */
  readonly sequencesMax: number;
  /** Tokens one sequence can hold. */
  readonly sequenceTokensMax: number;
  /** Rows of one step. */
  readonly stepTokensMax: number;
}

const kvElementBytes = 2;
const floatBytes = 4;
/** The engine's physical batch. */
const rowsAtOnceMax = 512;
const processBytes = 128 * 1024 * 1024;

export interface MemoryEstimate {
  readonly weightsBytes: number;
  readonly kvBytes: number;
  readonly computeBytes: number;
  readonly totalBytes: number;
}

/** The estimate and its parts, in bytes. */
export function estimateMemory(model: ModelMemoryShape, batch: BatchShape): MemoryEstimate {
  const cells = batch.sequencesMax * batch.sequenceTokensMax;
  const kvBytes = kvElementBytes * model.kvElementsPerToken * cells;
  const rows = Math.min(batch.stepTokensMax, rowsAtOnceMax);
  const outputs = 2 * model.vocabularySize * Math.min(batch.sequencesMax, batch.stepTokensMax);
  const activations = rows * (8 * model.embeddingLength + 3 * model.feedForwardLength);
  const attention = rows * (model.headCount + 1) * batch.sequenceTokensMax;
  const computeBytes = floatBytes * (outputs + activations + attention) + processBytes;
  return {
    weightsBytes: model.tensorBytes,
    kvBytes,
    computeBytes,
    totalBytes: model.tensorBytes + kvBytes + computeBytes,
  };
}
