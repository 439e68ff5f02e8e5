/**
 * How much memory a copy will need, before it is started. An estimate from the header alone, meant to be a
 * little too high: placement must not promise room that is not there.
 *
 *   weights            bytes of the tensor data (mapped from the file, resident once used)
 * + KV cache           2 bytes (f16) × elements per token × sequences × tokens per sequence
 * + outputs            4 bytes × vocabulary × rows with logits, twice: in the graph and handed out
 * + activations        4 bytes × step tokens × (8 × embedding + 3 × feed-forward)
 * + attention          4 bytes × step tokens × heads × tokens of one sequence, and a mask over all cells
 * + process            the runtime, its libraries and its buffers
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
  const rowsWithLogits = Math.min(batch.sequencesMax, batch.stepTokensMax);
  const outputs = 2 * model.vocabularySize * rowsWithLogits;
  const activations = batch.stepTokensMax * (8 * model.embeddingLength + 3 * model.feedForwardLength);
  const attention = batch.stepTokensMax * (model.headCount * batch.sequenceTokensMax + cells);
  const computeBytes = floatBytes * (outputs + activations + attention) + processBytes;
  return {
    weightsBytes: model.tensorBytes,
    kvBytes,
    computeBytes,
    totalBytes: model.tensorBytes + kvBytes + computeBytes,
  };
}
