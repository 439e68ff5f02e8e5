/**
 * Prefixes in whole blocks of tokens, each named by a hash of all tokens up to its end and of the LoRA adapter they were
 * computed with. Two prefixes of equal blocks have equal hashes; equal hashes alone prove nothing, so whoever reuses a
 * prefix compares its tokens, too.
 */

/**
 * Tokens of a block. Below 64, where llama.cpp's attention takes another kernel, so that what is left of a short prompt
 * is computed by the same kernel as the whole of it.
 */
export const blockTokens = 32;

type TokenAt = (position: number) => number;

/** Appends the hashes of the whole blocks within `tokens` tokens that `hashes` does not have yet. */
export function extendHashes(
  hashes: number[],
  tokenAt: TokenAt,
  tokens: number,
  adapter: number | null,
): void {
  for (let block = hashes.length; (block + 1) * blockTokens <= tokens; block++) {
    hashes.push(hashBlock(hashes[block - 1] ?? (adapter ?? -1) + 1, tokenAt, block * blockTokens));
  }
}

/** How many blocks two prefixes have in common. */
export function commonBlocks(a: readonly number[], b: readonly number[]): number {
  const most = Math.min(a.length, b.length);
  let blocks = 0;
  while (blocks < most && a[blocks] === b[blocks]) blocks++;
  return blocks;
}

/** 53 bits: two FNV-1a walks (public domain) with different factors, begun with the hash before. */
function hashBlock(before: number, tokenAt: TokenAt, first: number): number {
  let low = (before >>> 0) ^ 0x811c9dc5;
  let high = Math.floor(before / 4294967296) ^ 0x9e3779b9;
  for (let position = first; position < first + blockTokens; position++) {
    const token = tokenAt(position);
    low = Math.imul(low ^ token, 0x01000193);
    low ^= low >>> 15;
    high = Math.imul(high ^ token, 0x85ebca6b);
    high ^= high >>> 13;
  }
  return (high & 0x1fffff) * 4294967296 + (low >>> 0);
}
