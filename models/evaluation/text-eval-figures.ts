/** Figures of a classifier. */

/** How often (0 to 1) one of `positives` is above one of `negatives`; equal ones count half. Neither may be empty. */
export function areaUnderCurve(positives: readonly number[], negatives: readonly number[]): number {
  const all = [
    ...positives.map((score) => ({ score, isPositive: true })),
    ...negatives.map((score) => ({ score, isPositive: false })),
  ].sort((left, right) => left.score - right.score);
  let above = 0;
  let negativesBelow = 0;
  for (let start = 0; start < all.length;) {
    let [end, positiveCount] = [start, 0];
    for (; end < all.length && all[end]!.score === all[start]!.score; end++) {
      if (all[end]!.isPositive) positiveCount++;
    }
    const negativeCount = end - start - positiveCount;
    above += positiveCount * (negativesBelow + negativeCount / 2);
    negativesBelow += negativeCount;
    start = end;
  }
  return above / (positives.length * negatives.length);
}

/** How often (0 to 1) the right one of two is above the wrong one, of those that have both; NaN where none has. */
export function rankedShare(
  couples: readonly { readonly right: number | undefined; readonly wrong: number }[],
): number {
  const whole = couples.filter(({ right }) => right !== undefined);
  return whole.filter(({ right, wrong }) => right! > wrong).length / whole.length;
}
