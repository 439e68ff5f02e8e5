/** Whether an answer of Apex says what was asked for. */
import { parseErrors } from '../corpus/parses.js';
import { spaced } from './inline-scores.js';
import type { BlockQuestion } from './questions.js';
import { slotNames, slotsOf, type SlotName, type Slots } from './slots.js';

export interface BlockScores {
  readonly parses: boolean;
  /** Every slot equals that of one accepted answer. */
  readonly slotsRight: boolean;
  /** Parses, and all slots are right. */
  readonly right: boolean;
  readonly exact: boolean;
  /** Slots that the nearest accepted answer has, and whether they are right. */
  readonly slots: ReadonlyMap<SlotName, boolean>;
  readonly wrongSlots: readonly SlotName[];
}

/** Of several accepted answers the nearest counts. */
export function scoreBlock(question: BlockQuestion, answer: string): BlockScores {
  const { shape, given, accepted, prompt } = question;
  const slots = slotsOf(answer);
  const compared = accepted.map((text) => {
    const expected = slotsOf(text);
    return { expected, wrong: differingSlots(expected, slots, prompt) };
  });
  const nearest = compared.reduce((best, one) => (one.wrong.length < best.wrong.length ? one : best));
  const parses = parseErrors(shape, given, answer).length === 0;
  const asked = slotNames.filter((name) => isSaying(nearest.expected[name]));
  return {
    parses,
    slotsRight: nearest.wrong.length === 0,
    right: parses && nearest.wrong.length === 0,
    exact: accepted.some((text) => spaced(text) === spaced(answer)),
    slots: new Map(asked.map((name) => [name, !nearest.wrong.includes(name)])),
    wrongSlots: nearest.wrong,
  };
}

/** An error's text counts where the prompt says it; where it does not, any will do. */
export function differingSlots(expected: Slots, given: Slots, prompt: string): readonly SlotName[] {
  const saidText = prompt.toLowerCase();
  const isSaid = (text: string) =>
    saidText.includes(text.replace(/^'|'$/g, '').replaceAll("\\'", "'").toLowerCase());
  return slotNames.filter((name) => {
    if (name === 'messages' && !expected.messages.every(isSaid)) return false;
    return (
      isSaying(expected[name], given[name]) && JSON.stringify(expected[name]) !== JSON.stringify(given[name])
    );
  });
}

/** Of queries a slot has one text each, which may all be empty. */
function isSaying(...slots: readonly (readonly string[])[]): boolean {
  return slots.some((texts) => texts.some((text) => text !== ''));
}
