import { describe, expect, it } from 'vitest';
import { systemClock } from '../../adapters/clock/system.js';
import { SimulatedEngine } from '../../adapters/engine/simulated/engine.js';
import type { Clock } from '../../contracts/clock.js';
import { measureSteps } from './measure-steps.js';

const truth = (rows: number) => 0.5 + 0.1 * (rows - 1);
const changeMs = 0.1;
const limits = { rowsMax: 64, outputRowsMax: 64, millisecondsMax: 200 };

/** What is measured of steps that cost `factor(milliseconds since the beginning, steps before)` times the truth, and how many they were. */
async function measure(
  factor: (at: number, steps: number) => number,
  millisecondsMax = limits.millisecondsMax,
) {
  let [now, steps, lastRows] = [0, 0, 0];
  const clock: Clock = { ...systemClock, now: () => now };
  const size = { sequencesMax: 1, sequenceTokensMax: 64, stepTokensMax: 64 };
  const engine = new SimulatedEngine({ clock: systemClock, ...size, stepMs: 0, endEvery: 0 });
  const step = engine.step.bind(engine);
  engine.step = async () => {
    await step();
    const { length: rows } = engine.batch;
    now += (truth(rows) + (rows === lastRows ? 0 : changeMs)) * factor(now, steps++);
    lastRows = rows;
  };
  const cost = await measureSteps(engine, clock, { ...limits, millisecondsMax });
  return { cost, steps, endedAt: now };
}

describe('what steps cost', () => {
  it.each([
    ['on a quiet machine', () => 1],
    ['where the first step brings in the weights', (_: number, steps: number) => (steps === 0 ? 100 : 1)],
    ['where others are busy for a while', (at: number) => (at < 60 ? 8 : 1)],
    ['where others are busy now and then', (at: number) => (at % 40 < 25 ? 4 : 1)],
  ])('is measured %s', async (_, factor) => {
    const { cost } = await measure(factor);
    for (const rows of [1, 2, 4, 8, 16, 32]) {
      expect(cost.at(rows)).toBeGreaterThanOrEqual(0.95 * truth(rows));
      expect(cost.at(rows)).toBeLessThan(1.1 * truth(rows));
    }
    expect(cost.switchMs).toBeCloseTo(changeMs, 1);
  });

  it('is measured in so much time, the first step left aside, and of one row always', async () => {
    const { endedAt, cost } = await measure(() => 1, 20);
    expect(endedAt).toBeLessThan(20 + truth(1) + changeMs + 1e-9);
    expect(cost.at(8)).toBeCloseTo(truth(8), 5);
    const slow = await measure(() => 1000, 20);
    expect(slow.steps).toBe(3);
    expect(slow.cost.at(1)).toBeCloseTo(1000 * truth(1), 5);
  });
});
