import { describe, expect, it } from 'vitest';
import { runSeed } from './scaling/run-seed.js';

/** Seeds of one run of this test; `npm run simulate -- --world scaling` runs as many as asked. */
const seeds = 400;

describe('control with what scales', () => {
  it(`keeps every promise under the faults of ${seeds} seeds`, async () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const { violation, story } = await runSeed(seed);
      if (violation === null) continue;
      const replay = `npm run simulate -- --world scaling --seed ${seed}`;
      throw new Error(`seed ${seed}: ${violation}\nreplay it: ${replay}\n${story.slice(-40).join('\n')}`);
    }
  });

  it('does the same again from the same seed', async () => {
    for (const seed of [5, 11]) expect((await runSeed(seed)).hash).toBe((await runSeed(seed)).hash);
  });
});
