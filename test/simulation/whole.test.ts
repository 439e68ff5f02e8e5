import { describe, expect, it } from 'vitest';
import { runLife } from './whole/crash-sweep.js';
import { runSeed } from './whole/run-seed.js';

/** Seeds of one run of this test; `npm run simulate` runs as many as asked. */
const seeds = Number(process.env['STOWAGE_SIMULATION_SEEDS'] ?? 50);
/** Every so many points the control process is killed once. */
const stride = 2;

function failure(seed: number, violation: string, story: readonly string[]): string {
  return `seed ${seed}: ${violation}\nreplay it: npm run simulate -- --seed ${seed}\n${story.slice(-40).join('\n')}`;
}

describe('control, serving, workers and fleet together', () => {
  it(`keep every promise under the faults of ${seeds} seeds`, async () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const { violation, story } = await runSeed(seed);
      if (violation !== null) throw new Error(failure(seed, violation, story));
    }
  });

  it('do the same again from the same seed', async () => {
    for (const seed of [3, 8]) {
      const [one, other] = [await runSeed(seed, 1), await runSeed(seed, 1)];
      expect(other.hash).toBe(one.hash);
      expect(other.story).toEqual(one.story);
      expect(one.violation).toBeNull();
    }
  });

  it('lose nothing and do nothing twice when control is killed between any two things it does', async () => {
    const { points, violation } = await runLife(Infinity);
    expect(violation).toBeNull();
    expect(points).toBeGreaterThan(200);
    for (let point = 1; point <= points; point += stride) {
      const { violation: harm, story } = await runLife(point);
      if (harm !== null) throw new Error(`killed at point ${point}: ${harm}\n${story.slice(-40).join('\n')}`);
    }
  });
});
