/** One of several, each with a weight: variants of an endpoint, groups of copies. */

export interface Weighted {
  /** ≥ 0; its share is its weight over the sum of all. */
  readonly weight: number;
}

/**
 * The index of the chosen one, or -1 when there is none. `chance` in [0, 1). Weights that are all zero count as
 * equal: to answer is better than to refuse.
 */
export function pickWeighted(items: readonly Weighted[], chance: number): number {
  if (items.length < 2) return items.length - 1;
  let sum = 0;
  for (const { weight } of items) sum += weight;
  if (sum <= 0) return Math.floor(chance * items.length);
  let left = chance * sum;
  let last = -1;
  for (let index = 0; index < items.length; index++) {
    const { weight } = items[index]!;
    if (weight <= 0) continue;
    last = index;
    left -= weight;
    if (left < 0) break;
  }
  return last;
}
