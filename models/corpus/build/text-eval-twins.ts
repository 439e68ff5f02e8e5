/**
 * Twins: two requests that the generator makes from the same chance, but for one draw of it. Where their answers differ,
 * each one's answer is a wrong answer to the other, in one detail, and neither looks any more natural than the other.
 */
import { drawBlock } from '../blocks/index.js';
import { decorated } from '../decorate.js';
import { Draw } from '../draw.js';
import { Random } from '../random.js';
import type { BlockSample } from '../samples.js';

export interface Twins {
  readonly samples: readonly [BlockSample, BlockSample];
  /** Both must be, or neither, for a set: see draw.ts. */
  readonly hasHeldOut: readonly [boolean, boolean];
}

/** How the second of two twins comes off the first. */
export type Parting =
  /** One draw of chance is another, those after it are the same. */
  | 'step'
  /** From one draw on all are others: mostly another request of the same kind and object. */
  | 'leave';

/** Tries to part so that the answers differ; most draws of chance decide wordings only. */
const partingsMax = 24;

/** Null = the draw led to nothing, or to no different answer. */
export function drawTwins(seed: string, parting: Parting): Twins | null {
  const first = drawCounted(new Random(seed));
  if (first === null) return null;
  const chance = new Random(`parting ${seed}`);
  for (let attempt = 0; attempt < partingsMax; attempt++) {
    const at = chance.integer(0, first.callCount - 1);
    const second = drawCounted(new PartingRandom(seed, at, new Random(`${seed} ${attempt}`), parting));
    if (second === null || !areTwins(first.sample, second.sample)) continue;
    return {
      samples: [first.sample, second.sample],
      hasHeldOut: [first.draw.hasHeldOut, second.draw.hasHeldOut],
    };
  }
  return null;
}

/** The same question cannot have two answers. */
function areTwins(first: BlockSample, second: BlockSample): boolean {
  const words = (prompt: string) => prompt.toLowerCase().replace(/[^a-z0-9]+/g, ' ');
  return (
    first.kind === second.kind &&
    first.answer !== second.answer &&
    words(first.prompt) !== words(second.prompt)
  );
}

interface Counted {
  readonly sample: BlockSample;
  readonly draw: Draw;
  /** Draws of chance before the decoration. */
  readonly callCount: number;
}

function drawCounted(random: Random): Counted | null {
  const counting = new CountingRandom(random);
  const draw = new Draw(counting);
  const sample = drawBlock(draw);
  if (sample === null) return null;
  const { callCount } = counting;
  const prompt = decorated(counting, sample.prompt, 'block', draw.kept);
  return { sample: { ...sample, prompt }, draw, callCount };
}

class CountingRandom extends Random {
  callCount = 0;

  constructor(private readonly inner: Random) {
    super('');
  }

  override unit(): number {
    this.callCount++;
    return this.inner.unit();
  }
}

class PartingRandom extends Random {
  private callCount = 0;

  constructor(
    seed: string,
    private readonly at: number,
    private readonly other: Random,
    private readonly parting: Parting,
  ) {
    super(seed);
  }

  override unit(): number {
    const same = super.unit();
    const call = this.callCount++;
    const isOther = this.parting === 'step' ? call === this.at : call >= this.at;
    return isOther ? this.other.unit() : same;
  }
}
