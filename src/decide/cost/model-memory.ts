/**
 * How much memory a copy will have resident at full load, before it is started: from the header of its file and its
 * options alone, meant to lie within 5 % of what is then measured (docs/engine/memory.md says what was compared).
 *
 *   weights       bytes of the tensor data: used in the file's pages, or copied out of them into the order that a
 *                 matrix unit wants (the pages are given back then); packing as Q8_0 grows by 4 bytes in 34 there,
 *                 and an output matrix that is the embeddings' is copied beside them
 * + KV cache      bytes of a number × numbers per token × cells; cells of a sequence are whole blocks of 256
 * + outputs       4 bytes × vocabulary × rows with logits, handed out; and the same inside the graph if that is more
 *                 than the layers need
 * + activations   4 bytes × rows × (3 × feed-forward + 4 × embedding + what a row says of itself + its mask)
 *   or attention  without flash attention, if more: 4 bytes × rows × ((heads + 1) × cells of a sequence
 *                 + 5 × embedding + 2 × KV width)
 * + prefix cache  beginnings of prompts in RAM, at most as many bytes as its option says
 * + process       Node.js, the libraries, and the vocabulary in llama.cpp's tables and ours
 *
 * Rows are those computed at once: a longer step is computed in parts. The sums were read off llama.cpp's own words
 * ("compute buffer size") for models of 5 to 507 million parameters. Known to be rough: mixtures of experts,
 * recurrent models, and attention over compressed caches.
 */
import { FlashAttention, KvCacheType } from '../../domain/component-options.js';

export interface ModelMemoryShape {
  readonly tensorBytes: number;
  /** Of the table of token embeddings. */
  readonly embeddingBytes: number;
  /** The embeddings serve as output matrix. */
  readonly isOutputTied: boolean;
  /** Of matrices packed as Q8_0, but for the embeddings. */
  readonly eightBitBytes: number;
  /** Numbers that the KV cache keeps for each token, over all layers. */
  readonly kvElementsPerToken: number;
  readonly blockCount: number;
  readonly embeddingLength: number;
  readonly feedForwardLength: number;
  readonly headCount: number;
  readonly vocabularySize: number;
  /** Tokens the model was trained for. */
  readonly contextLength: number;
}

export interface BatchShape {
  /** Sequences held at once. */
  readonly sequencesMax: number;
  /** Tokens one sequence can hold; 0 = as many as the model was trained for. */
  readonly sequenceTokensMax: number;
  /** Rows of one step. */
  readonly stepTokensMax: number;
  /** Rows of a step that logits are asked for. */
  readonly outputRowsMax: number;
  readonly kvCacheType: KvCacheType;
  readonly flashAttention: FlashAttention;
  readonly prefixCacheBytesMax: number;
}

/** What of the machine it depends on. */
export interface MemoryMachine {
  /** The processor has matrix tiles (AMX), for which llama.cpp copies weights. */
  readonly hasMatrixTiles: boolean;
}

export interface MemoryEstimate {
  readonly weightsBytes: number;
  readonly kvBytes: number;
  readonly computeBytes: number;
  /** At most; it fills with use. */
  readonly prefixCacheBytes: number;
  readonly processBytes: number;
  /** All of these together. */
  readonly totalBytes: number;
}

/** llama.cpp's physical batch, as the engine sets it: rows computed at once inside a step. */
export const microBatchRowsMax = 2048;

const kvElementBytes: Readonly<Record<KvCacheType, number>> = {
  [KvCacheType.F16]: 2,
  [KvCacheType.Q8]: 34 / 32,
  [KvCacheType.Q4]: 18 / 32,
};
const floatBytes = 4;
const halfBytes = 2;
/** llama.cpp rounds the cells of a context, and those of a sequence, up to this. */
const cellsBlock = 256;
/** Token, position and where its key and value go. */
const rowFactsBytes = 24;
/** A worker of Node.js 20 with its libraries and no model, after its first requests. */
const programBytes = 84 * 1024 * 1024;
/** For each token of the vocabulary: its text, its merges and their indexes, in llama.cpp and in JavaScript. */
const vocabularyTokenBytes = 500;
const packedEightBitGrowth = 4 / 34;

