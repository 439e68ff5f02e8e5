/** Encoded samples of one task: tokens one sample after the other, and where each begins. */
import { hash } from '../random.js';
import type { Sample } from '../samples.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { promptKey } from './tasks.js';

export interface EncodedSample {
  readonly kind: string;
  /** Prompt, answer, `<|endoftext|>`. */
  readonly tokens: readonly number[];
  readonly promptLength: number;
  readonly key: bigint;
}

/** As the workers hand them over: arrays that can be moved between threads. */
export interface EncodedSamples {
  readonly kinds: readonly string[];
  readonly tokens: Uint16Array;
  /** Per sample: its start in `tokens`, its length, how much of it is the prompt. */
  readonly index: Uint32Array;
  readonly keys: BigUint64Array;
}

export function encodeSample(tokenizer: Tokenizer, sample: Sample): EncodedSample {
  const prompt = tokenizer.promptOf(sample);
  const tokens = [...prompt, ...tokenizer.encode(sample.answer), tokenizer.control('<|endoftext|>')];
  return {
    kind: sample.kind,
    tokens,
    promptLength: prompt.length,
    key: keyOf(sample),
  };
}

/** 64 bits of what is asked. */
export function keyOf(sample: Sample): bigint {
  const key = promptKey(sample);
  return (BigInt(hash(`high ${key}`)) << 32n) | BigInt(hash(`low ${key}`));
}

export function encodedSamples(samples: readonly EncodedSample[]): EncodedSamples {
  const tokenCount = samples.reduce((sum, sample) => sum + sample.tokens.length, 0);
  const tokens = new Uint16Array(tokenCount);
  const index = new Uint32Array(3 * samples.length);
  let start = 0;
  for (const [at, sample] of samples.entries()) {
    tokens.set(sample.tokens, start);
    index.set([start, sample.tokens.length, sample.promptLength], 3 * at);
    start += sample.tokens.length;
  }
  return {
    kinds: samples.map((sample) => sample.kind),
    tokens,
    index,
    keys: BigUint64Array.from(samples, (sample) => sample.key),
  };
}
