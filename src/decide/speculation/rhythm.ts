/**
 * Which steps propose what is believed to pay, which propose nothing, and which try. What steps cost and what is kept
 * is learned from steps alone, so of many steps of one kind one is of the other: a price that was mistaken would else
 * never be corrected.
 *
 * Modes: proposing or plain; and in either a run of trials, which goes on as long as they save time.
 */

export interface Rhythm {
  /** Whether the last steps had proposals, single ones of the other kind left aside, and how many steps that has been so. */
  readonly isProposing: boolean;
  readonly stepsAlike: number;
  /** Steps with proposals in a row, up to the last. */
  readonly run: number;
  /** Trials, up to the last step, that are worth going on with. */
  readonly trials: number;
}

/** What a step may do. */
export interface Turn {
  /** Propose what is believed to pay. */
  readonly proposes: boolean;
  /** Where that is nothing, try. */
  readonly tries: boolean;
}

/** Of so many steps alike one is of the other kind. */
const alikeMax = 64;
/** Plain steps before the first trial: what was measured when the models were loaded is believed least. */
const stepsBeforeTrial = 8;

export const firstRhythm: Rhythm = {
  isProposing: false,
  stepsAlike: alikeMax - 1 - stepsBeforeTrial,
  run: 0,
  trials: 0,
};

export function turnOf({ isProposing, stepsAlike, trials }: Rhythm): Turn {
  const isDue = stepsAlike >= alikeMax - 1;
  const proposes = !(isDue && isProposing);
  return { proposes, tries: proposes && (isDue || trials > 0) };
}

/** After a step with proposals or without; `hasTried`: it tried. A trial that was due and could not be stays due. */
export function afterStep(
  rhythm: Rhythm,
  { hasProposed, hasTried }: { readonly hasProposed: boolean; readonly hasTried: boolean },
): Rhythm {
  const { isProposing, stepsAlike, run } = rhythm;
  const isDue = stepsAlike >= alikeMax - 1;
  const isOther = isDue && (isProposing || hasTried);
  return {
    ...rhythm,
    isProposing: isOther ? isProposing : hasProposed,
    stepsAlike: isProposing === hasProposed ? stepsAlike + 1 : 0,
    run: hasProposed ? run + 1 : 0,
  };
}

/** Of a step with proposals so many tokens were kept, and it saved so many milliseconds; below 0 = cost. */
export function afterProposals(
  rhythm: Rhythm,
  step: {
    readonly hasTried: boolean;
    readonly proposed: number;
    readonly kept: number;
    readonly saved: number;
  },
): Rhythm {
  const { hasTried, proposed, kept, saved } = step;
  // The first trial pays for the change of rows and for catching up, so it only shows what is kept.
  const isPromising = rhythm.trials === 0 ? proposed > 0 && kept === proposed : saved > 0;
  if (!isPromising) return { ...rhythm, trials: 0 };
  return hasTried ? { ...rhythm, trials: rhythm.trials + 1 } : rhythm;
}

/** After the end of an answer: another one must be caught up with first. */
export function afterAnswer(rhythm: Rhythm): Rhythm {
  return { ...rhythm, trials: 0 };
}
