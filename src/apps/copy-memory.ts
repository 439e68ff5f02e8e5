/** What a copy of a model will have in memory on this machine, by the model's header and the component's options. */
import { hasMatrixTiles } from '../adapters/engine/llama-cpp/processor.js';
import { stepRowsMax } from '../decide/batching/plan-step.js';
import { estimateMemory, headLengthOf, type MemoryEstimate } from '../decide/cost/model-memory.js';
import { chooseTask, isEncoder, type TaskChoice } from '../decide/pooling/choose-task.js';
import { textLimits } from '../decide/pooling/text-limits.js';
import {
  type ComponentOptions,
  FlashAttention,
  KvCacheType,
  SpeculativeMethod,
} from '../domain/component-options.js';
import type { GgufHeader } from '../library/gguf/inspect-gguf.js';

const mebibyte = 1024 ** 2;
/** Numbers that a quantized KV cache packs together (ggml). */
const quantizedBlock = 32;

/** Of a copy that computes in our own engine. */
export function estimateCopyMemory(header: GgufHeader, options: ComponentOptions): MemoryEstimate {
  if (isForWholeTexts(chooseTask(header, options))) return estimateEmbeddingMemory(header, options);
  const { rollingBatchSizeMax, modelTokensMax, stepTokensMax, prefixCaching, prefixCacheRamMiB } = options;
  return estimateMemory(
    header,
    {
      sequencesMax: rollingBatchSizeMax,
      sequenceTokensMax: modelTokensMax,
      stepTokensMax: stepRowsMax(stepTokensMax, rollingBatchSizeMax),
      outputRowsMax: outputRowsMax(options),
      kvCacheType: options.kvCacheType,
      flashAttention: options.flashAttention,
      prefixCacheBytesMax: prefixCaching ? prefixCacheRamMiB * mebibyte : 0,
    },
    { hasMatrixTiles: hasMatrixTiles() },
  );
}

function isForWholeTexts({ task }: TaskChoice): boolean {
  return task === 'embed' || task === 'rerank';
}

/** One batch is held, without prefixes; the library keeps room for logits of all its rows, though nobody asks for them. */
function estimateEmbeddingMemory(header: GgufHeader, options: ComponentOptions): MemoryEstimate {
  const { batchTokensMax } = textLimits(options, header.contextLength);
  const kvElementsPerToken = isEncoder(header.architecture) ? 0 : header.kvElementsPerToken;
  return estimateMemory(
    { ...header, kvElementsPerToken },
    {
      sequencesMax: 1,
      sequenceTokensMax: batchTokensMax,
      stepTokensMax: batchTokensMax,
      outputRowsMax: batchTokensMax,
      kvCacheType: KvCacheType.F16,
      flashAttention: options.flashAttention,
      prefixCacheBytesMax: 0,
    },
    { hasMatrixTiles: hasMatrixTiles() },
  );
}

/** Rows of a step that logits are asked for at most: of each sequence the last token and what is proposed after it. */
export function outputRowsMax(options: ComponentOptions): number {
  const { rollingBatchSizeMax, speculativeMethod, speculativeTokensMax } = options;
  const proposed = speculativeMethod === SpeculativeMethod.Off ? 0 : speculativeTokensMax;
  return rollingBatchSizeMax * (1 + proposed);
}

/** Why the library cannot keep a KV cache of that type for this model; null when it can. */
export function whyNotQuantized(
  kvCacheType: KvCacheType,
  header: GgufHeader,
  { flashAttention }: Pick<ComponentOptions, 'flashAttention'>,
): string | null {
  if (kvCacheType === KvCacheType.F16) return null;
  if (flashAttention === FlashAttention.Off) {
    return `\`kv_cache_dtype: ${kvCacheType}\` needs flash attention, and \`flash_attn\` is off`;
  }
  const headLength = headLengthOf(header);
  if (!Number.isInteger(headLength) || headLength % quantizedBlock === 0) return null;
  return `\`kv_cache_dtype: ${kvCacheType}\` needs heads of ${quantizedBlock} numbers or a multiple, and its have ${headLength}`;
}