/** The estimate and its parts, in bytes. */
export function estimateMemory(
  model: ModelMemoryShape,
  batch: BatchShape,
  machine: MemoryMachine,
): MemoryEstimate {
  const { sequencesMax, kvCacheType, prefixCacheBytesMax: prefixCacheBytes } = batch;
  const cells = sequenceCells(sequencesMax, batch.sequenceTokensMax || model.contextLength);
  const weightsBytes = weightsOf(model, machine);
  const kvBytes = kvElementBytes[kvCacheType] * model.kvElementsPerToken * cells * sequencesMax;
  const outputRows = Math.max(sequencesMax, Math.min(batch.outputRowsMax, batch.stepTokensMax));
  const outputBytes = floatBytes * model.vocabularySize * outputRows;
  const graphBytes = graphOf(model, batch, cells);
  const computeBytes = Math.ceil(outputBytes + Math.max(outputBytes, graphBytes));
  const processBytes = programBytes + vocabularyTokenBytes * model.vocabularySize;
  const totalBytes = weightsBytes + kvBytes + computeBytes + prefixCacheBytes + processBytes;
  return { weightsBytes, kvBytes, computeBytes, prefixCacheBytes, processBytes, totalBytes };
}

/** What a second model in the same process takes beside the first, in bytes. */
export function besideBytes({ totalBytes }: MemoryEstimate): number {
  return totalBytes - programBytes;
}

export interface RamRoom {
  /** What the copy may have resident. */
  readonly limitBytes: number;
  /** What it needs besides: models, KV cache, buffers, adapters. */
  readonly neededBytes: number;
  /** KV cache of one whole sequence: prefixes are copied through an image of it. */
  readonly imageBytes: number;
}

/** Of the limit, because the estimate may be wrong and the process needs some for what it is doing. */
const ramMarginPart = 0.1;

/** How much RAM is left for the beginnings of prompts; never negative. */
export function prefixRamBytes({ limitBytes, neededBytes, imageBytes }: RamRoom): number {
  return Math.max(0, Math.floor(limitBytes * (1 - ramMarginPart) - neededBytes - imageBytes));
}

/** Numbers of one head's keys; a fraction where layers differ. */
export function headLengthOf(
  model: Pick<ModelMemoryShape, 'kvElementsPerToken' | 'blockCount'> & { readonly headCountKv: number },
): number {
  return model.kvElementsPerToken / Math.max(1, 2 * model.blockCount * model.headCountKv);
}

function weightsOf(model: ModelMemoryShape, { hasMatrixTiles }: MemoryMachine): number {
  const { tensorBytes, eightBitBytes, isOutputTied, embeddingBytes } = model;
  if (!hasMatrixTiles) return tensorBytes;
  const copied = isOutputTied ? embeddingBytes : 0;
  return Math.ceil(tensorBytes + eightBitBytes * packedEightBitGrowth + copied);
}

/** Cells of one sequence: llama.cpp rounds their sum, divides it and rounds again. */
function sequenceCells(sequences: number, tokens: number): number {
  return rounded(Math.floor(rounded(sequences * tokens) / sequences));
}

/** Memory that the layers' intermediate values take, while `rows` are computed at once. */
function graphOf(model: ModelMemoryShape, batch: BatchShape, cells: number): number {
  const { embeddingLength, feedForwardLength, headCount, kvElementsPerToken, blockCount } = model;
  const rows = Math.min(batch.stepTokensMax, microBatchRowsMax);
  const isFused = batch.flashAttention !== FlashAttention.Off;
  const maskBytes = (isFused ? halfBytes : floatBytes) * cells;
  const layerBytes = floatBytes * (3 * feedForwardLength + 4 * embeddingLength);
  if (isFused) return rows * (layerBytes + maskBytes + rowFactsBytes);
  const kvWidth = kvElementsPerToken / Math.max(1, blockCount);
  const attentionBytes = floatBytes * (headCount * cells + 5 * embeddingLength + kvWidth);
  return rows * (Math.max(layerBytes, attentionBytes) + maskBytes + rowFactsBytes);
}

function rounded(cells: number): number {
  return Math.ceil(cells / cellsBlock) * cellsBlock;
}
