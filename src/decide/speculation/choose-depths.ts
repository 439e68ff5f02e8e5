/**
 * How many proposed tokens of each sequence the next step shall check: as many as make most tokens a millisecond,
 * none where that is not clearly more than without.
 */

/** What a step costs, milliseconds. */
export interface StepPrices {
  /** The model's step of so many rows, ≥ 1; never falls with rows. */
  checking(rows: number): number;
  /** The draft model's step of so many rows, ≥ 1. */
  drafting(rows: number): number;
}

export interface Candidate {
  /**
   * The chance that the first, second … proposed token is kept, in [0, 1] and falling: each needs those before it.
   * As many as may be proposed.
   */
  readonly chances: readonly number[];
  /** Each of its proposed tokens needs a row in a step of the draft model; the first steps of all are one. */
  readonly isDrafted: boolean;
}

/** A plan must be this much better than none, to be one. */
const gainMin = 1.1;

/**
 * True where proposals that were all kept would pay: `decoding` sequences, up to `rowsMax` proposed tokens. The
 * quick question before the long one; drafting is counted as free.
 */
export function mayPay(decoding: number, rowsMax: number, prices: StepPrices): boolean {
  const plain = decoding / prices.checking(decoding);
  for (let rows = 1; rows <= rowsMax; rows *= 2) {
    if ((decoding + rows) / prices.checking(decoding + rows) >= gainMin * plain) return true;
  }
  return (decoding + rowsMax) / prices.checking(decoding + rowsMax) >= gainMin * plain;
}

/** Tokens to propose of each candidate, in the order given; at most `rowsMax` together. */
export function chooseDepths(
  candidates: readonly Candidate[],
  rowsMax: number,
  prices: StepPrices,
): number[] {
  const count = candidates.length;
  const none = candidates.map(() => 0);
  if (count === 0) return none;
  const places = candidates.flatMap(({ chances, isDrafted }, candidate) =>
    chances.map((chance, level) => ({ candidate, chance, level, isDrafted })),
  );
  places.sort((a, b) => b.chance - a.chance || a.level - b.level || a.candidate - b.candidate);
  const drafted: number[] = [];
  let tokens = count;
  let draftMs = 0;
  let best = { value: (gainMin * count) / prices.checking(count), taken: 0 };
  for (let taken = 1; taken <= Math.min(rowsMax, places.length); taken++) {
    const { chance, level, isDrafted } = places[taken - 1]!;
    tokens += chance;
    if (isDrafted) {
      const before = drafted[level] ?? 0;
      drafted[level] = before + 1;
      draftMs += prices.drafting(before + 1) - (before === 0 ? 0 : prices.drafting(before));
    }
    const value = tokens / (prices.checking(count + taken) + draftMs);
    if (value > best.value) best = { value, taken };
  }
  const depths = none;
  for (const { candidate } of places.slice(0, best.taken)) depths[candidate]!++;
  return depths;
}

/** Tokens a millisecond of a step with these depths, as estimated; the measure that `chooseDepths` goes by. */
export function estimatedSpeed(
  candidates: readonly Candidate[],
  depths: readonly number[],
  prices: StepPrices,
): number {
  let tokens = candidates.length;
  let rows = candidates.length;
  let draftMs = 0;
  const deepest = Math.max(0, ...depths);
  for (let level = 0; level < deepest; level++) {
    let drafted = 0;
    candidates.forEach(({ chances, isDrafted }, index) => {
      if (depths[index]! <= level) return;
      tokens += chances[level]!;
      rows++;
      if (isDrafted) drafted++;
    });
    if (drafted > 0) draftMs += prices.drafting(drafted);
  }
  return tokens / (prices.checking(rows) + draftMs);
}
