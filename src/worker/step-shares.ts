/** Which rows of a step are whose: the rows of each sequence stand together, in the order given. */
import type { StepBatch } from '../contracts/engine.js';
import type { Sequence } from './sequence.js';

/** One sequence's rows of a step. */
export interface Share {
  readonly sequence: Sequence;
  readonly count: number;
}

export interface StepRows {
  /** Of sequences that decode, and of prompts. */
  readonly decodingRows: number;
  readonly promptRows: number;
}

/** How many rows there are of each kind; to be asked before what the step computed is counted. */
export function rowsOf(shares: readonly Share[]): StepRows {
  let decodingRows = 0;
  let promptRows = 0;
  for (const { sequence, count } of shares) {
    if (sequence.prefillRemaining === 0) decodingRows += count;
    else promptRows += count;
  }
  return { decodingRows, promptRows };
}

/** Fills the batch with the next tokens of each; logits are asked for from its last known token on. */
export function writeRows(batch: StepBatch, shares: readonly Share[]): void {
  let row = 0;
  for (const { sequence, count } of shares) {
    const lastKnown = sequence.length - 1;
    for (let offset = 0; offset < count; offset++, row++) {
      const position = sequence.computed + offset;
      batch.tokens[row] = sequence.tokenAt(position);
      batch.positions[row] = position;
      batch.sequences[row] = sequence.slot;
      batch.outputs[row] = position >= lastKnown ? 1 : 0;
    }
  }
  batch.length = row;
}
