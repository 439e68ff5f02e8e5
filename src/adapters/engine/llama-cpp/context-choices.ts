/** What every context is made with, whatever it computes. */
import { FlashAttention } from '../../../domain/component-options.js';

/** How eagerly idle compute threads spin for the next graph: ggml's default. */
export const threadPollLevel = 50;
/** `llama_flash_attn_type` (llama.h). */
export const flashAttentionTypes: Readonly<Record<FlashAttention, number>> = {
  [FlashAttention.Auto]: -1,
  [FlashAttention.Off]: 0,
  [FlashAttention.On]: 1,
};
