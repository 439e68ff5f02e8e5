/**
 * What speculation may still lose, milliseconds. Steps without it earn a hundredth of their time; a step with it earns
 * or loses what it saved or cost, by the tokens that were really kept. When nothing is left, nothing is proposed until
 * enough is earned: whatever the estimates say, the loss stays near a hundredth of the time.
 */

export interface Allowance {
  readonly left: number;
  /** It was used up, and a part must be earned before anything is tried. */
  readonly isSpent: boolean;
}

/** Earned by a step without proposals, as a share of its time. */
const earnedShare = 0.01;
/**
 * The most that is saved up, as steps of one row. A deep proposal that is refused at once costs some eight of them: with room
 * for two such, bad luck soon ended what paid.
 */
const savedStepsMax = 64;
/** What must be earned where it was used up, as steps of one row. */
const resumeSteps = 8;

/** What a component starts with. `stepMs`: a step of one row. */
export function firstAllowance(stepMs: number): Allowance {
  return { left: (savedStepsMax / 2) * stepMs, isSpent: false };
}

/** After a step without proposals. */
export function earn(allowance: Allowance, milliseconds: number, stepMs: number): Allowance {
  return settle(allowance, milliseconds * earnedShare, stepMs);
}

/** After a step with proposals, which saved so many milliseconds; below 0 = cost. */
export function settle({ left, isSpent }: Allowance, saved: number, stepMs: number): Allowance {
  const most = savedStepsMax * stepMs;
  const now = Math.min(most, left + saved);
  return { left: now, isSpent: isSpent ? now < resumeSteps * stepMs : now <= 0 };
}

/** True where nothing more can be saved up. */
export function isFull({ left }: Allowance, stepMs: number): boolean {
  return left >= savedStepsMax * stepMs;
}
