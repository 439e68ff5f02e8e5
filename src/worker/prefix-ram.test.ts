import { describe, expect, it } from 'vitest';
import type { Clock } from '../contracts/clock.js';
import { PrefixIndex } from './prefix-index.js';
import { PrefixRam } from './prefix-ram.js';

const clock: Clock = { now: () => 100_000, wallNow: () => 100_000, after: () => () => {} };

/** One byte for each token; a block of 32 for each hash. */
function prefix(hashes: readonly number[], lastUsedAt: number, bytes = hashes.length * 32) {
  const tokens = new Int32Array(hashes.length * 32);
  return { tokens, hashes, unshared: tokens.length, lastUsedAt, save: () => new Uint8Array(bytes) };
}

describe('PrefixRam', () => {
  it('keeps a shorter prefix where the longer one is refused after all', () => {
    const index = new PrefixIndex<object>();
    const ram = new PrefixRam(index, clock, 200);
    expect(ram.store(prefix([1, 2], 100_000))).toBe(true);
    expect(ram.store(prefix([1, 2, 3], 100_000, 201))).toBe(false);
    expect(ram.bytes).toBe(64);
    expect(index.longest([1, 2, 3], 3)?.blocks).toBe(2);
  });

  it('goes on taking prefixes when it has as many as it may have', () => {
    const ram = new PrefixRam(new PrefixIndex<object>(), clock, 2 ** 30);
    for (let at = 0; at < 4096; at++) expect(ram.store(prefix([at], at))).toBe(true);
    expect(ram.store(prefix([5000], 99_000))).toBe(true);
    expect(ram.bytes).toBe(4096 * 32);
    expect(ram.evictions).toBe(1);
  });
});
