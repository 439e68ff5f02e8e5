/** Samples that training never sees: each combines something that is held out (draw.ts), and its prompt is no prompt of training. */
import { Draw } from '../draw.js';
import { Random } from '../random.js';
import { sampleTokensMax, type Sample } from '../samples.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { encodeSample, type EncodedSample } from './encoded.js';
import { drawSamples, isRight, type Task } from './tasks.js';

export interface HeldOutSample {
  readonly sample: Sample;
  readonly encoded: EncodedSample;
}

/** Draws for one sample that is kept. */
const drawsMax = 400;

/** Every answer is parsed. `isNew` says so of a key once. */
export function heldOutSamples(
  options: {
    readonly task: Task;
    readonly seed: string;
    readonly count: number;
    readonly dropsWrong: boolean;
  },
  tokenizer: Tokenizer,
  isNew: (key: bigint) => boolean,
): HeldOutSample[] {
  const { task, seed, count, dropsWrong } = options;
  const kept: HeldOutSample[] = [];
  for (let number = 0; kept.length < count; number++) {
    if (number > drawsMax * count)
      throw new Error(`${task}: only ${kept.length} samples of ${count} (${seed})`);
    const draw = new Draw(new Random(`${seed} ${task} ${number}`));
    const samples = drawSamples(task, draw);
    if (samples.length === 0 || !draw.hasHeldOut) continue;
    const sample = draw.random.pick(samples); // one cut of a file
    const encoded = encodeSample(tokenizer, sample);
    if (encoded.tokens.length > sampleTokensMax || !isNew(encoded.key)) continue;
    if (isRight(sample, `${seed} ${task} ${number}`, dropsWrong)) kept.push({ sample, encoded });
  }
  return kept;
}
