/**
 * Whose turn it is where one step can be computed with one LoRA adapter only: that of the sequence which has waited
 * longest. With n adapters in use each gets every n-th step.
 */

/** What the choice needs to know of a sequence, in order of admission. */
export interface AdaptedSequence {
  /** Null = the model alone. */
  readonly adapter: number | null;
  /** The step in which it was last computed. */
  readonly lastStep: number;
}

/** The adapter of the next step; of an empty list none. */
export function pickAdapter(sequences: readonly AdaptedSequence[]): number | null {
  let longest: AdaptedSequence | undefined;
  for (const sequence of sequences) {
    if (longest === undefined || sequence.lastStep < longest.lastStep) longest = sequence;
  }
  return longest?.adapter ?? null;
}
