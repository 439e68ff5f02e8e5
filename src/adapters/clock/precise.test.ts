import { expect, it } from 'vitest';
import { preciseClock } from './precise.js';

function passing(delayMs: number): Promise<number> {
  const begun = performance.now();
  return new Promise((resolve) => preciseClock.after(delayMs, () => resolve(performance.now() - begun)));
}

it.each([0, 0.05, 0.2, 1, 1.5, 3.3])('never calls before %d ms have passed', async (delayMs) => {
  for (let round = 0; round < 20; round++) expect(await passing(delayMs)).toBeGreaterThanOrEqual(delayMs);
});

it('keeps delays under a millisecond apart, which timers do not', async () => {
  const best = async (delayMs: number) => {
    const all: number[] = [];
    for (let round = 0; round < 40; round++) all.push(await passing(delayMs));
    return Math.min(...all);
  };
  expect(await best(0.1)).toBeLessThan(0.6);
});

it('takes a task back at any time', async () => {
  let calls = 0;
  const stops = [0, 0.5, 2].map((delayMs) => preciseClock.after(delayMs, () => (calls += 1)));
  for (const stop of stops) stop();
  await passing(3);
  expect(calls).toBe(0);
  const late = preciseClock.after(1.1, () => (calls += 1));
  await new Promise((resolve) => setImmediate(resolve)); // it is being watched now
  late();
  const before = calls; // 1 where that turn took longer than the delay
  await passing(3);
  expect(calls).toBe(before);
});
