/**
 * Who holds which blocks of tokens, by their hashes. A holder's blocks begin at its first token and have no gaps, so one
 * that holds a block holds all blocks before it.
 */
export class PrefixIndex<Holder> {
  private readonly hashes = new Map<Holder, number[]>();
  private readonly holders = new Map<number, Set<Holder>>();

  /** Makes the holder hold exactly these blocks; the array is copied. */
  set(holder: Holder, hashes: readonly number[], blocks = hashes.length): void {
    const held = this.hashesOf(holder);
    let kept = Math.min(held.length, blocks);
    while (kept > 0 && held[kept - 1] !== hashes[kept - 1]) kept--;
    for (const hash of held.splice(kept)) this.drop(holder, hash);
    for (let block = kept; block < blocks; block++) this.add(holder, held, hashes[block]!);
    if (held.length === 0) this.hashes.delete(holder);
  }

  remove(holder: Holder): void {
    this.set(holder, []);
  }

  blocksOf(holder: Holder): readonly number[] {
    return this.hashes.get(holder) ?? [];
  }

  /** The longest beginning of these blocks that anybody holds, and who does; null when nobody holds the first. */
  longest(
    hashes: readonly number[],
    blocksMax: number,
  ): { blocks: number; holders: readonly Holder[] } | null {
    let blocks = 0;
    while (blocks < blocksMax && this.holders.has(hashes[blocks]!)) blocks++;
    return blocks === 0 ? null : { blocks, holders: [...this.holders.get(hashes[blocks - 1]!)!] };
  }

  /** How many of a holder's last blocks nobody else holds. */
  unsharedBlocks(holder: Holder): number {
    const held = this.blocksOf(holder);
    let unshared = 0;
    while (unshared < held.length && this.holders.get(held[held.length - 1 - unshared]!)!.size === 1)
      unshared++;
    return unshared;
  }

  private hashesOf(holder: Holder): number[] {
    let held = this.hashes.get(holder);
    if (held === undefined) {
      held = [];
      this.hashes.set(holder, held);
    }
    return held;
  }

  private add(holder: Holder, held: number[], hash: number): void {
    held.push(hash);
    const others = this.holders.get(hash);
    if (others === undefined) this.holders.set(hash, new Set([holder]));
    else others.add(holder);
  }

  private drop(holder: Holder, hash: number): void {
    const others = this.holders.get(hash)!;
    others.delete(holder);
    if (others.size === 0) this.holders.delete(hash);
  }
}
