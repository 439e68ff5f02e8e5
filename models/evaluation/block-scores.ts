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
  const asked = slotNames.filter((name) => isSaying(saidOnly(name, nearest.expected[name], prompt)));
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
  return slotNames.filter((name) => {
    if (!isSaying(expected[name], given[name])) return false;
    // How the records of a data operation are kept is its own affair.
    if (name === 'results' && expected['data operations'].length > 0) return false;
    const wanted = saidOnly(name, expected[name], prompt);
    const isFree = wanted.length < expected[name].length;
    if (isFree) return !wanted.every((text) => given[name].includes(text));
    return JSON.stringify(wanted) !== JSON.stringify(given[name]);
  });
}

/** Of errors' texts those that the prompt says; of other slots all. */
function saidOnly(name: SlotName, texts: readonly string[], prompt: string): readonly string[] {
  if (name !== 'messages') return texts;
  const said = prompt.toLowerCase();
  return texts.filter((text) =>
    said.includes(text.replace(/^'|'$/g, '').replaceAll("\\'", "'").toLowerCase()),
  );
}

/** Of queries a slot has one text each, which may all be empty. */
function isSaying(...slots: readonly (readonly string[])[]): boolean {
  return slots.some((texts) => texts.some((text) => text !== ''));
}
