/**
 * How far a look-up can be trusted: the longer the match, the likelier it goes on. What each length is worth is
 * learned from every token generated, proposed or not: nothing has to be computed to know whether a look-up was right.
 */
import { chanceOf, noteTrials, type Trials } from './acceptance.js';
import { matchMin } from './token-lookup.js';

/** Matches of at least so many tokens, and what is believed of them first. */
const classes: readonly { readonly from: number; readonly prior: Trials }[] = [
  { from: matchMin, prior: { kept: 1, refused: 5 } },
  { from: 3, prior: { kept: 2, refused: 4 } },
  { from: 4, prior: { kept: 3, refused: 3 } },
  { from: 6, prior: { kept: 4, refused: 2 } },
  { from: 9, prior: { kept: 6, refused: 1 } },
  { from: 16, prior: { kept: 8, refused: 0.7 } },
  { from: 32, prior: { kept: 10, refused: 0.5 } },
];

/** Trials by the length of the match. */
export type LookupTrials = readonly Trials[];

export const componentTrialsFirst: LookupTrials = classes.map(({ prior }) => prior);
export const sequenceTrialsFirst: LookupTrials = classes.map(() => ({ kept: 0, refused: 0 }));

export interface TrialsOfBoth {
  readonly component: LookupTrials;
  readonly sequence: LookupTrials;
}

/** After a look-up with that match was right or wrong. */
export function noteLookup(
  { component, sequence }: TrialsOfBoth,
  matched: number,
  isRight: boolean,
): TrialsOfBoth {
  const index = classOf(matched);
  const replace = (all: LookupTrials, whose: 'component' | 'sequence') =>
    all.with(index, noteTrials(all[index]!, isRight ? 1 : 0, !isRight, whose));
  return { component: replace(component, 'component'), sequence: replace(sequence, 'sequence') };
}

/** The chance that the first, second … token after the match is kept, each with those before it; `count` of them. */
export function lookupChances(
  { component, sequence }: TrialsOfBoth,
  matched: number,
  count: number,
): number[] {
  const chances: number[] = [];
  let chance = 1;
  for (let level = 0; level < count; level++) {
    const index = classOf(matched + level);
    chance *= chanceOf(component[index]!, sequence[index]!);
    chances.push(chance);
  }
  return chances;
}

function classOf(matched: number): number {
  let index = 0;
  while (index + 1 < classes.length && classes[index + 1]!.from <= matched) index++;
  return index;
}
