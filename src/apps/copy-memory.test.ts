import { expect, it } from 'vitest';
import { FlashAttention, KvCacheType } from '../domain/component-options.js';
import type { GgufHeader } from '../library/gguf/inspect-gguf.js';
import { whyNotQuantized } from './copy-memory.js';

it.each([
  [KvCacheType.Q8, FlashAttention.Auto, 64, null],
  [KvCacheType.Q8, FlashAttention.Off, 64, /needs flash attention/],
  [KvCacheType.Q8, FlashAttention.Auto, 80, /heads of 32 numbers or a multiple, and its have 80/],
  [KvCacheType.F16, FlashAttention.Off, 80, null],
])('a KV cache of %s with flash attention %s and heads of %d: %s', (type, flashAttention, length, reason) => {
  const header = { blockCount: 4, headCountKv: 2, kvElementsPerToken: 2 * 4 * 2 * length } as GgufHeader;
  const why = whyNotQuantized(type, header, { flashAttention });
  if (reason === null) expect(why).toBeNull();
  else expect(why).toMatch(reason);
});
