/**
 * How often proposed tokens are kept: old news fades, and a new sequence begins with what its component has seen.
 */

/** Weighted counts of tokens kept and refused. */
export interface Trials {
  readonly kept: number;
  readonly refused: number;
}

/** What is believed before anything was seen; light, so that a few refusals change it. */
export const componentPrior: Trials = { kept: 6, refused: 1 };
/** How many tokens the component's rate weighs in the estimate for one of its sequences. */
const componentWeight = 6;
/** What remains of a trial's weight after each later one. */
const fades = { sequence: 0.97, component: 0.995 } as const;

/** The trials after `kept` more tokens were kept and then, perhaps, one was refused. */
export function noteTrials(
  trials: Trials,
  kept: number,
  isOneRefused: boolean,
  whose: keyof typeof fades,
): Trials {
  const fade = fades[whose] ** (kept + (isOneRefused ? 1 : 0));
  return {
    kept: trials.kept * fade + kept,
    refused: trials.refused * fade + (isOneRefused ? 1 : 0),
  };
}

/** The chance in (0, 1) that a token is kept whose predecessors were. */
export function chanceOf(component: Trials, sequence: Trials): number {
  const rate = (component.kept + 0.5) / (component.kept + component.refused + 1);
  return (sequence.kept + rate * componentWeight) / (sequence.kept + sequence.refused + componentWeight);
}
