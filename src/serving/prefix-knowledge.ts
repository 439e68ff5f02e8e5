/**
 * Which beginnings of prompts one copy had lately: a bounded set of block hashes, the longest unused goes first. It is a
 * guess: what the copy still keeps, only the copy knows. Blocks are touched from the last to the first, so that of a
 * chain the end goes before the beginning and what is known of a chain is always its beginning.
 */

/** About two million characters: more than a worker with the default cache keeps. */
const knownBlocksMax = 16_384;

export class PrefixKnowledge {
  /** Which of the copy's requests had the block last, in order of use, the latest last. */
  private readonly blocks = new Map<number, number>();
  private requests = 0;

  constructor(private readonly blocksMax = knownBlocksMax) {}

  get size(): number {
    return this.blocks.size;
  }

  /** How many of the chain's first blocks the copy had. */
  matched(chain: readonly number[]): number {
    let known = 0;
    let unknown = chain.length + 1;
    while (unknown - known > 1) {
      const middle = (known + unknown) >> 1;
      if (this.blocks.has(chain[middle - 1]!)) known = middle;
      else unknown = middle;
    }
    return known;
  }

  /** Requests that the copy was given since one began so far; the more, the less likely it still has it. */
  distance(chain: readonly number[], matched: number): number {
    return this.requests - (this.blocks.get(chain[matched - 1]!) ?? 0);
  }

  /** The copy has been given a request that begins so. */
  note(chain: readonly number[]): void {
    this.requests++;
    for (let index = chain.length - 1; index >= 0; index--) {
      const block = chain[index]!;
      this.blocks.delete(block);
      this.blocks.set(block, this.requests);
    }
    for (const oldest of this.blocks.keys()) {
      if (this.blocks.size <= this.blocksMax) return;
      this.blocks.delete(oldest);
    }
  }
}
