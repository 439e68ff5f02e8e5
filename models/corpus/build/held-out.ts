/** Samples that training never sees: each combines something that is held out (draw.ts), and its prompt is no prompt of training. */
import { Draw } from '../draw.js';
import { Random } from '../random.js';
import { sampleTokensMax, type Sample } from '../samples.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { encodeSample, type EncodedSample } from './encoded.js';
import type { KeySet } from './key-set.js';
import { drawSamples, isRight, type Task } from './tasks.js';

export interface HeldOutSample {
  readonly sample: Sample;
  readonly encoded: EncodedSample;
}

/** What was asked before: no sample may ask it again. */
export interface TakenKeys {
  /** Of samples that are kept, those of training too. */
  readonly keys: KeySet;
  /** Of samples that are wrong; apart, as nobody knows how many there will be, and `keys` has a size. */
  readonly rejectedKeys: Set<bigint>;
}

/** Draws for one sample that is kept. */
const drawsMax = 400;

/** `count` samples that ask what is not taken; it is taken then. Every answer is parsed. */
export function heldOutSamples(
  options: {
    readonly task: Task;
    readonly seed: string;
    readonly count: number;
    readonly dropsWrong: boolean;
  },
  tokenizer: Tokenizer,
  { keys, rejectedKeys }: TakenKeys,
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
    const { key, tokens } = encoded;
    if (tokens.length > sampleTokensMax || keys.has(key) || rejectedKeys.has(key)) continue;
    if (isRight(sample, `${seed} ${task} ${number}`, dropsWrong)) {
      keys.add(key);
      kept.push({ sample, encoded });
    } else rejectedKeys.add(key);
  }
  return kept;
}
