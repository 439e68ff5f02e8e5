/** Whether a known prefix is taken over, and from whom; whether a request waits until another has computed it. */

/** Copying a cell costs less than a sixteenth of computing one (docs/engine/prefix-cache.md). */
const copiedCellsPerTokenMax = 16;
/** A request waits for another when that saves it so many tokens. */
const awaitedTokensMin = 64;

/** Somebody who holds the prefix. */
export interface PrefixHolder {
  /** Cells that are copied for it; 0 = it can be used where it is. */
  readonly cells: number;
  /** It is kept as bytes, which is half of the way. */
  readonly isInRam: boolean;
}

/** The cheapest of those who hold the same `tokens`; -1 when computing them is as cheap. */
export function chooseSource(holders: readonly PrefixHolder[], tokens: number): number {
  let best = -1;
  let bestCost = Infinity;
  holders.forEach(({ cells, isInRam }, index) => {
    const cost = isInRam ? cells : cells * 2;
    if (cells > tokens * copiedCellsPerTokenMax || cost >= bestCost) return;
    best = index;
    bestCost = cost;
  });
  return best;
}

/** Who is being computed and will have more of the prefix than is known now; -1 when nobody is worth waiting for. */
export function chooseLeader(knownTokens: number, promisedTokens: readonly number[]): number {
  const most = Math.max(0, ...promisedTokens);
  return most - knownTokens < awaitedTokensMin ? -1 : promisedTokens.indexOf(most);
}
