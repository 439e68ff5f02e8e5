/** Copies that give way to each other, under callers who mean ill: real control, serving and workers on virtual time. */
import { describe, expect, it } from 'vitest';
import { SwapWorld, type SwapWishes } from './swap-world.js';

const minute = 60_000;

/** For the table in the documentation. */
function tell(row: object): void {
  if (process.env['STOWAGE_TABLE'] !== undefined) console.log(JSON.stringify(row));
}

/** Tokens a second of one model alone that nobody takes the room of. */
async function alone(ms: number): Promise<number> {
  const one = new SwapWorld({ models: 1, room: 1 });
  await one.begin();
  one.saturate([0], 8, ms);
  await one.world.run(ms);
  return (one.tokens * 1000) / ms;
}

async function saturated(wishes: SwapWishes, ms: number): Promise<SwapWorld> {
  const swaps = new SwapWorld(wishes);
  await swaps.begin();
  swaps.saturate([...swaps.counts.keys()], 8, ms);
  await swaps.world.run(ms);
  return swaps;
}

describe('swapping', () => {
  it('of models that are all asked more than they can do takes less than a fifth of the time, and starves nobody', async () => {
    // Nearly three turns of each of five.
    const ms = 5 * minute;
    const best = await alone(ms);
    for (const models of [2, 5]) {
      const swaps = await saturated({ models, room: 1 }, ms);
      const goodput = (swaps.tokens * 1000) / ms / best;
      const served = swaps.counts.map((one) => one.served);
      const refused = swaps.counts.reduce((sum, one) => sum + one.refused, 0);
      const waits = swaps.counts.map((one) => one.waitMsMax);
      tell({ load: 'saturating', models, goodput, starts: swaps.starts, served, waits });
      expect(goodput).toBeGreaterThanOrEqual(0.8);
      // A start is a swap: each turn lasts ten seconds at least.
      expect(swaps.starts).toBeLessThanOrEqual(1 + ms / 10_000);
      expect(Math.min(...served)).toBeGreaterThan(0.5 * Math.max(...served));
      expect(refused).toBe(0);
      await swaps.world.run(10 * minute, () => swaps.openCount === 0);
      expect(swaps.openCount).toBe(0);
    }
  });

  it('of models whose callers take turns as badly as they can is bounded by the quantum, and every call is served', async () => {
    const ms = 5 * minute;
    for (const models of [2, 6]) {
      const swaps = new SwapWorld({ models, room: 1, startDelayMs: 1_000 });
      await swaps.begin();
      // Whoever has just lost the room asks again.
      for (let at = 0, model = 0; at < ms; at += 700, model = (model + 1) % models) {
        swaps.world.clock.after(at, () => swaps.ask(model));
      }
      await swaps.world.run(ms);
      const { starts } = swaps;
      await swaps.world.run(5 * minute, () => swaps.openCount === 0);
      const asked = swaps.counts.reduce((sum, one) => sum + one.asked, 0);
      const served = swaps.counts.reduce((sum, one) => sum + one.served, 0);
      tell({
        load: 'in turn',
        models,
        asked,
        served,
        starts,
        waits: swaps.counts.map((one) => one.waitMsMax),
      });
      expect(served).toBe(asked);
      // Five cold starts of a second between two swaps, at least.
      expect(starts).toBeLessThanOrEqual(2 + ms / 6_000);
    }
  });

  it('of models that are called in turn answers every call', async () => {
    const swaps = new SwapWorld({ models: 3, room: 2, startDelayMs: 300 });
    await swaps.begin();
    for (let call = 0; call < 24; call++) {
      let isDone = false;
      swaps.ask(call % 3, () => (isDone = true));
      expect(await swaps.world.run(2 * minute, () => isDone)).toBe(true);
    }
    expect(swaps.counts).toEqual(
      swaps.counts.map((count) => ({ ...count, asked: 8, served: 8, refused: 0 })),
    );
  });

  it('never takes what has no scalable target, nor the least that a target keeps', async () => {
    const swaps = new SwapWorld({ models: 3, room: 2, copiesMin: 1, queueSeconds: 20 });
    await swaps.begin();
    swaps.saturate([0, 1, 2], 2, minute);
    await swaps.world.run(2 * minute);
    expect(swaps.starts).toBe(2);
    const [kept] = swaps.counts.filter(({ served }) => served === 0);
    expect(kept?.refused).toBe(kept?.asked);
    expect(swaps.openCount).toBe(0);
  });

  it('of a busy model of a higher priority waits until it is idle; one of a lower priority gives way', async () => {
    const swaps = new SwapWorld({ models: 2, room: 1, priorities: [90, 10], queueSeconds: 30 });
    await swaps.begin();
    swaps.saturate([0, 1], 4, 3 * minute);
    await swaps.world.run(3 * minute);
    expect(swaps.counts[1]).toMatchObject({ served: 0 });
    expect(swaps.counts[1]!.refused).toBeGreaterThan(0);
    swaps.ask(1);
    await swaps.world.run(5 * minute, () => swaps.openCount === 0);
    swaps.saturate([1], 4, minute);
    await swaps.world.run(minute);
    expect(swaps.counts[1]!.served).toBeGreaterThan(0);
    let isDone = false;
    swaps.ask(0, () => (isDone = true));
    expect(await swaps.world.run(minute, () => isDone)).toBe(true);
  });

  it('goes on when control is killed again and again', async () => {
    const swaps = new SwapWorld({ models: 3, room: 1, seed: 7 });
    await swaps.begin();
    swaps.saturate([0, 1, 2], 4, 6 * minute);
    for (let kill = 0; kill < 12; kill++) {
      await swaps.world.run(30_000);
      swaps.world.killControl('in a test');
    }
    await swaps.world.run(10 * minute, () => swaps.openCount === 0);
    for (const { asked, served } of swaps.counts) expect(served).toBe(asked);
  });
});
