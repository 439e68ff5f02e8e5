import { describe, expect, it } from 'vitest';
import { Draw } from '../draw.js';
import { Random } from '../random.js';
import type { BlockSample } from '../samples.js';
import { drawBlock } from './index.js';

function drawn(seed: string, kinds?: readonly string[]): BlockSample | null {
  return drawBlock(new Draw(new Random(seed)), kinds);
}

describe('drawing a block', () => {
  const seeds = Array.from({ length: 400 }, (_, index) => `block ${index}`);

  it('gives the same sample from the same seed', () => {
    const samples = seeds.map((seed) => drawn(seed));
    expect(seeds.map((seed) => drawn(seed))).toEqual(samples);
    expect(new Set(samples.map((sample) => sample?.kind)).size).toBeGreaterThan(30);
  });

  it('leads to something mostly', () => {
    expect(seeds.filter((seed) => drawn(seed) === null).length).toBeLessThan(seeds.length / 10);
  });

  it('keeps to the kinds that are asked for', () => {
    const found = new Set(seeds.map((seed) => drawn(seed, ['count', 'sum'])?.kind).filter(Boolean));
    expect([...found].sort()).toEqual(['count', 'sum']);
  });

  it('says what it combined, so that some of it is held out', () => {
    const heldOut = seeds.filter((seed) => {
      const draw = new Draw(new Random(seed));
      return drawBlock(draw) !== null && draw.hasHeldOut;
    });
    expect(heldOut.length).toBeGreaterThan(0);
    expect(heldOut.length).toBeLessThan(seeds.length / 2);
  });
});
