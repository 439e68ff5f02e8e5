/**
 * Many readings of one model at once: each is a sequence that says what it wants computed next and gets its logits.
 * A reading begins as soon as another one ends, so steps stay full. Deterministic: readings are taken in their order.
 */
import { createLlamaEngine } from '../../src/adapters/engine/llama-cpp/engine.js';
import { loadLlamaModel } from '../../src/adapters/engine/llama-cpp/model.js';
import type { Engine } from '../../src/contracts/engine.js';
import { defaultComponentOptions, type FlashAttention } from '../../src/domain/component-options.js';

/** What a reading wants computed: `tokens` behind the first `kept` that its sequence holds, and logits from one of them on. */
export interface Wanted {
  readonly kept: number;
  readonly tokens: readonly number[];
  /** Index in `tokens` of the first whose logits are wanted. */
  readonly logitsFrom: number;
}

export interface Reading {
  /** The prompt, and perhaps more behind it; nothing is kept yet. */
  readonly first: Wanted;
  /** `logitsOf(index)` is that of `tokens[index]`, valid during the call. Null = it is over. */
  next(logitsOf: (index: number) => Float32Array): Wanted | null;
}

const sequencesMax = 16;
const stepRowsMax = 2048;
/** Tokens of prompt and answer together, in each sequence. */
export const sequenceTokensMax = 1024;

/**
 * The model of a GGUF file on `threads` (≥ 1) of the processor, for `drive`; `modelLabel` is what errors call it. Rejects
 * with MODEL-… where the file cannot be read. The caller closes it.
 */
export async function openEngine(
  modelPath: string,
  modelLabel: string,
  threads: number,
  flashAttention: FlashAttention = defaultComponentOptions.flashAttention,
): Promise<Engine> {
  const options = { ...defaultComponentOptions, gpuLayers: 0, flashAttention };
  const model = await loadLlamaModel({
    modelPath,
    modelLabel,
    adapters: [],
    options,
    log: () => {},
    onLoading: () => {},
  });
  return createLlamaEngine(model, {
    sequencesMax,
    sequenceTokensMax,
    stepRowsMax,
    threads,
    threadsMax: threads,
    options,
  });
}

interface Seat {
  readonly reading: Reading;
  wanted: Wanted;
  /** First row of the step under way; -1 = not in it. */
  row: number;
}

/**
 * Resolves when all are over; `onDone` is told each time how many are. The engine's sequences must be empty, and are
 * again. Rejects before the first step where a prompt is too long, and when the engine fails; the engine is of no use then.
 */
export async function drive(
  engine: Engine,
  readings: readonly Reading[],
  onDone: (done: number) => void,
): Promise<void> {
  const seats: (Seat | null)[] = Array.from({ length: engine.info.sequencesMax }, () => null);
  for (const [index, { first }] of readings.entries()) {
    requireRoom(engine, first, `the prompt of reading ${index + 1} of ${readings.length}`);
  }
  let begun = 0;
  for (let done = 0; done < readings.length;) {
    for (const [sequence, seat] of seats.entries()) {
      if (seat !== null || begun === readings.length) continue;
      const reading = readings[begun++]!;
      seats[sequence] = { reading, wanted: reading.first, row: -1 };
    }
    fillStep(engine, seats);
    await engine.step();
    for (const [sequence, seat] of seats.entries()) {
      if (seat === null || seat.row < 0) continue;
      const { row } = seat;
      const wanted = seat.reading.next((index) => engine.logits(row + index));
      if (wanted === null) {
        engine.forget(sequence, 0);
        seats[sequence] = null;
        onDone(++done);
      } else {
        engine.forget(sequence, wanted.kept);
        seat.wanted = wanted;
      }
    }
  }
}

/** A prompt that fits no step would wait for ever. */
function requireRoom({ info }: Engine, { tokens }: Wanted, what: string): void {
  const tokensMax = Math.min(info.stepTokensMax, info.sequenceTokensMax);
  if (tokens.length > tokensMax)
    throw new Error(`${what} has ${tokens.length} tokens; at most ${tokensMax} fit`);
}

/** A reading whose rows do not fit waits for the next step; the first seats go first. */
function fillStep({ batch, info }: Engine, seats: readonly (Seat | null)[]): void {
  let row = 0;
  for (const [sequence, seat] of seats.entries()) {
    if (seat === null) continue;
    const { kept, tokens, logitsFrom } = seat.wanted;
    seat.row = row + tokens.length > info.stepTokensMax ? -1 : row;
    if (seat.row < 0) continue;
    for (const [index, token] of tokens.entries()) {
      batch.tokens[row] = token;
      batch.positions[row] = kept + index;
      batch.sequences[row] = sequence;
      batch.outputs[row] = index >= logitsFrom ? 1 : 0;
      row++;
    }
  }
  batch.length = row;
}

/** The likeliest token of a row of logits, which must not be empty; of equal ones the first. */
export function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let token = 1; token < logits.length; token++) if (logits[token]! > logits[best]!) best = token;
  return best;
}
