/**
 * A part of the training corpus. Each draw has a seed of its own, made of the corpus's seed, the shard and the draw's
 * number, so shards can be made anywhere in any order, and one bad sample can be made again alone.
 */
import { Draw } from '../draw.js';
import { Random } from '../random.js';
import { sampleTokensMax, type Sample } from '../samples.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { encodedSamples, encodeSample, type EncodedSample, type EncodedSamples } from './encoded.js';
import { drawSamples, isRight, tasks, type Task } from './tasks.js';

export interface ShardPlan {
  readonly seed: string;
  /** Parts of the corpus by tokens; a task without a part has none. */
  readonly shares: Readonly<Partial<Record<Task, number>>>;
  /** The answers of every so manieth draw are parsed. */
  readonly parseEvery: number;
  /** Wrong answers are dropped and counted; else they end the run. */
  readonly dropsWrong: boolean;
}

/** Why draws gave nothing. */
export interface Dropped {
  empty: number;
  heldOut: number;
  tooLong: number;
  wrong: number;
}

export interface Shard {
  readonly samples: Readonly<Record<Task, EncodedSamples>>;
  readonly dropped: Readonly<Record<Task, Dropped>>;
}

/** A generator that gives nothing so often in a row is broken. */
const emptyDrawsMax = 2000;

export function makeShard(plan: ShardPlan, tokenizer: Tokenizer, shard: number, sampleCount: number): Shard {
  const made: Record<Task, EncodedSample[]> = { inline: [], block: [], flow: [] };
  const dropped = { inline: noneDropped(), block: noneDropped(), flow: noneDropped() };
  const tokens: Record<Task, number> = { inline: 0, block: 0, flow: 0 };
  let [sampleNumber, emptyDraws] = [0, 0];
  for (let number = 0; sampleNumber < sampleCount; number++) {
    const task = furthestBehind(plan.shares, tokens);
    const seed = `train ${plan.seed} ${shard} ${number}`;
    const draw = new Draw(new Random(seed));
    const samples = drawSamples(task, draw);
    const why = whyDropped(plan, draw, samples, number, seed);
    emptyDraws = why === null ? 0 : emptyDraws + 1;
    if (emptyDraws > emptyDrawsMax) throw new Error(`${task} gave nothing ${emptyDrawsMax} times (${seed})`);
    if (why !== null) {
      dropped[task][why]++;
      continue;
    }
    for (const sample of samples.slice(0, sampleCount - sampleNumber)) {
      sampleNumber++;
      const encoded = encodeSample(tokenizer, sample);
      if (encoded.tokens.length > sampleTokensMax) {
        dropped[task].tooLong++;
        continue;
      }
      made[task].push(encoded);
      tokens[task] += encoded.tokens.length;
    }
  }
  return {
    samples: {
      inline: encodedSamples(made.inline),
      block: encodedSamples(made.block),
      flow: encodedSamples(made.flow),
    },
    dropped,
  };
}

function whyDropped(
  plan: ShardPlan,
  draw: Draw,
  samples: readonly Sample[],
  number: number,
  seed: string,
): keyof Dropped | null {
  const [first] = samples;
  if (first === undefined) return 'empty';
  if (draw.hasHeldOut) return 'heldOut';
  // The cuts of one file are one text.
  return number % plan.parseEvery === 0 && !isRight(first, seed, plan.dropsWrong) ? 'wrong' : null;
}

export function noneDropped(): Dropped {
  return { empty: 0, heldOut: 0, tooLong: 0, wrong: 0 };
}

/** The task with the fewest tokens for its share. */
function furthestBehind(shares: ShardPlan['shares'], tokens: Readonly<Record<Task, number>>): Task {
  const filled = (task: Task) => tokens[task] / (shares[task] ?? 0);
  return tasks
    .filter((task) => (shares[task] ?? 0) > 0)
    .reduce((least, task) => (filled(task) < filled(least) ? task : least));
}
