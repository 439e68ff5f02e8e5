/**
 * Which whole texts are computed together. Requests give one text each in turn, in the order of their arrival, so that
 * a request of one text does not wait for another's thousands. The text whose turn it is always goes; behind it,
 * those that still fit, so a long text is never overtaken for ever and short ones fill what it leaves.
 *
 * A text is computed whole: nothing of it may be left for the next batch.
 */

export interface TextRoom {
  /** Tokens of a batch; a single longer text goes alone. */
  readonly tokensMax: number;
  readonly textsMax: number;
}

/**
 * Whose text comes at which place: indices into `textsLeft`, the texts each request still has, oldest request first.
 * At most `placesMax` places.
 */
export function takeTurns(textsLeft: readonly number[], placesMax: number): number[] {
  const turns: number[] = [];
  const mostLeft = Math.max(0, ...textsLeft);
  for (let round = 0; round < mostLeft && turns.length < placesMax; round++) {
    for (const [request, left] of textsLeft.entries()) {
      if (left > round && turns.length < placesMax) turns.push(request);
    }
  }
  return turns;
}

/** Indices of the texts of the next batch, ascending, given the tokens of each in the order of their turns. */
export function packTexts(tokenCounts: readonly number[], room: TextRoom): number[] {
  const packed: number[] = [];
  let tokens = 0;
  for (const [index, count] of tokenCounts.entries()) {
    if (packed.length === room.textsMax) break;
    if (index > 0 && tokens + count > room.tokensMax) continue;
    packed.push(index);
    tokens += count;
  }
  return packed;
}
