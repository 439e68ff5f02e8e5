/** Which beginnings of prompts one copy has computed and not yet dropped: blocks by name, the one used longest ago goes first. */
import { prefixBlockTokens } from '../forecast-input.js';

/** Blocks that one copy keeps: two million tokens. */
const blocksMax = 4_096;

export class PrefixMemory {
  private readonly blocks = new Set<number>();

  /** Tokens of the longest beginning that is known. */
  find(blocks: readonly number[] | null): number {
    if (blocks === null) return 0;
    let found = 0;
    for (const block of blocks) {
      if (!this.blocks.has(block)) break;
      found++;
    }
    return found * prefixBlockTokens;
  }

  keep(blocks: readonly number[] | null): void {
    for (const block of blocks ?? []) {
      this.blocks.delete(block);
      this.blocks.add(block);
    }
    for (const block of this.blocks) {
      if (this.blocks.size <= blocksMax) break;
      this.blocks.delete(block);
    }
  }
}
