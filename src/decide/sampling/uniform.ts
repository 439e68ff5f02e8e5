/**
 * Chance as a function. The same (seed, position) gives the same number in every process, so that a
 * request continued on another copy draws what it would have drawn on the first.
 *
 * Two rounds of the 32-bit finalizer of MurmurHash3 (public domain, A. Appleby) over the four words.
 */

/** Uniform in [0, 1) with 53 random bits. `seed` 0..2^53-1, `position` 0..2^32-1. */
export function uniformAt(seed: number, position: number): number {
  const low = seed >>> 0;
  const high = Math.floor(seed / 4294967296) >>> 0;
  const a = mix(mix(low ^ 0x9e3779b9) ^ mix(high + 0x85ebca6b) ^ mix(position + 0x7f4a7c15));
  const b = mix(a ^ mix(position ^ 0x165667b1) ^ low);
  return ((a >>> 5) * 67108864 + (b >>> 6)) / 9007199254740992;
}

function mix(word: number): number {
  let h = word | 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}
