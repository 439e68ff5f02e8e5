/**
 * Which tokens the next step computes. All decoding sequences come first, one token each and what is proposed to follow
 * it; what is left of the step's budget goes to prompts, oldest first. However many decode, prompts get at least
 * `prefillTokensMin`, so nobody starves.
 */

/** What the plan needs to know of a sequence, in order of admission. */
export interface PlannableSequence {
  /** Prompt tokens not yet computed; 0 = it decodes. */
  readonly prefillRemaining: number;
  /** Tokens proposed to follow, which are checked with the next; they count only where it decodes. */
  readonly proposed: number;
}

/** Prompt tokens a step has room for even when decoding alone fills it. */
export const prefillTokensMin = 16;

/**
 * How many tokens of each sequence the step takes, in the order given: 1 and its proposal for a decoding one, 0 or more
 * for a prompt, all prompts together at most `promptRowsMax`. The sum is at most
 * max(stepTokensMax, decoding + prefillTokensMin).
 */
export function planStep(
  sequences: readonly PlannableSequence[],
  stepTokensMax: number,
  promptRowsMax: number,
): number[] {
  let decoding = 0;
  for (const { prefillRemaining, proposed } of sequences)
    if (prefillRemaining === 0) decoding += 1 + proposed;
  let budget = Math.min(promptRowsMax, Math.max(stepTokensMax - decoding, prefillTokensMin));
  return sequences.map(({ prefillRemaining, proposed }) => {
    if (prefillRemaining === 0) return 1 + proposed;
    const taken = Math.min(prefillRemaining, budget);
    budget -= taken;
    return taken;
  });
}

/** Rows a step's batch must have room for. */
export function stepRowsMax(stepTokensMax: number, sequencesMax: number): number {
  return Math.max(stepTokensMax, sequencesMax + prefillTokensMin);
}
