import { expect, it } from 'vitest';
import { SlowestStep } from './slowest-step.js';

it('remembers a slow step over any number of short ones, by half after ten minutes', () => {
  const slowest = new SlowestStep();
  expect(slowest.at(0)).toBe(0);
  slowest.observe(5000, 1000);
  for (let step = 0; step < 2000; step++) slowest.observe(5, 1000 + 5 * step);
  expect(slowest.at(11_000)).toBeGreaterThan(4900);
  expect(slowest.at(601_000)).toBeCloseTo(2500);
});

it('counts the step under way as what is expected of it, until it ends', () => {
  const slowest = new SlowestStep();
  slowest.observe(5, 0);
  slowest.expect(800);
  expect(slowest.at(10)).toBe(800);
  slowest.observe(20, 30);
  expect(slowest.at(30)).toBe(20);
});
