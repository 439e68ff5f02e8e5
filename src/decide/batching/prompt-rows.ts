/**
 * How many prompt tokens a step may compute, from measured times: everybody who decodes waits for the whole step. Where
 * nobody decodes, prompts have the step to themselves, and only those who come meanwhile wait for its end.
 */
import { prefillTokensMin } from './plan-step.js';

/** Milliseconds, as moving means; what was never measured is 0. */
export interface StepTimes {
  /** Of a step in which only answers went on, by the power of two below the number of its rows. */
  readonly decodeMs: readonly number[];
  /** Of one row of a prompt. */
  readonly promptRowMs: number;
}

export interface MeasuredStep {
  readonly decodingRows: number;
  readonly promptRows: number;
  readonly milliseconds: number;
}

export interface StepDemand {
  /** Sequences that decode, those that wait for another adapter's turn too, and those whose prompts are on the way. */
  readonly decoding: number;
  readonly prefilling: number;
  /** Milliseconds a step may take at most; 0 = chosen here. */
  readonly msTarget: number;
  readonly rowsMax: number;
}

export const unknownStepTimes: StepTimes = { decodeMs: [], promptRowMs: 0 };

/** The weight of a new measurement. */
const newWeight = 0.2;
/** One step that the machine interrupted counts as so many times the mean at most. */
const outlierFactorMax = 2;
/** Nobody notices steps shorter than this, milliseconds. */
const unnoticedMs = 50;
/**
 * Times of a decoding step that prompts may add to it, where at most as many have prompts on the way as decode. Each
 * step reads the weights once more for its prompts, so fewer would slow prompts down more than they help answers.
 */
const addedSteps = 6;
/** A step of prompts alone takes no longer, milliseconds, unless it has few rows: who comes must wait for its end. */
const promptsAloneMs = 2000;
/** Larger steps compute a prompt faster, but from here on not by much. */
const promptsAloneRowsMin = 512;
/** Rows beside answers while nothing has been measured. */
const rowsUnmeasured = 128;
/** With fewer, a step's fixed costs are most of its time, and a row seems dearer than it is. */
const measuredRowsMin = 16;

/** How long a step of so many rows is likely to take, milliseconds; what was never measured counts nothing. */
export function expectedMs(times: StepTimes, decodingRows: number, promptRows: number): number {
  return decodeMsOf(times, decodingRows) + times.promptRowMs * promptRows;
}

export function observeStepTime(times: StepTimes, step: MeasuredStep): StepTimes {
  const { decodingRows, promptRows, milliseconds } = step;
  if (promptRows === 0) {
    if (decodingRows === 0) return times;
    const decodeMs = [...times.decodeMs];
    const size = sizeOf(decodingRows);
    decodeMs[size] = mean(decodeMs[size] ?? 0, milliseconds);
    return { ...times, decodeMs };
  }
  if (promptRows < measuredRowsMin) return times;
  // However wrong the time of the answers is known: a prompt's row is not much cheaper than the mean row.
  const rowMsMin = milliseconds / (decodingRows + promptRows) / 2;
  const rowMs = Math.max(rowMsMin, (milliseconds - decodeMsOf(times, decodingRows)) / promptRows);
  return { ...times, promptRowMs: mean(times.promptRowMs, rowMs) };
}

/** Rows for prompts beside those that decode; at least `prefillTokensMin`, so that prompts always go on. */
export function promptRowsMax(times: StepTimes, demand: StepDemand): number {
  const { decoding, prefilling, msTarget, rowsMax } = demand;
  if (decoding === 0) {
    const rows = times.promptRowMs === 0 ? 0 : Math.floor(promptsAloneMs / times.promptRowMs);
    return Math.min(rowsMax, Math.max(promptsAloneRowsMin, rows));
  }
  const weight = Math.max(1, prefilling / decoding);
  const decodeMs = decodeMsOf(times, decoding);
  if (times.promptRowMs === 0 || decodeMs === 0)
    return Math.min(rowsMax, Math.floor(rowsUnmeasured * weight));
  const fairMs = decodeMs * (1 + addedSteps * weight);
  const targetMs = msTarget === 0 ? Math.max(unnoticedMs, fairMs) : msTarget;
  const rows = Math.floor((targetMs - decodeMs) / times.promptRowMs);
  return Math.max(prefillTokensMin, Math.min(rowsMax, rows));
}

/** Of a step of that many answers, or of the nearest number that was measured; 0 when nothing was. */
export function decodeMsOf({ decodeMs }: StepTimes, rows: number): number {
  if (rows === 0) return 0;
  const size = sizeOf(rows);
  for (let away = 0; away <= Math.max(size, decodeMs.length); away++) {
    const known = decodeMs[size - away] ?? decodeMs[size + away] ?? 0;
    if (known > 0) return known;
  }
  return 0;
}

function sizeOf(rows: number): number {
  return 31 - Math.clz32(rows);
}

function mean(before: number, measured: number): number {
  if (before === 0) return measured;
  return before + newWeight * (Math.min(measured, before * outlierFactorMax) - before);
}
